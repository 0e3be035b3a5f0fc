import type { Output, Parsed } from '../../shared/contract'
import { civilDay } from '../../shared/time'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import { recordEvents } from '../interactions/service'
import { latestPurchases, ownPurchase } from '../purchases/service'
import { feedbackPolicy } from './rules'

/** Purchases looked at for one that still waits for an answer. */
const lookedAt = 5

/** The newest fresh purchase that the member has not rated, or null. */
export const unratedPurchase = async (
  db: Reader,
  memberId: string,
  now: number,
): Promise<Output<'GET /me/feedback'>['unrated']> => {
  const recent = await latestPurchases(db, memberId, { since: now - feedbackPolicy.offeredMs, limit: lookedAt })
  if (!recent.length) return null
  const ids = recent.map((p) => p.id)
  const rated = await db.read<{ purchaseId: string }>(
    `SELECT purchaseId FROM satisfaction WHERE purchaseId IN ${marks(ids)}`,
    ids,
  )
  const found = recent.find((p) => !rated.some((r) => r.purchaseId === p.id))
  if (!found) return null
  const { id: purchaseId, no, at, storeName, paidFen } = found
  return { purchaseId, no, at, storeName, paidFen }
}

/** Records how satisfied a member was with a purchase of theirs; once, whatever races. */
export const rateSatisfaction = async (
  tx: Tx,
  memberId: string,
  { purchaseId, stars, tags, comment }: Parsed<'POST /me/satisfactions'>,
  now: number,
): Promise<{ ok: true }> => {
  const purchase = await ownPurchase(tx, memberId, purchaseId)
  if (!purchase) throw refuse('purchase_not_found')
  if (now - purchase.at > feedbackPolicy.satisfactionMs) throw refuse('satisfaction_too_late')
  const fresh = await tx.insertNew('satisfaction', [
    {
      purchaseId,
      memberId,
      storeId: purchase.storeId,
      stars,
      tags: JSON.stringify([...new Set(tags)]),
      comment: comment ?? null,
      at: now,
      onDay: civilDay(now),
    },
  ])
  if (!fresh) throw refuse('satisfaction_given')
  const event = { memberId, eventId: `satisfaction:${purchaseId}`, type: 'satisfaction_given', at: now }
  await recordEvents(tx, [{ ...event, target: String(stars), origin: 'server' }], now)
  return { ok: true }
}
