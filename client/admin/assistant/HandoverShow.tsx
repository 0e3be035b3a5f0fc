import { describeMoment } from '@shared/time'
import { App, Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { sentenceOf } from '../api'
import { LoadFailed } from '../components/Fallbacks'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'

/** While a conversation is open here, it is asked for this often. */
const lookAgainMs = 5000
const touches = ['GET /admin/handovers', 'GET /admin/handovers/:conversationId'] as const

function Body({ conversationId, onDone }: { conversationId: string; onDone: () => void }) {
  const { message } = App.useApp()
  const { can } = useSession()
  const query = useRead('GET /admin/handovers/:conversationId', { conversationId }, { refetchMs: lookAgainMs })
  const reply = useWrite('POST /admin/handovers/:conversationId/replies', touches)
  const close = useWrite('POST /admin/handovers/:conversationId/close', touches)
  const [text, setText] = useState('')
  const { data } = query
  if (!data)
    return query.isError ? (
      <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
    ) : (
      <div className='bone' style={{ height: 360 }} role='status' aria-label='正在读取对话' />
    )
  const fail = (error: unknown) => void message.error(sentenceOf(error))
  const now = Date.now()
  return (
    <div className='desk'>
      <div className='row between'>
        <Link to={`/members/${data.memberId}`}>
          {data.memberNameMasked} {data.phoneMasked}
        </Link>
        <span className='num i2'>
          {data.tierName}，{data.points} 积分，{data.usableCoupons} 张可用券
        </span>
      </div>
      <div className='desk-lines'>
        {data.messages.map((line) => (
          <div key={line.id} className={`desk-line ${line.from}`}>
            <div className='t12 i3 num'>
              {line.from === 'member' ? '会员' : line.from === 'bot' ? '助手' : '店员'}，{describeMoment(line.at, now)}
            </div>
            <p>{line.text}</p>
          </div>
        ))}
      </div>
      {can('assistant:write') && data.state !== 'closed' ? (
        <div className='desk-reply'>
          <Input.TextArea
            value={text}
            onChange={(event) => setText(event.target.value)}
            rows={3}
            maxLength={500}
            placeholder='回复会员'
            aria-label='回复'
          />
          <div className='row' style={{ gap: 8 }}>
            <Button
              type='primary'
              disabled={!text.trim()}
              loading={reply.isPending}
              onClick={() =>
                reply.mutate({ conversationId, text: text.trim() }, { onSuccess: () => setText(''), onError: fail })
              }
            >
              发送
            </Button>
            <Button
              loading={close.isPending}
              onClick={() => close.mutate({ conversationId }, { onSuccess: onDone, onError: fail })}
            >
              办完，交还助手
            </Button>
          </div>
        </div>
      ) : null}
    </div>
  )
}

/** One conversation with its context, and the answer. */
export function HandoverShow({ conversationId, onClose }: { conversationId: string | undefined; onClose: () => void }) {
  return (
    <Drawer open={conversationId !== undefined} onClose={onClose} size={520} title='对话' destroyOnHidden>
      {conversationId ? <Body key={conversationId} conversationId={conversationId} onDone={onClose} /> : null}
    </Drawer>
  )
}
