import { z } from 'zod'
import { heldCoupon } from './coupons'
import { define, fen, id, page, paging, phone, text, time } from './define'
import { memberGlance } from './members'

/** One line of a purchase; the sum is quantity × unit price. */
export const purchaseLine = z.strictObject({
  productId: text(40),
  name: text(60),
  category: text(30).default('其他'),
  quantity: z.int().min(1).max(1_000_000),
  unitFen: fen,
})
/** What a coupon would do to the purchase at hand. */
export const couponQuote = z.object({
  coupon: heldCoupon,
  usable: z.boolean(),
  savesFen: z.int(),
  /** The failing rule with both values, or null. */
  refusal: z.string().nullable(),
})
/** How a purchase was paid, for the till's totals. */
export const payKind = z.enum(['cash', 'wechat', 'alipay', 'card', 'other'])
const counter = z.object({
  scanId: id,
  expiresAt: time,
  /** earn: the member showed an offline code, so nothing can be redeemed. */
  rights: z.enum(['full', 'earn']),
  store: z.object({ id, name: z.string() }),
  member: memberGlance,
  coupons: z.array(couponQuote),
  /** Points a purchase of amountFen would give after the best coupon. */
  quote: z.object({ amountFen: z.int(), payFen: z.int(), points: z.int(), pointsNote: z.string() }),
})
const settled = z.object({
  purchaseId: id,
  no: z.string(),
  at: time,
  amountFen: z.int(),
  discountFen: z.int(),
  paidFen: z.int(),
  pointsEarned: z.int(),
  pointsBalance: z.int(),
  growthEarned: z.int(),
  tier: z.object({
    level: z.int(),
    name: z.string(),
    upgraded: z.boolean(),
    gap: z.int(),
    nextName: z.string().nullable(),
  }),
  coupons: z.array(z.object({ couponId: id, name: z.string(), savedFen: z.int() })),
  /** Until then one tap takes the whole purchase back. */
  undoUntil: time,
})
export const purchaseRow = z.object({
  id,
  no: z.string(),
  at: time,
  storeName: z.string(),
  memberId: id,
  memberNameMasked: z.string(),
  amountFen: z.int(),
  paidFen: z.int(),
  refundedFen: z.int(),
  pointsEarned: z.int(),
  status: z.enum(['settled', 'part_refunded', 'refunded']),
  source: z.enum(['staff', 'import', 'pos']),
  lines: z.array(
    z.object({ lineNo: z.int(), name: z.string(), quantity: z.int(), refundedQuantity: z.int(), unitFen: z.int() }),
  ),
})

