import { startOfDay } from '../../shared/time'
import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import { hourOf } from './rules'

/** Read-only SQL over other modules' tables: a civil day up to a moment, to the minute. */

export interface Stretch {
  day: string
  /** Epoch ms, inclusive. */
  until: number
}
export interface StretchSums {
  salesFen: number
  orders: number
  buyers: number
  joined: number
  redeemed: number
  byHour: Map<number, number>
}

/** What happened on a day up to a moment. Indexes purchase_day, refund_day, member_joined (member_store) and coupon_redeemed. */
export const stretchSums = async (
  db: Reader,
  stores: readonly string[] | null,
  { day, until }: Stretch,
): Promise<StretchSums> => {
  const within = (column: string): string => (stores ? ` AND ${column} IN ${marks(stores)}` : '')
  const scope = stores ?? []
  const from = startOfDay(day)
  const [sales, refunds, [buyers], [joined], [redeemed]] = await Promise.all([
    db.read<{ at: number; paidFen: number }>(
      `SELECT at, paidFen FROM purchase WHERE onDay = ? AND at <= ?${within('storeId')}`,
      [day, until, ...scope],
    ),
    db.read<{ at: number; amountFen: number }>(
      `SELECT at, amountFen FROM refund WHERE onDay = ? AND at <= ?${within('storeId')}`,
      [day, until, ...scope],
    ),
    db.read<{ n: number }>(
      `SELECT COUNT(DISTINCT memberId) AS n FROM purchase WHERE onDay = ? AND at <= ?${within('storeId')}`,
      [day, until, ...scope],
    ),
    db.read<{ n: number }>(
      `SELECT COUNT(*) AS n FROM member WHERE joinedAt >= ? AND joinedAt <= ?${within('joinedStoreId')}`,
      [from, until, ...scope],
    ),
    db.read<{ n: number }>(
      `SELECT COUNT(*) AS n FROM coupon WHERE redeemedOn = ? AND redeemedAt <= ?${within('storeId')}`,
      [day, until, ...scope],
    ),
  ])
  const byHour = new Map<number, number>()
  let salesFen = 0
  const count = (at: number, fen: number): void => {
    const hour = hourOf(Number(at), from)
    byHour.set(hour, (byHour.get(hour) ?? 0) + fen)
    salesFen += fen
  }
  for (const s of sales) count(s.at, Number(s.paidFen))
  for (const r of refunds) count(r.at, -Number(r.amountFen))
  return {
    salesFen,
    orders: sales.length,
    buyers: Number(buyers.n),
    joined: Number(joined.n),
    redeemed: Number(redeemed.n),
    byHour,
  }
}
