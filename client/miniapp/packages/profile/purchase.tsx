import type { Output } from '@shared/contract'
import { formatYuan } from '@shared/money'
import { dateTime, describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { serverNow } from '../../api'
import { Tag } from '../../components/Chips'
import { JoinFirst } from '../../components/JoinFirst'
import { ListRow } from '../../components/ListRow'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { ErrorState, Skeleton } from '../../components/States'
import { useQuery } from '../../hooks/useQuery'
import { useSignedIn } from '../../session'
import { groupDigits } from '../../words'
import './purchases.scss'

type Purchase = Output<'GET /me/purchases/:purchaseId'>
const STATES: Record<Purchase['status'], { text: string; tone: 'brand' | 'warn' | 'plain' }> = {
  settled: { text: '已完成', tone: 'brand' },
  part_refunded: { text: '部分退款', tone: 'warn' },
  refunded: { text: '已退款', tone: 'plain' },
}

function Line({ name, value }: { name: string; value: string }) {
  return (
    <View className='order__line'>
      <Text className='i3'>{name}</Text>
      <Text className='num'>{value}</Text>
    </View>
  )
}

/** What came back, when and why, and what that took of the points. */
function Refunds({ purchase }: { purchase: Purchase }) {
  if (purchase.refunds.length === 0) return null
  return (
    <>
      <Section title='退款' more={`共 ${formatYuan(purchase.refundedFen)}`} />
      <View className='card'>
        {purchase.refunds.map((refund) => (
          <ListRow
            key={refund.id}
            icon='undo'
            tone='mute'
            title={`退 ${formatYuan(refund.amountFen)}`}
            detail={[
              describeMoment(refund.at, serverNow()),
              refund.reason,
              refund.pointsTakenBack > 0 ? `收回 ${groupDigits(refund.pointsTakenBack)} 积分` : '',
              refund.pointsOwed > 0 ? `欠 ${groupDigits(refund.pointsOwed)} 积分，下次得分先补上` : '',
            ]
              .filter(Boolean)
              .join('，')}
          />
        ))}
      </View>
    </>
  )
}

function Detail({ purchase }: { purchase: Purchase }) {
  const state = STATES[purchase.status]
  return (
    <>
      <View className='card receipt'>
        <View className='row between'>
          <View className='order__paid num'>{formatYuan(purchase.paidFen)}</View>
          <Tag tone={state.tone}>{state.text}</Tag>
        </View>
        <Line name='门店' value={purchase.storeName} />
        <Line name='时间' value={dateTime(purchase.at)} />
        <Line name='单号' value={purchase.no} />
      </View>
      <Section title='明细' />
      <View className='card receipt'>
        {purchase.lines.map((line) => (
          <View key={line.lineNo} className='receipt__line'>
            <View className='grow'>
              <View>{line.name}</View>
              {line.refundedQuantity > 0 && <View className='t12 i3'>已退 {line.refundedQuantity} 件</View>}
            </View>
            <Text className='num i3'>×{line.quantity}</Text>
            <Text className='num receipt__price'>{formatYuan(line.unitFen * line.quantity)}</Text>
          </View>
        ))}
        <View className='order__sums'>
          <Line name='合计' value={formatYuan(purchase.amountFen)} />
          {purchase.coupons.map((coupon) => (
            <Line key={coupon.couponId} name={coupon.name} value={`\u2212${formatYuan(coupon.savedFen)}`} />
          ))}
          <Line name='实付' value={formatYuan(purchase.paidFen)} />
          <Line
            name='积分'
            value={`+${groupDigits(purchase.pointsEarned)}${
              purchase.pointsTakenBack > 0 ? `，已收回 ${groupDigits(purchase.pointsTakenBack)}` : ''
            }`}
          />
        </View>
      </View>
      <Refunds purchase={purchase} />
    </>
  )
}

function Mine({ purchaseId }: { purchaseId: string }) {
  const query = useQuery('GET /me/purchases/:purchaseId', { purchaseId }, { keep: true })
  return (
    <Page back title='订单详情' staleSince={query.staleSince}>
      <View className='body purchases'>
        {query.loading && <Skeleton block={150} rows={4} />}
        {query.error && !query.data && <ErrorState error={query.error} onRetry={query.reload} />}
        {query.data && <Detail purchase={query.data} />}
      </View>
    </Page>
  )
}

/** One purchase: what was bought, what was saved, what came back. */
export default function PurchasePage() {
  const { purchaseId = '' } = useRouter().params
  if (useSignedIn('member')) return <Mine purchaseId={purchaseId} />
  return (
    <Page back title='订单详情'>
      <JoinFirst title='登录后看这笔订单' hint='它在消费的那个账号里' />
    </Page>
  )
}
