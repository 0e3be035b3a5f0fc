import type { Card } from './model-card'
import { fitBoosting } from './models/boosting'
import { type Calibration, calibrate, fitPlatt } from './models/calibration'
import { type Blend, type Classifier, classifierMargins, classifierReasons, fitBlend } from './models/classifier'
import { featureNames, purchaseFeatures } from './models/features'
import { fitLogistic } from './models/logistic'
import {
  auc,
  baseRate,
  brierScore,
  calibrationCurve,
  expectedCalibrationError,
  liftByDecile,
  logLoss,
} from './models/metrics'
import { boughtBetween, type DailyPurchases, stratifiedFolds } from './models/split'
import { type FeatureTable, takeRows } from './models/table'

/** Days ahead that are asked about. */
export const churnHorizonDays = 90
/** Fewer members than this, or fewer of either answer, teach nothing. */
const fewestMembers = 200
const fewestOfEither = 30
const folds = 3
const seed = 20_261_122

/** What scoring uses. `model` is null when the history is too short. */
export interface Churn {
  model: Classifier | null
  calibration: Calibration | null
  card: Card
}
interface Cut {
  table: FeatureTable
  labels: Uint8Array
}
type Fit = (table: FeatureTable, labels: Uint8Array) => Classifier

const recencyFeature = featureNames.indexOf('log(1 + days since last)')
const onlyRecency = ({ rows, columns }: FeatureTable): FeatureTable => ({
  names: [featureNames[recencyFeature]],
  rows,
  columns: [columns[recencyFeature]],
})

const options = { boosting: { seed, trees: 150 } }
/** What is compared: both parts alone, and their mean. One fit of the mean holds all three. */
const candidates: { name: string; learn: Fit; of(blend: Blend): Classifier }[] = [
  { name: '逻辑回归', learn: (t, y) => fitLogistic(t, y), of: (blend) => blend.logistic },
  { name: '直方图提升树', learn: (t, y) => fitBoosting(t, y, options.boosting), of: (blend) => blend.boosting },
  { name: '提升树与逻辑回归取平均', learn: (t, y) => fitBlend(t, y, options), of: (blend) => blend },
]

/** Everybody known at the end of a day, and who bought in the ninety days after it. */
const cutAt = (purchases: DailyPurchases, day: number): Cut => {
  const { members, table } = purchaseFeatures(purchases, day)
  return { table, labels: boughtBetween(purchases, members, day, day + churnHorizonDays) }
}

const teaches = ({ labels }: Cut): boolean => {
  let positives = 0
  for (const y of labels) positives += y
  return labels.length >= fewestMembers && positives >= fewestOfEither && labels.length - positives >= fewestOfEither
}

/** Every second member, and the others. */
const halvesOf = ({ table, labels }: Cut): [Cut, Cut] => {
  const half = (odd: number): Cut => {
    const rows = Array.from(labels, (_, i) => i).filter((i) => i % 2 === odd)
    return { table: takeRows(table, rows), labels: Uint8Array.from(rows, (i) => labels[i]) }
  }
  return [half(0), half(1)]
}

/** Log-odds of rows by models that did not learn from them. */
const outOfFold = ({ table, labels }: Cut, learn: Fit): Float64Array => {
  const fold = stratifiedFolds(labels, folds, seed)
  const out = new Float64Array(labels.length)
  const all = Array.from(labels, (_, i) => i)
  for (let k = 0; k < folds; k++) {
    const kept = all.filter((i) => fold[i] !== k)
    const held = all.filter((i) => fold[i] === k)
    const model = learn(
      takeRows(table, kept),
      Uint8Array.from(kept, (i) => labels[i]),
    )
    const margins = classifierMargins(model, takeRows(table, held))
    held.forEach((i, at) => {
      out[i] = margins[at]
    })
  }
  return out
}

const measured = (p: ArrayLike<number>, labels: Uint8Array) => ({
  auc: auc(p, labels),
  brier: brierScore(p, labels),
  logLoss: logLoss(p, labels),
  ece: expectedCalibrationError(p, labels),
  lift: liftByDecile(p, labels)[0]?.lift ?? 0,
})

