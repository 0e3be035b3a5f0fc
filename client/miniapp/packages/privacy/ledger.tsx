import { describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { useMemo } from 'react'
import { serverNow } from '../../api'
import { Tag } from '../../components/Chips'
import { Page } from '../../components/Page'
import { Empty, ErrorState, ListEnd, Skeleton } from '../../components/States'
import { useList } from '../../hooks/useList'
import './privacy.scss'

const CHANNELS: Record<string, string> = { weapp: '小程序', h5: '网页', staff: '门店' }

/** Every yes and no the member ever said. */
export default function LedgerPage() {
  const list = useList(
    'GET /me/consents',
    useMemo(() => ({ limit: 30 }), []),
  )
  return (
    <Page back title='同意记录' staleSince={list.staleSince}>
      <View className='body priv'>
        {list.loading && <Skeleton rows={5} />}
        {list.error && !list.data && <ErrorState error={list.error} onRetry={list.reload} />}
        {list.data && list.items.length === 0 && (
          <Empty picture='ledger' title='还没有记录' hint='每次同意和撤回都会记在这里' />
        )}
        {list.items.length > 0 && (
          <View className='card'>
            {list.items.map((one) => (
              <View key={one.id} className='priv__row'>
                <View className='grow'>
                  <View className='m'>{one.title}</View>
                  <Text className='priv__sub num'>
                    第 {one.version} 版，{describeMoment(one.at, serverNow())}，{CHANNELS[one.channel] ?? one.channel}
                  </Text>
                </View>
                <Tag tone={one.given ? 'brand' : 'warn'}>{one.given ? '同意' : '撤回'}</Tag>
              </View>
            ))}
          </View>
        )}
        <ListEnd list={list} />
      </View>
    </Page>
  )
}
