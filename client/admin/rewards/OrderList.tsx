import { describeMoment } from '@shared/time'
import { Button, Dropdown, Tabs } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'
import { DataTable } from '../components/DataTable'
import { Notice } from '../components/Fallbacks'
import { Icon } from '../components/Icon'
import { useUrlState } from '../components/useUrlState'
import { useList } from '../queries'
import { useSession } from '../session'
import { RefundOrder } from './RefundOrder'
import { RewardPicture } from './RewardPicture'
import { ShipOrder } from './ShipOrder'
import { methods, type Order, orderTones, priceOf } from './words'
import '../coupons/coupon-list.css'
import './rewards.css'

const tabs = ['pending', 'ready', 'shipped', 'unpaid'] as const
const words = { pending: '待发货', ready: '待取货', shipped: '已发货', unpaid: '待付款' } as const
const refundable: readonly Order['state'][] = ['ready', 'pending', 'shipped', 'handed', 'received', 'done']

/** Where an order goes, and how far it has come. */
function Way({ order }: { order: Order }) {
  const { address } = order
  return (
    <>
      <div>
        {methods[order.method]}
        <span className='i3'> {order.storeName ?? (address ? `${address.name} ${address.phoneMasked}` : '')}</span>
      </div>
      <div className='t12 i3 cut'>
        {order.trackingNo
          ? `${order.carrier} ${order.trackingNo}`
          : address
            ? `${address.region} ${address.detail}`
            : (order.steps.at(-1)?.title ?? '')}
      </div>
    </>
  )
}

/** The desk where redemptions are sent, looked up and taken back. */
export default function OrderList() {
  const { can } = useSession()
  const [url, setUrl] = useUrlState(['state', 'rewardId'] as const)
  const state = tabs.find((known) => known === url.state)
  const list = useList('GET /admin/reward-orders', { state, rewardId: url.rewardId, limit: 30 })
  const counts = list.first?.counts
  const [shipping, setShipping] = useState<Order | null>(null)
  const [refunding, setRefunding] = useState<Order | null>(null)
  const now = Date.now()
  return (
    <div className='page'>
      <div className='page-head'>
        <h1>兑换台</h1>
        <span className='sub'>谁换了什么，等着发货还是来取</span>
        {url.rewardId ? (
          <button type='button' className='link t12' onClick={() => setUrl({ rewardId: undefined })}>
            只看一件礼品，看全部
          </button>
        ) : null}
      </div>
      <section className='panel list-panel'>
        <div className='state-bar'>
          <Tabs
            className='state-tabs'
            activeKey={state ?? 'all'}
            onChange={(key) => setUrl({ state: key === 'all' ? undefined : key })}
            items={[
              { key: 'all', label: '全部' },
              ...tabs.map((key) => ({ key, label: counts ? `${words[key]} ${counts[key]}` : words[key] })),
            ]}
          />
        </div>
        <DataTable
          label='兑换'
          rows={list.rows}
          query={list}
          rowKey={(row) => row.id}
          minWidth={880}
          clearFilters={state || url.rewardId ? () => setUrl({ state: undefined, rewardId: undefined }) : undefined}
          empty={
            <Notice art='shelf' title='还没有兑换'>
              会员在积分商城兑换后，会出现在这里。
            </Notice>
          }
          columns={[
            {
              key: 'reward',
              title: '礼品',
              className: 'wrap',
              render: (_, row) => (
                <div className='row g3'>
                  <RewardPicture picture={row.picture} size={40} />
                  <div className='grow'>
                    <Link className='m' to={`/rewards/${row.rewardId}`}>
                      {row.name}
                    </Link>
                    <div className='t12 i3 num'>{row.no}</div>
                  </div>
                </div>
              ),
            },
            {
              key: 'member',
              title: '会员',
              width: 104,
              render: (_, row) => <Link to={`/members/${row.memberId}`}>{row.memberNameMasked}</Link>,
            },
            {
              key: 'price',
              title: '价格',
              width: 132,
              render: (_, row) => <span className='num'>{priceOf(row)}</span>,
            },
            { key: 'way', title: '领取', width: 220, render: (_, row) => <Way order={row} /> },
            {
              key: 'state',
              title: '状态',
              width: 132,
              render: (_, row) => (
                <>
                  <span className={`tag ${orderTones[row.state]}`}>{row.stateText}</span>
                  <div className='t12 i3 num'>{describeMoment(row.createdAt, now)}</div>
                </>
              ),
            },
            {
              key: 'more',
              title: <span className='sr-only'>操作</span>,
              width: 112,
              align: 'right',
              render: (_, row) =>
                can('reward:fulfil') ? (
                  <div className='row' style={{ justifyContent: 'flex-end' }}>
                    {row.state === 'pending' ? (
                      <Button size='small' type='primary' onClick={() => setShipping(row)}>
                        发货
                      </Button>
                    ) : null}
                    {refundable.includes(row.state) ? (
                      <Dropdown
                        menu={{
                          items: [
                            ...(row.state === 'shipped'
                              ? [{ key: 'number', label: '改单号', onClick: () => setShipping(row) }]
                              : []),
                            { key: 'refund', danger: true, label: '退换', onClick: () => setRefunding(row) },
                          ],
                        }}
                        trigger={['click']}
                        placement='bottomRight'
                      >
                        <Button type='text' size='small' icon={<Icon name='more' />} aria-label={`${row.no}的操作`} />
                      </Dropdown>
                    ) : null}
                  </div>
                ) : null,
            },
          ]}
        />
      </section>
      <ShipOrder order={shipping} onClose={() => setShipping(null)} />
      <RefundOrder order={refunding} onClose={() => setRefunding(null)} />
    </div>
  )
}
