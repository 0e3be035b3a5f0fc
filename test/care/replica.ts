import { readEnv } from '../../config/env'
import type { Tx } from '../../server/db/transaction'
import { createLog } from '../../server/http/log'
import { advanceRuns, dueRuns } from '../../server/journeys/advance'
import { searching, searchOnce } from '../../server/journeys/searches'
import { createDeps } from '../../server/process'
import { MINUTE_MS } from '../../shared/time'

const batch = 25

/**
 * One of several processes that let the same members onto the same journeys and move them on at the same time, without the lease of a job
 * between them, until nothing is left; then its clock goes on by two minutes, for those who wait, and it does so again.
 *
 * With REPLICA_STALL=`enter:3` or `advance:3` it stops in the middle of the third such batch, everything written and nothing committed,
 * says so and waits for its end.
 */
const main = async (): Promise<void> => {
  let now = Number(process.env.REPLICA_NOW)
  const deps = await createDeps(readEnv(), { clock: { now: () => now }, log: createLog({ LOG_LEVEL: 'silent' }) })
  const [stallAt, stallNo] = (process.env.REPLICA_STALL ?? '').split(':')
  const done = { enter: 0, advance: 0 }
  const count = async (tx: Tx, what: keyof typeof done): Promise<void> => {
    if (++done[what] !== Number(stallNo) || what !== stallAt) return
    // A read sends everything that was held back until now.
    await tx.read('SELECT 1 AS n')
    process.stdout.write('stalled\n')
    await new Promise((never) => setInterval(never, 2 ** 30))
  }
  const turn = async (): Promise<boolean> => {
    let moved = false
    for (const journeyId of await deps.db.tx(searching))
      await deps.db.tx(async (tx) => {
        const found = await searchOnce(tx, deps, { journeyId, limit: batch }, now)
        if (!found) return
        moved = true
        await count(tx, 'enter')
      })
    await deps.db.tx(async (tx) => {
      const { runs } = await advanceRuns(tx, deps, await dueRuns(tx, batch, now), now)
      if (!runs) return
      moved = true
      await count(tx, 'advance')
    })
    return moved
  }
  for (const _ of ['today', 'after the wait']) {
    for (let idle = 0; idle < 20; ) {
      if (await turn()) idle = 0
      else {
        idle++
        await new Promise((go) => setTimeout(go, 10))
      }
    }
    now += 2 * MINUTE_MS
  }
  await deps.db.close()
}

main().catch((error) => {
  process.stderr.write(`${error}\n`)
  process.exitCode = 1
})
