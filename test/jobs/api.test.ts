import type { JobRun } from '../../server/jobs/job-run.entity'
import { claimRun } from '../../server/jobs/runs'
import { schedule } from '../../server/schedule'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer, testNow } from '../support/server'
import { addMembers, ownerToken, rows, tokenOf } from './people'

const minute = 60_000

describeEachDatabase('the jobs page', (database) => {
  let server: TestServer
  let as: string
  beforeEach(async () => {
    server = await startServer({ database })
    as = await ownerToken(server)
  })
  afterEach(() => server.stop())

  test('lists every job of the schedule with when it rings next', async () => {
    const { status, body } = await server.call('GET /admin/jobs', {}, { as })
    expect(status).toBe(200)
    expect(body.items.map((j) => j.name)).toEqual(schedule.map((j) => j.name))
    const expiry = body.items.find((j) => j.name === 'points.expire')
    expect(expiry).toMatchObject({ title: '积分到期', schedule: '5 0 * * *', running: false, last: null })
    // 00:05 of 23 November in Shanghai.
    expect(expiry?.nextAt).toBe(Date.UTC(2026, 10, 22, 16, 5))
  })

  test('a run by hand is written down, shown, and repeated under its key only once', async () => {
    await addMembers(server, [{ id: 'lin', birthday: { calendar: 'solar', month: 11, day: 22 } }])
    const input = { name: 'journeys.run' }
    const idempotencyKey = 'the-same-button'
    const first = await server.call('POST /admin/jobs/:name/runs', input, { as, idempotencyKey })
    expect([first.status, first.body]).toEqual([
      200,
      { slot: expect.stringMatching(/^manual:[0-9a-z]+$/), state: 'done', processed: 2, failed: 0 },
    ])
    const again = await server.call('POST /admin/jobs/:name/runs', input, { as, idempotencyKey })
    expect(again.body).toEqual(first.body)
    server.clock.advance(minute)
    const other = await server.call('POST /admin/jobs/:name/runs', input, { as })
    expect(other.body).toMatchObject({ state: 'done', processed: 0 })
    const runs = await server.call('GET /admin/jobs/:name/runs', { ...input, limit: 1 }, { as })
    expect(runs.body.items).toMatchObject([{ slot: other.body.slot, processed: 0, lagMs: 0, attempts: 1 }])
    const older = await server.call(
      'GET /admin/jobs/:name/runs',
      { ...input, cursor: runs.body.nextCursor ?? '' },
      { as },
    )
    expect(older.body).toMatchObject({ items: [{ slot: first.body.slot, processed: 2 }], nextCursor: null })
    const page = await server.call('GET /admin/jobs', {}, { as })
    expect(page.body.items.find((j) => j.name === input.name)?.last).toMatchObject({ slot: other.body.slot })
    expect(await rows(server, "SELECT action FROM audit WHERE action = 'POST /admin/jobs/:name/runs'")).toHaveLength(2)
  })

  test('refuses an unknown job, a running one, and who may not', async () => {
    const unknown = await server.call('POST /admin/jobs/:name/runs', { name: 'nothing.at-all' }, { as })
    expect([unknown.status, unknown.error?.code]).toEqual([404, 'job_not_found'])
    await claimRun(server.deps, { name: 'tiers.review', slot: '2026-11-22 10:00', slotAt: testNow, owner: 'other' })
    const busy = await server.call('POST /admin/jobs/:name/runs', { name: 'tiers.review' }, { as })
    expect([busy.status, busy.error?.code]).toEqual([409, 'job_running'])
    expect((await server.call('GET /admin/jobs', {}, { as })).body.items.filter((j) => j.running)).toHaveLength(1)
    await addMembers(server, [{ id: 'lin' }])
    const member = await tokenOf(server, 'member', 'lin')
    for (const token of [undefined, member]) {
      const answer = await server.call('POST /admin/jobs/:name/runs', { name: 'tiers.review' }, { as: token })
      expect(answer.status).toBe(token ? 403 : 401)
    }
    expect(await rows<JobRun>(server, 'SELECT * FROM job_run')).toHaveLength(1)
  })

  test('every job of the schedule runs on an empty shop and on the books of a new one', async () => {
    for (const { name } of schedule) {
      const { status, body } = await server.call('POST /admin/jobs/:name/runs', { name }, { as })
      expect([name, status, body.state, body.failed]).toEqual([name, 200, 'done', 0])
    }
  })
})
