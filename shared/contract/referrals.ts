import { z } from 'zod'
import { define, fen, id, nothing, page, paging, reason, time } from './define'

export const inviteCode = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{8}$/, '邀请码应为 8 位字母或数字')
/**
 * joined: has not bought yet · bought: the first purchase is inside the refund window · paid: both have their points · capped: the friend has
 * them, the inviter had reached the month's limit · held: waits for an operator · rejected.
 */
export const referralState = z.enum(['joined', 'bought', 'paid', 'capped', 'held', 'rejected'])
const friend = z.object({
  id: id,
  nameMasked: z.string(),
  joinedAt: time,
  state: referralState,
  stateText: z.string(),
  points: z.int(),
  /** When the points come if the purchase is kept. */
  paysAt: time.nullable(),
})
export const referralPlan = z.strictObject({
  active: z.boolean(),
  inviterPoints: z.int().min(0).max(100_000),
  friendPoints: z.int().min(0).max(100_000),
  /** What must remain of the first purchase after refunds. */
  minSpendFen: fen,
  /** Days a purchase must be kept before it pays. */
  keepDays: z.int().min(0).max(90),
  /** Friends paid for in a calendar month, for one inviter. */
  perMonth: z.int().min(1).max(1000),
  /** Days after joining in which a code can be entered. */
  bindDays: z.int().min(1).max(90),
})
const adminRow = friend.extend({
  friendId: id,
  inviterId: id,
  inviterNameMasked: z.string(),
  flags: z.array(z.enum(['burst', 'refunded', 'no_phone'])),
  inviterPoints: z.int(),
  friendPoints: z.int(),
  purchaseId: id.nullable(),
})

export const referrals = define({
  'GET /me/referrals': {
    summary: '邀请好友：邀请码、链接、奖励、邀请了谁',
    allow: 'member',
    input: z.strictObject({ ...paging }),
    output: page(friend).extend({
      active: z.boolean(),
      code: inviteCode,
      /** h5 link; draw it as a QR code. */
      link: z.string(),
      /** Page and query of the mini-program's share card. */
      sharePath: z.string(),
      inviterPoints: z.int(),
      friendPoints: z.int(),
      minSpendFen: z.int(),
      keepDays: z.int(),
      counts: z.object({ friends: z.int(), paid: z.int(), points: z.int(), thisMonth: z.int(), perMonth: z.int() }),
      /** Who invited me, masked; null when nobody did. */
      invitedBy: z.string().nullable(),
      /** Whether I may still enter a code, and until when. */
      bindUntil: time.nullable(),
    }),
    errors: [],
  },
  'GET /me/referrals/poster': {
    summary: '海报用的小程序码（微信生成，PNG/JPEG 的 base64）',
    allow: 'member',
    input: nothing,
    output: z.object({
      code: inviteCode,
      image: z.string(),
      shop: z.string(),
      nameMasked: z.string(),
      link: z.string(),
    }),
    errors: ['wechat_unavailable'],
  },
  'GET /invites/:code': {
    summary: '落地页：谁邀请的、送什么',
    allow: 'public',
    input: z.strictObject({ code: inviteCode }),
    output: z.object({
      nameMasked: z.string(),
      friendPoints: z.int(),
      minSpendFen: z.int(),
      shop: z.string(),
      active: z.boolean(),
    }),
    errors: ['invite_not_found'],
  },
  'POST /me/referrals/bindings': {
    summary: '填邀请码：一个人只归一个邀请人',
    allow: 'member',
    input: z.strictObject({ code: inviteCode }),
    output: z.object({ inviterNameMasked: z.string(), friendPoints: z.int() }),
    errors: [
      'invite_not_found',
      'invite_self',
      'invite_same_device',
      'invite_bound',
      'invite_too_late',
      'invite_off',
      'invite_circle',
    ],
  },
  'GET /admin/referrals': {
    summary: '邀请列表：状态、可疑标记',
    allow: 'reward:read',
    input: z.strictObject({ ...paging, state: referralState.optional() }),
    output: page(adminRow),
    errors: [],
  },
  'POST /admin/referrals/:friendId/decisions': {
    summary: '可疑的邀请：放行或拒绝',
    allow: 'reward:write',
    input: z.strictObject({ friendId: id, decision: z.enum(['release', 'reject']), reason }),
    output: adminRow,
    errors: ['referral_not_found', 'referral_bad_state'],
  },
  'GET /admin/referral-plan': {
    summary: '邀请规则',
    allow: 'reward:read',
    input: nothing,
    output: referralPlan.extend({
      version: z.int(),
      figures: z.object({ friends: z.int(), paid: z.int(), held: z.int(), points: z.int() }),
    }),
    errors: [],
  },
  'PUT /admin/referral-plan': {
    summary: '修改邀请规则',
    allow: 'reward:write',
    input: z.strictObject({ ...referralPlan.shape, version: z.int().min(0) }),
    output: referralPlan.extend({ version: z.int() }),
    errors: ['referral_plan_conflict'],
  },
})
