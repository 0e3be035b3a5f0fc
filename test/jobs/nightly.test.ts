import { grantCoupons } from '../../server/coupons/service'
import { execute } from '../../server/http/command'
import type { JobRun } from '../../server/jobs/job-run.entity'
import { createRunner } from '../../server/jobs/runner'
import { noticesDue } from '../../server/points/notice'
import { awardPoints } from '../../server/points/service'
import { schedule } from '../../server/schedule'
import { addDays, civilDay, DAY_MS, HOUR_MS, startOfDay } from '../../shared/time'
import { publishGiftCoupon } from '../campaigns/shop'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { addMembers, rows } from './people'

describe('which last days a notice run speaks of', () => {
  const at = (day: string): number => startOfDay(day) + 9 * HOUR_MS
  test('those that lie 30, 7 and 1 days ahead', () => {
    const due = [
      { on: '2026-11-02', daysAhead: 1 },
      { on: '2026-11-08', daysAhead: 7 },
      { on: '2026-12-01', daysAhead: 30 },
    ]
    expect(noticesDue([30, 7, 1], null, at('2026-11-01'))).toEqual(due)
    expect(noticesDue([30, 7, 1], at('2026-10-31'), at('2026-11-01'))).toEqual(due)
    expect(noticesDue([30, 7, 1], at('2026-11-01'), at('2026-11-01'))).toEqual(due)
  })
  test('after an outage those in between too, each once, and none that has passed', () => {
    const due = noticesDue([30, 7, 1], at('2026-10-29'), at('2026-11-01'))
    expect(due.map((d) => d.on)).toEqual([
      '2026-11-01',
      '2026-11-02',
      '2026-11-06',
      '2026-11-07',
      '2026-11-08',
      '2026-11-29',
      '2026-11-30',
      '2026-12-01',
    ])
    const long = noticesDue([30, 7, 1], at('2025-01-01'), at('2026-11-01'))
    expect(long[0].on >= '2026-11-01').toBe(true)
    expect(new Set(long.map((d) => d.on)).size).toBe(long.length)
  })
})

