import { bind, bindCommand } from '../http/bind'
import {
  adjustStock,
  cancelOrder,
  confirmReceived,
  createReward,
  handOut,
  listOrders,
  listRewards,
  lookUpPickup,
  memberRewards,
  moveReward,
  orderOf,
  ordersAtCounter,
  ordersOf,
  payByStandIn,
  preparePayment,
  previewReward,
  redeemRewards,
  refundOrder,
  revealAddress,
  rewardDetail,
  shipOrder,
  showReward,
  staffOrders,
  takeNotification,
  undoHandOut,
  updateReward,
  viewOrders,
  visitorRewards,
} from './service'

export const rewardsRoutes = [
  bind('GET /rewards', ({ tx, input, now }) => visitorRewards(tx, input, now)),
  bind('GET /rewards/:rewardId', ({ tx, input, now }) => rewardDetail(tx, null, input.rewardId, now)),
  bind('GET /me/rewards', ({ tx, actor, input, now }) => memberRewards(tx, actor.memberId, input, now)),
  bind('GET /me/rewards/:rewardId', ({ tx, actor, input, now }) =>
    rewardDetail(tx, actor.memberId, input.rewardId, now),
  ),
  bindCommand(
    'POST /me/reward-orders',
    redeemRewards,
    ({ deps, actor, input }) => ({
      memberId: actor.memberId,
      rewardId: input.rewardId,
      method: input.method,
      storeId: input.storeId,
      addressSealed: input.address ? deps.keys.seal(JSON.stringify(input.address)) : null,
      canPay: deps.payment !== null,
    }),
    ({ order, payment, balance, stockLeft }) => ({
      orderId: order.id,
      no: order.no,
      state: order.state as 'ready',
      points: order.points,
      balance,
      stockLeft,
      couponId: order.couponId,
      pickupCode: order.state === 'ready' ? order.pickupCode : null,
      pay: payment && { paymentId: payment.id, amountFen: payment.amountFen, payBy: order.dueAt as number },
    }),
  ),
  bind('GET /me/reward-orders', ({ tx, deps, actor, input }) => ordersOf(tx, deps.keys, actor.memberId, input)),
  bind('GET /me/reward-orders/:orderId', ({ tx, deps, actor, input }) =>
    orderOf(tx, deps.keys, actor.memberId, input.orderId),
  ),
  bind('POST /me/reward-orders/:orderId/cancel', async ({ tx, deps, actor, input, now }) => {
    const { pointsBack, refundFen, balance } = await cancelOrder(tx, actor.memberId, input.orderId, now)
    return { order: await orderOf(tx, deps.keys, actor.memberId, input.orderId), pointsBack, refundFen, balance }
  }),
  bind('POST /me/reward-orders/:orderId/received', async ({ tx, deps, actor, input, now }) => {
    await confirmReceived(tx, actor.memberId, input.orderId, now)
    return orderOf(tx, deps.keys, actor.memberId, input.orderId)
  }),
  bind('POST /me/reward-orders/:orderId/payments', async ({ fetched }) => fetched, preparePayment),
  bind('POST /me/payments/:paymentId/stand-in', async ({ tx, deps, actor, input, now }) => {
    const order = await payByStandIn(tx, deps, actor.memberId, input.paymentId, now)
    return { order: (await viewOrders(tx, deps.keys, [order]))[0] }
  }),
  bind('POST /payments/notifications', ({ tx, deps, input, now }) => takeNotification(tx, deps, input, now)),

  bind('POST /staff/reward-pickups', ({ tx, actor, input, now }) => lookUpPickup(tx, actor, input, now)),
  bind('GET /staff/scans/:scanId/reward-orders', ({ tx, actor, input, now }) =>
    ordersAtCounter(tx, actor, input.scanId, now),
  ),
  bind('POST /staff/reward-orders/:orderId/hand-outs', ({ tx, actor, input, now }) => handOut(tx, actor, input, now)),
  bind('POST /staff/reward-orders/:orderId/undo', ({ tx, actor, input, now }) =>
    undoHandOut(tx, actor, input.orderId, now),
  ),
  bind('GET /staff/reward-orders', ({ tx, actor, input, now }) => staffOrders(tx, actor, input, now)),

  bind('GET /admin/rewards', ({ tx, input }) => listRewards(tx, input)),
  bind('POST /admin/rewards', ({ tx, actor, input, now }) => createReward(tx, input, actor.operatorId, now)),
  bind('GET /admin/rewards/:rewardId', ({ tx, input, now }) => showReward(tx, input.rewardId, now)),
  bind('POST /admin/rewards/previews', ({ tx, input, now }) => previewReward(tx, input, now)),
  bind('PUT /admin/rewards/:rewardId', ({ tx, input, now }) => updateReward(tx, input, now)),
  bind('POST /admin/rewards/:rewardId/state', ({ tx, input, now }) => moveReward(tx, input, now)),
  bind('POST /admin/rewards/:rewardId/stock-adjustments', ({ tx, actor, input, now }) =>
    adjustStock(tx, input, actor.operatorId, now),
  ),
  bind('GET /admin/reward-orders', ({ tx, deps, input }) => listOrders(tx, deps.keys, input)),
  bind('POST /admin/reward-orders/:orderId/shipments', ({ tx, deps, actor, input, now }) =>
    shipOrder(tx, deps.keys, input, actor.operatorId, now),
  ),
  bind('POST /admin/reward-orders/:orderId/address-reveals', ({ tx, deps, input }) =>
    revealAddress(tx, deps.keys, input.orderId),
  ),
  bind('POST /admin/reward-orders/:orderId/refunds', ({ tx, deps, actor, input, now }) =>
    refundOrder(tx, deps.keys, input, actor.operatorId, now),
  ),
]
