import { z } from 'zod'
import { define, id, nothing, page, paging, queryInt, text, time } from './define'

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
