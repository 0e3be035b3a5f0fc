import type { Output } from '@shared/contract'
import { addMonths, civilDayFrom, monthLength, partsOf, weekday } from '@shared/time'
import { Text, View } from '@tarojs/components'
import { Icon } from '../../components/Icon'
import { Tap } from '../../components/Tap'
import { monthName } from '../../words'

type Checkins = Output<'GET /me/checkins'>
const WEEK = ['一', '二', '三', '四', '五', '六', '日']

/** Monday first: how many cells stand empty before the first of the month. */
const leadOf = (first: string): number => (weekday(first) + 6) % 7

function Day({
  on,
  kind,
  open,
  today,
  onMakeUp,
}: {
  on: string
  kind: 'day' | 'make_up' | undefined
  open: boolean
  today: boolean
  onMakeUp: (on: string) => void
}) {
  const { day } = partsOf(on)
  const looks = kind ? (kind === 'make_up' ? 'made' : 'done') : open ? 'open' : ''
  const face = (
    <View className={`month__day ${looks} ${today ? 'now' : ''}`}>
      {kind ? <Icon name='check' size={16} /> : <Text className='num'>{day}</Text>}
    </View>
  )
  if (kind || !open) return <View className='month__cell'>{face}</View>
  return (
    <Tap className='month__cell' label={`补签 ${day} 日`} target='checkin:makeup' onTap={() => onMakeUp(on)}>
      {face}
    </Tap>
  )
}

interface Props {
  state: Checkins
  onMonth: (month: string) => void
  onMakeUp: (on: string) => void
}

/** The month as a calendar: checked days filled, days that can be made up ringed and tappable. */
export function MonthCalendar({ state, onMonth, onMakeUp }: Props) {
  const { year, month } = partsOf(`${state.month}-01`)
  const first = `${state.month}-01`
  const checked = new Map(state.days.map((one) => [one.on, one.kind]))
  const open = new Set(state.makeUps)
  const turn = (by: number): void => onMonth(addMonths(first, by).slice(0, 7))
  const isNow = state.month === state.today.slice(0, 7)
  return (
    <View className='card month'>
      <View className='month__head'>
        <Tap className='month__turn' label='上个月' onTap={() => turn(-1)}>
          <Icon name='chevron-left' size={18} />
        </Tap>
        <Text className='month__name'>{monthName(state.month)}</Text>
        <Tap className={`month__turn ${isNow ? 'off' : ''}`} label='下个月' disabled={isNow} onTap={() => turn(1)}>
          <Icon name='chevron-right' size={18} />
        </Tap>
      </View>
      <View className='month__grid'>
        {WEEK.map((name) => (
          <Text key={name} className='month__week'>
            {name}
          </Text>
        ))}
        {Array.from({ length: leadOf(first) }, (_, index) => `lead${index}`).map((name) => (
          <View key={name} />
        ))}
        {Array.from({ length: monthLength(year, month) }, (_, index) => civilDayFrom(year, month, index + 1)).map(
          (on) => (
            <Day
              key={on}
              on={on}
              kind={checked.get(on)}
              open={open.has(on)}
              today={on === state.today}
              onMakeUp={onMakeUp}
            />
          ),
        )}
      </View>
      <View className='month__legend'>
        <View className='month__key done' />
        <Text>已签</Text>
        <View className='month__key made' />
        <Text>补签</Text>
        <View className='month__key open' />
        <Text>可补签</Text>
      </View>
    </View>
  )
}
