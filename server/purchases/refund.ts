import { formatYuan } from '../../shared/money'
import { civilDay } from '../../shared/time'
import { returnCoupons } from '../coupons/service'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Tx } from '../db/transaction'
import { AppError, refuse } from '../errors'
import type { Command } from '../http/command'
import { appendEvents } from '../interactions/service'
import { type Accounts, clawBack, loadAccounts, usableAccount, writeAccounts } from '../points/service'
import { type Growth, type Level, levelsOf, loadGrowth, takeBackGrowth, writeGrowth } from '../tiers/service'
import type { Purchase, PurchaseLine, Refund } from './entity'
import { planRefund, type RefundPlan, undoRefusal } from './rules'
import { loadStats, type Stats, writeStats } from './stats'

/** A refund to be made. (source, externalNo) names it for good. */
export interface RefundRequest {
  source: string
  externalNo: string
  purchaseId: string
  lines?: { lineNo: number; quantity: number }[]
  amountFen?: number
  reason: string
  at: number
  operatorId: string | null
  /** Stores the operator may act for; null: all. */
  storeIds: string[] | null
  /** The till's undo button: all of it, once, within its minute, by whoever recorded it. */
  undo?: boolean
}
/** What a refund did. */
export interface Refunded {
  refund: Refund
  purchase: Purchase
  repeated: boolean
  couponsReturned: string[]
}
interface State {
  now: number
  purchases: Map<string, Purchase & { lines: PurchaseLine[] }>
  known: Map<string, Refund>
  accounts: Accounts
  growth: Map<string, Growth>
  levels: Level[]
  stats: Map<string, Stats>
  made: { refund: Refund; plan: RefundPlan; purchase: Purchase }[]
  coupons: Map<string, string[]>
}

const keyOf = (r: { source: string; externalNo: string }): string => `${r.source}/${r.externalNo}`

const loadPurchases = async (tx: Tx, ids: readonly string[]): Promise<State['purchases']> => {
  const sorted = [...new Set(ids)].sort()
  const rows = await tx.read<Purchase>(
    `SELECT * FROM purchase WHERE id IN ${marks(sorted)} ORDER BY id${tx.lock}`,
    sorted,
  )
  const lines = await tx.read<PurchaseLine>(
    `SELECT * FROM purchase_line WHERE purchaseId IN ${marks(sorted)} ORDER BY purchaseId, lineNo`,
    sorted,
  )
  return new Map(rows.map((p) => [p.id, { ...p, lines: lines.filter((l) => l.purchaseId === p.id) }]))
}

const refundOne = (state: State, r: RefundRequest): Refunded | AppError => {
  const purchase = state.purchases.get(r.purchaseId)
  if (!purchase) return refuse('purchase_not_found')
  if (r.storeIds && !r.storeIds.includes(purchase.storeId)) return refuse('store_out_of_scope')
  const known = state.known.get(keyOf(r))
  if (known) return { refund: known, purchase, repeated: true, couponsReturned: [] }
  const tooLate = r.undo ? undoRefusal(purchase, r.operatorId, state.now) : null
  if (tooLate) return tooLate
  const plan = planRefund(purchase, r)
  if (plan instanceof AppError) return plan
  const account = usableAccount(state.accounts, purchase.memberId)
  const growth = state.growth.get(purchase.memberId)
  const stats = state.stats.get(purchase.memberId)
  // A member who has left gets the money back all the same; there is nothing to take back from.
  const open = account instanceof AppError ? null : account
  const id = newId(state.now)
  const onDay = civilDay(r.at)
  let owed = 0
  const pointsTakenBack = open ? plan.pointsTakenBack : 0
  if (open && pointsTakenBack > 0)
    owed = clawBack(
      open,
      { amount: pointsTakenBack, lotSeq: purchase.pointsSeq },
      { at: r.at, onDay },
      { type: 'refund', id, note: `退款 ${formatYuan(plan.refundFen)}` },
    ).owed
  const growthTakenBack = growth
    ? takeBackGrowth(growth, plan.growthTakenBack, r.at, purchase.onDay, { type: 'refund', id }, state.levels, onDay)
    : 0
  purchase.refundedFen += plan.refundFen
  purchase.pointsTakenBack += pointsTakenBack
  purchase.growthTakenBack += growthTakenBack
  purchase.status = plan.whole ? 'refunded' : 'part_refunded'
  purchase.refundedAt = r.at
  for (const l of plan.lines) {
    const line = purchase.lines.find((x) => x.lineNo === l.lineNo)
    if (line) line.refundedQuantity += l.quantity
  }
  stats?.addRefund(plan.refundFen, purchase.onDay)
  const refund: Refund = {
    id,
    source: r.source,
    externalNo: r.externalNo,
    purchaseId: purchase.id,
    memberId: purchase.memberId,
    storeId: purchase.storeId,
    operatorId: r.operatorId,
    at: r.at,
    onDay,
    amountFen: plan.refundFen,
    pointsTakenBack,
    pointsOwed: owed,
    growthTakenBack,
    reason: r.reason,
  }
  state.known.set(keyOf(r), refund)
  state.made.push({ refund, plan, purchase })
  return {
    refund,
    purchase,
    repeated: false,
    couponsReturned: plan.whole ? (state.coupons.get(purchase.id) ?? []) : [],
  }
}

