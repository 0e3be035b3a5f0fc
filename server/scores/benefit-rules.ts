import type { ModelCode } from '../../shared/score-words'

/** The words by which a journey's trigger or a segment's condition shows that it chose members by a model. */
const signs: Record<ModelCode, readonly string[]> = {
  churn: ['"kind":"churn"', '"field":"churn"'],
  value: ['"field":"clv"'],
  next: ['"kind":"repurchase"', '"field":"nextPurchase"'],
  groups: ['"field":"group"'],
}
/** Whether a choice of members rests on a model. */
export const restsOn = (model: ModelCode, text: string): boolean => signs[model].some((sign) => text.includes(sign))

/** Two-sided 95 % of a normal distribution. */
const z95 = 1.959964

/** Members, sum and sum of squares of an outcome. */
export interface Sums {
  members: number
  sum: number
  squares: number
}
/** Difference of two means with its 95 % interval (Welch); null below two members on either side. */
export const difference = (a: Sums, b: Sums): { value: number; low: number; high: number } | null => {
  if (a.members < 2 || b.members < 2) return null
  const variance = (s: Sums): number => Math.max(0, s.squares - (s.sum * s.sum) / s.members) / (s.members - 1)
  const value = a.sum / a.members - b.sum / b.members
  const error = z95 * Math.sqrt(variance(a) / a.members + variance(b) / b.members)
  return { value, low: value - error, high: value + error }
}

/** Fewer than this on either side cannot be compared. */
const fewestCompared = 20

/** Difference of two shares in words, with its 95 % interval in percentage points. */
export const describeShares = (a: { of: number; yes: number }, b: { of: number; yes: number }): string => {
  if (a.of < fewestCompared || b.of < fewestCompared)
    return `人数太少，比不出（各要 ${fewestCompared} 人，现在 ${a.of} 与 ${b.of}）`
  const shares = difference(
    { members: a.of, sum: a.yes, squares: a.yes },
    { members: b.of, sum: b.yes, squares: b.yes },
  )
  if (!shares) return '比不出'
  const points = (v: number): string => (v * 100).toFixed(1)
  const interval = `95% 区间 ${points(shares.low)} 到 ${points(shares.high)} 个百分点`
  if (shares.low <= 0 && shares.high >= 0) return `看不出差别（${interval}）`
  return `${shares.value > 0 ? '高' : '低'} ${points(Math.abs(shares.value))} 个百分点（${interval}）`
}
