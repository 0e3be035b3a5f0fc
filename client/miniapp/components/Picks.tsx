import { Text, View } from '@tarojs/components'
import { Tap } from './Tap'
import './Picks.scss'

interface Props<T extends string> {
  options: Record<T, string>
  value: readonly T[]
  onChange: (value: T[]) => void
  /** Only one at a time. */
  single?: boolean
}

/** Words to tap, several or one of them on; they wrap. */
export function Picks<T extends string>({ options, value, onChange, single }: Props<T>) {
  const turn = (one: T): void => {
    if (single) onChange([one])
    else onChange(value.includes(one) ? value.filter((other) => other !== one) : [...value, one])
  }
  return (
    <View className='picks'>
      {(Object.keys(options) as T[]).map((one) => (
        <Tap
          key={one}
          className={`picks__one ${value.includes(one) ? 'on' : ''}`}
          role={single ? 'radio' : 'checkbox'}
          checked={value.includes(one)}
          onTap={() => turn(one)}
        >
          <Text>{options[one]}</Text>
        </Tap>
      ))}
    </View>
  )
}
