import type { Output } from '@shared/contract'
import { formatYuanShort } from '@shared/money'
import { civilDay, describeDay } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { serverNow } from '../api'
import { groupDigits } from '../words'
import { Icon } from './Icon'
import { Ring } from './Ring'
import { Tap } from './Tap'
import './MemberCard.scss'

export type TierProgress = Output<'GET /me/tier'>['progress']

/** The art on the card, one picture per tier; tiers above the fourth share its picture. */
const ART = ['leaf', 'silver', 'gold', 'black'] as const
export const artOf = (level: number): (typeof ART)[number] =>
  ART[Math.min(Math.max(level, 0), ART.length - 1)] ?? 'leaf'

interface Props {
  tier: TierProgress
  cardNo: string
  onCode?: () => void
  onTap?: () => void
}

function Gap({ tier }: { tier: TierProgress }) {
  if (tier.nextThreshold === null)
    return (
      <View className='mcard__gap'>
        <View className='mcard__words'>已是最高等级</View>
        <View className='mcard__words'>
          近一年成长值 <Text className='num'>{groupDigits(tier.growth)}</Text>
        </View>
      </View>
    )
  return (
    <View className='mcard__gap'>
      <View className='mcard__words'>
        再得 <Text className='mcard__figure num'>{groupDigits(tier.gap)}</Text> 成长值
      </View>
      <View className='mcard__words'>
        升级<Text className='mcard__gold'>{tier.nextName}</Text>
      </View>
    </View>
  )
}

/** The member's card: tier with its art, the exact gap to the next one, and the code a tap away. */
export function MemberCard({ tier, cardNo, onCode, onTap }: Props) {
  const today = civilDay(serverNow())
  const goal = tier.nextThreshold
  return (
    <View className={`mcard mcard--${artOf(tier.level)}`}>
      <View className='mcard__top'>
        <View className='grow'>
          <View className='mcard__tier'>{tier.name}</View>
          <View className='mcard__no num'>No. {cardNo}</View>
          <Gap tier={tier} />
        </View>
        <Ring
          share={goal ? tier.growth / goal : 1}
          label={goal ? `成长值 ${tier.growth}，下一级 ${goal}` : `成长值 ${tier.growth}`}
        >
          <Text className='mcard__growth num'>{groupDigits(tier.growth)}</Text>
          <Text className='mcard__goal num'>{goal ? `/ ${groupDigits(goal)}` : '成长值'}</Text>
        </Ring>
      </View>
      <View className='mcard__strip'>
        <View className='grow'>
          {goal !== null && (
            <View className='mcard__spend num'>约再消费 {formatYuanShort(Math.ceil(tier.gapFen / 100) * 100)}</View>
          )}
          <View className='mcard__until'>
            {tier.validUntil ? `等级有效至 ${describeDay(tier.validUntil, today)}` : '等级长期有效'}
          </View>
        </View>
        {onTap && (
          // Lies over the card but under the code, so that neither button stands inside the other.
          <Tap className='mcard__open' onTap={onTap} target='card' label={`${tier.name}，看等级与权益`} />
        )}
        {onCode && (
          <Tap className='mcard__code' onTap={onCode} target='card:code' label='出示会员码'>
            <Icon name='code' size={20} />
            <Text>会员码</Text>
          </Tap>
        )}
      </View>
    </View>
  )
}
