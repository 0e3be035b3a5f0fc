import { z } from 'zod'
import { define, done, id, nothing, page, paging, queryInt, text, time } from './define'
import { channel, endpoint, messageSettings, subscribeForm, template, templateContent, topic } from './message-shapes'

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
      status: z.enum(['pending', 'sent', 'skipped', 'failed', 'unknown', 'discarded']).optional(),
      channel: channel.optional(),
      source: z.string().max(64).optional(),
      memberId: id.optional(),
      hours: queryInt(1, 720).optional(),
    }),
    output: page(
      z.object({
        id,
        memberId: id,
        channel,
        kind: z.string(),
        title: z.string(),
        status: z.string(),
        reason: z.string().nullable(),
        /** The reason in words; empty for what was sent. */
        why: z.string(),
        source: z.string().nullable(),
        attempts: z.int(),
        createdAt: time,
        sentAt: time.nullable(),
      }),
    ),
    errors: [],
  },

  'GET /admin/message-templates': {
    summary: '消息模板',
    allow: 'message:read',
    input: z.strictObject({ archived: z.enum(['0', '1']).optional() }),
    output: z.object({ items: z.array(template), subscribeForms: z.array(subscribeForm) }),
    errors: [],
  },
  'POST /admin/message-templates': {
    summary: '新建消息模板',
    allow: 'message:write',
    input: z.strictObject({ name: text(40), topic, content: templateContent }),
    output: template,
    errors: ['message_template_invalid'],
  },
  'PUT /admin/message-templates/:templateId': {
    summary: '修改消息模板',
    allow: 'message:write',
    input: z.strictObject({
      templateId: id,
      version: z.int(),
      name: text(40),
      topic,
      content: templateContent,
      archived: z.boolean().default(false),
    }),
    output: template,
    errors: ['message_template_invalid', 'message_template_not_found', 'message_template_conflict'],
  },
  'POST /admin/message-templates/check': {
    summary: '按各渠道的限制检查模板',
    allow: 'message:read',
    input: z.strictObject({ content: templateContent }),
    output: z.object({
      problems: z.array(z.object({ path: z.string(), message: z.string() })),
      preview: z.record(z.string(), z.string()),
    }),
    errors: [],
    idempotency: 'natural',
  },
  'POST /admin/message-templates/:templateId/test-sends': {
    summary: '测试发送给一位会员（不计频次，仍需同意与次数）',
    allow: 'message:write',
    input: z.strictObject({ templateId: id, memberId: id, channels: z.array(channel).min(1).max(4) }),
    output: z.object({
      items: z.array(z.object({ channel, status: z.string(), reason: z.string().nullable(), text: z.string() })),
    }),
    errors: ['message_template_not_found', 'member_not_found'],
  },
  'GET /admin/messages/:messageId': {
    summary: '一条消息：发了没有、为什么',
    allow: 'message:read',
    input: z.strictObject({ messageId: id }),
    output: z.object({
      id,
      memberId: id,
      channel,
      kind: z.string(),
      title: z.string(),
      body: z.string(),
      status: z.string(),
      reason: z.string().nullable(),
      why: z.string(),
      attempts: z.int(),
      source: z.string().nullable(),
      createdAt: time,
      nextAttemptAt: time,
      expiresAt: time.nullable(),
      sentAt: time.nullable(),
      fields: z.record(z.string(), z.string()),
      /** This message and those of the same occasion on other channels, in the order in which they were tried. */
      trail: z.array(z.object({ id, channel, status: z.string(), why: z.string(), attempts: z.int() })),
    }),
    errors: ['message_not_found'],
  },
  'POST /admin/messages/:messageId/replays': {
    summary: '重放一次 Webhook（投递编号不变）',
    allow: 'message:write',
    input: z.strictObject({ messageId: id }),
    output: z.object({ id, status: z.string() }),
    errors: ['message_not_found', 'message_not_replayable'],
  },
  'GET /admin/dead-letters': {
    summary: '死信：发不出去的消息',
    allow: 'message:read',
    input: z.strictObject({ channel: channel.optional(), ...paging }),
    output: page(
      z.object({
        id,
        memberId: id,
        channel,
        title: z.string(),
        status: z.string(),
        reason: z.string(),
        why: z.string(),
        retryable: z.boolean(),
        attempts: z.int(),
        createdAt: time,
      }),
    ),
    errors: [],
  },
  'POST /admin/dead-letters/retry': {
    summary: '重新发送（结果不明的要确认可能重复）',
    allow: 'message:write',
    input: z.strictObject({ ids: z.array(id).min(1).max(200), evenIfUnknown: z.boolean().default(false) }),
    output: z.object({ retried: z.int(), refused: z.int() }),
    errors: [],
  },
  'POST /admin/dead-letters/discard': {
    summary: '不再处理',
    allow: 'message:write',
    input: z.strictObject({ ids: z.array(id).min(1).max(200) }),
    output: z.object({ discarded: z.int() }),
    errors: [],
  },
  'GET /admin/message-settings': {
    summary: '频次、勿扰时段、发送速率',
    allow: 'message:read',
    input: nothing,
    output: messageSettings.extend({ version: z.int() }),
    errors: [],
  },
  'PUT /admin/message-settings': {
    summary: '修改频次、勿扰时段、发送速率',
    allow: 'message:write',
    input: messageSettings.extend({ version: z.int() }),
    output: messageSettings.extend({ version: z.int() }),
    errors: ['message_settings_conflict'],
  },
  'GET /admin/message-endpoints': {
    summary: '企业微信机器人与 Webhook 地址',
    allow: 'message:read',
    input: nothing,
    output: z.object({ items: z.array(endpoint) }),
    errors: [],
  },
  'POST /admin/message-endpoints': {
    summary: '新建地址',
    allow: 'message:write',
    input: z.strictObject({
      channel: z.enum(['wecom', 'webhook']),
      name: text(40),
      url: z
        .string()
        .max(300)
        .regex(/^https?:\/\/\S+$/, '请填写 https 地址'),
    }),
    output: endpoint.extend({
      /** Shown once: what the receiver checks signatures with. */ secret: z.string().nullable(),
    }),
    errors: ['message_endpoint_refused'],
    idempotency: 'sealed',
  },
  'PUT /admin/message-endpoints/:endpointId': {
    summary: '启用或停用地址',
    allow: 'message:write',
    input: z.strictObject({ endpointId: id, active: z.boolean() }),
    output: endpoint,
    errors: ['not_found'],
  },
  'GET /me/message-preferences': {
    summary: '我的消息偏好',
    allow: 'member',
    input: nothing,
    output: z.object({
      channels: z.array(z.object({ key: z.string(), name: z.string(), allowed: z.boolean(), note: z.string() })),
      topics: z.array(z.object({ key: z.string(), name: z.string(), allowed: z.boolean(), locked: z.boolean() })),
      email: z.object({ masked: z.string(), confirmed: z.boolean() }).nullable(),
    }),
    errors: [],
  },
  'PUT /me/message-preferences': {
    summary: '修改消息偏好',
    allow: 'member',
    input: z.strictObject({
      channels: z.partialRecord(z.enum(['inbox', 'subscribe', 'sms', 'email']), z.boolean()).optional(),
      topics: z.partialRecord(z.enum(['care', 'offer', 'reminder']), z.boolean()).optional(),
    }),
    output: done,
    errors: [],
  },
  'POST /me/email': {
    summary: '绑定邮箱：寄出确认码',
    allow: 'member',
    input: z.strictObject({
      email: z
        .string()
        .max(120)
        .regex(/^[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, '邮箱格式不对'),
    }),
    output: done,
    errors: ['email_unavailable'],
  },
  'POST /me/email/confirm': {
    summary: '用确认码确认邮箱',
    allow: 'member',
    input: z.strictObject({ code: z.string().regex(/^\d{6}$/) }),
    output: done,
    errors: ['email_code_wrong'],
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
  /** Width of the window in CSS pixels, for the heat map. */
  width: z.int().min(100).max(10_000).optional(),
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
