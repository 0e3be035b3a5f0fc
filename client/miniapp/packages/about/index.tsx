import { Text, View } from '@tarojs/components'
import Taro from '@tarojs/taro'
import { ListRow } from '../../components/ListRow'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { Empty, ErrorState, Skeleton } from '../../components/States'
import { useQuery } from '../../hooks/useQuery'
import { go } from '../../nav'
import { isWeapp, openPrivacyContract, runsOn } from '../../platform'
import './index.scss'

/** '10:00–22:00' stays in one line: a word joiner on both sides of the dash. */
const unbroken = (hours: string): string => hours.replace(/\s*([–-])\s*/g, '\u2060$1\u2060')
const callStore = (phone: string): void => void Taro.makePhoneCall({ phoneNumber: phone }).catch(() => undefined)

function Stores() {
  const query = useQuery('GET /stores', {}, { keep: true })
  const { data } = query
  return (
    <>
      <Section title='门店' more={data && data.items.length > 0 ? `${data.items.length} 家` : undefined} />
      {query.loading && <Skeleton rows={2} />}
      {query.error && !data && (
        <View className='card'>
          <ErrorState error={query.error} onRetry={query.reload} />
        </View>
      )}
      {data?.items.length === 0 && <Empty picture='member' title='还没有门店' hint='开业后会写在这里' />}
      {data && data.items.length > 0 && (
        <View className='card'>
          {data.items.map((store) => (
            <ListRow
              key={store.id}
              icon='store'
              title={store.name}
              detail={[store.address, unbroken(store.hours), store.phone].filter(Boolean).join('，')}
              target='about:store'
              onTap={store.phone ? () => callStore(store.phone) : undefined}
            />
          ))}
        </View>
      )}
    </>
  )
}

/** Which shop and which version this is, where the stores are, and the documents a member agreed to. */
export default function AboutPage() {
  return (
    <Page back title='关于'>
      <View className='body about'>
        <View className='about__head'>
          <View className='about__mark' />
          <View className='about__name'>惠员 会员中心</View>
          <View className='about__version num'>
            <Text>
              版本 {APP_VERSION}，{runsOn()}
            </Text>
          </View>
        </View>
        <View className='card'>
          <ListRow
            icon='receipt'
            tone='mute'
            title='会员章程'
            target='about:terms'
            onTap={() => go('/packages/login/document?name=terms')}
          />
          <ListRow
            icon='shield'
            tone='mute'
            title='隐私政策'
            target='about:privacy'
            onTap={() => go('/packages/login/document?name=privacy')}
          />
          {isWeapp && (
            <ListRow
              icon='lock'
              tone='mute'
              title='微信隐私保护指引'
              target='about:guideline'
              onTap={openPrivacyContract}
            />
          )}
        </View>
        <Stores />
      </View>
    </Page>
  )
}
