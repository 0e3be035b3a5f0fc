import type { Output } from '../../shared/contract'
import { civilDay, startOfDay } from '../../shared/time'
import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import { inScope, type OperatorActor } from '../http/actor'
import { maskName } from '../mask'
import { namesOf } from '../members/service'
import { allStores } from '../operators/service'
import type { Purchase, PurchaseLine } from './entity'

type Row = Output<'GET /staff/purchases/:purchaseId'>

/** Purchases as staff and members read them: two further queries for any number of rows. */
export const viewPurchases = async (db: Reader, purchases: readonly Purchase[]): Promise<Row[]> => {
  if (!purchases.length) return []
  const ids = purchases.map((p) => p.id)
  const [lines, stores, names] = await Promise.all([
    db.read<PurchaseLine>(
      `SELECT * FROM purchase_line WHERE purchaseId IN ${marks(ids)} ORDER BY purchaseId, lineNo`,
      ids,
    ),
    allStores(db),
    namesOf(db, [...new Set(purchases.map((p) => p.memberId))]),
  ])
  return purchases.map((p) => ({
    id: p.id,
    no: p.externalNo,
    at: p.at,
    storeName: stores.find((s) => s.id === p.storeId)?.name ?? '',
    memberId: p.memberId,
    memberNameMasked: maskName(names.get(p.memberId) ?? ''),
    amountFen: p.amountFen,
    paidFen: p.paidFen,
    refundedFen: p.refundedFen,
    pointsEarned: p.pointsEarned,
    status: p.status as Row['status'],
    source: p.source === 'staff' || p.source === 'pos' ? p.source : 'import',
    lines: lines
      .filter((l) => l.purchaseId === p.id)
      .map((l) => ({
        lineNo: l.lineNo,
        name: l.name,
        quantity: l.quantity,
        refundedQuantity: l.refundedQuantity,
        unitFen: l.unitFen,
      })),
  }))
}

const before = (cursor?: string): { at: number; id: string } => {
  const [at, id] = cursor?.split('-') ?? []
  return /^\d+$/.test(at ?? '') && id ? { at: Number(at), id } : { at: Number.MAX_SAFE_INTEGER, id: '~' }
}

const pageOf = async (
  db: Reader,
  where: string,
  params: (string | number)[],
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<{ items: Row[]; nextCursor: string | null }> => {
  const from = before(cursor)
  const rows = await db.read<Purchase>(
    `SELECT * FROM purchase WHERE ${where} AND (at < ? OR (at = ? AND id < ?)) ORDER BY at DESC, id DESC LIMIT ?`,
    [...params, from.at, from.at, from.id, limit + 1],
  )
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: await viewPurchases(db, shown),
    nextCursor: rows.length > limit && last ? `${last.at}-${last.id}` : null,
  }
}

/** A member's purchases, newest first. */
export const purchasesOfMember = (
  db: Reader,
  memberId: string,
  paging: { cursor?: string; limit: number },
): Promise<{ items: Row[]; nextCursor: string | null }> => pageOf(db, 'memberId = ?', [memberId], paging)

/** A store's purchases, newest first; of one member or one number where given. */
export const purchasesOfStore = (
  db: Reader,
  storeId: string,
  { memberId, no, ...paging }: { memberId?: string; no?: string; cursor?: string; limit: number },
): Promise<{ items: Row[]; nextCursor: string | null }> =>
  pageOf(
    db,
    `storeId = ?${memberId ? ' AND memberId = ?' : ''}${no ? ' AND externalNo = ?' : ''}`,
    [storeId, ...(memberId ? [memberId] : []), ...(no ? [no] : [])],
    paging,
  )

/** One purchase in the operator's scope. */
export const purchaseById = async (db: Reader, actor: OperatorActor, id: string): Promise<Row> => {
  const rows = await db.read<Purchase>('SELECT * FROM purchase WHERE id = ?', [id])
  if (!rows.length) throw refuse('purchase_not_found')
  inScope(actor, rows[0].storeId)
  return (await viewPurchases(db, rows))[0]
}

/** What one operator did today. */
export const shiftOf = async (
  db: Reader,
  operatorId: string,
  now: number,
): Promise<Output<'GET /staff/me'>['today']> => {
  const today = civilDay(now)
  const from = startOfDay(today)
  const [[bought], [refunded], [redeemed], [joined]] = await Promise.all([
    db.read<{ n: number; sum: number | null }>(
      'SELECT COUNT(*) AS n, SUM(paidFen) AS sum FROM purchase WHERE onDay = ? AND operatorId = ?',
      [today, operatorId],
    ),
    db.read<{ n: number; sum: number | null }>(
      'SELECT COUNT(*) AS n, SUM(amountFen) AS sum FROM refund WHERE onDay = ? AND operatorId = ?',
      [today, operatorId],
    ),
    db.read<{ n: number }>(
      "SELECT COUNT(*) AS n FROM coupon WHERE redeemedOn = ? AND operatorId = ? AND status = 'used'",
      [today, operatorId],
    ),
    db.read<{ n: number }>(
      "SELECT COUNT(*) AS n FROM audit WHERE operatorId = ? AND action = 'POST /staff/members' AND at >= ?",
      [operatorId, from],
    ),
  ])
  return {
    purchases: bought.n,
    amountFen: Number(bought.sum ?? 0),
    refunds: refunded.n,
    refundFen: Number(refunded.sum ?? 0),
    redemptions: redeemed.n,
    joined: joined.n,
  }
}
