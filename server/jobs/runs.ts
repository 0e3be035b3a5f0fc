import { MINUTE_MS } from '../../shared/time'
import type { Db, Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import type { Job, Lease, Progress } from './job'
import { lostRun } from './job'
import type { JobRun } from './job-run.entity'

export const runPolicy = {
  /** A run whose owner has not renewed for this long is taken over. */
  leaseMs: 2 * MINUTE_MS,
  renewEveryMs: 30_000,
  /** A failed or abandoned run is tried this often in all. */
  maxAttempts: 4,
  /** Pause before the next try of a failed run, times the tries made. */
  retryPauseMs: 5 * MINUTE_MS,
} as const

/** One claimed run. */
export interface Run extends Lease {
  slotAt: number
  attempts: number
  cursor: string | null
}

/** A run of the job that somebody is working on now. */
export const liveRun = async (db: Reader, name: string, now: number): Promise<JobRun | undefined> =>
  (
    await db.read<JobRun>(
      "SELECT * FROM job_run WHERE name = ? AND state = 'running' AND leaseUntil >= ? ORDER BY slotAt DESC LIMIT 1",
      [name, now],
    )
  )[0]

/**
 * Claims a run by inserting its row: of all replicas that ring for a slot, one gets it. Answers null for the others, and while another
 * run of the job is under way.
 */
export const claimRun = (
  deps: Deps,
  { name, slot, slotAt, owner }: { name: string; slot: string; slotAt: number; owner: string },
): Promise<Run | null> =>
  deps.db.tx(async (tx) => {
    const now = deps.clock.now()
    if (await liveRun(tx, name, now)) return null
    const claimed = await tx.insertNew('job_run', [
      {
        name,
        slot,
        slotAt,
        state: 'running',
        owner,
        attempts: 1,
        startedAt: now,
        finishedAt: null,
        leaseUntil: now + runPolicy.leaseMs,
        cursor: null,
        processed: 0,
        failed: 0,
        errorSample: null,
      },
    ])
    return claimed ? { name, slot, slotAt, owner, attempts: 1, cursor: null } : null
  })

/** Runs that need somebody: their owner died, or they failed and their pause is over. */
export const abandonedRuns = (db: Reader, now: number): Promise<JobRun[]> =>
  db.read<JobRun>(
    `SELECT * FROM job_run WHERE state IN ('running', 'failed') AND leaseUntil < ? AND (state = 'running' OR attempts < ?) ORDER BY slotAt LIMIT 20`,
    [now, runPolicy.maxAttempts],
  )

/** Takes over an abandoned run; the conditional update lets one replica win. It goes on from the cursor. */
export const takeOverRun = (deps: Deps, run: JobRun, owner: string): Promise<Run | null> =>
  deps.db.tx(async (tx) => {
    const now = deps.clock.now()
    if (run.attempts >= runPolicy.maxAttempts) {
      // A run that kills its process every time must not do so for ever.
      tx.write(
        "UPDATE job_run SET state = 'failed', finishedAt = ?, errorSample = COALESCE(errorSample, 'The process ended during every try') WHERE name = ? AND slot = ? AND state = 'running' AND leaseUntil < ?",
        [now, run.name, run.slot, now],
      )
      return null
    }
    const other = await liveRun(tx, run.name, now)
    if (other && other.slot !== run.slot) return null
    const taken = await tx.run(
      `UPDATE job_run SET state = 'running', owner = ?, attempts = attempts + 1, leaseUntil = ?, finishedAt = NULL
       WHERE name = ? AND slot = ? AND attempts = ? AND leaseUntil < ? AND state <> 'done'`,
      [owner, now + runPolicy.leaseMs, run.name, run.slot, run.attempts, now],
    )
    if (!taken) return null
    const [row] = await tx.read<JobRun>('SELECT * FROM job_run WHERE name = ? AND slot = ?', [run.name, run.slot])
    return {
      name: run.name,
      slot: run.slot,
      slotAt: Number(run.slotAt),
      owner,
      attempts: row.attempts,
      cursor: row.cursor,
    }
  })

const own = "name = ? AND slot = ? AND owner = ? AND state = 'running'"
const keyOf = (run: Lease): string[] => [run.name, run.slot, run.owner]

/** Prolongs the lease; false when the run is no longer ours. */
export const renewRun = (deps: Deps, run: Run): Promise<boolean> =>
  deps.db.tx(
    async (tx) =>
      (await tx.run(`UPDATE job_run SET leaseUntil = ? WHERE ${own}`, [
        deps.clock.now() + runPolicy.leaseMs,
        ...keyOf(run),
      ])) > 0,
  )

/** Locks the run inside a batch's transaction; throws when it is no longer ours, which undoes the batch. */
export const fence = async (tx: Tx, run: Lease): Promise<void> => {
  const [mine] = await tx.read(`SELECT name FROM job_run WHERE ${own}${tx.lock}`, keyOf(run))
  if (!mine) throw lostRun()
}

/** Writes down what a batch did, in its own transaction. */
export const recordProgress = (tx: Tx, run: Lease, progress: Progress, now: number): void =>
  tx.write(
    `UPDATE job_run SET \`cursor\` = ?, processed = processed + ?, failed = failed + ?, errorSample = COALESCE(errorSample, ?), leaseUntil = ? WHERE ${own}`,
    [
      progress.cursor,
      progress.processed,
      progress.failed ?? 0,
      progress.error ?? null,
      now + runPolicy.leaseMs,
      ...keyOf(run),
    ],
  )

/**
 * One batch of a run in a transaction of its own, which first makes sure that the run is still ours (throws `lostRun` otherwise, and undoes
 * the batch) and last writes down how far it got.
 */
export const stepUnder = (
  db: Db,
  run: Lease,
  clock: { now(): number },
  work: (tx: Tx, now: number) => Promise<Progress>,
): Promise<void> =>
  db.tx(async (tx) => {
    await fence(tx, run)
    const now = clock.now()
    recordProgress(tx, run, await work(tx, now), now)
  })

/** Ends a run; `error` makes it failed, to be tried again after a pause. */
export const finishRun = (
  deps: Deps,
  run: Run,
  counts: { processed: number; failed: number; error?: string },
  error?: string,
): Promise<void> =>
  deps.db.tx(async (tx) => {
    const now = deps.clock.now()
    tx.write(
      `UPDATE job_run SET state = ?, finishedAt = ?, leaseUntil = ?, processed = processed + ?, failed = failed + ?,
       errorSample = ${error === undefined ? 'COALESCE(errorSample, ?)' : '?'} WHERE ${own}`,
      [
        error === undefined ? 'done' : 'failed',
        now,
        error === undefined ? now : now + runPolicy.retryPauseMs * run.attempts,
        counts.processed,
        counts.failed,
        error ?? counts.error ?? null,
        ...keyOf(run),
      ],
    )
  })

/** Gives a run up in the middle, because the process stops: the next one goes on at once instead of waiting for the lease. */
export const releaseRun = (deps: Deps, run: Run, counts: { processed: number; failed: number }): Promise<void> =>
  deps.db.tx(async (tx) => {
    tx.write(
      `UPDATE job_run SET leaseUntil = 0, attempts = attempts - 1, processed = processed + ?, failed = failed + ? WHERE ${own}`,
      [counts.processed, counts.failed, ...keyOf(run)],
    )
  })

/** When the job last finished a run that was due before `slotAt` (epoch ms). */
export const previousSlot = async (db: Reader, job: Pick<Job, 'name'>, slotAt: number): Promise<number | null> => {
  const [row] = await db.read<{ slotAt: number }>(
    "SELECT slotAt FROM job_run WHERE name = ? AND state = 'done' AND slotAt < ? ORDER BY slotAt DESC LIMIT 1",
    [job.name, slotAt],
  )
  return row ? Number(row.slotAt) : null
}
