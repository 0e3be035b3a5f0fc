import { newId } from '../db/id'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { schedule } from '../schedule'
import type { Job } from './job'
import { createRunner, type Runner } from './runner'

export { jobsOf, runOf, runsOf } from './queries'

/** How long a request waits for the run it started; a longer one goes on by itself. */
const patienceMs = 5000

const runners = new WeakMap<Deps, Runner>()

/** The runner of this process. A process that only serves requests has one too, for runs that operators start by hand. */
export const runnerOf = (deps: Deps): Runner => {
  const known = runners.get(deps)
  if (known) return known
  const made = createRunner(deps, schedule)
  runners.set(deps, made)
  return made
}

/** The job of that name, or a refusal. */
export const requireJob = (name: string): Job => {
  const job = schedule.find((j) => j.name === name)
  if (!job) throw refuse('job_not_found')
  return job
}

/** Starts a run outside the request's transaction and waits a little for its end. Answers its slot. */
export const rerun = async (deps: Deps, name: string, now: number): Promise<string> => {
  const started = await runnerOf(deps).runNow(requireJob(name), newId(now))
  if (!started) throw refuse('job_running')
  let timer: NodeJS.Timeout | undefined
  const enough = new Promise<void>((done) => {
    timer = setTimeout(done, patienceMs)
  })
  await Promise.race([started.ended, enough])
  clearTimeout(timer)
  return started.slot
}
