import { featureImportance, fitBoosting } from '../../server/scores/models/boosting'
import { type Classifier, classifierMargins, classifierReasons, fitBlend } from '../../server/scores/models/classifier'
import { fitLogistic } from '../../server/scores/models/logistic'
import {
  auc,
  averagePrecision,
  brierScore,
  calibrationCurve,
  expectedCalibrationError,
  liftByDecile,
  logLoss,
} from '../../server/scores/models/metrics'
import { sigmoid } from '../../server/scores/models/special'
import type { FeatureTable } from '../../server/scores/models/table'
import { printTable } from '../bench/measure'
import type { Figure } from './report'

/** A classifier that has learnt: probabilities of any rows, and what moves a row's margin away from the usual one. */
export interface Learnt {
  probabilities(table: FeatureTable): Float64Array
  reasons(table: FeatureTable, row: number): Float64Array
  /** By feature, where the model has such a thing. */
  importance: Float64Array | null
}
export type Learner = (table: FeatureTable, labels: Uint8Array) => Learnt

const learntOf = (model: Classifier, importance: Float64Array | null): Learnt => ({
  probabilities: (rows) => classifierMargins(model, rows).map(sigmoid),
  reasons: (rows, row) => classifierReasons(model, rows, row).contributions,
  importance,
})
export const logistic: Learner = (table, labels) => learntOf(fitLogistic(table, labels), null)
export const boosting: Learner = (table, labels) => {
  const model = fitBoosting(table, labels)
  return learntOf(model, featureImportance(model))
}
export const blend: Learner = (table, labels) => learntOf(fitBlend(table, labels), null)

/** The feature that alone tells the classes best apart, whichever way it points; missing values count as the least. */
export const bestSingleFeature = (table: FeatureTable, labels: Uint8Array): { name: string; auc: number } =>
  table.columns
    .map((column, f) => {
      const area = auc(
        column.map((v) => (Number.isNaN(v) ? -Number.MAX_VALUE : v)),
        labels,
      )
      return { name: table.names[f], auc: Math.max(area, 1 - area) }
    })
    .sort((a, b) => b.auc - a.auc)[0]

const percent = (share: number, digits = 1): string => `${(share * 100).toFixed(digits)} %`

/** Prints what was predicted beside what came, and what each tenth of the score holds. */
export const printQuality = (title: string, probabilities: Float64Array, labels: Uint8Array): void => {
  console.log(`\n${title}: predicted and observed`)
  printTable(
    ['predicted', 'observed', 'rows'],
    calibrationCurve(probabilities, labels).map((b) => [percent(b.predicted), percent(b.observed), String(b.count)]),
    0,
  )
  console.log(`\n${title}: tenths of the score, the highest first`)
  printTable(
    ['tenth', 'rows', 'rate', 'lift', 'of all so far'],
    liftByDecile(probabilities, labels).map((d) => [
      String(d.decile),
      String(d.count),
      percent(d.rate),
      d.lift.toFixed(2),
      percent(d.capture),
    ]),
    0,
  )
}

/** Figures beside AUC and Brier score that no goal is set for. */
export const otherFigures = (
  prefix: string,
  probabilities: Float64Array,
  labels: Uint8Array,
  base: number,
): Figure[] => {
  const right = probabilities.reduce((n, p, i) => n + Number(p >= 0.5 === (labels[i] === 1)), 0) / labels.length
  const top = liftByDecile(probabilities, labels)[0]
  const entropy = -(base * Math.log(base) + (1 - base) * Math.log(1 - base))
  return [
    {
      name: `${prefix}.logloss`,
      value: logLoss(probabilities, labels),
      unit: 'nats',
      goal: null,
      beside: `base rate for all ${entropy.toFixed(4)}`,
    },
    { name: `${prefix}.ece`, value: expectedCalibrationError(probabilities, labels), unit: '', goal: null },
    {
      name: `${prefix}.average-precision`,
      value: averagePrecision(probabilities, labels),
      unit: '',
      goal: null,
      beside: `base rate ${base.toFixed(4)}`,
    },
    {
      name: `${prefix}.accuracy`,
      value: right,
      unit: '',
      goal: null,
      beside: `the commoner class for all ${Math.max(base, 1 - base).toFixed(4)}`,
    },
    {
      name: `${prefix}.lift.top-tenth`,
      value: top.lift,
      unit: '×',
      goal: null,
      beside: `${percent(top.capture)} of all positives; at most ${Math.min(10, 1 / base).toFixed(2)}`,
    },
  ]
}

/** AUC and Brier score beside the naive baselines. */
export const mainFigures = (
  prefix: string,
  quality: { auc: number; brier: number },
  base: number,
  single: { name: string; auc: number },
  goals: { auc: number; brier: number } | null,
): Figure[] => [
  {
    name: `${prefix}.auc`,
    value: quality.auc,
    unit: '',
    goal: goals?.auc ?? null,
    beside: `${single.name} alone ${single.auc.toFixed(4)}, chance 0.5, base rate ${percent(base)}`,
  },
  {
    name: `${prefix}.brier`,
    value: quality.brier,
    unit: '',
    goal: goals?.brier ?? null,
    better: 'lower',
    beside: `base rate for all ${(base * (1 - base)).toFixed(4)}`,
  },
]

/** AUC and Brier score at once. */
export const qualityOf = (probabilities: Float64Array, labels: Uint8Array): { auc: number; brier: number } => ({
  auc: auc(probabilities, labels),
  brier: brierScore(probabilities, labels),
})

/** Prints the five strongest reasons of the row with the highest score: what a member's page shows. */
export const printReasons = (learnt: Learnt, table: FeatureTable, probabilities: Float64Array): void => {
  const row = probabilities.reduce((best, p, i) => (p > probabilities[best] ? i : best), 0)
  const reasons = learnt.reasons(table, row)
  const strongest = table.names.map((name, f) => ({ name, moves: reasons[f], value: table.columns[f][row] }))
  strongest.sort((a, b) => Math.abs(b.moves) - Math.abs(a.moves))
  console.log(`\nwhy the highest score (${percent(probabilities[row])}) is what it is, in log-odds:`)
  for (const { name, moves, value } of strongest.slice(0, 5))
    console.log(
      `  ${moves >= 0 ? '+' : ''}${moves.toFixed(3)}  ${name} = ${Number.isNaN(value) ? 'missing' : Number(value.toPrecision(6))}`,
    )
}
