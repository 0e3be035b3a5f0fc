import type { Output } from '@shared/contract'
import { formatYuan } from '@shared/money'
import { describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { useMemo } from 'react'
import { serverNow } from '../../api'
import { Tag } from '../../components/Chips'
import { JoinFirst } from '../../components/JoinFirst'
import { Page } from '../../components/Page'
import { Empty, ErrorState, ListEnd, Skeleton } from '../../components/States'
import { Tap } from '../../components/Tap'
import { useList } from '../../hooks/useList'
import { go } from '../../nav'
import { useSignedIn } from '../../session'
import { groupDigits } from '../../words'
import './purchases.scss'

type Purchase = Output<'GET /me/purchases'>['items'][number]
/** More lines than this are told as a number. */
const LINES_SHOWN = 3

function Receipt({ purchase }: { purchase: Purchase }) {
  const rest = purchase.lines.length - LINES_SHOWN
  return (
    <Tap
      className='card receipt'
      target='purchase'
      onTap={() => go(`/packages/profile/purchase?purchaseId=${purchase.id}`)}
    >
      <View className='row between'>
        <Text className='t13 i2'>
          {describeMoment(purchase.at, serverNow())} {purchase.storeName}
        </Text>
        {purchase.status === 'refunded' && <Tag>已退款</Tag>}
        {purchase.status === 'part_refunded' && <Tag tone='warn'>{`已退 ${formatYuan(purchase.refundedFen)}`}</Tag>}
      </View>
      {purchase.lines.slice(0, LINES_SHOWN).map((line) => (
        <View key={line.lineNo} className='receipt__line'>
          <Text className='grow cut'>{line.name}</Text>
          <Text className='num i3'>×{line.quantity}</Text>
          <Text className='num receipt__price'>{formatYuan(line.unitFen * line.quantity)}</Text>
        </View>
      ))}
      {rest > 0 && <View className='t12 i3'>还有 {rest} 件商品</View>}
      <View className='receipt__sum'>
        <Text className='t12 i3 num'>
          {purchase.pointsEarned > 0 ? `得 ${groupDigits(purchase.pointsEarned)} 积分` : ''}
        </Text>
        <View className='row baseline g2'>
          {purchase.paidFen < purchase.amountFen && (
            <Text className='t12 i3 num'>已省 {formatYuan(purchase.amountFen - purchase.paidFen)}</Text>
          )}
          <Text className='receipt__paid num'>{formatYuan(purchase.paidFen)}</Text>
        </View>
      </View>
    </Tap>
  )
}

function Mine() {
  const list = useList(
    'GET /me/purchases',
    useMemo(() => ({ limit: 20 }), []),
    { keep: true },
  )
  return (
    <Page back title='订单与退款' staleSince={list.staleSince}>
      <View className='body purchases stack'>
        {list.loading && <Skeleton kind='ticket' rows={4} />}
        {list.error && !list.data && <ErrorState error={list.error} onRetry={list.reload} />}
        {list.data && list.items.length === 0 && (
          <Empty picture='ledger' title='还没有消费记录' hint='到店结账出示会员码，每一笔都会记在这里' />
        )}
        {list.items.map((purchase) => (
          <Receipt key={purchase.id} purchase={purchase} />
        ))}
        <ListEnd list={list} />
      </View>
    </Page>
  )
}

/** What the member bought. */
export default function PurchasesPage() {
  if (useSignedIn('member')) return <Mine />
  return (
    <Page back title='订单与退款'>
      <JoinFirst title='登录后看订单' hint='每一笔消费和所得积分都在这里' />
    </Page>
  )
}
