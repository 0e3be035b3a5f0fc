import type { Output } from '@shared/contract'
import { Text, View } from '@tarojs/components'
import { Button } from '../../components/Button'
import { CampaignBanners } from '../../components/CampaignBanner'
import { GoodsGrid } from '../../components/GoodsGrid'
import { ListRow } from '../../components/ListRow'
import { Section } from '../../components/Section'
import { Tap } from '../../components/Tap'
import { go, tabPath } from '../../nav'

const LOGIN = '/packages/login/index'

/** Home for who has not joined: everything can be read, joining is offered and never demanded. */
export function VisitorHome({ home }: { home: Output<'GET /home'> }) {
  return (
    <View className='body home__body'>
      <View className='hello'>
        <View className='grow'>
          <View className='hello__name'>欢迎来到{home.shop}</View>
          <View className='hello__remark'>先随便看看，想入会时再说</View>
        </View>
      </View>
      <View className='join'>
        <View className='join__title'>成为会员</View>
        <View className='join__text'>{home.joinGift}</View>
        <View className='join__points'>
          <Text>消费得积分</Text>
          <Text>专享优惠券</Text>
          <Text>生日有礼</Text>
        </View>
        <Button kind='gold' large target='join' onTap={() => go(LOGIN)}>
          立即入会
        </Button>
      </View>
      <CampaignBanners banners={home.banners} tell={false} />
      {home.claimableCount > 0 && (
        <View className='card home__rowcard'>
          <ListRow
            icon='ticket'
            tone='gold'
            title={`${home.claimableCount} 张优惠券可领`}
            detail='入会后即可领取，到店就能用'
            target='visitor:coupons'
            onTap={() => go(tabPath('rewards'))}
          />
        </View>
      )}
      {home.goods.length > 0 && (
        <>
          <Section title='大家都在买' />
          <GoodsGrid goods={home.goods} />
        </>
      )}
      {home.stores.length > 0 && (
        <>
          <Section title='门店' />
          <View className='card'>
            {home.stores.map((store) => (
              <ListRow
                key={store.id}
                icon='store'
                title={store.name}
                detail={[store.address, store.hours].filter(Boolean).join('，')}
              />
            ))}
          </View>
        </>
      )}
      <Tap className='home__member' target='visitor:login' onTap={() => go(LOGIN)}>
        <Text>已经是会员？去登录</Text>
      </Tap>
    </View>
  )
}
