import { Text, View } from '@tarojs/components'
import type { ReactNode } from 'react'
import { Icon, type IconName } from './Icon'
import { Tap } from './Tap'
import './ListRow.scss'

interface Props {
  icon?: IconName
  tone?: 'brand' | 'gold' | 'danger' | 'mute'
  title: string
  detail?: string
  /** At the right; with `onTap` and nothing here, an arrow stands there. */
  right?: ReactNode
  onTap?: () => void
  target?: string
}

/** One line of a list: icon tile, title over detail, something at the right. */
export function ListRow({ icon, tone = 'brand', title, detail, right, onTap, target }: Props) {
  const inside = (
    <>
      {icon && (
        <View className={`ic ${tone}`}>
          <Icon name={icon} size={20} />
        </View>
      )}
      <View className='grow'>
        <View className='listrow__title'>{title}</View>
        {detail && <View className='listrow__detail'>{detail}</View>}
      </View>
      {right ?? (onTap && <Icon name='chevron-right' size={16} />)}
    </>
  )
  const className = `listrow ${icon ? '' : 'bare'}`
  return onTap ? (
    <Tap className={className} onTap={onTap} target={target}>
      {inside}
    </Tap>
  ) : (
    <View className={className}>{inside}</View>
  )
}

/** A signed amount over a remark, as ledgers show it. Green only for what was gained. */
export function Amount({ value, note }: { value: string; note: string }) {
  return (
    <View className='amount'>
      <Text className={`amount__value num ${value.startsWith('+') ? 'cb' : ''}`}>{value}</Text>
      <Text className='amount__note num'>{note}</Text>
    </View>
  )
}
