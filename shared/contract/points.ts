import { z } from 'zod'
import { day, define, id, nothing, page, paging, pointsAmount, reason, time } from './define'

/** A member's points in one wallet. */
export const pointsAccount = z.object({
  balance: z.int(),
  /** Points owed after a refund took back more than was left; the next award pays it first. */
  debt: z.int(),
  /** What expires within 30 days, soonest first. */
  expiring: z.array(z.object({ on: day, points: z.int() })).max(5),
})
export const pointsEntry = z.object({
  /** seq of the entry in the account, as text: the name a reversal uses. */
  id: z.string(),
  at: time,
  amount: z.int(),
  balanceAfter: z.int(),
  kind: z.enum(['earn', 'spend', 'reverse', 'expire', 'clawback', 'adjust', 'gift']),
  title: z.string(),
  detail: z.string(),
  expiresOn: day.nullable(),
})
const moved = z.object({ entryId: z.string(), amount: z.int(), balance: z.int() })

export const points = define({
  'GET /me/points': {
    summary: '我的积分：余额、即将过期、怎么得',
    allow: 'member',
    input: nothing,
    output: z.object({
      account: pointsAccount,
      rules: z.array(z.object({ title: z.string(), detail: z.string() })),
      earnedThisMonth: z.int(),
      spentThisMonth: z.int(),
    }),
    errors: [],
  },
  'GET /me/points/entries': {
    summary: '积分流水，新的在前',
    allow: 'member',
    input: z.strictObject({
      ...paging,
      kind: z.enum(['in', 'out']).optional(),
      month: z
        .string()
        .regex(/^\d{4}-\d{2}$/)
        .optional(),
    }),
    output: page(pointsEntry),
    errors: [],
  },
  'GET /admin/members/:memberId/points-entries': {
    summary: '会员的积分流水',
    allow: 'member:read',
    input: z.strictObject({ memberId: id, ...paging }),
    output: page(pointsEntry),
    errors: ['member_not_found'],
  },
  'POST /points/awards': {
    summary: '发放积分（收银系统、活动）',
    allow: 'points:award',
    input: z.strictObject({ memberId: id, points: pointsAmount, reason }),
    output: moved,
    errors: ['member_not_found', 'member_inactive', 'points_overflow'],
  },
  'POST /points/spends': {
    summary: '扣减积分，先用最早过期的',
    allow: 'points:spend',
    input: z.strictObject({ memberId: id, points: pointsAmount, reason }),
    output: moved,
    errors: ['member_not_found', 'member_inactive', 'points_insufficient'],
  },
  'POST /points/reversals': {
    summary: '冲正一笔流水：花掉的回到原批次，发放的收回',
    allow: 'points:reverse',
    input: z.strictObject({ memberId: id, entryId: z.string().regex(/^\d{1,9}$/), reason }),
    output: moved,
    errors: [
      'member_not_found',
      'points_entry_not_found',
      'points_entry_not_reversible',
      'points_already_reversed',
      'points_insufficient',
    ],
  },
})
