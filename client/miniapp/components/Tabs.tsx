import { Text, View } from '@tarojs/components'
import { spoken } from './spoken'
import { Tap } from './Tap'
import './Tabs.scss'

interface Props<T extends string> {
  options: ReadonlyArray<{ value: T; text: string }>
  value: T
  onChange: (value: T) => void
}

/** The tabs at the top of a page; what they switch is drawn by the page. */
export function Tabs<T extends string>({ options, value, onChange }: Props<T>) {
  return (
    <View className='tabs' {...spoken({ role: 'tablist' })}>
      {options.map((option) => (
        <Tap
          key={option.value}
          className={`tabs__one ${option.value === value ? 'on' : ''}`}
          role='tab'
          checked={option.value === value}
          target={`tab:${option.value}`}
          onTap={() => onChange(option.value)}
        >
          <Text>{option.text}</Text>
        </Tap>
      ))}
    </View>
  )
}
