import { bind } from '../http/bind'
import { schedule } from '../schedule'
import { jobsOf, requireJob, rerun, runOf, runsOf } from './service'

export const jobsRoutes = [
  bind('GET /admin/jobs', ({ tx, now }) => jobsOf(tx, schedule, now)),
  bind('GET /admin/jobs/:name/runs', ({ tx, input }) => runsOf(tx, { ...input, name: requireJob(input.name).name })),
  bind<'POST /admin/jobs/:name/runs', string>(
    'POST /admin/jobs/:name/runs',
    async ({ tx, input, fetched }) => {
      const { slot, state, processed, failed } = await runOf(tx, input.name, fetched)
      return { slot, state, processed, failed }
    },
    ({ deps, input, now }) => rerun(deps, input.name, now),
  ),
]
