import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { loadAccounts } from '../points/service'
import type { MemberStats } from './entity'
import { type Counted, countStats } from './stats'

type PurchaseRow = Counted['purchases'][number] & { memberId: string }
type RefundRow = Counted['refunds'][number] & { memberId: string }

/** Members whose figures wait to be counted again, in the order of their ids. Index member_stats_updated. */
export const waitingForRecount = (db: Reader, after: string, limit: number): Promise<{ memberId: string }[]> =>
  db.read('SELECT memberId FROM member_stats WHERE updatedAt = 0 AND memberId > ? ORDER BY memberId LIMIT ?', [
    after,
    limit,
  ])

/** Everybody with a purchase, in the order of ids. Primary key. */
export const allCounted = (db: Reader, after: string, limit: number): Promise<{ memberId: string }[]> =>
  db.read('SELECT memberId FROM member_stats WHERE memberId > ? ORDER BY memberId LIMIT ?', [after, limit])

/**
 * Counts the figures of some members (at most 500) again from their purchases and refunds, under the lock that a settlement takes.
 * Answers how many rows were not what they should be.
 */
export const recountStats = async (tx: Tx, memberIds: readonly string[], now: number): Promise<number> => {
  await loadAccounts(tx, memberIds, { lots: false, now })
  const held = await tx.read<MemberStats>(`SELECT * FROM member_stats WHERE memberId IN ${marks(memberIds)}`, [
    ...memberIds,
  ])
  const purchases = await tx.read<PurchaseRow>(
    `SELECT memberId, at, onDay, paidFen, discountFen, storeId FROM purchase WHERE memberId IN ${marks(memberIds)} ORDER BY memberId, at, id`,
    [...memberIds],
  )
  const refunds = await tx.read<RefundRow>(
    `SELECT r.memberId, r.amountFen, p.onDay AS ofDay FROM refund r JOIN purchase p ON p.id = r.purchaseId
     WHERE r.memberId IN ${marks(memberIds)}`,
    [...memberIds],
  )
  const of = <T extends { memberId: string }>(rows: T[]): Map<string, T[]> => {
    const lists = new Map<string, T[]>()
    for (const row of rows) {
      const list = lists.get(row.memberId)
      if (list) list.push(row)
      else lists.set(row.memberId, [row])
    }
    return lists
  }
  const [bought, returned] = [of(purchases), of(refunds)]
  const rows: MemberStats[] = held.map(({ memberId }) =>
    countStats(memberId, { purchases: bought.get(memberId) ?? [], refunds: returned.get(memberId) ?? [] }, now),
  )
  const differs = (a: MemberStats, b: MemberStats): boolean =>
    (Object.keys(a) as (keyof MemberStats)[]).some((key) => key !== 'updatedAt' && a[key] !== b[key])
  const wrong = rows.filter((row, i) => held[i].updatedAt === 0 || differs(row, held[i]))
  tx.upsert(
    'member_stats',
    ['memberId'],
    Object.keys(rows[0] ?? {}).filter((key) => key !== 'memberId'),
    wrong.map((row) => ({ ...row })),
  )
  return wrong.length
}
