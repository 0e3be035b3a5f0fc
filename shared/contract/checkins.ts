import { z } from 'zod'
import { day, define, nothing, pointsAmount } from './define'

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, '月份格式应为 YYYY-MM')
/** What a streak gives: `cycle[i]` points on its (i+1)th day, beginning again after the last; milestones once each time they are reached. */
export const checkinPlan = z.strictObject({
  active: z.boolean(),
  cycle: z.array(z.int().min(0).max(10_000)).min(1).max(31),
  milestones: z.array(z.strictObject({ days: z.int().min(2).max(365), points: pointsAmount })).max(12),
  /** Every so many days in a row give one make-up card; 0: never. */
  cardEveryDays: z.int().min(0).max(365),
  /** Price of a make-up card in points; 0: not for sale. */
  cardPricePoints: z.int().min(0).max(100_000),
  /** Cards one member may hold. */
  maxCards: z.int().min(0).max(50),
  /** Cards one member may buy in a calendar month. */
  cardsPerMonth: z.int().min(0).max(31),
  /** How many days back a missed day can be made up. */
  makeUpDays: z.int().min(0).max(60),
})
const ladderStep = z.object({
  days: z.int(),
  points: z.int(),
  /** A make-up card comes with it. */
  card: z.boolean(),
  state: z.enum(['done', 'today', 'ahead']),
})
export const checkinState = z.object({
  active: z.boolean(),
  today: day,
  checkedToday: z.boolean(),
  /** Days in a row, today included when checked in; 0 after a missed day. */
  streak: z.int(),
  total: z.int(),
  /** What checking in today gives, or gave. */
  todayPoints: z.int(),
  tomorrowPoints: z.int(),
  cards: z.int(),
})
const checkinMonth = checkinState.extend({
  month,
  /** Days of this month with a check-in. */
  days: z.array(z.object({ on: day, kind: z.enum(['day', 'make_up']), points: z.int() })),
  /** The present cycle, one step a day. */
  ladder: z.array(ladderStep),
  milestones: z.array(z.object({ days: z.int(), points: z.int(), reached: z.boolean() })),
  /** Missed days that can still be made up, newest first. */
  makeUps: z.array(day),
  card: z.object({
    pricePoints: z.int(),
    held: z.int(),
    max: z.int(),
    buyableThisMonth: z.int(),
    blocked: z.string().nullable(),
  }),
  balance: z.int(),
})

export const checkins = define({
  'GET /me/checkins': {
    summary: '签到：月历、连续天数、阶梯、补签卡',
    allow: 'member',
    input: z.strictObject({ month: month.optional() }),
    output: checkinMonth,
    errors: [],
  },
  'POST /me/checkins': {
    summary: '今天签到，一天一次',
    allow: 'member',
    input: nothing,
    output: z.object({
      on: day,
      points: z.int(),
      milestonePoints: z.int(),
      cardsGiven: z.int(),
      streak: z.int(),
      balance: z.int(),
    }),
    errors: ['checkin_done', 'checkin_off', 'member_not_found', 'member_inactive', 'points_overflow'],
  },
  'POST /me/checkins/make-ups': {
    summary: '补签一天，用一张补签卡；补上后连续天数接起来',
    allow: 'member',
    input: z.strictObject({ on: day }),
    output: z.object({ on: day, streak: z.int(), cards: z.int() }),
    errors: [
      'checkin_done',
      'checkin_off',
      'checkin_no_card',
      'checkin_make_up_range',
      'member_not_found',
      'member_inactive',
    ],
  },
  'POST /me/checkins/cards': {
    summary: '用积分买一张补签卡',
    allow: 'member',
    input: nothing,
    output: z.object({ cards: z.int(), points: z.int(), balance: z.int() }),
    errors: [
      'checkin_off',
      'checkin_card_limit',
      'checkin_card_month_limit',
      'checkin_card_not_sold',
      'points_insufficient',
      'member_not_found',
      'member_inactive',
    ],
  },
  'GET /admin/checkin-plan': {
    summary: '签到规则',
    allow: 'reward:read',
    input: nothing,
    output: checkinPlan.extend({
      version: z.int(),
      sentence: z.string(),
      figures: z.object({ today: z.int(), week: z.int(), longest: z.int(), pointsThisMonth: z.int() }),
    }),
    errors: [],
  },
  'PUT /admin/checkin-plan': {
    summary: '修改签到规则，从下一次签到起生效',
    allow: 'reward:write',
    input: z.strictObject({ ...checkinPlan.shape, version: z.int().min(0) }),
    output: checkinPlan.extend({ version: z.int(), sentence: z.string() }),
    errors: ['checkin_plan_conflict'],
  },
})
