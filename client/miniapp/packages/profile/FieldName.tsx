import { Text, View } from '@tarojs/components'
import { Tag } from '../../components/Chips'

/** What a line of the form is called, and what filling it in for the first time brings. */
export function FieldName({ name, points }: { name: string; points: number }) {
  return (
    <View className='field__name'>
      <Text>{name}</Text>
      {points > 0 && <Tag tone='gold'>{`+${points}`}</Tag>}
    </View>
  )
}
