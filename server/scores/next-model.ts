import type { Card } from './model-card'
import { meanAbsoluteError } from './models/metrics'
import { fitIntervals, gapsOf, type IntervalModel, intervalShare, nextPurchase } from './models/next-purchase'
import { isModelRefusal } from './models/refusal'
import type { DailyPurchases } from './models/split'

const horizonDays = 90
const fewestReturned = 50
/** Beyond so many days of absence a next date would be a guess. */
export const longestAbsenceDays = 365
/** The back-test needs no more members than this. */
const mostTested = 5000

/** What scoring uses; null: too few gaps. */
export interface Next {
  model: IntervalModel | null
  /** Whether the member's own mean gap is used instead of the model. */
  ownMean: boolean
  card: Card
}

type Gaps = ReturnType<typeof gapsOf>

const ownMeanOf = (gaps: Gaps, m: number): number => Math.max(0, gaps.sum[m] / gaps.count[m] - gaps.elapsed[m])

const cardOf = (used: Card['used'], method: string, verdict: string, more: Partial<Card> = {}): Card => ({
  model: 'next',
  used,
  method,
  verdict,
  figures: [],
  calibration: [],
  lift: [],
  protocol: '',
  limits: [],
  fitted: null,
  ...more,
})

const tryFit = (gaps: Gaps): IntervalModel | null => {
  try {
    return fitIntervals(gaps)
  } catch (error) {
    if (isModelRefusal(error)) return null
    throw error
  }
}

/** First purchase day after `cut` until `last`, by member; 0: none. */
const firstAfter = ({ member, day, members }: DailyPurchases, cut: number, last: number): Int32Array => {
  const out = new Int32Array(members)
  for (let i = 0; i < day.length; i++) if (day[i] > cut && day[i] <= last && !out[member[i]]) out[member[i]] = day[i]
  return out
}

/**
 * Fits how long members wait, and tests it on those who came again within the last ninety days: how many days off, and how often inside
 * the interval, against each member's own mean gap.
 */
export const fitNext = (purchases: DailyPurchases, last: number): Next => {
  const cut = last - horizonDays
  const known = gapsOf(purchases, cut)
  const earlier = tryFit(known)
  const model = tryFit(gapsOf(purchases, last))
  const next = firstAfter(purchases, cut, last)
  const tested: number[] = []
  for (let m = 0; m < next.length && tested.length < mostTested; m++)
    if (next[m] && known.count[m] > 0 && known.elapsed[m] <= longestAbsenceDays) tested.push(m)
  if (!earlier || !model || tested.length < fewestReturned)
    return {
      model: null,
      ownMean: false,
      card: cardOf(
        'too_little',
        '',
        `要有至少 ${fewestReturned} 位隔一段又再来的会员，现在是 ${tested.length} 位，暂不给出`,
      ),
    }
  const actual = tested.map((m) => next[m] - cut)
  const guesses = tested.map((m) =>
    nextPurchase(earlier, { count: known.count[m], sum: known.sum[m], elapsed: known.elapsed[m] }),
  )
  const own = tested.map((m) => ownMeanOf(known, m))
  const errors = {
    model: meanAbsoluteError(
      guesses.map((g) => g.median),
      actual,
    ),
    own: meanAbsoluteError(own, actual),
  }
  const inside = guesses.filter((g, i) => actual[i] >= Math.floor(g.low) && actual[i] <= Math.ceil(g.high)).length
  const wins = errors.model < errors.own
  return {
    model,
    ownMean: !wins,
    card: cardOf(
      wins ? 'model' : 'baseline',
      wins ? '伽马间隔，少者向全店靠拢' : '本人平均间隔',
      wins
        ? `最近 90 天再来的会员，预计日期平均差 ${errors.model.toFixed(1)} 天；只用本人平均间隔差 ${errors.own.toFixed(1)} 天`
        : `模型没有胜过本人平均间隔（平均差 ${errors.model.toFixed(1)} 对 ${errors.own.toFixed(1)} 天），改用后者`,
      {
        figures: [
          {
            name: '平均误差（天）',
            value: errors.model,
            baseline: errors.own,
            better: 'lower',
            explanation: '预计日与真实日之差的平均',
          },
          {
            name: '落在区间内',
            value: inside / tested.length,
            baseline: null,
            better: 'none',
            explanation: `区间按 ${intervalShare * 100}% 的把握给出；只看 90 天内来的人，会偏高或偏低`,
          },
          {
            name: '检验的会员',
            value: tested.length,
            baseline: null,
            better: 'none',
            explanation: '90 天内再来的会员',
          },
        ],
        protocol: `用 ${horizonDays} 天前已知的间隔拟合，预测其后第一次消费的日期；只能检验 ${horizonDays} 天内再来的会员`,
        limits: ['前提是会员还会再来；会不会来看流失概率', '间隔很长的会员在 90 天内看不到结果，没有参加检验'],
        fitted: JSON.stringify(model),
      },
    ),
  }
}

/** Days from now to the next purchase and its interval; null for who has been away too long. */
export const nextOf = (
  { model, ownMean }: Next,
  gaps: Gaps,
  m: number,
): { median: number; low: number; high: number } | null => {
  if (!model || !(gaps.elapsed[m] <= longestAbsenceDays)) return null
  const found = nextPurchase(model, { count: gaps.count[m], sum: gaps.sum[m], elapsed: gaps.elapsed[m] })
  return ownMean && gaps.count[m] > 0 ? { ...found, median: ownMeanOf(gaps, m) } : found
}
