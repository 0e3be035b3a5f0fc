import { App, Modal, Segmented, Select } from 'antd'
import { useState } from 'react'
import { sentenceOf } from '../api'
import { useRead, useWrite } from '../queries'
import { MemberPicker } from './MemberPicker'

/** Lets one member or a segment onto a running journey by hand. */
export function Enrol({ journeyId, name, close }: { journeyId: string; name: string; close: () => void }) {
  const { message } = App.useApp()
  const [by, setBy] = useState<'member' | 'segment'>('member')
  const [memberId, setMemberId] = useState<string>()
  const [segmentId, setSegmentId] = useState<string>()
  const options = useRead('GET /admin/journey-options', {})
  const enrol = useWrite('POST /admin/journeys/:journeyId/enrolments', [
    'GET /admin/journeys/:journeyId/runs',
    'GET /admin/journeys/:journeyId/report',
    'GET /admin/journeys',
  ])
  const ready = by === 'member' ? memberId : segmentId
  const go = () =>
    enrol
      .mutateAsync(by === 'member' ? { journeyId, memberIds: memberId ? [memberId] : [] } : { journeyId, segmentId })
      .then((done) => {
        void message.success(
          `加入 ${done.entered} 位，对照组 ${done.held} 位${done.refused ? `，${done.refused} 位按“再次进入”的规则不能进` : ''}`,
        )
        close()
      })
      .catch((error: unknown) => message.error(sentenceOf(error)))
  return (
    <Modal
      open
      title={`手动加入“${name}”`}
      okText='加入'
      okButtonProps={{ disabled: !ready, loading: enrol.isPending }}
      onOk={() => void go()}
      onCancel={close}
    >
      <div className='journey-fields'>
        <Segmented
          value={by}
          options={[
            { value: 'member', label: '一位会员' },
            { value: 'segment', label: '一个人群' },
          ]}
          onChange={setBy}
        />
        {by === 'member' ? (
          <MemberPicker value={memberId} onChange={setMemberId} />
        ) : (
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            value={segmentId}
            placeholder='选一个人群'
            options={options.data?.segments.map((s) => ({ value: s.id, label: s.name }))}
            onChange={setSegmentId}
            aria-label='人群'
          />
        )}
        <p className='t12 i3'>加入后立刻按线上版本开始，券、积分和消息真实发出；对照组和“再次进入”的规则照常。</p>
      </div>
    </Modal>
  )
}
