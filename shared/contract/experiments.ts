import { z } from 'zod'
import { define, id, nothing, queryInt, text, time } from './define'

/** An estimate with its 95 % interval. `p` is of this comparison alone. */
const interval = z.object({ estimate: z.number(), low: z.number(), high: z.number(), p: z.number() })
export const verdict = z.enum(['mismatch', 'too_few', 'better', 'worse', 'no_conclusion'])
/** What one arm shows of one metric. The control has no comparison. */
const armResult = z.object({
  arm: z.string(),
  name: z.string(),
  members: z.int(),
  /** A member's mean: a share for conversion, orders, fen. */
  mean: z.number(),
  against: z
    .object({
      difference: interval.nullable(),
      /** As a share of the control's mean. */
      lift: interval.nullable(),
      /** Holds however often one looks. */
      anytime: interval.nullable(),
      /** p after Holm's correction over the arms. */
      corrected: z.number().nullable(),
      verdict,
      sentence: z.string(),
    })
    .nullable(),
})
const metricResult = z.object({
  metric: z.enum(['conversion', 'orders', 'revenue', 'margin']),
  name: z.string(),
  unit: z.enum(['share', 'orders', 'fen']),
  /** What the covariate from before the experiment took of the variance; 0 where none was used. */
  varianceSaved: z.number(),
  arms: z.array(armResult),
})
/** What the treated members together brought beyond what the control lets expect. */
const money = z.object({
  arm: z.string(),
  incrementalOrders: interval.nullable(),
  incrementalRevenueFen: interval.nullable(),
  incrementalMarginFen: interval.nullable(),
  costFen: z.object({ points: z.int(), sms: z.int(), total: z.int() }),
  /** Given away by redeemed coupons; already taken off the revenue. */
  couponDiscountFen: z.int(),
  couponsRedeemed: z.int(),
  /** Redeemed coupons beyond the additional orders: they went to orders that would have come anyway. Null without a conclusion. */
  cannibalisedOrders: z.int().nullable(),
  /** Incremental margin over cost; null while the margin's interval holds zero or nothing was spent. */
  returnOnCost: z.number().nullable(),
  /** Lift of revenue per member (fen) from which the cost is earned back. */
  breakEvenFenPerMember: z.number(),
})
const report = z.object({
  subject: z.object({ kind: z.enum(['journey', 'split', 'campaign']), id, name: z.string() }),
  windowDays: z.int(),
  /** Members who entered too recently for their whole window to have passed; they count later. */
  waiting: z.int(),
  from: time.nullable(),
  countedUntil: time,
  sampleRatio: z.object({ p: z.number(), mismatch: z.boolean(), sentence: z.string() }),
  metrics: z.array(metricResult),
  money: z.array(money),
  /** What may be said, in one sentence a shop owner understands. */
  conclusion: z.string(),
})
const windowDays = queryInt(1, 180).default(30)

const settings = z.object({
  version: z.int(),
  holdoutPercent: z.int(),
  holdoutReason: z.string(),
  marginPercent: z.int(),
  pointCostBp: z.int(),
  smsFen: z.int(),
  updatedAt: time.nullable(),
})

export const experiments = define({
  'GET /admin/experiments': {
    summary: '实验列表：有对照组的旅程和活动',
    allow: 'experiment:read',
    input: nothing,
    output: z.object({
      items: z.array(
        z.object({
          kind: z.enum(['journey', 'campaign']),
          id,
          name: z.string(),
          treated: z.int(),
          held: z.int(),
          firstAt: time,
          /** Nodes of the journey that divide members into arms. */
          splits: z.array(z.object({ nodeId: z.string(), arms: z.int() })),
        }),
      ),
    }),
    errors: [],
  },
  'GET /admin/experiments/journeys/:journeyId': {
    summary: '旅程效果：参与组与对照组之差',
    allow: 'experiment:read',
    input: z.strictObject({ journeyId: id, windowDays }),
    output: report,
    errors: ['experiment_not_found'],
  },
  'GET /admin/experiments/journeys/:journeyId/splits/:nodeId': {
    summary: '分流效果：各组与第一组之差',
    allow: 'experiment:read',
    input: z.strictObject({
      journeyId: id,
      nodeId: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, '节点编号格式不对'),
      windowDays,
    }),
    output: report,
    errors: ['experiment_not_found'],
  },
  'GET /admin/experiments/campaigns/:campaignId': {
    summary: '活动效果：参与组与对照组之差',
    allow: 'experiment:read',
    input: z.strictObject({ campaignId: id, windowDays }),
    output: report,
    errors: ['experiment_not_found'],
  },
  'GET /admin/experiments/power': {
    summary: '样本量：要多少人才看得出多大的提升',
    allow: 'experiment:read',
    input: z.strictObject({
      /** Conversion in hundredths of a per cent: 1,200 is 12 %. */
      baselineBp: queryInt(1, 9_999),
      /** Relative lift to find, in per cent. */
      liftPercent: queryInt(1, 1_000),
      holdoutPercent: queryInt(1, 50).default(10),
      powerPercent: queryInt(50, 99).default(80),
      alphaPercent: queryInt(1, 20).default(5),
      /** Members there are; answers the smallest lift they show. */
      members: queryInt(10, 100_000_000).optional(),
    }),
    output: z.object({
      members: z.int(),
      heldMembers: z.int(),
      /** Smallest relative lift that `members` show, as a share; null without them. */
      detectableLift: z.number().nullable(),
      sentence: z.string(),
    }),
    errors: [],
  },
  'GET /admin/experiments/settings': {
    summary: '全局对照组与成本口径',
    allow: 'experiment:read',
    input: nothing,
    output: settings,
    errors: [],
  },
  'PUT /admin/experiments/settings': {
    summary: '修改全局对照组与成本口径',
    allow: 'experiment:write',
    input: z.strictObject({
      version: z.int().min(0),
      holdoutPercent: z.int().min(0).max(50),
      holdoutReason: text(60, 0),
      marginPercent: z.int().min(1).max(100),
      pointCostBp: z.int().min(0).max(10_000),
      smsFen: z.int().min(0).max(1_000),
    }),
    output: settings,
    errors: ['experiment_conflict'],
  },
})
