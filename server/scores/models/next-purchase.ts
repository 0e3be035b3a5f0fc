import { minimise } from './minimise'
import { modelRefusal } from './refusal'
import { incompleteBeta, inverseIncompleteBeta, logGamma } from './special'
import type { DailyPurchases } from './split'

// Looked up once: where code runs in a sandbox, as under Jest, every look at a global is slow enough to be felt here.
const { abs, exp, log, max } = Math

/**
 * How long members wait from one purchase to the next: a member's gaps are gamma distributed with shape p and a rate of the member's own,
 * the rates follow a gamma distribution with shape q and rate v. A member with few gaps is thereby drawn towards everybody, one with many
 * speaks for itself. Plain data: it may be stored as JSON.
 */
export interface IntervalModel {
  kind: 'intervals'
  p: number
  q: number
  v: number
  logLikelihood: number
  /** Members with a gap, and gaps. */
  members: number
  gaps: number
}
/** A member's gaps in days: how many, their sum, and the sum of their logarithms. */
export interface Gaps {
  count: ArrayLike<number>
  sum: ArrayLike<number>
  logSum: ArrayLike<number>
}

/** Gaps between purchase days until the end of day `cut`, for these members, with the days since the last purchase. */
export const gapsOf = (
  { member, day, members }: DailyPurchases,
  cut: number,
): { count: Int32Array; sum: Float64Array; logSum: Float64Array; elapsed: Float64Array } => {
  const out = {
    count: new Int32Array(members),
    sum: new Float64Array(members),
    logSum: new Float64Array(members),
    /** NaN for members without a purchase. */
    elapsed: new Float64Array(members).fill(Number.NaN),
  }
  for (let i = 0; i < member.length; i++) {
    if (day[i] > cut) continue
    const m = member[i]
    out.elapsed[m] = cut - day[i]
    if (!i || member[i - 1] !== m) continue
    const gap = day[i] - day[i - 1]
    out.count[m]++
    out.sum[m] += gap
    out.logSum[m] += log(gap)
  }
  return out
}

/** Fits by maximum likelihood to members with at least one gap. Gaps that have not ended yet are not counted. */
export const fitIntervals = ({ count, sum, logSum }: Gaps): IntervalModel => {
  const rows: number[] = []
  let gaps = 0
  let days = 0
  let logs = 0
  for (let i = 0; i < count.length; i++) {
    if (!(count[i] > 0)) continue
    rows.push(i)
    gaps += count[i]
    days += sum[i]
    logs += logSum[i]
  }
  if (gaps < 3) throw modelRefusal('Fewer than three gaps between purchases')
  const scale = days / gaps
  const found = minimise(
    (at) => {
      if (at.some((v) => abs(v) > 12)) return Infinity
      const [p, q] = at.map(exp)
      const v = scale * exp(at[2])
      // The product over gaps and its constants are the same sum for everybody; only sum and count differ by member.
      let loss = gaps * logGamma(p) - (p - 1) * logs + rows.length * (logGamma(q) - q * log(v))
      for (const i of rows) {
        const shape = p * count[i] + q
        loss -= logGamma(shape) - shape * log(v + sum[i])
      }
      return loss
    },
    [0, 0.7, 0],
  )
  const [p, q] = found.at.map(exp)
  return {
    kind: 'intervals',
    p,
    q,
    v: scale * exp(found.at[2]),
    logLikelihood: -found.value,
    members: rows.length,
    gaps,
  }
}

/** When a member is expected next, in days from now. */
export interface NextPurchase {
  median: number
  low: number
  high: number
}

/** Share of the outcomes the interval is made to hold. */
export const intervalShare = 0.8

/**
 * When the next purchase comes if the member comes again at all, given the member's gaps and that `elapsed` days have gone by without
 * one. The waiting time over (v + sum) has a beta prime distribution (p, q + p · count); what has elapsed cuts its lower end off.
 */
export const nextPurchase = (
  { p, q, v }: Pick<IntervalModel, 'p' | 'q' | 'v'>,
  { count, sum, elapsed }: { count: number; sum: number; elapsed: number },
): NextPurchase => {
  const scale = v + sum
  const shape = q + p * count
  // Survival at y is I of scale / (scale + y) with the shapes turned round: precise far out, where its complement is all ones.
  const alive = incompleteBeta(shape, p, scale / (scale + elapsed))
  const after = (share: number): number => {
    const x = inverseIncompleteBeta(shape, p, share * alive)
    return max(0, (scale * (1 - x)) / x - elapsed)
  }
  const tail = (1 - intervalShare) / 2
  return { median: after(0.5), low: after(1 - tail), high: after(tail) }
}
