import type { Output, Parsed } from '../../shared/contract'
import { civilDay, startOfDay } from '../../shared/time'
import type { Reader, Tx } from '../db/transaction'
import { type AppError, refuse } from '../errors'
import { inScope, type OperatorActor } from '../http/actor'
import { loadScan } from '../members/service'
import { checkLock, countFailure, requireStore, storeById } from '../operators/service'
import { requireState } from './close'
import type { RewardOrder } from './entity'
import { appendRewardEvents } from './redeem'
import { rewardPolicy } from './rules'
import { viewStaffOrders } from './views'

type StaffOrder = Output<'POST /staff/reward-pickups'>
const one = async (db: Reader, order: RewardOrder, actor: OperatorActor, now: number): Promise<StaffOrder> =>
  (await viewStaffOrders(db, [order], actor.operatorId, now))[0]

/** A reward waits in one store: everywhere else its code is refused with both names. */
const requireRightStore = async (db: Reader, order: RewardOrder, storeId: string): Promise<void> => {
  if (!order.storeId || order.storeId === storeId) return
  throw refuse('reward_store_wrong', { reason: `请到${(await storeById(db, order.storeId)).name}领取` })
}

/**
 * What a pick-up code stands for, in one of this operator's stores. Wrong codes are counted; the refusal is returned, so that the count
 * stays.
 */
export const lookUpPickup = async (
  tx: Tx,
  actor: OperatorActor,
  { storeId, code }: Parsed<'POST /staff/reward-pickups'>,
  now: number,
): Promise<StaffOrder | AppError> => {
  await requireStore(tx, actor, storeId)
  const lockedFor = await checkLock(tx, rewardPolicy.codeGuesses, actor.operatorId, now)
  if (lockedFor) return refuse('pickup_code_locked', { retryAfterSeconds: lockedFor })
  const [order] = await tx.read<RewardOrder>('SELECT * FROM reward_order WHERE pickupCode = ?', [code])
  if (!order) {
    await countFailure(tx, rewardPolicy.codeGuesses, actor.operatorId, now)
    return refuse('pickup_code_invalid')
  }
  requireState(order, ['ready'])
  await requireRightStore(tx, order, storeId)
  return one(tx, order, actor, now)
}

/** Hands a reward out, once: the state changes only where it is still ready. Proof is the code, or its owner's scan. */
export const handOut = async (
  tx: Tx,
  actor: OperatorActor,
  { orderId, storeId, code, scanId }: Parsed<'POST /staff/reward-orders/:orderId/hand-outs'>,
  now: number,
): Promise<StaffOrder> => {
  await requireStore(tx, actor, storeId)
  const [order] = await tx.read<RewardOrder>(`SELECT * FROM reward_order WHERE id = ?${tx.lock}`, [orderId])
  if (!order) throw refuse('reward_order_not_found')
  requireState(order, ['ready'])
  const scan = scanId ? await loadScan(tx, actor, scanId, now) : null
  if (scan?.via === 'offline') throw refuse('offline_earn_only')
  const proved = scan ? scan.memberId === order.memberId : code === order.pickupCode
  if (!proved) throw refuse('pickup_code_invalid')
  await requireRightStore(tx, order, storeId)
  const changed = await tx.run(
    "UPDATE reward_order SET state = 'handed', handedAt = ?, handedBy = ?, closedAt = ?, dueAt = NULL WHERE id = ? AND state = 'ready'",
    [now, actor.operatorId, now, orderId],
  )
  if (!changed) throw refuse('reward_order_bad_state', { state: '已取货' })
  appendRewardEvents(
    tx,
    [{ rewardId: order.rewardId, orderId, kind: 'hand_out', delta: 0, operatorId: actor.operatorId, note: '' }],
    now,
  )
  return one(tx, { ...order, state: 'handed', handedAt: now, handedBy: actor.operatorId, dueAt: null }, actor, now)
}

