import { batch } from '../../server/jobs/batch'
import type { Job } from '../../server/jobs/job'
import type { JobRun } from '../../server/jobs/job-run.entity'
import { createRunner } from '../../server/jobs/runner'
import { claimRun } from '../../server/jobs/runs'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'

const minute = 60_000

describeEachDatabase('job runs', (database) => {
  let server: TestServer
  beforeEach(async () => {
    server = await startServer({ database })
  })
  afterEach(() => server.stop())

  const runs = (name = 'test.job'): Promise<JobRun[]> =>
    server.deps.db.read<JobRun>('SELECT * FROM job_run WHERE name = ? ORDER BY slotAt', [name])
  /** What was written down in the batches' own transactions: one row per treated number. */
  const treated = async (): Promise<string[]> =>
    (await server.deps.db.read<{ name: string }>('SELECT name FROM shared_value ORDER BY name')).map((r) => r.name)

  const keys = Array.from({ length: 25 }, (_, i) => `n${String(i).padStart(2, '0')}`)
  /** Treats 25 keys, ten at a time; inserting a key twice would break its unique row. */
  const countingJob = (more: { fail?: (key: string) => void; after?: () => Promise<void> | void } = {}): Job => ({
    name: 'test.job',
    title: '测试',
    why: '测试',
    cron: '5 0 * * *',
    limit: 10,
    run: (tick) =>
      batch(tick, {
        next: async (_tx, cursor, limit) => keys.filter((k) => k > cursor).slice(0, limit),
        keyOf: (key) => key,
        treat: async (tx, items) => {
          for (const key of items) {
            more.fail?.(key)
            tx.insert('shared_value', [{ name: key, value: '', expiresAt: 0 }])
          }
          await more.after?.()
          return { processed: items.length }
        },
      }),
  })

  test('two runners ring for one slot and one of them runs it', async () => {
    const [a, b] = ['a', 'b'].map((owner) => createRunner(server.deps, [], owner))
    const rang = await Promise.all([...Array(5)].flatMap(() => [a.ring(countingJob()), b.ring(countingJob())]))
    expect(rang.filter(Boolean)).toHaveLength(1)
    expect(await treated()).toEqual(keys)
    const [run, ...others] = await runs()
    expect(others).toEqual([])
    expect(run).toMatchObject({ slot: '2026-11-22 00:05', state: 'done', attempts: 1, processed: 25, failed: 0 })
    expect(run.startedAt - run.slotAt).toBe(9 * 60 * minute + 55 * minute)
  })

  test('a run that throws between batches is failed, waits, and goes on from its cursor', async () => {
    let calls = 0
    const job: Job = {
      ...countingJob(),
      run: (tick) => {
        calls++
        // The database goes away after the second batch of the first try.
        let steps = 0
        const step: typeof tick.step = (work) =>
          calls === 1 && ++steps === 3 ? Promise.reject(new Error('the database is gone')) : tick.step(work)
        return countingJob().run({ ...tick, step })
      },
    }
    const runner = createRunner(server.deps, [job], 'a')
    await runner.ring(job)
    expect((await runs())[0]).toMatchObject({ state: 'failed', cursor: 'n19', processed: 20, attempts: 1 })
    expect((await runs())[0].errorSample).toContain('the database is gone')
    await runner.catchUp()
    expect(calls).toBe(1)
    server.clock.advance(6 * minute)
    await runner.catchUp()
    expect((await runs())[0]).toMatchObject({ state: 'done', processed: 25, attempts: 2 })
    expect(await treated()).toEqual(keys)
  })

  test('a dead owner’s run is taken over after its lease and continues without a duplicate', async () => {
    const slotAt = server.clock.now()
    const dead = await claimRun(server.deps, { name: 'test.job', slot: '2026-11-22 10:00', slotAt, owner: 'dead' })
    expect(dead).not.toBeNull()
    await server.deps.db.tx(async (tx) => {
      tx.insert(
        'shared_value',
        keys.slice(0, 10).map((name) => ({ name, value: '', expiresAt: 0 })),
      )
      tx.write("UPDATE job_run SET `cursor` = 'n09', processed = 10 WHERE owner = 'dead'")
    })
    const job = { ...countingJob(), cron: '0 10 * * *' }
    const [a, b] = ['a', 'b'].map((owner) => createRunner(server.deps, [job], owner))
    await Promise.all([a.catchUp(), b.catchUp()])
    expect(await treated()).toHaveLength(10)
    server.clock.advance(3 * minute)
    await Promise.all([a.catchUp(), b.catchUp()])
    expect(await treated()).toEqual(keys)
    expect(await runs()).toMatchObject([{ state: 'done', attempts: 2, processed: 25 }])
  })

  test('a run that was taken over writes nothing more', async () => {
    const thief = createRunner(server.deps, [countingJob()], 'thief')
    let stolen = false
    const job = countingJob({
      after: async () => {
        if (stolen) return
        stolen = true
      },
    })
    const slow: Job = {
      ...job,
      run: async (tick) => {
        await job.run({ ...tick, stopping: () => stolen })
        server.clock.advance(3 * minute)
        await thief.catchUp()
        // Awake again, the first owner tries to go on where it was.
        await job.run({ ...tick, cursor: 'n09' })
      },
    }
    await createRunner(server.deps, [slow], 'slow').ring(slow)
    expect(await treated()).toEqual(keys)
    expect(await runs()).toMatchObject([{ owner: 'thief', state: 'done', processed: 25 }])
  })

  test('a poison row is counted with its error and the others are treated', async () => {
    const job = countingJob({
      fail: (key) => {
        if (key === 'n03' || key === 'n21') throw new Error(`cannot treat ${key}`)
      },
    })
    await createRunner(server.deps, [job], 'a').ring(job)
    expect(await treated()).toEqual(keys.filter((k) => k !== 'n03' && k !== 'n21'))
    const [run] = await runs()
    expect(run).toMatchObject({ state: 'done', processed: 23, failed: 2 })
    expect(run.errorSample).toBe('n03: Error: cannot treat n03')
  })

  test('after an outage the latest missed slot is run once, older ones are not', async () => {
    const job = countingJob()
    const runner = createRunner(server.deps, [job], 'a')
    await runner.catchUp()
    server.clock.advance(3 * 24 * 60 * minute)
    await runner.catchUp()
    await runner.catchUp()
    expect((await runs()).map((r) => r.slot)).toEqual(['2026-11-22 00:05', '2026-11-25 00:05'])
  })

  test('a stop lets the batch finish and hands the rest to the next process at once', async () => {
    const first: { stop?: Promise<void> } = {}
    const job = countingJob({
      after: () => {
        first.stop ??= runner.stop()
      },
    })
    const runner = createRunner(server.deps, [job], 'a')
    await runner.ring(job)
    await first.stop
    expect(await treated()).toEqual(keys.slice(0, 10))
    await createRunner(server.deps, [countingJob()], 'b').catchUp()
    expect(await treated()).toEqual(keys)
    expect(await runs()).toMatchObject([{ owner: 'b', state: 'done', processed: 25, attempts: 1 }])
  })

  test('a job whose process dies every time is given up', async () => {
    const slotAt = server.clock.now()
    await claimRun(server.deps, { name: 'test.job', slot: '2026-11-22 10:00', slotAt, owner: 'dead' })
    await server.deps.db.tx(async (tx) => tx.write('UPDATE job_run SET attempts = 4'))
    server.clock.advance(3 * minute)
    await createRunner(server.deps, [{ ...countingJob(), cron: '0 10 * * *' }], 'a').catchUp()
    expect(await runs()).toMatchObject([{ state: 'failed', attempts: 4 }])
    expect(await treated()).toEqual([])
  })

  test('a run by hand is refused while one is under way', async () => {
    let release: () => void = () => undefined
    const held = new Promise<void>((done) => {
      release = done
    })
    const job = countingJob({ after: () => held })
    const [a, b] = ['a', 'b'].map((owner) => createRunner(server.deps, [job], owner))
    const running = await a.runNow(job, 'one')
    expect(running?.slot).toBe('manual:one')
    // On SQLite the held batch holds the only writer, so the second claim waits for it and then finds the run still going.
    const second = b.runNow(countingJob(), 'two')
    release()
    await running?.ended
    const late = await second
    await late?.ended
    expect((await runs()).filter((r) => r.state === 'done').length).toBeGreaterThanOrEqual(1)
    if (late === null) expect(await runs()).toHaveLength(1)
  })
})
