import type { Output } from '@shared/contract'
import { civilDay, describeDay, describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { sayFailure, serverNow } from '../../api'
import { Button } from '../../components/Button'
import { Icon } from '../../components/Icon'
import { JoinFirst } from '../../components/JoinFirst'
import { ListRow } from '../../components/ListRow'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { ErrorState, Skeleton } from '../../components/States'
import { SwitchRow } from '../../components/SwitchRow'
import { noteAgreed } from '../../consents'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { go, toast } from '../../nav'
import { isWeapp } from '../../platform'
import { useSignedIn } from '../../session'
import './privacy.scss'

type Privacy = Output<'GET /me/privacy'>
const channel = isWeapp ? 'weapp' : 'h5'

/** A wording that has changed since the member agreed, or that they never agreed to: read, then say yes. */
function Renew({ data, onDone }: { data: Privacy; onDone: () => Promise<void> }) {
  const agree = useAction('POST /me/consents')
  const open = data.documents.filter((one) => !one.current)
  if (open.length === 0) return null
  const give = async (): Promise<void> => {
    try {
      await agree.run({ documents: open.map(({ name, version }) => ({ name, version })), channel })
      noteAgreed()
      toast('已记录')
      await onDone()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <View className='card priv__ask'>
      <View className='row g2'>
        <Icon name='info' size={20} />
        <Text className='m'>{open.some((one) => one.agreedVersion) ? '文件有更新，请再看一遍' : '请阅读并确认'}</Text>
      </View>
      <View className='priv__text'>
        {open.map((one) => `《${one.title}》`).join('和')}现行第 {open[0]?.version} 版。读过再同意。
      </View>
      <View className='row g2'>
        <Button busy={agree.busy} target='privacy:agree' onTap={() => void give()}>
          同意
        </Button>
        <Button kind='ghost' onTap={() => go(`/packages/login/document?name=${open[0]?.name}`)}>
          去阅读
        </Button>
      </View>
    </View>
  )
}

function Centre({ data, reload }: { data: Privacy; reload: () => Promise<void> }) {
  const turn = useAction('PUT /me/personalisation')
  const personalise = async (on: boolean): Promise<void> => {
    try {
      await turn.run({ on, channel })
      await reload()
      toast(on ? '已开启个性化推荐' : '已关闭，推荐不再参考你的消费')
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  const today = civilDay(serverNow())
  const leaving = data.cancellation
  return (
    <>
      <View className='priv__hero'>
        <Icon name='shield' size={28} />
        <View className='grow'>
          <View className='t16 m'>你的信息由你决定</View>
          <View className='priv__text'>手机号、生日加密保存，店员只看到打码后的号码；每次查看完整号码都有记录。</View>
        </View>
      </View>
      {leaving && (
        <View className='card priv__ask danger'>
          <Text className='m'>账户将在 {describeDay(leaving.dueOn, today)}注销</Text>
          <View className='priv__text'>在此之前随时可以撤回。</View>
          <View className='row'>
            <Button kind='ghost' onTap={() => go('/packages/privacy/cancel')}>
              查看或撤回
            </Button>
          </View>
        </View>
      )}
      <Renew data={data} onDone={reload} />
      <View className='card'>
        <SwitchRow
          title='个性化推荐'
          detail='参考你的消费推荐好物；关掉后只看大家都在买的'
          checked={data.personalised}
          busy={turn.busy}
          target='privacy:personalise'
          onChange={(on) => void personalise(on)}
        />
        <ListRow
          title='消息与营销'
          detail='按渠道和类型开关'
          target='privacy:messages'
          onTap={() => go('/packages/inbox/preferences')}
        />
      </View>
      <Section title='同意记录' more='全部记录' onMore={() => go('/packages/privacy/ledger')} />
      <View className='card'>
        {data.documents.map((one) => (
          <ListRow
            key={one.name}
            title={one.title}
            detail={
              one.agreedAt
                ? `第 ${one.agreedVersion} 版，${describeMoment(one.agreedAt, serverNow())}同意`
                : '还没有同意记录'
            }
            target={`privacy:${one.name}`}
            onTap={() => go(`/packages/login/document?name=${one.name}`)}
          />
        ))}
      </View>
      <Section title='我的数据' />
      <View className='card'>
        <ListRow
          icon='download'
          title='导出我的数据'
          detail='一份可读摘要和完整数据文件'
          target='privacy:export'
          onTap={() => go('/packages/privacy/export')}
        />
        <ListRow
          icon='trash'
          tone='danger'
          title='注销账户'
          detail={`${data.coolingDays} 天冷静期，可撤回`}
          target='privacy:cancel'
          onTap={() => go('/packages/privacy/cancel')}
        />
      </View>
    </>
  )
}

function Mine() {
  const query = useQuery('GET /me/privacy', {})
  return (
    <View className='body priv'>
      {query.loading && <Skeleton block={96} rows={5} />}
      {query.error && !query.data && <ErrorState error={query.error} onRetry={query.reload} />}
      {query.data && <Centre data={query.data} reload={query.reload} />}
    </View>
  )
}

/** Consents, personal recommendations, the copy of one's data, leaving. */
export default function PrivacyPage() {
  return (
    <Page back title='隐私中心'>
      {useSignedIn('member') ? <Mine /> : <JoinFirst title='登录后管理隐私' hint='同意记录、数据导出和注销都在这里' />}
    </Page>
  )
}
