import type { Output } from '@shared/contract'
import { postStates, reviewTags } from '@shared/feedback-words'
import { describeMoment } from '@shared/time'
import { Segmented, Select } from 'antd'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { useUrlState } from '../components/useUrlState'
import { type Row, useList } from '../queries'
import { PostShow } from './PostShow'
import './community.css'

/** A post as the desk lists it. */
export type Post = Row<'GET /admin/community/posts'>
type State = Output<'GET /admin/community/posts'>['items'][number]['state']

const TONES: Record<State, string> = { pending: 'warn', published: 'brand', rejected: 'danger', deleted: '' }

/** Reviews and shared posts: what waits for a decision first. */
export default function PostList() {
  const [url, setUrl] = useUrlState(['tab', 'kind', 'post'] as const)
  const tab = url.tab ?? 'pending'
  const kind = url.kind as 'review' | 'post' | undefined
  const filter = tab === 'reported' ? { reported: '1' as const } : tab === 'all' ? {} : { state: tab as State }
  const list = useList('GET /admin/community/posts', { ...filter, kind, limit: 30 })
  const counts = list.first?.counts
  const now = Date.now()
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>评价与晒单</h1>
        <span className='sub'>公开前把一道关；奖励只看是否发布，不看打几星</span>
      </div>
      <section className='panel list-panel'>
        <div className='list-bar'>
          <Segmented
            value={tab}
            onChange={(value) => setUrl({ tab: String(value) })}
            options={[
              { value: 'pending', label: `待审核 ${counts?.pending ?? ''}` },
              { value: 'reported', label: `被举报 ${counts?.reported ?? ''}` },
              { value: 'published', label: '已公开' },
              { value: 'rejected', label: '未通过' },
              { value: 'all', label: '全部' },
            ]}
          />
          <Select
            value={url.kind ?? ''}
            onChange={(value) => setUrl({ kind: value || undefined })}
            options={[
              { value: '', label: '评价和晒单' },
              { value: 'review', label: '评价' },
              { value: 'post', label: '晒单' },
            ]}
            style={{ width: 140 }}
            aria-label='按类型筛选'
          />
        </div>
        <DataTable
          label='评价与晒单'
          rows={list.rows}
          query={list}
          rowKey={(row) => row.id}
          open={(row) => setUrl({ post: row.id })}
          minWidth={860}
          clearFilters={kind ? () => setUrl({ kind: undefined }) : undefined}
          empty={
            <Notice art='shelf' title={tab === 'pending' ? '没有待审核的内容' : '这里还没有内容'}>
              会员发布的评价和晒单，文字有疑问或带照片待查的会先到这里。
            </Notice>
          }
          columns={[
            {
              key: 'text',
              title: '内容',
              className: 'wrap',
              render: (_, row) => (
                <div className='post-cell'>
                  {row.photos[0] ? <img src={row.photos[0].url} alt='' width={56} height={56} /> : null}
                  <div className='grow'>
                    <div className='post-words'>{row.text}</div>
                    <div className='t12 i3'>
                      {row.products.map((product) => product.name).join('、')}
                      {row.tags.length > 0 ? ` ${row.tags.map((tag) => reviewTags[tag]).join('、')}` : ''}
                    </div>
                  </div>
                </div>
              ),
            },
            {
              key: 'kind',
              title: '类型',
              width: 100,
              render: (_, row) => (row.kind === 'review' ? `评价 ${row.stars} 星` : '晒单'),
            },
            { key: 'who', title: '会员', width: 110, render: (_, row) => row.memberNameMasked },
            {
              key: 'state',
              title: '状态',
              width: 150,
              render: (_, row) => (
                <>
                  <span className={`tag ${TONES[row.state]}`}>{postStates[row.state]}</span>
                  {row.reports > 0 ? <span className='tag danger'>{row.reports} 人举报</span> : null}
                </>
              ),
            },
            {
              key: 'at',
              title: '时间',
              width: 130,
              render: (_, row) => <span className='num i2'>{describeMoment(row.at, now)}</span>,
            },
          ]}
        />
      </section>
      <PostShow postId={url.post} onClose={() => setUrl({ post: undefined })} />
    </div>
  )
}
