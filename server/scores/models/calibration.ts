import { modelRefusal } from './refusal'
import { logAddExp, sigmoid } from './special'

/** Turns margins into probabilities by a logistic curve (Platt 1999). */
export interface Platt {
  kind: 'platt'
  slope: number
  offset: number
}
/** Turns scores into probabilities by steps that never fall, with straight lines between their middles (Zadrozny, Elkan 2002). */
export interface Isotonic {
  kind: 'isotonic'
  scores: number[]
  probabilities: number[]
}
export type Calibration = Platt | Isotonic

/**
 * Fits Platt's curve by Newton's method, with his targets that keep a perfectly separated sample from certainty. The scores must come
 * from rows the classifier did not learn from.
 */
export const fitPlatt = (margins: ArrayLike<number>, labels: ArrayLike<number>): Platt => {
  const n = margins.length
  let positives = 0
  for (let i = 0; i < n; i++) positives += labels[i]
  if (!positives || positives === n) throw modelRefusal('Calibration needs rows of both classes')
  const high = (positives + 1) / (positives + 2)
  const low = 1 / (n - positives + 2)
  const lossOf = (slope: number, offset: number): number => {
    let loss = 0
    for (let i = 0; i < n; i++) {
      const m = slope * margins[i] + offset
      loss += logAddExp(0, m) - (labels[i] ? high : low) * m
    }
    return loss
  }
  let slope = 0
  let offset = Math.log(positives / (n - positives))
  let loss = lossOf(slope, offset)
  for (let round = 0; round < 100; round++) {
    let g0 = 0
    let g1 = 0
    let h00 = 1e-10
    let h01 = 0
    let h11 = 1e-10
    for (let i = 0; i < n; i++) {
      const p = sigmoid(slope * margins[i] + offset)
      const error = (labels[i] ? high : low) - p
      const curvature = p * (1 - p)
      g0 += error
      g1 += error * margins[i]
      h00 += curvature
      h01 += curvature * margins[i]
      h11 += curvature * margins[i] * margins[i]
    }
    const determinant = h00 * h11 - h01 * h01
    if (!(determinant > 0)) break
    const stepOffset = (h11 * g0 - h01 * g1) / determinant
    const stepSlope = (h00 * g1 - h01 * g0) / determinant
    let share = 1
    let next = Infinity
    for (; share > 1e-6; share /= 2) {
      next = lossOf(slope + share * stepSlope, offset + share * stepOffset)
      if (next <= loss) break
    }
    if (!(next <= loss)) break
    slope += share * stepSlope
    offset += share * stepOffset
    const gained = loss - next
    loss = next
    if (gained < 1e-10 * (1 + loss)) break
  }
  return { kind: 'platt', slope, offset }
}

/** Fits by pooling adjacent violators. Needs some hundreds of rows to be worth more than Platt's curve. */
export const fitIsotonic = (scores: ArrayLike<number>, labels: ArrayLike<number>): Isotonic => {
  if (!scores.length) throw modelRefusal('There are no rows to calibrate with')
  const order = Array.from(scores, (_, i) => i).sort((a, b) => scores[a] - scores[b])
  const pools: { weight: number; positives: number; scoreSum: number }[] = []
  let at = 0
  while (at < order.length) {
    // Equal scores must get equal probabilities: they come in together.
    const pool = { weight: 0, positives: 0, scoreSum: 0 }
    const score = scores[order[at]]
    for (; at < order.length && scores[order[at]] === score; at++) {
      pool.weight++
      pool.positives += labels[order[at]]
      pool.scoreSum += score
    }
    pools.push(pool)
    while (pools.length > 1) {
      const last = pools[pools.length - 1]
      const before = pools[pools.length - 2]
      if (before.positives * last.weight < last.positives * before.weight) break
      before.weight += last.weight
      before.positives += last.positives
      before.scoreSum += last.scoreSum
      pools.pop()
    }
  }
  return {
    kind: 'isotonic',
    scores: pools.map((p) => p.scoreSum / p.weight),
    probabilities: pools.map((p) => p.positives / p.weight),
  }
}

/** Probabilities of scores. */
export const calibrate = (calibration: Calibration, scores: ArrayLike<number>): Float64Array => {
  if (calibration.kind === 'platt')
    return Float64Array.from(scores, (s) => sigmoid(calibration.slope * s + calibration.offset))
  const { scores: x, probabilities: y } = calibration
  return Float64Array.from(scores, (s) => {
    let low = 0
    let high = x.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (x[middle] <= s) low = middle + 1
      else high = middle
    }
    if (low === 0) return y[0]
    if (low === x.length) return y[low - 1]
    const share = (s - x[low - 1]) / (x[low] - x[low - 1])
    return y[low - 1] + share * (y[low] - y[low - 1])
  })
}
