import { newId } from '../db/id'
import type { Tx } from '../db/transaction'
import { composeFields, type MessageKind, sendableFrom, usualData } from './rules'

export type Channel = 'inbox' | 'subscribe'

/** Something to tell a member. */
export interface NewMessage {
  memberId: string
  kind: MessageKind
  title: string
  text: string
  /** Page of the mini-program that the message opens, without a leading slash. */
  page: string | null
  /** Values for the kind's template fields, by the names in messageKinds; `at`, `tip` and `reason` have defaults. */
  data?: Record<string, string>
  /** Says which happening this is about: `birthday:<member>:<year>`. A second message under it adds nothing. At most 150 characters. */
  dedupeKey: string
  channels: readonly Channel[]
}

/**
 * Puts messages into the outbox, inside the transaction that they tell of. The inbox row is the message itself; a subscribe row is sent by
 * the job. Throws for a text that the columns would cut.
 */
export const queueMessages = (tx: Tx, messages: readonly NewMessage[], now: number): void => {
  const rows = messages.flatMap((message) => {
    if (message.title.length > 60 || message.text.length > 2000 || message.dedupeKey.length > 150)
      throw new RangeError(`A message of kind ${message.kind} is too long`)
    return [...new Set(message.channels)].map((channel) => {
      const composed =
        channel === 'subscribe'
          ? composeFields(message.kind, { ...usualData(message.text, now), ...message.data })
          : null
      return {
        id: newId(now),
        dedupeKey: `${message.dedupeKey}:${channel}`,
        memberId: message.memberId,
        channel,
        kind: message.kind,
        title: message.title,
        text: message.text,
        page: message.page,
        data: composed && JSON.stringify(composed.fields),
        status: composed ? (composed.problem ? 'skipped' : 'pending') : 'sent',
        reason: composed?.problem ?? null,
        attempts: 0,
        nextAttemptAt: composed ? sendableFrom(message.kind, now) : now,
        claimedBy: null,
        leaseUntil: null,
        templateId: null,
        externalId: null,
        createdAt: now,
        sentAt: composed ? null : now,
        readAt: null,
      }
    })
  })
  tx.insert('message', rows, { ignore: true })
}
