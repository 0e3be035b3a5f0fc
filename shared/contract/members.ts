import { z } from 'zod'
import { bannerCard } from './banners'
import { checkinState } from './checkins'
import { heldCoupon } from './coupons'
import {
  birthday,
  day,
  define,
  done,
  fen,
  id,
  nothing,
  page,
  paging,
  phone,
  queryInt,
  reason,
  text,
  time,
} from './define'
import { pointsAccount } from './points'
import { interest, profileEarned, profileState } from './profiles'
import { recommendation } from './recommendations'
import { rewardTeaser } from './reward-shapes'
import { tierProgress } from './tiers'

/** The member as the member sees it. */
export const memberSelf = z.object({
  id,
  /** Shown on the card, digits in groups of four. */
  cardNo: z.string(),
  name: z.string(),
  avatar: z.string().nullable(),
  gender: z.enum(['female', 'male', 'unknown']),
  /** 138****1234, or null while no phone is bound. */
  phoneMasked: z.string().nullable(),
  birthday: birthday.nullable(),
  /** Civil day from which the birthday may be changed again; null when it may be changed now. */
  birthdayChangeableOn: day.nullable(),
  joinedOn: day,
  personalised: z.boolean(),
  /** The staff account bound to this member's phone, if any. */
  staff: z.object({ name: z.string(), role: z.string() }).nullable(),
})

/** Who is standing at the counter: everything that identifies is masked. */
export const memberGlance = z.object({
  memberId: id,
  nameMasked: z.string(),
  phoneMasked: z.string().nullable(),
  tierName: z.string(),
  tierLevel: z.int(),
  points: z.int(),
  lastVisitOn: day.nullable(),
  birthdayToday: z.boolean(),
  purchases: z.int(),
})

/** The gift moment on the home page: an unopened birthday or anniversary gift. */
export const giftMoment = z.object({
  id,
  kind: z.enum(['birthday', 'anniversary']),
  title: z.string(),
  /** Civil day the gift can last be opened or used. */
  until: day,
  gifts: z.array(z.object({ kind: z.enum(['coupon', 'points']), title: z.string(), detail: z.string() })),
  opened: z.boolean(),
  /** Whole years of membership, for the anniversary. */
  years: z.int().nullable(),
})

export const storeCard = z.object({
  id,
  name: z.string(),
  address: z.string(),
  hours: z.string(),
  phone: z.string(),
  brandName: z.string(),
})

/** One product tile. */
export const goods = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  priceFen: fen,
  reason: z.string(),
})

export const members = define({
  'GET /me/home': {
    summary: '首页一次取齐：卡面、积分、可用券、礼物、好物、消息数',
    allow: 'member',
    input: nothing,
    output: z.object({
      now: time,
      shop: z.string(),
      member: memberSelf,
      tier: tierProgress,
      points: pointsAccount,
      usableCoupons: z.array(heldCoupon).max(3),
      usableCouponCount: z.int(),
      expiringTodayCount: z.int(),
      claimableCount: z.int(),
      gifts: z.array(giftMoment),
      /** Goods this member buys most, or what everybody buys; each with its reason. */
      goods: z.array(goods).max(6),
      /** Names the list for reports of what was seen and tapped, and says whether it is personal. */
      recommendation,
      checkin: checkinState,
      /** How far the profile is, and the points still to be had. */
      profile: profileState,
      /** What the shop is doing just now, for this member; the weightiest first. */
      banners: z.array(bannerCard).max(3),
      /** A few of the mall: what the member can have now, dearest first, then what comes nearest. */
      rewards: z.array(rewardTeaser).max(4),
      unreadMessages: z.int(),
      /** The newest message, while unread. */
      notice: z.object({ id, title: z.string(), page: z.string().nullable() }).nullable(),
    }),
    errors: [],
  },
  'GET /home': {
    summary: '访客首页：不登录也能看的内容',
    allow: 'public',
    input: nothing,
    output: z.object({
      now: time,
      shop: z.string(),
      joinGift: z.string(),
      goods: z.array(goods).max(6),
      stores: z.array(storeCard).max(10),
      claimableCount: z.int(),
      banners: z.array(bannerCard).max(3),
    }),
    errors: [],
  },
  'GET /stores': {
    summary: '门店列表',
    allow: 'public',
    input: nothing,
    output: z.object({ items: z.array(storeCard) }),
    errors: [],
  },
  'GET /me': { summary: '我的资料', allow: 'member', input: nothing, output: memberSelf, errors: [] },
  'PATCH /me': {
    summary: '修改资料；第一次填上的得积分，生日每 365 天只能改一次',
    allow: 'member',
    input: z.strictObject({
      name: text(20).optional(),
      gender: z.enum(['female', 'male', 'unknown']).optional(),
      birthday: birthday.optional(),
      interests: z.array(interest).max(40).optional(),
    }),
    output: memberSelf.extend({ earned: profileEarned }),
    errors: ['birthday_locked', 'member_not_found', 'member_inactive', 'points_overflow'],
    idempotency: 'sealed',
  },
  'POST /me/phone': {
    summary: '绑定手机号：微信手机号按钮的 code，或短信验证码',
    allow: 'member',
    input: z.strictObject({
      wechatCode: text(128).optional(),
      phone: phone.optional(),
      smsCode: z
        .string()
        .regex(/^\d{6}$/)
        .optional(),
    }),
    output: memberSelf.extend({ earned: profileEarned }),
    errors: [
      'phone_taken',
      'wechat_code_invalid',
      'wechat_unavailable',
      'sms_code_wrong',
      'account_locked',
      'member_not_found',
      'member_inactive',
      'points_overflow',
    ],
    idempotency: 'sealed',
  },
  'POST /me/gifts/:giftId/open': {
    summary: '拆开礼物（只记录已看过，礼物发放时已到账）',
    allow: 'member',
    input: z.strictObject({ giftId: id }),
    output: giftMoment,
    errors: ['not_found'],
  },
  'GET /me/gifts': {
    summary: '我的生日礼与周年礼',
    allow: 'member',
    input: nothing,
    output: z.object({ items: z.array(giftMoment) }),
    errors: [],
  },

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
  'POST /staff/members': {
    summary: '店员为顾客办理入会（已是会员则返回原会员）',
    allow: 'staff:join',
    input: z.strictObject({
      storeId: id,
      phone,
      name: text(20).optional(),
      consent: z.literal(true, '请先征得顾客同意'),
    }),
    output: z.object({ memberId: id, joined: z.boolean(), phoneMasked: z.string() }),
    errors: ['store_out_of_scope', 'store_not_found', 'member_inactive'],
  },
  'POST /me/logout-everywhere': { summary: '退出所有设备', allow: 'member', input: nothing, output: done, errors: [] },
})
