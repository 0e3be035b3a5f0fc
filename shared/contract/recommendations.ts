import { z } from 'zod'
import { day, define, done, id, nothing, queryInt, text, time } from './define'

/** Where recommendations are shown. home: for again and for the first time; again: bought before; discover: never bought. */
export const recommendationSlot = z.enum(['home', 'discover', 'again', 'coupons', 'rewards'])
const traceId = z.string().regex(/^[\w.-]{10,64}$/, '推荐编号格式不对')
const itemKind = z.enum(['product', 'coupon', 'reward'])

export const recommendedItem = z.object({
  kind: itemKind,
  /** Product number, coupon template, held coupon or reward. */
  id: z.string(),
  /** From 1. */
  position: z.int(),
  name: z.string(),
  category: z.string(),
  priceFen: z.int().nullable(),
  points: z.int().nullable(),
  /** Why it is here, in words a member reads. */
  reason: z.string(),
  /** What can be done with it: claim or use a coupon, redeem a reward. */
  action: z.enum(['claim', 'use', 'redeem']).nullable(),
})
/** What every answer with recommendations says about itself. */
export const recommendation = z.object({
  /** Names this answer when an exposure or a tap is reported. */
  traceId,
  /** personal: from what the member bought; popular: what sells; off: the member has switched personalisation off. */
  basis: z.enum(['personal', 'popular', 'off']),
  /** The same in words. */
  note: z.string(),
})
const recommended = recommendation.extend({ items: z.array(recommendedItem).max(30) })

const rule = {
  kind: z.enum(['exclude', 'pin', 'weight']),
  scope: z.enum(['product', 'category']),
  /** Product number or name of the category. */
  target: text(64),
  slot: recommendationSlot.nullable().default(null),
  storeId: id.nullable().default(null),
  /** weight: −90 to 300, the score's change in per cent. */
  percent: z.int().min(-90).max(300).nullable().default(null),
  /** pin: the place. */
  place: z.int().min(1).max(10).nullable().default(null),
  fromAt: time.nullable().default(null),
  untilAt: time.nullable().default(null),
  note: text(100, 0).default(''),
}
const ruleView = z.object({
  id,
  ...rule,
  /** Name of the product or category. */
  targetName: z.string(),
  storeName: z.string().nullable(),
  active: z.boolean(),
  createdAt: time,
  /** The rule in one sentence. */
  sentence: z.string(),
})
const settings = {
  controlPercent: z.int().min(0).max(50),
  maxPerCategory: z.int().min(1).max(6),
}

const score = z.object({
  recall: z.number(),
  cappedRecall: z.number(),
  ndcg: z.number(),
  precision: z.number(),
  hit: z.number(),
  coverage: z.number(),
  members: z.int(),
})
const weights = z.object({
  ease: z.number(),
  neighbours: z.number(),
  content: z.number(),
  frequency: z.number(),
  recency: z.number(),
  due: z.number(),
  rebuy: z.number(),
  popularity: z.number(),
})
const taskCard = z.object({
  weights,
  used: z.boolean(),
  blend: score,
  ease: score,
  neighbours: score,
  popularity: score,
  frequency: score.nullable(),
})
export const recommendationCard = z.object({
  trainedFrom: day,
  validationFrom: day,
  testFrom: day,
  testTo: day,
  members: z.int(),
  items: z.int(),
  easeItems: z.int(),
  lambda: z.number(),
  discover: taskCard.nullable(),
  all: taskCard.nullable(),
})

const interval = z.object({ low: z.number(), high: z.number() })
const arm = z.object({
  /** Members who saw the slot on a day, summed over days. */
  units: z.int(),
  exposures: z.int(),
  clicks: z.int(),
  clickRate: z.number(),
  buyers: z.int(),
  buyRate: z.number(),
  orders: z.int(),
  revenueFen: z.int(),
  revenuePerUnitFen: z.number(),
})

