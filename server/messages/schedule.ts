import type { Env } from '../../config/env'
import type { Channel, Topic } from '../../shared/message'
import { HOUR_MS } from '../../shared/time'
import { newId } from '../db/id'
import { marks, type Row } from '../db/statement'
import type { Tx } from '../db/transaction'
import { type Ask, judge, type Reach, type Settings, take } from './channel-rules'
import { type Composed, type Content, compose } from './compose-rules'
import { loadReach, type Which } from './reach'
import { messagePolicy, type TemplateKey } from './rules'
import { settingsOf } from './settings'
import { templateIds } from './templates'

/** Something a journey or a campaign wants a member to be told. */
export interface Wanted {
  memberId: string
  /** Names the occasion; a second message under it adds nothing. At most 150 characters. */
  dedupeKey: string
  content: Content
  topic: Topic
  /** Tried in this order until one can go. */
  channels: readonly Channel[]
  places: Record<string, string>
  /** Aimed by who the member is. */
  personal: boolean
  /** 1 is worth most … 9 least. */
  priority: number
  /** `journey:<id>`, and which node of it. */
  source: string
  sourceRef: string | null
  /** Kept from it on purpose (the control group): the reason is written down, nothing is sent. */
  withheld?: string
  /** What `sayAll` answered, where the words are the same for everybody and need not be put together for each. */
  said?: readonly Said[]
}

/** A channel with what is said on it; null when the content has nothing for it. */
export interface Said {
  channel: Channel
  composed: Composed | null
  templateId: string | null
}

/** Rows to write and rights to take, of many requests. */
export interface Plans {
  rows: (Row & { id: string })[]
  rights: { grantId: string; messageId: string }[]
}

/** What became of one: the channel it will go by, and why the ones before it could not. */
export interface Planned {
  channel: Channel | null
  /** When it may go out (epoch ms). */
  sendAt: number
  refusals: { channel: Channel; reason: string }[]
}

/** A channel still to be tried, as the row of the one before keeps it. */
export interface Fallback {
  channel: Channel
  title: string
  text: string
  page: string | null
  data: Record<string, string> | null
  templateId: string | null
}

/** What the channel calls a composed message's template: WeChat's id, or the name of a text message's. */
const templateIdIn = (
  ids: ReadonlyMap<TemplateKey, string>,
  channel: Channel,
  { template }: Pick<Composed, 'template'>,
): string | null => (channel === 'subscribe' ? (ids.get(template as TemplateKey) ?? null) : template)

const none: Fallback[] = []

/** What stands against a channel before the member's caps, consent and rights are asked. */
const against = (
  reach: Reach | undefined,
  wanted: Wanted,
  composed: Composed | null,
): { ok: false; reason: string } | null => {
  if (wanted.withheld) return { ok: false, reason: wanted.withheld }
  if (!reach) return { ok: false, reason: 'member_inactive' }
  const reason = composed ? composed.problem : 'no_template'
  return reason ? { ok: false, reason } : null
}

/** The row of one message on one channel. */
export const messageRow = (
  wanted: Pick<Wanted, 'memberId' | 'dedupeKey' | 'topic' | 'personal' | 'priority' | 'source' | 'sourceRef'>,
  said: Fallback,
  outcome: {
    status: string
    reason: string | null
    sendAt: number
    countsOn: string | null
    next: Fallback[]
    expiresAt: number | null
  },
  now: number,
): Row & { id: string } => ({
  // One literal, no spreading: a million of these are made in one go, and objects put together from parts are several times as slow.
  id: newId(now),
  dedupeKey: `${wanted.dedupeKey}:${said.channel}`,
  memberId: wanted.memberId,
  channel: said.channel,
  kind: wanted.topic,
  title: said.title.length > 190 ? said.title.slice(0, 190) : said.title,
  text: said.text,
  page: said.page,
  data: said.data && JSON.stringify(said.data),
  status: outcome.status,
  reason: outcome.reason,
  attempts: 0,
  nextAttemptAt: outcome.sendAt,
  claimedBy: null,
  leaseUntil: null,
  templateId: said.templateId,
  externalId: null,
  createdAt: now,
  sentAt: outcome.status === 'sent' ? now : null,
  readAt: null,
  topic: wanted.topic,
  priority: wanted.priority,
  personal: wanted.personal ? 1 : 0,
  expiresAt: outcome.expiresAt,
  countsOn: outcome.countsOn,
  source: wanted.source,
  sourceRef: wanted.sourceRef,
  next: outcome.next.length ? JSON.stringify(outcome.next) : null,
  endpointId: null,
})

/** Says a content on each of some channels. */
export const sayAll = (
  { content, channels, places }: Pick<Wanted, 'content' | 'channels' | 'places'>,
  ids: ReadonlyMap<TemplateKey, string>,
): Said[] =>
  channels.map((channel) => {
    const composed = compose(content, channel, places)
    return { channel, composed, templateId: composed && templateIdIn(ids, channel, composed) }
  })

const blank: Composed = { title: '', text: '', page: null, data: null, template: null, problem: null }

/** The row of a channel that cannot be used, with the reason. */
const skippedRow = (wanted: Wanted, said: Said, reason: string, now: number): Row & { id: string } =>
  messageRow(
    wanted,
    fallbackOf(said.composed ?? blank, said),
    { status: 'skipped', reason, countsOn: null, next: none, expiresAt: null, sendAt: now },
    now,
  )