describeEachDatabase('nightly jobs', (database) => {
  let server: TestServer
  const today = '2026-11-22'
  beforeEach(async () => {
    server = await startServer({ database, now: startOfDay(today) + 12 * HOUR_MS })
    await addMembers(
      server,
      Array.from({ length: 7 }, (_, i) => ({ id: `m${i}` })),
    )
  })
  afterEach(() => server.stop())

  /** Runs one job, its batches cut to three rows so that the cursor has work to do. */
  const run = async (name: string): Promise<JobRun> => {
    const job = schedule.find((j) => j.name === name)
    if (!job) throw new Error(name)
    const started = await createRunner(server.deps, [], 'test').runNow({ ...job, limit: 3 }, String(Math.random()))
    await started?.ended
    const runs = await rows<JobRun>(server, 'SELECT * FROM job_run WHERE slot = ?', [started?.slot ?? ''])
    return runs[0]
  }
  const award = async (memberIds: string[], points: number): Promise<void> => {
    await server.deps.db.tx((tx) =>
      execute(
        tx,
        awardPoints,
        memberIds.map((memberId) => ({ memberId, points, source: { type: 'operator', id: null, note: '' } })),
        server.clock.now(),
      ),
    )
  }
  const everybody = Array.from({ length: 7 }, (_, i) => `m${i}`)
  const balances = async () =>
    (await rows<{ balance: number }>(server, 'SELECT balance FROM points_account ORDER BY memberId')).map((r) =>
      Number(r.balance),
    )
  const titled = (title: string) =>
    rows<{ memberId: string; text: string }>(
      server,
      "SELECT memberId, text FROM message WHERE title = ? AND channel = 'inbox' ORDER BY createdAt, memberId",
      [title],
    )

  test('points leave after their last day, once, and the notices came before', async () => {
    await award(everybody, 100)
    const [{ expiresOn }] = await rows<{ expiresOn: string }>(server, 'SELECT expiresOn FROM points_lot LIMIT 1')
    for (const ahead of [31, 30, 29, 7, 1]) {
      server.clock.set(startOfDay(addDays(expiresOn, -ahead)) + 9 * HOUR_MS)
      await run('journeys.run')
    }
    const notices = await titled('积分即将到期')
    expect(notices).toHaveLength(3 * 7)
    expect(notices[0].text).toContain('100 积分')
    server.clock.set(startOfDay(expiresOn) + HOUR_MS)
    expect(await run('points.expire')).toMatchObject({ state: 'done', processed: 0 })
    server.clock.set(startOfDay(addDays(expiresOn, 1)) + HOUR_MS)
    expect(await run('points.expire')).toMatchObject({ state: 'done', processed: 7, failed: 0 })
    expect(await run('points.expire')).toMatchObject({ processed: 0 })
    expect(await balances()).toEqual(Array(7).fill(0))
    expect(await rows(server, "SELECT seq FROM points_entry WHERE kind = 'expire'")).toHaveLength(7)
  })

  test('coupons end, and their holders were told three days before and on the last day', async () => {
    const templateId = await publishGiftCoupon(server, 'birthday')
    await server.deps.db.tx((tx) =>
      execute(
        tx,
        grantCoupons,
        everybody.map((memberId) => ({
          memberId,
          templateId,
          source: 'grant' as const,
          sourceId: null,
          at: server.clock.now(),
        })),
        server.clock.now(),
      ),
    )
    const [{ validTo }] = await rows<{ validTo: number }>(server, 'SELECT validTo FROM coupon LIMIT 1')
    const last = civilDay(Number(validTo))
    for (const ahead of [4, 3, 2, 1, 0]) {
      server.clock.set(startOfDay(addDays(last, -ahead)) + 9.5 * HOUR_MS)
      await run('journeys.run')
      await run('coupons.expire')
    }
    const notices = await titled('卡券即将到期')
    expect(notices).toHaveLength(2 * 7)
    expect([notices[0].text, notices[13].text]).toEqual([
      `生日礼券${Number(last.slice(5, 7))}月${Number(last.slice(8))}日到期，别忘了使用。`,
      '生日礼券今天到期，别忘了使用。',
    ])
    expect(await rows(server, "SELECT id FROM coupon WHERE status = 'held'")).toHaveLength(7)
    server.clock.set(Number(validTo) + 1)
    expect(await run('coupons.expire')).toMatchObject({ state: 'done', processed: 7 })
    expect(await run('coupons.expire')).toMatchObject({ processed: 0 })
    expect(await rows(server, "SELECT id FROM coupon WHERE status = 'expired'")).toHaveLength(7)
  })

  test('housekeeping deletes what is old and nothing else', async () => {
    const now = server.clock.now()
    await server.deps.db.tx(async (tx) => {
      const ages = [0, 0.9, 1.1, 29, 31, 80, 100]
      tx.insert(
        'idempotency',
        ages.map((age, i) => ({
          id: `i${i}`,
          endpoint: 'x',
          requestHash: '',
          status: 200,
          response: '',
          createdAt: now - age * DAY_MS,
        })),
      )
      tx.insert(
        'code_use',
        ages.map((age, i) => ({
          handle: `00000000${i}`,
          generation: 0,
          step: i,
          at: now - age * DAY_MS,
          storeId: 's',
        })),
      )
      tx.insert(
        'scan',
        ages.map((age, i) => ({
          id: `s${i}`,
          memberId: 'm0',
          storeId: 's',
          operatorId: 'o',
          via: 'code',
          createdAt: now - age * DAY_MS,
          expiresAt: 0,
        })),
      )
      tx.insert(
        'sms_code',
        ages.map((age, i) => ({
          id: `c${i}`,
          phoneHash: '',
          codeHash: '',
          createdAt: 0,
          expiresAt: now - age * DAY_MS,
          attempts: 0,
          usedAt: null,
        })),
      )
    })
    expect(await run('http.forget-idempotency')).toMatchObject({ state: 'done', processed: 3 })
    expect(await run('members.forget-traces')).toMatchObject({ state: 'done', processed: 5 + 5 + 1 })
    const left = async (table: string) => (await rows(server, `SELECT * FROM ${table}`)).length
    expect([await left('idempotency'), await left('code_use'), await left('sms_code'), await left('scan')]).toEqual([
      4, 2, 2, 6,
    ])
  })

  test('old runs are forgotten, but not the last finished one of a job', async () => {
    for (let day = 0; day < 40; day += 10) {
      await run('journeys.run')
      server.clock.advance(10 * DAY_MS)
    }
    await run('tiers.review')
    server.clock.advance(100 * DAY_MS)
    await run('jobs.forget-runs')
    const names = (await rows<JobRun>(server, 'SELECT * FROM job_run ORDER BY name')).map((r) => r.name)
    expect(names).toEqual(['jobs.forget-runs', 'journeys.run', 'tiers.review'])
  })

  test('the books are checked, and a broken balance is reported with its row', async () => {
    await award(everybody, 100)
    const clean = await run('invariants.nightly')
    expect(clean).toMatchObject({ state: 'done', failed: 0, errorSample: null })
    expect(clean.processed).toBeGreaterThan(5)
    await server.deps.db.tx(async (tx) => tx.write("UPDATE points_account SET balance = 1000 WHERE memberId = 'm3'"))
    const broken = await run('invariants.nightly')
    expect(broken.failed).toBeGreaterThan(0)
    expect(broken.errorSample).toContain('m3')
  })
})
