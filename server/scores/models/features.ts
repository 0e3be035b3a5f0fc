import type { DailyPurchases } from './split'
import type { FeatureTable } from './table'

/** What is known of a member's purchases at the end of a day, as features for "buys again within so many days". */
export const featureNames = [
  'log(1 + purchase days)',
  'log(1 + days since last)',
  'log(1 + days since first)',
  'log(1 + spent)',
  'log(1 + mean amount)',
  'log(1 + last amount)',
  'log(1 + days in last 30)',
  'log(1 + days in last 60)',
  'log(1 + days in last 90)',
  'log(1 + days in last 180)',
  'log(1 + spent in last 90)',
  'log(mean gap)',
  'spread of gaps',
  'log(days since last / mean gap)',
  'purchase days per 30 days',
  'bought once',
  'log(last gap / mean gap)',
] as const

const windows = [30, 60, 90, 180]
/** Shortest time over which a rate is computed: a member of yesterday is no daily buyer. */
const leastDays = 14

/**
 * Features of all members with a purchase until the end of day `cut`; nothing later is looked at. Counts are of days with a purchase.
 * Logarithms keep the large from drowning the rest, which logistic regression needs. Without a second purchase the gap is taken to be
 * the age so far, its spread is missing.
 */
export const purchaseFeatures = (
  purchases: DailyPurchases,
  cut: number,
): { members: Int32Array; table: FeatureTable } => {
  const { member, day, amount } = purchases
  const members: number[] = []
  const rows: number[][] = []
  for (let at = 0; at < member.length; ) {
    const start = at
    while (at < member.length && member[at] === member[start]) at++
    let end = start
    while (end < at && day[end] <= cut) end++
    if (end === start) continue
    members.push(member[start])
    rows.push(featuresOf(day.subarray(start, end), amount.subarray(start, end), cut))
  }
  const columns = featureNames.map((_, f) => Float64Array.from(rows, (row) => row[f]))
  return { members: Int32Array.from(members), table: { names: [...featureNames], rows: rows.length, columns } }
}

const featuresOf = (days: Int32Array, amounts: Float64Array, cut: number): number[] => {
  const n = days.length
  const first = days[0]
  const last = days[n - 1]
  const age = cut - first
  const since = cut - last
  let spent = 0
  let recentSpent = 0
  const within = windows.map(() => 0)
  let gapSquares = 0
  for (let i = 0; i < n; i++) {
    spent += amounts[i]
    const ago = cut - days[i]
    if (ago < 90) recentSpent += amounts[i]
    windows.forEach((w, k) => {
      if (ago < w) within[k]++
    })
    if (i) gapSquares += (days[i] - days[i - 1]) ** 2
  }
  const gaps = n - 1
  const meanGap = gaps ? (last - first) / gaps : Math.max(age, leastDays)
  const deviation = gaps > 1 ? Math.sqrt(Math.max(0, gapSquares / gaps - meanGap * meanGap)) : Number.NaN
  const lastGap = gaps ? last - days[n - 2] : meanGap
  return [
    Math.log1p(n),
    Math.log1p(since),
    Math.log1p(age),
    Math.log1p(spent),
    Math.log1p(spent / n),
    Math.log1p(amounts[n - 1]),
    ...within.map((count) => Math.log1p(count)),
    Math.log1p(recentSpent),
    Math.log(meanGap),
    deviation / meanGap,
    Math.log((since + 1) / meanGap),
    (n * 30) / Math.max(age, leastDays),
    n === 1 ? 1 : 0,
    Math.log(lastGap / meanGap),
  ]
}