export const recommendations = define({
  'GET /recommendations': {
    summary: '访客看到的好物（不个性化）',
    allow: 'public',
    input: z.strictObject({ storeId: id.optional(), limit: queryInt(1, 30).default(6) }),
    output: recommended,
    errors: [],
  },
  'GET /me/recommendations': {
    summary: '为我推荐：商品、券、礼品，每个都说明理由；关闭个性化后只按热度',
    allow: 'member',
    input: z.strictObject({ slot: recommendationSlot.default('home'), limit: queryInt(1, 30).default(6) }),
    output: recommended,
    errors: [],
  },
  'POST /me/recommendations/events': {
    summary: '上报推荐的曝光与点击；同一次推荐的同一位置只记一次',
    allow: 'member',
    input: z.strictObject({
      traceId,
      events: z
        .array(
          z.strictObject({
            kind: z.enum(['exposure', 'click']),
            itemKind,
            itemId: text(64),
            position: z.int().min(1).max(30),
            at: time,
          }),
        )
        .min(1)
        .max(60),
    }),
    output: z.object({ accepted: z.int(), repeated: z.int(), dropped: z.int() }),
    errors: ['recommendation_trace_invalid'],
    idempotency: 'natural',
  },

  'GET /admin/recommendation-rules': {
    summary: '推荐规则',
    allow: 'recommendation:read',
    input: nothing,
    output: z.object({ items: z.array(ruleView) }),
    errors: [],
  },
  'POST /admin/recommendation-rules': {
    summary: '新建推荐规则：不推、置顶、加权',
    allow: 'recommendation:write',
    input: z.strictObject(rule),
    output: ruleView,
    errors: ['recommendation_target_unknown', 'store_not_found', 'recommendation_rules_full'],
  },
  'PUT /admin/recommendation-rules/:ruleId': {
    summary: '修改推荐规则，或停用',
    allow: 'recommendation:write',
    input: z.strictObject({ ruleId: id, ...rule, active: z.boolean() }),
    output: ruleView,
    errors: ['recommendation_rule_not_found', 'recommendation_target_unknown', 'store_not_found'],
  },
  'DELETE /admin/recommendation-rules/:ruleId': {
    summary: '删除推荐规则',
    allow: 'recommendation:write',
    input: z.strictObject({ ruleId: id }),
    output: done,
    errors: ['recommendation_rule_not_found'],
  },
  'GET /admin/recommendation-settings': {
    summary: '推荐设置：对照比例、同类上限',
    allow: 'recommendation:read',
    input: nothing,
    output: z.object(settings),
    errors: [],
  },
  'PUT /admin/recommendation-settings': {
    summary: '修改推荐设置',
    allow: 'recommendation:write',
    input: z.strictObject(settings),
    output: z.object(settings),
    errors: [],
  },
  'GET /admin/recommendation-models': {
    summary: '模型卡：现在用哪一版、回测成绩、与基线的比较',
    allow: 'recommendation:read',
    input: nothing,
    output: z.object({
      current: z
        .object({
          version: z.int(),
          createdAt: time,
          dataAt: time,
          seconds: z.int(),
          card: recommendationCard,
          /** Version of the neighbours published since, or null. */
          neighboursVersion: z.int().nullable(),
          neighboursAt: time.nullable(),
        })
        .nullable(),
      history: z.array(
        z.object({
          version: z.int(),
          createdAt: time,
          seconds: z.int(),
          discoverNdcg: z.number().nullable(),
          allNdcg: z.number().nullable(),
        }),
      ),
    }),
    errors: [],
  },
  'GET /admin/recommendation-effect': {
    summary: '推荐效果：曝光、点击、7 天内购买，与不个性化的对照组比较',
    allow: 'recommendation:read',
    input: z.strictObject({ days: queryInt(1, 180).default(30), slot: recommendationSlot.optional() }),
    output: z.object({
      from: day,
      to: day,
      personal: arm,
      control: arm,
      newcomer: arm,
      off: arm,
      /** Personal minus control with its 95 % interval; null while either group is too small. */
      difference: z.object({
        clickRate: z.object({ value: z.number(), interval }).nullable(),
        buyRate: z.object({ value: z.number(), interval }).nullable(),
        revenuePerUnitFen: z.object({ value: z.number(), interval }).nullable(),
      }),
      /** What may be concluded, in words. */
      conclusion: z.string(),
      daily: z.array(z.object({ on: day, exposures: z.int(), clicks: z.int(), buyers: z.int() })),
    }),
    errors: [],
  },
  'GET /admin/members/:memberId/recommendations': {
    summary: '看某位会员会看到什么，以及每个分数从哪来',
    allow: 'member:read',
    input: z.strictObject({
      memberId: id,
      slot: recommendationSlot.default('home'),
      limit: queryInt(1, 30).default(6),
    }),
    output: recommended.extend({
      arm: z.enum(['personal', 'control', 'newcomer', 'off']),
      modelVersion: z.int(),
      details: z.array(
        z.object({
          id: z.string(),
          score: z.number(),
          /** Shares of the score by what it is made of, weights applied. */
          parts: z.array(z.object({ name: z.string(), value: z.number() })),
        }),
      ),
    }),
    errors: ['member_not_found'],
  },
})
