import type { Topic } from '../../shared/message'
import { addDays, civilDay, clockTime, DAY_MS, dateTime, HOUR_MS, MINUTE_MS, startOfDay } from '../../shared/time'
import { fieldTypeOf, findFieldProblem, fitValue } from '../integrations/wechat/templates'

export const messagePolicy = {
  /** Tries of one message before it is given up. */
  maxAttempts: 6,
  /** After this the news is old: a birthday wish three days late is worse than none. */
  maxAgeMs: 3 * DAY_MS,
  /** How long a sender holds the rows it took, renewed with each message it begins. */
  leaseMs: 2 * MINUTE_MS,
  /** A message to a person who is being written to waits this long (WeChat refuses two at once, 43108). */
  busyDelayMs: 2000,
  /** While WeChat refuses the app itself, nothing is tried for this long. */
  appRefusedDelayMs: 10 * MINUTE_MS,
  /** Messages under way at once, to different people. */
  concurrency: 8,
  /** Nothing but what the member waits for is sent between these hours, on the shop's clock. */
  quietFrom: '21:30',
  quietUntil: '08:30',
  /** The mini-program's report and WeChat's event of one tap lie at most this far apart. */
  echoWindowMs: 10 * MINUTE_MS,
  /** Unspent rights kept for one member and template; a report beyond is not believed. */
  maxOpenGrants: 50,
  /** Messages that journeys and campaigns plan in one go. */
  perSchedule: 500,
} as const

/** Subscribe templates by our key; the ids come from the settings. `when` tells the member what they say yes to. */
export const templates = {
  birthday: { title: '生日礼遇通知', when: '生日当天礼物到账时' },
  anniversary: { title: '入会周年礼遇通知', when: '入会周年当天礼物到账时' },
  expiring: { title: '权益到期提醒', when: '积分或券快到期时' },
  tier: { title: '会员等级变更通知', when: '等级升降时' },
  coupon: { title: '优惠券到账通知', when: '收到新券时' },
  points: { title: '积分变动提醒', when: '积分变动时' },
  purchase: { title: '消费成功通知', when: '每次消费后' },
} as const
export type TemplateKey = keyof typeof templates

interface Kind {
  /** The subscribe template, or null when this kind only goes to the inbox. */
  template: TemplateKey | null
  /** Template field -> name in the message's data. */
  fields: Record<string, string>
  /** May disturb at night, because the member has just done something and waits for it. */
  urgent: boolean
  /** Chosen by who the member is; not pushed to a member who switched personalisation off. */
  personal: boolean
  /** Marketing (care, offer, reminder) obeys caps and preferences; service does not. */
  topic: Topic
}
const gift = {
  fields: { thing1: 'gift', date2: 'until', thing3: 'tip' },
  urgent: false,
  personal: true,
  topic: 'care',
} as const
const expiring = { template: 'expiring', fields: { thing1: 'what', date2: 'on', thing3: 'tip' } } as const
const tier = { template: 'tier', fields: { phrase1: 'tier', time2: 'at', thing3: 'reason' } } as const
const points = { template: 'points', fields: { thing1: 'reason', number2: 'change', number3: 'balance', time4: 'at' } }
const prompt = { urgent: true, personal: false, topic: 'service' } as const
const patient = { urgent: false, personal: false, topic: 'service' } as const
const reminder = { urgent: false, personal: false, topic: 'reminder' } as const
const inboxOnly = { template: null, fields: {}, ...prompt }

/** What is said to members. The names on the right of `fields` are what a caller puts into `data`. */
export const messageKinds = {
  welcome: inboxOnly,
  birthday: { template: 'birthday', ...gift },
  anniversary: { template: 'anniversary', ...gift },
  points_expiring: { ...expiring, ...reminder },
  coupon_expiring: { ...expiring, ...reminder },
  tier_up: { ...tier, ...prompt },
  tier_down: { ...tier, ...patient },
  tier_kept: inboxOnly,
  coupon_granted: {
    template: 'coupon',
    fields: { thing1: 'coupon', amount2: 'value', date3: 'until', thing4: 'tip' },
    ...prompt,
  },
  points_changed: { template: 'points', fields: points.fields, ...prompt },
  purchase: {
    template: 'purchase',
    fields: { thing1: 'store', amount2: 'amount', number3: 'points', time4: 'at' },
    ...prompt,
  },
  refund: inboxOnly,
  notice: inboxOnly,
} as const satisfies Record<string, Kind>
export type MessageKind = keyof typeof messageKinds

/** A kind as stored; null for one that this version no longer knows. */
export const kindOf = (kind: string): Kind | null => (messageKinds as Record<string, Kind>)[kind] ?? null

/** What every message can say of itself, for fields that its caller leaves out. */
export const usualData = (text: string, now: number): Record<string, string> => ({
  at: dateTime(now),
  tip: '点击查看详情',
  reason: text,
})

/**
 * The template fields of a message. Free text is cut to what WeChat takes; what still does not fit is named, so that the message is kept
 * with its reason instead of undoing the sale that it tells of.
 */
export const composeFields = (
  kind: MessageKind,
  data: Record<string, string>,
): { fields: Record<string, string>; problem: string | null } => {
  const fields: Record<string, string> = {}
  for (const [key, name] of Object.entries(messageKinds[kind].fields)) {
    const type = fieldTypeOf(key)
    fields[key] = type ? fitValue(type, data[name] ?? '') : (data[name] ?? '')
  }
  const problem = findFieldProblem(fields)
  return { fields, problem: problem && `${problem.problem}:${problem.key}` }
}

/** Hours of the shop's clock in which nothing disturbs; `from` may lie after `until`, which spans midnight. */
export interface QuietHours {
  from: string
  until: string
}

/** The first moment from `at` on that is outside the quiet hours. */
export const afterQuiet = (at: number, quiet: QuietHours): number => {
  if (quiet.from === quiet.until) return at
  const time = clockTime(at)
  const day = civilDay(at)
  const end = (of: string): number => {
    const [hours, minutes] = quiet.until.split(':').map(Number)
    return startOfDay(of) + hours * HOUR_MS + minutes * MINUTE_MS
  }
  if (quiet.from < quiet.until) return time >= quiet.from && time < quiet.until ? end(day) : at
  if (time < quiet.until) return end(day)
  return time >= quiet.from ? end(addDays(day, 1)) : at
}

const usualQuiet: QuietHours = { from: messagePolicy.quietFrom, until: messagePolicy.quietUntil }

/** The first moment from `at` on at which this kind may be sent. */
export const sendableFrom = (kind: string, at: number, quiet: QuietHours = usualQuiet): number =>
  kindOf(kind)?.urgent ? at : afterQuiet(at, quiet)
