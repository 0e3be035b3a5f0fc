import type { Output } from '@shared/contract'
import { formatYuan } from '@shared/money'
import { civilDay, describeDay, describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { serverNow } from '../api'
import { Tag } from './Chips'
import { Icon } from './Icon'
import { Tap } from './Tap'
import './Ticket.scss'

export type HeldCoupon = Output<'GET /me/coupons/:couponId'>
export type TicketFace = HeldCoupon['face']

interface Props {
  face: TicketFace
  tone?: 'plain' | 'today' | 'gold' | 'off'
  /** Lines under the name. */
  lines: ReactNode
  action?: ReactNode
  /** Why it cannot be used, on a strip at the bottom. */
  why?: string | null
  stamp?: string
  onTap?: () => void
  target?: string
}

/** The figure on the stub: the sign and the unit are half as large, and a long figure steps down rather than break. */
function StubValue({ face }: { face: TicketFace }) {
  if (face.kind === 'exchange') return <View className='ticket__value word'>兑换</View>
  const figure = face.value.replace(/[折¥]/g, '')
  const size = figure.length <= 3 ? '' : figure.length <= 4 ? 'long' : 'longer'
  return (
    <View className={`ticket__value num ${size}`}>
      {face.kind === 'amount' && <Text className='ticket__unit'>¥</Text>}
      <Text>{figure}</Text>
      {face.kind === 'percent' && <Text className='ticket__unit'>折</Text>}
    </View>
  )
}

/** A coupon as a ticket: stub, perforation, body. */
export function Ticket({ face, tone = 'plain', lines, action, why, stamp, onTap, target }: Props) {
  const inside = (
    <View className='ticket__in'>
      {/* Lies over the paper but under the button, so that neither stands inside the other. */}
      {onTap && <Tap className='ticket__open' onTap={onTap} target={target} label={`看「${face.name}」`} />}
      <View className='ticket__stub'>
        <StubValue face={face} />
        <View className='ticket__condition'>{face.condition}</View>
      </View>
      <View className='ticket__body'>
        <View className='ticket__main'>
          <View className='grow'>
            <View className='ticket__name'>{face.name}</View>
            {lines}
          </View>
          {action && <View className='ticket__act'>{action}</View>}
          {stamp && (
            <View className='ticket__stamp'>
              <Text>{stamp}</Text>
            </View>
          )}
        </View>
        {why && (
          <View className='ticket__why'>
            <Icon name='info' size={14} />
            <Text className='grow'>{why}</Text>
          </View>
        )}
      </View>
    </View>
  )
  return <View className={`ticket ${tone}`}>{inside}</View>
}

/** Whether the day a coupon ends is today; then it is shown first and in red. */
export const endsToday = (coupon: HeldCoupon): boolean => coupon.timeLeft.startsWith('今天')

/** '12月6日到期，还有 14 天'; what ends tomorrow says so by itself. */
function ending(coupon: HeldCoupon): string {
  if (!coupon.timeLeft.startsWith('还有')) return coupon.timeLeft
  return `${describeDay(civilDay(coupon.validTo), civilDay(serverNow()))}到期，${coupon.timeLeft}`
}

/** A coupon of this member, in whatever state it is. */
export function HeldTicket({ coupon, action, onTap }: { coupon: HeldCoupon; action?: ReactNode; onTap?: () => void }) {
  const { face, used } = coupon
  const common = { face, onTap, target: `coupon:${coupon.templateId}` }
  if (coupon.status === 'used')
    return (
      <Ticket
        {...common}
        tone='off'
        stamp='已使用'
        lines={
          used && (
            <>
              <View className='ticket__line first'>
                {describeMoment(used.at, serverNow())}，{used.storeName}
              </View>
              <View className='ticket__line'>省了 {formatYuan(used.savedFen)}</View>
            </>
          )
        }
      />
    )
  if (coupon.status === 'expired' || coupon.status === 'void')
    return (
      <Ticket
        {...common}
        tone='off'
        stamp={coupon.status === 'void' ? '已作废' : '已过期'}
        lines={<View className='ticket__line first'>{describeMoment(coupon.validTo, serverNow())} 到期</View>}
      />
    )
  const today = endsToday(coupon)
  const off = Boolean(coupon.blocked)
  return (
    <Ticket
      {...common}
      tone={off ? 'off' : today ? 'today' : face.tierOnly ? 'gold' : 'plain'}
      why={coupon.blocked}
      action={off ? undefined : action}
      lines={
        today && !off ? (
          <>
            <View className='ticket__tags'>
              <Tag tone='danger'>{coupon.timeLeft}</Tag>
            </View>
            {face.description && <View className='ticket__line first'>{face.description}</View>}
          </>
        ) : (
          <>
            {face.description && <View className='ticket__line first'>{face.description}</View>}
            <View className={`ticket__line ${face.description ? '' : 'first'}`}>
              {coupon.status === 'coming' ? `${describeMoment(coupon.validFrom, serverNow())} 起可用` : ending(coupon)}
            </View>
          </>
        )
      }
    />
  )
}
