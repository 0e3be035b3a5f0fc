import { describeMoment } from '@shared/time'
import { Button } from 'antd'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { SearchBox, useSearch } from '../components/SearchBox'
import { useList } from '../queries'
import { useSession } from '../session'
import { Overlap } from './Overlap'

/** Groups of members kept by conditions. */
export default function SegmentList() {
  const navigate = useNavigate()
  const { can } = useSession()
  const search = useSearch()
  const [chosen, setChosen] = useState<string[]>([])
  const [comparing, setComparing] = useState(false)
  const { q } = search
  const list = useList('GET /admin/segments', { q, limit: 50 })
  const create = can('segment:write') ? (
    <Link to='/segments/new'>
      <Button type='primary' icon={<Icon name='plus' />}>
        新建人群
      </Button>
    </Link>
  ) : null
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>人群</h1>
        <span className='sub cut'>用条件圈出一群会员，名单自动更新</span>
        <div className='actions'>
          <Button disabled={chosen.length < 2 || chosen.length > 5} onClick={() => setComparing(true)}>
            {chosen.length >= 2 ? `看 ${chosen.length} 个人群的重叠` : '勾选 2 到 5 个看重叠'}
          </Button>
          {create}
        </div>
      </div>
      <section className='panel list-panel'>
        <div className='state-bar' style={{ padding: '12px 16px' }}>
          <SearchBox search={search} label='搜人群' placeholder='人群的名字' width={220} maxLength={30} />
        </div>
        <DataTable
          label='人群'
          rows={list.rows}
          query={list}
          rowKey={(row) => row.id}
          open={(row) => void navigate(`/segments/${row.id}`)}
          minWidth={860}
          selection={{
            selectedRowKeys: chosen,
            onChange: (keys) => setChosen(keys.map(String)),
            hideSelectAll: true,
            getCheckboxProps: (row) => ({ 'aria-label': `选“${row.name}”比较` }),
          }}
          clearFilters={search.clear}
          empty={
            <Notice art='shelf' title='还没有人群' action={create}>
              例如“消费过两次以上、90 天没来”，圈好后可以发券、做旅程、看分析。
            </Notice>
          }
          columns={[
            {
              key: 'name',
              title: '人群',
              className: 'wrap',
              render: (_, row) => (
                <>
                  <div className='m'>
                    <Link to={`/segments/${row.id}`} tabIndex={-1}>
                      {row.name}
                    </Link>{' '}
                    {row.profiling ? <span className='tag'>含行为数据</span> : null}
                  </div>
                  <div className='t12 i3' title={row.sentence}>
                    {row.sentence}
                  </div>
                </>
              ),
            },
            {
              key: 'tracked',
              title: '名单',
              width: 110,
              render: (_, row) =>
                row.tracked ? <span className='tag brand'>自动更新</span> : <span className='tag'>只计数</span>,
            },
            {
              key: 'members',
              title: '人数',
              width: 110,
              align: 'right',
              render: (_, row) =>
                row.members === null ? (
                  <span className='i3'>还没算</span>
                ) : (
                  <span className='num m'>{row.members.toLocaleString('zh-CN')}</span>
                ),
            },
            {
              key: 'fresh',
              title: '更新于',
              width: 130,
              render: (_, row) => (row.refreshedAt === null ? '–' : describeMoment(row.refreshedAt, Date.now())),
            },
            {
              key: 'used',
              title: '用在',
              width: 180,
              className: 'wrap',
              render: (_, row) =>
                row.usedBy.length ? (
                  <span className='i2'>{row.usedBy.map((use) => use.name).join('、')}</span>
                ) : (
                  <span className='i3'>还没用到</span>
                ),
            },
          ]}
        />
      </section>
      {comparing ? <Overlap segmentIds={chosen} close={() => setComparing(false)} /> : null}
    </div>
  )
}
