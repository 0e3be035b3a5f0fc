import { Text, View } from '@tarojs/components'
import { go, type Tab, tabPath } from '../nav'
import { Icon, type IconName } from './Icon'
import { spoken } from './spoken'
import { Tap } from './Tap'
import './TabBar.scss'

const TABS: Array<{ tab: Tab; text: string; icon: IconName }> = [
  { tab: 'home', text: '首页', icon: 'home' },
  { tab: 'rewards', text: '礼遇', icon: 'gift' },
  { tab: 'code', text: '会员码', icon: 'code' },
  { tab: 'coupons', text: '卡券', icon: 'ticket' },
  { tab: 'me', text: '我的', icon: 'user' },
]

/** The bar at the bottom of the five tab pages; the member code stands raised in the middle. */
export function TabBar({ active }: { active: Tab }) {
  return (
    <>
      <View className='tabbar__room' />
      <View className='tabbar' {...spoken({ role: 'tablist', label: '主要页面' })}>
        {TABS.map(({ tab, text, icon }) => (
          <Tap
            key={tab}
            className={`tabbar__item ${tab === active ? 'on' : ''} ${tab === 'code' ? 'mid' : ''}`}
            role='tab'
            checked={tab === active}
            label={text}
            target={`tab:${tab}`}
            onTap={() => tab !== active && go(tabPath(tab))}
          >
            {tab === 'code' ? (
              <View className='tabbar__raised'>
                <Icon name={icon} size={26} />
              </View>
            ) : (
              <Icon name={icon} size={22} />
            )}
            <Text className='tabbar__text'>{text}</Text>
          </Tap>
        ))}
      </View>
    </>
  )
}
