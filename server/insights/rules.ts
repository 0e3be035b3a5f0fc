import { addDays, DAY_MS, endOfDay, startOfDay } from '../../shared/time'

/** How far the overview looks. All in days. */
export const overviewPolicy = {
  trendDays: 30,
  sparkDays: 14,
  /** "Recently" of members, coupons and expiring points. */
  recentDays: 30,
  /** Same weekdays before a day whose mean is "usual". */
  usualWeeks: 4,
  /** A day is noted when it sold at least this much of the usual, in per cent. */
  peakPercent: 150,
  /** At most this many notes in a trend: more would say nothing. */
  peaks: 3,
  /** Events of the activity list. */
  activity: 12,
} as const

/** Purchases a favourite store and hour are read from. */
export const habitPurchases = 500
/** Categories shown as favourites. */
export const favouriteCategories = 5

/** What "today" is on the overview, and the same stretch a week before. Times are epoch ms, inclusive. */
export interface Stretch {
  today: string
  until: number
  before: string
  beforeUntil: number
}

/**
 * The stretch the tiles compare. While the day has purchases it is today up to this clock time against the same weekday up to the same
 * clock time; on a day that has none yet it is the last day that had, whole against whole.
 */
export const stretchOf = (now: number, civilToday: string, lastSaleDay: string | null): Stretch => {
  const today = lastSaleDay ?? civilToday
  const until = today === civilToday ? now : endOfDay(today)
  const before = addDays(today, -7)
  return { today, until, before, beforeUntil: startOfDay(before) + (until - startOfDay(today)) }
}

/** One day's sum, as the facts give it; `inside` is 0 for what came later on the day than the stretch reaches. */
export interface DaySum {
  onDay: string
  inside: number
}
/** Sums a column by day, over the whole day or only inside the stretch. */
export const byDay = <T extends DaySum>(rows: readonly T[], pick: (row: T) => number, cut: boolean) => {
  const sums = new Map<string, number>()
  for (const row of rows)
    if (!cut || Number(row.inside)) sums.set(row.onDay, (sums.get(row.onDay) ?? 0) + Number(pick(row) ?? 0))
  return (day: string): number => sums.get(day) ?? 0
}

/** The `count` days that end with `last`, oldest first. */
export const daysUntil = (last: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => addDays(last, i - count + 1))

/** Rounded mean amount of one purchase; 0 without purchases. */
export const averageOf = (sumFen: number, orders: number): number => (orders ? Math.round(sumFen / orders) : 0)

export interface TrendDay {
  on: string
  salesFen: number
  orders: number
  usualFen: number | null
  note: string | null
}
/**
 * The trend with the mean of the four same weekdays before each day, and a note on the days that stand out. The last day is not noted: it
 * may still be under way.
 */
export const trendOf = (
  days: readonly string[],
  sales: (day: string) => number,
  orders: (day: string) => number,
): TrendDay[] => {
  const rows = days.map((on): TrendDay => {
    const same = Array.from({ length: overviewPolicy.usualWeeks }, (_, i) => addDays(on, -7 * (i + 1)))
    const known = same.some((d) => orders(d) > 0)
    const sum = same.reduce((total, d) => total + sales(d), 0)
    return {
      on,
      salesFen: sales(on),
      orders: orders(on),
      usualFen: known ? Math.round(sum / same.length) : null,
      note: null,
    }
  })
  const percent = (r: TrendDay): number => (r.usualFen && r.usualFen > 0 ? (r.salesFen * 100) / r.usualFen : 0)
  const top = Math.max(...rows.map((r) => r.salesFen))
  rows
    .slice(0, -1)
    .filter((r) => percent(r) >= overviewPolicy.peakPercent)
    .sort((a, b) => percent(b) - percent(a) || a.on.localeCompare(b.on))
    .slice(0, overviewPolicy.peaks)
    .forEach((r) => {
      r.note = `${r.salesFen === top ? `近 ${days.length} 天最高，` : ''}比平常高 ${Math.round(percent(r) - 100)}%`
    })
  return rows
}

/** The value that occurs most; among equals the one seen first. Null for an empty list. */
export const mostFrequent = <T>(values: readonly T[]): T | null => {
  const counts = new Map<T, number>()
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1)
  let best: T | null = null
  for (const [v, n] of counts) if (best === null || n > (counts.get(best) ?? 0)) best = v
  return best
}

/** What a person typed into the member search. */
export type Search =
  | { by: 'phone'; phone: string }
  | { by: 'card'; cardNo: string }
  | { by: 'name'; from: string; to: string }
/** Reads the search text: a whole phone number, a card number (spaces as printed on the card are fine), else the start of a name. */
export const searchOf = (q: string | undefined): Search | null => {
  const typed = q?.trim()
  if (!typed) return null
  const digits = typed.replace(/[\s-]/g, '')
  if (/^1[3-9]\d{9}$/.test(digits)) return { by: 'phone', phone: digits }
  if (/^\d{8}$/.test(digits)) return { by: 'card', cardNo: digits }
  // The range of texts that begin with it, which every database answers from an index; the last code point closes it.
  return { by: 'name', from: typed, to: `${typed}\u{10FFFF}` }
}

export const memberSorts = ['joined', 'spend', 'lastPurchase', 'points'] as const
export type MemberSort = (typeof memberSorts)[number]
/**
 * Where a page of the member list ended. `part` 0 walks the members that have what is sorted by, largest first; `part` 1 those that have
 * none of it (never bought, no points account), newest member first.
 */
export interface MemberPosition {
  part: 0 | 1
  value: number
  id: string
}
export const writeMemberCursor = (sort: MemberSort, p: MemberPosition): string => `${sort}.${p.part}.${p.value}.${p.id}`
/** Reads a cursor of the same sort; null when it is not one. */
export const readMemberCursor = (sort: MemberSort, text: string): MemberPosition | null => {
  const match = /^(\w+)\.([01])\.(-?\d{1,15})\.([0-9a-z]{1,24})$/.exec(text)
  if (!match || match[1] !== sort) return null
  return { part: match[2] === '1' ? 1 : 0, value: Number(match[3]), id: match[4] }
}

/** Where a page of the timeline ended: newest first, then by source, then by the source's own number. */
export interface TimePosition {
  at: number
  rank: number
  tie: string
}
export const writeTimeCursor = (p: TimePosition): string => `${p.at}.${p.rank}.${p.tie}`
export const readTimeCursor = (text: string): TimePosition | null => {
  const match = /^(\d{1,15})\.(\d{1,2})\.([0-9a-z]{1,24})$/.exec(text)
  return match ? { at: Number(match[1]), rank: Number(match[2]), tie: match[3] } : null
}
/** Newest first; the order every source is read in, so that pages join without a gap or a repeat. */
export const newestFirst = (a: TimePosition, b: TimePosition): number =>
  b.at - a.at || b.rank - a.rank || (a.tie < b.tie ? 1 : a.tie > b.tie ? -1 : 0)

/** The hour (0–23) of a moment on the shop's clock. */
export const hourOf = (at: number, startOfItsDay: number): number =>
  Math.floor(((at - startOfItsDay) % DAY_MS) / 3_600_000)
