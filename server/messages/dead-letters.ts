import type { Output, Parsed } from '../../shared/contract'
import { reasonText } from '../../shared/message'
import { DAY_MS } from '../../shared/time'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import type { Message } from './entity'

type Letter = Output<'GET /admin/dead-letters'>['items'][number]

/** Reasons that the same try would meet again: the person, not the moment, stands against it. */
const hopeless = new Set(['wechat_40003', 'wechat_45168', 'wechat_47003'])

const letter = (m: Message): Letter => ({
  id: m.id,
  memberId: m.memberId,
  channel: m.channel as Letter['channel'],
  title: m.title,
  status: m.status,
  reason: m.reason ?? '',
  why: reasonText(m.reason),
  retryable: m.status === 'unknown' || !hopeless.has(m.reason ?? ''),
  attempts: m.attempts,
  createdAt: m.createdAt,
})

/** Messages that failed for good or whose fate is unknown, newest first. */
export const deadLetters = async (
  db: Reader,
  { channel, cursor, limit }: Parsed<'GET /admin/dead-letters'>,
): Promise<Output<'GET /admin/dead-letters'>> => {
  const wheres: [string, (string | number)[]][] = [["status IN ('failed', 'unknown')", []]]
  if (channel) wheres.push(['channel = ?', [channel]])
  if (cursor) wheres.push(['id < ?', [cursor]])
  const rows = await db.read<Message>(
    `SELECT * FROM message WHERE ${wheres.map(([text]) => text).join(' AND ')} ORDER BY id DESC LIMIT ?`,
    [...wheres.flatMap(([, params]) => params), limit + 1],
  )
  const items = rows.slice(0, limit).map(letter)
  return { items, nextCursor: rows.length > limit ? items[items.length - 1].id : null }
}

/**
 * Gives dead letters another day. One whose fate is unknown may have arrived, so it is only sent again when the operator says that a
 * second copy would do no harm; a webhook's receiver can tell a repeat by its delivery id.
 */
export const retryLetters = async (
  tx: Tx,
  { ids, evenIfUnknown }: Parsed<'POST /admin/dead-letters/retry'>,
  now: number,
): Promise<Output<'POST /admin/dead-letters/retry'>> => {
  const retried = await tx.run(
    `UPDATE message SET status = 'pending', attempts = 0, nextAttemptAt = ?, expiresAt = ?, externalId = NULL, claimedBy = NULL,
     leaseUntil = NULL WHERE id IN ${marks(ids)} AND (status = 'failed' OR (status = 'unknown' AND (channel = 'webhook' OR ? = 1)))`,
    [now, now + DAY_MS, ...ids, evenIfUnknown ? 1 : 0],
  )
  return { retried, refused: ids.length - retried }
}

/** Puts dead letters aside; their rows stay, with the reason they died of. */
export const discardLetters = async (
  tx: Tx,
  { ids }: Parsed<'POST /admin/dead-letters/discard'>,
): Promise<Output<'POST /admin/dead-letters/discard'>> => {
  const discarded = await tx.run(
    `UPDATE message SET status = 'discarded' WHERE id IN ${marks(ids)} AND status IN ('failed', 'unknown')`,
    ids,
  )
  return { discarded }
}

/**
 * Tells a webhook's receiver again, under the same delivery id, what it was told or was to be told: for a system that lost it. A receiver
 * that has it already can tell by the id.
 */
export const replayHook = async (
  tx: Tx,
  { messageId }: Parsed<'POST /admin/messages/:messageId/replays'>,
  now: number,
): Promise<Output<'POST /admin/messages/:messageId/replays'>> => {
  const replayed = await tx.run(
    `UPDATE message SET status = 'pending', reason = NULL, attempts = 0, nextAttemptAt = ?, expiresAt = ?, claimedBy = NULL, leaseUntil = NULL
     WHERE id = ? AND channel = 'webhook' AND status IN ('sent', 'failed', 'unknown', 'discarded')`,
    [now, now + DAY_MS, messageId],
  )
  if (replayed) return { id: messageId, status: 'pending' }
  const [known] = await tx.read('SELECT id FROM message WHERE id = ?', [messageId])
  throw refuse(known ? 'message_not_replayable' : 'message_not_found')
}
