import type { Deps } from '../../server/deps'
import { createLog } from '../../server/http/log'
import { createDeps } from '../../server/process'
import { benchNow, openShop } from './care-shop'

/** What the engine is handed in a bench: a migrated database, a clock that stands still, and nothing that is called. */
export const createSystemDeps = async (url: string): Promise<Deps> => {
  const { db, env } = await openShop(url)
  return createDeps(env, { db, clock: { now: () => benchNow }, log: createLog({ ...env, LOG_LEVEL: 'silent' }) })
}
