import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'

/** What a store sold in a stretch of days. */
export interface StoreSales {
  storeId: string
  purchases: number
  amountFen: number
}

/** Purchases and what was paid, by store, on the days from `from` to `to`. Index purchase_day. */
export const salesOfStores = async (
  db: Reader,
  storeIds: readonly string[],
  from: string,
  to: string,
): Promise<StoreSales[]> => {
  const rows = await db.read<StoreSales>(
    `SELECT storeId, COUNT(*) AS purchases, SUM(paidFen) AS amountFen FROM purchase WHERE onDay >= ? AND onDay <= ? AND storeId IN ${marks(storeIds)} GROUP BY storeId`,
    [from, to, ...storeIds],
  )
  return rows.map((r) => ({ ...r, amountFen: Number(r.amountFen) }))
}
