import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'

/** One line of the schedule. */
export interface Job {
  /** Stable: it is half of the claim's key. */
  name: string
  /** What operators read. */
  title: string
  why: string
  /** Five-field cron expression on the wall clock of Asia/Shanghai. */
  cron: string
  /** Rows of one batch, that is of one transaction. */
  limit: number
  run(tick: Tick): Promise<void>
}

/** Which run of a job this is, as plain data: a thread that makes the batches of a run by itself is given it (`stepUnder` in runs.ts). */
export interface Lease {
  name: string
  slot: string
  owner: string
}

/** What one run of a job is given. */
export interface Tick {
  deps: Deps
  lease: Lease
  job: Pick<Job, 'name' | 'limit'>
  /** The moment the run was due (epoch ms), however late it really runs. */
  slotAt: number
  /** When this job last finished a run that was due before this one (epoch ms), for jobs that must not skip a civil day. */
  previousSlotAt: number | null
  /** Where a run that broke off is to go on; null at the beginning. */
  cursor: string | null
  /** Whether the process wants to stop: finish the batch and return. */
  stopping(): boolean
  /**
   * Runs one batch in a transaction that first makes sure that this run is still ours and last writes down the counts and where the next
   * batch begins. It either all happens or none of it, so a run that is taken over neither repeats nor skips anything.
   */
  step(work: (tx: Tx, now: number) => Promise<Progress>): Promise<void>
  /** Counts outside a batch, for work that keeps its own state (the message sender). */
  count(counts: { processed?: number; failed?: number; error?: string }): void
}

/** What a batch did. `error` is a sample for the operators; the first one of a run is kept. */
export interface Progress {
  cursor: string
  processed: number
  failed?: number
  error?: string
}

/** The run was taken over by another process while this one was busy or asleep: its batch is undone and nothing more is done. */
export const lostRun = (): Error =>
  Object.assign(new Error('This run was taken over by another process'), { name: 'LostRun' })
export const isLostRun = (error: unknown): boolean => error instanceof Error && error.name === 'LostRun'
