import { DAY_MS, HOUR_MS } from '../../shared/time'
import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'

/** Read-only SQL about how sound the feed of purchases is; see facts.ts. */

/** The moment of the newest purchase; one from the future counts as now. Index purchase_day. */
export const newestPurchase = async (db: Reader, today: string, now: number): Promise<number | null> => {
  const [last] = await db.read<{ onDay: string }>(
    'SELECT onDay FROM purchase WHERE onDay <= ? ORDER BY onDay DESC LIMIT 1',
    [today],
  )
  if (!last) return null
  const [row] = await db.read<{ at: number }>('SELECT MAX(at) AS at FROM purchase WHERE onDay = ?', [last.onDay])
  return Math.min(now, Number(row.at))
}

/** Purchases of some days, in their order. Index purchase_day. */
export const ordersOn = async (db: Reader, days: readonly string[]): Promise<number[]> => {
  const rows = await db.read<{ onDay: string; n: number }>(
    `SELECT onDay, COUNT(*) AS n FROM purchase WHERE onDay IN ${marks(days)} GROUP BY onDay`,
    [...days],
  )
  const counts = new Map(rows.map((row) => [row.onDay, Number(row.n)]))
  return days.map((day) => counts.get(day) ?? 0)
}

/** What came in since an id, whatever day it is of: rows, repeated ones and impossible ones. Primary key. */
export const arrivedSince = async (
  db: Reader,
  sinceId: string,
  today: string,
): Promise<{ rows: number; repeated: number; wrong: number }> => {
  const [sums] = await db.read<{ n: number; wrong: number | null }>(
    `SELECT COUNT(*) AS n, SUM(CASE WHEN amountFen < 0 OR discountFen < 0 OR paidFen < 0 OR discountFen > amountFen
       OR paidFen <> amountFen - discountFen OR refundedFen > paidFen OR onDay > ? THEN 1 ELSE 0 END) AS wrong
     FROM purchase WHERE id >= ?`,
    [today, sinceId],
  )
  const [twice] = await db.read<{ n: number | null }>(
    `SELECT SUM(same - 1) AS n FROM (SELECT COUNT(*) AS same FROM purchase WHERE id >= ? AND amountFen > 0
       GROUP BY memberId, storeId, at - at % 60000, amountFen HAVING COUNT(*) > 1) AS twice`,
    [sinceId],
  )
  return { rows: Number(sums.n), repeated: Number(twice?.n ?? 0), wrong: Number(sums.wrong ?? 0) }
}

/** Upper ends of the bins of amounts, in fen; the last bin is open. */
const amountEnds = [500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000]

/** How many purchases of a stretch fall into each bin of amounts. Index purchase_day, which holds the column. */
export const amountBins = async (db: Reader, from: string, to: string): Promise<number[]> => {
  const bins = new Array<number>(amountEnds.length + 1).fill(0)
  const cases = amountEnds.map((end, i) => `WHEN paidFen < ${end} THEN ${i}`).join(' ')
  const rows = await db.read<{ bin: number; n: number }>(
    `SELECT CASE ${cases} ELSE ${amountEnds.length} END AS bin, COUNT(*) AS n FROM purchase WHERE onDay >= ? AND onDay <= ? GROUP BY bin`,
    [from, to],
  )
  for (const { bin, n } of rows) bins[bin] = Number(n)
  return bins
}

/** How many purchases of a stretch fall into each hour of the day. Index purchase_day, which holds the column. */
export const hourBins = async (db: Reader, from: string, to: string, zoneMinutes: number): Promise<number[]> => {
  const bins = new Array<number>(24).fill(0)
  const shift = zoneMinutes * 60_000
  const rows = await db.read<{ ms: number; n: number }>(
    `SELECT (at + ${shift}) % ${DAY_MS} - (at + ${shift}) % ${HOUR_MS} AS ms, COUNT(*) AS n FROM purchase WHERE onDay >= ? AND onDay <= ? GROUP BY ms`,
    [from, to],
  )
  for (const { ms, n } of rows) bins[Math.round(Number(ms) / HOUR_MS)] += Number(n)
  return bins
}

/** Rows of figures that wait to be counted again. Index member_stats_updated. */
export const waitingToBeCounted = async (db: Reader): Promise<number> => {
  const [row] = await db.read<{ n: number }>('SELECT COUNT(*) AS n FROM member_stats WHERE updatedAt = 0')
  return Number(row.n)
}
