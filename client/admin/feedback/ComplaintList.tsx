import { complaintCategories, complaintStates } from '@shared/feedback-words'
import { describeMoment } from '@shared/time'
import { Segmented, Select } from 'antd'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { useUrlState } from '../components/useUrlState'
import { useList } from '../queries'
import { ComplaintShow } from './ComplaintShow'
import './feedback.css'

type Category = keyof typeof complaintCategories
type State = keyof typeof complaintStates

/** How each state is coloured. */
export const stateTones: Record<State, string> = { open: 'warn', handling: 'info', resolved: '' }

/** The complaints desk: what is owed, to whom, by when. */
export default function ComplaintList() {
  const [url, setUrl] = useUrlState(['tab', 'category', 'case'] as const)
  const tab = url.tab ?? 'open'
  const filter = tab === 'overdue' ? { overdue: '1' as const } : tab === 'all' ? {} : { state: tab as State }
  const list = useList('GET /admin/complaints', {
    ...filter,
    category: url.category as Category | undefined,
    limit: 30,
  })
  const counts = list.first?.counts
  const now = Date.now()
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>投诉与建议</h1>
        <span className='sub'>首次回复 24 小时内，之后 48 小时内；回复会同时进会员的消息</span>
      </div>
      <section className='panel list-panel'>
        <div className='list-bar'>
          <Segmented
            value={tab}
            onChange={(value) => setUrl({ tab: String(value) })}
            options={[
              { value: 'open', label: `待受理 ${counts?.open ?? ''}` },
              { value: 'handling', label: `处理中 ${counts?.handling ?? ''}` },
              { value: 'overdue', label: `已超时 ${counts?.overdue ?? ''}` },
              { value: 'resolved', label: '已办结' },
              { value: 'all', label: '全部' },
            ]}
          />
          <Select
            value={url.category ?? ''}
            onChange={(value) => setUrl({ category: value || undefined })}
            options={[
              { value: '', label: '全部分类' },
              ...Object.entries(complaintCategories).map(([value, label]) => ({ value, label })),
            ]}
            style={{ width: 140 }}
            aria-label='按分类筛选'
          />
        </div>
        <DataTable
          label='投诉'
          rows={list.rows}
          query={list}
          rowKey={(row) => row.id}
          open={(row) => setUrl({ case: row.id })}
          minWidth={880}
          clearFilters={url.category ? () => setUrl({ category: undefined }) : undefined}
          empty={
            <Notice art='shelf' title={tab === 'open' ? '没有待受理的投诉' : '这里没有投诉'}>
              会员在小程序“意见反馈”里提交的投诉会到这里。
            </Notice>
          }
          columns={[
            {
              key: 'what',
              title: '内容',
              className: 'wrap',
              render: (_, row) => (
                <>
                  <div className='m'>{complaintCategories[row.category]}</div>
                  <div className='t12 i2'>{row.summary}</div>
                </>
              ),
            },
            {
              key: 'who',
              title: '会员',
              width: 140,
              render: (_, row) => (
                <>
                  <div>{row.memberNameMasked}</div>
                  <div className='t12 i3'>{row.storeName ?? '未指明门店'}</div>
                </>
              ),
            },
            {
              key: 'state',
              title: '状态',
              width: 110,
              render: (_, row) => <span className={`tag ${stateTones[row.state]}`}>{complaintStates[row.state]}</span>,
            },
            {
              key: 'due',
              title: '应回复',
              width: 150,
              render: (_, row) =>
                row.dueAt === null ? (
                  <span className='i3'>{row.state === 'resolved' ? '已办结' : '等会员'}</span>
                ) : (
                  <span className={`num ${row.overdue ? 'late' : 'i2'}`}>
                    {describeMoment(row.dueAt, now)}
                    {row.overdue ? '（超时）' : ''}
                  </span>
                ),
            },
            {
              key: 'last',
              title: '最近',
              width: 130,
              render: (_, row) => <span className='num i2'>{describeMoment(row.lastAt, now)}</span>,
            },
          ]}
        />
      </section>
      <ComplaintShow complaintId={url.case} onClose={() => setUrl({ case: undefined })} />
    </div>
  )
}
