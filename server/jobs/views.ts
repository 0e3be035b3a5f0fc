import type { Output } from '../../shared/contract'
import { nextDue } from './cron'
import type { Job } from './job'
import type { JobRun } from './job-run.entity'

type RunView = Output<'GET /admin/jobs/:name/runs'>['items'][number]

/** A run as operators see it. One whose owner is overdue shows as running until somebody takes it over. */
export const runView = (run: JobRun): RunView => ({
  slot: run.slot,
  state: run.state as RunView['state'],
  startedAt: run.startedAt,
  finishedAt: run.finishedAt,
  lagMs: Math.max(0, run.startedAt - run.slotAt),
  attempts: run.attempts,
  processed: run.processed,
  failed: run.failed,
  errorSample: run.errorSample,
  owner: run.owner,
})

/** A line of the schedule with its latest run. */
export const jobView = (
  job: Job,
  last: JobRun | undefined,
  now: number,
): Output<'GET /admin/jobs'>['items'][number] => ({
  name: job.name,
  title: job.title,
  why: job.why,
  schedule: job.cron,
  nextAt: nextDue(job.cron, now),
  running: last !== undefined && last.state === 'running' && last.leaseUntil >= now,
  last: last ? runView(last) : null,
})
