import { channelNames, statusNames } from '@shared/message'
import { dateTime } from '@shared/time'
import { App, Button, Drawer } from 'antd'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { sentenceOf } from '../api'
import { LoadFailed } from '../components/Fallbacks'
import { useRead, useWrite } from '../queries'
import { useSession } from '../session'
import { statusLook } from './words'
import './messages.css'

const sources: Record<string, string> = {
  journey: '旅程',
  campaign: '群发活动',
  test: '测试发送',
}

/** Who had it sent, with the way to it. */
function Source({ source }: { source: string | null }): ReactNode {
  const [kind, id] = (source ?? '').split(':')
  if (!kind) return '系统通知'
  const name = sources[kind] ?? kind
  return id && (kind === 'journey' || kind === 'campaign') ? (
    <Link className='link' to={`/${kind}s/${id}`}>
      {name}
    </Link>
  ) : (
    name
  )
}

/** One message: what it says, what became of it and why, and how the other channels of the same occasion fared. */
export function MessageDrawer({ messageId, close }: { messageId: string; close: () => void }) {
  const query = useRead('GET /admin/messages/:messageId', { messageId })
  const one = query.data
  const { can } = useSession()
  const { message } = App.useApp()
  const replay = useWrite('POST /admin/messages/:messageId/replays', [
    'GET /admin/messages',
    'GET /admin/messages/:messageId',
    'GET /admin/dead-letters',
  ])
  const facts: [string, ReactNode][] = one
    ? [
        ['渠道', channelNames[one.channel]],
        ['来自', <Source key='source' source={one.source} />],
        ['记下', dateTime(one.createdAt)],
        ['试了', one.attempts ? `${one.attempts} 次` : one.status === 'sent' ? '不用外发，直接放进消息中心' : '没有试'],
        ...(one.sentAt ? [['发出', dateTime(one.sentAt)] as [string, string]] : []),
        ...(one.status === 'pending' ? [['下次试', dateTime(one.nextAttemptAt)] as [string, string]] : []),
        ...(one.expiresAt && one.status === 'pending' ? [['作废', dateTime(one.expiresAt)] as [string, string]] : []),
      ]
    : []
  return (
    <Drawer
      open
      size={520}
      title={one ? one.title || '没有内容的消息' : '消息'}
      onClose={close}
      extra={
        <div className='row g2'>
          {one?.channel === 'webhook' && can('message:write') ? (
            <Button
              loading={replay.isPending}
              onClick={() =>
                void replay
                  .mutateAsync({ messageId })
                  .then(() => message.success('排上了，马上再投递一次'))
                  .catch((error: unknown) => message.error(sentenceOf(error)))
              }
            >
              再投递一次
            </Button>
          ) : null}
          {one?.memberId ? (
            <Link to={`/members/${one.memberId}`}>
              <Button>看会员</Button>
            </Link>
          ) : null}
        </div>
      }
    >
      {one ? (
        <>
          <p role='status'>
            <span className={`tag ${statusLook(one.status)}`}>{statusNames[one.status] ?? one.status}</span>{' '}
            <b>{one.why}</b>
          </p>
          <div className='message-words'>
            <b>{one.title}</b>
            {one.body}
          </div>
          <dl className='message-facts'>
            {facts.map(([label, value]) => (
              <div key={label} style={{ display: 'contents' }}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
            {Object.entries(one.fields).map(([key, value]) => (
              <div key={key} style={{ display: 'contents' }}>
                <dt className='num'>{key}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          {one.trail.length > 1 ? (
            <>
              <h3 style={{ margin: '24px 0 4px', fontSize: 14 }}>这件事试过的渠道</h3>
              <ol className='message-trail' aria-label='试过的渠道'>
                {one.trail.map((tried) => (
                  <li key={tried.id}>
                    <span className={tried.id === one.id ? 'm' : ''}>{channelNames[tried.channel]}</span>
                    <span>
                      <span className={`tag ${statusLook(tried.status)}`}>
                        {statusNames[tried.status] ?? tried.status}
                      </span>
                    </span>
                    <span className='i2'>{tried.why}</span>
                    <span className='num i3'>{tried.attempts ? `试 ${tried.attempts} 次` : ''}</span>
                  </li>
                ))}
              </ol>
            </>
          ) : null}
        </>
      ) : query.isError ? (
        <LoadFailed error={query.error} retry={() => void query.refetch()} busy={query.isFetching} />
      ) : (
        <div className='bone' style={{ height: 240 }} role='status' aria-label='正在读取消息' />
      )}
    </Drawer>
  )
}
