import type { Histories } from './history'
import { seededRandom, shuffledIndex } from './random'
import { modelRefusal } from './refusal'

/** Purchases by member and day, in order of member and then day; one row for each day with a purchase. */
export interface DailyPurchases {
  /** Number of the member, 0 … members - 1. */
  member: Int32Array
  /** Days since any fixed day. */
  day: Int32Array
  /** What was spent that day. */
  amount: Float64Array
  members: number
}

/**
 * Joins purchases of one member on one day into one row: two receipts on one day are one visit to the models, whose processes would take
 * them for eagerness.
 */
export const mergeDays = (
  member: ArrayLike<number>,
  day: ArrayLike<number>,
  amount: ArrayLike<number>,
  members: number,
): DailyPurchases => {
  const n = member.length
  for (let i = 0; i < n; i++)
    if (!(member[i] >= 0 && member[i] < members)) throw modelRefusal(`Row ${i} belongs to member ${member[i]}`)
  const order = Int32Array.from({ length: n }, (_, i) => i)
  const compare = (a: number, b: number): number => member[a] - member[b] || day[a] - day[b]
  // Rows out of a database come in order as a rule.
  if (order.some((i) => i > 0 && compare(i - 1, i) > 0)) order.sort(compare)
  const out = { member: new Int32Array(n), day: new Int32Array(n), amount: new Float64Array(n) }
  let rows = 0
  for (const i of order) {
    if (rows && out.member[rows - 1] === member[i] && out.day[rows - 1] === day[i]) {
      out.amount[rows - 1] += amount[i]
      continue
    }
    out.member[rows] = member[i]
    out.day[rows] = day[i]
    out.amount[rows++] = amount[i]
  }
  return {
    member: out.member.slice(0, rows),
    day: out.day.slice(0, rows),
    amount: out.amount.slice(0, rows),
    members,
  }
}

/** What was known of the members at the end of a day. */
export interface CutHistories {
  /** Members with a purchase until then, ascending; the columns are in this order. */
  members: Int32Array
  /** In the unit of `daysPerUnit`. */
  histories: { repeats: Float64Array; recency: Float64Array; age: Float64Array } & Histories
  /** Mean amount of the repeat purchases; 0 where there was none. */
  meanValue: Float64Array
}

/**
 * Histories as they stood at the end of day `cut`. Nothing later is looked at.
 * @param daysPerUnit 7 gives weeks
 */
export const cutHistories = (purchases: DailyPurchases, cut: number, daysPerUnit = 7): CutHistories => {
  const members: number[] = []
  const columns: [number[], number[], number[], number[]] = [[], [], [], []]
  const { member, day, amount } = purchases
  for (let at = 0; at < member.length; ) {
    const who = member[at]
    const first = day[at]
    let last = first
    let count = 0
    let spent = 0
    for (; at < member.length && member[at] === who; at++) {
      if (day[at] > cut) continue
      last = day[at]
      if (count++) spent += amount[at]
    }
    if (!count) continue
    members.push(who)
    columns[0].push(count - 1)
    columns[1].push((last - first) / daysPerUnit)
    columns[2].push((cut - first) / daysPerUnit)
    columns[3].push(count > 1 ? spent / (count - 1) : 0)
  }
  const [repeats, recency, age, meanValue] = columns.map((c) => Float64Array.from(c))
  return { members: Int32Array.from(members), histories: { repeats, recency, age }, meanValue }
}

/** Days with a purchase after day `from` until the end of day `to`, for these members. */
export const purchasesBetween = (
  purchases: DailyPurchases,
  members: ArrayLike<number>,
  from: number,
  to: number,
): Int32Array => {
  const counts = new Int32Array(purchases.members)
  for (let i = 0; i < purchases.day.length; i++)
    if (purchases.day[i] > from && purchases.day[i] <= to) counts[purchases.member[i]]++
  return Int32Array.from(members, (m) => counts[m])
}

/** Whether these members bought after day `from` until the end of day `to`: the label of a temporal back-test. */
export const boughtBetween = (
  purchases: DailyPurchases,
  members: ArrayLike<number>,
  from: number,
  to: number,
): Uint8Array => Uint8Array.from(purchasesBetween(purchases, members, from, to), (n) => (n > 0 ? 1 : 0))

/** A fold (0 … folds - 1) for each row, so that every fold has the same share of positives as far as numbers allow. */
export const stratifiedFolds = (labels: ArrayLike<number>, folds: number, seed: number): Uint8Array => {
  const out = new Uint8Array(labels.length)
  const order = shuffledIndex(labels.length, seededRandom(seed))
  for (const label of [0, 1]) {
    let next = 0
    for (const i of order) if (labels[i] === label) out[i] = next++ % folds
  }
  return out
}
