import { z } from 'zod'
import { define, id, page, paging, phone, pointsAmount, text, time } from './define'

/** What a share link carries: 24 random characters that open one gift. */
export const giftToken = z.string().regex(/^[\w-]{20,40}$/, '链接不完整，请重新打开')
const state = z.enum(['waiting', 'done', 'revoked', 'returned'])
const transfer = z.object({
  id,
  direction: z.enum(['out', 'in']),
  points: z.int(),
  state,
  via: z.enum(['phone', 'link']),
  /** The other one's masked name; null while nobody has taken it. */
  otherMasked: z.string().nullable(),
  note: z.string(),
  createdAt: time,
  /** Until when a link can be taken. */
  closesAt: time.nullable(),
  /** Of one's own links that still wait. */
  token: z.string().nullable(),
})
const limits = z.object({
  perDay: z.int(),
  pointsPerDay: z.int(),
  leftToday: z.int(),
  pointsLeftToday: z.int(),
  minPoints: z.int(),
  maxPoints: z.int(),
  /** When the next one may be made, while the pause after the last one lasts. */
  nextAt: time.nullable(),
})

export const transfers = define({
  'GET /me/points/transfers': {
    summary: '积分转赠：记录与今天的额度',
    allow: 'member',
    input: z.strictObject({ ...paging }),
    output: page(transfer).extend({ limits }),
    errors: [],
  },
  'POST /me/points/transfers': {
    summary: '把积分送给好友：填手机号直接到账；不填则生成链接，好友领取才到账。有效期跟着积分走',
    allow: 'member',
    input: z.strictObject({ points: pointsAmount, phone: phone.optional(), note: text(40, 0).default('') }),
    output: z.object({
      transferId: id,
      state,
      points: z.int(),
      balance: z.int(),
      recipientMasked: z.string().nullable(),
      token: z.string().nullable(),
      /** Page and query of the mini-program's share card. */
      sharePath: z.string().nullable(),
      /** The same page in any browser. */
      link: z.string().nullable(),
      closesAt: time.nullable(),
    }),
    errors: [
      'points_insufficient',
      'transfer_self',
      'transfer_amount',
      'transfer_day_limit',
      'transfer_day_points',
      'transfer_too_soon',
      'transfer_new_member',
      'member_not_found',
      'member_inactive',
      'points_overflow',
    ],
  },
  'GET /points-gifts/:token': {
    summary: '好友送的积分：谁送的、多少、还能不能领',
    allow: 'public',
    input: z.strictObject({ token: giftToken }),
    output: z.object({ fromMasked: z.string(), points: z.int(), note: z.string(), state, closesAt: time.nullable() }),
    errors: ['transfer_not_found'],
  },
  'POST /me/points/transfers/claims': {
    summary: '领取好友送的积分',
    allow: 'member',
    input: z.strictObject({ token: giftToken }),
    output: z.object({ points: z.int(), balance: z.int(), fromMasked: z.string() }),
    errors: [
      'transfer_not_found',
      'transfer_closed',
      'transfer_self',
      'member_not_found',
      'member_inactive',
      'points_overflow',
    ],
  },
  'POST /me/points/transfers/:transferId/revoke': {
    summary: '收回还没被领的积分',
    allow: 'member',
    input: z.strictObject({ transferId: id }),
    output: z.object({ transferId: id, state, balance: z.int() }),
    errors: ['transfer_not_found', 'transfer_closed', 'member_inactive'],
  },
})
