import type { Output } from '@shared/contract'
import { formatYuan } from '@shared/money'
import { describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useMemo, useState } from 'react'
import { serverNow } from '../../api'
import { Tag } from '../../components/Chips'
import { Page } from '../../components/Page'
import { Empty, ErrorState, ListEnd, Skeleton } from '../../components/States'
import { Tap } from '../../components/Tap'
import { useList } from '../../hooks/useList'
import { toast } from '../../nav'
import { groupDigits } from '../../words'
import { workingStore } from './counter'
import { RefundSheet } from './RefundSheet'
import './refunds.scss'

export type Purchase = Output<'GET /staff/purchases'>['items'][number]
const STATES: Record<Purchase['status'], { text: string; tone: 'brand' | 'warn' | 'plain' }> = {
  settled: { text: '已结清', tone: 'brand' },
  part_refunded: { text: '部分退款', tone: 'warn' },
  refunded: { text: '已退款', tone: 'plain' },
}

function Row({ purchase, onTap }: { purchase: Purchase; onTap: () => void }) {
  const state = STATES[purchase.status]
  return (
    <Tap className='card sale' target='staff:purchase' onTap={onTap}>
      <View className='row between g2'>
        <Text className='t13 i2 cut'>
          {describeMoment(purchase.at, serverNow())}，{purchase.memberNameMasked}
        </Text>
        <Tag tone={state.tone}>{state.text}</Tag>
      </View>
      <View className='row between baseline g2'>
        <Text className='grow t12 i3 sale__no'>
          单号 {purchase.no}
          {purchase.pointsEarned > 0 ? `，${groupDigits(purchase.pointsEarned)} 积分` : ''}
        </Text>
        <Text className='sale__paid num'>{formatYuan(purchase.paidFen)}</Text>
      </View>
      {purchase.refundedFen > 0 && <View className='t12 i3 num'>已退 {formatYuan(purchase.refundedFen)}</View>}
    </Tap>
  )
}

/** Recent purchases of the store, or of the member at the counter; each can be taken back whole or in part. */
export default function StaffRefundsPage() {
  const { storeId = workingStore() ?? '', scanId } = useRouter().params
  const input = useMemo(() => ({ storeId, limit: 20, ...(scanId ? { scanId } : {}) }), [storeId, scanId])
  const list = useList('GET /staff/purchases', input)
  const [open, setOpen] = useState<Purchase | null>(null)
  return (
    <Page back title={scanId ? '往来记录' : '消费与退款'} className='staff'>
      <View className='body sales stack'>
        {list.loading && <Skeleton kind='ticket' rows={5} />}
        {list.error && !list.data && <ErrorState error={list.error} onRetry={list.reload} />}
        {list.data && list.items.length === 0 && (
          <Empty picture='ledger' title='还没有消费记录' hint='收款后会出现在这里' />
        )}
        {list.items.map((purchase) => (
          <Row
            key={purchase.id}
            purchase={purchase}
            onTap={() => (purchase.status === 'refunded' ? toast('这一笔已全部退款') : setOpen(purchase))}
          />
        ))}
        <ListEnd list={list} />
      </View>
      <RefundSheet
        purchase={open}
        onClose={() => setOpen(null)}
        onDone={() => {
          setOpen(null)
          void list.reload()
        }}
      />
    </Page>
  )
}
