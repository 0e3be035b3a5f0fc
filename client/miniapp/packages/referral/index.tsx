import type { Output } from '@shared/contract'
import { formatYuanShort } from '@shared/money'
import { civilDay, describeDay, describeMoment } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { stopPullDownRefresh, usePullDownRefresh, useShareAppMessage } from '@tarojs/taro'
import { useMemo, useState } from 'react'
import { sayFailure, serverNow } from '../../api'
import { Button } from '../../components/Button'
import { Tag } from '../../components/Chips'
import { FormField } from '../../components/FormField'
import { Icon } from '../../components/Icon'
import { JoinFirst } from '../../components/JoinFirst'
import { ListRow } from '../../components/ListRow'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { ShareButton } from '../../components/ShareButton'
import { Sheet } from '../../components/Sheet'
import { Empty, ErrorState, ListEnd, Skeleton } from '../../components/States'
import { Tap } from '../../components/Tap'
import { useAction } from '../../hooks/useAction'
import { useList } from '../../hooks/useList'
import { toast } from '../../nav'
import { copyText, type ShareWords } from '../../platform'
import { useSignedIn } from '../../session'
import { groupDigits } from '../../words'
import { PosterSheet } from './PosterSheet'
import './index.scss'

type Referrals = Output<'GET /me/referrals'>
type Friend = Referrals['items'][number]
const TONES: Record<Friend['state'], 'brand' | 'gold' | 'plain' | 'warn'> = {
  joined: 'plain',
  bought: 'gold',
  paid: 'brand',
  capped: 'plain',
  held: 'warn',
  rejected: 'plain',
}

/** The day that matters: when the points come, or when the friend joined. */
const whenOf = ({ paysAt, joinedAt }: Friend): string =>
  paysAt
    ? `${describeDay(civilDay(paysAt), civilDay(serverNow()))}到账`
    : `${describeDay(civilDay(joinedAt), civilDay(serverNow()))}入会`

const wordsOf = (data: Referrals): ShareWords => ({
  title: data.friendPoints > 0 ? `送你 ${data.friendPoints} 积分，入会就能用` : '这家店不错，一起来当会员',
  path: data.sharePath,
  link: data.link,
})

function Hero({ data, onPoster }: { data: Referrals; onPoster: () => void }) {
  const copy = async (): Promise<void> => {
    if (await copyText(data.code)) toast('邀请码已复制')
  }
  return (
    <View className='card invite'>
      <View className='invite__pair'>
        <View className='invite__side'>
          <View className='invite__points num'>{groupDigits(data.inviterPoints)}</View>
          <View className='t12 i3'>你得积分</View>
        </View>
        <Icon name='gift' size={28} />
        <View className='invite__side'>
          <View className='invite__points num'>{groupDigits(data.friendPoints)}</View>
          <View className='t12 i3'>好友得积分</View>
        </View>
      </View>
      <Tap
        className='invite__code'
        label={`我的邀请码${data.code}，点一下复制`}
        target='referral:copy'
        onTap={() => void copy()}
      >
        <Text className='t12 i3'>我的邀请码</Text>
        <Text className='invite__digits num'>{data.code}</Text>
        <Icon name='copy' size={16} />
      </Tap>
      <View className='invite__acts'>
        <ShareButton large target='referral:share' words={wordsOf(data)}>
          邀请好友
        </ShareButton>
        <Button large kind='ghost' target='referral:poster' onTap={onPoster}>
          生成海报
        </Button>
      </View>
    </View>
  )
}

function Rules({ data }: { data: Referrals }) {
  const rules = [
    `好友第一次消费${data.minSpendFen > 0 ? `满 ${formatYuanShort(data.minSpendFen)}` : ''}，${
      data.keepDays > 0 ? `${data.keepDays} 天内没有退款` : '结清后'
    }，你和好友的积分一起到账`,
    `每个自然月最多奖励 ${data.counts.perMonth} 位，本月已 ${data.counts.thisMonth} 位`,
    '一位好友只归一位邀请人；同一台手机、自己邀请自己不算',
  ]
  return (
    <>
      <Section title='规则' />
      <View className='card invite__rules'>
        {rules.map((rule) => (
          <View key={rule} className='invite__rule'>
            {rule}
          </View>
        ))}
      </View>
    </>
  )
}

