import { z } from 'zod'
import { define, done, id, nothing, page, paging, text, time } from './define'

const category = z.enum(['points', 'coupon', 'tier', 'order', 'account', 'store', 'other'])
const state = z.enum(['bot', 'waiting', 'handling'])

/** One line of a conversation. */
export const assistantMessage = z.object({
  id,
  at: time,
  from: z.enum(['member', 'bot', 'staff']),
  /** answer: from the member's data or the FAQ; unknown: it does not know and says so; note: about the conversation itself. */
  kind: z.enum(['question', 'answer', 'unknown', 'handover', 'staff', 'note']),
  text: z.string(),
  /** What it was taken to be about: `points.balance`, `faq:<id>` …; null where nothing fitted. */
  topic: z.string().nullable(),
  /** Where to go on. */
  links: z.array(z.object({ title: z.string(), page: z.string() })),
  /** Questions to tap. */
  chips: z.array(z.string()),
  helpful: z.boolean().nullable(),
})
const conversation = z.object({
  conversationId: id.nullable(),
  state,
  messages: z.array(assistantMessage),
  suggestions: z.array(z.string()),
})
const faqInput = {
  question: text(60, 2),
  answer: text(600, 2),
  /** Other wordings, separated by spaces. */
  keywords: z.string().trim().max(180).default(''),
  category,
  page: z
    .string()
    .regex(/^(packages|pages)\/[\w/?=&-]{1,100}$/, '请填小程序页面路径，如 packages/points/index')
    .nullable()
    .default(null),
  active: z.boolean().default(true),
}
const faq = z.object({
  id,
  question: z.string(),
  answer: z.string(),
  keywords: z.string(),
  category,
  page: z.string().nullable(),
  active: z.boolean(),
  version: z.int(),
  updatedAt: time,
  /** How often it answered in the last 30 days, and how often members found it helpful or not. */
  used: z.int(),
  helpful: z.int(),
  unhelpful: z.int(),
})
const handoverRow = z.object({
  conversationId: id,
  memberId: id,
  memberNameMasked: z.string(),
  tierName: z.string(),
  state: z.enum(['waiting', 'handling', 'closed']),
  handedAt: time,
  lastAt: time,
  lastText: z.string(),
  handledBy: z.string().nullable(),
})
const handover = handoverRow.extend({
  phoneMasked: z.string().nullable(),
  points: z.int(),
  usableCoupons: z.int(),
  messages: z.array(assistantMessage),
})

export const assistant = define({
  'GET /faqs': {
    summary: '常见问题，按分类；不登录也能看',
    allow: 'public',
    input: nothing,
    output: z.object({
      items: z.array(z.object({ id, question: z.string(), answer: z.string(), category, page: z.string().nullable() })),
    }),
    errors: [],
  },
  'GET /me/assistant': {
    summary: '我与助手的对话',
    allow: 'member',
    input: nothing,
    output: conversation,
    errors: [],
  },
  'POST /me/assistant/messages': {
    summary: '问助手：答案来自常见问题和我自己的数据，不知道就说不知道',
    allow: 'member',
    input: z.strictObject({ text: text(200) }),
    output: conversation,
    errors: ['too_many_requests'],
  },
  'POST /me/assistant/handover': {
    summary: '转人工：带上对话，店员在后台回复',
    allow: 'member',
    input: z.strictObject({ note: text(200).optional() }),
    output: conversation,
    errors: [],
  },
  'POST /me/assistant/resume': {
    summary: '结束人工，回到助手',
    allow: 'member',
    input: nothing,
    output: conversation,
    errors: [],
  },
  'PUT /me/assistant/messages/:messageId/helpful': {
    summary: '这个回答有没有用',
    allow: 'member',
    input: z.strictObject({ messageId: id, helpful: z.boolean() }),
    output: done,
    errors: ['not_found'],
    idempotency: 'natural',
  },
  'GET /admin/faqs': {
    summary: '常见问题与使用情况',
    allow: 'assistant:read',
    input: nothing,
    output: z.object({ items: z.array(faq) }),
    errors: [],
  },
  'POST /admin/faqs': {
    summary: '新建常见问题',
    allow: 'assistant:write',
    input: z.strictObject(faqInput),
    output: faq,
    errors: ['faq_too_many'],
  },
  'PUT /admin/faqs/:faqId': {
    summary: '修改常见问题；别人刚改过则拒绝',
    allow: 'assistant:write',
    input: z.strictObject({ faqId: id, version: z.int().min(1), ...faqInput }),
    output: faq,
    errors: ['faq_not_found', 'faq_conflict'],
  },
  'POST /admin/faqs/:faqId/delete': {
    summary: '删除常见问题',
    allow: 'assistant:write',
    input: z.strictObject({ faqId: id }),
    output: done,
    errors: ['faq_not_found'],
  },
  'POST /admin/faqs/defaults': {
    summary: '载入一套常见问题（已有的问法跳过）',
    allow: 'assistant:write',
    input: nothing,
    output: z.object({ added: z.int() }),
    errors: ['faq_too_many'],
  },
  'POST /admin/faqs/try': {
    summary: '试问：看助手会怎么理解一句话',
    allow: 'assistant:read',
    input: z.strictObject({ text: text(200) }),
    output: z.object({
      kind: z.enum(['own', 'faq', 'handover', 'refused', 'chat', 'unknown']),
      topic: z.string().nullable(),
      title: z.string(),
      /** The share of the question's weight that the best entry covers, 0 to 100. */
      confidence: z.int(),
      near: z.array(z.object({ id, question: z.string(), confidence: z.int() })),
    }),
    errors: [],
    idempotency: 'natural',
  },
  'GET /admin/assistant/gaps': {
    summary: '近 30 天没答上来的问题，多的在前',
    allow: 'assistant:read',
    input: nothing,
    output: z.object({
      asked: z.int(),
      answered: z.int(),
      unknown: z.int(),
      handedOver: z.int(),
      items: z.array(z.object({ text: z.string(), times: z.int(), lastAt: time })),
    }),
    errors: [],
  },
  'GET /admin/handovers': {
    summary: '转人工的对话，等得久的在前',
    allow: 'assistant:read',
    input: z.strictObject({ ...paging, state: z.enum(['waiting', 'handling', 'closed']).optional() }),
    output: page(handoverRow).extend({ waiting: z.int() }),
    errors: [],
  },
  'GET /admin/handovers/:conversationId': {
    summary: '一段对话与会员概况（脱敏）',
    allow: 'assistant:read',
    input: z.strictObject({ conversationId: id }),
    output: handover,
    errors: ['conversation_not_found'],
  },
  'POST /admin/handovers/:conversationId/replies': {
    summary: '回复会员（对话与站内信都能看到）',
    allow: 'assistant:write',
    input: z.strictObject({ conversationId: id, text: text(500) }),
    output: handover,
    errors: ['conversation_not_found', 'conversation_closed'],
  },
  'POST /admin/handovers/:conversationId/close': {
    summary: '办完，交还助手',
    allow: 'assistant:write',
    input: z.strictObject({ conversationId: id }),
    output: handover,
    errors: ['conversation_not_found', 'conversation_closed'],
  },
})
