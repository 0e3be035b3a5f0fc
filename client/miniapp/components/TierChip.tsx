import { Text, View } from '@tarojs/components'
import { Icon } from './Icon'

/** The tier as a dark pill with a crown. */
export function TierChip({ name }: { name: string }) {
  return (
    <View className='tierchip'>
      <Icon name='crown' size={14} />
      <Text>{name}</Text>
    </View>
  )
}
