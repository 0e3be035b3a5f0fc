import { describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { serverNow } from '../api'
import './Steps.scss'

/** What happened, the latest on top. */
export function Steps({ steps }: { steps: { at: number; title: string; detail: string }[] }) {
  return (
    <View className='steps'>
      {[...steps].reverse().map((step) => (
        <View key={`${step.at}${step.title}`} className='steps__one'>
          <View className='steps__dot' />
          <View className='grow'>
            <View className='row between g2'>
              <Text className='steps__title'>{step.title}</Text>
              <Text className='steps__time num'>{describeMoment(step.at, serverNow())}</Text>
            </View>
            {step.detail && <View className='steps__detail'>{step.detail}</View>}
          </View>
        </View>
      ))}
    </View>
  )
}
