import { z } from 'zod'
import { day, define, id, page, paging, queryInt, time } from './define'
import { annotation } from './funnels'
import { memberCard } from './segments'

/** What `GET /admin/dashboards/members` is asked for the members behind a cell; null where a cell has no list. */
const drill = z.object({ figure: z.string(), row: z.string(), col: z.string() }).nullable()
/** In every answer: what the figure means, the days it is about, what it is compared with, and how fresh it is. */
const about = {
  definition: z.string(),
  period: z.object({ from: day, to: day }),
  comparison: z.object({ from: day, to: day, label: z.string() }).nullable(),
  asOf: time.nullable(),
}
const storeId = id.optional()
const months = queryInt(1, 24).default(12)
const range = { from: day, to: day }
const stage = z.enum(['new', 'active', 'loyal', 'dormant', 'lost'])
/** 0 to 1; null where there is nothing to divide by. */
const rate = z.number().nullable()
const unit = z.enum(['fen', 'count', 'points', 'people'])
const month = z.string().regex(/^\d{4}-\d{2}$/)

export const trendFigures = [
  'sales',
  'orders',
  'buyers',
  'perBuyer',
  'joined',
  'refunds',
  'redeemed',
  'issued',
  'pointsIssued',
  'pointsSpent',
  'visits',
] as const

