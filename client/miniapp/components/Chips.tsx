import { ScrollView, Text, View } from '@tarojs/components'
import { spoken } from './spoken'
import { Tap } from './Tap'
import './Chips.scss'

interface Props<T extends string> {
  options: ReadonlyArray<{ value: T; text: string }>
  value: T
  onChange: (value: T) => void
}

/** A row of filters, one of them on. */
export function Chips<T extends string>({ options, value, onChange }: Props<T>) {
  return (
    <ScrollView scrollX className='chips' showScrollbar={false} enhanced>
      <View className='chips__in' {...spoken({ role: 'tablist' })}>
        {options.map((option) => (
          <Tap
            key={option.value}
            className={`chip ${option.value === value ? 'on' : ''}`}
            role='tab'
            checked={option.value === value}
            target={`chip:${option.value}`}
            onTap={() => onChange(option.value)}
          >
            <Text>{option.text}</Text>
          </Tap>
        ))}
      </View>
    </ScrollView>
  )
}

type Tone = 'plain' | 'brand' | 'gold' | 'danger' | 'warn'
/** A small label on a card. */
export function Tag({ tone = 'plain', children }: { tone?: Tone; children: string }) {
  return <Text className={`tag ${tone}`}>{children}</Text>
}
