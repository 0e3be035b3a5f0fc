import { View } from '@tarojs/components'
import { Icon } from './Icon'
import { spoken } from './spoken'
import { Tap } from './Tap'
import './Stars.scss'

const FIVE = [1, 2, 3, 4, 5] as const

/** Stars as given. */
export function Stars({ value, size = 16 }: { value: number; size?: number }) {
  return (
    <View className='stars' {...spoken({ role: 'img', label: `${value} 星` })}>
      {FIVE.map((star) => (
        <View key={star} className={`stars__one ${star <= Math.round(value) ? 'on' : ''}`}>
          <Icon name='star' size={size} />
        </View>
      ))}
    </View>
  )
}

const SAID = ['', '很不满意', '不满意', '一般', '满意', '非常满意']

/** Stars to give: each is a target of its own. */
export function StarPicker({ value, onChange }: { value: number; onChange: (value: number) => void }) {
  return (
    <View className='starpick'>
      <View className='starpick__row' {...spoken({ role: 'radiogroup', label: '评分' })}>
        {FIVE.map((star) => (
          <Tap
            key={star}
            className={`starpick__one ${star <= value ? 'on' : ''}`}
            role='radio'
            checked={star === value}
            label={`${star} 星，${SAID[star]}`}
            onTap={() => onChange(star)}
          >
            <Icon name='star' size={32} />
          </Tap>
        ))}
      </View>
      <View className='starpick__said'>{value ? SAID[value] : '点星星评分'}</View>
    </View>
  )
}
