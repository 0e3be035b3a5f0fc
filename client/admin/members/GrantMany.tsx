import { Alert, Modal } from 'antd'
import { useRef, useState } from 'react'
import { newKey, sentenceOf } from '../api'
import { useWrite } from '../queries'
import { TemplatePicker } from './TemplatePicker'

/** Gives one coupon to every chosen member and says, member by member, who could not have it and why. */
export function GrantMany({
  open,
  memberIds,
  onClose,
  onDone,
}: {
  open: boolean
  memberIds: string[]
  onClose: () => void
  onDone: () => void
}) {
  const [templateId, setTemplateId] = useState<string>()
  const grant = useWrite('POST /admin/coupon-templates/:templateId/grants', [
    'GET /admin/coupon-templates',
    'GET /admin/members/:memberId/coupons',
  ])
  // One batch is one wish: pressing the button again after a broken answer must not give a second coupon.
  const batch = useRef(newKey())
  const close = () => {
    if (grant.data) onDone()
    grant.reset()
    setTemplateId(undefined)
    batch.current = newKey()
    onClose()
  }
  const reasons = new Map<string, number>()
  for (const refusal of grant.data?.refused ?? []) reasons.set(refusal.message, (reasons.get(refusal.message) ?? 0) + 1)
  return (
    <Modal
      open={open}
      title={`给 ${memberIds.length} 位会员发券`}
      onCancel={close}
      okText={grant.data ? '知道了' : '发券'}
      cancelButtonProps={grant.data ? { style: { display: 'none' } } : undefined}
      okButtonProps={{ disabled: !templateId, loading: grant.isPending }}
      onOk={() =>
        grant.data ? close() : templateId && grant.mutate({ templateId, batchId: batch.current, memberIds })
      }
      destroyOnHidden
    >
      {grant.data ? (
        <div className='col g2'>
          <Alert
            type={grant.data.granted > 0 ? 'success' : 'warning'}
            showIcon
            title={`发出 ${grant.data.granted} 张${grant.data.refused.length ? `，${grant.data.refused.length} 位没有发` : ''}`}
          />
          {[...reasons].map(([reason, count]) => (
            <div key={reason} className='row between'>
              <span>{reason}</span>
              <span className='i3 num'>{count} 位</span>
            </div>
          ))}
        </div>
      ) : (
        <div className='col g3'>
          <TemplatePicker value={templateId} onChange={setTemplateId} />
          <p className='i3'>券会立即到账并占用库存，发出后不能收回。超过每人限领或等级不够的会员会跳过，并说明原因。</p>
          {grant.isError ? <Alert type='error' showIcon title={sentenceOf(grant.error)} /> : null}
        </div>
      )}
    </Modal>
  )
}
