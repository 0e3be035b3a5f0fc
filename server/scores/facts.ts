import type { Bindable } from '../db/statement'
import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'

/** Read-only SQL over the tables of other modules: the declared exception to the direction of imports. Every statement names its index. */

/** A member with his figures and with his scores as they stand, as far as there are any. */
export interface StandingRow {
  id: string
  joinedOn: string
  purchases: number | null
  spendFen: number | null
  firstPurchaseAt: number | null
  lastPurchaseAt: number | null
  purchaseDays: number | null
  stage: string | null
  stageSince: string | null
  previousStage: string | null
  r: number | null
  f: number | null
  m: number | null
  rFixed: number | null
  fFixed: number | null
  mFixed: number | null
  rfm: string | null
  lastDay: string | null
  scoredPurchases: number | null
  scoredSpendFen: number | null
  dueOn: string | null
}
const standing = `SELECT m.id, m.joinedOn, s.purchases, s.spendFen, s.firstPurchaseAt, s.lastPurchaseAt, s.purchaseDays,
 c.stage, c.stageSince, c.previousStage, c.r, c.f, c.m, c.rFixed, c.fFixed, c.mFixed, c.rfm, c.lastDay, c.purchases AS scoredPurchases,
 c.spendFen AS scoredSpendFen, c.dueOn
 FROM member m LEFT JOIN member_stats s ON s.memberId = m.id LEFT JOIN member_score c ON c.memberId = m.id`

/** Active members after an id, in its order. Primary keys. */
export const standingPage = (db: Reader, after: string, limit: number): Promise<StandingRow[]> =>
  db.read(`${standing} WHERE m.id > ? AND m.status = 'active' ORDER BY m.id LIMIT ?`, [after, limit])

/** Some active members, at most 500. Primary keys. */
export const standingOf = (db: Reader, ids: readonly string[]): Promise<StandingRow[]> =>
  db.read(`${standing} WHERE m.id IN ${marks(ids)} AND m.status = 'active' ORDER BY m.id`, [...ids])

/** Everybody of a query that takes a last key and a limit, page by page. */
const pages = async function* <T>(
  read: (after: string, limit: number) => Promise<T[]>,
  keyOf: (row: T) => string,
  limit: number,
): AsyncGenerator<T[]> {
  for (let after = '', found = limit; found === limit; ) {
    const rows = await read(after, limit)
    found = rows.length
    if (!found) return
    after = keyOf(rows[found - 1])
    yield rows
  }
}

/** All active members with their standing. */
export const eachStanding = (db: Reader, limit: number): AsyncGenerator<StandingRow[]> =>
  pages(
    (after, n) => standingPage(db, after, n),
    (row) => row.id,
    limit,
  )

/** The figures of all buyers that quantiles are cut from. Primary key. */
export const eachFigure = (
  db: Reader,
  limit: number,
): AsyncGenerator<{ memberId: string; lastPurchaseAt: number; purchases: number; spendFen: number }[]> =>
  pages(
    (after, n) =>
      db.read<{ memberId: string; lastPurchaseAt: number; purchases: number; spendFen: number }>(
        'SELECT memberId, lastPurchaseAt, purchases, spendFen FROM member_stats WHERE memberId > ? AND purchases > 0 ORDER BY memberId LIMIT ?',
        [after, n],
      ),
    (row) => row.memberId,
    limit,
  )

/**
 * Members for whom something may have changed: their figures since a moment (member_stats_updated), their joining since then
 * (member_joined), or a day that has come (member_score_due).
 */
export const changedMembers = async (db: Reader, since: number, onDay: string): Promise<string[]> => {
  const found = new Set<string>()
  const lists = await Promise.all([
    db.read<{ id: string }>('SELECT memberId AS id FROM member_stats WHERE updatedAt >= ?', [since]),
    db.read<{ id: string }>('SELECT id FROM member WHERE joinedAt >= ?', [since]),
    db.read<{ id: string }>('SELECT memberId AS id FROM member_score WHERE dueOn <= ?', [onDay]),
  ])
  for (const list of lists) for (const { id } of list) found.add(id)
  return [...found].sort()
}

