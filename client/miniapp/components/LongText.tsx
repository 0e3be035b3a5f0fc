import { Text, Textarea, View } from '@tarojs/components'
import './LongText.scss'

interface Props {
  name: string
  value: string
  placeholder: string
  max: number
  onChange: (value: string) => void
}

/** A field for several lines, with how much room is left. */
export function LongText({ name, value, placeholder, max, onChange }: Props) {
  return (
    <View className='longtext'>
      <Textarea
        className='longtext__field'
        value={value}
        placeholder={placeholder}
        maxlength={max}
        onInput={(event) => onChange(event.detail.value)}
        aria-label={name}
      />
      <Text className='longtext__left num'>
        {[...value].length}/{max}
      </Text>
    </View>
  )
}
