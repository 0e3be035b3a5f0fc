import type { Output } from '@shared/contract'
import { Text, View } from '@tarojs/components'
import { Icon } from '../../components/Icon'
import { Ring } from '../../components/Ring'
import { groupDigits } from '../../words'

type Profile = Output<'GET /me/profile'>

/** How far the profile is: a ring, what is still to be had, and the fields one by one. */
export function Progress({ profile }: { profile: Profile }) {
  const { done, total, pointsLeft } = profile
  const whole = done >= total
  return (
    <View className='complete'>
      <Ring share={total > 0 ? done / total : 1} label={`资料完成 ${done} 项，共 ${total} 项`}>
        <Text className='complete__share num'>{Math.round((done / Math.max(1, total)) * 100)}%</Text>
        <Text className='complete__of num'>
          {done}/{total}
        </Text>
      </Ring>
      <View className='grow'>
        <View className='complete__title'>
          {whole ? '资料已完善' : pointsLeft > 0 ? `完善资料，得 ${groupDigits(pointsLeft)} 积分` : '再补几项就完整了'}
        </View>
        <View className='complete__list'>
          {profile.fields.map((one) => (
            <View key={one.field} className={`complete__item ${one.filled ? 'done' : ''}`}>
              {one.filled && <Icon name='check' size={12} />}
              <Text>{one.title}</Text>
              {!one.filled && one.points > 0 && <Text className='num'>+{one.points}</Text>}
            </View>
          ))}
        </View>
      </View>
    </View>
  )
}
