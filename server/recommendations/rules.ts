import { createHash } from 'node:crypto'
import type { Output } from '../../shared/contract'
import type { RecommendationRule } from './entity'
import type { History } from './models/histories'

/** Policy numbers of recommendations. */
export const recommendationPolicy = {
  /** What was bought within so many days is not offered again, unless the member's own interval is shorter. */
  justBoughtDays: 3,
  /** Goods that fewer of their buyers bought again are not goods to buy again. */
  durableShare: 0.05,
  /** Goods first sold within so many days are new, in a shop that has been open for twice that long. */
  newDays: 21,
  /** A purchase counts for a recommendation seen at most so many days before. */
  effectDays: 7,
  /** Units that a group needs before a difference may be named. */
  minUnits: 200,
  maxRules: 200,
} as const

export type Slot = Output<'GET /admin/recommendation-rules'>['items'][number]['slot'] & string
/** personal and control are drawn; a newcomer has no history yet; off has personalisation switched off. */
export type Arm = 'personal' | 'control' | 'newcomer' | 'off'

/** A member's own interval for an item in days, or null when it was bought on one day only. */
export const intervalOf = (times: number, firstDay: number, lastDay: number): number | null =>
  times > 1 ? (lastDay - firstDay) / (times - 1) : null

/** The group of a member, for good: a hash of the id, so that no table has to remember it. */
export const armOf = (memberId: string, controlPercent: number): 'personal' | 'control' =>
  createHash('sha1').update(`recommendation/${memberId}`).digest().readUInt32BE(0) % 100 < controlPercent
    ? 'control'
    : 'personal'

/** Whether a rule holds for a slot, a store and a moment. */
export const ruleHolds = (
  rule: Pick<RecommendationRule, 'active' | 'slot' | 'storeId' | 'fromAt' | 'untilAt'>,
  { slot, storeId, now }: { slot: string; storeId: string | null; now: number },
): boolean =>
  rule.active === 1 &&
  (rule.slot === null || rule.slot === slot) &&
  (rule.storeId === null || rule.storeId === storeId) &&
  (rule.fromAt === null || rule.fromAt <= now) &&
  (rule.untilAt === null || rule.untilAt >= now)

/** Whether an item the member has is not to be offered again: just bought, or bought once and of a kind people buy once. */
export const ownedAlready = (h: History, e: number, day: number, rebuyShare: number): boolean => {
  if (h.times[e] === 1 && rebuyShare < recommendationPolicy.durableShare) return true
  const interval = intervalOf(h.times[e], h.firstDay[e], h.lastDay[e])
  const pause = Math.min(
    recommendationPolicy.justBoughtDays,
    interval === null ? Number.POSITIVE_INFINITY : interval / 2,
  )
  return day - h.lastDay[e] < pause
}

/**
 * Takes the best in their order, but no more than `most` of a category while others are left; what was passed over fills up a list that
 * stays short.
 */
export const diversify = <T>(
  ranked: readonly T[],
  categoryOf: (item: T) => string,
  { limit, most, taken = new Map() }: { limit: number; most: number; taken?: Map<string, number> },
): T[] => {
  const chosen: T[] = []
  const passed: T[] = []
  for (const item of ranked) {
    if (chosen.length === limit) return chosen
    const category = categoryOf(item)
    const count = taken.get(category) ?? 0
    if (count >= most) {
      passed.push(item)
      continue
    }
    taken.set(category, count + 1)
    chosen.push(item)
  }
  return [...chosen, ...passed.slice(0, limit - chosen.length)]
}

/** Takes from two lists in turn, the first one first. */
export const interleave = <T>(a: readonly T[], b: readonly T[]): T[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [...a.slice(i, i + 1), ...b.slice(i, i + 1)]).flat()

