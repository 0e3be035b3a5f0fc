import { parse } from 'node-cron'
import { addDays, civilDay, clockTime, HOUR_MS, MINUTE_MS, partsOf, startOfDay, weekday } from '../../shared/time'

/** No expression of ours is due less often than this. */
const longestGapDays = 400

/** The minutes at which an expression is due, on the wall clock of Asia/Shanghai. */
interface Due {
  isDay(day: string): boolean
  /** Minutes of the day, ascending. */
  minutes: number[]
}

const known = new Map<string, Due>()

/** Reads a five-field cron expression. Day of month and day of week are both obeyed, where cron would take either. */
const dueOf = (expression: string): Due => {
  const cached = known.get(expression)
  if (cached) return cached
  const fields = parse(expression)
  const months = new Set(fields.month.map(Number))
  const days = new Set(fields.dayOfMonth.map(Number))
  const weekdays = new Set(fields.dayOfWeek.map((d) => Number(d) % 7))
  const due: Due = {
    isDay: (day) => {
      const parts = partsOf(day)
      return months.has(parts.month) && days.has(parts.day) && weekdays.has(weekday(day) % 7)
    },
    minutes: fields.hour
      .flatMap((hour) => fields.minute.map((minute) => Number(hour) * 60 + Number(minute)))
      .sort((a, b) => a - b),
  }
  known.set(expression, due)
  return due
}

const momentOf = (day: string, minute: number): number => startOfDay(day) + minute * MINUTE_MS
const minuteOfDay = (at: number): number => Math.floor((at - startOfDay(civilDay(at))) / MINUTE_MS)

/** The latest moment (epoch ms, a whole minute) at or before `now` at which the expression was due, or null. */
export const lastDue = (expression: string, now: number): number | null => {
  const due = dueOf(expression)
  let limit = minuteOfDay(now)
  let day = civilDay(now)
  for (let back = 0; back < longestGapDays; back++) {
    const minute = due.isDay(day) ? due.minutes.findLast((m) => m <= limit) : undefined
    if (minute !== undefined) return momentOf(day, minute)
    day = addDays(day, -1)
    limit = (24 * HOUR_MS) / MINUTE_MS
  }
  return null
}

/** The first moment after `now` at which the expression is due, or null. */
export const nextDue = (expression: string, now: number): number | null => {
  const due = dueOf(expression)
  let limit = minuteOfDay(now)
  let day = civilDay(now)
  for (let ahead = 0; ahead < longestGapDays; ahead++) {
    const minute = due.isDay(day) ? due.minutes.find((m) => m > limit) : undefined
    if (minute !== undefined) return momentOf(day, minute)
    day = addDays(day, 1)
    limit = -1
  }
  return null
}

/** The slot of a moment: the civil minute, '2026-11-22 00:10'. */
export const slotOf = (at: number): string => `${civilDay(at)} ${clockTime(at)}`
