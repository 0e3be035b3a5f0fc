import { View } from '@tarojs/components'
import type { PropsWithChildren } from 'react'
import { spoken } from './spoken'
import './Ring.scss'

/** A golden arc from 12 o'clock over `share` (0 to 1) of a circle, round at both ends, with the figures inside. */
export function Ring({ share, label, children }: PropsWithChildren<{ share: number; label: string }>) {
  const degrees = Math.round(Math.min(1, Math.max(0, share)) * 360)
  return (
    <View className='ring' {...spoken({ role: 'img', label })}>
      <View
        className='ring__arc'
        style={`background:conic-gradient(#F6E7C1 0deg,#D9B973 ${Math.round(degrees * 0.6)}deg,#C39A4C ${degrees}deg,rgba(255,255,255,.12) ${degrees}deg)`}
      />
      {degrees > 0 && degrees < 360 && (
        <>
          <View className='ring__cap first' />
          <View className='ring__turn' style={`transform:rotate(${degrees}deg)`}>
            <View className='ring__cap last' />
          </View>
        </>
      )}
      <View className='ring__in'>{children}</View>
    </View>
  )
}
