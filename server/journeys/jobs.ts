import { isContention } from '../db/dialect'
import { describeError } from '../jobs/batch'
import { isLostRun, type Tick } from '../jobs/job'
import { advanceRuns, dueRuns, failRun } from './advance'
import { ensureBuiltIns } from './built-ins'
import { journeyPolicy } from './rules'
import { searching, searchOnce } from './searches'
import { followLog, tailNames } from './tails'

const cursor = 'journeys'

/** Follows the logs: every log's next stretch in one transaction, until all are read to their end. */
const follow = async (tick: Tick): Promise<void> => {
  let open: { name: string; from: string | null }[] = tailNames.map((name) => ({ name, from: null }))
  while (open.length && !tick.stopping())
    await tick.step(async (tx, now) => {
      const left: typeof open = []
      let sum = 0
      for (const { name, from } of open) {
        const { next, processed } = await followLog(tx, tick.deps, { name, from, limit: tick.job.limit }, now)
        if (next !== null) left.push({ name, from: next })
        sum += processed
      }
      open = left
      return { cursor, processed: sum }
    })
}

/** Does the daily searches that are due, one batch of one journey a transaction. */
const search = async (tick: Tick): Promise<void> => {
  let more = true
  while (more && !tick.stopping())
    await tick.step(async (tx, now) => {
      more = false
      for (const journeyId of await searching(tx)) {
        const done = await searchOnce(tx, tick.deps, { journeyId, limit: tick.job.limit }, now)
        if (!done) continue
        more = true
        return { cursor, processed: done.processed }
      }
      return { cursor, processed: 0 }
    })
}

const troubled = (troubles: readonly string[]): { failed: number; error?: string } => ({
  failed: troubles.length,
  error: troubles.length ? `动作不完整：${troubles.slice(0, 3).join('；')}` : undefined,
})

/** Runs of a batch that broke, one at a time: the one that cannot go on is ended with its error, the rest happen. */
const advanceAlone = async (tick: Tick, ids: readonly string[]): Promise<void> => {
  for (const id of ids) {
    try {
      await tick.step(async (tx, now) => {
        const { steps, troubles } = await advanceRuns(tx, tick.deps, [id], now)
        return { cursor, processed: steps, ...troubled(troubles) }
      })
    } catch (error) {
      if (isContention(error) || isLostRun(error)) throw error
      const reason = describeError(error)
      await tick.step(async (tx, now) => {
        await failRun(tx, id, reason, now)
        return { cursor, processed: 0, failed: 1, error: `${id}: ${reason}` }
      })
    }
  }
}

const advance = async (tick: Tick): Promise<void> => {
  let ids: string[] = []
  do {
    try {
      await tick.step(async (tx, now) => {
        ids = await dueRuns(tx, Math.min(tick.job.limit, journeyPolicy.batch), now)
        const { steps, troubles } = await advanceRuns(tx, tick.deps, ids, now)
        return { cursor, processed: steps, ...troubled(troubles) }
      })
    } catch (error) {
      if (isContention(error) || isLostRun(error) || !ids.length) throw error
      await advanceAlone(tick, ids)
    }
  } while (ids.length && !tick.stopping())
}

/** Lets members onto journeys, then moves everybody on who is due. Both keep their own cursors, so a run that breaks off costs nothing. */
export const runJourneys = async (tick: Tick): Promise<void> => {
  await tick.step(async (tx, now) => {
    await ensureBuiltIns(tx, now)
    return { cursor, processed: 0 }
  })
  await follow(tick)
  await search(tick)
  await advance(tick)
}
