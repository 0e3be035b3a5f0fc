import type { Bindable } from '../db/statement'
import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import type { Scope } from './facts'
import type { MemberPosition, MemberSort } from './rules'

/** Read-only SQL about single members and lists of them; see facts.ts. */

/** One row of the member list. */
export interface MemberRow {
  id: string
  cardNo: string
  name: string
  phoneSealed: string | null
  tierLevel: number
  joinedAt: number
  joinedStoreId: string | null
  status: string
  purchases: number | null
  spendFen: number | null
  lastPurchaseAt: number | null
  balance: number | null
}
/** Conditions on the rows `m` (member) and `s` (member_stats), joined by AND. */
export interface Filter {
  text: string
  params: Bindable[]
  /** Whether only members with purchases can match. */
  buyersOnly: boolean
}
/** What a caller may filter by; times are epoch ms. */
export interface Wanted {
  scope: Scope
  memberId?: string
  cardNo?: string
  name?: { from: string; to: string }
  tierLevel?: number
  storeId?: string
  joinedFrom?: number
  joinedTo?: number
  minSpendFen?: number
  lastPurchaseBefore?: number
  segmentId?: string
}

/** A member is at home in a store that he joined in or last bought in. */
export const filterOf = (w: Wanted): Filter => {
  const parts: [boolean, string, Bindable[]][] = [
    [w.memberId !== undefined, 'm.id = ?', [w.memberId ?? '']],
    [w.cardNo !== undefined, 'm.cardNo = ?', [w.cardNo ?? '']],
    [w.name !== undefined, 'm.name >= ? AND m.name < ?', [w.name?.from ?? '', w.name?.to ?? '']],
    [w.tierLevel !== undefined, 'm.tierLevel = ?', [w.tierLevel ?? 0]],
    [w.storeId !== undefined, 'm.joinedStoreId = ?', [w.storeId ?? '']],
    [w.joinedFrom !== undefined, 'm.joinedAt >= ?', [w.joinedFrom ?? 0]],
    [w.joinedTo !== undefined, 'm.joinedAt <= ?', [w.joinedTo ?? 0]],
    [!!w.minSpendFen, 's.spendFen >= ?', [w.minSpendFen ?? 0]],
    [w.lastPurchaseBefore !== undefined, 's.lastPurchaseAt < ?', [w.lastPurchaseBefore ?? 0]],
    // Index segment_member_inside.
    [
      w.segmentId !== undefined,
      'm.id IN (SELECT memberId FROM segment_member WHERE segmentId = ? AND inside = 1)',
      [w.segmentId ?? ''],
    ],
    [
      w.scope !== null,
      `(m.joinedStoreId IN ${marks(w.scope ?? [])} OR s.lastStoreId IN ${marks(w.scope ?? [])})`,
      [...(w.scope ?? []), ...(w.scope ?? [])],
    ],
  ]
  const used = parts.filter(([given]) => given)
  return {
    text: used.map(([, text]) => ` AND ${text}`).join(''),
    params: used.flatMap(([, , params]) => params),
    buyersOnly: !!w.minSpendFen || w.lastPurchaseBefore !== undefined,
  }
}

const columns =
  'm.id, m.cardNo, m.name, m.phoneSealed, m.tierLevel, m.joinedAt, m.joinedStoreId, m.status, s.purchases, s.spendFen, s.lastPurchaseAt, a.balance'
const account = 'points_account a ON a.memberId = m.id AND a.walletId = ?'
/** Where each sort reads from, and the column (with the id behind it) whose index gives the order. */
const sources: Record<MemberSort, { from: string; by: string; id: string; absent: string }> = {
  // Index member_joined.
  joined: {
    from: `member m LEFT JOIN member_stats s ON s.memberId = m.id LEFT JOIN ${account}`,
    by: 'm.joinedAt',
    id: 'm.id',
    absent: '',
  },
  // Index member_stats_spend.
  spend: {
    from: `member_stats s JOIN member m ON m.id = s.memberId LEFT JOIN ${account}`,
    by: 's.spendFen',
    id: 's.memberId',
    absent: 's.memberId',
  },
  // Index member_stats_last.
  lastPurchase: {
    from: `member_stats s JOIN member m ON m.id = s.memberId LEFT JOIN ${account}`,
    by: 's.lastPurchaseAt',
    id: 's.memberId',
    absent: 's.memberId',
  },
  // One pass over the accounts: an index on the balance would be paid for by every movement of points.
  points: {
    from: `points_account a JOIN member m ON m.id = a.memberId AND a.walletId = ? LEFT JOIN member_stats s ON s.memberId = m.id`,
    by: 'a.balance',
    id: 'a.memberId',
    absent: 'a.memberId',
  },
}

