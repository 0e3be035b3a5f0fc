import type { z } from 'zod'
import { createRunner } from '../../server/jobs/runner'
import { schedule } from '../../server/schedule'
import { journeyDefinition } from '../../shared/contract/journey-shapes'
import type { JourneyDefinition } from '../../shared/journey'
import type { TestServer } from '../support/server'

type Draft = z.input<typeof journeyDefinition>

/** A definition with what tests leave out: no goal, everybody in, again and again. */
export const draft = (given: Partial<Draft> & Pick<Draft, 'trigger' | 'start' | 'nodes'>): JourneyDefinition =>
  journeyDefinition.parse({
    goal: null,
    reentry: { kind: 'always' },
    holdout: { percent: 0, reason: '测试' },
    ...given,
  })

/** Runs one job of the schedule now. Throws when it does not end well. */
export const runJob = async (server: TestServer, name: string): Promise<void> => {
  const job = schedule.find((j) => j.name === name)
  if (!job) throw new Error(name)
  const started = await createRunner(server.deps, [], 'test').runNow(job, String(Math.random()))
  await started?.ended
  const [run] = await server.deps.db.read<{ state: string; errorSample: string | null }>(
    'SELECT state, errorSample FROM job_run WHERE slot = ?',
    [started?.slot ?? ''],
  )
  if (run?.state !== 'done') throw new Error(`${name} ended ${run?.state}: ${run?.errorSample}`)
}

/** Makes a journey over HTTP and publishes it; answers its id. */
export const publish = async (
  server: TestServer,
  as: string,
  definition: JourneyDefinition,
  name = '测试旅程',
): Promise<string> => {
  const made = await server.call('POST /admin/journeys', { name, definition }, { as })
  if (made.status !== 200) throw new Error(JSON.stringify(made.body))
  const moved = await server.call(
    'POST /admin/journeys/:journeyId/state',
    { journeyId: made.body.id, revision: made.body.revision, to: 'published' },
    { as },
  )
  if (moved.status !== 200) throw new Error(JSON.stringify(moved.body))
  return made.body.id
}

/** Makes a template that says the same on each channel; answers its id. */
export const template = async (
  server: TestServer,
  as: string,
  content: Parameters<typeof server.call<'POST /admin/message-templates'>>[1]['content'],
  topic: 'care' | 'offer' | 'reminder' | 'service' = 'offer',
): Promise<string> => {
  const made = await server.call('POST /admin/message-templates', { name: '模板', topic, content }, { as })
  if (made.status !== 200) throw new Error(JSON.stringify(made.body))
  return made.body.id
}
