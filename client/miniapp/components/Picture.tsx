import { Image, View } from '@tarojs/components'
import { serverAddress } from '../platform'
import { decoration } from './spoken'
import './Picture.scss'

interface Props {
  /** `art:candle` is drawn by the app; a path belongs to our server; anything else is an address. */
  src: string
  className?: string
}

/** A picture of something: one of the app's own drawings, or a photograph. */
export function Picture({ src, className = '' }: Props) {
  if (src.startsWith('art:')) return <View className={`picture goods__pic--${src.slice(4)} ${className}`} />
  return (
    <Image className={`picture ${className}`} src={serverAddress(src)} mode='aspectFill' lazyLoad {...decoration} />
  )
}
