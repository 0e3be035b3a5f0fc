import { z } from 'zod'
import { id, text, time } from './define'

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

export const topic = z.enum(['care', 'offer', 'reminder', 'service'])
export const template = z.object({
  id,
  name: z.string(),
  topic,
  content: templateContent,
  version: z.int(),
  builtIn: z.string().nullable(),
  archived: z.boolean(),
  updatedAt: time,
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
})
/** One of the shop's subscribe templates as WeChat has it: typed fields, each with the place that usually stands there. */
export const subscribeForm = z.object({
  key: z.string(),
  title: z.string(),
  when: z.string(),
  fields: z.array(z.object({ key: z.string(), usual: z.string() })),
})
export const endpoint = z.object({
  id,
  channel: z.enum(['wecom', 'webhook']),
  name: z.string(),
  host: z.string(),
  active: z.boolean(),
  createdAt: time,
})