/** Who forgot to come by the link can still name the friend for some days. */
function CodeSheet({ open, onClose, onDone }: { open: boolean; onClose: () => void; onDone: () => void }) {
  const [code, setCode] = useState('')
  const bind = useAction('POST /me/referrals/bindings')
  const submit = async (): Promise<void> => {
    try {
      const done = await bind.run({ code: code.trim().toUpperCase() })
      if (!done) return
      toast(`已填 ${done.inviterNameMasked} 的邀请码`)
      onClose()
      onDone()
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
  }
  return (
    <Sheet title='填邀请码' open={open} onClose={onClose}>
      <FormField name='邀请码' value={code} placeholder='8 位字母或数字' max={8} onChange={setCode} />
      <View className='invite__submit'>
        <Button
          large
          busy={bind.busy}
          disabled={code.trim().length !== 8}
          target='referral:bind'
          onTap={() => void submit()}
        >
          确定
        </Button>
      </View>
    </Sheet>
  )
}

function Friends({ list }: { list: ReturnType<typeof useReferrals> }) {
  const { data } = list
  if (!data) return null
  return (
    <>
      <Section
        title='邀请的好友'
        more={
          data.counts.friends > 0
            ? `${data.counts.friends} 位，共得 ${groupDigits(data.counts.points)} 积分`
            : undefined
        }
      />
      <View className='card'>
        {list.items.length === 0 && (
          <Empty picture='member' title='还没有邀请好友' hint='把链接或海报发给朋友，第一单就有积分' />
        )}
        {list.items.map((friend) => (
          <ListRow
            key={friend.id}
            icon='user'
            tone={friend.state === 'paid' ? 'brand' : 'mute'}
            title={friend.nameMasked}
            detail={friend.stateText}
            right={
              friend.state === 'paid' ? (
                <Tag tone='brand'>{`+${groupDigits(friend.points)} 积分`}</Tag>
              ) : (
                <Tag tone={TONES[friend.state]}>{whenOf(friend)}</Tag>
              )
            }
          />
        ))}
      </View>
      <ListEnd list={list} end='' />
    </>
  )
}

const useReferrals = () =>
  useList(
    'GET /me/referrals',
    useMemo(() => ({ limit: 20 }), []),
    { keep: true },
  )

function Mine() {
  const list = useReferrals()
  const { data } = list
  const [poster, setPoster] = useState(false)
  const [entering, setEntering] = useState(false)
  usePullDownRefresh(() => void list.reload().finally(stopPullDownRefresh))
  useShareAppMessage(() => {
    if (!data) return { title: '一起来当会员', path: '/pages/home/index' }
    const { title, path } = wordsOf(data)
    return { title, path: path.startsWith('/') ? path : `/${path}` }
  })
  return (
    <Page back tone='light' title='邀请有礼' staleSince={list.staleSince}>
      <View className='referral__ground' />
      <View className='body referral'>
        <View className='referral__title'>请朋友来，两个人都有礼</View>
        {list.loading && <Skeleton block={236} rows={4} />}
        {list.error && !data && (
          <View className='card'>
            <ErrorState error={list.error} onRetry={list.reload} />
          </View>
        )}
        {data && !data.active && (
          <View className='card'>
            <Empty picture='member' title='邀请活动还没有开始' hint='开始后，你和朋友都有积分' />
          </View>
        )}
        {data?.active && (
          <>
            <Hero data={data} onPoster={() => setPoster(true)} />
            {data.invitedBy && <View className='referral__by'>你由 {data.invitedBy} 邀请入会</View>}
            {!data.invitedBy && data.bindUntil !== null && (
              <View className='card referral__enter'>
                <ListRow
                  icon='pencil'
                  title='填朋友的邀请码'
                  detail={`${describeMoment(data.bindUntil, serverNow())} 前可填`}
                  target='referral:enter'
                  onTap={() => setEntering(true)}
                />
              </View>
            )}
            <Friends list={list} />
            <Rules data={data} />
          </>
        )}
      </View>
      {data && <PosterSheet data={data} open={poster} onClose={() => setPoster(false)} />}
      <CodeSheet open={entering} onClose={() => setEntering(false)} onDone={() => void list.reload()} />
    </Page>
  )
}

/** Referral: the code, the card, the poster, and how far each friend has come. */
export default function ReferralPage() {
  if (useSignedIn('member')) return <Mine />
  return (
    <Page back title='邀请有礼'>
      <JoinFirst title='登录后邀请好友' hint='朋友第一单，你们都有积分' />
    </Page>
  )
}
