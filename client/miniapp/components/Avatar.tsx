import { Image, View } from '@tarojs/components'
import { serverAddress } from '../platform'
import { decoration } from './spoken'
import './Avatar.scss'

interface Props {
  src: string | null
  gender: 'female' | 'male' | 'unknown'
  size?: number
}

/** The member's own picture, or a drawn one. */
export function Avatar({ src, gender, size = 44 }: Props) {
  const picture = gender === 'unknown' ? 'leaf' : gender
  return (
    <View className={`avatar avatar--${picture}`} style={`width:${size}px;height:${size}px`}>
      {src && <Image className='avatar__own' src={serverAddress(src)} mode='aspectFill' {...decoration} />}
    </View>
  )
}
