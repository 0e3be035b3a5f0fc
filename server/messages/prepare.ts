import type { Channel, Topic } from '../../shared/message'
import { HOUR_MS } from '../../shared/time'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { openIdOf } from '../members/service'
import { type Ask, judge, type Reach, type Settings, type Verdict } from './channel-rules'
import { close, type Outcome, postpone } from './closing'
import type { Message, MessageContact, MessageEndpoint } from './entity'
import { loadReach } from './reach'
import { kindOf, messagePolicy, sendableFrom } from './rules'
import { settingsOf } from './settings'
import { templateIdOf } from './templates'

/** Where a message goes. */
export type Address =
  | { channel: 'subscribe'; openid: string; templateId: string }
  | { channel: 'sms'; phone: string }
  | { channel: 'email'; email: string }
  | { channel: 'wecom' | 'webhook'; url: string; secret: string }

/** What a message needs to go out: everything was checked, the right is spent, the row says `sending`. */
export interface Ready {
  message: Message
  address: Address
  grantId: string | null
  beganAt: number
}

/** The member's state without this message's own part in it: its count is free again, and the right promised to it is its own. */
const withoutItself = (reach: Reach, message: Message): Reach => {
  const own = reach.counts.findIndex((c) => c.channel === message.channel && c.countsOn === message.countsOn)
  const promised = new Map(reach.promised)
  const credits = new Map(reach.credits)
  for (const [templateId, list] of promised) {
    const mine = list.find((p) => p.messageId === message.id)
    if (!mine) continue
    promised.set(
      templateId,
      list.filter((p) => p !== mine),
    )
    credits.set(templateId, [mine.grantId, ...(credits.get(templateId) ?? [])])
  }
  return {
    ...reach,
    counts: message.countsOn ? reach.counts.filter((_, i) => i !== own) : reach.counts,
    promised,
    credits,
  }
}

const askOf = (deps: Deps, message: Message): Ask => ({
  channel: message.channel as Channel,
  topic: message.topic as Topic,
  personal: !!message.personal,
  priority: message.priority,
  templateId: message.channel === 'subscribe' ? (message.templateId ?? templateIdOf(deps.env, message.kind)) : null,
})

/** The first moment it may disturb: marketing by the shop's quiet hours, a service message unless the member waits for it. */
const quietUntil = (message: Message, settings: Settings, now: number): number =>
  message.topic === 'service' && !kindOf(message.kind) ? now : sendableFrom(message.kind, now, settings.quiet)

const endpointAddress = async (tx: Tx, deps: Deps, message: Message): Promise<Address | null> => {
  const [endpoint] = await tx.read<MessageEndpoint>('SELECT * FROM message_endpoint WHERE id = ? AND active = 1', [
    message.endpointId,
  ])
  if (!endpoint) return null
  const secret = message.channel === 'webhook' ? deps.keys.open(endpoint.secretSealed) : ''
  return { channel: message.channel as 'wecom' | 'webhook', url: deps.keys.open(endpoint.urlSealed), secret }
}

const personAddress = async (
  tx: Tx,
  deps: Deps,
  message: Message,
  templateId: string | null,
): Promise<Address | null> => {
  if (message.channel === 'subscribe') {
    const openid = await openIdOf(tx, deps.keys, message.memberId)
    return openid && templateId ? { channel: 'subscribe', openid, templateId } : null
  }
  if (message.channel === 'sms') {
    const [row] = await tx.read<{ phoneSealed: string | null }>('SELECT phoneSealed FROM member WHERE id = ?', [
      message.memberId,
    ])
    return row?.phoneSealed ? { channel: 'sms', phone: deps.keys.open(row.phoneSealed) } : null
  }
  const [row] = await tx.read<MessageContact>(
    "SELECT * FROM message_contact WHERE memberId = ? AND kind = 'email' AND confirmedAt IS NOT NULL",
    [message.memberId],
  )
  return row ? { channel: 'email', email: deps.keys.open(row.valueSealed) } : null
}

/** Whether WeChat is being called for this person this moment; two calls at once are refused (43108). */
const isBusy = async (tx: Tx, message: Message, now: number): Promise<boolean> => {
  const [busy] = await tx.read(
    "SELECT id FROM message WHERE memberId = ? AND channel = 'subscribe' AND status = 'sending' AND leaseUntil > ? LIMIT 1",
    [message.memberId, now],
  )
  return !!busy
}

