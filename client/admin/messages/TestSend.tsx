import { channelNames, type PersonChannel, personChannels } from '@shared/message'
import { Button, Checkbox, Modal } from 'antd'
import { useState } from 'react'
import { FormProblem } from '../components/FormProblem'
import { MemberPicker } from '../journeys/MemberPicker'
import { useWrite } from '../queries'
import './messages.css'

const outcomes: Record<string, { word: string; look: string }> = {
  sent: { word: '已发到', look: 'brand' },
  pending: { word: '正在发', look: 'info' },
  skipped: { word: '没有发', look: 'warn' },
}

/** Sends a template to one member, each channel for itself, and says of each what became of it. */
export function TestSend({
  templateId,
  name,
  channels,
  close,
}: {
  templateId: string
  name: string
  /** Channels that the template has words for, or that are asked for. */
  channels: readonly string[]
  close: () => void
}) {
  const able = personChannels.filter((one) => channels.includes(one))
  const [memberId, setMemberId] = useState<string>()
  const [chosen, setChosen] = useState<PersonChannel[]>(able)
  const send = useWrite('POST /admin/message-templates/:templateId/test-sends', ['GET /admin/messages'])
  return (
    <Modal
      open
      title={`测试发送“${name}”`}
      onCancel={close}
      footer={[
        <Button key='close' onClick={close}>
          {send.data ? '完成' : '取消'}
        </Button>,
        <Button
          key='send'
          type='primary'
          disabled={!memberId || !chosen.length}
          loading={send.isPending}
          onClick={() => memberId && send.mutate({ templateId, memberId, channels: chosen })}
        >
          发给 TA
        </Button>,
      ]}
    >
      <div className='journey-fields'>
        <MemberPicker value={memberId} onChange={setMemberId} aria-label='发给哪位会员' />
        <Checkbox.Group
          value={chosen}
          options={able.map((value) => ({ value, label: channelNames[value] }))}
          onChange={setChosen}
        />
        <p className='t12 i3'>
          会真的发到会员手里；不计频次、不管勿扰，仍要有手机号、微信和订阅次数，其余内容用示例代替。
        </p>
        <FormProblem error={send.error} />
        {send.data ? (
          <ul className='test-results' aria-label='测试结果'>
            {send.data.items.map((item) => {
              const outcome = outcomes[item.status] ?? { word: item.status, look: '' }
              return (
                <li key={item.channel}>
                  <span className='m'>{channelNames[item.channel]}</span>
                  <span className={`tag ${outcome.look}`}>{outcome.word}</span>
                  <span className='i2'>{item.text}</span>
                </li>
              )
            })}
          </ul>
        ) : null}
      </div>
    </Modal>
  )
}
