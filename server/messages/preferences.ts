import { randomInt } from 'node:crypto'
import type { Output, Parsed } from '../../shared/contract'
import { channelNames, personChannels, topicNames } from '../../shared/message'
import { DAY_MS, MINUTE_MS } from '../../shared/time'
import { newId } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import type { Context } from '../http/bind'
import { isDeliveryError } from '../integrations/delivery'
import { appendEvents } from '../interactions/service'
import type { MessageContact, MessagePreference } from './entity'

const emailPolicy = {
  /** A code is good for this long, and may be mistyped this often. */
  codeMs: 15 * MINUTE_MS,
  maxAttempts: 5,
  /** Codes sent to one member, and to one address whoever asks: a stranger's mailbox must not be filled through us. */
  perMinute: 1,
  perDay: 5,
} as const

/** Channels that carry marketing only after an explicit yes. */
const optIn = new Set<string>(['sms', 'email'])
const channelNotes: Record<string, string> = {
  inbox: '在小程序里看，不打扰',
  subscribe: '在微信里收到，每同意一次可发一条',
  sms: '活动短信，默认不发',
  email: '活动邮件，默认不发',
}

/** 林…@example.com: enough to know one's own. */
const maskEmail = (email: string): string => {
  const [name, host] = email.split('@')
  return `${name.slice(0, 2)}***@${host}`
}

/** What a member has said about channels and topics, the defaults where they said nothing. */
export const preferencesOf = async (
  db: Reader,
  deps: Pick<Deps, 'keys'>,
  memberId: string,
): Promise<Output<'GET /me/message-preferences'>> => {
  const rows = await db.read<MessagePreference>('SELECT * FROM message_preference WHERE memberId = ?', [memberId])
  const said = new Map(rows.map((r) => [r.subject, !!r.allowed]))
  const [contact] = await db.read<MessageContact>(
    "SELECT * FROM message_contact WHERE memberId = ? AND kind = 'email'",
    [memberId],
  )
  return {
    channels: personChannels.map((key) => ({
      key,
      name: channelNames[key],
      allowed: said.get(`channel:${key}`) ?? !optIn.has(key),
      note: channelNotes[key],
    })),
    topics: Object.entries(topicNames).map(([key, name]) => ({
      key,
      name,
      allowed: key === 'service' || (said.get(`topic:${key}`) ?? true),
      locked: key === 'service',
    })),
    email: contact
      ? { masked: maskEmail(deps.keys.open(contact.valueSealed)), confirmed: contact.confirmedAt !== null }
      : null,
  }
}

/** Writes down what a member says; each change is also an event of the log, which is the history of their consent. */
export const changePreferences = async (
  tx: Tx,
  memberId: string,
  { channels = {}, topics = {} }: Parsed<'PUT /me/message-preferences'>,
  now: number,
): Promise<{ ok: true }> => {
  const said = [
    ...Object.entries(channels).map(([key, allowed]) => ({ subject: `channel:${key}`, allowed: allowed ? 1 : 0 })),
    ...Object.entries(topics).map(([key, allowed]) => ({ subject: `topic:${key}`, allowed: allowed ? 1 : 0 })),
  ]
  tx.upsert(
    'message_preference',
    ['memberId', 'subject'],
    ['allowed', 'at'],
    said.map((s) => ({ memberId, ...s, at: now })),
  )
  appendEvents(
    tx,
    said.map((s) => ({
      memberId,
      eventId: `preference:${newId(now)}`,
      type: 'preference_changed',
      at: now,
      target: `${s.subject}=${s.allowed}`,
      origin: 'server' as const,
    })),
    now,
  )
  return { ok: true }
}

interface Sent {
  code: string
}

/**
 * Takes one of the codes that a member, and an address, may be sent. The rows are the locks, so a crowd of requests gets one. What was
 * taken stays taken when the mail then fails.
 */
