import { z } from 'zod'
import { define, done, nothing, phone, text } from './define'

/** What every sign-in answers. Times are epoch ms. */
export const session = z.object({
  accessToken: z.string(),
  accessExpiresAt: z.number(),
  refreshToken: z.string(),
  refreshExpiresAt: z.number(),
  kind: z.enum(['member', 'operator']),
  /** True when this sign-in made the member. */
  joined: z.boolean(),
})
const device = z.strictObject({ id: text(64), platform: z.enum(['weapp', 'h5', 'admin', 'pos']) })

export const auth = define({
  'POST /auth/wechat': {
    summary: '微信登录：用 wx.login 的 code 换会话，首次即入会',
    allow: 'public',
    input: z.strictObject({ code: text(128), device, inviteStoreId: z.string().max(24).optional() }),
    output: session,
    errors: ['wechat_code_invalid', 'wechat_unavailable', 'member_inactive'],
    idempotency: 'sealed',
  },
  'POST /auth/sms/codes': {
    summary: '发送登录验证码',
    allow: 'public',
    input: z.strictObject({ phone }),
    output: z.object({
      sentTo: z.string(),
      resendAfterSeconds: z.int(),
      /** Only where the local SMS stand-in is in use: the code, so that a demo needs no telephone. */
      standInCode: z.string().optional(),
    }),
    errors: ['sms_code_too_often', 'sms_unavailable'],
    idempotency: 'sealed',
  },
  'POST /auth/sms': {
    summary: '手机号加验证码登录，首次即入会',
    allow: 'public',
    input: z.strictObject({ phone, code: z.string().regex(/^\d{6}$/, '请输入 6 位验证码'), device }),
    output: session,
    errors: ['sms_code_wrong', 'account_locked', 'member_inactive'],
    idempotency: 'sealed',
  },
  'POST /auth/operator': {
    summary: '店员、运营用登录名和密码登录',
    allow: 'public',
    input: z.strictObject({ username: text(40), password: z.string().min(1).max(128), device }),
    output: session,
    errors: ['wrong_credentials', 'account_locked', 'account_disabled'],
    idempotency: 'sealed',
  },
  'POST /auth/staff': {
    summary: '会员的手机号绑定了店员账号时，换一个店员会话',
    allow: 'member',
    input: nothing,
    output: session,
    errors: ['not_staff', 'account_disabled'],
    idempotency: 'sealed',
  },
  'POST /auth/refresh': {
    summary: '换新会话；旧的刷新令牌随即作废，重复使用会吊销整个会话',
    allow: 'public',
    input: z.strictObject({ refreshToken: z.string().min(20).max(200) }),
    output: session,
    errors: ['session_expired', 'session_revoked'],
    idempotency: 'sealed',
  },
  'POST /auth/logout': {
    summary: '退出登录，会话立即失效',
    allow: 'public',
    input: z.strictObject({ refreshToken: z.string().min(20).max(200) }),
    output: done,
    errors: [],
    idempotency: 'natural',
  },
  'GET /demo': {
    summary: '演示账号（只在演示模式下有）',
    allow: 'public',
    input: nothing,
    output: z.object({
      shop: z.string(),
      accounts: z.array(
        z.object({
          as: z.enum(['member', 'staff', 'operator']),
          name: z.string(),
          login: z.string(),
          secret: z.string(),
          note: z.string(),
        }),
      ),
    }),
    errors: ['demo_disabled'],
  },
  'POST /demo/sessions': {
    summary: '以演示账号登录（只在演示模式下有）；staff 同时给会员会话',
    allow: 'public',
    input: z.strictObject({ as: z.enum(['member', 'staff', 'operator']), device }),
    output: z.object({ member: session.optional(), operator: session.optional() }),
    errors: ['demo_disabled'],
    idempotency: 'sealed',
  },
})
