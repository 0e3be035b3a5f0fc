import { expectedValue, type GammaGamma } from './gamma-gamma'
import { groupHistories, type Histories, type MemberHistory } from './history'
import { expectedFuture, type PurchaseModel } from './purchase-model'

/** How the coming purchases are summed up. */
export interface Discounting {
  months: number
  /** Interest per month: 0.01 takes a hundredth off each month. */
  monthlyDiscount: number
  /** Length of a month in the histories' unit of time; 365.25 / 12 / 7 for weeks. */
  unitsPerMonth: number
}

/** Twelve months at one percent a month, for histories in weeks. */
export const yearOfWeeks: Discounting = { months: 12, monthlyDiscount: 0.01, unitsPerMonth: 365.25 / 12 / 7 }

/** Expected purchases within the coming months, each month's discounted as if bought at its end. */
export const discountedPurchases = (model: PurchaseModel, m: MemberHistory, d: Discounting): number => {
  let sum = 0
  let before = 0
  for (let month = 1; month <= d.months; month++) {
    const until = expectedFuture(model, month * d.unitsPerMonth, m)
    sum += (until - before) / (1 + d.monthlyDiscount) ** month
    before = until
  }
  return sum
}

/**
 * What a member is expected to spend within the coming months, discounted: purchases times the expected value of a purchase.
 * @param meanValue mean value of the member's repeat purchases
 */
export const lifetimeValue = (
  model: PurchaseModel,
  values: GammaGamma,
  m: MemberHistory & { meanValue: number },
  discounting: Discounting = yearOfWeeks,
): number => discountedPurchases(model, m, discounting) * expectedValue(values, m.repeats, m.meanValue)

/** The same for many members; discounted purchases are computed once for each different history. */
export const scoreLifetimeValues = (
  model: PurchaseModel,
  values: GammaGamma,
  histories: Histories,
  meanValue: ArrayLike<number>,
  discounting: Discounting = yearOfWeeks,
): Float64Array => {
  const h = groupHistories(histories)
  const purchases = Float64Array.from(h.weight, (_, g) =>
    discountedPurchases(model, { repeats: h.repeats[g], recency: h.recency[g], age: h.age[g] }, discounting),
  )
  return Float64Array.from(h.place, (g, i) => purchases[g] * expectedValue(values, h.repeats[g], meanValue[i]))
}
