import type { z } from 'zod'
import type { messageSettings } from '../../shared/contract/message-shapes'
import type { Channel, Topic } from '../../shared/message'
import { addDays, civilDay, weekday } from '../../shared/time'
import { afterQuiet, messagePolicy } from './rules'

export type Settings = z.output<typeof messageSettings>

/** What a shop starts with. */
export const usualSettings: Settings = {
  caps: {
    total: { day: 3, week: 8 },
    inbox: { day: null, week: null },
    subscribe: { day: 2, week: 6 },
    sms: { day: 1, week: 2 },
    email: { day: 1, week: 3 },
  },
  quiet: { from: messagePolicy.quietFrom, until: messagePolicy.quietUntil },
  rates: { subscribe: 6000, sms: 600, email: 300, wecom: 18, webhook: 600 },
  expiryHours: 72,
}

/** Channels that need the member's explicit yes before they carry marketing: the law asks for it, and they cost money. */
const optIn: ReadonlySet<Channel> = new Set(['sms', 'email'])
/** Channels whose messages make no sound: quiet hours and the total do not concern them. */
const silent: ReadonlySet<Channel> = new Set(['inbox'])

/** A right to send that is promised to a pending message. */
export interface Promised {
  grantId: string
  messageId: string
  priority: number
}

/** All that decides whether and how a member can be reached; changed as requests are decided, so that a batch sees its own earlier ones. */
export interface Reach {
  memberId: string
  status: string
  personalised: boolean
  openid: boolean
  phone: boolean
  email: boolean
  /** `channel:sms`, `topic:offer` -> allowed. */
  preferences: ReadonlyMap<string, boolean>
  /** Messages of this week that count against caps. */
  counts: { channel: string; countsOn: string }[]
  /** Open rights by template id, oldest first. */
  credits: Map<string, string[]>
  /** Rights promised to pending messages, by template id. */
  promised: Map<string, Promised[]>
}

/** A message as far as the question of reaching goes. */
export interface Ask {
  channel: Channel
  topic: Topic
  /** Aimed by who the member is. */
  personal: boolean
  priority: number
  /** The subscribe template's id; null: none is configured. Only asked for on `subscribe`. */
  templateId: string | null
}

export type Verdict =
  | { ok: true; sendAt: number; countsOn: string | null; grantId: string | null; outbids: string | null }
  | { ok: false; reason: string }

/** Answers a question again as long as it is the same one: a million members in a row are judged for the same moment and the same day. */
const lastOf = <Question, Answer>(ask: (question: Question) => Answer): ((question: Question) => Answer) => {
  let last: { question: Question; answer: Answer } | null = null
  return (question) => {
    if (last === null || last.question !== question) last = { question, answer: ask(question) }
    return last.answer
  }
}
const dayOf = lastOf(civilDay)
/** Monday and Sunday of a civil day's week. */
const weekOf = lastOf((day: string): { monday: string; sunday: string } => {
  const monday = addDays(day, 1 - weekday(day))
  return { monday, sunday: addDays(monday, 6) }
})
/** First civil day that can matter to the caps of messages sent at or after `now`. */
export const capsFrom = (now: number): string => weekOf(dayOf(now)).monday

const reached = (limit: number | null | undefined, count: number): boolean => limit != null && count >= limit

const overCap = (reach: Reach, channel: Channel, day: string, settings: Settings): string | null => {
  const { monday, sunday } = weekOf(day)
  const own = { day: 0, week: 0 }
  const loud = { day: 0, week: 0 }
  for (const c of reach.counts) {
    if (c.countsOn < monday || c.countsOn > sunday) continue
    const today = c.countsOn === day ? 1 : 0
    if (c.channel === channel) {
      own.week++
      own.day += today
    }
    if (!silent.has(c.channel as Channel)) {
      loud.week++
      loud.day += today
    }
  }
  const cap = settings.caps[channel as keyof Settings['caps']]
  if (reached(cap?.day, own.day)) return 'cap_day'
  if (reached(cap?.week, own.week)) return 'cap_week'
  if (silent.has(channel)) return null
  if (reached(settings.caps.total.day, loud.day)) return 'cap_total_day'
  return reached(settings.caps.total.week, loud.week) ? 'cap_total_week' : null
}

const unaddressed = (reach: Reach, ask: Ask): string | null => {
  if (ask.channel === 'subscribe') return !ask.templateId ? 'no_template' : reach.openid ? null : 'no_openid'
  if (ask.channel === 'sms') return reach.phone ? null : 'no_phone'
  if (ask.channel === 'email') return reach.email ? null : 'no_email'
  return null
}

const unwanted = (reach: Reach, ask: Ask): string | null => {
  if (ask.topic === 'service') return null
  if (reach.preferences.get(`topic:${ask.topic}`) === false) return 'topic_off'
  const said = reach.preferences.get(`channel:${ask.channel}`)
  if (said === false) return 'channel_off'
  return optIn.has(ask.channel) && !said ? 'no_consent' : null
}

/** The right a message would be sent with: an open one, else the one of the least worthy message that is worth less than this. */
const rightFor = (
  reach: Reach,
  templateId: string,
  priority: number,
): { grantId: string; outbids: string | null } | null => {
  const [open] = reach.credits.get(templateId) ?? []
  if (open) return { grantId: open, outbids: null }
  const weakest = (reach.promised.get(templateId) ?? []).reduce<Promised | null>(
    (worst, p) => (p.priority > priority && (!worst || p.priority > worst.priority) ? p : worst),
    null,
  )
  return weakest && { grantId: weakest.grantId, outbids: weakest.messageId }
}

/**
 * Whether a message can go to a member on a channel, and when. The first thing that stands against it is the reason that is kept. Credits
 * come last, so that nothing is promised to a message that a cap holds back.
 */
export const judge = (reach: Reach, ask: Ask, settings: Settings, now: number): Verdict => {
  if (reach.status !== 'active') return { ok: false, reason: 'member_inactive' }
  if (ask.personal && !reach.personalised) return { ok: false, reason: 'personalisation_off' }
  const against = unwanted(reach, ask) ?? unaddressed(reach, ask)
  if (against) return { ok: false, reason: against }
  const marketing = ask.topic !== 'service'
  const sendAt = marketing && !silent.has(ask.channel) ? afterQuiet(now, settings.quiet) : now
  const countsOn = marketing ? dayOf(sendAt) : null
  const capped = countsOn && overCap(reach, ask.channel, countsOn, settings)
  if (capped) return { ok: false, reason: capped }
  if (ask.channel !== 'subscribe' || !ask.templateId)
    return { ok: true, sendAt, countsOn, grantId: null, outbids: null }
  const right = rightFor(reach, ask.templateId, ask.priority)
  return right ? { ok: true, sendAt, countsOn, ...right } : { ok: false, reason: 'no_credit' }
}

/** Notes in the state what a verdict takes: the day's count and the right. */
export const take = (reach: Reach, ask: Ask, verdict: Extract<Verdict, { ok: true }>, messageId: string): void => {
  if (verdict.countsOn) reach.counts.push({ channel: ask.channel, countsOn: verdict.countsOn })
  if (!verdict.grantId || !ask.templateId) return
  const open = reach.credits.get(ask.templateId) ?? []
  reach.credits.set(
    ask.templateId,
    open.filter((id) => id !== verdict.grantId),
  )
  const promised = (reach.promised.get(ask.templateId) ?? []).filter((p) => p.grantId !== verdict.grantId)
  promised.push({ grantId: verdict.grantId, messageId, priority: ask.priority })
  reach.promised.set(ask.templateId, promised)
}
