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

/**
 * What came in since an id, whatever day it is of: by day the rows and the impossible ones, and how many repeat an earlier row of any age
 * (the same member, store, minute and amount). Primary key; index purchase_member for the earlier rows, and never purchase_store, which a
 * planner that knows nothing of the table yet would take for a shop of one store: hence the COALESCE.
 */
export const arrivedSince = async (
  db: Reader,
  sinceId: string,
  today: string,
): Promise<{ days: { onDay: string; rows: number; wrong: number }[]; repeated: number }> => {
  const days = await db.read<{ onDay: string; n: number; wrong: number | null }>(
    `SELECT onDay, COUNT(*) AS n, SUM(CASE WHEN amountFen < 0 OR discountFen < 0 OR paidFen < 0 OR discountFen > amountFen
       OR paidFen <> amountFen - discountFen OR refundedFen > paidFen OR onDay > ? THEN 1 ELSE 0 END) AS wrong
     FROM purchase WHERE id >= ? GROUP BY onDay`,
    [today, sinceId],
  )
  const [twice] = await db.read<{ n: number }>(
    `SELECT COUNT(*) AS n FROM purchase n WHERE n.id >= ? AND n.amountFen > 0 AND EXISTS (SELECT 1 FROM purchase o
       WHERE o.memberId = n.memberId AND o.at >= n.at - n.at % 60000 AND o.at < n.at - n.at % 60000 + 60000 AND o.id < n.id
       AND COALESCE(o.storeId, '') = n.storeId AND o.amountFen = n.amountFen)`,
    [sinceId],
  )
  return {
    days: days.map(({ onDay, n, wrong }) => ({ onDay, rows: Number(n), wrong: Number(wrong ?? 0) })),
    repeated: Number(twice.n),
  }
}

/** Upper ends of the bins of amounts, in fen; the last bin is open. */
const amountEnds = [500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000]

/** What a day's purchases look like: how many fall into each bin of amounts and into each hour. */
export interface DayShape {
  onDay: string
  orders: number
  amounts: number[]
  hours: number[]
}
export const emptyShape = (onDay: string): DayShape => ({
  onDay,
  orders: 0,
  amounts: new Array<number>(amountEnds.length + 1).fill(0),
  hours: new Array<number>(24).fill(0),
})

/** The shapes of some days (at most 500), counted from the purchases. Index purchase_day, which holds the columns. */
export const countShapes = async (
  db: Reader,
  days: readonly string[],
  zoneMinutes: number,
): Promise<Map<string, DayShape>> => {
  const shapes = new Map(days.map((onDay) => [onDay, emptyShape(onDay)]))
  if (!days.length) return shapes
  const cases = amountEnds.map((end, i) => `WHEN paidFen < ${end} THEN ${i}`).join(' ')
  const moved = `(at + ${zoneMinutes * 60_000}) % ${DAY_MS}`
  const rows = await db.read<{ onDay: string; ms: number; bin: number; n: number }>(
    `SELECT onDay, ${moved} - ${moved} % ${HOUR_MS} AS ms, CASE ${cases} ELSE ${amountEnds.length} END AS bin, COUNT(*) AS n
     FROM purchase WHERE onDay IN ${marks(days)} GROUP BY onDay, ms, bin`,
    [...days],
  )
  for (const { onDay, ms, bin, n } of rows) {
    const shape = shapes.get(onDay)
    if (!shape) continue
    shape.orders += Number(n)
    shape.amounts[Number(bin)] += Number(n)
    shape.hours[Math.round(Number(ms) / HOUR_MS)] += Number(n)
  }
  return shapes
}

/** Rows of figures that wait to be counted again. Index member_stats_updated. */
export const waitingToBeCounted = async (db: Reader): Promise<number> => {
  const [row] = await db.read<{ n: number }>('SELECT COUNT(*) AS n FROM member_stats WHERE updatedAt = 0')
  return Number(row.n)
}
