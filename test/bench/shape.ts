/** What setup, server, reference and driver agree on: ids are made from numbers, so that nothing long travels between processes. */
export const memberCount = 10_000
export const memberId = (i: number): string => `m${String(i).padStart(19, '0')}`
export const couponId = (i: number): string => `c${String(i).padStart(19, '0')}`
export const scanId = (i: number): string => `s${String(i).padStart(19, '0')}`
/** The template that members claim, and the exchange template whose coupons staff redeem. */
export const claimTemplate = 'claimtemplate'
export const redeemTemplate = 'redeemtemplate'
/** Every account starts with this many points in one lot, so that spends never run dry. */
export const openingPoints = 1_000_000

/** The four operations of the hot path. */
export type Operation = 'earn' | 'spend' | 'claim' | 'redeem'

/** One stretch of load, as it is sent to the driver or to the reference without HTTP. */
export interface Order {
  operation: Operation
  callers: number
  seconds: number
  /** Number of the first coupon to redeem. */
  from: number
  /** Where to send; absent for the reference without HTTP. */
  target?: { port: number; prefix: string; tokens: string[] }
}
