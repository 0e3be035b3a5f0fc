import type { Output } from '@shared/contract'
import { addDays, civilDay, describeDay, describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { useState } from 'react'
import { sayFailure, serverNow } from '../../api'
import { Button } from '../../components/Button'
import { Icon } from '../../components/Icon'
import { JoinFirst } from '../../components/JoinFirst'
import { LongText } from '../../components/LongText'
import { Page } from '../../components/Page'
import { ErrorState, Skeleton } from '../../components/States'
import { Tap } from '../../components/Tap'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { confirm, go, toast } from '../../nav'
import { useSignedIn } from '../../session'
import { groupDigits } from '../../words'
import './privacy.scss'

type Outlook = Output<'GET /me/cancellation'>

function Losses({ losses }: { losses: Outlook['losses'] }) {
  const cells = [
    { value: groupDigits(losses.points), label: '积分作废' },
    { value: groupDigits(losses.coupons), label: '张券作废' },
    { value: losses.tierName, label: '等级清除' },
  ]
  return (
    <View className='card priv__losses'>
      {cells.map((cell) => (
        <View key={cell.label} className='priv__loss'>
          <View className='priv__value num'>{cell.value}</View>
          <View className='priv__sub'>{cell.label}</View>
        </View>
      ))}
    </View>
  )
}

const CONSEQUENCES = [
  '称呼、头像、手机号、生日、登录身份全部清除，无法恢复',
  '晒单、评价、照片、投诉内容和助手对话一并删除',
  '消费与账目按法律要求保留，但不再能认出是你',
  '以后可以用同一个手机号重新入会，当年不再送第二份生日礼',
]

function Ask({ data, reload }: { data: Outlook; reload: () => Promise<void> }) {
  const [understood, setUnderstood] = useState(false)
  const [reason, setReason] = useState('')
  const ask = useAction('POST /me/cancellation')
  const submit = async (): Promise<void> => {
    const lastDay = describeDay(addDays(civilDay(serverNow()), data.coolingDays), civilDay(serverNow()))
    if (!(await confirm('申请注销账户？', `${lastDay}结束前可以撤回，之后全部清除，无法恢复`, '申请注销'))) return
    try {
      await ask.run({ understood: true, ...(reason.trim() ? { reason: reason.trim() } : {}) })
      await reload()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <>
      <Losses losses={data.losses} />
      <View className='card priv__card'>
        <View className='t16 m'>注销意味着</View>
        {CONSEQUENCES.map((line) => (
          <View key={line} className='priv__point'>
            <Icon name='minus' size={16} />
            <Text className='grow'>{line}</Text>
          </View>
        ))}
        {data.openComplaints > 0 && (
          <View className='priv__point warn'>
            <Icon name='info' size={16} />
            <Text className='grow'>还有 {data.openComplaints} 件投诉没有办结，注销后无法再收到回复</Text>
          </View>
        )}
      </View>
      <View className='card priv__card'>
        <LongText
          name='原因'
          value={reason}
          placeholder='愿意告诉我们为什么吗？（可不填）'
          max={200}
          onChange={setReason}
        />
        <Tap
          className='row g2 priv__yes'
          role='checkbox'
          checked={understood}
          label='我已了解注销的后果'
          onTap={() => setUnderstood(!understood)}
        >
          <View className={`priv__box ${understood ? 'on' : ''}`}>{understood && <Icon name='check' size={14} />}</View>
          <Text>我已了解注销的后果</Text>
        </Tap>
      </View>
      <Button
        large
        kind='danger'
        busy={ask.busy}
        disabled={!understood}
        target='cancel:ask'
        onTap={() => void submit()}
      >
        申请注销
      </Button>
      <View className='priv__text centre' onClick={() => go('/packages/privacy/export')}>
        需要留一份数据？先去导出
      </View>
    </>
  )
}

function Waiting({ data, reload }: { data: Outlook; reload: () => Promise<void> }) {
  const withdraw = useAction('POST /me/cancellation/withdraw')
  const request = data.cancellation
  if (!request) return null
  const take = async (): Promise<void> => {
    try {
      await withdraw.run({})
      toast('已撤回，一切照旧')
      await reload()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <>
      <View className='card priv__card'>
        <View className='t16 m'>冷静期中</View>
        <View className='priv__text'>
          {describeMoment(request.requestedAt, serverNow())}申请，{describeDay(request.dueOn, civilDay(serverNow()))}
          凌晨执行。在此之前账户照常使用，随时可以撤回。
        </View>
        <Button large busy={withdraw.busy} target='cancel:withdraw' onTap={() => void take()}>
          撤回注销申请
        </Button>
      </View>
      <Losses losses={data.losses} />
    </>
  )
}

function Mine() {
  const query = useQuery('GET /me/cancellation', {})
  const { data, reload } = query
  return (
    <View className='body priv'>
      {query.loading && <Skeleton block={110} rows={4} />}
      {query.error && !data && <ErrorState error={query.error} onRetry={reload} />}
      {data && (data.cancellation ? <Waiting data={data} reload={reload} /> : <Ask data={data} reload={reload} />)}
    </View>
  )
}

/** Leaving: what will be lost, the request, and the days in which it can be taken back. */
export default function CancelPage() {
  return (
    <Page back title='注销账户'>
      {useSignedIn('member') ? <Mine /> : <JoinFirst title='登录后操作' hint='注销有冷静期，可以撤回' />}
    </Page>
  )
}
