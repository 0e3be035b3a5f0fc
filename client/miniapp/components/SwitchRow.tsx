import { View } from '@tarojs/components'
import { Tap } from './Tap'
import './SwitchRow.scss'

interface Props {
  title: string
  detail: string
  checked: boolean
  /** It is so and stays so. */
  locked?: boolean
  busy?: boolean
  target?: string
  onChange: (on: boolean) => void
}

/** A line with a switch; the whole line is the target. */
export function SwitchRow({ title, detail, checked, locked, busy, target, onChange }: Props) {
  return (
    <Tap
      className='switchrow'
      role='switch'
      checked={checked}
      label={`${title}，${detail}`}
      disabled={locked || busy}
      target={target}
      onTap={() => onChange(!checked)}
    >
      <View className='grow'>
        <View className='switchrow__title'>{title}</View>
        <View className='switchrow__detail'>{detail}</View>
      </View>
      <View className={`switchrow__track ${checked ? 'on' : ''} ${locked || busy ? 'still' : ''}`}>
        <View className='switchrow__knob' />
      </View>
    </Tap>
  )
}
