import { civilDay, describeDay } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { useRouter } from '@tarojs/taro'
import { useState } from 'react'
import { sayFailure, serverNow } from '../../api'
import { Button } from '../../components/Button'
import { type Gift, GiftMoment } from '../../components/GiftMoment'
import { Icon } from '../../components/Icon'
import { JoinFirst } from '../../components/JoinFirst'
import { Page } from '../../components/Page'
import { Empty, ErrorState, Skeleton } from '../../components/States'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { go, tabPath, toast } from '../../nav'
import { buzz } from '../../platform'
import { useSignedIn } from '../../session'
import { callName } from '../../words'
import './index.scss'

function words(gift: Gift, name: string): { over: string; title: string; under: string } {
  if (gift.kind === 'birthday')
    return { over: '今年的生日礼', title: `${name}，生日快乐`, under: '谢谢你又陪我们走过一年' }
  return {
    over: gift.years ? `相识 ${gift.years} 周年` : '会员周年',
    title: `${name}，谢谢你`,
    under: '有你在，每一年都值得庆祝',
  }
}

function Moment({ gift, name }: { gift: Gift; name: string }) {
  const [open, setOpen] = useState(gift.opened)
  const action = useAction('POST /me/gifts/:giftId/open')
  const today = civilDay(serverNow())
  const { over, title, under } = words(gift, name)
  const unwrap = async (): Promise<void> => {
    // The gift is in the account already; opening is the moment, so it does not wait for the network.
    setOpen(true)
    buzz()
    try {
      await action.run({ giftId: gift.id })
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <View className={`unwrap ${open ? 'open' : ''}`}>
      <View className='unwrap__words'>
        <View className='unwrap__over'>{over}</View>
        <View className='unwrap__title'>{title}</View>
        <View className='unwrap__under'>{under}</View>
      </View>
      <GiftMoment gift={gift} open={open} onOpen={() => void unwrap()} />
      <View className='unwrap__foot'>
        {open && (
          <View className='card unwrap__list'>
            {gift.gifts.map((part) => (
              <View key={part.title} className='unwrap__row'>
                <View className='ic gold'>
                  <Icon name={part.kind === 'coupon' ? 'ticket' : 'star'} size={20} />
                </View>
                <View className='grow'>
                  <View className='unwrap__name'>{part.title}</View>
                  <View className='unwrap__detail'>{part.detail}</View>
                </View>
              </View>
            ))}
          </View>
        )}
        {open ? (
          <Button kind='gold' large target='gift:keep' onTap={() => go(tabPath('coupons'))}>
            收下{gift.kind === 'birthday' ? '生日礼' : '周年礼'}
          </Button>
        ) : (
          <Button kind='gold' large target='gift:open' onTap={() => void unwrap()}>
            拆开礼物
          </Button>
        )}
        <Text className='unwrap__note'>{describeDay(gift.until, today)} 23:59 前可用，在“卡券”里查看</Text>
      </View>
    </View>
  )
}

function Mine({ giftId }: { giftId: string | undefined }) {
  const gifts = useQuery('GET /me/gifts', {}, { keep: true })
  const me = useQuery('GET /me', {}, { keep: true })
  const items = gifts.data?.items ?? []
  const gift = items.find((one) => one.id === giftId) ?? items.find((one) => !one.opened) ?? items[0]
  if (gift && me.data)
    return (
      <Page back tone='light' className='birthday'>
        <View className='birthday__rays' />
        <Moment key={gift.id} gift={gift} name={callName(me.data.name)} />
      </Page>
    )
  const error = gifts.error ?? me.error
  return (
    <Page back title='我的礼物' staleSince={gifts.staleSince}>
      <View className='body'>
        {(gifts.loading || me.loading) && !error && <Skeleton block={320} rows={3} />}
        {error && !gift && <ErrorState error={error} onRetry={() => void Promise.all([gifts.reload(), me.reload()])} />}
        {gifts.data && !gift && (
          <Empty
            picture='inbox'
            title='现在还没有礼物'
            hint={me.data?.birthday ? '生日和入会周年那天，会有一份心意等你拆' : '填上生日，到时会有一份心意等你拆'}
            action={
              me.data && !me.data.birthday && <Button onTap={() => go('/packages/profile/index')}>去填生日</Button>
            }
          />
        )}
      </View>
    </Page>
  )
}

/** The birthday or anniversary gift: a box to open. */
export default function BirthdayPage() {
  const { giftId } = useRouter().params
  if (useSignedIn('member')) return <Mine giftId={giftId} />
  return (
    <Page back title='我的礼物'>
      <JoinFirst title='登录后拆礼物' hint='生日和入会周年，都有一份心意' />
    </Page>
  )
}
