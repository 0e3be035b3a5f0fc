import type { Tick } from '../jobs/job'
import { checkInvariants } from './service'

/** Checks every night that the books are closed. A broken one is counted as a failure of the run, with its first row, and logged. */
export const checkBooks = async (tick: Tick): Promise<void> => {
  await checkInvariants(tick.deps.db, (finding) => {
    const { name, holds, broken, sample } = finding
    if (!broken) return tick.count({ processed: 1 })
    tick.deps.log.error({ invariant: name, broken, sample }, 'the books do not close')
    tick.count({
      processed: 1,
      failed: broken,
      error: `${name}（${holds}）：${broken} 行不符，例 ${JSON.stringify(sample[0])}`.slice(0, 500),
    })
  })
}
