import { describeMoment } from '@shared/time'
import { Button, Segmented } from 'antd'
import { useNavigate } from 'react-router'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { useUrlState } from '../components/useUrlState'
import { type Row, useRead } from '../queries'
import { useSession } from '../session'
import { NewJourney } from './NewJourney'
import { percent, stateWords } from './words'

/** A journey as the list shows it. */
export type Journey = Row<'GET /admin/journeys'>

/** Journeys: what starts them, who is on the way, and whether they reach their goal. */
export default function JourneyList() {
  const { can } = useSession()
  const navigate = useNavigate()
  const [url, setUrl] = useUrlState(['state', 'new'] as const)
  const query = useRead('GET /admin/journeys', {})
  const all = query.data?.items
  const rows = url.state ? all?.filter((row) => row.state === url.state) : all
  const count = (state: string) => all?.filter((row) => row.state === state).length ?? 0
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>旅程</h1>
        <span className='sub cut'>到了时候，自动为每位会员做对的事，只做一次</span>
        <div className='actions'>
          <Button icon={<Icon name='calendar' />} onClick={() => navigate('/journey-calendar')}>
            触达日历
          </Button>
          {can('journey:write') ? (
            <Button type='primary' icon={<Icon name='plus' />} onClick={() => setUrl({ new: '1' })}>
              新建旅程
            </Button>
          ) : null}
        </div>
      </div>
      <section className='panel list-panel'>
        <div className='hd' style={{ paddingBottom: 12 }}>
          <Segmented
            value={url.state ?? 'all'}
            options={[
              { value: 'all', label: `全部 ${all?.length ?? ''}` },
              ...(Object.keys(stateWords) as (keyof typeof stateWords)[]).map((state) => ({
                value: state as string,
                label: `${stateWords[state].name} ${count(state) || ''}`,
              })),
            ]}
            onChange={(state) => setUrl({ state: state === 'all' ? undefined : String(state) })}
            aria-label='按状态'
          />
        </div>
        <DataTable
          label='旅程'
          rows={rows}
          query={query}
          rowKey={(row) => row.id}
          open={(row) => navigate(`/journeys/${row.id}`)}
          minWidth={880}
          clearFilters={url.state ? () => setUrl({ state: undefined }) : undefined}
          empty={
            <Notice
              art='shelf'
              title='还没有旅程'
              action={
                can('journey:write') ? (
                  <Button type='primary' onClick={() => setUrl({ new: '1' })}>
                    新建旅程
                  </Button>
                ) : undefined
              }
            >
              比如“入会后 3 天还没消费，就送一张券并提醒一次”。
            </Notice>
          }
          columns={[
            {
              key: 'name',
              title: '旅程',
              className: 'wrap',
              render: (_, row) => (
                <>
                  <div className='row g1'>
                    <span className='m'>{row.name}</span>
                    {row.builtIn ? <span className='tag'>内置</span> : null}
                  </div>
                  <div className='t12 i3'>{row.description}</div>
                </>
              ),
            },
            {
              key: 'state',
              title: '状态',
              width: 116,
              render: (_, row) => (
                <>
                  <span className={`tag ${stateWords[row.state].look}`}>{stateWords[row.state].name}</span>
                  {row.version > 0 ? <span className='t12 i3 num'> 第 {row.version} 版</span> : null}
                </>
              ),
            },
            {
              key: 'trigger',
              title: '什么时候开始',
              width: 190,
              className: 'wrap',
              render: (_, row) => row.triggerText,
            },
            {
              key: 'active',
              title: '在途',
              width: 80,
              align: 'right',
              render: (_, row) => <span className='num'>{row.active.toLocaleString('zh-CN')}</span>,
            },
            {
              key: 'entered',
              title: '近 30 天进入',
              width: 110,
              align: 'right',
              render: (_, row) => <span className='num'>{row.entered30.toLocaleString('zh-CN')}</span>,
            },
            {
              key: 'goals',
              title: '达成目标',
              width: 120,
              align: 'right',
              render: (_, row) => (
                <span className='num'>
                  {row.goals30.toLocaleString('zh-CN')}{' '}
                  <span className='i3'>{percent(row.goals30, row.entered30)}</span>
                </span>
              ),
            },
            {
              key: 'updated',
              title: '改动',
              width: 120,
              render: (_, row) => <span className='i3'>{describeMoment(row.updatedAt, Date.now())}</span>,
            },
          ]}
        />
      </section>
      {url.new && can('journey:write') ? (
        <NewJourney journeys={all ?? []} close={() => setUrl({ new: undefined })} />
      ) : null}
    </div>
  )
}
