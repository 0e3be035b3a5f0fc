import { readEnv } from '../../config/env'
import { createLog } from '../../server/http/log'
import { advanceRuns, dueRuns } from '../../server/journeys/advance'
import { createDeps } from '../../server/process'

/** One of several processes that move the same journeys on at the same time, until nothing is due. */
const main = async (): Promise<void> => {
  const now = Number(process.env.REPLICA_NOW)
  const deps = await createDeps(readEnv(), { clock: { now: () => now }, log: createLog({ LOG_LEVEL: 'silent' }) })
  for (let idle = 0; idle < 20; ) {
    const moved = await deps.db.tx(async (tx) => (await advanceRuns(tx, deps, await dueRuns(tx, 25, now), now)).runs)
    if (moved) idle = 0
    else {
      idle++
      await new Promise((done) => setTimeout(done, 10))
    }
  }
  await deps.db.close()
}

main().catch((error) => {
  process.stderr.write(`${error}\n`)
  process.exitCode = 1
})