const tooLittle = (members: number): Churn => ({
  model: null,
  calibration: null,
  card: {
    model: 'churn',
    used: 'too_little',
    method: '',
    verdict: `要有 180 天以上、至少 ${fewestMembers} 位会员的历史才能检验；现在可用的是 ${members} 位，暂不给出概率`,
    figures: [],
    calibration: [],
    lift: [],
    protocol: '',
    limits: [],
    fitted: null,
  },
})

/**
 * Chooses, tests and fits the model of "buys again within 90 days". Candidates are compared on one earlier quarter, the chosen one is
 * tested on the last quarter with a model that ends before it, and only then fitted to the newest answers.
 * @param last the last whole day of data (days since 1970)
 */
export const fitChurn = (purchases: DailyPurchases, last: number): Churn => {
  const newest = cutAt(purchases, last - churnHorizonDays)
  const train = cutAt(purchases, last - 2 * churnHorizonDays)
  if (!teaches(newest) || !teaches(train)) return tooLittle(train.labels.length)
  const earlier = cutAt(purchases, last - 3 * churnHorizonDays)
  // Without an earlier quarter the three are compared on half of the members each.
  const [learnt, judged] = teaches(earlier) ? [earlier, train] : halvesOf(train)
  const blend = fitBlend(learnt.table, learnt.labels, options)
  const choices = candidates.map(({ name, learn, of }) => ({
    name,
    learn,
    auc: auc(classifierMargins(of(blend), judged.table), judged.labels),
  }))
  const chosen = choices.reduce((a, b) => (b.auc > a.auc ? b : a))

  const tested = calibrate(
    fitPlatt(outOfFold(train, chosen.learn), train.labels),
    classifierMargins(chosen.learn(train.table, train.labels), newest.table),
  )
  const recency: Fit = (table, labels) => fitLogistic(table, labels)
  const baseline = calibrate(
    fitPlatt(outOfFold({ ...train, table: onlyRecency(train.table) }, recency), train.labels),
    classifierMargins(recency(onlyRecency(train.table), train.labels), onlyRecency(newest.table)),
  )
  const of = measured(tested, newest.labels)
  const base = measured(baseline, newest.labels)
  const wins = of.auc >= base.auc && of.brier < base.brier
  const rate = baseRate(newest.labels)
  const learn: Fit = wins ? chosen.learn : (t, y) => widened(recency(onlyRecency(t), y), t)
  const shown = wins ? tested : baseline
  const figure = (name: string, key: keyof typeof of, better: 'higher' | 'lower', explanation: string) => ({
    name,
    value: of[key],
    baseline: base[key],
    better,
    explanation,
  })
  return {
    model: learn(newest.table, newest.labels),
    calibration: fitPlatt(outOfFold(newest, learn), newest.labels),
    card: {
      model: 'churn',
      used: wins ? 'model' : 'baseline',
      method: wins ? chosen.name : '只看距上次消费的天数',
      verdict: wins
        ? `在最近 90 天上检验：任取一位再来的和一位没来的，有 ${(of.auc * 100).toFixed(1)}% 的把握排对次序；只看天数是 ${(base.auc * 100).toFixed(1)}%`
        : `模型没有胜过“只看多久没来”（AUC ${of.auc.toFixed(3)} 对 ${base.auc.toFixed(3)}），改用后者`,
      figures: [
        figure('AUC', 'auc', 'higher', '排对次序的把握，0.5 等于抛硬币，1 为全对'),
        figure('Brier 分', 'brier', 'lower', '概率与结果之差的平方，越小越准'),
        figure('对数损失', 'logLoss', 'lower', '对过于自信的错误罚得更重'),
        figure('校准误差', 'ece', 'lower', '说 30% 的人里是否真有 30% 再来'),
        figure('首档提升', 'lift', 'higher', '最有把握的十分之一里，再来的比例是平均的几倍'),
        { name: '再来的比例', value: rate, baseline: null, better: 'none', explanation: '最近 90 天真实再来的比例' },
        {
          name: '检验的会员',
          value: newest.labels.length,
          baseline: null,
          better: 'none',
          explanation: '参加检验的人数',
        },
      ],
      calibration: calibrationCurve(shown, newest.labels),
      lift: liftByDecile(shown, newest.labels).map(({ decile, rate: r, lift, capture }) => ({
        decile,
        rate: r,
        lift,
        capture,
      })),
      protocol: `用 ${churnHorizonDays * 2} 天前已知的历史学习、${churnHorizonDays} 天前已知的历史预测，与最近 ${churnHorizonDays} 天的真实消费比较；三种方法在更早一季中选出；对照只用距上次消费的天数`,
      limits: [
        '节日前后的规律与平时不同，检验的那一季不一定代表下一季',
        '只用了消费记录，没有用到店、天气和竞争对手',
        '概率说的是谁更可能不来，不说发券能不能让他来；后者要留对照组',
      ],
      fitted: JSON.stringify({
        candidates: choices.map(({ name, auc: score }) => ({ name, auc: score })),
        rows: newest.labels.length,
      }),
    },
  }
}

