import { DAY_MS } from '../../shared/time'
import type { Deps } from '../deps'
import { ensureBuiltIns, publishBuiltIns } from '../journeys/service'

/**
 * Publishes every built-in journey as of yesterday, so that the night that is made up for lets members in: those overdue, those whose level
 * is at risk, those with something expiring. A second run finds them published.
 */
export const publishCare = (deps: Deps): Promise<number> => {
  const yesterday = deps.clock.now() - DAY_MS
  return deps.db.tx(async (tx) => {
    await ensureBuiltIns(tx, yesterday)
    return publishBuiltIns(tx, yesterday)
  })
}
