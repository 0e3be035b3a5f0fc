import type { Output } from '@shared/contract'
import { View } from '@tarojs/components'
import type { IconName } from './Icon'
import { ListRow } from './ListRow'

type Benefit = Output<'GET /tiers'>['items'][number]['benefits'][number]

const ICONS: Record<Benefit['kind'], IconName> = {
  multiplier: 'star',
  birthday: 'cake',
  anniversary: 'gift',
  coupon: 'ticket',
  service: 'sparkle',
}

/** What a tier gives, a line each. */
export function BenefitList({ benefits }: { benefits: Benefit[] }) {
  return (
    <View className='card'>
      {benefits.map((benefit) => (
        <ListRow
          key={benefit.title}
          icon={ICONS[benefit.kind]}
          tone='gold'
          title={benefit.title}
          detail={benefit.detail}
        />
      ))}
    </View>
  )
}
