import { View } from '@tarojs/components'
import Taro from '@tarojs/taro'
import { useState } from 'react'
import { call, sayFailure, signOut } from '../../api'
import { Button } from '../../components/Button'
import { Page } from '../../components/Page'
import { ErrorState, Skeleton } from '../../components/States'
import { SwitchRow } from '../../components/SwitchRow'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { confirm, goBack, toast } from '../../nav'
import { isWeapp, readStored, writeStored } from '../../platform'
import { useSignedIn } from '../../session'
import './index.scss'

/** The law gives everybody the right to switch personal recommendations off, and off really stops them on the server. */
function Personalised() {
  const query = useQuery('GET /me', {})
  const save = useAction('PUT /me/personalisation')
  const turn = async (on: boolean): Promise<void> => {
    try {
      await save.run({ on, channel: isWeapp ? 'weapp' : 'h5' })
      await query.reload()
      toast(on ? '已开启个性化推荐' : '已关闭，推荐不再参考你的消费')
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  if (query.loading) return <Skeleton rows={1} />
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={query.reload} />
  return (
    <View className='card'>
      <SwitchRow
        title='个性化推荐'
        detail='参考你的消费推荐好物；关掉后只看大家都在买的'
        checked={query.data?.personalised ?? true}
        onChange={(on) => void turn(on)}
      />
    </View>
  )
}

async function leaveEverywhere(): Promise<void> {
  if (!(await confirm('退出所有设备？', '包括这台手机在内，每台登录过的设备都要重新登录', '全部退出'))) return
  try {
    await call('POST /me/logout-everywhere')
    signOut('member')
    goBack()
  } catch (thrown) {
    toast(sayFailure(thrown))
  }
}

/** Large text, personal recommendations, signing out everywhere. */
export default function SettingsPage() {
  const signedIn = useSignedIn('member')
  const [large, setLarge] = useState(() => readStored<boolean>('large') === true)
  const turnLarge = (on: boolean): void => {
    writeStored('large', on)
    setLarge(on)
    Taro.eventCenter.trigger('large', on)
  }
  return (
    <Page back title='设置'>
      <View className='body profile stack'>
        <View className='card'>
          <SwitchRow title='大字模式' detail='文字放大，更容易看清' checked={large} onChange={turnLarge} />
        </View>
        {signedIn && <Personalised />}
        {signedIn && (
          <Button large kind='plain' target='settings:leave' onTap={() => void leaveEverywhere()}>
            退出所有设备
          </Button>
        )}
      </View>
    </Page>
  )
}
