import { Text, View } from '@tarojs/components'
import { stopPullDownRefresh, usePullDownRefresh, useShareAppMessage } from '@tarojs/taro'
import { useEffect } from 'react'
import { learnServerTime } from '../../api'
import { Icon } from '../../components/Icon'
import { Page } from '../../components/Page'
import { ErrorState } from '../../components/States'
import { useQuery } from '../../hooks/useQuery'
import { useSignedIn } from '../../session'
import { HomeSkeleton } from './HomeSkeleton'
import { MemberHome } from './MemberHome'
import { VisitorHome } from './VisitorHome'
import './index.scss'

const ShopLead = ({ name }: { name: string }) => (
  <>
    <Icon name='pin' size={16} />
    <Text>{name}</Text>
  </>
)

function ForMember() {
  const home = useQuery('GET /me/home', {}, { keep: true })
  const { data, reload } = home
  useEffect(() => {
    if (data && !home.staleSince) learnServerTime(data.now)
  }, [data, home.staleSince])
  usePullDownRefresh(() => void reload().finally(stopPullDownRefresh))
  return (
    <Page
      tab='home'
      tone='light'
      lead={<ShopLead name={data?.shop ?? ''} />}
      staleSince={home.staleSince}
      className='home'
    >
      <View className='home__ground' />
      {data && <MemberHome home={data} />}
      {home.loading && <HomeSkeleton />}
      {!data && home.error && (
        <View className='card home__fail'>
          <ErrorState error={home.error} onRetry={reload} />
        </View>
      )}
    </Page>
  )
}

function ForVisitor() {
  const home = useQuery('GET /home', {}, { keep: true })
  const { data, reload } = home
  usePullDownRefresh(() => void reload().finally(stopPullDownRefresh))
  return (
    <Page
      tab='home'
      tone='light'
      lead={<ShopLead name={data?.shop ?? ''} />}
      staleSince={home.staleSince}
      className='home'
    >
      <View className='home__ground' />
      {data && <VisitorHome home={data} />}
      {home.loading && <HomeSkeleton />}
      {!data && home.error && (
        <View className='card home__fail'>
          <ErrorState error={home.error} onRetry={reload} />
        </View>
      )}
    </Page>
  )
}

/** What a friend sees who gets the home page sent. */
const CARD = { title: '积分、优惠券、生日礼，一处都有', path: '/pages/home/index' }

/** Home: a member's own, or for a visitor what the shop offers and how to join. */
export default function HomePage() {
  const signedIn = useSignedIn('member')
  useShareAppMessage(() => CARD)
  return signedIn ? <ForMember /> : <ForVisitor />
}