/** Whether no more members than a limit may have changed; the same indexes. */
export const fewChanged = async (db: Reader, since: number, onDay: string, limit: number): Promise<boolean> => {
  const counts = await Promise.all([
    countOf(db, '(SELECT 1 FROM member_stats WHERE updatedAt >= ? LIMIT ?) AS some', [since, limit + 1]),
    countOf(db, '(SELECT 1 FROM member WHERE joinedAt >= ? LIMIT ?) AS some', [since, limit + 1]),
    countOf(db, '(SELECT 1 FROM member_score WHERE dueOn <= ? LIMIT ?) AS some', [onDay, limit + 1]),
  ])
  return counts.reduce((sum, n) => sum + n, 0) <= limit
}

/** Scored members who are no longer active members. Primary keys. */
export const goneMembers = async (
  db: Reader,
  table: 'member_score' | 'member_forecast' | 'member_facts',
): Promise<string[]> => {
  const rows = await db.read<{ id: string }>(
    `SELECT c.memberId AS id FROM ${table} c LEFT JOIN member m ON m.id = c.memberId WHERE m.id IS NULL OR m.status <> 'active'`,
  )
  return rows.map((row) => row.id)
}

/** A purchase as scoring reads it; money after refunds. */
export interface BoughtRow {
  id: string
  memberId: string
  onDay: string
  fen: number
}
/** All purchases in the order of their ids, which is the order they came in. Primary key. */
export const eachPurchase = (db: Reader, limit: number): AsyncGenerator<BoughtRow[]> =>
  pages(
    (after, n) =>
      db.read<BoughtRow>(
        'SELECT id, memberId, onDay, paidFen - refundedFen AS fen FROM purchase WHERE id > ? ORDER BY id LIMIT ?',
        [after, n],
      ),
    (row) => row.id,
    limit,
  )

/** Ids and joining days of active members, in the order of ids. Primary key. */
export const eachMember = (db: Reader, limit: number): AsyncGenerator<{ id: string; joinedOn: string }[]> =>
  pages(
    (after, n) =>
      db.read<{ id: string; joinedOn: string }>(
        "SELECT id, joinedOn FROM member WHERE id > ? AND status = 'active' ORDER BY id LIMIT ?",
        [after, n],
      ),
    (row) => row.id,
    limit,
  )

/** How many rows a query finds. */
export const countOf = async (db: Reader, from: string, params: Bindable[] = []): Promise<number> => {
  const [row] = await db.read<{ n: number }>(`SELECT COUNT(*) AS n FROM ${from}`, params)
  return Number(row.n)
}

/** How many members there are, counted no further than a limit. */
export const membersUpTo = (db: Reader, limit: number): Promise<number> =>
  countOf(db, '(SELECT 1 FROM member LIMIT ?) AS some', [limit])

/** Ids of all members, in their order. Primary key. */
export const memberIds = (db: Reader, after: string, limit: number): Promise<{ id: string }[]> =>
  db.read('SELECT id FROM member WHERE id > ? ORDER BY id LIMIT ?', [after, limit])

/** Names and card numbers of some members, at most 100. Primary key. */
export const cardsOf = async (
  db: Reader,
  ids: readonly string[],
): Promise<Map<string, { cardNo: string; name: string }>> => {
  const rows = await db.read<{ id: string; cardNo: string; name: string }>(
    `SELECT id, cardNo, name FROM member WHERE id IN ${marks(ids)}`,
    [...ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** Names of the operators; a group has tens of them. */
export const operatorNames = async (db: Reader): Promise<Map<string, string>> => {
  const rows = await db.read<{ id: string; name: string }>('SELECT id, name FROM operator')
  return new Map(rows.map((row) => [row.id, row.name]))
}

/** Members with any influence, the most influential first. Index member_facts_influence. */
export const influences = (db: Reader): Promise<{ memberId: string; influence: number }[]> =>
  db.read('SELECT memberId, influence FROM member_facts WHERE influence > 0 ORDER BY influence DESC, memberId')
