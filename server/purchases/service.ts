export { type Refunded, type RefundRequest, refundPurchases } from './refund'
export { contentHash, type Line, planRefund } from './rules'
export { type Settled, type Settlement, settlePurchases } from './settle'
