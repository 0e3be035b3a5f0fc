import { newId } from '../db/id'
import type { Tx } from '../db/transaction'
import { composeFields, type MessageKind, messageKinds, usualData } from './rules'

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
  channels: readonly ('inbox' | 'subscribe')[]
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
        nextAttemptAt: now,
        claimedBy: null,
        leaseUntil: null,
        templateId: null,
        externalId: null,
        createdAt: now,
        sentAt: composed ? null : now,
        readAt: null,
        topic: messageKinds[message.kind].topic,
        // What the member has just done, or is owed, goes before what the shop would like to say.
        priority: 1,
        personal: messageKinds[message.kind].personal ? 1 : 0,
      }
    })
  })
  tx.insert('message', rows, { ignore: true })
}

/** Something to tell the shop or its systems, about a member. */
export interface NewHook {
  endpointId: string
  channel: 'wecom' | 'webhook'
  memberId: string
  title: string
  /** The words of a WeCom message, the JSON body of a webhook. */
  text: string
  dedupeKey: string
  source: string
  sourceRef: string | null
}

/** Puts calls of webhooks and WeCom robots into the outbox; a second one under its key adds nothing. */
export const queueHooks = (tx: Tx, hooks: readonly NewHook[], now: number): void =>
  tx.insert(
    'message',
    hooks.map((hook) => ({
      id: newId(now),
      dedupeKey: `${hook.dedupeKey}:${hook.channel}`,
      memberId: hook.memberId,
      channel: hook.channel,
      kind: hook.channel,
      title: hook.title.slice(0, 190),
      text: hook.text,
      status: 'pending',
      attempts: 0,
      nextAttemptAt: now,
      createdAt: now,
      topic: 'service',
      priority: 3,
      source: hook.source,
      sourceRef: hook.sourceRef,
      endpointId: hook.endpointId,
    })),
    { ignore: true },
  )
