import type { Topic } from '../../shared/message'
import { civilDay } from '../../shared/time'
import type { Row } from '../db/statement'
import type { Tx } from '../db/transaction'
import { type Ask, judge } from './channel-rules'
import type { Message } from './entity'
import { loadReach } from './reach'
import { type Fallback, messageRow } from './schedule'
import { settingsOf } from './settings'

/** How one message of a round ended. */
export type Outcome = 'sent' | 'skipped' | 'failed' | 'unknown' | 'postponed' | 'lost'

/** Reasons that stand against every channel alike: nothing else is tried. */
const final = new Set(['member_inactive', 'personalisation_off', 'topic_off', 'holdout', 'too_late', 'discarded'])

/** Why the inbox may not take a message, or null. Nothing is sent there later that could ask again, so it is asked now. */
const inboxRefusal = async (tx: Tx, message: Message, now: number): Promise<string | null> => {
  const found = await loadReach(tx, { ids: [message.memberId] }, { now, templateIds: [], lock: false, address: false })
  const reach = found.get(message.memberId)
  if (!reach) return 'member_inactive'
  const { topic, priority, personal } = message
  const ask: Ask = { channel: 'inbox', topic: topic as Topic, personal: !!personal, priority, templateId: null }
  const verdict = judge(reach, ask, await settingsOf(tx), now)
  return verdict.ok ? null : verdict.reason
}

/**
 * Hands a message that did not go out to its next channel. The row of a channel that is sent by the job is judged afresh when its turn
 * comes; the inbox, whose row is the message, is judged here, and one that may not go there leaves a row that says why.
 */
const fallBack = async (tx: Tx, message: Message, reason: string | null, now: number): Promise<void> => {
  if (final.has((reason ?? '').split(':')[0])) return
  const next = JSON.parse(message.next ?? '[]') as Fallback[]
  const { memberId, topic, priority, source, sourceRef, personal, expiresAt } = message
  const wanted = {
    memberId,
    dedupeKey: message.dedupeKey.slice(0, -(message.channel.length + 1)),
    topic: topic as Topic,
    personal: !!personal,
    priority,
    source: source ?? '',
    sourceRef,
  }
  const rows: Row[] = []
  for (const [i, said] of next.entries()) {
    const none = { reason: null, sendAt: now, countsOn: null, next: [], expiresAt }
    if (said.channel !== 'inbox') {
      rows.push(messageRow(wanted, said, { ...none, status: 'pending', next: next.slice(i + 1) }, now))
      break
    }
    const refusal = await inboxRefusal(tx, message, now)
    const countsOn = topic === 'service' ? null : civilDay(now)
    const outcome = refusal ? { ...none, status: 'skipped', reason: refusal } : { ...none, status: 'sent', countsOn }
    rows.push(messageRow(wanted, said, outcome, now))
    if (!refusal) break
  }
  tx.insert('message', rows, { ignore: true })
}

/** Gives back what was promised to a message that will not be sent. */
const releasePromise = (tx: Tx, messageId: string): void =>
  tx.write("UPDATE subscribe_grant SET status = 'open', messageId = NULL WHERE messageId = ? AND status = 'reserved'", [
    messageId,
  ])

/** Ends a message that did not go out (skipped or failed): it counts against no cap, gives back its promise, and its next channel is tried. */
export const close = async (
  tx: Tx,
  message: Message,
  status: 'skipped' | 'failed',
  reason: string | null,
  now: number,
): Promise<void> => {
  tx.write(
    'UPDATE message SET status = ?, reason = ?, countsOn = NULL, claimedBy = NULL, leaseUntil = NULL WHERE id = ?',
    [status, reason, message.id],
  )
  releasePromise(tx, message.id)
  await fallBack(tx, message, reason, now)
}

/** Puts a message off; it keeps its place in the caps and its promise. */
export const postpone = (tx: Tx, message: Message, until: number, reason: string | null): void =>
  tx.write(
    "UPDATE message SET status = 'pending', reason = ?, nextAttemptAt = ?, claimedBy = NULL, leaseUntil = NULL WHERE id = ?",
    [reason, until, message.id],
  )