/** A model of one column as a model of the whole table, the other columns weighing nothing. */
const widened = (line: Classifier, table: FeatureTable): Classifier => {
  if (line.kind !== 'logistic') throw new Error('Only a line can be widened')
  const only = (value: number): number[] => table.names.map((_, f) => (f === recencyFeature ? value : 0))
  return {
    ...line,
    names: table.names,
    weights: only(line.weights[0]),
    means: only(line.means[0]),
    deviations: only(line.deviations[0]),
  }
}

/** Features by the family a person thinks in, and the number that says it. */
const families: { code: string; features: string[]; say: (t: FeatureTable, row: number) => number }[] = (() => {
  const at = (name: (typeof featureNames)[number]) => featureNames.indexOf(name)
  const plain = (name: (typeof featureNames)[number]) => (t: FeatureTable, row: number) =>
    Math.round(Math.expm1(t.columns[at(name)][row]))
  return [
    {
      code: 'recency',
      features: ['log(1 + days since last)', 'log(days since last / mean gap)'],
      say: plain('log(1 + days since last)'),
    },
    {
      code: 'frequency',
      features: ['log(1 + purchase days)', 'purchase days per 30 days'],
      say: plain('log(1 + purchase days)'),
    },
    {
      code: 'recent',
      features: [
        'log(1 + days in last 30)',
        'log(1 + days in last 60)',
        'log(1 + days in last 90)',
        'log(1 + days in last 180)',
        'log(1 + spent in last 90)',
      ],
      say: plain('log(1 + days in last 90)'),
    },
    {
      code: 'spend',
      features: ['log(1 + spent)', 'log(1 + mean amount)', 'log(1 + last amount)'],
      say: plain('log(1 + mean amount)'),
    },
    { code: 'tenure', features: ['log(1 + days since first)'], say: plain('log(1 + days since first)') },
    {
      code: 'rhythm',
      features: ['log(mean gap)', 'spread of gaps', 'log(last gap / mean gap)'],
      say: (t, row) => Math.round(Math.exp(t.columns[at('log(mean gap)')][row])),
    },
    { code: 'once', features: ['bought once'], say: () => 1 },
  ]
})()
const familyOf = Int32Array.from(featureNames, (name) => families.findIndex((f) => f.features.includes(name)))
const onceFeature = featureNames.indexOf('bought once')
const reasonsKept = 3

/** The families that move one row most, as `code:value:sign`; + where they speak for coming again. */
export const churnReasonsOf = (model: Classifier, table: FeatureTable, row: number): string => {
  const { contributions } = classifierReasons(model, table, row)
  const sums = new Float64Array(families.length)
  for (let f = 0; f < contributions.length; f++) sums[familyOf[f]] += contributions[f]
  const once = table.columns[onceFeature][row] === 1
  return (
    families
      .map((family, at) => ({ family, at }))
      // Who bought once has no rhythm, and who did not has nothing to hear about it.
      .filter(({ family }) => (family.code === 'once' ? once : !(once && family.code === 'rhythm')))
      .sort((a, b) => Math.abs(sums[b.at]) - Math.abs(sums[a.at]))
      .slice(0, reasonsKept)
      .filter(({ at }) => sums[at] !== 0)
      .map(({ family, at }) => `${family.code}:${family.say(table, row)}:${sums[at] > 0 ? '+' : '-'}`)
      .join('|')
  )
}
