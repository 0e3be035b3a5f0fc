import { z } from 'zod'
import { day, define, fen, id, nothing, page, paging, text, time } from './define'

export const couponKind = z.enum(['amount', 'percent', 'exchange'])
export const channel = z.enum(['store', 'miniapp', 'delivery'])
const hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, '时间格式应为 HH:MM')

/** What a template promises and where it holds. Frozen once published, save scope and stock. */
export const couponRule = z.strictObject({
  kind: couponKind,
  /** amount: fen off. */
  amountFen: fen.optional(),
  /** percent: what is paid, in per cent of the eligible sum: 88 is 8.8 折. */
  percent: z.int().min(1).max(99).optional(),
  /** percent: the most it may save. */
  capFen: fen.optional(),
  /** exchange: what is handed over. */
  item: text(30).optional(),
  /** Eligible sum needed, after other discounts. 0: none. */
  minSpendFen: fen.default(0),
  storeIds: z.array(id).max(100).default([]),
  categories: z.array(text(30)).max(50).default([]),
  excludedCategories: z.array(text(30)).max(50).default([]),
  productIds: z.array(text(40)).max(200).default([]),
  minTierLevel: z.int().min(0).max(20).default(0),
  channels: z.array(channel).max(3).default([]),
  validity: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('relative'),
      days: z.int().min(1).max(3650),
      startAfterDays: z.int().min(0).max(365).default(0),
    }),
    z.strictObject({ kind: z.literal('fixed'), from: day, to: day }),
  ]),
  /** ISO weekdays 1 (Monday) to 7; empty: every day. */
  weekdays: z.array(z.int().min(1).max(7)).max(7).default([]),
  hours: z.strictObject({ from: hour, to: hour }).nullable().default(null),
  blackoutDays: z.array(day).max(60).default([]),
  /** May be combined with coupons that also allow it; false: alone in a purchase. */
  stackable: z.boolean().default(false),
})
export const couponIssue = z.strictObject({
  stock: z.int().min(1).max(10_000_000),
  perMember: z.int().min(1).max(100).default(1),
  perDay: z.int().min(1).max(10_000_000).nullable().default(null),
  /** The most the whole template may save members; issuing stops at it, reckoned at the largest saving of each coupon. */
  budgetFen: fen.nullable().default(null),
  claimable: z.boolean().default(true),
  claimFrom: time.nullable().default(null),
  claimUntil: time.nullable().default(null),
})
export const couponTemplateState = z.enum(['draft', 'published', 'paused', 'ended'])
const draft = { name: text(12), description: text(20, 0), rule: couponRule, issue: couponIssue }

/** A template as operators see it. */
export const couponTemplate = z.object({
  id,
  ...draft,
  state: couponTemplateState,
  version: z.int(),
  /** The rule in one Chinese sentence. */
  sentence: z.string(),
  stockLeft: z.int(),
  issued: z.int(),
  redeemed: z.int(),
  expired: z.int(),
  savedFen: z.int(),
  createdAt: time,
  publishedAt: time.nullable(),
  endedAt: time.nullable(),
})

/** What a ticket shows; the same for a claimable template and a held coupon. */
export const ticketFace = z.object({
  name: z.string(),
  description: z.string(),
  kind: couponKind,
  /** '30', '8.8折' or the exchanged item: what stands large on the stub. */
  value: z.string(),
  /** '满 200 可用', '最多减 ¥60', '无门槛'. */
  condition: z.string(),
  rules: z.array(z.object({ title: z.string(), detail: z.string() })),
  tierOnly: z.boolean(),
})
export const heldCoupon = z.object({
  id,
  templateId: id,
  face: ticketFace,
  /** giving: a link to it is out; given: a friend has it. */
  status: z.enum(['usable', 'coming', 'used', 'expired', 'void', 'giving', 'given']),
  validFrom: time,
  validTo: time,
  /** 今天 22:00 到期, 还有 14 天. */
  timeLeft: z.string(),
  /** Why it cannot be used right now (weekday, hours, blackout), or null. */
  blocked: z.string().nullable(),
  used: z.object({ at: time, storeName: z.string(), savedFen: z.int() }).nullable(),
  /** Whether its owner may give it to a friend. */
  giftable: z.boolean(),
  source: z.enum(['claim', 'grant', 'birthday', 'anniversary', 'welcome', 'tier', 'reward', 'gift']),
})
const claimable = z.object({
  templateId: id,
  face: ticketFace,
  stockLeft: z.int(),
  stock: z.int(),
  claimed: z.int(),
  perMember: z.int(),
  claimUntil: time.nullable(),
  validity: z.string(),
  /** Why it cannot be claimed by this member now, as the refusal would say; null when it can. */
  blocked: z.string().nullable(),
})

