import { describeMoment } from '@shared/time'
import { Segmented } from 'antd'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { useUrlState } from '../components/useUrlState'
import { useList } from '../queries'
import { HandoverShow } from './HandoverShow'
import './assistant.css'

type State = 'waiting' | 'handling' | 'closed'
export const handoverStates: Record<State, string> = { waiting: '等待接待', handling: '接待中', closed: '已交还助手' }

/** Conversations that the assistant handed to staff, who has waited longest first. */
export default function HandoverList() {
  const [url, setUrl] = useUrlState(['state', 'talk'] as const)
  const state = (url.state ?? 'waiting') as State
  const list = useList('GET /admin/handovers', { state, limit: 30 })
  const now = Date.now()
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>人工接待</h1>
        <span className='sub'>助手答不上来、会员要求人工的对话；回复会同时进会员的消息</span>
      </div>
      <section className='panel list-panel'>
        <div className='list-bar'>
          <Segmented
            value={state}
            onChange={(value) => setUrl({ state: String(value) })}
            options={[
              { value: 'waiting', label: `等待接待 ${list.first?.waiting ?? ''}` },
              { value: 'handling', label: '接待中' },
              { value: 'closed', label: '已交还' },
            ]}
          />
        </div>
        <DataTable
          label='人工接待'
          rows={list.rows}
          query={list}
          rowKey={(row) => row.conversationId}
          open={(row) => setUrl({ talk: row.conversationId })}
          minWidth={760}
          empty={
            <Notice art='shelf' title={state === 'waiting' ? '没有等待的会员' : '这里没有对话'}>
              会员在助手里点“转人工”后会出现在这里。
            </Notice>
          }
          columns={[
            {
              key: 'who',
              title: '会员',
              width: 160,
              render: (_, row) => (
                <>
                  {row.memberNameMasked} <span className='t12 i3'>{row.tierName}</span>
                </>
              ),
            },
            { key: 'last', title: '最后一句', className: 'wrap', render: (_, row) => row.lastText },
            {
              key: 'since',
              title: '转来',
              width: 140,
              render: (_, row) => <span className='num i2'>{describeMoment(row.handedAt, now)}</span>,
            },
            {
              key: 'by',
              title: '接待',
              width: 120,
              render: (_, row) => row.handledBy ?? <span className='i3'>还没有</span>,
            },
          ]}
        />
      </section>
      <HandoverShow conversationId={url.talk} onClose={() => setUrl({ talk: undefined })} />
    </div>
  )
}
