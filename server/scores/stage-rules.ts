import type { StageCode } from '../../shared/score-words'
import { stageCodes } from '../../shared/score-words'

/**
 * The definitions of the five stages, as data: every figure in days unless its name says otherwise. A member's own interval (mean days
 * between purchase days) sets the limits once it is known; before that the shop's limits hold.
 */
export interface StageRules {
  /** Without an own interval: dormant after this many days since the last purchase, lost after that many. */
  dormantDays: number
  lostDays: number
  /** The own interval counts from this many purchase days on. */
  intervalFromPurchaseDays: number
  /** With an own interval: dormant after so many intervals, within these bounds; lost likewise. */
  dormantIntervals: number
  dormantMinDays: number
  dormantMaxDays: number
  lostIntervals: number
  lostMinDays: number
  lostMaxDays: number
  /** An active member is loyal from this many purchase days on. */
  loyalPurchaseDays: number
}

export const defaultStageRules: StageRules = {
  dormantDays: 60,
  lostDays: 180,
  intervalFromPurchaseDays: 3,
  dormantIntervals: 2,
  dormantMinDays: 21,
  dormantMaxDays: 120,
  lostIntervals: 4,
  lostMinDays: 90,
  lostMaxDays: 300,
  loyalPurchaseDays: 5,
}

/** Positions in stageCodes. */
export const stageIndex: Record<StageCode, number> = { new: 0, active: 1, loyal: 2, dormant: 3, lost: 4 }
export const stageAt = (index: number): StageCode => stageCodes[index]

/**
 * Mean days between purchase days; 0 below two of them.
 * @param spanDays days from the first purchase day to the last
 */
export const intervalOf = (purchaseDays: number, spanDays: number): number =>
  purchaseDays > 1 ? spanDays / (purchaseDays - 1) : 0

const between = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value))

/** Days since the last purchase after which a buyer is dormant. */
export const dormantAfter = (rules: StageRules, purchaseDays: number, spanDays: number): number =>
  purchaseDays >= rules.intervalFromPurchaseDays
    ? between(
        Math.round(rules.dormantIntervals * intervalOf(purchaseDays, spanDays)),
        rules.dormantMinDays,
        rules.dormantMaxDays,
      )
    : rules.dormantDays

/** Days since the last purchase after which a buyer is lost; always later than dormant. */
export const lostAfter = (rules: StageRules, purchaseDays: number, spanDays: number): number =>
  purchaseDays >= rules.intervalFromPurchaseDays
    ? Math.max(
        between(
          Math.round(rules.lostIntervals * intervalOf(purchaseDays, spanDays)),
          rules.lostMinDays,
          rules.lostMaxDays,
        ),
        dormantAfter(rules, purchaseDays, spanDays) + 1,
      )
    : rules.lostDays

/**
 * The stage by its definition, as a position in stageCodes.
 * @param purchaseDays distinct days with a purchase, so far
 * @param spanDays days from the first of them to the last
 * @param sinceDays days since the last of them
 */
export const stageOf = (rules: StageRules, purchaseDays: number, spanDays: number, sinceDays: number): number => {
  if (purchaseDays === 0) return stageIndex.new
  if (sinceDays > lostAfter(rules, purchaseDays, spanDays)) return stageIndex.lost
  if (sinceDays > dormantAfter(rules, purchaseDays, spanDays)) return stageIndex.dormant
  return purchaseDays >= rules.loyalPurchaseDays ? stageIndex.loyal : stageIndex.active
}

/** Why these rules cannot be used, in words, or null. */
export const faultOfStages = (r: StageRules): string | null => {
  if (r.lostDays <= r.dormantDays) return '流失天数要大于沉睡天数'
  if (r.dormantMaxDays < r.dormantMinDays || r.lostMaxDays < r.lostMinDays) return '上限不能小于下限'
  if (r.lostIntervals <= r.dormantIntervals) return '流失的间隔倍数要大于沉睡的间隔倍数'
  if (r.lostMaxDays <= r.dormantMinDays) return '流失上限要大于沉睡下限'
  return null
}
