import { batch } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import type { RewardOrder } from './entity'
import { bookRefund, closeOverdue, refundsDue } from './service'

/** Ends orders whose time has passed: not paid, not collected, not confirmed. A second run finds nothing left. */
export const closeOverdueOrders = (tick: Tick): Promise<void> =>
  batch(tick, {
    next: (tx, cursor, limit) =>
      tx.read<RewardOrder>(
        `SELECT o.* FROM reward_order o JOIN member m ON m.id = o.memberId
         WHERE o.state IN ('unpaid', 'ready', 'shipped') AND o.dueAt < ? AND o.id > ? AND m.status = 'active' ORDER BY o.id LIMIT ?`,
        [tick.deps.clock.now(), cursor, limit],
      ),
    keyOf: (order) => order.id,
    treat: async (tx, orders, now) => ({ processed: await closeOverdue(tx, orders, now) }),
  })

/**
 * Gives money back that belongs to closed orders. The gateway is asked outside the transaction and under our own id, so that a run that
 * broke off between the two asks again without paying twice.
 */
export const refundClosedPayments = async (tick: Tick): Promise<void> => {
  const gateway = tick.deps.payment
  if (!gateway) return
  for (let cursor = tick.cursor ?? ''; !tick.stopping(); ) {
    const due = await refundsDue(tick.deps.db, cursor, tick.job.limit)
    if (!due.length) return
    for (const payment of due) {
      let problem: string | undefined
      try {
        await gateway.refund({
          paymentId: payment.id,
          transactionId: payment.transactionId as string,
          amountFen: payment.amountFen,
        })
      } catch (error) {
        problem = `${payment.id}: ${error instanceof Error ? error.message : String(error)}`.slice(0, 500)
      }
      cursor = payment.id
      await tick.step(async (tx, now) =>
        problem
          ? { cursor, processed: 0, failed: 1, error: problem }
          : { cursor, processed: await bookRefund(tx, payment, now) },
      )
    }
  }
}
