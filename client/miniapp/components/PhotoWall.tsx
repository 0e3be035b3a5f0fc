import { Image, View } from '@tarojs/components'
import Taro from '@tarojs/taro'
import { useState } from 'react'
import { serverAddress } from '../platform'
import { Icon } from './Icon'
import { Tap } from './Tap'
import './PhotoWall.scss'

interface Shown {
  name: string
  url: string
  width: number
  height: number
}

/** Narrowest and tallest that a single photo is shown. */
const FLATTEST = 2
const TALLEST = 0.75

/** One photo; where it cannot be had, a camera stands in its place. */
function Photo({ src }: { src: string }) {
  const [lost, setLost] = useState(false)
  if (lost)
    return (
      <View className='wall__lost'>
        <Icon name='camera' size={28} />
      </View>
    )
  return <Image className='wall__pic' src={src} mode='aspectFill' lazyLoad onError={() => setLost(true)} />
}

/** Photos in a text: one keeps its shape, several stand in squares. A tap opens them large. Room is kept before they arrive. */
export function PhotoWall({ photos, of }: { photos: readonly Shown[]; of: string }) {
  if (photos.length === 0) return null
  const urls = photos.map((photo) => serverAddress(photo.url))
  const [first] = photos
  const ratio = first ? Math.min(FLATTEST, Math.max(TALLEST, first.width / Math.max(1, first.height))) : 1
  const columns = photos.length === 1 ? 'one' : photos.length === 2 || photos.length === 4 ? 'two' : 'three'
  return (
    <View className={`wall wall--${columns}`}>
      {photos.map((photo, index) => (
        <Tap
          key={photo.name}
          className='wall__cell'
          style={`padding-bottom:${photos.length === 1 ? 100 / ratio : 100}%`}
          label={`${of}的照片，第 ${index + 1} 张，共 ${photos.length} 张`}
          onTap={() => void Taro.previewImage({ current: urls[index], urls })}
        >
          <Photo src={urls[index] ?? ''} />
        </Tap>
      ))}
    </View>
  )
}
