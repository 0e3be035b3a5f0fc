import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { JobRun } from '../../server/jobs/job-run.entity'
import { createRunner } from '../../server/jobs/runner'
import { schedule } from '../../server/schedule'
import { publishGiftCoupon } from '../campaigns/shop'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer, testNow } from '../support/server'
import { addMembers, rows } from './people'

const members = 400
const minute = 60_000

describeEachDatabase('kill -9 in the middle of the birthday journey', (database) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ database })
    const birthday = { calendar: 'solar' as const, month: 11, day: 22 }
    await addMembers(
      server,
      Array.from({ length: members }, (_, i) => ({ id: `m${String(i).padStart(3, '0')}`, birthday })),
    )
    await publishGiftCoupon(server, 'birthday')
  })
  afterAll(() => server.stop())

  const count = async (text: string): Promise<number> => Number((await rows<{ n: number }>(server, text))[0].n)
  const given = () => count('SELECT COUNT(*) AS n FROM care_gift')
  const start = (): ChildProcess =>
    spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'victim.ts')], {
      env: {
        ...process.env,
        NODE_ENV: 'test',
        DATABASE_URL: server.deps.env.DATABASE_URL,
        APP_SECRET: server.deps.env.APP_SECRET,
        VICTIM_NOW: String(testNow),
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    })

  test('another process goes on where it stopped; everybody has exactly one gift', async () => {
    const victim = start()
    const dead = new Promise((done) => victim.once('exit', (_code, signal) => done(signal)))
    while ((await given()) < 20 && victim.exitCode === null) await new Promise((done) => setTimeout(done, 5))
    victim.kill('SIGKILL')
    expect(await dead).toBe('SIGKILL')
    const half = await given()
    expect(half).toBeGreaterThanOrEqual(20)
    expect(half).toBeLessThan(members)
    const [broken] = await rows<JobRun>(server, 'SELECT * FROM job_run')
    expect(broken).toMatchObject({ owner: 'victim', state: 'running' })
    // Everybody had entered; a gift is the one step of each.
    expect(broken.processed).toBe(members + half)

    const care = schedule.filter((j) => j.name === 'journeys.run')
    const heir = createRunner(server.deps, care, 'heir')
    await heir.catchUp()
    // The lease still holds: the owner might only be slow.
    expect(await given()).toBe(half)
    server.clock.advance(3 * minute)
    await heir.catchUp()
    expect(await rows<JobRun>(server, 'SELECT * FROM job_run WHERE attempts = 2')).toMatchObject([
      { owner: 'heir', state: 'done', processed: 2 * members, failed: 0, attempts: 2 },
    ])
    expect(await given()).toBe(members)
    expect(await count('SELECT COUNT(DISTINCT memberId) AS n FROM care_gift')).toBe(members)
    expect(await count("SELECT COUNT(*) AS n FROM points_entry WHERE kind = 'gift'")).toBe(members)
    expect(await count('SELECT COUNT(*) AS n FROM coupon')).toBe(members)
    expect(await count('SELECT issued AS n FROM coupon_template')).toBe(members)
    expect(await count('SELECT COUNT(*) AS n FROM message')).toBe(2 * members)
    expect(await count('SELECT COUNT(*) AS n FROM points_account WHERE balance = 66')).toBe(members)
  }, 120_000)
})
