import { addDays, civilDay, civilDayFrom, monthKey, partsOf } from '../../shared/time'
import type { DashCoupon, DashDay, DashHour, DashTap, DashTarget } from './entity'

/** Sums come back as null where there is nothing to add. */
type Sum = number | null
/** Everything that happened on one civil day, as the tables hold it. */
export interface DayFacts {
  purchases: { storeId: string; memberId: string; at: number; paidFen: number; discountFen: number }[]
  refunds: { storeId: string; at: number; amountFen: number }[]
  joins: { storeId: string | null; n: number }[]
  issued: { templateId: string; n: number }[]
  redeemed: { templateId: string; storeId: string | null; n: number; savedFen: Sum; salesFen: Sum }[]
  points: { kind: string; amount: Sum }[]
  visits: { n: number }[]
  taps: { page: string; width: number | null; x: number | null; y: number | null; target: string | null }[]
}
/** The rows of a day in the summary tables. */
export interface DaySummary {
  days: DashDay[]
  hours: DashHour[]
  coupons: DashCoupon[]
  taps: DashTap[]
  targets: DashTarget[]
}

export const dashPolicy = {
  /** A page is as wide as this many cells of the heat map. */
  tapColumns: 20,
  /** Height of a cell in CSS pixels. */
  tapRowPixels: 40,
  /** Assumed where the client did not say how wide its window is. */
  usualWidth: 390,
  /** Same weekdays before a day whose mean is "usual". */
  usualWeeks: 4,
  sparkDays: 14,
  /** Value of a point for the liability, in fen: what the rewards cost in points over what they are worth. */
  pointFen: 1,
  /** Days after which a use of a reward has or has not brought the member back. */
  returnDays: 30,
  maxTrendDays: 400,
} as const

const group = ''
const emptyDay = (storeId: string, onDay: string): DashDay => ({
  storeId,
  onDay,
  orders: 0,
  buyers: 0,
  paidFen: 0,
  discountFen: 0,
  refundFen: 0,
  joined: 0,
  redeemed: 0,
  savedFen: 0,
  issued: 0,
  visits: 0,
  pointsIssued: 0,
  pointsSpent: 0,
  pointsExpired: 0,
  pointsTakenBack: 0,
  pointsOther: 0,
})
const pointsColumn: Record<string, 'pointsIssued' | 'pointsSpent' | 'pointsExpired' | 'pointsTakenBack'> = {
  earn: 'pointsIssued',
  gift: 'pointsIssued',
  spend: 'pointsSpent',
  expire: 'pointsExpired',
  clawback: 'pointsTakenBack',
}
/** The hour 0–23 of a moment on the shop's wall clock. */
export const hourOf = (at: number, startOfItsDay: number): number => Math.floor((at - startOfItsDay) / 3_600_000)

/** The class of window a width in CSS pixels belongs to. */
export const widthClass = (width: number | null): string => {
  if (!width) return 'unknown'
  if (width < 375) return 'narrow'
  return width < 430 ? 'usual' : 'wide'
}

const tapsOf = (onDay: string, taps: DayFacts['taps']): Pick<DaySummary, 'taps' | 'targets'> => {
  const cells = new Map<string, DashTap>()
  const targets = new Map<string, DashTarget>()
  for (const t of taps) {
    if (t.x !== null && t.y !== null) {
      const width = widthClass(t.width)
      const across = Math.floor((t.x * dashPolicy.tapColumns) / (t.width || dashPolicy.usualWidth))
      const x = Math.max(0, Math.min(dashPolicy.tapColumns - 1, across))
      const y = Math.floor(t.y / dashPolicy.tapRowPixels)
      const key = `${t.page}|${width}|${x}|${y}`
      const cell = cells.get(key) ?? { page: t.page, onDay, width, x, y, taps: 0 }
      cells.set(key, cell)
      cell.taps++
    }
    if (t.target) {
      const key = `${t.page}|${t.target}`
      const row = targets.get(key) ?? { page: t.page, onDay, target: t.target, taps: 0 }
      targets.set(key, row)
      row.taps++
    }
  }
  return { taps: [...cells.values()], targets: [...targets.values()] }
}