const takeCode = (deps: Deps, subjects: readonly string[], now: number): Promise<void> =>
  deps.db.tx(async (tx) => {
    const windows = [
      { length: MINUTE_MS, most: emailPolicy.perMinute },
      { length: DAY_MS, most: emailPolicy.perDay },
    ]
    for (const subject of [...subjects].sort())
      for (const { length, most } of windows) {
        // The day's row is told from the minute's by its name, since a day begins with a minute.
        const channel = `${length === DAY_MS ? 'day' : 'minute'}:${subject}`.slice(0, 64)
        const minute = now - (now % length)
        if (await tx.insertNew('message_rate', [{ channel, minute, n: 0 }]))
          tx.write('DELETE FROM message_rate WHERE channel = ? AND minute < ?', [channel, minute])
        const taken = await tx.run('UPDATE message_rate SET n = n + 1 WHERE channel = ? AND minute = ? AND n < ?', [
          channel,
          minute,
          most,
        ])
        if (!taken) throw refuse('too_many_requests', { retryAfterSeconds: Math.ceil((minute + length - now) / 1000) })
      }
  })

/** Sends a code to the address a member gives; before the transaction, because it goes over the network. */
export const mailCode = async ({
  deps,
  actor: { memberId },
  input: { email },
}: Context<'POST /me/email'>): Promise<Sent> => {
  const now = deps.clock.now()
  if (deps.env.NODE_ENV === 'production' && !deps.env.SMTP_URL) throw refuse('email_unavailable')
  await takeCode(deps, [`m:${memberId}`, `e:${deps.keys.blind('email', email.toLowerCase())}`], now)
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  const subject = `${deps.env.SHOP_NAME}邮箱确认码 ${code}`
  const text = `你的确认码是 ${code}，15 分钟内有效。如果不是你本人操作，请忽略这封邮件。`
  try {
    await deps.email.send({ id: newId(now), to: email, subject, text })
  } catch (error) {
    if (isDeliveryError(error)) throw refuse('email_unavailable')
    throw error
  }
  return { code }
}

/** Keeps the address with the code that was sent to it; nothing goes there before it is confirmed. */
export const keepEmail = async ({
  tx,
  deps,
  actor: { memberId },
  input: { email },
  fetched: { code },
  now,
}: Context<'POST /me/email'> & { tx: Tx; fetched: Sent }): Promise<{ ok: true }> => {
  const row: MessageContact = {
    memberId,
    kind: 'email',
    valueHash: deps.keys.blind('email', email.toLowerCase()),
    valueSealed: deps.keys.seal(email),
    confirmedAt: null,
    codeHash: deps.keys.blind(`email-code:${memberId}`, code),
    codeUntil: now + emailPolicy.codeMs,
    attempts: 0,
    changedAt: now,
  }
  tx.upsert(
    'message_contact',
    ['memberId', 'kind'],
    ['valueHash', 'valueSealed', 'confirmedAt', 'codeHash', 'codeUntil', 'attempts', 'changedAt'],
    [{ ...row }],
  )
  return { ok: true }
}

/** Confirms the address with its code. A wrong try is counted, so it is answered, not thrown. */
export const confirmEmail = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  { memberId, code }: { memberId: string; code: string },
  now: number,
) => {
  const [row] = await tx.read<MessageContact>(
    `SELECT * FROM message_contact WHERE memberId = ? AND kind = 'email'${tx.lock}`,
    [memberId],
  )
  const open = row?.codeHash && row.codeUntil !== null && row.codeUntil >= now && row.attempts < emailPolicy.maxAttempts
  if (!open) return refuse('email_code_wrong')
  if (row.codeHash !== deps.keys.blind(`email-code:${memberId}`, code)) {
    tx.write("UPDATE message_contact SET attempts = attempts + 1 WHERE memberId = ? AND kind = 'email'", [memberId])
    return refuse('email_code_wrong')
  }
  tx.write("UPDATE message_contact SET confirmedAt = ?, codeHash = NULL WHERE memberId = ? AND kind = 'email'", [
    now,
    memberId,
  ])
  return { ok: true as const }
}
