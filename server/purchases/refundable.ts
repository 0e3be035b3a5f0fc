import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'

/** A line of a purchase of which something can still be refunded. */
export interface RefundableLine {
  memberId: string
  productId: string
  purchaseId: string
  at: number
  lineNo: number
  unitFen: number
  left: number
}

/** What these members bought of these goods through one source and still have; ids at most 500 each. */
export const refundableLines = (
  db: Reader,
  want: { source: string; memberIds: readonly string[]; productIds: readonly string[]; until: number },
): Promise<RefundableLine[]> =>
  db.read<RefundableLine>(
    `SELECT p.memberId, l.productId, p.id AS purchaseId, p.at, l.lineNo, l.unitFen, l.quantity - l.refundedQuantity AS \`left\`
     FROM purchase p JOIN purchase_line l ON l.purchaseId = p.id
     WHERE p.memberId IN ${marks(want.memberIds)} AND p.source = ? AND p.at <= ? AND l.productId IN ${marks(want.productIds)} AND l.quantity > l.refundedQuantity`,
    [...want.memberIds, want.source, want.until, ...want.productIds],
  )

/** Which of these refunds have been made already. Numbers at most 500. */
export const knownRefunds = async (
  db: Reader,
  source: string,
  externalNos: readonly string[],
): Promise<Set<string>> => {
  const rows = await db.read<{ externalNo: string }>(
    `SELECT externalNo FROM refund WHERE source = ? AND externalNo IN ${marks(externalNos)}`,
    [source, ...externalNos],
  )
  return new Set(rows.map((r) => r.externalNo))
}
