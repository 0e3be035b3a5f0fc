export { issueCoupons, issueCoupons as grantCoupons } from './issue'
export {
  allCoupons,
  claimableFor,
  couponCounts,
  endingToday,
  heldCoupon,
  heldCoupons,
  redeemedBy,
  showTemplateWithDays,
  usedIn,
  viewCoupons,
} from './queries'
export {
  expireCoupons,
  type HeldCoupons,
  lockCoupons,
  occasionAt,
  type Redeemed,
  redeemCoupons,
  returnCoupons,
  reverseRedemption,
  usableOf,
  voidCoupon,
  writeRedemptions,
} from './redeem'
export { applyCoupons, type BasketLine, checkTemplate, couponPolicy, type Usable } from './rules'
export {
  createTemplate,
  listTemplates,
  moveTemplate,
  namingOf,
  showTemplate,
  templateByPurpose,
  templatesByIds,
  updateTemplate,
} from './templates'
export { ticketFace } from './views'
export { type Naming, ruleSentence } from './words'