/**
 * Up to `limit` members of one part of the list, after a position.
 * @param part 1: the members that have none of what is sorted by, in the order they joined
 */
export const memberPage = (
  db: Reader,
  walletId: string,
  sort: MemberSort,
  part: 0 | 1,
  filter: Filter,
  after: MemberPosition | null,
  limit: number,
): Promise<MemberRow[]> => {
  const source = part === 0 ? sources[sort] : sources.joined
  const absent = part === 0 ? '' : ` AND ${sources[sort].absent} IS NULL`
  // Written as a bound on the leading column with the tie-breaker inside, which both databases read as one range of the index.
  const keyset = after ? ` AND ${source.by} <= ? AND (${source.by} < ? OR ${source.id} < ?)` : ''
  return db.read(
    `SELECT ${columns} FROM ${source.from} WHERE 1 = 1${absent}${filter.text}${keyset} ORDER BY ${source.by} DESC, ${source.id} DESC LIMIT ?`,
    [walletId, ...filter.params, ...(after ? [after.value, after.value, after.id] : []), limit],
  )
}

/** How many members match. */
export const memberCount = async (db: Reader, filter: Filter): Promise<number> => {
  const stats = filter.text.includes('s.') ? ' LEFT JOIN member_stats s ON s.memberId = m.id' : ''
  const [row] = await db.read<{ n: number }>(
    `SELECT COUNT(*) AS n FROM member m${stats} WHERE 1 = 1${filter.text}`,
    filter.params,
  )
  return Number(row.n)
}

/** A member's sums. Primary key. */
export const statsOf = async (
  db: Reader,
  memberId: string,
): Promise<{
  purchases: number
  spendFen: number
  refundFen: number
  lastPurchaseAt: number
  lastStoreId: string | null
} | null> => {
  const [row] = await db.read<{
    purchases: number
    spendFen: number
    refundFen: number
    lastPurchaseAt: number
    lastStoreId: string | null
  }>('SELECT purchases, spendFen, refundFen, lastPurchaseAt, lastStoreId FROM member_stats WHERE memberId = ?', [
    memberId,
  ])
  return row ?? null
}

/** Coupons a member can use or will, has used, and what they saved. Index coupon_wallet. */
export const couponFigures = async (
  db: Reader,
  memberId: string,
  now: number,
): Promise<{ held: number; redeemed: number; savedFen: number }> => {
  const [row] = await db.read<{ held: number | null; redeemed: number | null; savedFen: number | null }>(
    `SELECT SUM(CASE WHEN status = 'held' AND validTo >= ? THEN 1 ELSE 0 END) AS held,
            SUM(CASE WHEN status = 'used' THEN 1 ELSE 0 END) AS redeemed,
            SUM(CASE WHEN status = 'used' THEN savedFen ELSE 0 END) AS savedFen FROM coupon WHERE memberId = ?`,
    [now, memberId],
  )
  return { held: Number(row?.held ?? 0), redeemed: Number(row?.redeemed ?? 0), savedFen: Number(row?.savedFen ?? 0) }
}

/** Categories a member spends most on, returned goods left out. Index purchase_member, then the lines' primary key. */
export const favouriteCategoriesOf = async (
  db: Reader,
  memberId: string,
  limit: number,
): Promise<{ category: string; quantity: number; amountFen: number }[]> => {
  const rows = await db.read<{ category: string; bought: number; spentFen: number }>(
    `SELECT l.category, SUM(l.quantity - l.refundedQuantity) AS bought,
            SUM(CASE WHEN l.refundedQuantity = 0 THEN l.amountFen ELSE l.unitFen * (l.quantity - l.refundedQuantity) END) AS spentFen
     FROM purchase p JOIN purchase_line l ON l.purchaseId = p.id WHERE p.memberId = ?
     GROUP BY l.category HAVING bought > 0 ORDER BY spentFen DESC, l.category LIMIT ?`,
    [memberId, limit],
  )
  return rows.map((r) => ({ category: r.category, quantity: Number(r.bought), amountFen: Number(r.spentFen) }))
}

/** Where and when a member bought, newest first. Index purchase_member. */
export const visitsOf = (db: Reader, memberId: string, limit: number): Promise<{ storeId: string; at: number }[]> =>
  db.read('SELECT storeId, at FROM purchase WHERE memberId = ? ORDER BY at DESC, id DESC LIMIT ?', [memberId, limit])
