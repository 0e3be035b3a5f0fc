import { View } from '@tarojs/components'
import { spoken } from '../../components/spoken'

/** The shapes of the home page where they will stand, so that nothing jumps when the answer comes. */
export function HomeSkeleton() {
  return (
    <View className='body home__wait' {...spoken({ role: 'status', label: '正在加载' })}>
      <View className='hello'>
        <View className='bone hello__bone' />
        <View className='grow'>
          <View className='bone hello__line' />
          <View className='bone hello__line short' />
        </View>
      </View>
      <View className='bone home__card' />
      <View className='card assets'>
        {['积分', '优惠券', '待领取'].map((name) => (
          <View key={name} className='assets__cell'>
            <View className='bone assets__bone' />
            <View className='bone assets__bone tall' />
            <View className='bone assets__bone' />
          </View>
        ))}
      </View>
      <View className='bone home__ticket' />
      <View className='bone home__ticket' />
    </View>
  )
}
