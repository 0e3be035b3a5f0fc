import { type Boosting, type BoostingOptions, boostingMargins, boostingReasons, fitBoosting } from './boosting'
import { fitLogistic, type Logistic, logisticMargins, logisticReasons } from './logistic'
import type { FeatureTable } from './table'

/**
 * Boosted trees and logistic regression together: the mean of their log-odds. The trees see bends and combinations, the line does not
 * wander where rows are few; the mean is rarely worse than the better of the two. Plain data: it may be stored as JSON.
 */
export interface Blend {
  kind: 'blend'
  names: string[]
  boosting: Boosting
  logistic: Logistic
}
/** Any classifier of this folder. */
export type Classifier = Boosting | Logistic | Blend

/** Fits both parts to labels of 0 and 1. Throws a refusal where there is nothing to tell apart. */
export const fitBlend = (
  table: FeatureTable,
  labels: Uint8Array,
  options: { boosting?: Partial<BoostingOptions>; ridge?: number } = {},
): Blend => ({
  kind: 'blend',
  names: table.names,
  boosting: fitBoosting(table, labels, options.boosting),
  logistic: fitLogistic(table, labels, { ridge: options.ridge }),
})

/** Log-odds by row; `sigmoid` makes probabilities of them. */
export const classifierMargins = (model: Classifier, table: FeatureTable): Float64Array => {
  if (model.kind === 'boosting') return boostingMargins(model, table)
  if (model.kind === 'logistic') return logisticMargins(model, table)
  const trees = boostingMargins(model.boosting, table)
  const line = logisticMargins(model.logistic, table)
  return trees.map((margin, i) => (margin + line[i]) / 2)
}

/** What moves one row's log-odds, by feature; baseline and contributions sum to the margin. */
export const classifierReasons = (
  model: Classifier,
  table: FeatureTable,
  row: number,
): { baseline: number; contributions: Float64Array } => {
  if (model.kind === 'boosting') return boostingReasons(model, table, row)
  if (model.kind === 'logistic') return { baseline: model.intercept, contributions: logisticReasons(model, table, row) }
  const trees = boostingReasons(model.boosting, table, row)
  const line = logisticReasons(model.logistic, table, row)
  return {
    baseline: (trees.baseline + model.logistic.intercept) / 2,
    contributions: trees.contributions.map((moves, f) => (moves + line[f]) / 2),
  }
}
