import type { Output } from '@shared/contract'
import { civilDay, daysBetween, describeDay, describeLapse, describeMoment, endOfDay } from '@shared/time'
import { Picker, Text, View } from '@tarojs/components'
import { useMemo, useState } from 'react'
import { serverNow } from '../../api'
import { Button } from '../../components/Button'
import { Chips, Tag } from '../../components/Chips'
import { Icon, type IconName } from '../../components/Icon'
import { JoinFirst } from '../../components/JoinFirst'
import { Amount, ListRow } from '../../components/ListRow'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { Empty, ErrorState, ListEnd, Skeleton } from '../../components/States'
import { Tap } from '../../components/Tap'
import { useList } from '../../hooks/useList'
import { useQuery } from '../../hooks/useQuery'
import { go } from '../../nav'
import { useSignedIn } from '../../session'
import { groupDigits, monthName, signed } from '../../words'
import './index.scss'

type Entry = Output<'GET /me/points/entries'>['items'][number]
type Account = Output<'GET /me/points'>['account']
type Side = 'all' | 'in' | 'out'

const SIDES = [
  { value: 'all', text: '全部' },
  { value: 'in', text: '获得' },
  { value: 'out', text: '减少' },
] as const
const LOOKS: Record<Entry['kind'], { icon: IconName; tone: 'brand' | 'gold' | 'mute' }> = {
  earn: { icon: 'bag', tone: 'brand' },
  gift: { icon: 'gift', tone: 'brand' },
  adjust: { icon: 'pencil', tone: 'brand' },
  spend: { icon: 'gift', tone: 'gold' },
  reverse: { icon: 'undo', tone: 'mute' },
  clawback: { icon: 'undo', tone: 'mute' },
  expire: { icon: 'clock', tone: 'mute' },
}

/** What has a sign of its own is known by its title, the rest by its kind. */
const TITLED: ReadonlyArray<[RegExp, IconName]> = [
  [/签到/, 'calendar'],
  [/邀请/, 'users'],
  [/评价|晒单/, 'chat'],
  [/生日/, 'cake'],
  [/转赠|转入|转出/, 'swap'],
]
const looksOf = ({ kind, title }: Entry) => ({
  ...LOOKS[kind],
  icon: TITLED.find(([words]) => kind !== 'reverse' && words.test(title))?.[1] ?? LOOKS[kind].icon,
})

/** Bars of what expires, the nearest one in red; the highest fills the height. */
function Expiring({ account }: { account: Account }) {
  const today = civilDay(serverNow())
  const first = account.expiring[0]
  if (!first) return null
  const highest = Math.max(...account.expiring.map((one) => one.points))
  return (
    <View className='card expiring'>
      <View className='row between'>
        <View className='t16 m'>快过期的积分</View>
        <Tag tone='danger'>{`${groupDigits(first.points)} 分 ${describeLapse(endOfDay(first.on), serverNow())}`}</Tag>
      </View>
      {account.expiring.length === 1 && (
        <View className='row between expiring__only'>
          <View className='row g2'>
            <View className='ic danger'>
              <Icon name='clock' size={20} />
            </View>
            <Text className='num'>
              {describeDay(first.on, today)} 到期 {groupDigits(first.points)} 分
            </Text>
          </View>
          <Button kind='ghost' target='points:spend' onTap={() => go('/packages/mall/index')}>
            去换
          </Button>
        </View>
      )}
      <View className={`expiring__bars ${account.expiring.length === 1 ? 'none' : ''}`}>
        {account.expiring.map((one, index) => (
          <View key={one.on} className={`expiring__one ${index === 0 ? 'first' : ''}`}>
            <Text className='expiring__points num'>{groupDigits(one.points)}</Text>
            <View
              className='expiring__bar'
              style={`height:${Math.max(8, Math.round((one.points / highest) * 72))}px`}
            />
            <Text className='expiring__day num'>
              {daysBetween(today, one.on) <= 1 ? (one.on === today ? '今天' : '明天') : describeDay(one.on, today)}
            </Text>
          </View>
        ))}
      </View>
    </View>
  )
}

/** The ledger cut into months, each with what came and what went among the rows loaded. */
function byMonth(items: Entry[]): Array<{ month: string; items: Entry[]; gained: number; lost: number }> {
  const months: Array<{ month: string; items: Entry[]; gained: number; lost: number }> = []
  for (const entry of items) {
    const month = civilDay(entry.at).slice(0, 7)
    let last = months[months.length - 1]
    if (last?.month !== month) {
      last = { month, items: [], gained: 0, lost: 0 }
      months.push(last)
    }
    last.items.push(entry)
    if (entry.amount > 0) last.gained += entry.amount
    else last.lost -= entry.amount
  }
  return months
}

/** One month of the ledger, or all of it. */
function MonthPicker({ month, onChange }: { month: string; onChange: (month: string) => void }) {
  const latest = civilDay(serverNow()).slice(0, 7)
  if (month)
    return (
      <Tap className='ledger__pick' label={`只看 ${monthName(month)}，点一下看全部`} onTap={() => onChange('')}>
        <Text>{monthName(month)}</Text>
        <Icon name='close' size={14} />
      </Tap>
    )
  return (
    <Picker
      mode='date'
      fields='month'
      value={latest}
      end={latest}
      onChange={({ detail }) => onChange(String(detail.value).slice(0, 7))}
    >
      <View className='ledger__pick'>
        <Text>按月份</Text>
        <Icon name='chevron-down' size={14} />
      </View>
    </Picker>
  )
}

