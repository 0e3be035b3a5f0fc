import { formatYuanShort } from '@shared/money'
import { Text, View } from '@tarojs/components'
import { Button } from '../../components/Button'
import { Tag } from '../../components/Chips'
import { Icon } from '../../components/Icon'
import { Tap } from '../../components/Tap'
import { endsToday } from '../../components/Ticket'
import type { CouponQuote } from './counter'
import './CouponPicker.scss'

interface Props {
  coupons: CouponQuote[]
  chosen: string[]
  amountFen: number
  onToggle: (quote: CouponQuote) => void
  /** An exchange coupon is handed over by itself, with or without a purchase. */
  onHand: (quote: CouponQuote) => void
}

const short = ({ coupon: { face } }: CouponQuote): string =>
  face.kind === 'exchange' ? '' : face.kind === 'amount' && !face.value.startsWith('¥') ? `¥${face.value}` : face.value

function Row({
  quote,
  on,
  amountFen,
  onToggle,
  onHand,
}: Omit<Props, 'coupons' | 'chosen'> & { quote: CouponQuote; on: boolean }) {
  const { face } = quote.coupon
  const exchange = face.kind === 'exchange'
  // Before an amount is on the pad a minimum spend is no refusal worth showing; the condition says it.
  const refused = !quote.usable && (amountFen > 0 || Boolean(quote.coupon.blocked))
  // Saves by itself, only not together with what is ticked: a tap changes over to it.
  const instead = refused && quote.savesFen > 0
  const note = refused ? (quote.refusal ?? quote.coupon.blocked ?? '这单不能用') : face.condition
  const inside = (
    <>
      <View className={exchange ? 'picker__room' : `picker__box ${on ? 'on' : ''}`}>
        {on && <Icon name='check' size={16} />}
      </View>
      <View className={`picker__value num ${short(quote).length > 4 ? 'long' : ''}`}>
        {exchange ? <Icon name='gift' size={22} /> : short(quote)}
      </View>
      <View className='grow'>
        <View className='picker__name cut'>{face.name}</View>
        <View className='picker__note'>{note}</View>
      </View>
      {exchange ? (
        !refused && (
          <Button kind='ghost' target='staff:hand' onTap={() => onHand(quote)}>
            核销
          </Button>
        )
      ) : quote.usable && quote.savesFen > 0 ? (
        <Tag tone={on ? 'brand' : 'plain'}>{`省 ${formatYuanShort(quote.savesFen)}`}</Tag>
      ) : endsToday(quote.coupon) ? (
        <Tag tone='danger'>今天到期</Tag>
      ) : null}
    </>
  )
  if (exchange) return <View className={`picker__row ${refused ? 'off' : ''}`}>{inside}</View>
  return (
    <Tap
      className={`picker__row ${refused ? 'off' : ''}`}
      role='checkbox'
      checked={on}
      disabled={refused && !on && !instead}
      label={`${face.name}，${note}${on ? '，已选' : ''}`}
      target='staff:coupon'
      onTap={() => onToggle(quote)}
    >
      {inside}
    </Tap>
  )
}

/** The member's coupons at the till: what can be used first, the refused ones below with the reason. */
export function CouponPicker({ coupons, chosen, amountFen, onToggle, onHand }: Props) {
  const weight = (quote: CouponQuote): number =>
    (chosen.includes(quote.coupon.id) ? 4 : 0) + (quote.coupon.blocked ? 0 : 2) + (quote.usable ? 1 : 0)
  const sorted = [...coupons].sort((a, b) => weight(b) - weight(a) || b.savesFen - a.savesFen)
  return (
    <View className='card picker'>
      {sorted.map((quote) => (
        <Row
          key={quote.coupon.id}
          quote={quote}
          on={chosen.includes(quote.coupon.id)}
          amountFen={amountFen}
          onToggle={onToggle}
          onHand={onHand}
        />
      ))}
      <Text className='picker__end'>
        {coupons.some((one) => one.coupon.face.kind === 'exchange') ? '兑换券当面交付后点“核销”' : ''}
      </Text>
    </View>
  )
}
