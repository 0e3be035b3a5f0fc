import type { Card } from './model-card'
import { expectedValue, fitGammaGamma, type GammaGamma } from './models/gamma-gamma'
import { type Discounting, scoreLifetimeValues, yearOfWeeks } from './models/lifetime-value'
import { auc, meanAbsoluteError } from './models/metrics'
import { choosePurchaseModel, type PurchaseModel, scoreHistories } from './models/purchase-model'
import { isModelRefusal } from './models/refusal'
import { type CutHistories, cutHistories, type DailyPurchases, purchasesBetween } from './models/split'

/** Days ahead that the back-test and the short forecast look. */
const horizonDays = 90
const horizonWeeks = horizonDays / 7
/** Shortest age over which a rate is extrapolated: a member of yesterday is no daily buyer. */
const leastWeeks = 2
const fewestMembers = 100
/** Standard deviations on either side that hold 80 % of a normal distribution. */
const eightyPercent = 1.2816

/** What scoring uses. `kind` none: the history is too short. */
export interface Value {
  kind: 'model' | 'rate' | 'none'
  purchases: PurchaseModel | null
  amounts: GammaGamma | null
  /** Mean value of a purchase day, where nothing better is known. */
  meanFen: number
  /** How much more the number of purchases varies than a Poisson process would: variance = e + dispersion · e². */
  dispersion: number
  card: Card
}

const kindNames: Record<PurchaseModel['kind'], string> = {
  'pareto-nbd': 'Pareto/NBD',
  'mbg-nbd': 'MBG/NBD',
  'bg-nbd': 'BG/NBD',
  nbd: 'NBD（不设流失）',
}

/** What a counter would say: go on at the pace so far. */
const atPace = ({ histories: h }: CutHistories, weeks: number): Float64Array =>
  Float64Array.from(h.repeats, (x, i) => (x * weeks) / Math.max(leastWeeks, h.age[i]))

const meanOf = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return values.length ? sum / values.length : 0
}

/** The mean of the squares is least for the true expectation; the mean of the absolute errors favours guessing 0 for whoever is rare. */
const rootMeanSquare = (expected: ArrayLike<number>, actual: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < actual.length; i++) sum += (actual[i] - expected[i]) ** 2
  return Math.sqrt(sum / Math.max(1, actual.length))
}

/** Method of moments on the back-test: E[(a − e)²] = e + k · e². */
const dispersionOf = (actual: ArrayLike<number>, expected: ArrayLike<number>): number => {
  let excess = 0
  let squares = 0
  for (let i = 0; i < actual.length; i++) {
    excess += (actual[i] - expected[i]) ** 2 - expected[i]
    squares += expected[i] ** 2
  }
  return squares > 0 ? Math.max(0.05, Math.min(4, excess / squares)) : 1
}

const none = (why: string): Value => ({
  kind: 'none',
  purchases: null,
  amounts: null,
  meanFen: 0,
  dispersion: 1,
  card: {
    model: 'value',
    used: 'too_little',
    method: '',
    verdict: why,
    figures: [],
    calibration: [],
    lift: [],
    protocol: '',
    limits: [],
    fitted: null,
  },
})

const fitAmounts = (at: CutHistories): GammaGamma | null => {
  try {
    return fitGammaGamma(at.histories.repeats, at.meanValue)
  } catch (error) {
    if (isModelRefusal(error)) return null
    throw error
  }
}

/**
 * Chooses among Pareto/NBD, MBG/NBD and BG/NBD by likelihood (degenerate fits give way to NBD), tests the choice on the last ninety days
 * against going on at the same pace, and fits to everything known.
 * @param last the last whole day of data (days since 1970)
 */
