import { z } from 'zod'
import { bannerCard } from './banners'
import { checkinState } from './checkins'
import { heldCoupon } from './coupons'
import { birthday, day, define, done, fen, id, nothing, phone, text, time } from './define'
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
