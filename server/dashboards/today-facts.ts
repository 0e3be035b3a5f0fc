import { HOUR_MS, startOfDay } from '../../shared/time'
import { type Bindable, marks } from '../db/statement'
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

/** Sums of a column by the hour, reckoned where the rows are: a busy day has tens of thousands. `%` is the one division all databases share. */
const byHourOf = (
  db: Reader,
  { table, fen, within }: { table: 'purchase' | 'refund'; fen: string; within: string },
  from: number,
  params: Bindable[],
): Promise<{ since: number; n: number; fen: number }[]> =>
  db.read(
    `SELECT (at - ?) - (at - ?) % ${HOUR_MS} AS since, COUNT(*) AS n, SUM(${fen}) AS fen FROM ${table} WHERE onDay = ? AND at <= ?${within} GROUP BY since`,
    [from, from, ...params],
  )

/** What happened on a day up to a moment. Indexes purchase_day, refund_day, member_joined (member_store) and coupon_redeemed. */
export const stretchSums = async (
  db: Reader,
  stores: readonly string[] | null,
  { day, until }: Stretch,
): Promise<StretchSums> => {
  const within = (column: string): string => (stores ? ` AND ${column} IN ${marks(stores)}` : '')
  const scope = stores ?? []
  const from = startOfDay(day)
  const params = [day, until, ...scope]
  const [sales, refunds, [buyers], [joined], [redeemed]] = await Promise.all([
    byHourOf(db, { table: 'purchase', fen: 'paidFen', within: within('storeId') }, from, params),
    byHourOf(db, { table: 'refund', fen: 'amountFen', within: within('storeId') }, from, params),
    db.read<{ n: number }>(
      `SELECT COUNT(DISTINCT memberId) AS n FROM purchase WHERE onDay = ? AND at <= ?${within('storeId')}`,
      params,
    ),
    db.read<{ n: number }>(
      `SELECT COUNT(*) AS n FROM member WHERE joinedAt >= ? AND joinedAt <= ?${within('joinedStoreId')}`,
      [from, until, ...scope],
    ),
    db.read<{ n: number }>(
      `SELECT COUNT(*) AS n FROM coupon WHERE redeemedOn = ? AND redeemedAt <= ?${within('storeId')}`,
      params,
    ),
  ])
  const byHour = new Map<number, number>()
  let salesFen = 0
  const count = (since: number, fen: number): void => {
    const hour = hourOf(Number(since), 0)
    byHour.set(hour, (byHour.get(hour) ?? 0) + fen)
    salesFen += fen
  }
  for (const s of sales) count(s.since, Number(s.fen))
  for (const r of refunds) count(r.since, -Number(r.fen))
  return {
    salesFen,
    orders: sales.reduce((n, s) => n + Number(s.n), 0),
    buyers: Number(buyers.n),
    joined: Number(joined.n),
    redeemed: Number(redeemed.n),
    byHour,
  }
}
