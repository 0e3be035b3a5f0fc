import { DAY_MS, HOUR_MS } from '../../shared/time'
import type { Reader } from '../db/transaction'
import { breathe } from './work'

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

/** Rows of one look at what came in. */
const arrivalsAtOnce = 1000

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
  const days = new Map<string, { onDay: string; rows: number; wrong: number }>()
  let repeated = 0
  for (let from: string | null = sinceId; from !== null; ) {
    // In pieces, because the rows of a day at a large shop take longer than a request may wait.
    const [next]: { id: string }[] = await db.read<{ id: string }>(
      'SELECT id FROM purchase WHERE id >= ? ORDER BY id LIMIT 1 OFFSET ?',
      [from, arrivalsAtOnce],
    )
    const piece = { text: next ? 'n.id >= ? AND n.id < ?' : 'n.id >= ?', params: next ? [from, next.id] : [from] }
    const found = await db.read<{ onDay: string; n: number; wrong: number | null }>(
      `SELECT onDay, COUNT(*) AS n, SUM(CASE WHEN amountFen < 0 OR discountFen < 0 OR paidFen < 0 OR discountFen > amountFen
         OR paidFen <> amountFen - discountFen OR refundedFen > paidFen OR onDay > ? THEN 1 ELSE 0 END) AS wrong
       FROM purchase n WHERE ${piece.text} GROUP BY onDay`,
      [today, ...piece.params],
    )
    for (const { onDay, n, wrong } of found) {
      const day = days.get(onDay) ?? { onDay, rows: 0, wrong: 0 }
      days.set(onDay, { onDay, rows: day.rows + Number(n), wrong: day.wrong + Number(wrong ?? 0) })
    }
    const [twice] = await db.read<{ n: number }>(
      `SELECT COUNT(*) AS n FROM purchase n WHERE ${piece.text} AND n.amountFen > 0 AND EXISTS (SELECT 1 FROM purchase o
         WHERE o.memberId = n.memberId AND o.at >= n.at - n.at % 60000 AND o.at < n.at - n.at % 60000 + 60000 AND o.id < n.id
         AND COALESCE(o.storeId, '') = n.storeId AND o.amountFen = n.amountFen)`,
      piece.params,
    )
    repeated += Number(twice.n)
    from = next?.id ?? null
    await breathe()
  }
  return { days: [...days.values()], repeated }
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

/** The shapes of some days, counted from the purchases. Index purchase_day, which holds the columns. */
export const countShapes = async (
  db: Reader,
  days: readonly string[],
  zoneMinutes: number,
): Promise<Map<string, DayShape>> => {
  const shapes = new Map(days.map((onDay) => [onDay, emptyShape(onDay)]))
  const cases = amountEnds.map((end, i) => `WHEN paidFen < ${end} THEN ${i}`).join(' ')
  const moved = `(at + ${zoneMinutes * 60_000}) % ${DAY_MS}`
  for (const shape of shapes.values()) {
    const rows = await db.read<{ ms: number; bin: number; n: number }>(
      `SELECT ${moved} - ${moved} % ${HOUR_MS} AS ms, CASE ${cases} ELSE ${amountEnds.length} END AS bin, COUNT(*) AS n
       FROM purchase WHERE onDay = ? GROUP BY ms, bin`,
      [shape.onDay],
    )
    for (const { ms, bin, n } of rows) {
      shape.orders += Number(n)
      shape.amounts[Number(bin)] += Number(n)
      shape.hours[Math.round(Number(ms) / HOUR_MS)] += Number(n)
    }
    await breathe()
  }
  return shapes
}

/** Rows of figures that wait to be counted again. Index member_stats_updated. */
export const waitingToBeCounted = async (db: Reader): Promise<number> => {
  const [row] = await db.read<{ n: number }>('SELECT COUNT(*) AS n FROM member_stats WHERE updatedAt = 0')
  return Number(row.n)
}
