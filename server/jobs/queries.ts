import type { Output } from '../../shared/contract'
import type { Reader } from '../db/transaction'
import type { Job } from './job'
import type { JobRun } from './job-run.entity'
import { jobView, runView } from './views'

/** The schedule with the latest run of each job. */
export const jobsOf = async (db: Reader, jobs: readonly Job[], now: number): Promise<Output<'GET /admin/jobs'>> => {
  const items = []
  for (const job of jobs) {
    const [last] = await db.read<JobRun>(
      'SELECT * FROM job_run WHERE name = ? ORDER BY slotAt DESC, slot DESC LIMIT 1',
      [job.name],
    )
    items.push(jobView(job, last, now))
  }
  return { items }
}

/** One page of a job's runs, newest first. The cursor is `<slotAt>,<slot>` of the last one shown. */
export const runsOf = async (
  db: Reader,
  { name, cursor, limit }: { name: string; cursor?: string; limit: number },
): Promise<Output<'GET /admin/jobs/:name/runs'>> => {
  const at = cursor?.indexOf(',') ?? -1
  const after = at > 0 ? [Number(cursor?.slice(0, at)) || 0, cursor?.slice(at + 1) ?? ''] : null
  const rows = await db.read<JobRun>(
    `SELECT * FROM job_run WHERE name = ?${after ? ' AND (slotAt < ? OR (slotAt = ? AND slot < ?))' : ''} ORDER BY slotAt DESC, slot DESC LIMIT ?`,
    [name, ...(after ? [after[0], after[0], after[1]] : []), limit + 1],
  )
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return {
    items: items.map(runView),
    nextCursor: rows.length > limit && last ? `${last.slotAt},${last.slot}` : null,
  }
}

/** One run. */
export const runOf = async (db: Reader, name: string, slot: string): Promise<JobRun> => {
  const [run] = await db.read<JobRun>('SELECT * FROM job_run WHERE name = ? AND slot = ?', [name, slot])
  if (!run) throw new Error(`Run ${name} ${slot} is gone`)
  return run
}
