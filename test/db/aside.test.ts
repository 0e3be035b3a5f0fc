import { readEnv } from '../../config/env'
import { migrate, openDb } from '../../server/db/data-source'
import { isTooSlow } from '../../server/db/slow-reader'
import type { Db } from '../../server/db/transaction'
import { describeEachDatabase } from '../support/databases'
import { openTestDatabase } from '../support/server'

/** Counts 10 to the power of `digits` combinations: work without rows. */
const counting = (digits: number): string => {
  const ten = Array.from({ length: 10 }, (_, i) => `SELECT ${i} AS x`).join(' UNION ALL ')
  return `SELECT COUNT(*) AS n FROM ${Array.from({ length: digits }, (_, i) => `(${ten}) t${i}`).join(', ')}`
}

describeEachDatabase('reads aside', (database) => {
  let db: Db
  let drop: () => Promise<void>
  beforeAll(async () => {
    const opened = await openTestDatabase(database)
    drop = opened.drop
    db = await openDb(readEnv({ NODE_ENV: 'test', DATABASE_URL: opened.url, APP_SECRET: 'x'.repeat(32) }))
    await migrate(db)
  })
  afterAll(async () => {
    await db.close()
    await drop()
  })

  test('see what was committed, with bound values and numbers as numbers', async () => {
    await db.tx(async (tx) => tx.insert('brand_group', [{ id: 'g', name: '拾光' }]))
    const rows = await db
      .aside(5000)
      .read<{ name: string; n: number }>('SELECT name, 7 AS n FROM brand_group WHERE id = ?', ['g'])
    expect(rows).toEqual([{ name: '拾光', n: 7 }])
  })

  test('let others be answered meanwhile', async () => {
    let ticks = 0
    const timer = setInterval(() => ticks++, 5)
    const [{ n }] = await db.aside(60_000).read<{ n: number }>(counting(7))
    clearInterval(timer)
    expect(Number(n)).toBe(10_000_000)
    expect(ticks).toBeGreaterThan(3)
  })

  test('are given up in time, and the next one is answered', async () => {
    const failed = await db
      .aside(20)
      .read(counting(7))
      .then(
        () => null,
        (error: unknown) => error,
      )
    expect(isTooSlow(failed)).toBe(true)
    expect(await db.aside(60_000).read('SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('tell a wrong statement from a slow one', async () => {
    const failed = await db
      .aside(5000)
      .read('SELECT nothing FROM nowhere')
      .then(
        () => null,
        (error: unknown) => error,
      )
    expect(failed).toBeInstanceOf(Error)
    expect(isTooSlow(failed)).toBe(false)
  })
})
