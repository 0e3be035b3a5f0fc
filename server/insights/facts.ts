import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import type { DaySum, Stretch } from './rules'

/**
 * Read-only SQL over the tables of other modules: the declared exception to the direction of imports. Nothing here writes, and nothing
 * else in this module but this file, member-facts.ts, store-facts.ts and timeline-facts.ts contains SQL. Every statement names the index it walks.
 */

/** Stores the figures are limited to; null: every store. */
export type Scope = readonly string[] | null
export const within = (column: string, scope: Scope): { text: string; params: string[] } =>
  scope ? { text: ` AND ${column} IN ${marks(scope)}`, params: [...scope] } : { text: '', params: [] }

/**
 * The last civil day from `from` to `today` on which any store sold: a store that has not sold yet today still shows today beside the
 * others. Index purchase_day.
 */
export const lastSaleDay = async (db: Reader, today: string, from: string): Promise<string | null> => {
  const [row] = await db.read<{ onDay: string }>(
    'SELECT onDay FROM purchase WHERE onDay <= ? AND onDay >= ? ORDER BY onDay DESC LIMIT 1',
    [today, from],
  )
  return row?.onDay ?? null
}

// Each sum by day tells apart what came later on the compared day than the stretch reaches (`inside` 0), so that one statement a table
// answers tiles, sparks and trend.
const inside = (day: string, at: string): string => `CASE WHEN ${day} = ? AND ${at} > ? THEN 0 ELSE 1 END AS inside`
const cut = (s: Stretch): (string | number)[] => [s.before, s.beforeUntil]

export interface SaleSum extends DaySum {
  storeId: string
  orders: number
  paidFen: number
  points: number
}
/** Purchases by day and store. Index purchase_day, which holds every column read. */
export const salesPerDay = (db: Reader, scope: Scope, s: Stretch, from: string): Promise<SaleSum[]> => {
  const stores = within('storeId', scope)
  return db.read(
    `SELECT onDay, storeId, ${inside('onDay', 'at')}, COUNT(*) AS orders, SUM(paidFen) AS paidFen, SUM(pointsEarned) AS points
     FROM purchase WHERE onDay >= ? AND onDay <= ? AND at <= ?${stores.text} GROUP BY onDay, storeId, inside`,
    [...cut(s), from, s.today, s.until, ...stores.params],
  )
}

export interface RefundSum extends DaySum {
  storeId: string
  refundFen: number
}
/** Refunds by day and store. Index refund_day. */
export const refundsPerDay = (db: Reader, scope: Scope, s: Stretch, from: string): Promise<RefundSum[]> => {
  const stores = within('storeId', scope)
  return db.read(
    `SELECT onDay, storeId, ${inside('onDay', 'at')}, SUM(amountFen) AS refundFen
     FROM refund WHERE onDay >= ? AND onDay <= ? AND at <= ?${stores.text} GROUP BY onDay, storeId, inside`,
    [...cut(s), from, s.today, s.until, ...stores.params],
  )
}

/** Members who joined, by day. Index member_joined, or member_store for some stores. */
export const joinsPerDay = (
  db: Reader,
  scope: Scope,
  s: Stretch,
  fromAt: number,
): Promise<(DaySum & { joined: number })[]> => {
  const stores = within('joinedStoreId', scope)
  return db.read(
    `SELECT joinedOn AS onDay, ${inside('joinedOn', 'joinedAt')}, COUNT(*) AS joined
     FROM member WHERE joinedAt >= ? AND joinedAt <= ?${stores.text} GROUP BY joinedOn, inside`,
    [...cut(s), fromAt, s.until, ...stores.params],
  )
}

/** Coupons redeemed and what they saved, by day; a redemption taken back has no day any more. Index coupon_redeemed. */
export const redemptionsPerDay = (
  db: Reader,
  scope: Scope,
  s: Stretch,
  from: string,
): Promise<(DaySum & { redeemed: number; savedFen: number })[]> => {
  const stores = within('storeId', scope)
  return db.read(
    `SELECT redeemedOn AS onDay, ${inside('redeemedOn', 'redeemedAt')}, COUNT(*) AS redeemed, SUM(savedFen) AS savedFen
     FROM coupon WHERE redeemedOn >= ? AND redeemedOn <= ? AND redeemedAt <= ?${stores.text} GROUP BY redeemedOn, inside`,
    [...cut(s), from, s.today, s.until, ...stores.params],
  )
}

/** Coupons issued since a day (index coupon_claimed) and templates on offer (index coupon_template_state): the group's, not a store's. */
export const couponTotals = async (
  db: Reader,
  from: string,
  today: string,
): Promise<{ issued: number; published: number }> => {
  const [[claims], [templates]] = await Promise.all([
    db.read<{ n: number }>('SELECT COUNT(*) AS n FROM coupon WHERE claimedOn >= ? AND claimedOn <= ?', [from, today]),
    db.read<{ n: number }>("SELECT COUNT(*) AS n FROM coupon_template WHERE state = 'published'"),
  ])
  return { issued: Number(claims.n), published: Number(templates.n) }
}

