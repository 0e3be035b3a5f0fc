import { civilDay } from '../../shared/time'
import type { Tx } from '../db/transaction'
import type { Message } from './entity'
import { type Fallback, messageRow } from './schedule'

/** How one message of a round ended. */
export type Outcome = 'sent' | 'skipped' | 'failed' | 'unknown' | 'postponed' | 'lost'

/** Reasons that stand against every channel alike: nothing else is tried. */
const final = new Set(['member_inactive', 'personalisation_off', 'topic_off', 'holdout', 'too_late', 'discarded'])

/** Hands a message that did not go out to its next channel. The row is judged afresh when its turn comes. */
const fallBack = (tx: Tx, message: Message, reason: string | null, now: number): void => {
  const next = JSON.parse(message.next ?? '[]') as Fallback[]
  const [first, ...rest] = next
  if (!first || final.has((reason ?? '').split(':')[0])) return
  const inbox = first.channel === 'inbox'
  const base = message.dedupeKey.slice(0, -(message.channel.length + 1))
  const { memberId, topic, priority, source, sourceRef, personal } = message
  const wanted = {
    memberId,
    dedupeKey: base,
    topic: topic as 'service',
    personal: !!personal,
    priority,
    source: source ?? '',
    sourceRef,
  }
  const outcome = {
    status: inbox ? 'sent' : 'pending',
    reason: null,
    sendAt: now,
    countsOn: inbox && topic !== 'service' ? civilDay(now) : null,
    next: inbox ? [] : rest,
    expiresAt: message.expiresAt,
  }
  tx.insert('message', [messageRow(wanted, first, outcome, now)], { ignore: true })
}

/** Gives back what was promised to a message that will not be sent. */
export const releasePromise = (tx: Tx, messageId: string): void =>
  tx.write("UPDATE subscribe_grant SET status = 'open', messageId = NULL WHERE messageId = ? AND status = 'reserved'", [
    messageId,
  ])

/** Ends a message that did not go out (skipped or failed): it counts against no cap, gives back its promise, and its next channel is tried. */
export const close = (tx: Tx, message: Message, status: string, reason: string | null, now: number): void => {
  tx.write(
    'UPDATE message SET status = ?, reason = ?, countsOn = NULL, claimedBy = NULL, leaseUntil = NULL WHERE id = ?',
    [status, reason, message.id],
  )
  releasePromise(tx, message.id)
  fallBack(tx, message, reason, now)
}

/** Puts a message off; it keeps its place in the caps and its promise. */
export const postpone = (tx: Tx, message: Message, until: number, reason: string | null): void =>
  tx.write(
    "UPDATE message SET status = 'pending', reason = ?, nextAttemptAt = ?, claimedBy = NULL, leaseUntil = NULL WHERE id = ?",
    [reason, until, message.id],
  )
