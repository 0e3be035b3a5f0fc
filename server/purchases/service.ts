export { type Refunded, type RefundRequest, refundPurchases } from './refund'
export { knownRefunds, type RefundableLine, refundableLines } from './refundable'
export { contentHash, type Line, planRefund } from './rules'
export { type Settled, type Settlement, settlePurchases } from './settle'
