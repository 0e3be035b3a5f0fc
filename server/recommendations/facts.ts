import { type Bindable, marks } from '../db/statement'
import type { Reader } from '../db/transaction'

/** Read-only SQL over the tables of other modules: the declared exception to the direction of imports. Each statement names its index. */

/** A purchase or refund that a tail has found. */
export interface Tailed {
  id: string
  memberId: string
}
/** Purchases or refunds with ids after `after` and before `before`, in id order. Primary key. */
export const tail = (
  db: Reader,
  table: 'purchase' | 'refund',
  { after, before, limit }: { after: string; before: string; limit: number },
): Promise<Tailed[]> =>
  db.read(`SELECT id, memberId FROM ${table} WHERE id > ? AND id < ? ORDER BY id LIMIT ?`, [after, before, limit])

/** Members with purchases, in id order. Primary key of member_stats. */
export const buyersAfter = async (db: Reader, after: string, limit: number): Promise<string[]> =>
  (
    await db.read<{ memberId: string }>(
      'SELECT memberId FROM member_stats WHERE memberId > ? AND purchases > 0 ORDER BY memberId LIMIT ?',
      [after, limit],
    )
  ).map((r) => r.memberId)

/** What members bought and kept, line by line. */
export interface KeptLine {
  memberId: string
  productId: string
  onDay: string
}
const kept = "b.status <> 'refunded' AND l.quantity > l.refundedQuantity"

/**
 * Lines of some members who let us use them: active, personalisation on. Indexes purchase_member and the primary key of purchase_line.
 * At most 500 members.
 */
export const linesOfMembers = (db: Reader, memberIds: readonly string[]): Promise<KeptLine[]> =>
  db.read(
    `SELECT b.memberId, l.productId, b.onDay FROM member m JOIN purchase b ON b.memberId = m.id JOIN purchase_line l ON l.purchaseId = b.id
     WHERE m.id IN ${marks(memberIds)} AND m.personalised = 1 AND m.status = 'active' AND ${kept}`,
    [...memberIds],
  )

/** How many members bought each product on a day, by store. Index purchase_day. */
export const soldOn = (db: Reader, day: string): Promise<{ productId: string; storeId: string; buyers: number }[]> =>
  db.read(
    `SELECT l.productId, b.storeId, COUNT(DISTINCT b.memberId) AS buyers FROM purchase b JOIN purchase_line l ON l.purchaseId = b.id
     WHERE b.onDay = ? AND ${kept} GROUP BY l.productId, b.storeId`,
    [day],
  )

/** The first day anything was sold. Index purchase_day. */
export const firstSaleDay = async (db: Reader): Promise<string | null> =>
  (await db.read<{ onDay: string }>('SELECT onDay FROM purchase ORDER BY onDay LIMIT 1'))[0]?.onDay ?? null

export interface ProductRow {
  id: string
  name: string
  category: string
  priceFen: number
  active: number
}
/** The whole list of products: thousands, read once a minute by each process. */
export const allProducts = (db: Reader): Promise<ProductRow[]> =>
  db.read('SELECT id, name, category, priceFen, active FROM product')

/** One member as far as recommending needs it, with the packed history: three primary keys, one statement. */
export interface Shopper {
  id: string
  status: string
  personalised: number
  storeId: string | null
  visits: number | null
  entries: string | null
  updatedAt: number | null
}
export const shopperOf = async (db: Reader, memberId: string): Promise<Shopper | undefined> =>
  (
    await db.read<Shopper>(
      `SELECT m.id, m.status, m.personalised, COALESCE(s.lastStoreId, m.joinedStoreId) AS storeId, h.visits, h.entries, h.updatedAt
       FROM member m LEFT JOIN member_stats s ON s.memberId = m.id LEFT JOIN recommendation_history h ON h.memberId = m.id WHERE m.id = ?`,
      [memberId],
    )
  )[0]

/** Mean of what a member pays at a time, in fen; null without purchases. Primary key. */
export const usualSpend = async (db: Reader, memberId: string): Promise<number | null> => {
  const [row] = await db.read<{ purchases: number; spendFen: number }>(
    'SELECT purchases, spendFen FROM member_stats WHERE memberId = ?',
    [memberId],
  )
  return row?.purchases ? Math.round(row.spendFen / row.purchases) : null
}

/** Members whose history must go (switched off, no longer active) or is missing (switched on again), in id order. Walks member_stats. */
export const membersOutOfStep = (
  db: Reader,
  after: string,
  limit: number,
): Promise<{ memberId: string; wrong: number }[]> =>
  db.read(
    `SELECT s.memberId, CASE WHEN (m.personalised = 1 AND m.status = 'active') = (h.memberId IS NOT NULL) THEN 0 ELSE 1 END AS wrong
     FROM member_stats s JOIN member m ON m.id = s.memberId LEFT JOIN recommendation_history h ON h.memberId = s.memberId
     WHERE s.memberId > ? AND s.purchases > 0 ORDER BY s.memberId LIMIT ?`,
    [after, limit],
  )

/** Product lines of members on some days, with what was kept of them in fen. Indexes purchase_member and the key of purchase_line. */
export interface BoughtLine {
  purchaseId: string
  memberId: string
  productId: string
  at: number
  keptFen: number
}
export const boughtBetween = (
  db: Reader,
  memberIds: readonly string[],
  from: number,
  to: number,
): Promise<BoughtLine[]> => {
  const params: Bindable[] = [...memberIds, from, to]
  return db.read(
    `SELECT b.id AS purchaseId, b.memberId, l.productId, b.at, l.amountFen * (l.quantity - l.refundedQuantity) / l.quantity AS keptFen
     FROM purchase b JOIN purchase_line l ON l.purchaseId = b.id
     WHERE b.memberId IN ${marks(memberIds)} AND b.at >= ? AND b.at < ? AND ${kept}`,
    params,
  )
}

/** Names of some products. Primary key. */
export const productNames = async (db: Reader, ids: readonly string[]): Promise<Map<string, string>> => {
  const wanted = [...new Set(ids)]
  const rows = await db.read<{ id: string; name: string }>(
    `SELECT id, name FROM product WHERE id IN ${marks(wanted)}`,
    wanted,
  )
  return new Map(rows.map((r) => [r.id, r.name]))
}

/** Whether any product is of a category: one pass over the list of products, for an operator's rule. */
export const categoryExists = async (db: Reader, category: string): Promise<boolean> =>
  (await db.read('SELECT 1 AS found FROM product WHERE category = ? LIMIT 1', [category])).length > 0

/** What sold most often in all time, for a shop that has no model yet. Index purchase_line_product. */
export const bestSellers = (db: Reader, limit: number): Promise<ProductRow[]> =>
  db.read(
    `SELECT p.id, p.name, p.category, p.priceFen, p.active FROM product p JOIN (
       SELECT productId, COUNT(*) AS sold FROM purchase_line GROUP BY productId ORDER BY sold DESC LIMIT ?
     ) s ON s.productId = p.id WHERE p.active = 1 ORDER BY s.sold DESC, p.id LIMIT ?`,
    [limit * 3, limit],
  )
