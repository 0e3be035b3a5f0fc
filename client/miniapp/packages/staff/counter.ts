import type { Output } from '@shared/contract'
import { useCallback, useEffect, useRef, useState } from 'react'
import { call, type Failure } from '../../api'
import { readStored, writeStored } from '../../platform'

export type Counter = Output<'GET /staff/scans/:scanId'>
export type CouponQuote = Counter['coupons'][number]
export type Settled = Output<'POST /staff/purchases'>

/** A key is pressed about this often; the price of what is on the pad is asked after a pause. */
const ASK_AFTER_MS = 250

/** The store this phone works in, kept between starts. */
export const workingStore = (): string | null => readStored<string>('staff.store')
export const chooseStore = (storeId: string): void => writeStored('staff.store', storeId)

/** Hands the settled purchase to the result page; a reload of that page finds it again. */
export const handOver = (settled: Settled, memberName: string): void =>
  writeStored('staff.settled', { settled, memberName })
export const handedOver = (): { settled: Settled; memberName: string } | null => readStored('staff.settled')

/** The usable coupon that saves most on the amount at hand, which is also the one that the server quotes when none is named. */
export function bestCoupon(coupons: CouponQuote[]): string[] {
  const best = coupons.reduce<CouponQuote | null>(
    (top, one) => (one.usable && one.savesFen > (top?.savesFen ?? 0) ? one : top),
    null,
  )
  return best ? [best.coupon.id] : []
}

/** What is ticked after a tap: a coupon that goes with the others joins them, one that goes only alone takes their place. */
export function ticked(chosen: string[], quote: CouponQuote, byHand: boolean): string[] {
  const { id } = quote.coupon
  if (chosen.includes(id)) return chosen.filter((one) => one !== id)
  return byHand && quote.usable ? [...chosen, id] : [id]
}

/**
 * What the server says of this member, this amount and these coupons, asked again whenever one of them changes. `chosen`
 * null lets the best coupon be chosen. The last answer stays while the next is on its way.
 */
export function useCounter(scanId: string, amountFen: number, chosen: string[] | null) {
  const [counter, setCounter] = useState<Counter | null>(null)
  const [asking, setAsking] = useState(true)
  const [error, setError] = useState<Failure | null>(null)
  const turn = useRef(0)
  const answered = useRef(false)
  const couponIds = chosen?.join(',')

  const ask = useCallback(async () => {
    const mine = ++turn.current
    setAsking(true)
    try {
      const answer = await call('GET /staff/scans/:scanId', {
        scanId,
        amountFen,
        ...(couponIds ? { couponIds } : {}),
      })
      if (mine === turn.current) {
        answered.current = true
        setCounter(answer)
        setError(null)
      }
    } catch (thrown) {
      if (mine === turn.current) setError(thrown as Failure)
    }
    if (mine === turn.current) setAsking(false)
  }, [scanId, amountFen, couponIds])

  useEffect(() => {
    const timer = setTimeout(() => void ask(), answered.current ? ASK_AFTER_MS : 0)
    return () => clearTimeout(timer)
  }, [ask])
  return { counter, asking, error, ask }
}
