import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import { allStores } from '../operators/service'
import type { Purchase } from './entity'

/** A purchase as its buyer may name it. Money in fen, `at` in epoch ms. */
export interface OwnPurchase {
  id: string
  no: string
  at: number
  storeId: string
  storeName: string
  paidFen: number
  refundedFen: number
}
/** One bought line that is not given back as a whole. */
export interface OwnLine {
  purchaseId: string
  lineNo: number
  productId: string
  name: string
  category: string
  unitFen: number
  at: number
}

/** The newest purchases of a member since a moment that are not refunded as a whole, at most `limit`. */
export const latestPurchases = async (
  db: Reader,
  memberId: string,
  { since, limit }: { since: number; limit: number },
): Promise<OwnPurchase[]> => {
  const [rows, stores] = await Promise.all([
    db.read<Purchase>(
      "SELECT * FROM purchase WHERE memberId = ? AND at >= ? AND status <> 'refunded' ORDER BY at DESC, id DESC LIMIT ?",
      [memberId, since, limit],
    ),
    allStores(db),
  ])
  return rows.map((p) => ({
    id: p.id,
    no: p.externalNo,
    at: p.at,
    storeId: p.storeId,
    storeName: stores.find((s) => s.id === p.storeId)?.name ?? '',
    paidFen: p.paidFen,
    refundedFen: p.refundedFen,
  }))
}

/** One purchase of this member, whatever became of it, or null. */
export const ownPurchase = async (
  db: Reader,
  memberId: string,
  purchaseId: string,
): Promise<Pick<Purchase, 'id' | 'externalNo' | 'at' | 'storeId' | 'status'> | null> =>
  (
    await db.read<Purchase>('SELECT id, externalNo, at, storeId, status FROM purchase WHERE id = ? AND memberId = ?', [
      purchaseId,
      memberId,
    ])
  )[0] ?? null

/** The lines of some purchases that still have goods on them, at most 500 purchases, newest purchase first. */
export const ownLines = async (db: Reader, memberId: string, purchaseIds: readonly string[]): Promise<OwnLine[]> =>
  db.read<OwnLine>(
    `SELECT l.purchaseId, l.lineNo, l.productId, l.name, l.category, l.unitFen, p.at FROM purchase_line l JOIN purchase p ON p.id = l.purchaseId
     WHERE l.purchaseId IN ${marks(purchaseIds)} AND p.memberId = ? AND l.refundedQuantity < l.quantity ORDER BY p.at DESC, l.purchaseId, l.lineNo`,
    [...purchaseIds, memberId],
  )

/** Goods by their ids, at most 500; what the shop does not know is left out. */
export const productsByIds = (
  db: Reader,
  ids: readonly string[],
): Promise<{ id: string; name: string; category: string; priceFen: number }[]> =>
  db.read(`SELECT id, name, category, priceFen FROM product WHERE id IN ${marks(ids)}`, [...ids])
