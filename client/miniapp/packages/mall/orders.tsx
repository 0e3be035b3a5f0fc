import type { Output } from '@shared/contract'
import { describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { stopPullDownRefresh, usePullDownRefresh } from '@tarojs/taro'
import { useMemo, useState } from 'react'
import { serverNow } from '../../api'
import { Button } from '../../components/Button'
import { Tag } from '../../components/Chips'
import { JoinFirst } from '../../components/JoinFirst'
import { Page } from '../../components/Page'
import { Picture } from '../../components/Picture'
import { RewardPrice } from '../../components/RewardGrid'
import { Empty, ErrorState, ListEnd, Skeleton } from '../../components/States'
import { Tabs } from '../../components/Tabs'
import { Tap } from '../../components/Tap'
import { useList } from '../../hooks/useList'
import { go } from '../../nav'
import { useSignedIn } from '../../session'
import './orders.scss'

export type RewardOrder = Output<'GET /me/reward-orders'>['items'][number]
type TabKey = 'all' | 'open' | 'closed'
const TABS = [
  { value: 'all', text: '全部' },
  { value: 'open', text: '进行中' },
  { value: 'closed', text: '已结束' },
] as const

/** What asks for an act is green or red, what is over is grey. */
export const toneOf = (state: RewardOrder['state']): 'brand' | 'danger' | 'plain' | 'gold' =>
  state === 'unpaid'
    ? 'danger'
    : state === 'ready'
      ? 'gold'
      : state === 'pending' || state === 'shipped'
        ? 'brand'
        : 'plain'

function Row({ order }: { order: RewardOrder }) {
  const note = order.dueAt
    ? `${describeMoment(order.dueAt, serverNow())} 前${order.state === 'unpaid' ? '付款' : '取货'}`
    : describeMoment(order.createdAt, serverNow())
  return (
    <Tap
      className='card exchange'
      target={`exchange:${order.state}`}
      onTap={() => go(`/packages/mall/order?orderId=${order.id}`)}
    >
      <View className='exchange__pic'>
        <Picture src={order.picture} />
      </View>
      <View className='grow'>
        <View className='row between g2'>
          <View className='t14 m cut'>{order.name}</View>
          <Tag tone={toneOf(order.state)}>{order.stateText}</Tag>
        </View>
        <View className={`t12 ${order.state === 'unpaid' ? 'cd' : 'i3'}`}>
          {[note, order.store?.name].filter(Boolean).join('，')}
        </View>
        <RewardPrice points={order.points} cashFen={order.cashFen} />
      </View>
    </Tap>
  )
}

function Mine() {
  const [tab, setTab] = useState<TabKey>('all')
  const list = useList(
    'GET /me/reward-orders',
    useMemo(() => ({ tab, limit: 20 }), [tab]),
    { keep: true },
  )
  usePullDownRefresh(() => void list.reload().finally(stopPullDownRefresh))
  return (
    <Page back title='我的兑换' staleSince={list.staleSince}>
      <Tabs options={TABS} value={tab} onChange={setTab} />
      <View className='body exchanges stack'>
        {list.loading && <Skeleton kind='ticket' rows={4} />}
        {list.error && !list.data && <ErrorState error={list.error} onRetry={list.reload} />}
        {list.data && list.items.length === 0 && (
          <Empty
            picture='ledger'
            title={tab === 'open' ? '没有进行中的兑换' : '还没有兑换过'}
            hint='积分能换好物和券'
            action={<Button onTap={() => go('/packages/mall/index')}>去积分商城</Button>}
          />
        )}
        {list.items.map((order) => (
          <Row key={order.id} order={order} />
        ))}
        <ListEnd list={list} />
        {list.items.length > 0 && (
          <View className='exchanges__note'>
            <Text>到店取货时，出示取货码即可</Text>
          </View>
        )}
      </View>
    </Page>
  )
}

/** What the member redeemed, with what is still to be done about it. */
export default function RewardOrdersPage() {
  if (useSignedIn('member')) return <Mine />
  return (
    <Page back title='我的兑换'>
      <JoinFirst title='登录后看兑换' hint='取货码和物流都在这里' />
    </Page>
  )
}