/** Takes a hand-out back within a minute, by whoever made it: the order is exactly as before, its code good again. */
export const undoHandOut = async (tx: Tx, actor: OperatorActor, orderId: string, now: number): Promise<StaffOrder> => {
  const [order] = await tx.read<RewardOrder>(`SELECT * FROM reward_order WHERE id = ?${tx.lock}`, [orderId])
  if (!order || order.handedBy !== actor.operatorId) throw refuse('reward_order_not_found')
  requireState(order, ['handed'])
  if (order.storeId) inScope(actor, order.storeId)
  const handedAt = order.handedAt ?? 0
  if (now > handedAt + rewardPolicy.undoMs) throw refuse('undo_too_late', { seconds: rewardPolicy.undoMs / 1000 })
  const dueAt = await dueBefore(tx, order)
  const changed = await tx.run(
    "UPDATE reward_order SET state = 'ready', handedAt = NULL, handedBy = NULL, closedAt = NULL, dueAt = ? WHERE id = ? AND state = 'handed'",
    [dueAt, orderId],
  )
  if (!changed) throw refuse('reward_order_bad_state', { state: '待取货' })
  appendRewardEvents(
    tx,
    [{ rewardId: order.rewardId, orderId, kind: 'undo', delta: 0, operatorId: actor.operatorId, note: '' }],
    now,
  )
  return one(tx, { ...order, state: 'ready', handedAt: null, handedBy: null, dueAt }, actor, now)
}

/** Until when an order that was ready could be collected: from its payment, or from its beginning where nothing was paid. */
const dueBefore = async (tx: Tx, order: RewardOrder): Promise<number> => {
  const [row] = await tx.read<{ pickupDays: number; paidAt: number | null }>(
    'SELECT r.pickupDays, p.paidAt FROM reward r LEFT JOIN reward_payment p ON p.orderId = ? WHERE r.id = ?',
    [order.id, order.rewardId],
  )
  return Number(row.paidAt ?? order.createdAt) + row.pickupDays * 86_400_000
}

/** What the member at the counter can collect in this store. */
export const ordersAtCounter = async (
  db: Reader,
  actor: OperatorActor,
  scanId: string,
  now: number,
): Promise<{ items: StaffOrder[] }> => {
  const scan = await loadScan(db, actor, scanId, now)
  const rows =
    scan.via === 'offline'
      ? []
      : await db.read<RewardOrder>(
          "SELECT * FROM reward_order WHERE memberId = ? AND state = 'ready' AND storeId = ? ORDER BY id LIMIT 20",
          [scan.memberId, scan.storeId],
        )
  return { items: await viewStaffOrders(db, rows, actor.operatorId, now) }
}

/** A store's rewards that wait, oldest first, or those this operator has handed out today, newest first. */
export const staffOrders = async (
  db: Reader,
  actor: OperatorActor,
  { storeId, tab, cursor, limit }: Parsed<'GET /staff/reward-orders'>,
  now: number,
): Promise<Output<'GET /staff/reward-orders'>> => {
  await requireStore(db, actor, storeId)
  const rows =
    tab === 'ready'
      ? await db.read<RewardOrder>(
          "SELECT * FROM reward_order WHERE storeId = ? AND state = 'ready' AND id > ? ORDER BY id LIMIT ?",
          [storeId, cursor ?? '', limit + 1],
        )
      : await db.read<RewardOrder>(
          'SELECT * FROM reward_order WHERE handedBy = ? AND storeId = ? AND handedAt >= ? AND id < ? ORDER BY id DESC LIMIT ?',
          [actor.operatorId, storeId, startOfDay(civilDay(now)), cursor ?? '~', limit + 1],
        )
  const shown = rows.slice(0, limit)
  return {
    items: await viewStaffOrders(db, shown, actor.operatorId, now),
    nextCursor: rows.length > limit ? shown[shown.length - 1].id : null,
  }
}
