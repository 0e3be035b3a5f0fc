import type { Output } from '@shared/contract'
import { describeExpiry, describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { useEffect } from 'react'
import { sayFailure, serverNow } from '../../api'
import { Button } from '../../components/Button'
import { JoinFirst } from '../../components/JoinFirst'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { Empty, ErrorState, Skeleton } from '../../components/States'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { toast } from '../../nav'
import { copyText, isWeapp, serverAddress } from '../../platform'
import { useSignedIn } from '../../session'
import { groupDigits } from '../../words'
import './privacy.scss'

type Copy = NonNullable<Output<'GET /me/privacy'>['export']>
/** While the copy is being made, it is asked for this often. */
const LOOK_AGAIN_MS = 4000

const STATES: Record<Copy['state'], string> = {
  pending: '正在整理，好了会发消息',
  ready: '已备好，可以下载',
  downloaded: '已下载',
  expired: '已过期',
  failed: '没能备好，请重新申请',
}
const kilobytes = (bytes: number): string => `${groupDigits(Math.max(1, Math.round(bytes / 1024)))} KB`

function Summary({ copy }: { copy: Copy }) {
  if (copy.summary.length === 0) return null
  return (
    <>
      <Section title='里面有什么' />
      <View className='card'>
        {copy.summary.map((one) => (
          <View key={one.title} className='priv__row'>
            <View className='grow'>
              <View className='m'>{one.title}</View>
              {one.detail && <Text className='priv__sub num'>{one.detail}</Text>}
            </View>
            <Text className='num i2'>{groupDigits(one.rows)} 条</Text>
          </View>
        ))}
      </View>
    </>
  )
}

function Mine() {
  const query = useQuery('GET /me/privacy', {})
  const ask = useAction('POST /me/exports')
  const link = useAction('POST /me/exports/:exportId/links')
  const { data, reload } = query
  const copy = data?.export ?? null
  const pending = copy?.state === 'pending'
  useEffect(() => {
    if (!pending) return
    const timer = setInterval(() => void reload(), LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [pending, reload])
  const request = async (): Promise<void> => {
    try {
      await ask.run({})
      await reload()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  const download = async (exportId: string): Promise<void> => {
    try {
      const made = await link.run({ exportId })
      if (!made) return
      const address = serverAddress(made.url)
      // A mini-program cannot keep such a file; the link works in any browser.
      if (isWeapp)
        toast((await copyText(address)) ? '链接已复制，10 分钟内在浏览器打开，只能用一次' : '没能复制，请重试')
      else window.location.assign(address)
      setTimeout(() => void reload(), 1500)
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <View className='body priv'>
      {query.loading && <Skeleton block={120} rows={4} />}
      {query.error && !data && <ErrorState error={query.error} onRetry={reload} />}
      {data && !copy && (
        <Empty
          picture='ledger'
          title='导出我的数据'
          hint='资料、消费、积分、券、消息、浏览记录等全部内容，整理成一份文件'
          action={
            <Button busy={ask.busy} target='export:ask' onTap={() => void request()}>
              申请导出
            </Button>
          }
        />
      )}
      {data && copy && (
        <>
          <View className='card priv__card'>
            <View className='t16 m'>{STATES[copy.state]}</View>
            <View className='priv__sub num'>
              {describeMoment(copy.requestedAt, serverNow())}申请
              {copy.bytes > 0 ? `，${kilobytes(copy.bytes)}` : ''}
              {copy.state === 'ready' && copy.expiresAt ? `，${describeExpiry(copy.expiresAt, serverNow())}` : ''}
            </View>
            {pending && <View className='bone priv__bar' />}
            {copy.state === 'ready' && (
              <>
                <View className='priv__text'>文件含有你的完整手机号等信息，只能下载一次，请存放在安全的地方。</View>
                <Button large busy={link.busy} target='export:download' onTap={() => void download(copy.id)}>
                  {isWeapp ? '复制下载链接' : '下载数据文件'}
                </Button>
              </>
            )}
            {copy.state !== 'ready' && !pending && (
              <Button
                large
                kind='ghost'
                busy={ask.busy}
                disabled={data.exportFrom !== null}
                target='export:again'
                onTap={() => void request()}
              >
                {data.exportFrom ? `${describeMoment(data.exportFrom, serverNow())}后可再申请` : '重新申请'}
              </Button>
            )}
          </View>
          <Summary copy={copy} />
        </>
      )}
    </View>
  )
}

/** A copy of everything the shop knows of the member. */
export default function ExportPage() {
  return (
    <Page back title='导出我的数据'>
      {useSignedIn('member') ? <Mine /> : <JoinFirst title='登录后导出' hint='你的数据，随时可以带走' />}
    </Page>
  )
}
