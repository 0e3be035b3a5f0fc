import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { close, type Outcome, postpone } from './closing'
import type { Message } from './entity'
import { giveBackGrant, voidGrants } from './grants'
import { prepare, type Ready } from './prepare'
import { messagePolicy } from './rules'
import { type Failure, type Halt, type Transmitted, transmit } from './transmit'

/** When a clearly refused message may be tried again (epoch ms), or null for never. */
const retryAt = async (tx: Tx, { message, address }: Ready, failure: Failure, now: number): Promise<number | null> => {
  // Not this message's fault, so it costs it no tries; its age still ends it.
  if (failure.halt) return failure.retryAt
  if (message.channel !== 'webhook' && message.attempts >= messagePolicy.maxAttempts) return null
  if (failure.voidsRights && address.channel === 'subscribe') {
    const [fresh] = await tx.read(
      "SELECT id FROM subscribe_grant WHERE memberId = ? AND templateId = ? AND status = 'open' LIMIT 1",
      [message.memberId, address.templateId],
    )
    return fresh ? now + messagePolicy.busyDelayMs : null
  }
  return failure.retryAt
}

/** Gives the right back, or voids it with all before it when WeChat says that there is none. */
const settleRight = (tx: Tx, { message, address, grantId, beganAt }: Ready, failure: Failure): void => {
  if (!grantId || address.channel !== 'subscribe') return
  if (!failure.voidsRights) {
    giveBackGrant(tx, grantId)
    return
  }
  // Nothing that was granted before this send is worth anything; what the member granted during it still is.
  voidGrants(tx, message.memberId, address.templateId, beganAt)
  tx.write("UPDATE subscribe_grant SET status = 'void' WHERE id = ?", [grantId])
}

/** Writes down how a call ended. A row that was given up as unknown meanwhile (a very late answer) is set right here. */
const settle = (
  deps: Deps,
  ready: Ready,
  sender: string,
  result: Transmitted,
): Promise<{ outcome: Outcome; halt?: Halt }> =>
  deps.db.tx(async (tx) => {
    const now = deps.clock.now()
    const { message } = ready
    const [mine] = await tx.read<Pick<Message, 'externalId'>>(
      `SELECT externalId FROM message WHERE id = ? AND claimedBy = ? AND status IN ('sending', 'unknown')${tx.lock}`,
      [message.id, sender],
    )
    if (!mine) return { outcome: 'lost' }
    const sent = (externalId: string | null): { outcome: Outcome } => {
      tx.write(
        "UPDATE message SET status = 'sent', reason = NULL, sentAt = ?, externalId = COALESCE(?, externalId), leaseUntil = NULL WHERE id = ?",
        [now, externalId, message.id],
      )
      return { outcome: 'sent' }
    }
    if ('externalId' in result) return sent(result.externalId)
    if (result.unclear) {
      // WeChat's event may have come before its answer was given up.
      if (mine.externalId) return sent(mine.externalId)
      // It may have been delivered: the right stays spent and the message is not sent again.
      tx.write("UPDATE message SET status = 'unknown', reason = ?, leaseUntil = NULL WHERE id = ?", [
        result.reason,
        message.id,
      ])
      return { outcome: 'unknown' }
    }
    settleRight(tx, ready, result)
    const until = await retryAt(tx, ready, result, now)
    if (until === null) {
      await close(tx, message, 'failed', result.reason, now)
      return { outcome: 'failed', halt: result.halt }
    }
    postpone(tx, message, until, result.reason)
    return { outcome: 'postponed', halt: result.halt }
  })

/** Sends one claimed message. The network call stands between two transactions and inside none. */
export const sendOne = async (
  deps: Deps,
  claimed: Message,
  sender: string,
): Promise<{ outcome: Outcome; halt?: Halt }> => {
  const ready = await prepare(deps, claimed, sender)
  if (typeof ready === 'string') return { outcome: ready }
  return settle(deps, ready, sender, await transmit(deps, ready))
}

/** Puts claimed messages back without a try of theirs being counted. */
export const putBack = (deps: Deps, messages: readonly Message[], sender: string, halt: Halt | null): Promise<void> =>
  deps.db.tx(async (tx) => {
    const now = deps.clock.now()
    for (const message of messages) {
      tx.write(
        `UPDATE message SET claimedBy = NULL, leaseUntil = NULL, nextAttemptAt = ?, reason = COALESCE(?, reason)
         WHERE id = ? AND status = 'pending' AND claimedBy = ?`,
        [halt?.until ?? now, halt?.reason ?? null, message.id, sender],
      )
    }
  })