/** Points held (one pass over the accounts) and those that expire between two days (index points_lot_expiry): the group's wallet. */
export const pointsTotals = async (
  db: Reader,
  walletId: string,
  from: string,
  to: string,
): Promise<{ outstanding: number; expiring: number }> => {
  const [[held], [expiring]] = await Promise.all([
    db.read<{ n: number | null }>(
      'SELECT SUM(CASE WHEN balance > 0 THEN balance ELSE 0 END) AS n FROM points_account WHERE walletId = ?',
      [walletId],
    ),
    db.read<{ n: number | null }>(
      'SELECT SUM(remaining) AS n FROM points_lot WHERE expiresOn >= ? AND expiresOn <= ? AND walletId = ? AND remaining > 0',
      [from, to, walletId],
    ),
  ])
  return { outstanding: Number(held?.n ?? 0), expiring: Number(expiring?.n ?? 0) }
}

/** Active members by tier level. Index member_tier; for some stores member_store and member_stats_store. */
export const membersPerTier = (db: Reader, scope: Scope): Promise<{ level: number; members: number }[]> =>
  scope
    ? db.read(
        `SELECT m.tierLevel AS level, COUNT(*) AS members FROM (${homeIds(scope)}) h JOIN member m ON m.id = h.id
         WHERE m.status = 'active' GROUP BY m.tierLevel`,
        [...scope, ...scope],
      )
    : db.read("SELECT tierLevel AS level, COUNT(*) AS members FROM member WHERE status = 'active' GROUP BY tierLevel")

/** Ids of the members at home in some stores: joined there or last bought there. Binds the store ids twice. */
const homeIds = (scope: readonly string[]): string =>
  `SELECT id FROM member WHERE joinedStoreId IN ${marks(scope)} UNION SELECT memberId FROM member_stats WHERE lastStoreId IN ${marks(scope)}`

/** Members whose last purchase is not older than `since`; in some stores, whose last purchase there. Index member_stats_last. */
export const activeSince = async (db: Reader, scope: Scope, since: number): Promise<number> => {
  const stores = within('lastStoreId', scope)
  const [row] = await db.read<{ n: number }>(
    `SELECT COUNT(*) AS n FROM member_stats WHERE lastPurchaseAt >= ?${stores.text}`,
    [since, ...stores.params],
  )
  return Number(row.n)
}

/** Names of the stores in scope; a group has tens of them. */
export const storeNames = (db: Reader, scope: Scope): Promise<{ id: string; name: string; active: number }[]> => {
  const stores = within('id', scope)
  return db.read(`SELECT id, name, active FROM store WHERE 1 = 1${stores.text} ORDER BY name, id`, stores.params)
}

/** One row of what just happened, before names are filled in. */
export interface Happening {
  kind: 'purchase' | 'refund' | 'joined' | 'coupon' | 'tier'
  at: number
  memberId: string
  storeId: string | null
  amountFen: number | null
  text: string | null
}
/**
 * The latest events of the day the overview shows. Indexes purchase_day (purchase_store for some stores), refund_day, member_joined
 * (member_store), coupon_redeemed and the primary key of tier_change; a change of tier belongs to no store and is left out of a scope.
 */
export const latestHappenings = async (db: Reader, scope: Scope, s: Stretch, limit: number): Promise<Happening[]> => {
  const stores = within('storeId', scope)
  const homes = within('joinedStoreId', scope)
  const lists = await Promise.all([
    db.read<Happening>(
      `SELECT 'purchase' AS kind, at, memberId, storeId, paidFen AS amountFen, NULL AS text FROM purchase
       WHERE onDay = ? AND at <= ?${stores.text} ORDER BY at DESC LIMIT ?`,
      [s.today, s.until, ...stores.params, limit],
    ),
    db.read<Happening>(
      `SELECT 'refund' AS kind, at, memberId, storeId, amountFen, reason AS text FROM refund
       WHERE onDay = ? AND at <= ?${stores.text} ORDER BY at DESC LIMIT ?`,
      [s.today, s.until, ...stores.params, limit],
    ),
    db.read<Happening>(
      `SELECT 'joined' AS kind, joinedAt AS at, id AS memberId, joinedStoreId AS storeId, NULL AS amountFen, joinedBy AS text FROM member
       WHERE joinedAt <= ?${homes.text} ORDER BY joinedAt DESC, id DESC LIMIT ?`,
      [s.until, ...homes.params, limit],
    ),
    db.read<Happening>(
      `SELECT 'coupon' AS kind, c.redeemedAt AS at, c.memberId, c.storeId, c.savedFen AS amountFen, t.name AS text
       FROM coupon c JOIN coupon_template t ON t.id = c.templateId
       WHERE c.redeemedOn = ? AND c.redeemedAt <= ?${within('c.storeId', scope).text} ORDER BY c.redeemedAt DESC LIMIT ?`,
      [s.today, s.until, ...stores.params, limit],
    ),
    scope
      ? []
      : db.read<Happening>(
          `SELECT 'tier' AS kind, at, memberId, NULL AS storeId, toLevel AS amountFen, direction AS text FROM tier_change
           WHERE direction IN ('up', 'down') ORDER BY id DESC LIMIT ?`,
          [limit],
        ),
  ])
  return lists
    .flat()
    .filter((h) => h.at <= s.until)
    .sort((a, b) => b.at - a.at)
    .slice(0, limit)
}

/** Names of some members, at most 100. Primary key. */
export const memberNames = async (db: Reader, ids: readonly string[]): Promise<Map<string, string>> => {
  const wanted = [...new Set(ids)]
  const rows = await db.read<{ id: string; name: string }>(
    `SELECT id, name FROM member WHERE id IN ${marks(wanted)}`,
    wanted,
  )
  return new Map(rows.map((r) => [r.id, r.name]))
}
