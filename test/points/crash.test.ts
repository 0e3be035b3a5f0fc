import type { ChildProcess } from 'node:child_process'
import { readEnv } from '../../config/env'
import { migrate, openDb } from '../../server/db/data-source'
import { signAccess } from '../../server/http/auth'
import { checkInvariants } from '../../server/invariants/service'
import { createKeys } from '../../server/keys'
import { describeEachDatabase } from '../support/databases'
import { insertMembers, insertShop } from '../support/ledger'
import { freePort, startServerProcess, stopServerProcess } from '../support/process'
import { openTestDatabase } from '../support/server'

const secret = 'a secret that only the crash test uses, long enough'
const awards = 1000
const inFlight = 50
const members = Array.from({ length: 20 }, (_, i) => `m${i}`)

describeEachDatabase('kill -9 in the middle of a thousand awards', (database) => {
  let child: ChildProcess | undefined
  afterEach(() => void child?.kill('SIGKILL'))

  test('every acknowledged award is there exactly once after the restart and the replay', async () => {
    const opened = await openTestDatabase(database)
    const env = {
      NODE_ENV: 'test',
      DATABASE_URL: opened.url,
      APP_SECRET: secret,
      DEMO: '0',
      ROLE: 'api',
      LOG_LEVEL: 'error',
    }
    const now = Date.now()
    const seed = await openDb(readEnv(env))
    await migrate(seed)
    await insertShop(seed, now)
    await insertMembers(seed, members, now)
    await seed.tx(async (tx) => {
      tx.insert('operator', [
        {
          id: 'pos',
          username: 'pos',
          name: 'pos',
          role: 'pos',
          passwordHash: '',
          active: 1,
          allStores: 1,
          createdAt: now,
        },
      ])
      tx.insert('session', [
        {
          id: 's1',
          kind: 'operator',
          subjectId: 'pos',
          deviceId: 'd',
          platform: 'pos',
          refreshHash: 'x',
          createdAt: now,
          refreshedAt: now,
          expiresAt: now + 1e9,
        },
      ])
    })
    await seed.close()
    const token = await signAccess(
      { keys: createKeys(readEnv(env)) },
      { kind: 'operator', subjectId: 'pos', sessionId: 's1', deviceId: 'd' },
      now,
    )
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`

    const start = async (): Promise<ChildProcess> => (await startServerProcess(env, port)).child
    const award = async (i: number): Promise<string | null> => {
      try {
        const response = await fetch(`${url}/api/points/awards`, {
          method: 'POST',
          headers: {
            'Content-Type': 'application/json',
            Authorization: `Bearer ${token}`,
            'Idempotency-Key': `award-${String(i).padStart(6, '0')}`,
          },
          body: JSON.stringify({ memberId: members[i % members.length], points: 1 + (i % 7), reason: '崩溃测试' }),
        })
        return response.status === 200 ? await response.text() : null
      } catch {
        return null
      }
    }
    const run = async (onAnswer: (count: number) => void): Promise<Map<number, string>> => {
      const answered = new Map<number, string>()
      let next = 0
      await Promise.all(
        Array.from({ length: inFlight }, async () => {
          while (next < awards) {
            const i = next++
            const body = await award(i)
            if (body !== null) answered.set(i, body)
            onAnswer(answered.size)
          }
        }),
      )
      return answered
    }

    child = await start()
    const acknowledged = await run((count) => {
      if (count >= 400 && !child?.killed) child?.kill('SIGKILL')
    })
    // The kill must have come in the middle: some were answered, some were not.
    expect(acknowledged.size).toBeGreaterThanOrEqual(400)
    expect(acknowledged.size).toBeLessThan(awards)

    child = await start()
    const replayed = await run(() => undefined)
    expect(replayed.size).toBe(awards)
    for (const [i, body] of acknowledged) expect(replayed.get(i)).toBe(body)
    await stopServerProcess(child)

    const db = await openDb(readEnv(env))
    const [{ n, sum }] = await db.read<{ n: number; sum: number }>(
      'SELECT COUNT(*) AS n, SUM(amount) AS sum FROM points_entry',
    )
    expect(n).toBe(awards)
    expect(Number(sum)).toBe(Array.from({ length: awards }, (_, i) => 1 + (i % 7)).reduce((a, b) => a + b, 0))
    expect((await checkInvariants(db)).filter((f) => f.broken)).toEqual([])
    await db.close()
    await opened.drop()
  }, 120_000)
})