/** Refunds purchases, whole or in part: what a purchase gave is taken back, its coupons return when all of it is refunded. */
export const refundPurchases: Command<RefundRequest, State, Refunded> = {
  load: async (tx, requests, now) => {
    // The member comes before the purchase in the order of locks, so its id is read without one first.
    const ids = [...new Set(requests.map((r) => r.purchaseId))]
    const owners = await tx.read<{ id: string; memberId: string }>(
      `SELECT id, memberId FROM purchase WHERE id IN ${marks(ids)}`,
      ids,
    )
    const memberIds = [...new Set(owners.map((o) => o.memberId))]
    const accounts = await loadAccounts(tx, memberIds, { lots: true, now })
    const growth = await loadGrowth(tx, memberIds, civilDay(now))
    const purchases = await loadPurchases(tx, ids)
    const used = await tx.read<{ id: string; purchaseId: string }>(
      `SELECT id, purchaseId FROM coupon WHERE purchaseId IN ${marks(ids)} AND status = 'used'`,
      ids,
    )
    const known = new Map<string, Refund>()
    for (const source of new Set(requests.map((r) => r.source))) {
      const numbers = requests.filter((r) => r.source === source).map((r) => r.externalNo)
      for (const row of await tx.read<Refund>(
        `SELECT * FROM refund WHERE source = ? AND externalNo IN ${marks(numbers)}`,
        [source, ...numbers],
      ))
        known.set(keyOf(row), row)
    }
    return {
      now,
      purchases,
      known,
      accounts,
      growth,
      levels: await levelsOf(tx),
      stats: await loadStats(tx, memberIds, now),
      made: [],
      coupons: new Map(ids.map((id) => [id, used.filter((u) => u.purchaseId === id).map((u) => u.id)])),
    }
  },
  decide: (state, requests) => requests.map((r) => refundOne(state, r)),
  write: (tx, state) => {
    writeAccounts(tx, state.accounts, state.now)
    writeGrowth(tx, state.growth, state.now)
    tx.insert(
      'refund',
      state.made.map((m) => ({ ...m.refund })),
    )
    tx.insert(
      'refund_line',
      state.made.flatMap((m) => m.plan.lines.map((l) => ({ refundId: m.refund.id, ...l }))),
    )
    for (const p of new Set(state.made.map((m) => m.purchase)))
      tx.write(
        'UPDATE purchase SET refundedFen = ?, pointsTakenBack = ?, growthTakenBack = ?, status = ?, refundedAt = ? WHERE id = ?',
        [p.refundedFen, p.pointsTakenBack, p.growthTakenBack, p.status, p.refundedAt, p.id],
      )
    for (const m of state.made)
      for (const l of m.plan.lines)
        tx.write(
          'UPDATE purchase_line SET refundedQuantity = refundedQuantity + ? WHERE purchaseId = ? AND lineNo = ?',
          [l.quantity, m.purchase.id, l.lineNo],
        )
    for (const m of state.made)
      if (m.plan.whole) returnCoupons(tx, state.coupons.get(m.purchase.id) ?? [], m.refund.operatorId, state.now)
    writeStats(tx, state.stats)
    appendEvents(
      tx,
      state.made.map(({ refund: r }) => ({
        memberId: r.memberId,
        eventId: `refund:${r.id}`,
        type: 'refund',
        at: r.at,
        target: r.purchaseId,
        origin: 'server' as const,
      })),
      state.now,
    )
  },
}
