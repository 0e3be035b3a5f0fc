import { endOfDay, startOfDay } from '../../shared/time'
import type { Reader } from '../db/transaction'
import type { DayFacts } from './rules'

/** Read-only SQL over other modules' tables: everything of one civil day, and which days changed. Every statement names its index. */

/** Everything that happened on a civil day. A busy shop has tens of thousands of rows of it. */
export const factsOfDay = async (db: Reader, onDay: string): Promise<DayFacts> => {
  const [from, to] = [startOfDay(onDay), endOfDay(onDay)]
  return {
    // Index purchase_day.
    purchases: await db.read('SELECT storeId, memberId, at, paidFen, discountFen FROM purchase WHERE onDay = ?', [
      onDay,
    ]),
    // Index refund_day.
    refunds: await db.read('SELECT storeId, at, amountFen FROM refund WHERE onDay = ?', [onDay]),
    // Index member_joined.
    joins: await db.read(
      'SELECT joinedStoreId AS storeId, COUNT(*) AS n FROM member WHERE joinedAt >= ? AND joinedAt <= ? GROUP BY joinedStoreId',
      [from, to],
    ),
    // Index coupon_claimed.
    issued: await db.read('SELECT templateId, COUNT(*) AS n FROM coupon WHERE claimedOn = ? GROUP BY templateId', [
      onDay,
    ]),
    // Index coupon_redeemed, then the purchase's primary key.
    redeemed: await db.read(
      `SELECT c.templateId, c.storeId, COUNT(*) AS n, SUM(c.savedFen) AS savedFen, SUM(p.paidFen) AS salesFen
       FROM coupon c LEFT JOIN purchase p ON p.id = c.purchaseId WHERE c.redeemedOn = ? GROUP BY c.templateId, c.storeId`,
      [onDay],
    ),
    // Index points_entry_day, which holds every column read.
    points: await db.read('SELECT kind, SUM(amount) AS amount FROM points_entry WHERE onDay = ? GROUP BY kind', [
      onDay,
    ]),
    // Index interaction_type_member.
    visits: await db.read(
      "SELECT COUNT(DISTINCT memberId) AS n FROM interaction WHERE type = 'page_view' AND onDay = ?",
      [onDay],
    ),
    // Index interaction_type_member.
    taps: await db.read(
      "SELECT page, width, x, y, target FROM interaction WHERE type = 'tap' AND onDay = ? AND page IS NOT NULL",
      [onDay],
    ),
  }
}

/** The smallest id that can have been made at a moment: ids begin with their time (db/id.ts). */
const idFrom = (epochMs: number): string => Math.max(0, epochMs).toString(36).padStart(8, '0')

/** Civil days whose sources gained or changed a row since a moment: purchases, refunds and coupons that came late change old days. */
export const daysTouched = async (db: Reader, since: number): Promise<string[]> => {
  const from = idFrom(since)
  const queries = [
    'SELECT DISTINCT onDay FROM purchase WHERE id >= ?',
    'SELECT DISTINCT onDay FROM refund WHERE id >= ?',
    'SELECT DISTINCT joinedOn AS onDay FROM member WHERE id >= ?',
    'SELECT DISTINCT claimedOn AS onDay FROM coupon WHERE id >= ?',
    'SELECT DISTINCT redeemedOn AS onDay FROM coupon WHERE id >= ? AND redeemedOn IS NOT NULL',
    `SELECT DISTINCT c.redeemedOn AS onDay FROM coupon_event e JOIN coupon c ON c.id = e.couponId
     WHERE e.id >= ? AND c.redeemedOn IS NOT NULL`,
    // Index interaction_id.
    'SELECT DISTINCT onDay FROM interaction WHERE id >= ?',
  ]
  const found = new Set<string>()
  for (const text of queries) for (const r of await db.read<{ onDay: string }>(text, [from])) found.add(r.onDay)
  return [...found].sort()
}

/** Moments at which coupons that were handed back since a moment had been redeemed: those days lose a redemption. */
export const redemptionsUndone = (db: Reader, since: number): Promise<{ at: number }[]> =>
  db.read(
    `SELECT DISTINCT b.at FROM coupon_event e JOIN coupon_event b ON b.couponId = e.couponId AND b.kind = 'redeem'
     WHERE e.id >= ? AND e.kind = 'reverse'`,
    [idFrom(since)],
  )

/** The first and the last civil day with a purchase, a member or points; null in an empty shop. Primary keys and indexes' ends. */
export const daysKnown = async (db: Reader): Promise<{ from: string; to: string } | null> => {
  const ends = await Promise.all(
    [
      'SELECT MIN(onDay) AS a, MAX(onDay) AS b FROM purchase',
      'SELECT MIN(onDay) AS a, MAX(onDay) AS b FROM refund',
      'SELECT MIN(onDay) AS a, MAX(onDay) AS b FROM points_entry',
      'SELECT MIN(claimedOn) AS a, MAX(claimedOn) AS b FROM coupon',
    ].map((text) => db.read<{ a: string | null; b: string | null }>(text)),
  )
  const days = ends.flatMap(([r]) => [r.a, r.b]).filter((d): d is string => !!d)
  return days.length
    ? { from: days.reduce((a, b) => (a < b ? a : b)), to: days.reduce((a, b) => (a > b ? a : b)) }
    : null
}

/** Open and closed stores; a group has tens. */
export const storesOf = (db: Reader): Promise<{ id: string; name: string; active: number }[]> =>
  db.read('SELECT id, name, active FROM store ORDER BY code')

/** Names of coupon templates. */
export const templateNames = async (db: Reader): Promise<Map<string, string>> => {
  const rows = await db.read<{ id: string; name: string }>('SELECT id, name FROM coupon_template')
  return new Map(rows.map((r) => [r.id, r.name]))
}
