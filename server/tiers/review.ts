import { addDays, civilDay } from '../../shared/time'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { levelsOf, loadGrowth, writeGrowth } from './accounts'
import { expireGrowthOf, groupTrack, type LevelChange, review, tierPolicy } from './rules'

/** Members after `cursor` whose level's certainty has ended before `today`, in id order. */
export const reviewDue = async (db: Reader, today: string, cursor: string, limit: number): Promise<string[]> =>
  (
    await db.read<{ memberId: string }>(
      'SELECT memberId FROM growth_account WHERE trackId = ? AND validUntil < ? AND memberId > ? ORDER BY memberId LIMIT ?',
      [groupTrack, today, cursor, limit],
    )
  ).map((r) => r.memberId)

/** A level that was kept or lowered, for the message to the member. */
export interface Reviewed {
  memberId: string
  change: LevelChange
}

/** Reviews these members; a second run finds nothing due. */
export const reviewTiers = async (tx: Tx, memberIds: readonly string[], now: number): Promise<Reviewed[]> => {
  const today = civilDay(now)
  const levels = await levelsOf(tx)
  const accounts = await loadGrowth(tx, memberIds, today)
  for (const g of accounts.values()) review(g, now, today, levels)
  writeGrowth(tx, accounts, now)
  return [...accounts.values()].flatMap((g) => g.changes.map((change) => ({ memberId: g.memberId, change })))
}

/** Last day whose growth has left the window on `today`. */
const cutoffOf = (today: string): string => addDays(today, -tierPolicy.windowDays - 1)

/** Members after `cursor` with growth that has left the window but still counts, in id order. */
export const growthDue = async (db: Reader, today: string, cursor: string, limit: number): Promise<string[]> =>
  (
    await db.read<{ memberId: string }>(
      `SELECT DISTINCT e.memberId FROM growth_entry e JOIN growth_account a ON a.memberId = e.memberId AND a.trackId = e.trackId
       WHERE e.trackId = ? AND e.earnedOn <= ? AND e.kind <> 'expire' AND (a.expiredThrough IS NULL OR e.earnedOn > a.expiredThrough) AND e.memberId > ?
       ORDER BY e.memberId LIMIT ?`,
      [groupTrack, cutoffOf(today), cursor, limit],
    )
  ).map((r) => r.memberId)

/** Lets old growth of these members leave the window; answers how many points of growth left. A second run finds nothing. */
export const expireGrowth = async (tx: Tx, memberIds: readonly string[], now: number): Promise<number> => {
  const today = civilDay(now)
  const cutoff = cutoffOf(today)
  const accounts = await loadGrowth(tx, memberIds, today)
  const ids = [...accounts.keys()]
  const sums = await tx.read<{ memberId: string; amount: number | null }>(
    `SELECT e.memberId, SUM(e.amount) AS amount FROM growth_entry e JOIN growth_account a ON a.memberId = e.memberId AND a.trackId = e.trackId
     WHERE e.memberId IN ${marks(ids)} AND e.trackId = ? AND e.earnedOn <= ? AND e.kind <> 'expire' AND (a.expiredThrough IS NULL OR e.earnedOn > a.expiredThrough)
     GROUP BY e.memberId`,
    [...ids, groupTrack, cutoff],
  )
  let gone = 0
  for (const { memberId, amount } of sums) {
    const g = accounts.get(memberId)
    if (!g) continue
    expireGrowthOf(g, Number(amount ?? 0), cutoff, now, today)
    gone += Number(amount ?? 0)
  }
  writeGrowth(tx, accounts, now)
  return gone
}
