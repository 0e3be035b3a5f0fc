import { z } from 'zod'
import { define, id, nothing, page, paging, queryInt, text, time } from './define'

/** HH:MM on the wall clock of the shop. */
export const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '时间格式应为 HH:MM')
export const channel = z.enum(['inbox', 'subscribe', 'sms', 'email', 'wecom', 'webhook'])
/** The channels that reach a member. */
export const personChannel = z.enum(['inbox', 'subscribe', 'sms', 'email'])
const pageOrNull = z.string().max(128).nullable()

/**
 * What a template says on each channel; a channel it leaves out cannot carry it. Texts hold `{name}`-like places, listed as
 * `messagePlaces` in shared/message.ts.
 */
export const templateContent = z.strictObject({
  inbox: z.strictObject({ title: text(60), text: text(500), page: pageOrNull }).optional(),
  /** `template` is one of the shop's subscribe templates (birthday, expiring, …), fields by WeChat's keys (thing1, date2 …). */
  subscribe: z
    .strictObject({
      template: z.string().max(20),
      fields: z.record(z.string().max(32), z.string().max(60)),
      page: pageOrNull,
    })
    .optional(),
  /** `template`: our name, mapped to the carrier's id in the settings; `params` are the places it takes, in the carrier's order. */
  sms: z
    .strictObject({ template: z.string().max(40), text: text(300), params: z.array(z.string().max(20)).max(10) })
    .optional(),
  email: z.strictObject({ subject: text(80), text: z.string().trim().min(1).max(4000) }).optional(),
  wecom: z.strictObject({ text: z.string().trim().min(1).max(1000) }).optional(),
})

const cap = z.strictObject({ day: z.int().min(0).max(100).nullable(), week: z.int().min(0).max(500).nullable() })
/** Caps, quiet hours and expiry are for marketing; service messages (a purchase, a level) are never capped or held. */
export const messageSettings = z.strictObject({
  caps: z.strictObject({ total: cap, inbox: cap, subscribe: cap, sms: cap, email: cap }),
  quiet: z.strictObject({ from: clock, until: clock }),
  /** Messages a minute. */
  rates: z.strictObject({
    subscribe: z.int().min(1).max(600_000),
    sms: z.int().min(1).max(60_000),
    email: z.int().min(1).max(60_000),
    /** WeCom refuses a robot after 20 a minute. */
    wecom: z.int().min(1).max(20),
    webhook: z.int().min(1).max(60_000),
  }),
  /** Hours after which a marketing message that could not go out is old news. */
  expiryHours: z.int().min(1).max(240),
})

export const messages = define({
  'GET /me/messages': {
    summary: '消息中心',
    allow: 'member',
    input: z.strictObject({ ...paging }),
    output: page(
      z.object({
        id,
        at: time,
        kind: z.string(),
        title: z.string(),
        body: z.string(),
        page: z.string().nullable(),
        read: z.boolean(),
      }),
    ).extend({ unread: z.int() }),
    errors: [],
  },
  'POST /me/messages/read': {
    summary: '标记已读（不给编号即全部）',
    allow: 'member',
    input: z.strictObject({ ids: z.array(id).max(100).optional() }),
    output: z.object({ unread: z.int() }),
    errors: [],
  },
  'GET /me/subscriptions': {
    summary: '订阅消息模板与我还剩几次',
    allow: 'member',
    input: nothing,
    output: z.object({
      items: z.array(
        z.object({ templateId: z.string(), key: z.string(), title: z.string(), when: z.string(), credits: z.int() }),
      ),
    }),
    errors: [],
  },
  'POST /me/subscriptions': {
    summary: '上报订阅结果：每个 accept 记一次可发送次数',
    allow: 'member',
    input: z.strictObject({
      results: z.record(
        z.string().max(64),
        z.enum(['accept', 'reject', 'ban', 'filter', 'acceptWithAlert', 'acceptWithAudio', 'acceptWithForcePush']),
      ),
    }),
    output: z.object({ items: z.array(z.object({ templateId: z.string(), credits: z.int() })) }),
    errors: [],
  },
  'GET /admin/messages': {
    summary: '消息发送记录：送达、未送与原因',
    allow: 'message:read',
    input: z.strictObject({
      ...paging,
      status: z.enum(['pending', 'sent', 'skipped', 'failed', 'unknown']).optional(),
      memberId: id.optional(),
      hours: queryInt(1, 720).optional(),
    }),
    output: page(
      z.object({
        id,
        memberId: id,
        channel: z.enum(['inbox', 'subscribe']),
        kind: z.string(),
        title: z.string(),
        status: z.string(),
        reason: z.string().nullable(),
        attempts: z.int(),
        createdAt: time,
        sentAt: time.nullable(),
      }),
    ),
    errors: [],
  },
})

const event = z.strictObject({
  /** Made by the client; a repeat of the same id changes nothing. */
  id: text(40),
  type: z.enum(['page_view', 'tap', 'search', 'share', 'favourite', 'coupon_view', 'code_view']),
  at: time,
  page: text(64),
  target: text(80).optional(),
  x: z.int().min(0).max(10_000).optional(),
  y: z.int().min(0).max(100_000).optional(),
})
export const interactions = define({
  'POST /interactions': {
    summary: '批量上报互动事件，按事件编号去重',
    allow: 'member',
    input: z.strictObject({ events: z.array(event).min(1).max(100) }),
    output: z.object({ accepted: z.int(), repeated: z.int(), dropped: z.int() }),
    errors: [],
    idempotency: 'natural',
  },
})
