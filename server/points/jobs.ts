import { civilDay } from '../../shared/time'
import { batch } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import type { PointsTransfer } from './entity'
import { expireLots, expiringAccounts } from './service'
import { returnPoints } from './transfer'

/** Writes off points whose last day has passed. Whatever an outage left behind is found by the same question. */
export const expirePoints = (tick: Tick): Promise<void> =>
  batch(tick, {
    next: (tx, cursor, limit) => expiringAccounts(tx, civilDay(tick.deps.clock.now()), cursor, limit),
    keyOf: (memberId) => memberId,
    treat: async (tx, memberIds, now) => ({ processed: (await expireLots(tx, memberIds, now)).size }),
  })

/** Gives points back that lay in links nobody opened in time. */
export const returnUntakenPoints = (tick: Tick): Promise<void> =>
  batch(tick, {
    next: (tx, cursor, limit) =>
      tx.read<PointsTransfer>(
        `SELECT t.* FROM points_transfer t JOIN member m ON m.id = t.fromMemberId
         WHERE t.state = 'waiting' AND t.closesAt < ? AND t.id > ? AND m.status = 'active' ORDER BY t.id LIMIT ?`,
        [tick.deps.clock.now(), cursor, limit],
      ),
    keyOf: (gift) => gift.id,
    treat: async (tx, gifts, now) => ({ processed: await returnPoints(tx, gifts, now) }),
  })
