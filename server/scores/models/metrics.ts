import { modelRefusal } from './refusal'

/** Share of positives among the labels. */
export const baseRate = (labels: ArrayLike<number>): number => {
  let positives = 0
  for (let i = 0; i < labels.length; i++) positives += labels[i]
  return positives / labels.length
}

const descending = (scores: ArrayLike<number>): Int32Array =>
  Int32Array.from(scores, (_, i) => i).sort((a, b) => scores[b] - scores[a])

/**
 * Area under the ROC curve: the chance that a positive row scores above a negative one, ties counting half (Mann and Whitney).
 * Throws a refusal when a class is missing.
 */
export const auc = (scores: ArrayLike<number>, labels: ArrayLike<number>): number => {
  const order = descending(scores)
  let positives = 0
  let negatives = 0
  let area = 0
  for (let at = 0; at < order.length; ) {
    let tiedPositives = 0
    let tiedNegatives = 0
    const score = scores[order[at]]
    for (; at < order.length && scores[order[at]] === score; at++) {
      if (labels[order[at]]) tiedPositives++
      else tiedNegatives++
    }
    area += tiedNegatives * (positives + tiedPositives / 2)
    positives += tiedPositives
    negatives += tiedNegatives
  }
  if (!positives || !negatives) throw modelRefusal('An AUC needs rows of both classes')
  return area / (positives * negatives)
}

/** Mean squared error of probabilities. A constant at the base rate p gets p (1 - p). */
export const brierScore = (probabilities: ArrayLike<number>, labels: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < labels.length; i++) sum += (probabilities[i] - labels[i]) ** 2
  return sum / labels.length
}

/** Mean negative log-likelihood in nats; probabilities are kept 1e-15 away from certainty. */
export const logLoss = (probabilities: ArrayLike<number>, labels: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < labels.length; i++) {
    const p = Math.min(1 - 1e-15, Math.max(1e-15, probabilities[i]))
    sum -= Math.log(labels[i] ? p : 1 - p)
  }
  return sum / labels.length
}

/** One bin of predictions: what was predicted on average and what came. */
export interface CalibrationBin {
  predicted: number
  observed: number
  count: number
}

/** Predictions in bins of equal width; empty bins are left out. */
export const calibrationCurve = (
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins = 10,
): CalibrationBin[] => {
  const sums = Array.from({ length: bins }, () => ({ predicted: 0, observed: 0, count: 0 }))
  for (let i = 0; i < labels.length; i++) {
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.floor(probabilities[i] * bins)))]
    bin.predicted += probabilities[i]
    bin.observed += labels[i]
    bin.count++
  }
  return sums
    .filter((b) => b.count)
    .map((b) => ({ predicted: b.predicted / b.count, observed: b.observed / b.count, count: b.count }))
}

/** Mean distance between predicted and observed, weighted by the bins of `calibrationCurve`. */
export const expectedCalibrationError = (
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins = 10,
): number =>
  calibrationCurve(probabilities, labels, bins).reduce(
    (sum, b) => sum + (b.count / labels.length) * Math.abs(b.predicted - b.observed),
    0,
  )

/** A tenth of the rows, the highest scores first. */
export interface Decile {
  decile: number
  count: number
  positives: number
  /** Share of positives in this tenth. */
  rate: number
  /** Rate over the base rate. */
  lift: number
  /** Share of all positives in this tenth and those above. */
  capture: number
}

/** Lift by tenths of the score. Rows of equal score that a border divides count with their mean, so that their order does not matter. */
export const liftByDecile = (scores: ArrayLike<number>, labels: ArrayLike<number>): Decile[] => {
  const n = scores.length
  const order = descending(scores)
  const smoothed = new Float64Array(n)
  for (let at = 0; at < n; ) {
    let end = at
    let positives = 0
    for (; end < n && scores[order[end]] === scores[order[at]]; end++) positives += labels[order[end]]
    smoothed.fill(positives / (end - at), at, end)
    at = end
  }
  const all = smoothed.reduce((sum, v) => sum + v, 0)
  let captured = 0
  return Array.from({ length: 10 }, (_, d) => {
    const from = Math.floor((n * d) / 10)
    const to = Math.floor((n * (d + 1)) / 10)
    let positives = 0
    for (let i = from; i < to; i++) positives += smoothed[i]
    captured += positives
    const rate = to > from ? positives / (to - from) : 0
    return {
      decile: d + 1,
      count: to - from,
      positives,
      rate,
      lift: all ? rate / (all / n) : 0,
      capture: all ? captured / all : 0,
    }
  })
}

/** Precision and recall where the highest scores down to and including this one are taken. */
export interface PrecisionRecall {
  score: number
  precision: number
  recall: number
}

/** The curve of precision over recall, one point per different score, highest first. */
export const precisionRecallCurve = (scores: ArrayLike<number>, labels: ArrayLike<number>): PrecisionRecall[] => {
  const order = descending(scores)
  const all = baseRate(labels) * labels.length
  const curve: PrecisionRecall[] = []
  let positives = 0
  for (let at = 0; at < order.length; ) {
    const score = scores[order[at]]
    for (; at < order.length && scores[order[at]] === score; at++) positives += labels[order[at]]
    curve.push({ score, precision: positives / at, recall: all ? positives / all : 0 })
  }
  return curve
}

/** Area under that curve by steps (average precision); a constant score gets the base rate. */
export const averagePrecision = (scores: ArrayLike<number>, labels: ArrayLike<number>): number => {
  let area = 0
  let before = 0
  for (const { precision, recall } of precisionRecallCurve(scores, labels)) {
    area += (recall - before) * precision
    before = recall
  }
  return area
}

/** Mean absolute difference. */
export const meanAbsoluteError = (predicted: ArrayLike<number>, actual: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < actual.length; i++) sum += Math.abs(predicted[i] - actual[i])
  return sum / actual.length
}