export const coupons = define({
  'GET /coupons/claimable': {
    summary: '领券中心',
    allow: 'public',
    input: nothing,
    output: z.object({ items: z.array(claimable) }),
    errors: [],
  },
  'GET /me/coupons': {
    summary: '我的卡券',
    allow: 'member',
    input: z.strictObject({ ...paging, tab: z.enum(['usable', 'coming', 'used', 'expired']).default('usable') }),
    output: page(heldCoupon).extend({
      counts: z.object({ usable: z.int(), coming: z.int(), used: z.int(), expired: z.int() }),
    }),
    errors: [],
  },
  'GET /me/coupons/claimable': {
    summary: '领券中心（含我能不能领）',
    allow: 'member',
    input: nothing,
    output: z.object({ items: z.array(claimable) }),
    errors: [],
  },
  'GET /me/coupons/:couponId': {
    summary: '券详情与使用规则',
    allow: 'member',
    input: z.strictObject({ couponId: id }),
    output: heldCoupon,
    errors: ['coupon_not_found'],
  },
  'POST /me/coupons': {
    summary: '领券',
    allow: 'member',
    input: z.strictObject({ templateId: id }),
    output: z.object({ couponId: id, validFrom: time, validTo: time, stockLeft: z.int() }),
    errors: [
      'coupon_template_not_found',
      'coupon_template_bad_state',
      'coupon_not_claimable',
      'coupon_not_started',
      'coupon_ended',
      'coupon_out_of_stock',
      'coupon_day_limit',
      'coupon_member_limit',
      'coupon_tier_required',
      'coupon_budget_used',
      'member_inactive',
    ],
  },
  'POST /staff/redemptions': {
    summary: '核销一张券（兑换券，或不录消费时直接核销）',
    allow: 'staff:redeem',
    input: z.strictObject({ scanId: id, couponId: id }),
    output: z.object({ couponId: id, redeemedAt: time, title: z.string(), reversibleUntil: time }),
    errors: [
      'offline_earn_only',
      'scan_not_found',
      'scan_expired',
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
      'coupon_kind_needs_purchase',
      'store_out_of_scope',
    ],
  },
  'POST /staff/redemptions/:couponId/reverse': {
    summary: '撤销核销，券回到会员手里',
    allow: 'staff:redeem',
    input: z.strictObject({ couponId: id, reason: text(100, 2) }),
    output: z.object({ couponId: id, status: z.string() }),
    errors: ['coupon_not_found', 'coupon_not_usable_status', 'coupon_reverse_window', 'store_out_of_scope'],
  },

  'GET /admin/coupon-templates': {
    summary: '优惠券列表',
    allow: 'coupon:read',
    input: z.strictObject({
      ...paging,
      state: couponTemplateState.optional(),
      q: z.string().trim().max(20).optional(),
    }),
    output: page(couponTemplate).extend({
      counts: z.object({ draft: z.int(), published: z.int(), paused: z.int(), ended: z.int() }),
    }),
    errors: [],
  },
  'POST /admin/coupon-templates': {
    summary: '新建优惠券草稿',
    allow: 'coupon:write',
    input: z.strictObject(draft),
    output: couponTemplate,
    errors: [],
  },
  'GET /admin/coupon-templates/:templateId': {
    summary: '优惠券详情与数字',
    allow: 'coupon:read',
    input: z.strictObject({ templateId: id }),
    output: couponTemplate.extend({
      face: ticketFace,
      daily: z.array(z.object({ on: day, issued: z.int(), redeemed: z.int(), savedFen: z.int() })).max(60),
    }),
    errors: ['coupon_template_not_found'],
  },
  'POST /admin/coupon-templates/previews': {
    summary: '预览：票面和一句话规则（不保存）',
    allow: 'coupon:read',
    input: z.strictObject(draft),
    output: z.object({
      face: ticketFace,
      sentence: z.string(),
      marks: z.array(z.string()),
      issues: z.array(z.object({ field: z.string(), message: z.string() })),
    }),
    errors: [],
    idempotency: 'natural',
  },
  'PUT /admin/coupon-templates/:templateId': {
    summary: '修改草稿；已发布的只能改范围和库存',
    allow: 'coupon:write',
    input: z.strictObject({ templateId: id, version: z.int(), ...draft }),
    output: couponTemplate,
    errors: [
      'coupon_template_not_found',
      'coupon_template_not_editable',
      'coupon_template_conflict',
      'coupon_template_bad_state',
    ],
  },
  'POST /admin/coupon-templates/:templateId/state': {
    summary: '发布、暂停、恢复、结束',
    allow: 'coupon:publish',
    input: z.strictObject({ templateId: id, version: z.int(), to: z.enum(['published', 'paused', 'ended']) }),
    output: couponTemplate,
    errors: ['coupon_template_not_found', 'coupon_template_bad_state', 'coupon_template_conflict'],
  },
  'POST /admin/coupon-templates/:templateId/grants': {
    summary: '批量发券，逐个会员给出结果',
    allow: 'coupon:grant',
    input: z.strictObject({ templateId: id, batchId: text(40), memberIds: z.array(id).min(1).max(500) }),
    output: z.object({
      granted: z.int(),
      refused: z.array(z.object({ memberId: id, code: z.string(), message: z.string() })),
    }),
    errors: ['coupon_template_not_found', 'coupon_template_bad_state'],
  },
  'GET /admin/members/:memberId/coupons': {
    summary: '会员的券',
    allow: 'member:read',
    input: z.strictObject({ memberId: id, ...paging }),
    output: page(heldCoupon),
    errors: ['member_not_found'],
  },
})
