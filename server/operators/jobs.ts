import { DAY_MS } from '../../shared/time'
import { sweep } from '../jobs/batch'
import type { Tick } from '../jobs/job'

/** How long after their end sessions and counted guesses are kept, in days: long enough to look into a complaint. */
export const keptDays = { session: 30, attempt: 1 } as const

/** Deletes sessions that ended and guesses that no window or lock counts any more. */
export const forgetSessions = async (tick: Tick): Promise<void> => {
  const before = (days: number): number => tick.deps.clock.now() - days * DAY_MS
  await sweep(tick, { table: 'session', key: ['id'], where: 'expiresAt < ?', params: [before(keptDays.session)] })
  await sweep(tick, {
    table: 'attempt',
    key: ['scope', 'target'],
    where: 'windowStartedAt < ?',
    params: [before(keptDays.attempt)],
  })
}
