import { purchaseFeatures } from '../../server/scores/models/features'
import { baseRate } from '../../server/scores/models/metrics'
import { fitIntervals, gapsOf, intervalShare, nextPurchase } from '../../server/scores/models/next-purchase'
import { choosePurchaseModel, scoreHistories } from '../../server/scores/models/purchase-model'
import { isModelRefusal } from '../../server/scores/models/refusal'
import { boughtBetween, cutHistories, type DailyPurchases } from '../../server/scores/models/split'
import {
  bestSingleFeature,
  blend,
  boosting,
  logistic,
  mainFigures,
  otherFigures,
  printQuality,
  printReasons,
  qualityOf,
} from './classifiers'
import type { Flags } from './index'
import { type Cut, cutOf, dayFlag, dayText, purchaseFlags, purchaseUsage, readPurchases } from './read'
import { badInput, type Figure, type Report } from './report'
import { onlineRetailCut, onlineRetailTrainCut, readOnlineRetailPurchases } from './shipped'

export const flags = ['cut', 'horizon', 'train-cut', ...purchaseFlags]
export const usage = `${purchaseUsage}
  --cut <date>       last day known when the test is taken; without it the horizon ends with the file
  --horizon <days>   "buys again within so many days" (90)
  --train-cut <date> last day known in the examples to learn from (the cut less the horizon, so that their answers are known at the cut)`

/**
 * How often the next purchase fell into the interval that was foretold for it, among those who came back in time. Whoever did not come
 * is no hit and no miss: the interval speaks of members who come again.
 */
const intervalFigures = (prefix: string, purchases: DailyPurchases, { cut, horizon }: Cut): Figure[] => {
  const gaps = gapsOf(purchases, cut)
  const model = fitIntervals(gaps)
  const next = new Map<number, number>()
  for (let i = 0; i < purchases.day.length; i++) {
    const m = purchases.member[i]
    if (purchases.day[i] > cut && purchases.day[i] <= cut + horizon && !next.has(m)) next.set(m, purchases.day[i] - cut)
  }
  let hits = 0
  let early = 0
  let asked = 0
  let off = 0
  let naiveOff = 0
  const population = model.q > 1 ? (model.p * model.v) / (model.q - 1) : model.v
  for (const [m, came] of next) {
    // Who was a stranger at the cut, or had bought once, has no gap to go by.
    if (!gaps.count[m]) continue
    const { low, high, median } = nextPurchase(model, {
      count: gaps.count[m],
      sum: gaps.sum[m],
      elapsed: gaps.elapsed[m],
    })
    asked++
    // Days are whole: a purchase within the day that an end falls on counts as inside.
    if (came < Math.floor(low)) early++
    else if (came <= Math.ceil(high)) hits++
    off += Math.abs(median - came)
    naiveOff += Math.abs(Math.max(1, gaps.sum[m] / gaps.count[m] - gaps.elapsed[m]) - came)
  }
  if (!asked) return []
  console.log(
    `\nnext purchase: gaps of ${model.members} members, shape ${model.p.toFixed(3)}, mean gap ${population.toFixed(1)} days; of ${asked} members with a gap` +
      ` who came back within ${horizon} days ${early} came before their interval and ${asked - hits - early} after it`,
  )
  return [
    {
      name: `${prefix}.next.coverage`,
      value: hits / asked,
      unit: '',
      goal: null,
      beside: `made to be ${intervalShare}; only those who came back within the horizon`,
    },
    {
      name: `${prefix}.next.mae`,
      value: off / asked,
      unit: 'days',
      goal: null,
      beside: `last purchase + own mean gap ${(naiveOff / asked).toFixed(1)}`,
    },
  ]
}

const evaluate = (prefix: string, purchases: DailyPurchases, at: Cut, trainCut: number, shipped: boolean): Figure[] => {
  const { cut, horizon } = at
  const examples = (day: number) => {
    const { members, table } = purchaseFeatures(purchases, day)
    if (!members.length) throw badInput(`Nobody bought until ${dayText(day)}`)
    return { table, labels: boughtBetween(purchases, members, day, day + horizon) }
  }
  const past = examples(trainCut)
  const { table, labels } = examples(cut)
  const base = baseRate(labels)
  console.log(
    `learnt from ${past.labels.length.toLocaleString('en')} members as of ${dayText(trainCut)} (${(baseRate(past.labels) * 100).toFixed(1)} % bought again within ${horizon} days);` +
      `\nasked about ${labels.length.toLocaleString('en')} members as of ${dayText(cut)} (${(base * 100).toFixed(1)} % did)`,
  )
  if (base === 0 || base === 1) throw badInput(`${base ? 'All' : 'None'} of them did: there is nothing to tell apart`)
  const linear = logistic(past.table, past.labels)
  const trees = boosting(past.table, past.labels)
  const together = blend(past.table, past.labels)
  const both = together.probabilities(table)
  const single = bestSingleFeature(table, labels)
  const name = `${prefix}.repeat${horizon}`
  printQuality(`bought again within ${horizon} days`, both, labels)
  printReasons(together, table, both)
  const { histories } = cutHistories(purchases, cut)
  const { model } = choosePurchaseModel(histories)
  const { buys } = scoreHistories(model, histories, horizon / 7)
  return [
    ...mainFigures(name, qualityOf(both, labels), base, single, shipped ? { auc: 0.74, brier: 0.212 } : null),
    ...otherFigures(name, both, labels, base),
    ...mainFigures(`${name}.logistic`, qualityOf(linear.probabilities(table), labels), base, single, null),
    ...mainFigures(`${name}.boosting`, qualityOf(trees.probabilities(table), labels), base, single, null),
    ...mainFigures(`${name}.${model.kind}`, qualityOf(buys, labels), base, single, null),
    ...intervalFigures(name, purchases, at),
  ]
}

/** Runs on a file of the caller's, or on Online Retail: who buys again within ninety days, learnt a quarter earlier. */
export const run = async (given: Flags): Promise<Report> => {
  if (!given.data && flags.some((name) => given[name])) throw badInput('These flags go with --data')
  const file = given.data ? await readPurchases(given.data, given) : await readOnlineRetailPurchases()
  const at = given.data ? cutOf(file, given, 90) : onlineRetailCut
  const trainCut = given.data ? (dayFlag(given, 'train-cut') ?? at.cut - at.horizon) : onlineRetailTrainCut
  if (trainCut + at.horizon > at.cut)
    throw badInput(
      `Examples as of ${dayText(trainCut)} would know what happened after ${dayText(at.cut)}: put --train-cut ${at.horizon} days before the cut or earlier`,
    )
  if (trainCut < file.firstDay)
    throw badInput(
      `Examples as of ${dayText(trainCut)} lie before the first purchase (${dayText(file.firstDay)}): the file needs more than two horizons`,
    )
  console.log(
    `${given.data ?? 'Online Retail'}: ${file.rows.toLocaleString('en')} rows, ${file.purchases.members.toLocaleString('en')} members, ${dayText(file.firstDay)} to ${dayText(file.lastDay)}`,
  )
  try {
    const figures = evaluate(given.data ? 'data' : 'online-retail', file.purchases, at, trainCut, !given.data)
    return { name: 'repeat', figures, sound: true }
  } catch (error) {
    if (isModelRefusal(error)) throw badInput(error.message)
    throw error
  }
}