/** Channels after the one that is used, should it fail after all. */
const laterOf = (said: readonly Said[], used: number): Fallback[] =>
  said
    .slice(used + 1)
    .flatMap((later) => (later.composed && !later.composed.problem ? [fallbackOf(later.composed, later)] : none))

/**
 * Decides one request against the member's state, and adds the rows to write and the rights they take to `plans`. A million requests in a
 * row pass here: nothing is made for each that can be shared.
 */
export const plan = (
  reach: Reach | undefined,
  wanted: Wanted,
  { settings, ids, now }: { settings: Settings; ids: ReadonlyMap<TemplateKey, string>; now: number },
  plans: Plans,
): Planned => {
  const refusals: Planned['refusals'] = []
  const said = wanted.said ?? sayAll(wanted, ids)
  for (let i = 0; i < said.length; i++) {
    const { channel, composed, templateId } = said[i]
    const ask: Ask = { channel, topic: wanted.topic, personal: wanted.personal, priority: wanted.priority, templateId }
    const verdict = against(reach, wanted, composed) ?? judge(reach as Reach, ask, settings, now)
    if (!verdict.ok) {
      refusals.push({ channel, reason: verdict.reason })
      plans.rows.push(skippedRow(wanted, said[i], verdict.reason, now))
      if (wanted.withheld) break
      continue
    }
    const inbox = channel === 'inbox'
    const row = messageRow(
      wanted,
      fallbackOf(composed as Composed, said[i]),
      {
        status: inbox ? 'sent' : 'pending',
        reason: null,
        sendAt: verdict.sendAt,
        countsOn: verdict.countsOn,
        next: inbox ? none : laterOf(said, i),
        expiresAt: wanted.topic === 'service' ? null : verdict.sendAt + settings.expiryHours * HOUR_MS,
      },
      now,
    )
    plans.rows.push(row)
    take(reach as Reach, ask, verdict, row.id)
    if (verdict.grantId) plans.rights.push({ grantId: verdict.grantId, messageId: row.id })
    return { channel, sendAt: verdict.sendAt, refusals }
  }
  return { channel: null, sendAt: now, refusals }
}

const fallbackOf = (
  { title, text, page, data }: Omit<Fallback, 'channel' | 'templateId'>,
  { channel, templateId }: { channel: Channel; templateId: string | null },
): Fallback => ({ channel, title, text, page, data, templateId })

/** Promises rights to messages, in one statement; one that was voided meanwhile stays void, and its message finds another or none. */
export const promiseRights = (tx: Tx, rights: readonly { grantId: string; messageId: string }[]): void => {
  if (!rights.length) return
  const ids = rights.map((r) => r.grantId)
  tx.write(
    `UPDATE subscribe_grant SET status = 'reserved', messageId = CASE id ${rights.map(() => 'WHEN ? THEN ?').join(' ')} END
     WHERE id IN ${marks(ids)} AND status IN ('open', 'reserved')`,
    [...rights.flatMap((r) => [r.grantId, r.messageId]), ...ids],
  )
}

/** The subscribe templates that some contents use. */
export const templatesOf = (contents: readonly Content[], ids: ReadonlyMap<TemplateKey, string>): string[] => [
  ...new Set(
    contents.flatMap((c) => {
      const id = c.subscribe && ids.get(c.subscribe.template as TemplateKey)
      return id ? [id] : []
    }),
  ),
]

/**
 * Plans messages of journeys and campaigns, at most 500: who may be told, by which channel and when. The members' rows are locked, so caps
 * and credits hold against every other schedule; a credit is promised with the message. Each channel that could not be used leaves a row
 * with its reason. Answers in the order of the requests; one whose key exists already is answered as unsent and changes nothing.
 */
export const scheduleMessages = async (
  tx: Tx,
  env: Pick<Env, 'WECHAT_TEMPLATES' | 'WECHAT_APP_ID' | 'NODE_ENV' | 'SHOP_NAME'>,
  wanted: readonly Wanted[],
  now: number,
): Promise<Planned[]> => {
  if (!wanted.length) return []
  if (wanted.length > messagePolicy.perSchedule) throw new RangeError(`At most ${messagePolicy.perSchedule} at a time`)
  const ids = templateIds(env)
  const which: Which = { ids: [...new Set(wanted.map((w) => w.memberId))].sort() }
  const uses = wanted.filter((w) => w.channels.includes('subscribe')).map((w) => w.content)
  const reach = await loadReach(tx, which, { now, templateIds: templatesOf(uses, ids), lock: true })
  const settings = await settingsOf(tx)
  const firstKeys = wanted.map((w) => `${w.dedupeKey}:${w.channels[0]}`)
  const known = new Set(
    (
      await tx.read<{ dedupeKey: string }>(
        `SELECT dedupeKey FROM message WHERE dedupeKey IN ${marks(firstKeys)}`,
        firstKeys,
      )
    ).map((r) => r.dedupeKey),
  )
  const plans: Plans = { rows: [], rights: [] }
  const planned = new Array<Planned>(wanted.length)
  // What is worth most is decided first, so that it gets the last credit; equal ones keep their order.
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a].priority - wanted[b].priority || a - b)
  for (const i of order) {
    const w = wanted[i]
    if (known.has(firstKeys[i])) {
      planned[i] = { channel: null, sendAt: now, refusals: [] }
      continue
    }
    known.add(firstKeys[i])
    const places = { shop: env.SHOP_NAME, ...w.places }
    planned[i] = plan(reach.get(w.memberId), { ...w, places }, { settings, ids, now }, plans)
  }
  tx.insert('message', plans.rows, { ignore: true })
  promiseRights(tx, plans.rights)
  return planned
}
