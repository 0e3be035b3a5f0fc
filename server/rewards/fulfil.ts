import type { Output, Parsed } from '../../shared/contract'
import { DAY_MS } from '../../shared/time'
import type { Bindable } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import type { Keys } from '../keys'
import { queueMessages } from '../messages/service'
import { closeOrder, requireState } from './close'
import type { Reward, RewardOrder } from './entity'
import { appendRewardEvents } from './redeem'
import { rewardPolicy } from './rules'
import { type AdminOrder, viewAdminOrders } from './views'

const orderById = async (db: Reader, keys: Keys, orderId: string): Promise<AdminOrder> => {
  const rows = await db.read<RewardOrder>('SELECT * FROM reward_order WHERE id = ?', [orderId])
  if (!rows.length) throw refuse('reward_order_not_found')
  return (await viewAdminOrders(db, keys, rows))[0]
}

/** The operators' desk: orders newest first, and how many wait for what. */
export const listOrders = async (
  db: Reader,
  keys: Keys,
  { cursor, limit, state, rewardId, memberId, no }: Parsed<'GET /admin/reward-orders'>,
): Promise<Output<'GET /admin/reward-orders'>> => {
  const where = ['id < ?']
  const params: Bindable[] = [cursor ?? '~']
  const add = (column: string, value: string | undefined): void => {
    if (!value) return
    where.push(`${column} = ?`)
    params.push(value)
  }
  add('state', state)
  add('rewardId', rewardId)
  add('memberId', memberId)
  add('no', no)
  const [rows, counted] = await Promise.all([
    db.read<RewardOrder>(`SELECT * FROM reward_order WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ?`, [
      ...params,
      limit + 1,
    ]),
    db.read<{ state: string; n: number }>(
      "SELECT state, COUNT(*) AS n FROM reward_order WHERE state IN ('unpaid', 'ready', 'pending', 'shipped') GROUP BY state",
    ),
  ])
  const count = (s: string): number => Number(counted.find((c) => c.state === s)?.n ?? 0)
  const shown = rows.slice(0, limit)
  return {
    items: await viewAdminOrders(db, keys, shown),
    nextCursor: rows.length > limit ? shown[shown.length - 1].id : null,
    counts: { unpaid: count('unpaid'), ready: count('ready'), pending: count('pending'), shipped: count('shipped') },
  }
}

/** Sends an order; the member is told the number. */
export const shipOrder = async (
  tx: Tx,
  keys: Keys,
  { orderId, carrier, trackingNo }: Parsed<'POST /admin/reward-orders/:orderId/shipments'>,
  operatorId: string,
  now: number,
): Promise<AdminOrder> => {
  const [order] = await tx.read<RewardOrder>(`SELECT * FROM reward_order WHERE id = ?${tx.lock}`, [orderId])
  if (!order) throw refuse('reward_order_not_found')
  // A wrong number may be corrected while the parcel is under way.
  requireState(order, ['pending', 'shipped'])
  const [reward] = await tx.read<Pick<Reward, 'name'>>('SELECT name FROM reward WHERE id = ?', [order.rewardId])
  tx.write("UPDATE reward_order SET state = 'shipped', carrier = ?, trackingNo = ?, dueAt = ? WHERE id = ?", [
    carrier,
    trackingNo,
    now + rewardPolicy.receiveDays * DAY_MS,
    orderId,
  ])
  appendRewardEvents(
    tx,
    [{ rewardId: order.rewardId, orderId, kind: 'ship', delta: 0, operatorId, note: `${carrier} ${trackingNo}` }],
    now,
  )
  queueMessages(
    tx,
    [
      {
        memberId: order.memberId,
        kind: 'notice',
        title: '礼品已发货',
        text: `${reward.name} 已交给${carrier}，单号 ${trackingNo}。`,
        page: 'packages/rewards/order',
        dedupeKey: `reward_shipped:${orderId}:${trackingNo}`,
        channels: ['inbox'],
      },
    ],
    now,
  )
  return orderById(tx, keys, orderId)
}

/** The whole address, for whoever packs the parcel; the frame writes the look into the audit. */
export const revealAddress = async (
  db: Reader,
  keys: Keys,
  orderId: string,
): Promise<Output<'POST /admin/reward-orders/:orderId/address-reveals'>> => {
  const [order] = await db.read<RewardOrder>('SELECT * FROM reward_order WHERE id = ?', [orderId])
  if (!order?.addressSealed) throw refuse('reward_order_not_found')
  return JSON.parse(keys.open(order.addressSealed))
}

/** Takes an order back whatever became of it: points to their lots, money to the payer, an unused coupon voided. */
export const refundOrder = async (
  tx: Tx,
  keys: Keys,
  { orderId, reason, restock }: Parsed<'POST /admin/reward-orders/:orderId/refunds'>,
  operatorId: string,
  now: number,
): Promise<AdminOrder> => {
  await closeOrder(
    tx,
    orderId,
    {
      to: 'refunded',
      from: ['ready', 'pending', 'shipped', 'handed', 'received', 'done'],
      restock,
      operatorId,
      note: reason,
    },
    now,
  )
  return orderById(tx, keys, orderId)
}

/** The member says that the parcel has come. */
export const confirmReceived = async (tx: Tx, memberId: string, orderId: string, now: number): Promise<void> => {
  const [order] = await tx.read<RewardOrder>(`SELECT * FROM reward_order WHERE id = ? AND memberId = ?${tx.lock}`, [
    orderId,
    memberId,
  ])
  if (!order) throw refuse('reward_order_not_found')
  requireState(order, ['shipped'])
  tx.write("UPDATE reward_order SET state = 'received', closedAt = ?, dueAt = NULL WHERE id = ?", [now, orderId])
  appendRewardEvents(
    tx,
    [{ rewardId: order.rewardId, orderId, kind: 'receive', delta: 0, operatorId: null, note: '' }],
    now,
  )
}