export const fitValue = (purchases: DailyPurchases, last: number): Value => {
  const before = cutHistories(purchases, last - horizonDays)
  const known = cutHistories(purchases, last)
  if (before.members.length < fewestMembers || !before.histories.repeats.some((x) => x > 0))
    return none(
      `要有 ${horizonDays} 天前就在的至少 ${fewestMembers} 位会员，现在是 ${before.members.length} 位，暂不给出价值`,
    )
  const tested = choosePurchaseModel(before.histories)
  const expected = scoreHistories(tested.model, before.histories, horizonWeeks).expected
  const pace = atPace(before, horizonWeeks)
  const actual = purchasesBetween(purchases, before.members, last - horizonDays, last)
  const bought = Uint8Array.from(actual, (n) => (n > 0 ? 1 : 0))
  const errors = { model: meanAbsoluteError(expected, actual), pace: meanAbsoluteError(pace, actual) }
  const rms = { model: rootMeanSquare(expected, actual), pace: rootMeanSquare(pace, actual) }
  const wins = rms.model < rms.pace
  // What was tested is what is used: the same kind, fitted to everything known; NBD again where that fit degenerates.
  const { kind } = tested.model
  const chosen = choosePurchaseModel(known.histories, kind === 'nbd' ? [] : [kind])
  const amounts = fitAmounts(known)
  const meanFen = meanOf(purchases.amount)
  const total = meanOf(actual) * actual.length
  const both = bought.some((y) => y === 1) && bought.some((y) => y === 0)
  return {
    kind: wins ? 'model' : 'rate',
    purchases: wins ? chosen.model : null,
    amounts,
    meanFen,
    dispersion: dispersionOf(actual, wins ? expected : pace),
    card: {
      model: 'value',
      used: wins ? 'model' : 'baseline',
      method: wins
        ? `${kindNames[chosen.model.kind]}${amounts ? '，金额 Gamma-Gamma' : '，金额取平均'}`
        : '按过去速度外推',
      verdict: wins
        ? `预计最近 90 天来的次数，均方根误差 ${rms.model.toFixed(2)} 次；按过去速度外推是 ${rms.pace.toFixed(2)} 次`
        : `模型没有胜过按过去速度外推（均方根误差 ${rms.model.toFixed(2)} 对 ${rms.pace.toFixed(2)} 次），改用后者`,
      figures: [
        {
          name: '均方根误差（次）',
          value: rms.model,
          baseline: rms.pace,
          better: 'lower',
          explanation: '差得越远罚得越重；模型以此与外推比较，低者使用',
        },
        {
          name: '平均误差（次）',
          value: errors.model,
          baseline: errors.pace,
          better: 'lower',
          explanation: '每位会员预计次数与真实次数之差的平均',
        },
        {
          name: '总次数之比',
          value: total ? (meanOf(expected) * expected.length) / total : null,
          baseline: total ? (meanOf(pace) * pace.length) / total : null,
          better: 'none',
          explanation: '预计总次数除以真实总次数，1 为正好',
        },
        {
          name: 'AUC',
          value: both ? auc(expected, bought) : null,
          baseline: both ? auc(pace, bought) : null,
          better: 'higher',
          explanation: '用预计次数排序，排对“来”与“没来”的把握',
        },
        {
          name: '再来的比例',
          value: meanOf(bought),
          baseline: null,
          better: 'none',
          explanation: '最近 90 天再来的比例',
        },
        { name: '检验的会员', value: actual.length, baseline: null, better: 'none', explanation: '参加检验的人数' },
      ],
      calibration: [],
      lift: [],
      protocol: `用 ${horizonDays} 天前已知的历史拟合，预测其后 ${horizonDays} 天的消费天数，与真实相比；对照是按过去的速度外推`,
      limits: [
        '12 个月的价值按每月 1% 折现，由 90 天的检验推出，未满一年的历史看不到季节',
        '区间由检验中次数的离散程度得出，八成会员应落在其中',
        ...tested.rejected.map(({ kind, reason }) => `${kindNames[kind]} 的拟合退化（${reason}），没有使用`),
      ],
      fitted: JSON.stringify({ purchases: chosen.model, amounts, rejected: [...tested.rejected, ...chosen.rejected] }),
    },
  }
}

/** What is expected of some members. Money in fen. */
export interface Values {
  clv: Float64Array
  low: Float64Array
  high: Float64Array
  /** Purchase days within ninety days. */
  buys: Float64Array
}

const weeksOf = ({ months, unitsPerMonth }: Discounting): number => months * unitsPerMonth
/** Mean discount of a year of equal months. */
const meanDiscount = ({ months, monthlyDiscount }: Discounting): number => {
  let sum = 0
  for (let month = 1; month <= months; month++) sum += 1 / (1 + monthlyDiscount) ** month
  return sum / months
}

/** Scores the members of a cut. */
export const scoreValues = (value: Value, at: CutHistories): Values => {
  const { histories: h, meanValue } = at
  const n = h.repeats.length
  const perDay = (i: number): number => {
    if (value.amounts) return expectedValue(value.amounts, h.repeats[i], meanValue[i])
    return h.repeats[i] > 0 && meanValue[i] > 0 ? meanValue[i] : value.meanFen
  }
  let buys: Float64Array
  let clv: Float64Array
  if (value.purchases && value.amounts) {
    buys = scoreHistories(value.purchases, h, horizonWeeks).expected
    clv = scoreLifetimeValues(value.purchases, value.amounts, h, meanValue)
  } else {
    buys = value.purchases ? scoreHistories(value.purchases, h, horizonWeeks).expected : atPace(at, horizonWeeks)
    const year = value.purchases
      ? scoreHistories(value.purchases, h, weeksOf(yearOfWeeks)).expected
      : atPace(at, weeksOf(yearOfWeeks))
    clv = year.map((times, i) => times * meanDiscount(yearOfWeeks) * perDay(i))
  }
  const low = new Float64Array(n)
  const high = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const each = perDay(i)
    const times = each > 0 ? clv[i] / each : 0
    const spread = eightyPercent * Math.sqrt(times + value.dispersion * times * times)
    low[i] = Math.max(0, times - spread) * each
    high[i] = (times + spread) * each
  }
  return { clv, low, high, buys }
}
