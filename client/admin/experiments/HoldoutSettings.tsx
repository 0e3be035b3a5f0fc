import { App, Input, InputNumber, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { sentenceOf } from '../api'
import { LoadFailed } from '../components/Fallbacks'
import { type ReadKey, useRead, useWrite } from '../queries'
import { useSession } from '../session'

const touched: ReadKey[] = [
  'GET /admin/experiments/settings',
  'GET /admin/experiments/journeys/:journeyId',
  'GET /admin/experiments/campaigns/:campaignId',
]

/** Who is held back from everything, and what the money figures assume. */
export function HoldoutSettings({ close }: { close: () => void }) {
  const { message } = App.useApp()
  const { can } = useSession()
  const query = useRead('GET /admin/experiments/settings', {})
  const save = useWrite('PUT /admin/experiments/settings', touched)
  const [patch, setPatch] = useState<Partial<NonNullable<typeof query.data>>>({})
  const values = query.data && { ...query.data, ...patch }
  const readOnly = !can('experiment:write')
  const line = (label: string, note: string, control: ReactNode) => (
    <div className='row g2' style={{ minHeight: 56 }}>
      <div className='grow'>
        <div>{label}</div>
        <div className='t12 i3'>{note}</div>
      </div>
      {control}
    </div>
  )
  return (
    <Modal
      open
      onCancel={close}
      title='对照组与成本口径'
      okText='保存'
      okButtonProps={{ disabled: readOnly || !values || Object.keys(patch).length === 0, loading: save.isPending }}
      onOk={() => {
        if (!values) return
        const { updatedAt: _updatedAt, ...body } = values
        save
          .mutateAsync(body)
          .then(() => {
            void message.success('已保存')
            close()
          })
          .catch((error: unknown) => message.error(sentenceOf(error)))
      }}
    >
      {query.isError && !values ? <LoadFailed error={query.error} retry={() => query.refetch()} /> : null}
      {values ? (
        <>
          {line(
            '全局对照组',
            '这部分会员不进任何旅程和活动，用来看全部营销合起来的效果',
            <InputNumber
              min={0}
              max={50}
              precision={0}
              suffix='%'
              disabled={readOnly}
              value={values.holdoutPercent}
              onChange={(value) => setPatch((p) => ({ ...p, holdoutPercent: value ?? 0 }))}
              aria-label='全局对照组占比'
            />,
          )}
          {line(
            '说明',
            '为什么留这么多',
            <Input
              maxLength={60}
              disabled={readOnly}
              style={{ width: 220 }}
              value={values.holdoutReason}
              onChange={(event) => setPatch((p) => ({ ...p, holdoutReason: event.target.value }))}
              aria-label='全局对照组的说明'
            />,
          )}
          {line(
            '毛利率',
            '增加的销售额乘以它，是增加的毛利',
            <InputNumber
              min={1}
              max={100}
              precision={0}
              suffix='%'
              disabled={readOnly}
              value={values.marginPercent}
              onChange={(value) => setPatch((p) => ({ ...p, marginPercent: value ?? p.marginPercent }))}
              aria-label='毛利率'
            />,
          )}
          {line(
            '100 积分的成本',
            '会员用掉时店里付出的',
            <InputNumber
              min={0}
              max={100}
              precision={2}
              suffix='元'
              disabled={readOnly}
              value={values.pointCostBp / 100}
              onChange={(value) => setPatch((p) => ({ ...p, pointCostBp: Math.round((value ?? 0) * 100) }))}
              aria-label='100 积分的成本'
            />,
          )}
          {line(
            '一条短信的成本',
            '只算发成功的',
            <InputNumber
              min={0}
              max={10}
              precision={2}
              suffix='元'
              disabled={readOnly}
              value={values.smsFen / 100}
              onChange={(value) => setPatch((p) => ({ ...p, smsFen: Math.round((value ?? 0) * 100) }))}
              aria-label='一条短信的成本'
            />,
          )}
        </>
      ) : null}
    </Modal>
  )
}
