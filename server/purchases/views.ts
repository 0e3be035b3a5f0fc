import type { Output } from '../../shared/contract'
import { purchasePolicy } from './rules'
import type { Settled } from './settle'

/** What the till shows after settling. */
export const settledView = (s: Settled): Output<'POST /staff/purchases'> => ({
  purchaseId: s.purchase.id,
  no: s.purchase.externalNo,
  at: s.purchase.at,
  amountFen: s.purchase.amountFen,
  discountFen: s.purchase.discountFen,
  paidFen: s.purchase.paidFen,
  pointsEarned: s.purchase.pointsEarned,
  pointsBalance: s.pointsBalance,
  growthEarned: s.purchase.growthEarned,
  tier: {
    level: s.level.level,
    name: s.level.name,
    upgraded: s.upgraded,
    gap: s.next ? Math.max(0, s.next.threshold - s.growth) : 0,
    nextName: s.next?.name ?? null,
  },
  coupons: s.coupons,
  undoUntil: s.purchase.at + purchasePolicy.undoMs,
})
