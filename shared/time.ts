/**
 * Civil time without a library: the mini-program carries this file, so it uses integers only, neither Intl nor Date.
 *
 * A moment is a number of epoch milliseconds. A civil day is the text 'YYYY-MM-DD' that a calendar on the shop's wall
 * shows; two civil days compare correctly as text. Every function that goes between the two takes the zone as its last
 * argument.
 */

/** Minutes east of UTC, or a function that gives them for a moment (for a zone with daylight saving time). */
export type Zone = number | ((epochMs: number) => number)

/** Asia/Shanghai has had no daylight saving time since 1991, so one number is the whole zone. */
export const SHANGHAI: Zone = 480

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

const WEEKDAY_NAMES = ['周一', '周二', '周三', '周四', '周五', '周六', '周日']

const pad = (value: number, width = 2): string => String(value).padStart(width, '0')

function offsetMinutes(zone: Zone, epochMs: number): number {
  return typeof zone === 'number' ? zone : zone(epochMs)
}

/**
 * Days since 1970-01-01 of a date of the Gregorian calendar. Years are counted from March, so that the leap day is the
 * last day of the year and needs no special case.
 */
function serialOf(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** The inverse of serialOf, as a civil day. */
function dayOfSerial(serial: number): string {
  const shifted = serial + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}`
}

/** Year, month (1-12) and day (1-31) of a civil day. Throws a RangeError for a text that is not one. */
export function partsOf(day: string): { year: number; month: number; day: number } {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  const parts = match ? { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) } : undefined
  if (
    !parts ||
    parts.month < 1 ||
    parts.month > 12 ||
    parts.day < 1 ||
    parts.day > monthLength(parts.year, parts.month)
  )
    throw new RangeError(`Not a civil day: ${day}`)
  return parts
}

/** Whether a text is a day of the calendar; '2023-02-29' is not. */
export function isCivilDay(text: string): boolean {
  try {
    partsOf(text)
    return true
  } catch {
    return false
  }
}

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

/** Days in a month (1-12) of the Gregorian calendar. */
export function monthLength(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

/** A civil day from numbers. Throws a RangeError where there is no such day. */
export function civilDayFrom(year: number, month: number, day: number): string {
  const text = `${pad(year, 4)}-${pad(month)}-${pad(day)}`
  partsOf(text)
  return text
}

/** Days since 1970-01-01, for sorting and for tables indexed by day. */
export function serialOfDay(day: string): number {
  const { year, month, day: dayOfMonth } = partsOf(day)
  return serialOf(year, month, dayOfMonth)
}

/** The civil day of a moment. */
export function civilDay(epochMs: number, zone: Zone = SHANGHAI): string {
  return dayOfSerial(Math.floor((epochMs + offsetMinutes(zone, epochMs) * MINUTE_MS) / DAY_MS))
}

export function addDays(day: string, days: number): string {
  return dayOfSerial(serialOfDay(day) + days)
}

/** The same day of another month; where that month is shorter, its last day (31 January + 1 month = 28 February). */
export function addMonths(day: string, months: number): string {
  const parts = partsOf(day)
  const index = parts.year * 12 + (parts.month - 1) + months
  const year = Math.floor(index / 12)
  const month = index - year * 12 + 1
  return civilDayFrom(year, month, Math.min(parts.day, monthLength(year, month)))
}

/** Midnights between two civil days: 0 for the same day, negative when `to` is the earlier one. */
export function daysBetween(from: string, to: string): number {
  return serialOfDay(to) - serialOfDay(from)
}

/** 1 = Monday … 7 = Sunday (ISO 8601). */
export function weekday(day: string): number {
  // 1970-01-01 was a Thursday; the second modulo keeps days before it positive.
  return ((((serialOfDay(day) + 3) % 7) + 7) % 7) + 1
}

export function weekdayName(day: string): string {
  return WEEKDAY_NAMES[weekday(day) - 1] as string
}

/** 'YYYY-MM', which sorts and groups by month. */
export function monthKey(day: string): string {
  return day.slice(0, 7)
}

export function lastDayOfMonth(day: string): string {
  const { year, month } = partsOf(day)
  return civilDayFrom(year, month, monthLength(year, month))
}

/** The first millisecond of a civil day. */
export function startOfDay(day: string, zone: Zone = SHANGHAI): number {
  const midnightAsUtc = serialOfDay(day) * DAY_MS
  const guess = midnightAsUtc - offsetMinutes(zone, midnightAsUtc) * MINUTE_MS
  // The offset at the guess is the right one except within hours of a clock change, where one more step settles it.
  const settled = midnightAsUtc - offsetMinutes(zone, guess) * MINUTE_MS
  // Where the clock jumps over midnight the day begins at the jump, which is the later of the two candidates.
  return civilDay(settled, zone) === day ? settled : Math.max(guess, settled)
}

/** The last millisecond of a civil day: what expires on that day is still valid at this moment. */
export function endOfDay(day: string, zone: Zone = SHANGHAI): number {
  return startOfDay(addDays(day, 1), zone) - 1
}

/** '18:00', on the wall clock. */
export function clockTime(epochMs: number, zone: Zone = SHANGHAI): string {
  const minutes = Math.floor((epochMs + offsetMinutes(zone, epochMs) * MINUTE_MS) / MINUTE_MS)
  const minuteOfDay = ((minutes % 1440) + 1440) % 1440
  return `${pad(Math.floor(minuteOfDay / 60))}:${pad(minuteOfDay % 60)}`
}

/** '2026-11-22 18:00', for tables and receipts. */
export function dateTime(epochMs: number, zone: Zone = SHANGHAI): string {
  return `${civilDay(epochMs, zone)} ${clockTime(epochMs, zone)}`
}

/** '11月22日', or '2027年1月3日' when it is not in the year of `today`. */
export function describeDay(day: string, today: string): string {
  const parts = partsOf(day)
  const monthAndDay = `${parts.month}月${parts.day}日`
  return parts.year === partsOf(today).year ? monthAndDay : `${parts.year}年${monthAndDay}`
}

/** '今天 18:00', '昨天 09:05', '11月3日 18:00': when something happened, as a list shows it. */
export function describeMoment(epochMs: number, now: number, zone: Zone = SHANGHAI): string {
  const day = civilDay(epochMs, zone)
  const today = civilDay(now, zone)
  const names: Record<number, string> = { '-1': '昨天', 0: '今天', 1: '明天' }
  return `${names[daysBetween(today, day)] ?? describeDay(day, today)} ${clockTime(epochMs, zone)}`
}

/**
 * What a ticket says of its end: '今天 18:00 到期', '明天 18:00 到期', '还有 14 天', '已过期'. The days are midnights on
 * the wall calendar, not multiples of 24 hours, because that is how a person counts them.
 */
export function describeExpiry(expiresAt: number, now: number, zone: Zone = SHANGHAI): string {
  if (now > expiresAt) return '已过期'
  const days = daysBetween(civilDay(now, zone), civilDay(expiresAt, zone))
  if (days === 0) return `今天 ${clockTime(expiresAt, zone)} 到期`
  if (days === 1) return `明天 ${clockTime(expiresAt, zone)} 到期`
  return `还有 ${days} 天`
}

/** What follows a number of points: '300 分' + '8 天后过期', '今天过期', '明天过期', '已过期'. */
export function describeLapse(expiresAt: number, now: number, zone: Zone = SHANGHAI): string {
  if (now > expiresAt) return '已过期'
  const days = daysBetween(civilDay(now, zone), civilDay(expiresAt, zone))
  if (days === 0) return '今天过期'
  if (days === 1) return '明天过期'
  return `${days} 天后过期`
}
