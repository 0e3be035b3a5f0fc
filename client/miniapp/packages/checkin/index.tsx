import type { Output } from '@shared/contract'
import { Text, View } from '@tarojs/components'
import { stopPullDownRefresh, usePullDownRefresh } from '@tarojs/taro'
import { useMemo, useState } from 'react'
import { sayFailure } from '../../api'
import { Button } from '../../components/Button'
import { CheckinLadder } from '../../components/CheckinLadder'
import { Tag } from '../../components/Chips'
import { Icon } from '../../components/Icon'
import { JoinFirst } from '../../components/JoinFirst'
import { ListRow } from '../../components/ListRow'
import { Page } from '../../components/Page'
import { Section } from '../../components/Section'
import { Empty, ErrorState, Skeleton } from '../../components/States'
import { useAction } from '../../hooks/useAction'
import { useQuery } from '../../hooks/useQuery'
import { confirm, go, toast } from '../../nav'
import { buzz } from '../../platform'
import { useSignedIn } from '../../session'
import { groupDigits } from '../../words'
import { MonthCalendar } from './MonthCalendar'
import './index.scss'

type Checkins = Output<'GET /me/checkins'>

function Today({ state, busy, onCheckIn }: { state: Checkins; busy: boolean; onCheckIn: () => void }) {
  return (
    <View className='card checkcard'>
      <View className='row between'>
        <View>
          <View className='checkcard__streak'>
            已连签 <Text className='checkcard__days num'>{state.streak}</Text> 天
          </View>
          <View className='t13 i3 num'>
            {state.checkedToday ? `明天来，得 ${state.tomorrowPoints} 积分` : `今天签到得 ${state.todayPoints} 积分`}
          </View>
        </View>
        {state.checkedToday ? (
          <View className='checkcard__done'>
            <Icon name='check' size={18} />
            <Text>今天已签</Text>
          </View>
        ) : (
          <Button busy={busy} target='checkin:today' onTap={onCheckIn}>
            {busy ? '正在签到' : '签到'}
          </Button>
        )}
      </View>
      <View className='checkcard__ladder'>
        <CheckinLadder steps={state.ladder} />
      </View>
    </View>
  )
}

function Milestones({ state }: { state: Checkins }) {
  if (state.milestones.length === 0) return null
  return (
    <>
      <Section title='连签奖励' more={`共签到 ${state.total} 天`} />
      <View className='card'>
        {state.milestones.map((one) => (
          <ListRow
            key={one.days}
            icon='sparkle'
            tone={one.reached ? 'mute' : 'gold'}
            title={`连续 ${one.days} 天`}
            detail={one.reached ? '已经拿到' : `还差 ${Math.max(1, one.days - state.streak)} 天`}
            right={<Tag tone={one.reached ? 'plain' : 'gold'}>{`+${groupDigits(one.points)} 积分`}</Tag>}
          />
        ))}
      </View>
    </>
  )
}

function Cards({ state, busy, onBuy }: { state: Checkins; busy: boolean; onBuy: () => void }) {
  const { card } = state
  return (
    <>
      <Section title='补签卡' more={`有 ${card.held} 张`} />
      <View className='card'>
        <ListRow
          icon='calendar'
          title={state.makeUps.length > 0 ? `有 ${state.makeUps.length} 天可以补签` : '没有漏签的日子'}
          detail={state.makeUps.length > 0 ? '在日历上点带圈的日子，补上后连续天数接起来' : '保持下去'}
        />
        {card.pricePoints > 0 && (
          <ListRow
            icon='coin'
            tone='gold'
            title={`${card.pricePoints} 积分换一张`}
            detail={card.blocked ?? `本月还能换 ${card.buyableThisMonth} 张，余额 ${groupDigits(state.balance)}`}
            right={
              <Button kind='ghost' busy={busy} disabled={card.blocked !== null} target='checkin:card' onTap={onBuy}>
                换一张
              </Button>
            }
          />
        )}
      </View>
    </>
  )
}

function Mine() {
  const [month, setMonth] = useState<string | null>(null)
  const input = useMemo(() => (month ? { month } : {}), [month])
  const query = useQuery('GET /me/checkins', input, { keep: true })
  const [last, setLast] = useState<Checkins | null>(null)
  if (query.data && query.data !== last) setLast(query.data)
  // Turning to another month keeps the page standing while it is fetched.
  const state = query.data ?? last
  const checkIn = useAction('POST /me/checkins')
  const makeUp = useAction('POST /me/checkins/make-ups')
  const buy = useAction('POST /me/checkins/cards')
  usePullDownRefresh(() => void query.reload().finally(stopPullDownRefresh))

  const attempt = async (act: () => Promise<string | null>): Promise<void> => {
    try {
      const said = await act()
      if (said) {
        buzz()
        toast(said)
      }
    } catch (thrown) {
      toast(sayFailure(thrown))
    }
    await query.reload()
  }
  const checkInToday = (): Promise<void> =>
    attempt(async () => {
      const done = await checkIn.run({})
      if (!done) return null
      const extra = done.milestonePoints > 0 ? `，连签奖励再得 ${done.milestonePoints}` : ''
      return `签到成功，得 ${done.points} 积分${extra}${done.cardsGiven > 0 ? '，送一张补签卡' : ''}`
    })
  const makeUpDay = (on: string): Promise<void> =>
    attempt(async () => {
      if (state && state.cards === 0) return '还没有补签卡，用积分换一张吧'
      if (!(await confirm('用一张补签卡？', `补签 ${on}，连续天数会接起来`, '补签'))) return null
      const done = await makeUp.run({ on })
      return done && `补上了，连签 ${done.streak} 天`
    })
  const buyCard = (): Promise<void> =>
    attempt(async () => {
      if (!(await confirm('换一张补签卡？', `扣 ${state?.card.pricePoints} 积分`, '换一张'))) return null
      const done = await buy.run({})
      return done && `换好了，现在有 ${done.cards} 张`
    })

  return (
    <Page back tone='light' title='签到' staleSince={query.staleSince}>
      <View className='checkin__ground' />
      <View className='body checkin'>
        {query.loading && !state && <Skeleton block={150} rows={5} />}
        {query.error && !state && (
          <View className='card'>
            <ErrorState error={query.error} onRetry={query.reload} />
          </View>
        )}
        {state && !state.active && (
          <View className='card'>
            <Empty
              picture='ledger'
              title='签到还没有开放'
              hint='开放后，每天签到都有积分'
              action={<Button onTap={() => go('/packages/points/index')}>看看怎么攒积分</Button>}
            />
          </View>
        )}
        {state?.active && (
          <>
            <Today state={state} busy={checkIn.busy} onCheckIn={() => void checkInToday()} />
            <MonthCalendar state={state} onMonth={setMonth} onMakeUp={(on) => void makeUpDay(on)} />
            <Milestones state={state} />
            <Cards state={state} busy={buy.busy} onBuy={() => void buyCard()} />
          </>
        )}
      </View>
    </Page>
  )
}

/** Check-in: today's, the streak and what it gives, the month with days that can be made up. */
export default function CheckinPage() {
  if (useSignedIn('member')) return <Mine />
  return (
    <Page back title='签到'>
      <JoinFirst title='登录后每天签到' hint='连续签到，积分一天比一天多' />
    </Page>
  )
}
