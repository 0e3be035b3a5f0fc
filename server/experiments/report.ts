import type { Output } from '../../shared/contract'
import { DAY_MS } from '../../shared/time'
import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import {
  type ArmSums,
  type Assignment,
  campaignAssignment,
  countWaiting,
  journeyAssignment,
  nameOf,
  plannedHoldout,
  plannedWeights,
  type Spent,
  spentBy,
  splitAssignment,
  sumsByArm,
} from './facts'
import { settingsOf } from './settings'
import { type Analysis, type ArmResult, analyse, type CountedArm, verdictOn } from './statistics/analyse'
import type { Sums } from './statistics/arms'
import type { Effect, Incomparable } from './statistics/compare'
import { conclusionOf, mismatchSentence, sentenceOn } from './words'

type Report = Output<'GET /admin/experiments/journeys/:journeyId'>
type Interval = NonNullable<Report['money'][number]['incrementalOrders']>
type Settings = Output<'GET /admin/experiments/settings'>

/** An arm of the plan: its key in the sums, what it is called, and the share of members it was to get. */
interface Planned {
  arm: string
  name: string
  share: number
}
interface Subject {
  subject: Report['subject']
  assignment: Assignment
  /** The control first. */
  planned: Planned[]
  source: string
}

const none = (arm: string): ArmSums => ({
  arm,
  members: 0,
  firstAt: 0,
  buyers: 0,
  orders: 0,
  ordersSquared: 0,
  ordersBefore: 0,
  ordersBeforeSquared: 0,
  ordersProduct: 0,
  revenue: 0,
  revenueSquared: 0,
  revenueBefore: 0,
  revenueBeforeSquared: 0,
  revenueProduct: 0,
})

interface Metric {
  metric: Report['metrics'][number]['metric']
  name: string
  unit: Report['metrics'][number]['unit']
  count(arm: ArmSums): Pick<CountedArm, 'outcome' | 'before'>
}
const sums = (n: number, sum: number, sumSquares: number): Sums => ({ n, sum, sumSquares })

const revenueTimes =
  (factor: number) =>
  (a: ArmSums): Pick<CountedArm, 'outcome' | 'before'> => ({
    outcome: sums(a.members, a.revenue * factor, a.revenueSquared * factor ** 2),
    before: {
      sums: sums(a.members, a.revenueBefore * factor, a.revenueBeforeSquared * factor ** 2),
      products: a.revenueProduct * factor ** 2,
    },
  })
const metricsOf = (marginPercent: number): Metric[] => [
  {
    metric: 'conversion',
    name: '下单会员占比',
    unit: 'share',
    count: (a) => ({ outcome: { ...sums(a.members, a.buyers, a.buyers), proportion: true }, before: null }),
  },
  {
    metric: 'orders',
    name: '人均订单',
    unit: 'orders',
    count: (a) => ({
      outcome: sums(a.members, a.orders, a.ordersSquared),
      before: { sums: sums(a.members, a.ordersBefore, a.ordersBeforeSquared), products: a.ordersProduct },
    }),
  },
  { metric: 'revenue', name: '人均实付', unit: 'fen', count: revenueTimes(1) },
  { metric: 'margin', name: '人均毛利', unit: 'fen', count: revenueTimes(marginPercent / 100) },
]

const isEffect = (e: Effect | Incomparable): e is Effect => typeof e !== 'string'
const intervalOf = (e: Effect | Incomparable): Interval | null =>
  isEffect(e) ? { estimate: e.estimate, low: e.low, high: e.high, p: e.p } : null

const metricResult = (metric: Metric, planned: readonly Planned[], analysis: Analysis): Report['metrics'][number] => ({
  metric: metric.metric,
  name: metric.name,
  unit: metric.unit,
  varianceSaved: analysis.varianceSaved,
  arms: analysis.arms.map((result: ArmResult, i) => {
    const verdict = verdictOn(analysis, result)
    const lift = result.against && intervalOf(result.against.lift)
    return {
      arm: planned[i].arm,
      name: planned[i].name,
      members: result.n,
      mean: result.mean,
      against: result.against && {
        difference: intervalOf(result.against.difference),
        lift,
        anytime: intervalOf(result.against.sequential),
        corrected: result.against.corrected,
        verdict,
        sentence: sentenceOn(metric.name, verdict, lift),
      },
    }
  }),
})

/** An effect per member, times the members who were treated. */
const total = (effect: Interval | null, members: number): Interval | null =>
  effect && {
    estimate: effect.estimate * members,
    low: effect.low * members,
    high: effect.high * members,
    p: effect.p,
  }

