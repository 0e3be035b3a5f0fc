import { leapMonths } from '@shared/leap-months'
import { partsOf } from '@shared/time'

/** 2846 -> '2,846'. Neither Intl nor toLocaleString: WeChat's Android engine lacks their data. */
export const groupDigits = (value: number): string =>
  `${value < 0 ? '\u2212' : ''}${String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, ',')}`

/** 279 -> '+279', -600 -> '−600'. */
export const signed = (value: number): string => (value > 0 ? `+${groupDigits(value)}` : groupDigits(value))

/** '2026-11' or any day of that month -> '2026年11月'. */
export function monthName(month: string): string {
  const { year, month: number } = partsOf(`${month.slice(0, 7)}-01`)
  return `${year}年${number}月`
}

const LUNAR_MONTHS = ['正', '二', '三', '四', '五', '六', '七', '八', '九', '十', '冬', '腊']
const DIGITS = ['十', '一', '二', '三', '四', '五', '六', '七', '八', '九']

/** Lunar day 1-30 as people say it: 初一, 十五, 廿三, 三十. */
function lunarDay(day: number): string {
  if (day <= 10) return `初${DIGITS[day % 10]}`
  if (day < 20) return `十${DIGITS[day % 10]}`
  if (day === 20) return '二十'
  return day === 30 ? '三十' : `廿${DIGITS[day % 10]}`
}

type Calendar = 'solar' | 'lunar'
/** A month as a picker offers it; the value keeps `leap` only where it is true. */
export interface CalendarMonth {
  month: number
  leap?: true
  name: string
}
/** The months of a calendar in order; a leap month stands behind the one it repeats. */
export const monthsOf = (calendar: Calendar): CalendarMonth[] =>
  Array.from({ length: 12 }, (_, index) => index + 1).flatMap((month): CalendarMonth[] => {
    if (calendar === 'solar') return [{ month, name: `${month}月` }]
    const name = `${LUNAR_MONTHS[month - 1]}月`
    return [{ month, name }, ...(leapMonths.includes(month) ? [{ month, leap: true as const, name: `闰${name}` }] : [])]
  })
/** Names of the days of a month, in order. */
export const dayNames = (calendar: Calendar, length: number): string[] =>
  Array.from({ length }, (_, index) => (calendar === 'solar' ? `${index + 1}日` : lunarDay(index + 1)))

/** '6月18日', '农历五月初三' or '农历闰四月初三'. */
export function birthdayWords({
  calendar,
  month,
  leap,
  day,
}: {
  calendar: Calendar
  month: number
  leap?: true
  day: number
}): string {
  const name = calendar === 'solar' ? `${month}月` : `${leap ? '闰' : ''}${LUNAR_MONTHS[month - 1]}月`
  return calendar === 'solar' ? `${name}${day}日` : `农历${name}${lunarDay(day)}`
}

/** The greeting for an hour of the day (0-23). */
export function greeting(hour: number): string {
  if (hour < 5) return '夜深了'
  if (hour < 11) return '早上好'
  if (hour < 13) return '中午好'
  if (hour < 18) return '下午好'
  return '晚上好'
}

/** What people call each other by: the given name of a Chinese full name of three or four characters, else the whole. */
export const callName = (name: string): string => (/^\p{Script=Han}{3,4}$/u.test(name) ? name.slice(-2) : name)

/** '880417296350827146' -> ['8804', '1729', '6350', '8271', '46']. */
export const codeGroups = (code: string): string[] => code.match(/.{1,4}/g) ?? []
