import type { Output } from '@shared/contract'
import { Picker, Text, View } from '@tarojs/components'
import { useState } from 'react'
import { Icon } from '../../components/Icon'
import { birthdayWords, dayNames, monthsOf } from '../../words'
import { FieldName } from './FieldName'

type Birthday = NonNullable<Output<'GET /me'>['birthday']>
type Wheel = [number, number, number]

const CALENDARS = ['公历', '农历']
const calendarAt = (index: number): Birthday['calendar'] => (index === 1 ? 'lunar' : 'solar')
/** A solar month has its own length, with 29 February; a lunar month has at most 30 days. */
const monthDays = (calendar: Birthday['calendar'], month: number): number =>
  calendar === 'lunar' ? 30 : ([31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 31)

/** The wheels that show a birthday: calendar, place of the month in its list, day. */
const wheelOf = (value: Birthday | null): Wheel => {
  const calendar = value?.calendar ?? 'solar'
  const at = monthsOf(calendar).findIndex((one) => one.month === value?.month && !!one.leap === !!value?.leap)
  return [calendar === 'lunar' ? 1 : 0, Math.max(0, at), (value?.day ?? 1) - 1]
}
/** Keeps every wheel within its list: another calendar has other months, another month other days. */
const settled = ([c = 0, m = 0, d = 0]: readonly number[]): Wheel => {
  const months = monthsOf(calendarAt(c))
  const month = Math.min(m, months.length - 1)
  return [c, month, Math.min(d, monthDays(calendarAt(c), months[month]?.month ?? 1) - 1)]
}
/** The birthday under the wheels. */
const birthdayAt = (wheel: readonly number[]): Birthday => {
  const [c, m, d] = settled(wheel)
  const calendar = calendarAt(c)
  const { month, leap } = monthsOf(calendar)[m] ?? { month: 1 }
  return { calendar, month, day: d + 1, ...(leap ? { leap } : {}) }
}

interface Props {
  value: Birthday | null
  lockedUntil: string | null
  points: number
  onChange: (value: Birthday) => void
}

/** Calendar, month and day turn together; no year, which a gift does not need. Leap months stand behind the month they repeat. */
export function BirthdayField({ value, lockedUntil, points, onChange }: Props) {
  const [wheel, setWheel] = useState<Wheel>(() => wheelOf(value))
  const calendar = calendarAt(wheel[0])
  const months = monthsOf(calendar)
  const shown = (
    <View className='field'>
      <FieldName name='生日' points={points} />
      <Text className={`field__value ${value ? '' : 'none'}`}>{value ? birthdayWords(value) : '填上，到时有礼'}</Text>
      <Icon name={lockedUntil ? 'lock' : 'chevron-right'} size={16} />
    </View>
  )
  if (lockedUntil) return shown
  return (
    <Picker
      mode='multiSelector'
      range={[
        CALENDARS,
        months.map((one) => one.name),
        dayNames(calendar, monthDays(calendar, months[wheel[1]]?.month ?? 1)),
      ]}
      value={wheel}
      onColumnChange={({ detail }) => {
        const next: Wheel = [...wheel]
        next[detail.column] = detail.value
        // 正月 and 1月 are both first; a leap month has no place in the other calendar.
        if (detail.column === 0)
          next[1] = monthsOf(calendarAt(next[0])).findIndex((one) => one.month === months[wheel[1]]?.month)
        setWheel(settled(next))
      }}
      onChange={({ detail }) => {
        const chosen = settled(detail.value as number[])
        setWheel(chosen)
        onChange(birthdayAt(chosen))
      }}
    >
      {shown}
    </Picker>
  )
}
