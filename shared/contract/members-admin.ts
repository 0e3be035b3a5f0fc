import { z } from 'zod'
import { birthday, day, define, id, page, paging, queryInt, reason, time } from './define'
import { pointsAccount } from './points'
import { tierProgress } from './tiers'

/** The operators' side of membership: the list, one member, what may be done to one. */
export const membersAdmin = define({
  'GET /admin/members': {
    summary: '会员列表；手机号只能整号查',
    allow: 'member:read',
    input: z.strictObject({
      ...paging,
      q: z.string().trim().max(40).optional(),
      tierLevel: queryInt(0, 20).optional(),
      storeId: id.optional(),
      joinedFrom: day.optional(),
      joinedTo: day.optional(),
      minSpendFen: queryInt(0, 1e12).optional(),
      lastPurchaseBefore: day.optional(),
      /** Members inside a tracked segment at its last refresh. */
      segmentId: id.optional(),
      sort: z.enum(['joined', 'spend', 'lastPurchase', 'points']).default('joined'),
    }),
    output: page(
      z.object({
        id,
        cardNo: z.string(),
        nameMasked: z.string(),
        phoneMasked: z.string().nullable(),
        tierName: z.string(),
        tierLevel: z.int(),
        points: z.int(),
        spendFen: z.int(),
        purchases: z.int(),
        lastPurchaseAt: time.nullable(),
        joinedAt: time,
        joinedStore: z.string().nullable(),
        status: z.enum(['active', 'inactive']),
      }),
    ),
    errors: [],
  },
  'GET /admin/members/count': {
    summary: '符合筛选条件的会员数',
    allow: 'member:read',
    input: z.strictObject({
      q: z.string().trim().max(40).optional(),
      tierLevel: queryInt(0, 20).optional(),
      storeId: id.optional(),
      joinedFrom: day.optional(),
      joinedTo: day.optional(),
      minSpendFen: queryInt(0, 1e12).optional(),
      lastPurchaseBefore: day.optional(),
      /** Members inside a tracked segment at its last refresh. */
      segmentId: id.optional(),
    }),
    output: z.object({ count: z.int() }),
    errors: [],
  },
  'GET /admin/members/:memberId': {
    summary: '会员详情：资料、数字、等级与理由',
    allow: 'member:read',
    input: z.strictObject({ memberId: id }),
    output: z.object({
      id,
      cardNo: z.string(),
      nameMasked: z.string(),
      phoneMasked: z.string().nullable(),
      gender: z.enum(['female', 'male', 'unknown']),
      /** Month and day only; the year is not kept. */
      birthday: birthday.nullable(),
      joinedAt: time,
      joinedStore: z.string().nullable(),
      joinedBy: z.enum(['wechat', 'phone', 'staff', 'import']),
      status: z.enum(['active', 'inactive']),
      points: pointsAccount,
      tier: tierProgress,
      figures: z.object({
        spendFen: z.int(),
        purchases: z.int(),
        averageFen: z.int(),
        refundFen: z.int(),
        lastPurchaseAt: time.nullable(),
        couponsHeld: z.int(),
        couponsRedeemed: z.int(),
        couponSavedFen: z.int(),
      }),
      favourites: z.array(z.object({ category: z.string(), quantity: z.int(), amountFen: z.int() })),
      favouriteStore: z.string().nullable(),
      favouriteHour: z.int().nullable(),
    }),
    errors: ['member_not_found'],
  },
  'GET /admin/members/:memberId/timeline': {
    summary: '会员时间线，新的在前',
    allow: 'member:read',
    input: z.strictObject({ memberId: id, ...paging }),
    output: page(
      z.object({
        at: time,
        kind: z.enum([
          'joined',
          'purchase',
          'refund',
          'points',
          'coupon',
          'tier',
          'message',
          'gift',
          'profile',
          'scan',
        ]),
        title: z.string(),
        detail: z.string(),
        amountFen: z.int().nullable(),
        points: z.int().nullable(),
        storeName: z.string().nullable(),
      }),
    ),
    errors: ['member_not_found'],
  },
  'POST /admin/members/:memberId/phone-reveals': {
    summary: '查看完整手机号（写入审计）',
    allow: 'member:reveal',
    input: z.strictObject({ memberId: id, reason }),
    output: z.object({ phone: z.string().nullable(), name: z.string() }),
    errors: ['member_not_found'],
    idempotency: 'sealed',
  },
  'POST /admin/members/:memberId/points-adjustments': {
    summary: '手工调整积分：正数发放，负数扣减',
    allow: 'member:adjust',
    input: z.strictObject({
      memberId: id,
      points: z
        .int()
        .min(-1_000_000)
        .max(1_000_000)
        .refine((n) => n !== 0, '不能为 0'),
      reason,
    }),
    output: z.object({ balance: z.int() }),
    errors: ['member_not_found', 'member_inactive', 'points_insufficient', 'points_overflow'],
  },
  'POST /admin/members/:memberId/coupon-grants': {
    summary: '给这位会员发券',
    allow: 'coupon:grant',
    input: z.strictObject({ memberId: id, templateId: id, reason }),
    output: z.object({ couponId: id }),
    errors: [
      'member_not_found',
      'member_inactive',
      'coupon_template_not_found',
      'coupon_template_bad_state',
      'coupon_out_of_stock',
      'coupon_member_limit',
      'coupon_ended',
      'coupon_budget_used',
    ],
  },
})
