import type { Output } from '../../shared/contract'
import { civilDay, startOfDay } from '../../shared/time'
import { usedIn } from '../coupons/service'
import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import { inScope, type OperatorActor } from '../http/actor'
import { maskName } from '../mask'
import { namesOf } from '../members/service'
import { allStores } from '../operators/service'
import type { Purchase, PurchaseLine, Refund } from './entity'

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

/** One purchase of this member with its coupons and refunds; somebody else's is not found. */
export const ownPurchase = async (
  db: Reader,
  memberId: string,
  id: string,
): Promise<Output<'GET /me/purchases/:purchaseId'>> => {
  const [purchase] = await db.read<Purchase>('SELECT * FROM purchase WHERE id = ? AND memberId = ?', [id, memberId])
  if (!purchase) throw refuse('purchase_not_found')
  const [[row], coupons, refunds] = await Promise.all([
    viewPurchases(db, [purchase]),
    usedIn(db, id),
    db.read<Refund>('SELECT * FROM refund WHERE purchaseId = ? ORDER BY id', [id]),
  ])
  return {
    ...row,
    discountFen: purchase.discountFen,
    pointsTakenBack: purchase.pointsTakenBack,
    coupons,
    refunds: refunds.map((r) => ({
      id: r.id,
      at: r.at,
      amountFen: r.amountFen,
      pointsTakenBack: r.pointsTakenBack,
      pointsOwed: r.pointsOwed,
      reason: r.reason,
    })),
  }
}

/** What one operator took and gave back in a store, by kind of payment, in [from, until) epoch ms of the server's clock. */
export const takingsOf = async (
  db: Reader,
  w: { operatorId: string; storeId: string; from: number; until: number },
): Promise<{ taken: Taking[]; given: GivenBack[] }> => {
  const window = [w.operatorId, w.storeId, w.from, w.until]
  const [taken, given] = await Promise.all([
    db.read<Taking>(
      `SELECT payKind AS kind, COUNT(*) AS purchases, SUM(amountFen) AS amountFen, SUM(discountFen) AS discountFen, SUM(paidFen) AS paidFen,
         SUM(pointsEarned) AS points, SUM(offline) AS offline
       FROM purchase WHERE operatorId = ? AND storeId = ? AND recordedAt >= ? AND recordedAt < ? GROUP BY payKind`,
      window,
    ),
    db.read<GivenBack>(
      `SELECT p.payKind AS kind, COUNT(*) AS refunds, SUM(r.amountFen) AS amountFen, SUM(r.pointsTakenBack) AS points
       FROM refund r JOIN purchase p ON p.id = r.purchaseId
       WHERE r.operatorId = ? AND r.storeId = ? AND r.at >= ? AND r.at < ? GROUP BY p.payKind`,
      window,
    ),
  ])
  return { taken, given }
}
interface Taking {
  kind: string
  purchases: number
  amountFen: number
  discountFen: number
  paidFen: number
  points: number
  offline: number
}
interface GivenBack {
  kind: string
  refunds: number
  amountFen: number
  points: number
}

/** What these members bought from a moment on (epoch ms), oldest first; ids at most 500. */
export const purchasesSince = (
  db: Reader,
  memberIds: readonly string[],
  since: number,
): Promise<Pick<Purchase, 'id' | 'memberId' | 'at' | 'paidFen' | 'refundedFen' | 'status'>[]> =>
  db.read(
    `SELECT id, memberId, at, paidFen, refundedFen, status FROM purchase WHERE memberId IN ${marks(memberIds)} AND at >= ? ORDER BY at`,
    [...memberIds, since],
  )
