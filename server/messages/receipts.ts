import type { Tx } from '../db/transaction'
import { close } from './closing'
import type { Message } from './entity'

/** States that WeChat's word can still change. */
const open = new Set(['sending', 'unknown', 'sent'])

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
 * it did not. On this channel it is never sent again either way; one that certainly did not arrive goes to its next channel. WeChat repeats
 * events, so a record that is closed already stays as it is.
 */
export const recordSent = async (tx: Tx, receipt: Receipt, now: number): Promise<void> => {
  const [known] = await tx.read<Message>(`SELECT * FROM message WHERE externalId = ? AND memberId = ?${tx.lock}`, [
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
  if (!message || !open.has(message.status)) return
  // While its sender is still waiting for the answer, only the number is noted; the sender decides.
  if (message.status === 'sending' && receipt.ok)
    return tx.write('UPDATE message SET externalId = ? WHERE id = ?', [receipt.msgid, message.id])
  if (receipt.ok)
    return tx.write("UPDATE message SET status = 'sent', reason = NULL, externalId = ?, sentAt = ? WHERE id = ?", [
      receipt.msgid,
      message.sentAt ?? now,
      message.id,
    ])
  tx.write('UPDATE message SET externalId = ?, sentAt = NULL WHERE id = ?', [receipt.msgid, message.id])
  await close(tx, message, 'failed', `wechat_async_${receipt.errorCode}`.slice(0, 60), now)
}
