import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { ownerToken, rows } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { type Everything, effectsOf, everyEffectOnce, openEverything } from './everything'

describeEachDatabase('journeys in processes that share nothing but the database', (database) => {
  let server: TestServer
  let everything: Everything
  beforeEach(async () => {
    server = await startServer({ database })
    everything = await openEverything(server, await ownerToken(server))
  })
  afterEach(() => server.stop())

  const start = (stall = ''): ChildProcess =>
    spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'replica.ts')], {
      env: {
        ...process.env,
        NODE_ENV: 'test',
        DATABASE_URL: server.deps.env.DATABASE_URL,
        APP_SECRET: server.deps.env.APP_SECRET,
        REPLICA_NOW: String(server.clock.now() + 1000),
        REPLICA_STALL: stall,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  const ended = (replica: ChildProcess): Promise<unknown> =>
    new Promise((done) => replica.once('exit', (code, signal) => done(signal ?? code)))
  const count = async (text: string): Promise<number> => Number((await rows<{ n: number }>(server, text))[0].n)
  const held = () => count("SELECT COUNT(*) AS n FROM journey_run WHERE state = 'held'")

  test('four let 200 members in and move them on: every effect of every kind happens once', async () => {
    expect(await Promise.all(Array.from({ length: 4 }, () => ended(start())))).toEqual([0, 0, 0, 0])
    const kept = await held()
    expect(kept).toBeGreaterThan(4)
    expect(kept).toBeLessThan(45)
    expect(await effectsOf(server, everything)).toEqual(everyEffectOnce(kept))
  }, 180_000)

  test('kill -9 in the middle of letting in, of the first actions and of the last: nothing lost, nothing twice', async () => {
    const runs = () => count('SELECT COUNT(*) AS n FROM journey_run')
    const steps = () => count('SELECT COUNT(*) AS n FROM journey_step')
    const killed = async (stall: string): Promise<void> => {
      const victim = start(stall)
      const gone = ended(victim)
      const first = await Promise.race([new Promise((done) => victim.stdout?.once('data', done)), gone])
      expect(String(first)).toBe('stalled\n')
      victim.kill('SIGKILL')
      expect(await gone).toBe('SIGKILL')
    }
    await killed('enter:3')
    // Two batches were committed and the third was not.
    expect(await runs()).toBe(50)
    expect(await steps()).toBeGreaterThan(0)
    await killed('advance:4')
    await killed('advance:8')
    expect(await ended(start())).toBe(0)
    expect(await effectsOf(server, everything)).toEqual(everyEffectOnce(await held()))
  }, 180_000)
})
