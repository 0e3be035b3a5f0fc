import { DAY_MS } from '../../shared/time'
import { sweep } from './batch'
import type { Tick } from './job'

/** Runs are kept this long; the latest finished one of each job for ever, because it says which civil days were treated. */
const keptRunsDays = 30

/** Forgets old runs: the sender's alone are 1,440 a day. */
export const forgetRuns = async (tick: Tick): Promise<void> => {
  const latest = await tick.deps.db.read<{ name: string; at: number }>(
    "SELECT name, MAX(slotAt) AS at FROM job_run WHERE state = 'done' GROUP BY name ORDER BY name",
  )
  const old = tick.deps.clock.now() - keptRunsDays * DAY_MS
  for (const { name, at } of latest)
    await sweep(tick, {
      table: 'job_run',
      key: ['name', 'slot'],
      where: "name = ? AND slotAt < ? AND state <> 'running'",
      params: [name, Math.min(old, Number(at))],
    })
}
