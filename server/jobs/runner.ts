import { schedule as ringAt } from 'node-cron'
import { newId } from '../db/id'
import type { Deps } from '../deps'
import { describeError } from './batch'
import { lastDue, slotOf } from './cron'
import { isLostRun, type Job, type Tick } from './job'
import {
  abandonedRuns,
  claimRun,
  finishRun,
  previousSlot,
  type Run,
  releaseRun,
  renewRun,
  runPolicy,
  stepUnder,
  takeOverRun,
} from './runs'

/**
 * Runs the jobs of one process. node-cron only rings: whether anything happens is decided by the claim in the database, so any number of
 * replicas may ring for the same minute, and a ring that was slept through is made up for by `catchUp`.
 */
export interface Runner {
  /** Names this process in the rows of its runs. */
  owner: string
  /** Sets the bells and makes up for what was missed while nothing ran. */
  start(): void
  /** Runs the slot that the job is due for, unless somebody has it. Answers whether this runner ran it. */
  ring(job: Job): Promise<boolean>
  /** Takes over abandoned runs, then runs the latest slot of each job if nobody did. */
  catchUp(): Promise<void>
  /**
   * Begins an extra run now, and answers its slot and its end; null while the job is running.
   * @param id makes the slot `manual:<id>` unique
   */
  runNow(job: Job, id: string): Promise<{ slot: string; ended: Promise<void> } | null>
  /** Lets the batches under way finish and gives up the rest, to be continued by another process. */
  stop(): Promise<void>
}

/** A bell may ring this much before the minute it means, by the clock we are given. */
const earlyMs = 1000

export const createRunner = (
  deps: Deps,
  jobs: readonly Job[],
  owner = `${process.pid}-${newId(deps.clock.now())}`,
): Runner => {
  const bells: { destroy(): void | Promise<void> }[] = []
  const underWay = new Set<Promise<void>>()
  let stopping = false
  let catchingUp: Promise<void> | null = null

  const tickOf = async (
    job: Job,
    run: Run,
    lost: () => boolean,
  ): Promise<[Tick, () => Parameters<typeof finishRun>[2]]> => {
    const counts: { processed: number; failed: number; error?: string } = { processed: 0, failed: 0 }
    const tick: Tick = {
      deps,
      job,
      lease: { name: run.name, slot: run.slot, owner: run.owner },
      slotAt: run.slotAt,
      previousSlotAt: await previousSlot(deps.db, job, run.slotAt),
      cursor: run.cursor,
      stopping: () => stopping || lost(),
      step: (work) => stepUnder(deps.db, run, deps.clock, work),
      count: ({ processed = 0, failed = 0, error }) => {
        counts.processed += processed
        counts.failed += failed
        counts.error ??= error
      },
    }
    return [tick, () => counts]
  }

  const perform = async (job: Job, run: Run): Promise<void> => {
    let lost = false
    const heart = setInterval(() => {
      renewRun(deps, run)
        .then((mine) => {
          lost ||= !mine
        })
        .catch((error: unknown) => deps.log.warn({ err: error, job: job.name }, 'could not renew a job lease'))
    }, runPolicy.renewEveryMs)
    heart.unref()
    try {
      const [tick, counts] = await tickOf(job, run, () => lost)
      await job.run(tick)
      if (stopping) return await releaseRun(deps, run, counts())
      await finishRun(deps, run, counts())
      deps.log.info({ job: job.name, slot: run.slot }, 'job done')
    } catch (error) {
      if (isLostRun(error)) return deps.log.warn({ job: job.name, slot: run.slot }, 'job run was taken over')
      deps.log.error({ err: error, job: job.name, slot: run.slot }, 'job failed')
      await finishRun(deps, run, { processed: 0, failed: 0 }, describeError(error))
    } finally {
      clearInterval(heart)
    }
  }

  /** Remembers the work until it ends, so that a stop can wait for it; what even the run's own record could not hold is logged. */
  const track = (work: Promise<void>): Promise<void> => {
    const tracked = work
      .catch((error: unknown) => deps.log.error({ err: error }, 'job run broke'))
      .finally(() => underWay.delete(tracked))
    underWay.add(tracked)
    return tracked
  }

  const runSlot = async (job: Job, slotAt: number): Promise<boolean> => {
    const run = stopping ? null : await claimRun(deps, { name: job.name, slot: slotOf(slotAt), slotAt, owner })
    if (!run) return false
    await track(perform(job, run))
    return true
  }
  const ring = async (job: Job): Promise<boolean> => {
    const slotAt = lastDue(job.cron, deps.clock.now() + earlyMs)
    return slotAt !== null && runSlot(job, slotAt)
  }
  const catchUpOnce = async (): Promise<void> => {
    for (const abandoned of await abandonedRuns(deps.db, deps.clock.now())) {
      const job = jobs.find((j) => j.name === abandoned.name)
      const run = job && !stopping ? await takeOverRun(deps, abandoned, owner) : null
      if (job && run) await track(perform(job, run))
    }
    for (const job of jobs) await ring(job)
  }
  const catchUp = (): Promise<void> => {
    catchingUp ??= catchUpOnce().finally(() => {
      catchingUp = null
    })
    return catchingUp
  }
  const quietly = (work: () => Promise<unknown>) => (): void => {
    work().catch((error: unknown) => deps.log.error({ err: error }, 'a job bell could not be answered'))
  }

  return {
    owner,
    ring,
    catchUp,
    start: () => {
      const options = { timezone: 'Asia/Shanghai', suppressMissedWarning: true }
      for (const job of jobs)
        bells.push(
          ringAt(
            job.cron,
            quietly(() => ring(job)),
            { ...options, name: job.name },
          ),
        )
      bells.push(ringAt('* * * * *', quietly(catchUp), { ...options, name: 'catch-up' }))
      quietly(catchUp)()
    },
    runNow: async (job, id) => {
      const slot = `manual:${id}`
      const run = await claimRun(deps, { name: job.name, slot, slotAt: deps.clock.now(), owner })
      return run && { slot, ended: track(perform(job, run)) }
    },
    stop: async () => {
      stopping = true
      for (const bell of bells.splice(0)) await bell.destroy()
      await catchingUp
      await Promise.all(underWay)
    },
  }
}
