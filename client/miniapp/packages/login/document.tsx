import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { Page } from '../../components/Page'
import { documents } from './documents'
import './index.scss'

/** The member terms or the privacy policy, whichever the address names. */
export default function DocumentPage() {
  const document = documents[useRouter().params.name === 'privacy' ? 'privacy' : 'terms']
  return (
    <Page back title={document.title}>
      <View className='body document'>
        <Text className='document__since'>{document.since}</Text>
        {document.parts.map((part) => (
          <View key={part.heading} className='document__part'>
            <View className='document__heading'>{part.heading}</View>
            {part.lines.map((line) => (
              <View key={line} className='document__line'>
                {line}
              </View>
            ))}
          </View>
        ))}
      </View>
    </Page>
  )
}
