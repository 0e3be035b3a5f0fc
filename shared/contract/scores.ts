import { z } from 'zod'
import { churnBands, rfmCodes, stageCodes } from '../score-words'
import { day, define, id, nothing, page, paging, queryInt, time } from './define'

const stage = z.enum(stageCodes)
const rfm = z.enum(rfmCodes)
const band = z.enum(churnBands)
/** A probability or a share in basis points. */
const bp = z.int().min(0).max(10_000)
/** Until when scores hold, and whether they are older than they should be, and why. */
export const freshness = z.object({
  onDay: day.nullable(),
  finishedAt: time.nullable(),
  stale: z.boolean(),
  reason: z.string().nullable(),
})
export const scoreRun = z.object({
  id,
  onDay: day,
  kind: z.enum(['stages', 'forecasts']),
  mode: z.enum(['full', 'changed']),
  state: z.enum(['running', 'done', 'blocked', 'failed']),
  startedAt: time,
  finishedAt: time.nullable(),
  members: z.int(),
  written: z.int(),
  moved: z.int(),
  note: z.string().nullable(),
})
/** One reason in words: what raises (+), what lowers (−) and what bounds (±) a score. */
const reason = z.object({ sign: z.enum(['+', '-', '±']), text: z.string() })
const member = z.object({
  memberId: id,
  cardNo: z.string(),
  nameMasked: z.string(),
  stage,
  rfm,
  churnBp: bp.nullable(),
  clvFen: z.int().nullable(),
  spendFen: z.int(),
  purchases: z.int(),
  lastDay: day.nullable(),
})

export const scores = define({
  'GET /admin/members/:memberId/scores': {
    summary: '会员评分：阶段、RFM、流失、价值、下次购买，各带原因和建议动作',
    allow: 'member:read',
    input: z.strictObject({ memberId: id }),
    output: z.object({
      scored: freshness,
      forecast: freshness,
      stage: z
        .object({
          code: stage,
          name: z.string(),
          explanation: z.string(),
          since: day,
          days: z.int(),
          previous: z.string().nullable(),
          dormantOn: day.nullable(),
          lostOn: day.nullable(),
        })
        .nullable(),
      rfm: z
        .object({
          code: rfm,
          name: z.string(),
          explanation: z.string(),
          r: z.int(),
          f: z.int(),
          m: z.int(),
          reasons: z.array(reason),
        })
        .nullable(),
      churn: z.object({ bp, band, bandName: z.string(), reasons: z.array(reason) }).nullable(),
      value: z
        .object({
          fen: z.int(),
          lowFen: z.int(),
          highFen: z.int(),
          rankBp: bp,
          reasons: z.array(reason),
        })
        .nullable(),
      next: z.object({ on: day, low: day, high: day, days: z.int(), reasons: z.array(reason) }).nullable(),
      group: z.object({ no: z.int(), name: z.string(), explanation: z.string() }).nullable(),
      suggestions: z.array(
        z.object({
          code: z.string(),
          title: z.string(),
          why: z.string(),
          /** What a click does: grant-coupon, adjust-points, message, journey, none. */
          action: z.enum(['grant-coupon', 'message', 'journey', 'none']),
        }),
      ),
    }),
    errors: ['member_not_found'],
  },
  'GET /admin/members/:memberId/profile': {
    summary: '五维画像：基础、行为、兴趣、生命周期、社交，各带完整度',
    allow: 'member:read',
    input: z.strictObject({ memberId: id }),
    output: z.object({
      completenessBp: bp,
      dimensions: z.array(
        z.object({
          code: z.enum(['basic', 'behaviour', 'interest', 'life', 'social']),
          name: z.string(),
          completenessBp: bp,
          rows: z.array(z.object({ label: z.string(), value: z.string().nullable(), explanation: z.string() })),
        }),
      ),
    }),
    errors: ['member_not_found'],
  },
  'GET /admin/members/:memberId/score-history': {
    summary: '会员评分的变化，新的在前',
    allow: 'member:read',
    input: z.strictObject({ memberId: id, limit: queryInt(1, 100).default(50) }),
    output: z.object({
      items: z.array(
        z.object({
          onDay: day,
          stage,
          stageName: z.string(),
          rfm,
          rfmName: z.string(),
          churnBp: bp.nullable(),
          clvFen: z.int().nullable(),
        }),
      ),
    }),
    errors: ['member_not_found'],
  },
  'GET /admin/scores': {
    summary: '评分总览：是否最新、各阶段与各档人数、告警与最近的运行',
    allow: 'insight:read',
    input: nothing,
    output: z.object({
      scored: freshness,
      forecast: freshness,
      openAlarms: z.int(),
      stages: z.array(
        z.object({ code: stage, name: z.string(), explanation: z.string(), members: z.int(), spendFen: z.int() }),
      ),
      segments: z.array(
        z.object({
          code: rfm,
          name: z.string(),
          explanation: z.string(),
          advice: z.string(),
          members: z.int(),
          spendFen: z.int(),
        }),
      ),
      bands: z.array(z.object({ code: band, name: z.string(), members: z.int(), clvFen: z.int() })),
      runs: z.array(scoreRun),
    }),
    errors: [],
  },
  'GET /admin/scores/rfm': {
    summary: 'RFM 方格：最近消费 × 消费次数，人数与消费额',
    allow: 'insight:read',
    input: z.strictObject({ method: z.enum(['quantile', 'fixed']).default('fixed'), onDay: day.optional() }),
    output: z.object({
      onDay: day.nullable(),
      method: z.enum(['quantile', 'fixed']),
      definition: z.string(),
      /** Labels of the scores 1 to 5. */
      rows: z.array(z.string()),
      columns: z.array(z.string()),
      /** The limits in force between the ranges, ascending; empty before the shop's fifths are cut. */
      limits: z.object({ recencyDays: z.array(z.int()), purchases: z.array(z.int()) }),
      cells: z.array(z.object({ r: z.int(), f: z.int(), members: z.int(), spendFen: z.int(), averageFen: z.int() })),
    }),
    errors: [],
  },
  'GET /admin/scores/stages': {
    summary: '各阶段人数的变化与阶段之间的流动',
    allow: 'insight:read',
    input: z.strictObject({ from: day.optional(), to: day.optional() }),
    output: z.object({
      from: day,
      to: day,
      definition: z.array(z.object({ code: stage, name: z.string(), text: z.string() })),
      series: z.array(z.object({ onDay: day, members: z.record(stage, z.int()) })),
      moves: z.array(z.object({ from: stage, to: stage, members: z.int(), shareBp: bp })),
    }),
    errors: [],
  },
  'GET /admin/scores/members': {
    summary: '某个阶段、RFM 分组、分群或流失档的会员名单',
    allow: 'insight:read',
    input: z.strictObject({
      stage: stage.optional(),
      rfm: rfm.optional(),
      band: band.optional(),
      group: queryInt(1, 20).optional(),
      ...paging,
    }),
    output: page(member),
    errors: [],
  },
})
