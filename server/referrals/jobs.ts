import { batch } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import { openReferrals, settleReferrals } from './service'

/** Follows what invited friends buy, and pays for the first purchase that was kept. A second run finds nothing new. */
export const followReferrals = (tick: Tick): Promise<void> =>
  batch(tick, {
    next: (tx, cursor, limit) => openReferrals(tx, cursor, limit, tick.deps.clock.now()),
    keyOf: (referral) => referral.friendId,
    treat: async (tx, rows, now) => ({ processed: await settleReferrals(tx, rows, now) }),
  })
