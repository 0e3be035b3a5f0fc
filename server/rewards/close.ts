import { DAY_MS } from '../../shared/time'
import { voidCoupon } from '../coupons/service'
import type { Tx } from '../db/transaction'
import { refuse } from '../errors'
import { executeOne } from '../http/command'
import { queueMessages } from '../messages/service'
import { reversePoints } from '../points/service'
import type { Reward, RewardOrder, RewardPayment } from './entity'
import { appendRewardEvents } from './redeem'
import { cancellableStates, type OrderState, paidState, stateTexts } from './rules'

/** How an order ends without the reward staying with the member. */
export interface Closing {
  to: 'cancelled' | 'expired' | 'refunded'
  from: readonly OrderState[]
  restock: boolean
  operatorId: string | null
  note: string
}

/** Locks what an order's end touches, in the house order: the account (by its reversal later), then reward, order, payment. */
const lockOrder = async (tx: Tx, orderId: string): Promise<RewardOrder> => {
  const [order] = await tx.read<RewardOrder>(`SELECT * FROM reward_order WHERE id = ?${tx.lock}`, [orderId])
  if (!order) throw refuse('reward_order_not_found')
  return order
}

/** Throws unless the order stands in one of these states. */
export const requireState = (order: Pick<RewardOrder, 'state'>, states: readonly OrderState[]): void => {
  if (!states.includes(order.state as OrderState))
    throw refuse('reward_order_bad_state', { state: stateTexts[order.state as OrderState] })
}

/**
 * Ends an order: its points go back to the lots they came from, the piece back on the shelf, money that was paid is marked to be given
 * back by the job. Once only: the points' reversal has a unique key, and the state is checked under the order's lock.
 */
export const closeOrder = async (
  tx: Tx,
  orderId: string,
  closing: Closing,
  now: number,
): Promise<{ order: RewardOrder; pointsBack: number; refundFen: number; balance: number }> => {
  const [peek] = await tx.read<RewardOrder>('SELECT * FROM reward_order WHERE id = ?', [orderId])
  if (!peek) throw refuse('reward_order_not_found')
  requireState(peek, closing.from)
  // The account is locked by the reversal, the reward and the order after it; a lost race is found at the order's own lock.
  const back = await executeOne(
    tx,
    reversePoints,
    {
      memberId: peek.memberId,
      seq: peek.pointsSeq,
      source: { type: 'reward', id: orderId, note: `${stateTexts[closing.to]}，积分退回` },
    },
    now,
  ).catch((error) => {
    throw error?.code === 'points_already_reversed'
      ? refuse('reward_order_bad_state', { state: stateTexts[closing.to] })
      : error
  })
  if (peek.couponId) await voidCoupon(tx, peek.couponId, closing.operatorId, closing.note, now)
  await tx.read<Reward>(`SELECT id FROM reward WHERE id = ?${tx.lock}`, [peek.rewardId])
  const order = await lockOrder(tx, orderId)
  requireState(order, closing.from)
  const restock = closing.restock ? order.holdsStock : 0
  tx.write('UPDATE reward_order SET state = ?, slot = NULL, holdsStock = ?, closedAt = ?, dueAt = NULL WHERE id = ?', [
    closing.to,
    order.holdsStock - restock,
    now,
    orderId,
  ])
  if (restock) tx.write('UPDATE reward SET used = used - 1 WHERE id = ?', [order.rewardId])
  const [payment] = await tx.read<RewardPayment>(`SELECT * FROM reward_payment WHERE orderId = ?${tx.lock}`, [orderId])
  const paid = payment?.state === 'paid'
  if (payment && (paid || payment.state === 'open'))
    tx.write('UPDATE reward_payment SET state = ? WHERE id = ?', [paid ? 'refunding' : 'closed', payment.id])
  appendRewardEvents(
    tx,
    [
      {
        rewardId: order.rewardId,
        orderId,
        kind: closing.to === 'cancelled' ? 'cancel' : closing.to === 'expired' ? 'expire' : 'refund',
        delta: restock,
        operatorId: closing.operatorId,
        note: closing.note,
      },
    ],
    now,
  )
  return {
    order: {
      ...order,
      state: closing.to,
      slot: null,
      holdsStock: order.holdsStock - restock,
      closedAt: now,
      dueAt: null,
    },
    pointsBack: back.amount,
    refundFen: paid ? payment.amountFen : 0,
    balance: Math.max(0, back.balance),
  }
}

/** The member calls an order off before it was handed out or sent. */
export const cancelOrder = async (tx: Tx, memberId: string, orderId: string, now: number) => {
  const [own] = await tx.read<RewardOrder>('SELECT id FROM reward_order WHERE id = ? AND memberId = ?', [
    orderId,
    memberId,
  ])
  if (!own) throw refuse('reward_order_not_found')
  return closeOrder(
    tx,
    orderId,
    { to: 'cancelled', from: cancellableStates, restock: true, operatorId: null, note: '会员取消' },
    now,
  )
}

/** Ends orders that were not paid or not collected in time, and counts parcels nobody confirmed as received. */
export const closeOverdue = async (
  tx: Tx,
  orders: readonly Pick<RewardOrder, 'id' | 'state'>[],
  now: number,
): Promise<number> => {
  let closed = 0
  for (const { id, state } of orders) {
    if (state === 'shipped') {
      closed += await tx.run(
        "UPDATE reward_order SET state = 'received', closedAt = ?, dueAt = NULL WHERE id = ? AND state = 'shipped'",
        [now, id],
      )
      continue
    }
    const note = state === 'unpaid' ? '超时未付款' : '超过取货期限'
    const { order } = await closeOrder(
      tx,
      id,
      { to: 'expired', from: ['unpaid', 'ready'], restock: true, operatorId: null, note },
      now,
    )
    closed++
    queueMessages(
      tx,
      [
        {
          memberId: order.memberId,
          kind: 'notice',
          title: '兑换已退回',
          text: `兑换单 ${order.no} ${note}，${order.points} 积分已退回你的账户。`,
          page: 'packages/rewards/order',
          dedupeKey: `reward_expired:${order.id}`,
          channels: ['inbox'],
        },
      ],
      now,
    )
  }
  return closed
}

/** What an order becomes when its money has come. */
export const afterPayment = (
  order: Pick<RewardOrder, 'method'>,
  reward: Pick<Reward, 'pickupDays'>,
  now: number,
): { state: OrderState; dueAt: number | null } => {
  const state = paidState(order.method as 'pickup' | 'delivery')
  return { state, dueAt: state === 'ready' ? now + reward.pickupDays * DAY_MS : null }
}