const begin = (
  tx: Tx,
  message: Message,
  more: { templateId: string | null; countsOn: string | null },
  now: number,
): void =>
  tx.write(
    "UPDATE message SET status = 'sending', templateId = ?, countsOn = ?, attempts = attempts + 1, leaseUntil = ? WHERE id = ?",
    [more.templateId, more.countsOn, now + messagePolicy.leaseMs, message.id],
  )

/** Takes the right a verdict found; false when it was voided in the same instant. */
const spendRight = async (
  tx: Tx,
  message: Message,
  verdict: Extract<Verdict, { ok: true }>,
  now: number,
): Promise<boolean> => {
  const taken = await tx.run(
    "UPDATE subscribe_grant SET status = 'consumed', consumedAt = ?, messageId = ? WHERE id = ? AND status IN ('open', 'reserved')",
    [now, message.id, verdict.grantId],
  )
  return taken > 0
}

/** When it stops being news (epoch ms). */
const expiryOf = (message: Message, settings: Settings): number =>
  message.expiresAt ??
  message.createdAt +
    (message.topic === 'service'
      ? messagePolicy.maxAgeMs
      : Math.max(messagePolicy.maxAgeMs, settings.expiryHours * HOUR_MS))

/**
 * Gets one claimed message ready in one short transaction: the member's row is locked, so one person is written to by one sender at a time
 * whatever replica it runs on. Everything that stood when it was planned is asked again, since a night may lie between. A message that
 * cannot go out keeps the reason.
 */
export const prepare = (deps: Deps, claimed: Message, sender: string): Promise<Ready | Outcome> =>
  deps.db.tx(async (tx) => {
    const now = deps.clock.now()
    await tx.read(`SELECT id FROM member WHERE id = ?${tx.lock}`, [claimed.memberId])
    const [message] = await tx.read<Message>(
      `SELECT * FROM message WHERE id = ? AND status = 'pending' AND claimedBy = ?${tx.lock}`,
      [claimed.id, sender],
    )
    // Its lease ran out and another sender has it.
    if (!message) return 'lost'
    const settings = await settingsOf(tx)
    const ready = (address: Address, grantId: string | null): Ready => ({
      message: { ...message, attempts: message.attempts + 1 },
      address,
      grantId,
      beganAt: now,
    })
    if (now > expiryOf(message, settings)) {
      await close(tx, message, 'failed', `too_late${message.reason ? `:${message.reason}` : ''}`.slice(0, 60), now)
      return 'failed'
    }
    if (message.channel === 'wecom' || message.channel === 'webhook') {
      const address = await endpointAddress(tx, deps, message)
      if (!address) {
        await close(tx, message, 'skipped', 'endpoint_off', now)
        return 'skipped'
      }
      begin(tx, message, { templateId: null, countsOn: null }, now)
      return ready(address, null)
    }
    const ask = askOf(deps, message)
    const found = await loadReach(
      tx,
      { ids: [message.memberId] },
      { now, templateIds: ask.templateId ? [ask.templateId] : [], lock: false },
    )
    const reach = found.get(message.memberId)
    const verdict: Verdict = reach
      ? judge(withoutItself(reach, message), ask, settings, now)
      : { ok: false, reason: 'member_inactive' }
    if (!verdict.ok) {
      await close(tx, message, 'skipped', verdict.reason, now)
      return 'skipped'
    }
    const from = Math.max(verdict.sendAt, quietUntil(message, settings, now))
    if (from > now) {
      postpone(tx, message, from, 'quiet_hours')
      return 'postponed'
    }
    if (message.channel === 'subscribe' && (await isBusy(tx, message, now))) {
      postpone(tx, message, now + messagePolicy.busyDelayMs, message.reason)
      return 'postponed'
    }
    const address = await personAddress(tx, deps, message, ask.templateId)
    if (!address || (verdict.grantId && !(await spendRight(tx, message, verdict, now)))) {
      await close(tx, message, 'skipped', address ? 'no_credit' : 'no_openid', now)
      return 'skipped'
    }
    begin(tx, message, { templateId: ask.templateId ?? message.templateId, countsOn: verdict.countsOn }, now)
    return ready(address, verdict.grantId)
  })
