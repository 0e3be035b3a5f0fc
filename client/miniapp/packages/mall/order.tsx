import type { Output } from '@shared/contract'
import { formatYuan } from '@shared/money'
import { describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import Taro, { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { call, sayFailure, serverNow } from '../../api'
import { Button } from '../../components/Button'
import { Icon } from '../../components/Icon'
import { JoinFirst } from '../../components/JoinFirst'
import { Page } from '../../components/Page'
import { Picture } from '../../components/Picture'
import { QrPicture } from '../../components/QrPicture'
import { RewardPrice } from '../../components/RewardGrid'
import { Section } from '../../components/Section'
import { ErrorState, Skeleton } from '../../components/States'
import { Steps } from '../../components/Steps'
import { Tap } from '../../components/Tap'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { confirm, go, toast } from '../../nav'
import { copyText } from '../../platform'
import { useSignedIn } from '../../session'
import { codeGroups, groupDigits } from '../../words'
import './order.scss'

type Order = Output<'GET /me/reward-orders/:orderId'>
type Payment = Output<'POST /me/reward-orders/:orderId/payments'>

/** '661234567890' -> '6612 3456 7890', as it is read out at a counter. */
const readOut = (code: string): string => codeGroups(code).join(' ')

/** The pass that gets the goods: good once, at the store named on it. */
function PickupPass({ order, code }: { order: Order; code: string }) {
  return (
    <View className='card pickup'>
      <QrPicture className='pickup__qr' text={code} label='取货码二维码' />
      <View className='pickup__code num'>{readOut(code)}</View>
      <View className='pickup__hint'>
        {order.dueAt ? `${describeMoment(order.dueAt, serverNow())} 前` : ''}到
        {order.store ? `「${order.store.name}」` : '店'}出示，只能用一次
      </View>
    </View>
  )
}

function Delivery({ order }: { order: Order }) {
  const copy = async (): Promise<void> => {
    if (order.trackingNo && (await copyText(order.trackingNo))) toast('单号已复制')
  }
  return (
    <View className='card facts'>
      {order.trackingNo && (
        <Tap className='facts__row' label='复制快递单号' target='exchange:copy' onTap={() => void copy()}>
          <Text className='i3'>{order.carrier}</Text>
          <View className='row g1'>
            <Text className='num'>{order.trackingNo}</Text>
            <Icon name='copy' size={14} />
          </View>
        </Tap>
      )}
      {order.address && (
        <View className='facts__row'>
          <Text className='i3'>寄到</Text>
          <Text className='facts__long'>
            {order.address.name} {order.address.phoneMasked}，{order.address.region}
            {order.address.detail}
          </Text>
        </View>
      )}
    </View>
  )
}

/** Asks WeChat for the money, or plays the payment where the shop has no merchant account. True once it is paid. */
async function settle(payment: Payment): Promise<boolean> {
  if (payment.driver === 'local') {
    const sure = await confirm(
      '演示付款',
      `这里没有接微信支付，点“付款”就当付了 ${formatYuan(payment.amountFen)}`,
      '付款',
    )
    if (!sure) return false
    await call('POST /me/payments/:paymentId/stand-in', { paymentId: payment.paymentId })
    return true
  }
  try {
    await Taro.requestPayment(payment.params as unknown as Taro.requestPayment.Option)
    return true
  } catch {
    return false
  }
}

function Acts({ order, onChanged }: { order: Order; onChanged: () => Promise<void> }) {
  const start = useAction('POST /me/reward-orders/:orderId/payments')
  const cancel = useAction('POST /me/reward-orders/:orderId/cancel')
  const receive = useAction('POST /me/reward-orders/:orderId/received')
  const [paying, setPaying] = useState(false)
  const attempt = async (act: () => Promise<string | null>): Promise<void> => {
    try {
      const said = await act()
      if (said) toast(said)
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
    await onChanged()
  }
  const pay = async (): Promise<void> => {
    setPaying(true)
    await attempt(async () => {
      const payment = await start.run({ orderId: order.id })
      return payment && (await settle(payment)) ? '已付款' : null
    })
    setPaying(false)
  }
  const giveBack = (): Promise<void> =>
    attempt(async () => {
      const sure = await confirm('取消这次兑换？', '积分退回账户，付过的钱原路退还', '取消兑换')
      const done = sure && (await cancel.run({ orderId: order.id }))
      return done ? `已取消，退回 ${groupDigits(done.pointsBack)} 积分` : null
    })
  const arrived = (): Promise<void> =>
    attempt(async () => ((await receive.run({ orderId: order.id })) ? '已确认收货' : null))
  return (
    <View className='exchange__acts stack'>
      {order.state === 'unpaid' && (
        <Button large busy={paying} target='exchange:pay' onTap={() => void pay()}>
          付款 {formatYuan(order.cashFen)}
        </Button>
      )}
      {order.state === 'shipped' && (
        <Button large busy={receive.busy} target='exchange:received' onTap={() => void arrived()}>
          确认收货
        </Button>
      )}
      {order.couponId && (
        <Button large target='exchange:coupon' onTap={() => go(`/packages/coupon/index?couponId=${order.couponId}`)}>
          看这张券
        </Button>
      )}
      {order.cancellable && (
        <Button large kind='plain' busy={cancel.busy} target='exchange:cancel' onTap={() => void giveBack()}>
          取消兑换
        </Button>
      )}
    </View>
  )
}

function Detail({ order, onChanged }: { order: Order; onChanged: () => Promise<void> }) {
  return (
    <>
      <View className='exchange__state'>{order.stateText}</View>
      {order.pickupCode && <PickupPass order={order} code={order.pickupCode} />}
      <Tap
        className='card exchange'
        target='exchange:reward'
        onTap={() => go(`/packages/mall/reward?rewardId=${order.rewardId}`)}
      >
        <View className='exchange__pic'>
          <Picture src={order.picture} />
        </View>
        <View className='grow'>
          <View className='t14 m'>{order.name}</View>
          <View className='t12 i3 num'>单号 {order.no}</View>
          <RewardPrice points={order.points} cashFen={order.cashFen} />
        </View>
      </Tap>
      {order.method === 'delivery' && <Delivery order={order} />}
      {order.store && (
        <View className='card facts'>
          <View className='facts__row'>
            <Text className='i3'>取货门店</Text>
            <Text className='facts__long'>
              {order.store.name}，{order.store.address}
            </Text>
          </View>
        </View>
      )}
      <Acts order={order} onChanged={onChanged} />
      <Section title='经过' />
      <View className='card'>
        <Steps steps={order.steps} />
      </View>
    </>
  )
}

function Mine({ orderId }: { orderId: string }) {
  const query = useQuery('GET /me/reward-orders/:orderId', { orderId }, { keep: true })
  return (
    <Page back title='兑换详情' staleSince={query.staleSince}>
      <View className='body exchanges'>
        {query.loading && <Skeleton block={280} rows={3} />}
        {query.error && !query.data && <ErrorState error={query.error} onRetry={query.reload} />}
        {query.data && <Detail order={query.data} onChanged={query.reload} />}
      </View>
    </Page>
  )
}

/** One redemption: its pick-up code, its way to the member, and what can still be done. */
export default function RewardOrderPage() {
  const { orderId = '' } = useRouter().params
  if (useSignedIn('member')) return <Mine orderId={orderId} />
  return (
    <Page back title='兑换详情'>
      <JoinFirst title='登录后看这次兑换' hint='它在兑换的那个账号里' />
    </Page>
  )
}
