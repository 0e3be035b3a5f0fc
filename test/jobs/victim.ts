import { readEnv } from '../../config/env'
import { createLog } from '../../server/http/log'
import { createRunner } from '../../server/jobs/runner'
import { createDeps } from '../../server/process'
import { schedule } from '../../server/schedule'

/**
 * A process that runs the journeys in small batches, slowly enough to be killed in the middle: the database and the time of its clock
 * come from the environment.
 */
const main = async (): Promise<void> => {
  const env = readEnv()
  const now = Number(process.env.VICTIM_NOW)
  const deps = await createDeps(env, { clock: { now: () => now }, log: createLog({ LOG_LEVEL: 'silent' }) })
  const job = schedule.find((j) => j.name === 'journeys.run')
  if (!job) throw new Error('there is no job of journeys')
  await createRunner(deps, [job], 'victim').ring({ ...job, limit: 5 })
  await deps.db.close()
}

void main()