const moneyOf = (
  metrics: Report['metrics'],
  index: number,
  spent: Spent,
  settings: Settings,
): Report['money'][number] => {
  const found = (name: Metric['metric']): Report['metrics'][number]['arms'][number] =>
    (metrics.find((m) => m.metric === name) as Report['metrics'][number]).arms[index]
  const { members, arm } = found('orders')
  const points = Math.round((spent.points * settings.pointCostBp) / 100)
  const sms = spent.sms * settings.smsFen
  const cost = { points, sms, total: points + sms }
  const orders = total(found('orders').against?.difference ?? null, members)
  const margin = total(found('margin').against?.difference ?? null, members)
  const sure = found('orders').against?.verdict === 'better'
  return {
    arm,
    incrementalOrders: orders,
    incrementalRevenueFen: total(found('revenue').against?.difference ?? null, members),
    incrementalMarginFen: margin,
    costFen: cost,
    couponDiscountFen: spent.couponDiscountFen,
    couponsRedeemed: spent.couponsRedeemed,
    cannibalisedOrders: sure && orders ? Math.max(0, Math.round(spent.couponsRedeemed - orders.estimate)) : null,
    returnOnCost:
      margin && cost.total > 0 && found('margin').against?.verdict !== 'no_conclusion' && margin.low > 0
        ? margin.estimate / cost.total
        : null,
    breakEvenFenPerMember: members ? (cost.total * 100) / settings.marginPercent / members : 0,
  }
}

/** Counts what the arms did and says what may be said of it. */
const reportOn = async (
  db: Reader,
  { subject, assignment, planned, source }: Subject,
  windowDays: number,
  now: number,
): Promise<Report> => {
  const windowMs = windowDays * DAY_MS
  const [counted, waiting, settings, spent] = [
    await sumsByArm(db, assignment, windowMs, now),
    await countWaiting(db, assignment, windowMs, now),
    await settingsOf(db),
    await spentBy(db, source),
  ]
  const arms = planned.map((p) => counted.find((c) => c.arm === p.arm) ?? none(p.arm))
  const analysisOf = (metric: Metric): Analysis =>
    analyse(planned.map((p, i) => ({ name: p.name, share: p.share, ...metric.count(arms[i]) })))
  const analyses = metricsOf(settings.marginPercent).map((metric) => ({ metric, analysis: analysisOf(metric) }))
  const metrics = analyses.map(({ metric, analysis }) => metricResult(metric, planned, analysis))
  const { sampleRatioP, mismatch } = analyses[0].analysis
  const begun = arms.filter((a) => a.members).map((a) => a.firstAt)
  return {
    subject,
    windowDays,
    waiting,
    from: begun.length ? Math.min(...begun) : null,
    countedUntil: now - windowMs,
    sampleRatio: { p: sampleRatioP, mismatch, sentence: mismatchSentence(mismatch, sampleRatioP) },
    metrics,
    // Points, messages and coupons are marked by journey, not by arm, so costs are told only where one arm was treated.
    money: planned.length === 2 && subject.kind !== 'split' ? [moneyOf(metrics, 1, spent, settings)] : [],
    conclusion: conclusionOf(metrics, waiting),
  }
}

/** Treated and held with the shares that were planned; with mixed plans the ratio cannot be checked, so what came is taken as planned. */
const treatedAndHeld = async (
  db: Reader,
  table: 'journey' | 'campaign',
  id: string,
  assignment: Assignment,
): Promise<Planned[]> => {
  const percent = await plannedHoldout(db, table, id)
  const { holdoutPercent: everywhere } = await settingsOf(db)
  if (percent !== null && everywhere === 0)
    return [
      { arm: 'held', name: '对照组', share: Math.max(percent, 0.0001) },
      { arm: 'treated', name: '参与组', share: 100 - percent },
    ]
  const came = await sumsByArm(db, assignment, 0, Number.MAX_SAFE_INTEGER)
  const of = (arm: string): number => Math.max(1, came.find((c) => c.arm === arm)?.members ?? 0)
  return [
    { arm: 'held', name: '对照组', share: of('held') },
    { arm: 'treated', name: '参与组', share: of('treated') },
  ]
}

/** The effect of a journey: who was treated against who was held back. */
export const journeyReport = async (db: Reader, id: string, windowDays: number, now: number): Promise<Report> => {
  const name = await nameOf(db, 'journey', id)
  if (name === null) throw refuse('experiment_not_found')
  const assignment = journeyAssignment(id)
  const planned = await treatedAndHeld(db, 'journey', id, assignment)
  return reportOn(
    db,
    { subject: { kind: 'journey', id, name }, assignment, planned, source: `journey:${id}` },
    windowDays,
    now,
  )
}

/** The effect of one dividing node of a journey: its arms against the first. */
export const splitReport = async (
  db: Reader,
  id: string,
  nodeId: string,
  windowDays: number,
  now: number,
): Promise<Report> => {
  const name = await nameOf(db, 'journey', id)
  const arms = await plannedWeights(db, id, nodeId)
  if (name === null || !arms.length) throw refuse('experiment_not_found')
  return reportOn(
    db,
    {
      subject: { kind: 'split', id, name: `${name} · ${arms.map((a) => a.name).join(' / ')}` },
      assignment: splitAssignment(id, nodeId),
      planned: arms.map((a) => ({ arm: `arm:${a.key}`, name: a.name, share: a.weight })),
      source: `journey:${id}`,
    },
    windowDays,
    now,
  )
}

/** The effect of a campaign. */
export const campaignReport = async (db: Reader, id: string, windowDays: number, now: number): Promise<Report> => {
  const name = await nameOf(db, 'campaign', id)
  if (name === null) throw refuse('experiment_not_found')
  const assignment = campaignAssignment(id)
  const planned = await treatedAndHeld(db, 'campaign', id, assignment)
  return reportOn(
    db,
    { subject: { kind: 'campaign', id, name }, assignment, planned, source: `campaign:${id}` },
    windowDays,
    now,
  )
}
