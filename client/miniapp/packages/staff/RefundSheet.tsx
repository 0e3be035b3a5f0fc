import type { Output } from '@shared/contract'
import { formatYuan, parseYuan } from '@shared/money'
import { Input, Text, View } from '@tarojs/components'
import { useState } from 'react'
import { sayFailure } from '../../api'
import { Button } from '../../components/Button'
import { Chips } from '../../components/Chips'
import { Sheet } from '../../components/Sheet'
import { Tap } from '../../components/Tap'
import { useAction } from '../../hooks/useAction'
import { confirm, toast } from '../../nav'
import { groupDigits } from '../../words'

type Purchase = Output<'GET /staff/purchases'>['items'][number]
type How = 'whole' | 'lines' | 'amount'

const WAYS = [
  { value: 'whole', text: '全部退' },
  { value: 'lines', text: '按商品' },
  { value: 'amount', text: '按金额' },
] as const
const REASONS = [
  { value: '顾客不想要了', text: '顾客不想要了' },
  { value: '商品有问题', text: '商品有问题' },
  { value: '收银录错', text: '收银录错' },
] as const

/** Counters per line, never more than what is still there. */
function LineCounts({
  purchase,
  counts,
  onChange,
}: {
  purchase: Purchase
  counts: Record<number, number>
  onChange: (counts: Record<number, number>) => void
}) {
  return (
    <View>
      {purchase.lines.map((line) => {
        const left = line.quantity - line.refundedQuantity
        const count = counts[line.lineNo] ?? 0
        const put = (next: number): void => onChange({ ...counts, [line.lineNo]: Math.max(0, Math.min(left, next)) })
        return (
          <View key={line.lineNo} className='sheet__line'>
            <View className='grow'>
              <View className='t14 cut'>{line.name}</View>
              <View className='t12 i3 num'>
                {formatYuan(line.unitFen)}，可退 {left} 件
              </View>
            </View>
            <Tap className='sheet__step' label='减一件' disabled={count === 0} onTap={() => put(count - 1)}>
              <Text>−</Text>
            </Tap>
            <Text className='sheet__count num'>{count}</Text>
            <Tap className='sheet__step' label='加一件' disabled={count >= left} onTap={() => put(count + 1)}>
              <Text>+</Text>
            </Tap>
          </View>
        )
      })}
    </View>
  )
}

interface Props {
  onClose: () => void
  onDone: () => void
}

function RefundForm({ purchase, onDone }: Pick<Props, 'onDone'> & { purchase: Purchase }) {
  const [how, setHow] = useState<How>('whole')
  const [counts, setCounts] = useState<Record<number, number>>({})
  const [amount, setAmount] = useState('')
  const [reason, setReason] = useState<(typeof REASONS)[number]['value']>(REASONS[0].value)
  const refund = useAction('POST /staff/purchases/:purchaseId/refunds')
  const left = purchase.paidFen - purchase.refundedFen
  const lines = Object.entries(counts).flatMap(([lineNo, quantity]) =>
    quantity > 0 ? [{ lineNo: Number(lineNo), quantity }] : [],
  )
  const amountFen = parseYuan(amount) ?? 0
  const ready = how === 'whole' || (how === 'lines' ? lines.length > 0 : amountFen > 0 && amountFen <= left)

  const submit = async (): Promise<void> => {
    const what =
      how === 'whole'
        ? `退 ${formatYuan(left)}`
        : how === 'amount'
          ? `退 ${formatYuan(amountFen)}`
          : `退 ${lines.reduce((sum, line) => sum + line.quantity, 0)} 件商品`
    if (!(await confirm('确认退款？', `${what}。这部分消费给的积分和成长值会收回，整单退时用掉的券退还会员`, '退款')))
      return
    try {
      const done = await refund.run({
        purchaseId: purchase.id,
        reason,
        ...(how === 'lines' ? { lines } : {}),
        ...(how === 'amount' ? { amountFen } : {}),
      })
      if (!done) return
      toast(
        `已退 ${formatYuan(done.refundFen)}，收回 ${groupDigits(done.pointsTakenBack)} 积分${done.pointsOwed > 0 ? `，欠 ${groupDigits(done.pointsOwed)}` : ''}`,
      )
      onDone()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <View>
      <View className='t13 i3 num'>
        {purchase.memberNameMasked}，实付 {formatYuan(purchase.paidFen)}，还可退 {formatYuan(left)}
      </View>
      <View className='sheet__part'>
        <Chips
          options={purchase.lines.length > 0 ? WAYS : WAYS.filter((way) => way.value !== 'lines')}
          value={how}
          onChange={setHow}
        />
      </View>
      {how === 'lines' && <LineCounts purchase={purchase} counts={counts} onChange={setCounts} />}
      {how === 'amount' && (
        <View className='desk__field'>
          <Text>¥</Text>
          <Input
            className='desk__input num'
            type='digit'
            value={amount}
            placeholder={`最多 ${formatYuan(left).slice(1)}`}
            onInput={(event) => setAmount(event.detail.value)}
            aria-label='退款金额'
          />
        </View>
      )}
      <View className='sheet__part'>
        <View className='t13 i3 sheet__label'>原因</View>
        <Chips options={REASONS} value={reason} onChange={setReason} />
      </View>
      <Button large busy={refund.busy} disabled={!ready} target='staff:refund' onTap={() => void submit()}>
        {refund.busy ? '正在退款' : how === 'whole' ? `退 ${formatYuan(left)}` : '退款'}
      </Button>
    </View>
  )
}

/** Takes a purchase back, whole, by lines or by an amount; says beforehand what that takes from the member. */
export function RefundSheet({ purchase, ...rest }: Props & { purchase: Purchase | null }) {
  return (
    <Sheet title='退款' open={purchase !== null} onClose={rest.onClose}>
      {purchase && <RefundForm key={purchase.id} purchase={purchase} onDone={rest.onDone} />}
    </Sheet>
  )
}