/** Ways to gather points beside buying, each a tap from being done. */
const WAYS: ReadonlyArray<{ icon: IconName; title: string; detail: string; path: string }> = [
  { icon: 'calendar', title: '每天签到', detail: '连续签到，一天比一天多', path: '/packages/checkin/index' },
  { icon: 'users', title: '邀请好友', detail: '朋友第一单，两个人都有积分', path: '/packages/referral/index' },
  { icon: 'user', title: '完善资料', detail: '填上生日，生日那天有礼', path: '/packages/profile/index' },
]

function Ledger() {
  const [side, setSide] = useState<Side>('all')
  const [month, setMonth] = useState('')
  const input = useMemo(
    () => ({ limit: 30, ...(side === 'all' ? {} : { kind: side }), ...(month ? { month } : {}) }),
    [side, month],
  )
  const list = useList('GET /me/points/entries', input, { keep: true })
  const months = byMonth(list.items)
  return (
    <>
      <Section title='积分明细' />
      <View className='ledger__filters'>
        <Chips options={SIDES} value={side} onChange={setSide} />
        <MonthPicker month={month} onChange={setMonth} />
      </View>
      {list.loading && <Skeleton rows={5} />}
      {list.error && !list.data && <ErrorState error={list.error} onRetry={list.reload} />}
      {list.data && list.items.length === 0 && (
        <View className='card'>
          <Empty
            picture='ledger'
            title={month ? '这个月没有记录' : side === 'out' ? '还没有用过积分' : '还没有积分记录'}
            hint='到店消费出示会员码，积分马上到账'
          />
        </View>
      )}
      {months.length > 0 && (
        <View className='card ledger'>
          {months.map((month, index) => (
            <View key={month.month} className='ledger__month'>
              <View className='ledger__head'>
                <Text className='ledger__name'>{monthName(month.month)}</Text>
                <Text className='num'>
                  {/* The last month shown may go on below: its sums are of what is shown. */}
                  {index === months.length - 1 && list.more
                    ? ''
                    : `获得 ${groupDigits(month.gained)}，减少 ${groupDigits(month.lost)}`}
                </Text>
              </View>
              {month.items.map((entry) => (
                <ListRow
                  key={entry.id}
                  {...looksOf(entry)}
                  title={entry.title}
                  detail={[describeMoment(entry.at, serverNow()), entry.detail].filter(Boolean).join(' ')}
                  right={<Amount value={signed(entry.amount)} note={`余额 ${groupDigits(entry.balanceAfter)}`} />}
                />
              ))}
            </View>
          ))}
        </View>
      )}
      <ListEnd list={list} />
    </>
  )
}

function Mine() {
  const points = useQuery('GET /me/points', {}, { keep: true })
  const { data } = points
  return (
    <Page back tone='light' title='积分' staleSince={points.staleSince}>
      <View className='points__ground' />
      <View className='points__head'>
        <View className='points__label'>可用积分</View>
        <View className='row between'>
          <View className='points__balance num'>{data ? groupDigits(data.account.balance) : '—'}</View>
          <Tap className='points__mall' target='points:mall' onTap={() => go('/packages/mall/index')}>
            <Icon name='gift' size={18} />
            <Text>去兑礼</Text>
          </Tap>
        </View>
        <View className='points__label'>
          {data
            ? data.account.debt > 0
              ? `退款后还欠 ${groupDigits(data.account.debt)} 分，下次得分先补上`
              : `本月获得 ${groupDigits(data.earnedThisMonth)}，减少 ${groupDigits(data.spentThisMonth)}`
            : ' '}
        </View>
      </View>
      <View className='body points__body'>
        {points.loading && <Skeleton block={170} rows={0} />}
        {!data && points.error && (
          <View className='card'>
            <ErrorState error={points.error} onRetry={points.reload} />
          </View>
        )}
        {data && data.account.expiring.length > 0 && <Expiring account={data.account} />}
        {data && data.account.expiring.length === 0 && (
          <View className='card'>
            <ListRow icon='leaf' title='30 天内没有积分过期' detail='慢慢攒，不着急' />
          </View>
        )}
        {(data || points.loading) && <Ledger />}
        {data && data.rules.length > 0 && (
          <>
            <Section title='怎么攒积分' />
            <View className='card'>
              {data.rules.map((rule, index) => (
                <ListRow key={rule.title} icon={index === 0 ? 'bag' : 'star'} title={rule.title} detail={rule.detail} />
              ))}
              {WAYS.map((way) => (
                <ListRow
                  key={way.title}
                  icon={way.icon}
                  tone='gold'
                  title={way.title}
                  detail={way.detail}
                  target={`points:${way.title}`}
                  onTap={() => go(way.path)}
                />
              ))}
            </View>
          </>
        )}
      </View>
    </Page>
  )
}

/** Points: the balance, what expires when, and every movement. */
export default function PointsPage() {
  if (useSignedIn('member')) return <Mine />
  return (
    <Page back title='积分'>
      <JoinFirst title='入会就能攒积分' hint='每次消费都有积分，这里能看到每一笔' />
    </Page>
  )
}
