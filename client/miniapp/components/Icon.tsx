import { View } from '@tarojs/components'

export type IconName =
  | 'alert' | 'backspace' | 'bag' | 'bell' | 'cake' | 'calendar' | 'chart' | 'check' | 'chevron-down' | 'chevron-left'
  | 'chevron-right' | 'clock' | 'close' | 'code' | 'crown' | 'gift' | 'handset' | 'home' | 'info' | 'keyboard' | 'leaf'
  | 'lock' | 'logout' | 'message' | 'offline' | 'pencil' | 'phone' | 'pin' | 'plus' | 'receipt' | 'refresh' | 'scan'
  | 'search' | 'settings' | 'shield' | 'sparkle' | 'star' | 'store' | 'sun' | 'text-size' | 'ticket' | 'undo' | 'user' | 'users'

/** An icon in the colour of the text around it, `size` px square. Decoration only: the label stands beside it. */
export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return <View className={`icon icon--${name}`} style={size === 24 ? undefined : `width:${size}px;height:${size}px`} />
}
