import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { isWechatError, refusesApp, retryDelayMs, type WechatError } from '../integrations/wechat/errors'
import { openIdOf } from '../members/service'
import type { Message } from './entity'
import { consumeGrant, giveBackGrant, voidGrants } from './grants'
import { kindOf, messagePolicy, sendableFrom } from './rules'
import { templateIdOf } from './templates'

/** What a message needs to go out: everything was checked, the right is spent, the row says `sending`. */
interface Ready {
  message: Message
  openid: string
  templateId: string
  grantId: string
  beganAt: number
}

/** Why a round must stop calling WeChat, and until when (epoch ms). */
export interface Halt {
  until: number
  reason: string
}

/** How one message of a round ended. */
export type Outcome = 'sent' | 'skipped' | 'failed' | 'unknown' | 'postponed' | 'lost'

const close = (tx: Tx, message: Message, status: string, reason: string | null): void =>
  tx.write('UPDATE message SET status = ?, reason = ?, claimedBy = NULL, leaseUntil = NULL WHERE id = ?', [
    status,
    reason,
    message.id,
  ])

const postpone = (tx: Tx, message: Message, until: number, reason: string | null): void =>
  tx.write(
    "UPDATE message SET status = 'pending', reason = ?, nextAttemptAt = ?, claimedBy = NULL, leaseUntil = NULL WHERE id = ?",
    [reason, sendableFrom(message.kind, until), message.id],
  )

/**
 * Gets one claimed message ready in one short transaction: the member's row is locked, so one person is written to by one sender at a time
 * whatever replica it runs on. A message that cannot go out keeps the reason.
 */
const prepare = (deps: Deps, claimed: Message, sender: string): Promise<Ready | Outcome> =>
  deps.db.tx(async (tx) => {
    const now = deps.clock.now()
    const [member] = await tx.read<{ status: string; personalised: number }>(
      `SELECT status, personalised FROM member WHERE id = ?${tx.lock}`,
      [claimed.memberId],
    )
    const [message] = await tx.read<Message>(
      `SELECT * FROM message WHERE id = ? AND status = 'pending' AND claimedBy = ?${tx.lock}`,
      [claimed.id, sender],
    )
    // Its lease ran out and another sender has it.
    if (!message) return 'lost'
    const skip = (reason: string): Outcome => {
      close(tx, message, 'skipped', reason)
      return 'skipped'
    }
    if (member?.status !== 'active') return skip('member_inactive')
    if (!member.personalised && kindOf(message.kind)?.personal) return skip('personalisation_off')
    if (now - message.createdAt > messagePolicy.maxAgeMs) {
      close(tx, message, 'failed', `too_late${message.reason ? `:${message.reason}` : ''}`.slice(0, 60))
      return 'failed'
    }
    const templateId = templateIdOf(deps.env, message.kind)
    if (!templateId) return skip('no_template')
    const openid = await openIdOf(tx, deps.keys, message.memberId)
    if (!openid) return skip('no_openid')
    const [busy] = await tx.read(
      "SELECT id FROM message WHERE memberId = ? AND channel = 'subscribe' AND status = 'sending' AND leaseUntil > ? LIMIT 1",
      [message.memberId, now],
    )
    if (busy) {
      postpone(tx, message, now + messagePolicy.busyDelayMs, message.reason)
      return 'postponed'
    }
    const grantId = await consumeGrant(tx, { memberId: message.memberId, templateId, messageId: message.id }, now)
    if (!grantId) return skip('no_credit')
    tx.write(
      "UPDATE message SET status = 'sending', templateId = ?, attempts = attempts + 1, leaseUntil = ? WHERE id = ?",
      [templateId, now + messagePolicy.leaseMs, message.id],
    )
    return {
      message: { ...message, attempts: message.attempts + 1 },
      openid,
      templateId,
      grantId,
      beganAt: now,
    }
  })

