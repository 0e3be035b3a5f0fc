import type { Tx } from '../db/transaction'
import type { Message } from './entity'

/** WeChat's final word on one message. */
export interface Receipt {
  memberId: string
  templateId: string
  msgid: string
  ok: boolean
  errorCode: string
}

/**
 * Closes the record of a send. A message whose answer never came (unknown) is settled by it: the event proves that it went out, or that
 * it did not. It is never sent again either way.
 */
export const recordSent = async (tx: Tx, receipt: Receipt, now: number): Promise<void> => {
  const [known] = await tx.read<Message>('SELECT * FROM message WHERE externalId = ? AND memberId = ?', [
    receipt.msgid,
    receipt.memberId,
  ])
  const [message] = known
    ? [known]
    : await tx.read<Message>(
        `SELECT * FROM message WHERE memberId = ? AND channel = 'subscribe' AND status IN ('sending', 'unknown') AND templateId = ?
         AND externalId IS NULL ORDER BY id DESC LIMIT 1${tx.lock}`,
        [receipt.memberId, receipt.templateId],
      )
  if (!message) return
  const status = receipt.ok ? 'sent' : 'failed'
  // While its sender is still waiting for the answer, only the number is noted; the sender decides.
  if (message.status === 'sending' && receipt.ok)
    return tx.write('UPDATE message SET externalId = ? WHERE id = ?', [receipt.msgid, message.id])
  tx.write('UPDATE message SET status = ?, reason = ?, externalId = ?, sentAt = ? WHERE id = ?', [
    status,
    receipt.ok ? null : `wechat_async_${receipt.errorCode}`.slice(0, 60),
    receipt.msgid,
    receipt.ok ? (message.sentAt ?? now) : null,
    message.id,
  ])
}