export const purchases = define({
  'GET /staff/me': {
    summary: '店员：我是谁、在哪几家店、本班数字',
    allow: 'staff:scan',
    input: z.strictObject({}),
    output: z.object({
      name: z.string(),
      role: z.string(),
      permissions: z.array(z.string()),
      stores: z.array(z.object({ id, name: z.string() })),
      today: z.object({
        purchases: z.int(),
        amountFen: z.int(),
        redemptions: z.int(),
        refunds: z.int(),
        refundFen: z.int(),
        joined: z.int(),
      }),
    }),
    errors: [],
  },
  'POST /staff/scans': {
    summary: '扫会员码（18 位），开一次 3 分钟的柜台会话',
    allow: 'staff:scan',
    input: z.strictObject({ storeId: id, code: z.string().regex(/^88\d{16}$/, '会员码应为 88 开头的 18 位数字') }),
    output: counter,
    errors: [
      'member_code_invalid',
      'member_code_expired',
      'member_code_used',
      'member_code_locked',
      'member_inactive',
      'store_out_of_scope',
      'store_not_found',
    ],
  },
  'POST /staff/lookups': {
    summary: '按手机号查会员，开一次 3 分钟的柜台会话（写入审计）',
    allow: 'staff:scan',
    input: z.strictObject({ storeId: id, phone }),
    output: counter,
    errors: ['member_not_found', 'member_inactive', 'store_out_of_scope', 'store_not_found'],
  },
  'GET /staff/scans/:scanId': {
    summary: '柜台会话：按金额或明细重算每张券能省多少、得多少积分',
    allow: 'staff:scan',
    input: z.strictObject({
      scanId: id,
      amountFen: z.coerce.number<number | string>().int().min(0).max(1_000_000_000).default(0),
      /** Chosen coupons, comma separated: the quote then shows their joint saving. */
      couponIds: z.string().max(400).optional(),
    }),
    output: counter,
    errors: ['scan_not_found', 'scan_expired'],
  },
  'POST /staff/purchases': {
    summary: '录入消费：积分、成长值、等级、券核销在一个事务里结清',
    allow: 'staff:purchase',
    input: z.strictObject({
      scanId: id,
      amountFen: fen.min(1),
      lines: z.array(purchaseLine).max(200).default([]),
      couponIds: z.array(id).max(5).default([]),
      payKind: payKind.default('other'),
      /** The till's own number, if it has one: the same number is never settled twice. */
      externalNo: text(40).optional(),
    }),
    output: settled,
    errors: [
      'scan_not_found',
      'scan_expired',
      'store_out_of_scope',
      'member_inactive',
      'purchase_duplicate',
      'purchase_amount_mismatch',
      'coupon_not_found',
      'coupon_wrong_member',
      'coupon_not_usable_status',
      'coupon_not_yet_valid',
      'coupon_expired',
      'coupon_wrong_weekday',
      'coupon_wrong_hour',
      'coupon_blackout_day',
      'coupon_wrong_store',
      'coupon_wrong_channel',
      'coupon_min_spend',
      'coupon_no_item_in_scope',
      'coupon_not_stackable',
      'coupon_tier_required',
      'coupon_kind_needs_purchase',
      'points_overflow',
      'offline_earn_only',
    ],
  },
  'POST /staff/purchases/:purchaseId/refunds': {
    summary: '退款：整单、按明细或按金额；这笔消费给过什么就收回什么',
    allow: 'staff:refund',
    input: z.strictObject({
      purchaseId: id,
      /** Neither lines nor amount: the whole remainder. */
      lines: z
        .array(z.strictObject({ lineNo: z.int().min(1), quantity: z.int().min(1) }))
        .max(200)
        .optional(),
      amountFen: fen.min(1).optional(),
      reason: text(100, 2),
      /** The till's undo: all of it, once, within a minute, by whoever recorded it. */
      undo: z.boolean().default(false),
    }),
    output: z.object({
      refundId: id,
      refundFen: z.int(),
      pointsTakenBack: z.int(),
      /** Part of it the member no longer had: a debt the next award pays first. */
      pointsOwed: z.int(),
      growthTakenBack: z.int(),
      couponsReturned: z.array(id),
      purchase: purchaseRow,
    }),
    errors: [
      'purchase_not_found',
      'refund_exceeds',
      'refund_line_exceeds',
      'store_out_of_scope',
      'undo_too_late',
      'undo_not_yours',
      'purchase_refunded',
    ],
  },
  'GET /staff/purchases': {
    summary: '最近的消费（本店或某次柜台会话的会员）',
    allow: 'staff:purchase',
    input: z.strictObject({ ...paging, storeId: id, scanId: id.optional(), no: z.string().trim().max(40).optional() }),
    output: page(purchaseRow),
    errors: ['store_out_of_scope', 'scan_not_found', 'scan_expired'],
  },
  'GET /staff/purchases/:purchaseId': {
    summary: '一笔消费',
    allow: 'staff:purchase',
    input: z.strictObject({ purchaseId: id }),
    output: purchaseRow,
    errors: ['purchase_not_found', 'store_out_of_scope'],
  },
  'GET /me/purchases': {
    summary: '我的消费记录',
    allow: 'member',
    input: z.strictObject({ ...paging }),
    output: page(purchaseRow),
    errors: [],
  },
  'GET /me/purchases/:purchaseId': {
    summary: '我的一笔消费：用了哪些券、退过多少',
    allow: 'member',
    input: z.strictObject({ purchaseId: id }),
    output: purchaseRow.extend({
      discountFen: z.int(),
      pointsTakenBack: z.int(),
      coupons: z.array(z.object({ couponId: id, name: z.string(), savedFen: z.int() })),
      refunds: z.array(
        z.object({
          id,
          at: time,
          amountFen: z.int(),
          pointsTakenBack: z.int(),
          pointsOwed: z.int(),
          reason: z.string(),
        }),
      ),
    }),
    errors: ['purchase_not_found'],
  },
  'GET /admin/members/:memberId/purchases': {
    summary: '会员的消费记录',
    allow: 'member:read',
    input: z.strictObject({ memberId: id, ...paging }),
    output: page(purchaseRow),
    errors: ['member_not_found'],
  },
})
