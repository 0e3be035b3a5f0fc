import { isContention } from '../db/dialect'
import { describeError } from '../jobs/batch'
import { isLostRun, type Tick } from '../jobs/job'
import { advanceRuns, dueRuns, failRun } from './advance'
import { journeyPolicy } from './rules'
import { searching, searchOnce } from './searches'
import { followLog, tailNames } from './tails'

const cursor = 'journeys'

const enter = async (tick: Tick): Promise<void> => {
  for (const name of tailNames) {
    let from: string | null = null
    do {
      await tick.step(async (tx, now) => {
        const { next, processed } = await followLog(tx, tick.deps, { name, from, limit: tick.job.limit }, now)
        from = next
        return { cursor, processed }
      })
    } while (from !== null && !tick.stopping())
  }
  let journeyIds: string[] = []
  await tick.step(async (tx) => {
    journeyIds = await searching(tx)
    return { cursor, processed: 0 }
  })
  for (const journeyId of journeyIds) {
    let more = true
    while (more && !tick.stopping())
      await tick.step(async (tx, now) => {
        const done = await searchOnce(tx, tick.deps, { journeyId, limit: tick.job.limit }, now)
        more = done !== null
        return { cursor, processed: done?.processed ?? 0 }
      })
  }
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
  await enter(tick)
  await advance(tick)
}
