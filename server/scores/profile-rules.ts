import type { DaypartCode } from '../../shared/score-words'
import { HOUR_MS, startOfDay } from '../../shared/time'

/** Pure rules of a member's facts: shares, prices, parts of the day, influence. */

/** A part of a member's spend: `share` in basis points. */
export interface Share {
  key: string
  share: number
}

/** The largest shares kept of each list. */
const sharesKept = 8

/** Shares of a sum by key, largest first, ties by key. */
export const sharesOf = (amounts: ReadonlyMap<string, number>): Share[] => {
  let total = 0
  for (const amount of amounts.values()) total += Math.max(0, amount)
  if (!total) return []
  return [...amounts]
    .filter(([, amount]) => amount > 0)
    .map(([key, amount]) => ({ key, share: Math.round((amount / total) * 10_000) }))
    .sort((a, b) => b.share - a.share || (a.key < b.key ? -1 : 1))
    .slice(0, sharesKept)
}

/** Quarter, half and three quarters of some prices (nearest rank); null of none. */
export const quartersOf = (prices: readonly number[]): [number, number, number] | null => {
  if (!prices.length) return null
  const sorted = [...prices].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
  return [at(0.25), at(0.5), at(0.75)]
}

/** The part of its civil day that a moment falls in. */
export const daypartOf = (at: number, onDay: string): DaypartCode => {
  const hour = Math.floor((at - startOfDay(onDay)) / HOUR_MS)
  if (hour < 6 || hour >= 21) return 'night'
  if (hour < 11) return 'morning'
  if (hour < 14) return 'noon'
  return hour < 18 ? 'afternoon' : 'evening'
}

/** What a share, a review and a friend who joined count for: a friend brings a customer, a review readers, a share a look. */
export const influenceWeights = { share: 1, review: 2, referral: 5 } as const
export const influenceOf = (did: { shares: number; reviews: number; referrals: number }): number =>
  did.shares * influenceWeights.share +
  did.reviews * influenceWeights.review +
  did.referrals * influenceWeights.referral
