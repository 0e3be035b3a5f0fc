import type { RfmCode } from '../../shared/score-words'

/** How recency, frequency and spend become 1 to 5 (5 best), as data. */
export interface RfmRules {
  /** Which scores name the segment: by fifths of the shop's own members, or by the fixed limits below. */
  method: 'quantile' | 'fixed'
  /** Days since the last purchase: up to the first 5, up to the second 4 … beyond the last 1. */
  recencyDays: number[]
  /** Purchases: up to the first 1, up to the second 2 … beyond the last 5. */
  purchases: number[]
  /** Spend after refunds, in fen: below the first 1, from the first 2 … from the last 5. */
  spendFen: number[]
  /** A score from here on counts as high. */
  highFrom: number
}

export const defaultRfmRules: RfmRules = {
  method: 'quantile',
  recencyDays: [7, 30, 60, 120],
  purchases: [1, 2, 4, 7],
  spendFen: [20_000, 50_000, 100_000, 300_000],
  highFrom: 4,
}

/** 5 for a purchase within the first limit, 1 beyond the last. Both ends belong to the better score. */
export const recencyScore = (limits: readonly number[], sinceDays: number): number => {
  let score = 5
  for (const limit of limits) if (sinceDays > limit) score--
  return score
}
export const frequencyScore = (limits: readonly number[], purchases: number): number => {
  let score = 1
  for (const limit of limits) if (purchases > limit) score++
  return score
}
export const spendScore = (limits: readonly number[], spendFen: number): number => {
  let score = 1
  for (const limit of limits) if (spendFen >= limit) score++
  return score
}
/** 1 + the number of cut points below the value, so that equal values have equal scores. */
export const quantileScore = (cuts: ArrayLike<number>, value: number): number => {
  let score = 1
  for (let i = 0; i < cuts.length; i++) if (value > cuts[i]) score++
  return score
}

const segments: readonly RfmCode[] = ['low', 'growth', 'hold', 'value', 'retain', 'develop', 'keep', 'champion']

/** The segment of three scores; all 0 for who never bought. */
export const segmentOf = (highFrom: number, r: number, f: number, m: number): RfmCode =>
  r === 0 ? 'none' : segments[(r >= highFrom ? 1 : 0) + (f >= highFrom ? 2 : 0) + (m >= highFrom ? 4 : 0)]

/** Why these rules cannot be used, in words, or null. */
export const faultOfRfm = (rules: RfmRules): string | null => {
  for (const [name, limits] of [
    ['最近消费', rules.recencyDays],
    ['消费次数', rules.purchases],
    ['消费金额', rules.spendFen],
  ] as const) {
    if (limits.length !== 4) return `${name}要有四个界限`
    if (limits.some((limit, i) => i > 0 && limit <= limits[i - 1])) return `${name}的界限要由小到大`
  }
  return null
}
