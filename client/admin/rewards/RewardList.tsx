import { civilDay, describeDay } from '@shared/time'
import { Button } from 'antd'
import { Link, useNavigate } from 'react-router'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { SearchBox, useSearch } from '../components/SearchBox'
import { StateTabs } from '../components/StateTabs'
import { useUrlState } from '../components/useUrlState'
import { useList } from '../queries'
import { useSession } from '../session'
import { RewardPicture } from './RewardPicture'
import { priceOf, type Reward, rewardStates } from './words'
import '../coupons/coupon-list.css'
import './rewards.css'

const tabs = ['published', 'draft', 'ended'] as const

/** What is left of the stock, as a bar that empties. */
function Stock({ reward }: { reward: Reward }) {
  return (
    <div style={{ width: 132 }}>
      <div className='row between num'>
        <span>剩 {reward.stockLeft.toLocaleString('zh-CN')}</span>
        <span className='t12 i3'>共 {reward.stock.toLocaleString('zh-CN')}</span>
      </div>
      <div className='meter wide' aria-hidden='true'>
        <i style={{ width: `${Math.min(100, (reward.used / reward.stock) * 100)}%` }} />
      </div>
    </div>
  )
}

/** The rewards by state, with what each cost and brought. */
export default function RewardList() {
  const navigate = useNavigate()
  const { can } = useSession()
  const [url, setUrl] = useUrlState(['state'] as const)
  const state = tabs.find((known) => known === url.state)
  const search = useSearch()
  const { q } = search
  const list = useList('GET /admin/rewards', { state, q, limit: 50 })
  const counts = list.first?.counts
  const newButton = can('reward:write') ? (
    <Link to='/rewards/new'>
      <Button type='primary' icon={<Icon name='plus' />}>
        新建礼品
      </Button>
    </Link>
  ) : null
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>积分商城</h1>
        <span className='sub'>用多少分换什么，还剩多少，换走了多少</span>
        <div className='actions'>{newButton}</div>
      </div>
      <section className='panel list-panel'>
        <div className='state-bar'>
          <StateTabs
            states={tabs}
            state={state}
            wordOf={(one) => rewardStates[one].word}
            counts={counts}
            onChange={(next) => setUrl({ state: next })}
          />
          <SearchBox search={search} label='搜礼品' placeholder='礼品名' width={180} />
        </div>
        <DataTable
          label='礼品'
          rows={list.rows}
          query={list}
          rowKey={(row) => row.id}
          open={(row) => void navigate(`/rewards/${row.id}`)}
          minWidth={880}
          clearFilters={search.clear}
          empty={
            <Notice
              art='shelf'
              title={state ? `没有${rewardStates[state].word}的礼品` : '还没有礼品'}
              action={state && state !== 'draft' ? undefined : newButton}
            >
              先放一件小礼品：几百分就能换到，会员才会常来看。
            </Notice>
          }
          columns={[
            {
              key: 'name',
              title: '礼品',
              className: 'wrap',
              render: (_, row) => (
                <div className='row g3'>
                  <RewardPicture picture={row.pictures[0]} size={48} />
                  <div className='grow'>
                    <div className='m'>
                      <Link to={`/rewards/${row.id}`} tabIndex={-1}>
                        {row.name}
                      </Link>{' '}
                      <span className={`tag ${rewardStates[row.state].tone}`}>{rewardStates[row.state].word}</span>
                    </div>
                    <div className='t12 i3 two-lines' title={row.sentence}>
                      {row.sentence}
                    </div>
                  </div>
                </div>
              ),
            },
            {
              key: 'price',
              title: '价格',
              width: 150,
              render: (_, row) => (
                <>
                  <div className='num m'>{priceOf(row)}</div>
                  <div className='t12 i3'>{row.category}</div>
                </>
              ),
            },
            { key: 'stock', title: '库存', width: 156, render: (_, row) => <Stock reward={row} /> },
            {
              key: 'orders',
              title: '兑换',
              align: 'right',
              width: 96,
              render: (_, row) => (
                <>
                  <div className='num m'>{row.figures.orders.toLocaleString('zh-CN')}</div>
                  <div className='t12 i3 num'>{row.figures.open ? `${row.figures.open} 待处理` : '–'}</div>
                </>
              ),
            },
            {
              key: 'points',
              title: '收回积分',
              align: 'right',
              width: 104,
              render: (_, row) => <span className='num'>{row.figures.points.toLocaleString('zh-CN')}</span>,
            },
            {
              key: 'time',
              title: '上架',
              width: 104,
              render: (_, row) => (
                <span className='num i2'>
                  {row.publishedAt === null ? '未上架' : describeDay(civilDay(row.publishedAt), civilDay(Date.now()))}
                </span>
              ),
            },
          ]}
        />
      </section>
    </div>
  )
}
