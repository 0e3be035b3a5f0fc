import type { Output } from '@shared/contract'
import { describeMoment } from '@shared/time'
import { View } from '@tarojs/components'
import { useShareAppMessage } from '@tarojs/taro'
import { useMemo, useState } from 'react'
import { sayFailure, serverNow } from '../../api'
import { Button } from '../../components/Button'
import { Chips, Tag } from '../../components/Chips'
import { FormField } from '../../components/FormField'
import { JoinFirst } from '../../components/JoinFirst'
import { ListRow } from '../../components/ListRow'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { ShareButton } from '../../components/ShareButton'
import { Empty, ErrorState, ListEnd, Skeleton } from '../../components/States'
import { useAction } from '../../hooks/useAction'
import { useList } from '../../hooks/useList'
import { confirm, toast } from '../../nav'
import { appAddress, type ShareWords } from '../../platform'
import { useSignedIn } from '../../session'
import { groupDigits, signed } from '../../words'
import './transfer.scss'

type Transfers = Output<'GET /me/points/transfers'>
type Transfer = Transfers['items'][number]
type Way = 'phone' | 'link'
const WAYS = [
  { value: 'link', text: '发链接' },
  { value: 'phone', text: '按手机号' },
] as const
const STATES: Record<Transfer['state'], string> = {
  waiting: '等待收下',
  done: '已到账',
  revoked: '已收回',
  returned: '已退回',
}

const wordsOf = (token: string, points: number): ShareWords => {
  const path = `packages/gift/points?token=${token}`
  return { title: `送你 ${groupDigits(points)} 积分，点开收下`, path, link: `${appAddress()}#/${path}` }
}

function SendForm({ limits, onSent }: { limits: Transfers['limits']; onSent: () => Promise<void> }) {
  const [way, setWay] = useState<Way>('link')
  const [points, setPoints] = useState('')
  const [phone, setPhone] = useState('')
  const [note, setNote] = useState('')
  const send = useAction('POST /me/points/transfers')
  const amount = Number(points)
  const fits = Number.isInteger(amount) && amount >= limits.minPoints && amount <= limits.maxPoints
  const ready = fits && (way === 'link' || /^1[3-9]\d{9}$/.test(phone))
  const submit = async (): Promise<void> => {
    const whom = way === 'phone' ? `${phone.slice(0, 3)}****${phone.slice(7)} 的会员` : '收下链接的朋友'
    if (!(await confirm('转赠积分？', `${groupDigits(amount)} 积分给${whom}。对方收下后不能撤回`, '转赠'))) return
    try {
      const done = await send.run({
        points: amount,
        ...(way === 'phone' ? { phone } : {}),
        ...(note.trim() ? { note: note.trim() } : {}),
      })
      if (!done) return
      toast(done.recipientMasked ? `已转给 ${done.recipientMasked}` : '链接好了，在下面发给朋友')
      setPoints('')
      await onSent()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <View className='card transfer__form'>
      <Chips options={WAYS} value={way} onChange={setWay} />
      <FormField
        name='积分'
        type='number'
        max={8}
        value={points}
        placeholder={`${groupDigits(limits.minPoints)} 到 ${groupDigits(limits.maxPoints)}`}
        onChange={(text) => setPoints(text.trim())}
      />
      {way === 'phone' && (
        <FormField
          name='对方手机号'
          type='number'
          max={11}
          value={phone}
          placeholder='对方也要是会员'
          onChange={(text) => setPhone(text.trim())}
        />
      )}
      <FormField name='留句话' max={40} value={note} placeholder='不写也可以' onChange={setNote} />
      <View className='transfer__limits num'>
        今天还能转 {limits.leftToday} 次，共 {groupDigits(limits.pointsLeftToday)} 积分
      </View>
      <Button large busy={send.busy} disabled={!ready} target='transfer:send' onTap={() => void submit()}>
        {send.busy ? '正在转赠' : '转赠'}
      </Button>
    </View>
  )
}

function Row({ transfer, onChanged }: { transfer: Transfer; onChanged: () => Promise<void> }) {
  const revoke = useAction('POST /me/points/transfers/:transferId/revoke')
  const takeBack = async (): Promise<void> => {
    if (!(await confirm('收回积分？', '发出的链接就不能再领了', '收回'))) return
    try {
      if (await revoke.run({ transferId: transfer.id })) toast('已收回')
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
    await onChanged()
  }
  const out = transfer.direction === 'out'
  return (
    <View className='transfer__row'>
      <ListRow
        icon='swap'
        tone={out ? 'gold' : 'brand'}
        title={`${out ? '转给' : '来自'} ${transfer.otherMasked ?? '朋友'}`}
        detail={[describeMoment(transfer.createdAt, serverNow()), transfer.note].filter(Boolean).join('，')}
        right={
          <View className='transfer__right'>
            <View className='num b'>{signed(out ? -transfer.points : transfer.points)}</View>
            <Tag tone={transfer.state === 'waiting' ? 'gold' : 'plain'}>{STATES[transfer.state]}</Tag>
          </View>
        }
      />
      {transfer.state === 'waiting' && transfer.token && (
        <View className='transfer__acts'>
          <Button kind='plain' busy={revoke.busy} target='transfer:revoke' onTap={() => void takeBack()}>
            收回
          </Button>
          <ShareButton target='transfer:share' words={wordsOf(transfer.token, transfer.points)}>
            发给朋友
          </ShareButton>
        </View>
      )}
    </View>
  )
}

function Mine() {
  const list = useList(
    'GET /me/points/transfers',
    useMemo(() => ({ limit: 20 }), []),
    { keep: true },
  )
  const waiting = list.items.find((one) => one.state === 'waiting' && one.token)
  useShareAppMessage(() => {
    if (!waiting?.token) return { title: '积分转赠', path: '/pages/home/index' }
    const { title, path } = wordsOf(waiting.token, waiting.points)
    return { title, path: `/${path}` }
  })
  return (
    <Page back title='积分转赠' staleSince={list.staleSince}>
      <View className='body transfer'>
        {list.loading && <Skeleton block={260} rows={3} />}
        {list.error && !list.data && <ErrorState error={list.error} onRetry={list.reload} />}
        {list.data && (
          <>
            <SendForm limits={list.data.limits} onSent={list.reload} />
            <Section title='转赠记录' />
            <View className='card'>
              {list.items.length === 0 && <Empty picture='ledger' title='还没有转赠过' hint='积分可以送给家人和朋友' />}
              {list.items.map((transfer) => (
                <Row key={transfer.id} transfer={transfer} onChanged={list.reload} />
              ))}
            </View>
            <ListEnd list={list} end='' />
          </>
        )}
      </View>
    </Page>
  )
}

/** Points to a friend: by a link or to a number, with the limits and the way back. */
export default function TransferPage() {
  if (useSignedIn('member')) return <Mine />
  return (
    <Page back title='积分转赠'>
      <JoinFirst title='登录后转赠积分' hint='积分可以送给家人和朋友' />
    </Page>
  )
}
