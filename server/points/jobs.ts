import { civilDay } from '../../shared/time'
import { batch, batchEach } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import { noticePolicy, noticesDue, tellExpiring } from './notice'
import { expireLots, expiringAccounts } from './service'

/** Writes off points whose last day has passed. Whatever an outage left behind is found by the same question. */
export const expirePoints = (tick: Tick): Promise<void> =>
  batch(tick, {
    next: (tx, cursor, limit) => expiringAccounts(tx, civilDay(tick.deps.clock.now()), cursor, limit),
    keyOf: (memberId) => memberId,
    treat: async (tx, memberIds, now) => ({ processed: (await expireLots(tx, memberIds, now)).size }),
  })

/** Tells members what expires soon, once for each horizon; civil days missed by an outage are made up for. */
export const noticeExpiringPoints = (tick: Tick): Promise<void> =>
  batchEach(
    tick,
    noticesDue(noticePolicy.daysAhead, tick.previousSlotAt, tick.deps.clock.now()).map(({ on, daysAhead }) => ({
      key: `${on}/${daysAhead}`,
      work: tellExpiring(on, daysAhead),
    })),
  )