export const dashboards = define({
  'GET /admin/dashboards/today': {
    summary: '今天与上周同一天同一时刻相比，逐小时',
    allow: 'dashboard:read',
    input: z.strictObject({ storeId }),
    output: z.object({
      ...about,
      now: time,
      tiles: z.array(
        z.object({
          key: z.enum(['sales', 'buyers', 'perBuyer', 'orders', 'joined', 'redeemed']),
          label: z.string(),
          unit,
          value: z.number(),
          before: z.number(),
          definition: z.string(),
          /** The last 14 days, oldest first, today so far at the end. */
          spark: z.array(z.number()),
          drill,
        }),
      ),
      hours: z.array(
        z.object({
          hour: z.int(),
          /** null: still to come. */
          salesFen: z.int().nullable(),
          beforeFen: z.int(),
          /** Mean of the same hour on the four same weekdays before. */
          usualFen: z.int(),
          drill,
        }),
      ),
    }),
    errors: ['store_not_found'],
  },
  'GET /admin/dashboards/trends': {
    summary: '逐日走势，带前四周同星期均值和标注，最多 400 天',
    allow: 'dashboard:read',
    input: z.strictObject({ figure: z.enum(trendFigures), ...range, storeId }),
    output: z.object({
      ...about,
      figure: z.enum(trendFigures),
      unit,
      total: z.number(),
      /** The same number of days right before. */
      before: z.number(),
      days: z.array(z.object({ on: day, value: z.number(), usual: z.number().nullable(), drill })),
      annotations: z.array(annotation),
    }),
    errors: ['figure_of_group_only', 'store_not_found'],
  },
  'GET /admin/dashboards/stages': {
    summary: '生命周期构成，逐周',
    allow: 'dashboard:read',
    input: z.strictObject({ weeks: queryInt(2, 52).default(12) }),
    output: z.object({
      ...about,
      stages: z.array(z.object({ key: stage, name: z.string(), members: z.int(), before: z.int(), drill })),
      /** Members of the five stages in the order of `stages`, at the end of each week, and who came into each during it. */
      series: z.array(z.object({ on: day, members: z.array(z.int()), entered: z.array(drill) })),
    }),
    errors: ['figure_of_group_only'],
  },
  'GET /admin/dashboards/stage-moves': {
    summary: '阶段之间的流转与转化',
    allow: 'dashboard:read',
    input: z.strictObject(range),
    output: z.object({
      ...about,
      links: z.array(z.object({ from: stage, to: stage, members: z.int(), drill })),
      /** Of the members who were in `from` at some time of the period, the share that passed to `to`. */
      conversion: z.array(z.object({ from: stage, to: stage, members: z.int(), of: z.int(), rate })),
    }),
    errors: ['figure_of_group_only'],
  },
  'GET /admin/dashboards/repurchase': {
    summary: '首购后的复购率，按首购月',
    allow: 'dashboard:read',
    input: z.strictObject({ months }),
    output: z.object({
      ...about,
      rate30: rate,
      rate90: rate,
      rate365: rate,
      months: z.array(
        z.object({
          month,
          buyers: z.int(),
          again30: z.int(),
          again90: z.int(),
          again365: z.int(),
          /** Whether the whole 30, 90, 365 days have passed for everybody of the month. */
          complete: z.object({ d30: z.boolean(), d90: z.boolean(), d365: z.boolean() }),
          drill,
          /** Who came again within 30, 90, 365 days. */
          again: z.object({ d30: drill, d90: drill, d365: drill }),
        }),
      ),
      orders: z.array(z.object({ label: z.string(), members: z.int(), spendFen: z.int(), drill })),
    }),
    errors: ['figure_of_group_only'],
  },
  'GET /admin/dashboards/cohorts': {
    summary: '首购月 × 之后各月的留存',
    allow: 'dashboard:read',
    input: z.strictObject({ months: queryInt(2, 24).default(7) }),
    output: z.object({
      ...about,
      cohorts: z.array(
        z.object({
          month,
          members: z.int(),
          cells: z.array(z.object({ after: z.int(), members: z.int(), rate, drill })),
        }),
      ),
    }),
    errors: ['figure_of_group_only'],
  },
  'GET /admin/dashboards/churn': {
    summary: '每月流失率与流失概率分布',
    allow: 'dashboard:read',
    input: z.strictObject({ months }),
    output: z.object({
      ...about,
      months: z.array(z.object({ month, base: z.int(), lost: z.int(), rate, drill })),
      bands: z.array(z.object({ label: z.string(), members: z.int(), spendFen: z.int(), drill })),
    }),
    errors: ['figure_of_group_only'],
  },
  'GET /admin/dashboards/clv': {
    summary: '未来 12 个月价值的分布',
    allow: 'dashboard:read',
    input: z.strictObject({}),
    output: z.object({
      ...about,
      members: z.int(),
      meanFen: z.int(),
      medianFen: z.int(),
      bands: z.array(z.object({ label: z.string(), members: z.int(), sumFen: z.int(), drill })),
      /** The best tenth, fifth and half with their share of the whole. */
      top: z.array(z.object({ label: z.string(), members: z.int(), share: rate, drill })),
    }),
    errors: ['figure_of_group_only'],
  },
  'GET /admin/dashboards/rfm': {
    summary: 'RFM 分布：最近消费 × 次数，深浅为客单价',
    allow: 'dashboard:read',
    input: z.strictObject({ method: z.enum(['fixed', 'quantile']).default('fixed') }),
    output: z.object({
      ...about,
      /** Best first. */
      rows: z.array(z.string()),
      /** Fewest first. */
      cols: z.array(z.string()),
      /** The limits in force between the ranges, ascending: days since the last purchase, and purchases. */
      limits: z.object({ recencyDays: z.array(z.int()), purchases: z.array(z.int()) }),
      cells: z.array(
        z.object({ row: z.int(), col: z.int(), members: z.int(), spendFen: z.int(), averageFen: z.int(), drill }),
      ),
      /** The four best cells: members and their share of the spend. */
      best: z.object({ members: z.int(), share: rate, drill }),
    }),
    errors: ['figure_of_group_only'],
  },
  'GET /admin/dashboards/taps': {
    summary: '页面点击热力图',
    allow: 'dashboard:read',
    input: z.strictObject({
      page: z.string().max(64).optional(),
      width: z.enum(['all', 'narrow', 'usual', 'wide']).default('all'),
      ...range,
    }),
    output: z.object({
      ...about,
      pages: z.array(z.object({ page: z.string(), taps: z.int() })),
      page: z.string().nullable(),
      /** x: twentieths of the width; y: steps of 40 CSS pixels from the top of the page. */
      cells: z.array(z.object({ x: z.int(), y: z.int(), taps: z.int() })),
      targets: z.array(z.object({ target: z.string(), taps: z.int(), drill })),
    }),
    errors: ['figure_of_group_only'],
  },
  'GET /admin/dashboards/reward-mix': {
    summary: '哪些奖励带来了回头客',
    allow: 'dashboard:read',
    input: z.strictObject({ months }),
    output: z.object({
      ...about,
      rows: z.array(
        z.object({
          key: z.string(),
          label: z.string(),
          uses: z.int(),
          members: z.int(),
          costPoints: z.int(),
          savedFen: z.int(),
          /** Uses followed by another purchase within 30 days, of those whose 30 days have passed. */
          returned: z.int(),
          matured: z.int(),
          rate,
          drill,
        }),
      ),
    }),
    errors: ['figure_of_group_only'],
  },
  'GET /admin/dashboards/coupons': {
    summary: '优惠券效果',
    allow: 'dashboard:read',
    input: z.strictObject(range),
    output: z.object({
      ...about,
      total: z.object({ issued: z.int(), redeemed: z.int(), savedFen: z.int(), salesFen: z.int() }),
      rows: z.array(
        z.object({
          templateId: id,
          name: z.string(),
          issued: z.int(),
          redeemed: z.int(),
          rate,
          savedFen: z.int(),
          salesFen: z.int(),
          averageFen: z.int(),
          drill,
        }),
      ),
    }),
    errors: ['figure_of_group_only'],
  },
  'GET /admin/dashboards/points': {
    summary: '积分负债：发放、使用、到期、余额与预计沉没',
    allow: 'dashboard:read',
    input: z.strictObject({ months }),
    output: z.object({
      ...about,
      outstanding: z.int(),
      liabilityFen: z.int(),
      breakageRate: rate,
      expectedBreakage: z.int(),
      expiring30: z.int(),
      /** Who holds points, and whose points lapse within 30 days. */
      held: drill,
      lapsing: drill,
      months: z.array(
        z.object({
          month,
          issued: z.int(),
          spent: z.int(),
          expired: z.int(),
          takenBack: z.int(),
          other: z.int(),
          net: z.int(),
          outstandingEnd: z.int(),
          drills: z.object({ issued: drill, spent: drill, expired: drill, takenBack: drill }),
        }),
      ),
    }),
    errors: ['figure_of_group_only'],
  },
  'GET /admin/dashboards/stores': {
    summary: '门店排行',
    allow: 'dashboard:read',
    input: z.strictObject(range),
    output: z.object({
      ...about,
      rows: z.array(
        z.object({
          rank: z.int(),
          storeId: id,
          name: z.string(),
          salesFen: z.int(),
          beforeFen: z.int(),
          orders: z.int(),
          buyers: z.int(),
          averageFen: z.int(),
          joined: z.int(),
          redeemed: z.int(),
          refundFen: z.int(),
          refundRate: rate,
          drill,
        }),
      ),
    }),
    errors: [],
  },
  'GET /admin/dashboards/nps': {
    summary: '净推荐值，按月',
    allow: 'dashboard:read',
    input: z.strictObject({ months }),
    output: z.object({
      ...about,
      score: z.number().nullable(),
      groups: z.array(z.object({ key: z.string(), label: z.string(), answers: z.int(), drill })),
      months: z.array(z.object({ month, answers: z.int(), score: z.number().nullable(), drill })),
    }),
    errors: ['figure_of_group_only'],
  },
  'GET /admin/dashboards/members': {
    summary: '数字背后的会员（脱敏）',
    allow: 'dashboard:read',
    input: z.strictObject({
      figure: z.string().max(30),
      row: z.string().max(64),
      col: z.string().max(240).default(''),
      storeId,
      ...paging,
    }),
    output: page(memberCard).extend({ title: z.string() }),
    errors: ['figure_of_group_only', 'store_not_found'],
  },
})
