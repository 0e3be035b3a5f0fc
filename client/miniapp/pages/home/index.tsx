import { Text, View } from '@tarojs/components'
import { stopPullDownRefresh, usePullDownRefresh } from '@tarojs/taro'
import { useEffect } from 'react'
import { learnServerTime } from '../../api'
import { Icon } from '../../components/Icon'
import { Page } from '../../components/Page'
import { ErrorState, Skeleton } from '../../components/States'
import { useQuery } from '../../hooks/useQuery'
import { useSignedIn } from '../../session'
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
      {home.loading && (
        <View className='body home__wait'>
          <Skeleton block={216} rows={2} kind='ticket' />
        </View>
      )}
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
      {home.loading && (
        <View className='body home__wait'>
          <Skeleton block={216} rows={2} kind='ticket' />
        </View>
      )}
      {!data && home.error && (
        <View className='card home__fail'>
          <ErrorState error={home.error} onRetry={reload} />
        </View>
      )}
    </Page>
  )
}

/** Home: a member's own, or for a visitor what the shop offers and how to join. */
export default function HomePage() {
  return useSignedIn('member') ? <ForMember /> : <ForVisitor />
}
