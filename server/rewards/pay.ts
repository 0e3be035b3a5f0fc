import type { Output } from '../../shared/contract'
import { civilDay } from '../../shared/time'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import type { PaymentNotice, PaymentRequest } from '../integrations/payment/gateway'
import { accountOf } from '../points/service'
import { afterPayment, requireState } from './close'
import type { Reward, RewardOrder, RewardPayment } from './entity'
import { appendRewardEvents } from './redeem'

type Prepared = Output<'POST /me/reward-orders/:orderId/payments'>

const requestOf = async (db: Reader, order: RewardOrder, payment: RewardPayment): Promise<PaymentRequest> => {
  const [reward] = await db.read<Pick<Reward, 'name'>>('SELECT name FROM reward WHERE id = ?', [order.rewardId])
  return {
    paymentId: payment.id,
    amountFen: payment.amountFen,
    description: reward?.name ?? '积分兑换',
    payBy: order.dueAt ?? order.createdAt,
  }
}

/** Asks the gateway what the client needs to pay an order; runs before any transaction. */
export const preparePayment = async ({
  deps,
  actor,
  input,
  now,
}: {
  deps: Deps
  actor: { memberId: string }
  input: { orderId: string }
  now: number
}): Promise<Prepared> => {
  const [order] = await deps.db.read<RewardOrder>('SELECT * FROM reward_order WHERE id = ? AND memberId = ?', [
    input.orderId,
    actor.memberId,
  ])
  if (!order) throw refuse('reward_order_not_found')
  requireState(order, ['unpaid'])
  const [payment] = await deps.db.read<RewardPayment>('SELECT * FROM reward_payment WHERE orderId = ?', [order.id])
  if (payment?.state !== 'open' || (order.dueAt ?? 0) <= now)
    throw refuse('reward_order_bad_state', { state: '已超时' })
  if (!deps.payment) throw refuse('payment_unavailable')
  const request = await requestOf(deps.db, order, payment)
  return {
    paymentId: payment.id,
    amountFen: payment.amountFen,
    payBy: request.payBy,
    driver: deps.payment.driver,
    params: await deps.payment.prepare(request),
  }
}

/**
 * Books a payment that the gateway has proved. A repeat changes nothing. Money for an order that was closed meanwhile is marked to be
 * given back, and so is an amount that is not the one asked for.
 */
export const bookPayment = async (tx: Tx, notice: PaymentNotice, now: number): Promise<RewardOrder> => {
  const [peek] = await tx.read<RewardPayment>('SELECT orderId FROM reward_payment WHERE id = ?', [notice.paymentId])
  if (!peek) throw refuse('payment_not_found')
  const [order] = await tx.read<RewardOrder>(`SELECT * FROM reward_order WHERE id = ?${tx.lock}`, [peek.orderId])
  const [payment] = await tx.read<RewardPayment>(`SELECT * FROM reward_payment WHERE id = ?${tx.lock}`, [
    notice.paymentId,
  ])
  if (payment.transactionId) return order
  const wanted = payment.state === 'open' && order.state === 'unpaid' && notice.amountFen === payment.amountFen
  tx.write('UPDATE reward_payment SET state = ?, transactionId = ?, paidAt = ? WHERE id = ?', [
    wanted ? 'paid' : 'refunding',
    notice.transactionId,
    notice.paidAt,
    payment.id,
  ])
  const event = { rewardId: order.rewardId, orderId: order.id, delta: 0, operatorId: null }
  if (!wanted) {
    appendRewardEvents(tx, [{ ...event, kind: 'pay', note: '订单已关闭或金额不符，款项将退回' }], now)
    return order
  }
  const [reward] = await tx.read<Reward>('SELECT * FROM reward WHERE id = ?', [order.rewardId])
  const next = afterPayment(order, reward, now)
  tx.write('UPDATE reward_order SET state = ?, dueAt = ? WHERE id = ?', [next.state, next.dueAt, order.id])
  appendRewardEvents(tx, [{ ...event, kind: 'pay', note: '' }], now)
  return { ...order, ...next }
}

/** Plays the payer where the gateway is the stand-in: what its callback would book, is booked. */
export const payByStandIn = async (
  tx: Tx,
  deps: Deps,
  memberId: string,
  paymentId: string,
  now: number,
): Promise<RewardOrder> => {
  const gateway = deps.payment
  if (!gateway?.payStandIn) throw refuse('payment_unavailable')
  const [payment] = await tx.read<RewardPayment>('SELECT * FROM reward_payment WHERE id = ? AND memberId = ?', [
    paymentId,
    memberId,
  ])
  if (!payment) throw refuse('payment_not_found')
  const [order] = await tx.read<RewardOrder>('SELECT * FROM reward_order WHERE id = ?', [payment.orderId])
  const notice = gateway.readNotification(gateway.payStandIn(await requestOf(tx, order, payment)))
  if (!notice) throw new Error('The stand-in does not know its own signature')
  return bookPayment(tx, notice, now)
}

/** Books a callback of the gateway, once its signature has been checked. */
export const takeNotification = async (
  tx: Tx,
  deps: Deps,
  message: { body: string; signature: string },
  now: number,
): Promise<{ ok: true }> => {
  const notice = deps.payment?.readNotification(message) ?? null
  if (!notice) throw refuse('payment_notification_invalid')
  await bookPayment(tx, notice, now)
  return { ok: true }
}

/** Payments that have to go back to whoever paid, after `cursor`. */
export const refundsDue = (db: Reader, cursor: string, limit: number): Promise<RewardPayment[]> =>
  db.read<RewardPayment>("SELECT * FROM reward_payment WHERE state = 'refunding' AND id > ? ORDER BY id LIMIT ?", [
    cursor,
    limit,
  ])

/** Writes down that the gateway has given a payment back. */
export const bookRefund = async (tx: Tx, payment: RewardPayment, now: number): Promise<number> => {
  const [order] = await tx.read<RewardOrder>('SELECT * FROM reward_order WHERE id = ?', [payment.orderId])
  const changed = await tx.run(
    "UPDATE reward_payment SET state = 'refunded', refundedAt = ? WHERE id = ? AND state = 'refunding'",
    [now, payment.id],
  )
  if (changed)
    appendRewardEvents(
      tx,
      [{ rewardId: order.rewardId, orderId: order.id, kind: 'money_back', delta: 0, operatorId: null, note: '' }],
      now,
    )
  return changed
}

/** Points a member has, for answers that show what is left. */
export const balanceOf = async (db: Reader, memberId: string, now: number): Promise<number> =>
  (await accountOf(db, memberId, civilDay(now))).balance
