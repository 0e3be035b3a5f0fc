import { batch, steps } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import type { CouponGift } from './entity'
import { returnGifts } from './gifts'
import { expireCoupons } from './service'

/** Marks coupons whose time is over. */
export const expireDueCoupons = (tick: Tick): Promise<void> =>
  steps(tick, async (tx, cursor, limit, now) => {
    const { cursor: next, expired } = await expireCoupons(tx, cursor, limit, now)
    return { cursor: next, processed: expired }
  })

/** Gives coupons back that lay in links nobody opened in time. */
export const returnUntakenGifts = (tick: Tick): Promise<void> =>
  batch(tick, {
    next: (tx, cursor, limit) =>
      tx.read<CouponGift>(
        "SELECT * FROM coupon_gift WHERE state = 'waiting' AND closesAt < ? AND id > ? ORDER BY id LIMIT ?",
        [tick.deps.clock.now(), cursor, limit],
      ),
    keyOf: (gift) => gift.id,
    treat: async (tx, gifts, now) => ({ processed: await returnGifts(tx, gifts, now) }),
  })