/** Writes down how a call ended. A row that was given up as unknown meanwhile (a very late answer) is set right here. */
const settle = (
  deps: Deps,
  { message, templateId, grantId, beganAt }: Ready,
  sender: string,
  result: { msgid: string | null } | { error: unknown },
): Promise<{ outcome: Outcome; halt?: Halt }> =>
  deps.db.tx(async (tx) => {
    const now = deps.clock.now()
    const [mine] = await tx.read<Pick<Message, 'externalId'>>(
      `SELECT externalId FROM message WHERE id = ? AND claimedBy = ? AND status IN ('sending', 'unknown')${tx.lock}`,
      [message.id, sender],
    )
    if (!mine) return { outcome: 'lost' }
    const sent = (msgid: string | null): { outcome: Outcome } => {
      tx.write(
        "UPDATE message SET status = 'sent', reason = NULL, sentAt = ?, externalId = COALESCE(?, externalId), leaseUntil = NULL WHERE id = ?",
        [now, msgid, message.id],
      )
      return { outcome: 'sent' }
    }
    if ('msgid' in result) return sent(result.msgid)
    const { error } = result
    if (!isWechatError(error) || error.class === 'unknown') {
      // WeChat's event may have come before its answer was given up.
      if (mine.externalId) return sent(mine.externalId)
      // It may have been delivered: the right stays spent and the message is not sent again.
      const why = isWechatError(error) && error.errcode !== null ? `wechat_${error.errcode}` : 'no_answer'
      tx.write("UPDATE message SET status = 'unknown', reason = ?, leaseUntil = NULL WHERE id = ?", [why, message.id])
      return { outcome: 'unknown' }
    }
    const reason = error.errcode === null ? 'unreachable' : `wechat_${error.errcode}`
    if (error.errcode === 43101) {
      // Nothing that was granted before this send is worth anything; what the member granted during it still is.
      voidGrants(tx, message.memberId, templateId, beganAt)
      tx.write("UPDATE subscribe_grant SET status = 'void' WHERE id = ?", [grantId])
    } else giveBackGrant(tx, grantId)
    const halt = haltFor(error, now, reason)
    const until = await retryAt(tx, error, message, templateId, halt, now)
    if (until === null) {
      close(tx, message, 'failed', reason)
      return { outcome: 'failed', halt }
    }
    postpone(tx, message, until, reason)
    return { outcome: 'postponed', halt }
  })

/** Some refusals are not about this message: the day's quota is used up, or WeChat does not accept the app itself. */
const haltFor = (error: WechatError, now: number, reason: string): Halt | undefined => {
  if (refusesApp(error.errcode)) return { until: now + messagePolicy.appRefusedDelayMs, reason }
  const delay = error.retry === 'tomorrow' ? retryDelayMs(error, 1, now) : null
  return delay === null ? undefined : { until: now + delay, reason }
}

/** When a clearly refused message may be tried again (epoch ms), or null for never. */
const retryAt = async (
  tx: Tx,
  error: WechatError,
  message: Message,
  templateId: string,
  halt: Halt | undefined,
  now: number,
): Promise<number | null> => {
  // Not this message's fault, so it costs it no tries; its age still ends it.
  if (halt) return halt.until
  if (message.attempts >= messagePolicy.maxAttempts) return null
  if (error.errcode === 43101) {
    const [fresh] = await tx.read(
      "SELECT id FROM subscribe_grant WHERE memberId = ? AND templateId = ? AND status = 'open' LIMIT 1",
      [message.memberId, templateId],
    )
    return fresh ? now + messagePolicy.busyDelayMs : null
  }
  const delay = retryDelayMs(error, message.attempts, now)
  return delay === null ? null : now + delay
}

/** Sends one claimed message. The network call stands between two transactions and inside none. */
export const sendOne = async (
  deps: Deps,
  claimed: Message,
  sender: string,
): Promise<{ outcome: Outcome; halt?: Halt }> => {
  const ready = await prepare(deps, claimed, sender)
  if (typeof ready === 'string') return { outcome: ready }
  const result = await deps.wechat
    .sendSubscribe({
      openid: ready.openid,
      templateId: ready.templateId,
      data: JSON.parse(ready.message.data ?? '{}') as Record<string, string>,
      ...(ready.message.page ? { page: ready.message.page } : {}),
    })
    .catch((error: unknown) => ({ error }))
  if ('error' in result && !isWechatError(result.error))
    deps.log.error({ err: result.error, messageId: claimed.id }, 'sending a message broke')
  return settle(deps, ready, sender, result)
}

/** Puts claimed messages back without a try of theirs being counted. */
export const putBack = (deps: Deps, messages: readonly Message[], sender: string, halt: Halt | null): Promise<void> =>
  deps.db.tx(async (tx) => {
    const now = deps.clock.now()
    for (const message of messages) {
      tx.write(
        `UPDATE message SET claimedBy = NULL, leaseUntil = NULL, nextAttemptAt = ?, reason = COALESCE(?, reason)
         WHERE id = ? AND status = 'pending' AND claimedBy = ?`,
        [halt ? sendableFrom(message.kind, halt.until) : now, halt?.reason ?? null, message.id, sender],
      )
    }
  })
