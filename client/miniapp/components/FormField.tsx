import { Input, Text, View } from '@tarojs/components'
import './FormField.scss'

interface Props {
  name: string
  value: string
  placeholder: string
  onChange: (value: string) => void
  type?: 'text' | 'number' | 'digit'
  max?: number
  unit?: string
}

/** A line to fill in: its name at the left, the field at the right. */
export function FormField({ name, value, placeholder, onChange, type = 'text', max = 60, unit }: Props) {
  return (
    <View className='formfield'>
      <Text className='formfield__name'>{name}</Text>
      <Input
        className='formfield__input'
        type={type}
        maxlength={max}
        value={value}
        placeholder={placeholder}
        onInput={(event) => onChange(event.detail.value)}
        aria-label={name}
      />
      {unit && <Text className='formfield__unit'>{unit}</Text>}
    </View>
  )
}
