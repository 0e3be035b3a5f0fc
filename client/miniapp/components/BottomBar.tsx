import { View } from '@tarojs/components'
import type { PropsWithChildren } from 'react'
import './BottomBar.scss'

/** The page's one act, in reach of the thumb while the page scrolls above it. */
export function BottomBar({ children }: PropsWithChildren) {
  return (
    <>
      <View className='bottombar__room' />
      <View className='bottombar'>{children}</View>
    </>
  )
}