/** Adds up one civil day, store by store and for the group. */
export const sumDay = (onDay: string, startsAt: number, facts: DayFacts): DaySummary => {
  const days = new Map<string, DashDay>()
  const hours = new Map<string, DashHour>()
  const coupons = new Map<string, DashCoupon>()
  const dayOf = (storeId: string): DashDay => {
    const found = days.get(storeId) ?? emptyDay(storeId, onDay)
    days.set(storeId, found)
    return found
  }
  const both = (storeId: string | null): DashDay[] => [dayOf(group), ...(storeId ? [dayOf(storeId)] : [])]
  const sell = (storeId: string, at: number, orders: number, salesFen: number): void => {
    const hour = hourOf(at, startsAt)
    for (const store of [group, storeId]) {
      const key = `${store}|${hour}`
      const row = hours.get(key) ?? { storeId: store, onDay, hour, orders: 0, salesFen: 0 }
      hours.set(key, row)
      row.orders += orders
      row.salesFen += salesFen
    }
  }
  const buyers = new Map<string, Set<string>>()
  for (const p of facts.purchases) {
    for (const d of both(p.storeId)) {
      d.orders++
      d.paidFen += Number(p.paidFen)
      d.discountFen += Number(p.discountFen)
      const seen = buyers.get(d.storeId) ?? new Set()
      buyers.set(d.storeId, seen.add(p.memberId))
    }
    sell(p.storeId, Number(p.at), 1, Number(p.paidFen))
  }
  for (const [storeId, seen] of buyers) dayOf(storeId).buyers = seen.size
  for (const r of facts.refunds) {
    for (const d of both(r.storeId)) d.refundFen += Number(r.amountFen)
    sell(r.storeId, Number(r.at), 0, -Number(r.amountFen))
  }
  for (const j of facts.joins) for (const d of both(j.storeId)) d.joined += Number(j.n)
  const couponOf = (templateId: string): DashCoupon => {
    const found = coupons.get(templateId) ?? { onDay, templateId, issued: 0, redeemed: 0, savedFen: 0, salesFen: 0 }
    coupons.set(templateId, found)
    return found
  }
  for (const c of facts.issued) {
    couponOf(c.templateId).issued += Number(c.n)
    dayOf(group).issued += Number(c.n)
  }
  for (const c of facts.redeemed) {
    const coupon = couponOf(c.templateId)
    coupon.redeemed += Number(c.n)
    coupon.savedFen += Number(c.savedFen ?? 0)
    coupon.salesFen += Number(c.salesFen ?? 0)
    for (const d of both(c.storeId)) {
      d.redeemed += Number(c.n)
      d.savedFen += Number(c.savedFen ?? 0)
    }
  }
  for (const p of facts.points) dayOf(group)[pointsColumn[p.kind] ?? 'pointsOther'] += Number(p.amount ?? 0)
  const visits = Number(facts.visits[0]?.n ?? 0)
  if (visits) dayOf(group).visits = visits
  return {
    days: [...days.values()],
    hours: [...hours.values()],
    coupons: [...coupons.values()],
    ...tapsOf(onDay, facts.taps),
  }
}

/** The days from one to another, both included. */
export const daysFrom = (from: string, to: string): string[] => {
  const days: string[] = []
  for (let d = from; d <= to; d = addDays(d, 1)) days.push(d)
  return days
}

/** A share from 0 to 1 with four digits; null when there is nothing to divide by. */
export const shareOf = (part: number, whole: number): number | null =>
  whole > 0 ? Math.round((part / whole) * 10_000) / 10_000 : null

/** 'YYYY-MM' as the number of months since year 0, for reckoning. */
export const monthNumber = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1
/** The inverse of monthNumber. */
export const monthName = (n: number): string => `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}`
/** The month of a moment, as a number. */
export const monthOf = (at: number): number => monthNumber(monthKey(civilDay(at)))
/** The first civil day of a month. */
export const firstOfMonth = (month: string): string =>
  civilDayFrom(Number(month.slice(0, 4)), Number(month.slice(5)), 1)
/** The last `count` months up to that of a civil day, oldest first. */
export const monthsUntil = (today: string, count: number): string[] => {
  const { year, month } = partsOf(today)
  const last = year * 12 + month - 1
  return Array.from({ length: count }, (_, i) => monthName(last - count + 1 + i))
}
