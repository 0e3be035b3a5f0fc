import type { Output } from '@shared/contract'
import { Text, View } from '@tarojs/components'
import { Tap } from './Tap'
import './GiftMoment.scss'

export type Gift = Output<'GET /me/gifts'>['items'][number]

interface Props {
  gift: Gift
  open: boolean
  onOpen: () => void
}

/** What stands on the little ticket in the box: the amount of the first coupon, or a word where it has none. */
function ticketWord(gift: Gift): string {
  const first = gift.gifts.find((part) => part.kind === 'coupon') ?? gift.gifts[0]
  return (
    /¥\s?\d+(\.\d+)?|\d+(\.\d+)?\s?折/.exec(`${first?.title} ${first?.detail}`)?.[0] ??
    (first?.kind === 'points' ? '积分' : '礼券')
  )
}

/**
 * The box: shakes while it is closed; opened, the lid flies off to the right and the gifts rise one after the other. People
 * who ask for less motion see the last frame.
 */
export function GiftMoment({ gift, open, onOpen }: Props) {
  return (
    <Tap
      className={`moment ${open ? 'open' : ''}`}
      onTap={() => !open && onOpen()}
      label={open ? gift.title : '轻点拆开礼物'}
      target='gift:box'
    >
      <View className='moment__confetti' />
      <View className='moment__glow' />
      <View className='moment__box'>
        <View className='moment__layer back' />
        <View className='moment__ticket'>
          <View className='moment__tickethead'>{gift.kind === 'birthday' ? '生日券' : '周年礼'}</View>
          <View className='moment__ticketword num'>{ticketWord(gift)}</View>
        </View>
        <View className='moment__candle' />
        <View className='moment__layer front' />
        <View className='moment__lid' />
      </View>
      {!open && <Text className='moment__hint'>轻点礼盒拆开</Text>}
    </Tap>
  )
}
