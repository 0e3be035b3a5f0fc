import { Text, View } from '@tarojs/components'
import Taro, { useDidShow } from '@tarojs/taro'
import { type PropsWithChildren, type ReactNode, useEffect, useState } from 'react'
import { currentPage, goBack, type Tab } from '../nav'
import { barInsets, readStored } from '../platform'
import { track } from '../track'
import { Icon } from './Icon'
import { PrivacySheet } from './PrivacySheet'
import { OfflineBar } from './States'
import { TabBar } from './TabBar'
import { Tap } from './Tap'
import './Page.scss'

interface Props {
  title?: string
  /** Stands in the navigation bar instead of a title, at the left. */
  lead?: ReactNode
  /** `light`: white words on a coloured head that runs up behind the bar. */
  tone?: 'dark' | 'light'
  back?: boolean
  tab?: Tab
  /** Epoch ms of what is shown, when the network is gone and it is old. */
  staleSince?: number | null
  className?: string
}

/** Height of the line that says how old the content is, with the air below it; coloured heads grow by it. */
const STALE_BAR = 46

/** What every page stands in: navigation bar with room for WeChat's capsule, offline mark, tab bar, large-text mode. */
export function Page({
  title,
  lead,
  tone = 'dark',
  back,
  tab,
  staleSince,
  className = '',
  children,
}: PropsWithChildren<Props>) {
  const [{ top, bar, right }] = useState(barInsets)
  const [large, setLarge] = useState(() => readStored<boolean>('large') === true)
  useEffect(() => {
    Taro.eventCenter.on('large', setLarge)
    return () => {
      Taro.eventCenter.off('large', setLarge)
    }
  }, [])
  useDidShow(() => {
    setLarge(readStored<boolean>('large') === true)
    track({ type: 'page_view', page: currentPage() })
  })
  return (
    <View
      className={`page page--${tone} ${large ? 'page--large' : ''} ${className}`}
      style={`--bar:${top + bar}px;--stale:${staleSince ? STALE_BAR : 0}px`}
    >
      <View className='navbar' style={`padding-top:${top}px`}>
        <View className='navbar__in' style={`height:${bar}px;padding-right:${right}px`}>
          {back && (
            <Tap className='navbar__back' label='返回' onTap={goBack}>
              <Icon name='chevron-left' />
            </Tap>
          )}
          {lead && <View className='navbar__lead'>{lead}</View>}
          {title && <Text className='navbar__title'>{title}</Text>}
        </View>
      </View>
      <View style={`height:${top + bar}px`} className='navbar__room' />
      {staleSince ? <OfflineBar since={staleSince} /> : null}
      {children}
      <PrivacySheet />
      {tab ? <TabBar active={tab} /> : <View className='page__end' />}
    </View>
  )
}
