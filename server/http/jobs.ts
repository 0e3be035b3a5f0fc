import { DAY_MS } from '../../shared/time'
import { sweep } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import { rememberedDays } from './idempotency'

/** Forgets answers that no client can still be asking for. */
export const forgetIdempotency = (tick: Tick): Promise<void> =>
  sweep(tick, {
    table: 'idempotency',
    key: ['id'],
    where: 'createdAt < ?',
    params: [tick.deps.clock.now() - rememberedDays * DAY_MS],
  })