const longestName = 12
/** A product's name short enough to stand within a reason. */
export const shortName = (name: string): string => {
  const bare = name.replace(/[（(].*$/, '').trim() || name
  const chars = [...bare]
  return chars.length > longestName ? `${chars.slice(0, longestName - 1).join('')}…` : bare
}

/** Why something bought before is shown again. */
export const againReason = (times: number, firstDay: number, lastDay: number, today: number): string => {
  const interval = intervalOf(times, firstDay, lastDay)
  if (times > 2 && interval !== null && interval >= 1.5) return `常回购，通常每 ${Math.round(interval)} 天一次`
  if (times > 1) return `你买过 ${times} 次`
  const age = today - lastDay
  return age > 60 ? `${Math.round(age / 30)} 个月前买过` : age > 13 ? `${Math.round(age / 7)} 周前买过` : '上次买过'
}

/** What stands above a list, by what it is made of. */
export const noteOf = (basis: 'personal' | 'popular' | 'off'): string =>
  ({
    personal: '根据你的购买记录挑选',
    popular: '店里最近卖得好的',
    off: '你已关闭个性化推荐，这里只按热度排列',
  })[basis]

/** Sums over the units of one group. */
export interface UnitSums {
  units: number
  exposures: number
  clicks: number
  buyers: number
  revenueFen: number
  exposuresSquared: number
  clicksSquared: number
  exposuresClicks: number
  revenueYuanSquared: number
}
interface Estimate {
  value: number
  variance: number
}

/** Clicks per exposure, with the variance of a ratio by the delta method: units, not exposures, are independent. */
export const clickRate = (s: UnitSums): Estimate | null => {
  if (!s.units || !s.exposures) return null
  const value = s.clicks / s.exposures
  const spread = s.clicksSquared - 2 * value * s.exposuresClicks + value * value * s.exposuresSquared
  return { value, variance: Math.max(0, spread) / (s.exposures * s.exposures) }
}
/** Share of units that bought what they were shown. */
export const buyRate = (s: UnitSums): Estimate | null => {
  if (!s.units) return null
  const value = s.buyers / s.units
  return { value, variance: (value * (1 - value)) / s.units }
}
/** Revenue from shown goods per unit, in fen. */
export const revenuePerUnit = (s: UnitSums): Estimate | null => {
  if (s.units < 2) return null
  const value = s.revenueFen / s.units
  const squares = s.revenueYuanSquared * 10_000
  return { value, variance: Math.max(0, (squares - s.units * value * value) / (s.units - 1)) / s.units }
}

/** Difference of two groups with its 95 % interval; null while one is too small to say anything. */
export const difference = (
  of: (s: UnitSums) => Estimate | null,
  personal: UnitSums,
  control: UnitSums,
): { value: number; interval: { low: number; high: number } } | null => {
  if (Math.min(personal.units, control.units) < recommendationPolicy.minUnits) return null
  const [a, b] = [of(personal), of(control)]
  if (!a || !b) return null
  const value = a.value - b.value
  const half = 1.959964 * Math.sqrt(a.variance + b.variance)
  return { value, interval: { low: value - half, high: value + half } }
}

/** What may be concluded from the difference in buying. */
export const conclusionOf = (
  buying: { value: number; interval: { low: number; high: number } } | null,
  controlUnits: number,
): string => {
  if (!buying) return `对照组目前 ${controlUnits} 人次，两组都要满 ${recommendationPolicy.minUnits} 人次才能比较`
  const points = (x: number): string => (x * 100).toFixed(2)
  const range = `95% 区间 ${points(buying.interval.low)} 到 ${points(buying.interval.high)} 个百分点`
  if (buying.interval.low > 0) return `个性化推荐的 7 天购买率比对照组高 ${points(buying.value)} 个百分点（${range}）`
  if (buying.interval.high < 0)
    return `个性化推荐的 7 天购买率比对照组低 ${points(-buying.value)} 个百分点（${range}），建议停用并检查`
  return `两组的差异在误差之内（${range}），还不能说推荐带来了购买`
}
