import { View } from '@tarojs/components'

/** Empty on purpose: WeChat asks for this component once the tab bar is custom; the pages draw components/TabBar. */
export default function CustomTabBar() {
  return <View />
}
