import { channelNames, statusNames } from '@shared/message'
import { describeMoment } from '@shared/time'
import { App, Button } from 'antd'
import { useState } from 'react'
import { sentenceOf } from '../api'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { useList, useWrite } from '../queries'
import { useSession } from '../session'
import { MessageDrawer } from './MessageDrawer'
import { statusLook } from './words'

const touched = ['GET /admin/dead-letters', 'GET /admin/messages'] as const

/** Messages that could not go out: send them again, or let them be. */
export function DeadTab() {
  const { can } = useSession()
  const { message, modal } = App.useApp()
  const [ids, setIds] = useState<string[]>([])
  const [open, setOpen] = useState<string | null>(null)
  const query = useList('GET /admin/dead-letters', { limit: 50 })
  const retry = useWrite('POST /admin/dead-letters/retry', touched)
  const discard = useWrite('POST /admin/dead-letters/discard', touched)
  const unsure = query.rows?.some((row) => ids.includes(row.id) && row.status === 'unknown') ?? false
  const failed = (error: unknown) => void message.error(sentenceOf(error))
  const askRetry = () =>
    modal.confirm({
      title: `重新发送 ${ids.length} 条？`,
      content: unsure ? '其中有结果不明的，会员可能已经收到过，重发可能重复。' : '会再按渠道的规则试一次。',
      okText: '重新发送',
      onOk: () =>
        retry
          .mutateAsync({ ids, evenIfUnknown: unsure })
          .then((done) => {
            setIds([])
            void message.success(`重新发送 ${done.retried} 条${done.refused ? `，${done.refused} 条不能重发` : ''}`)
          })
          .catch(failed),
    })
  const askDiscard = () =>
    modal.confirm({
      title: `不再处理 ${ids.length} 条？`,
      content: '这些消息不会再发，记录和原因仍然保留。',
      okText: '不再处理',
      okButtonProps: { danger: true },
      onOk: () =>
        discard
          .mutateAsync({ ids })
          .then((done) => {
            setIds([])
            void message.success(`已放弃 ${done.discarded} 条`)
          })
          .catch(failed),
    })
  return (
    <section className='panel list-panel'>
      {can('message:write') ? (
        <div className='hd' style={{ paddingBottom: 12 }}>
          <span className='grow i3'>选中后重新发送，或不再处理</span>
          <Button disabled={!ids.length} loading={discard.isPending} onClick={askDiscard}>
            不再处理
          </Button>
          <Button type='primary' disabled={!ids.length} loading={retry.isPending} onClick={askRetry}>
            重新发送
          </Button>
        </div>
      ) : null}
      <DataTable
        label='死信'
        rows={query.rows}
        query={query}
        rowKey={(row) => row.id}
        open={(row) => setOpen(row.id)}
        minWidth={780}
        selection={
          can('message:write') ? { selectedRowKeys: ids, onChange: (keys) => setIds(keys.map(String)) } : undefined
        }
        empty={
          <Notice art='shelf' title='没有发不出去的消息'>
            试过几次仍发不出，或不知道有没有送达的，会停在这里等你决定。
          </Notice>
        }
        columns={[
          { key: 'title', title: '消息', render: (_, row) => <span className='m'>{row.title}</span> },
          { key: 'channel', title: '渠道', width: 150, render: (_, row) => channelNames[row.channel] },
          {
            key: 'status',
            title: '结果',
            width: 100,
            render: (_, row) => (
              <span className={`tag ${statusLook(row.status)}`}>{statusNames[row.status] ?? row.status}</span>
            ),
          },
          { key: 'why', title: '原因', className: 'wrap', render: (_, row) => row.why },
          { key: 'at', title: '时间', width: 130, render: (_, row) => describeMoment(row.createdAt, Date.now()) },
        ]}
      />
      {open ? <MessageDrawer messageId={open} close={() => setOpen(null)} /> : null}
    </section>
  )
}
