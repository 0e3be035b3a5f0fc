import { encodeRows, learnEncoding } from '../../server/scores/models/encode'
import { baseRate } from '../../server/scores/models/metrics'
import { isModelRefusal } from '../../server/scores/models/refusal'
import { stratifiedFolds } from '../../server/scores/models/split'
import { type FeatureTable, takeRows } from '../../server/scores/models/table'
import {
  bestSingleFeature,
  boosting,
  type Learner,
  logistic,
  mainFigures,
  otherFigures,
  printQuality,
  printReasons,
  qualityOf,
} from './classifiers'
import type { Flags } from './index'
import { columnOf, countFlag, readTable } from './read'
import { badInput, type Figure, type Report } from './report'
import { shippedFile } from './shipped'

export const flags = ['target', 'positive', 'folds', 'repeats', 'seed']
export const usage = `  --data <file>      a labelled table with a header; text columns become one flag per value, empty cells are missing
  --target <column>  the label (two values)
  --positive <value> the value that counts as churned (1, yes, true, 是, otherwise the later in the alphabet)
  --folds N --repeats N --seed N   stratified cross-validation (5 folds, 2 repeats, seed 1)`

interface Labelled {
  table: FeatureTable
  labels: Uint8Array
}

/** Which of two values of the target is the positive one. */
const positiveOf = (values: string[], asked: string | undefined): string => {
  if (asked !== undefined) {
    if (!values.includes(asked)) throw badInput(`--positive ${asked} is no value of the target: ${values.join(', ')}`)
    return asked
  }
  return values.find((v) => /^(1|yes|y|true|是)$/i.test(v)) ?? [...values].sort()[1]
}

/** Reads a labelled table; the encoding looks at all rows but never at the labels. */
const readLabelled = async (file: string, target: string, positive: string | undefined): Promise<Labelled> => {
  const table = await readTable(file)
  const at = columnOf(table, file, target)
  for (const { line, fields } of table.records)
    if (!fields[at].trim()) throw badInput(`${file}, line ${line}: no value in the target column ${target}`)
  const values = [...new Set(table.records.map((r) => r.fields[at].trim()))]
  if (values.length !== 2)
    throw badInput(
      `The target ${target} has ${values.length} different values, not two: ${values.slice(0, 5).join(', ')}`,
    )
  const wanted = positiveOf(values, positive)
  const names = table.header.filter((_, c) => c !== at)
  const rows = table.records.map((r) => r.fields.filter((_, c) => c !== at))
  const { encoding, leftOut } = learnEncoding(names, rows)
  if (!encoding.columns.length) throw badInput(`${file} has no column to learn from beside ${target}`)
  const encoded = encodeRows(encoding, names, rows)
  console.log(
    `${file}: ${rows.length.toLocaleString('en')} rows, ${names.length} columns as ${encoded.names.length} features; ${target} = ${wanted} is positive`,
  )
  for (const { name, reason } of leftOut) console.log(`  left out: ${name} ${reason}`)
  return { table: encoded, labels: Uint8Array.from(table.records, (r) => (r.fields[at].trim() === wanted ? 1 : 0)) }
}

/** Cross-validates: mean of the folds' AUC and Brier score, and for each row the mean of its predictions out of fold. */
const crossValidate = (
  { table, labels }: Labelled,
  learn: Learner,
  { folds, repeats, seed }: { folds: number; repeats: number; seed: number },
): { auc: number; brier: number; outOfFold: Float64Array } => {
  const all = Array.from(labels, (_, i) => i)
  const outOfFold = new Float64Array(labels.length)
  const sum = { auc: 0, brier: 0 }
  for (let repeat = 0; repeat < repeats; repeat++) {
    const fold = stratifiedFolds(labels, folds, seed + repeat)
    for (let k = 0; k < folds; k++) {
      const kept = all.filter((i) => fold[i] !== k)
      const held = all.filter((i) => fold[i] === k)
      const learnt = learn(
        takeRows(table, kept),
        Uint8Array.from(kept, (i) => labels[i]),
      )
      const probabilities = learnt.probabilities(takeRows(table, held))
      const quality = qualityOf(
        probabilities,
        Uint8Array.from(held, (i) => labels[i]),
      )
      sum.auc += quality.auc / folds / repeats
      sum.brier += quality.brier / folds / repeats
      held.forEach((i, at) => {
        outOfFold[i] += probabilities[at] / repeats
      })
    }
  }
  return { ...sum, outOfFold }
}

/** Runs on a file of the caller's, or on the Telco table with the published protocol: two times five stratified folds. */
export const run = async (given: Flags): Promise<Report> => {
  if (given.data && !given.target) throw badInput('--data needs --target <column>')
  const protocol = {
    folds: countFlag(given, 'folds', 2, 5),
    repeats: countFlag(given, 'repeats', 1, 2),
    seed: countFlag(given, 'seed', 0, 1),
  }
  const prefix = given.data ? 'data' : 'telco'
  const file = given.data ?? shippedFile('telco-churn.csv.br')
  const labelled = await readLabelled(file, given.target ?? 'Churn', given.positive)
  const { table, labels } = labelled
  const base = baseRate(labels)
  const rarer = Math.round(Math.min(base, 1 - base) * labels.length)
  if (rarer < protocol.folds) throw badInput(`${rarer} rows of the rarer class are too few for ${protocol.folds} folds`)
  const single = bestSingleFeature(table, labels)
  const figures: Figure[] = []
  try {
    const trees = crossValidate(labelled, boosting, protocol)
    const linear = crossValidate(labelled, logistic, protocol)
    figures.push(
      ...mainFigures(prefix, trees, base, single, given.data ? null : { auc: 0.845, brier: 0.136 }),
      ...otherFigures(prefix, trees.outOfFold, labels, base),
      ...mainFigures(`${prefix}.logistic`, linear, base, single, null),
    )
    printQuality('out of fold', trees.outOfFold, labels)
  } catch (error) {
    if (isModelRefusal(error)) throw badInput(error.message)
    throw error
  }
  const learnt = boosting(table, labels)
  const weighty = table.names.map((name, f) => ({ name, share: learnt.importance?.[f] ?? 0 }))
  weighty.sort((a, b) => b.share - a.share)
  console.log('\nwhat the trees divide by, as shares of their gain:')
  for (const { name, share } of weighty.slice(0, 8)) console.log(`  ${(share * 100).toFixed(1).padStart(5)} %  ${name}`)
  printReasons(learnt, table, learnt.probabilities(table))
  console.log(
    `\n${protocol.repeats} × ${protocol.folds} stratified folds; ${prefix}.auc and .brier are boosted trees, .logistic logistic regression. Base rate ${(base * 100).toFixed(2)} %.`,
  )
  return { name: 'churn', figures, sound: true }
}
