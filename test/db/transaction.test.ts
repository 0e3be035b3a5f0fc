import { readEnv } from '../../config/env'
import { entities, migrate, openDb } from '../../server/db/data-source'
import { isDuplicate } from '../../server/db/dialect'
import { newId } from '../../server/db/id'
import { sql } from '../../server/db/statement'
import type { Db } from '../../server/db/transaction'
import { describeEachDatabase } from '../support/databases'
import { openTestDatabase } from '../support/server'

const account = (memberId: string, balance: number) => ({
  memberId,
  walletId: 'w',
  balance,
  debt: 0,
  seq: 0,
  updatedAt: 0,
})

describeEachDatabase('One door to the database', (database) => {
  let db: Db
  let drop: () => Promise<void>
  beforeAll(async () => {
    const opened = await openTestDatabase(database)
    drop = opened.drop
    db = await openDb(readEnv({ DATABASE_URL: opened.url }))
    await migrate(db)
  })
  afterAll(async () => {
    await db.close()
    await drop()
  })
  const balanceOf = async (memberId: string): Promise<number> =>
    (await db.read<{ balance: number }>('SELECT balance FROM points_account WHERE memberId = ?', [memberId]))[0].balance

  test('500 concurrent transactions, every fifth undone, leave the exact balance', async () => {
    await db.tx(async (tx) => tx.insert('points_account', [account('busy', 0)]))
    const results = await Promise.allSettled(
      Array.from({ length: 500 }, (_, i) =>
        db.tx(async (tx) => {
          const [row] = await tx.read<{ balance: number }>(
            `SELECT balance FROM points_account WHERE memberId = ?${tx.lock}`,
            ['busy'],
          )
          await new Promise((r) => setImmediate(r))
          tx.upsert('points_account', ['memberId', 'walletId'], ['balance'], [account('busy', row.balance + 1)])
          if (i % 5 === 0) throw new Error('undone')
        }),
      ),
    )
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(400)
    expect(await balanceOf('busy')).toBe(400)
  })

  test('a transaction that fails takes nothing of another one with it', async () => {
    let release = (): void => undefined
    const gate = new Promise<void>((r) => {
      release = r
    })
    const failing = db.tx(async (tx) => {
      tx.insert('points_account', [account('loser', 1)])
      await tx.read('SELECT 1 AS one')
      await gate
      throw new Error('undone')
    })
    const winning = db.tx(async (tx) => tx.insert('points_account', [account('winner', 1)]))
    release()
    await expect(failing).rejects.toThrow('undone')
    await winning
    expect(await balanceOf('winner')).toBe(1)
    expect(await db.read('SELECT 1 AS one FROM points_account WHERE memberId = ?', ['loser'])).toEqual([])
  })

  test('a savepoint is undone alone, and kept or lost with its transaction', async () => {
    await db.tx(async (tx) => {
      tx.insert('points_account', [account('outer', 1)])
      await expect(
        tx.savepoint(async () => {
          await tx.insertNew('points_account', [account('inner-lost', 1)])
          tx.insert('points_account', [account('never-sent', 1)])
          throw new Error('inner')
        }),
      ).rejects.toThrow('inner')
      expect(await tx.savepoint(async () => tx.insert('points_account', [account('inner-kept', 1)]))).toBeUndefined()
    })
    await expect(
      db.tx(async (tx) => {
        await tx.savepoint(async () => tx.insert('points_account', [account('lost-with-it', 1)]))
        throw new Error('outer')
      }),
    ).rejects.toThrow('outer')
    const rows = await db.read<{ memberId: string }>(
      "SELECT memberId FROM points_account WHERE memberId IN ('outer', 'inner-lost', 'never-sent', 'inner-kept', 'lost-with-it') ORDER BY memberId",
    )
    expect(rows.map((r) => r.memberId)).toEqual(['inner-kept', 'outer'])
  })

  test('a reader never sees what is not committed, and cannot write', async () => {
    let release = (): void => undefined
    const gate = new Promise<void>((r) => {
      release = r
    })
    const writing = db.tx(async (tx) => {
      await tx.insertNew('points_account', [account('dirty', 1)])
      await gate
    })
    await new Promise((r) => setTimeout(r, 20))
    expect(await db.read('SELECT 1 AS one FROM points_account WHERE memberId = ?', ['dirty'])).toEqual([])
    release()
    await writing
    expect(await balanceOf('dirty')).toBe(1)
  })

  test('what is written is held back and still in order: later reads of the transaction see it', async () => {
    await db.tx(async (tx) => {
      tx.insert('points_account', [account('order', 1)])
      tx.write('UPDATE points_account SET balance = balance + 1 WHERE memberId = ?', ['order'])
      const rider = tx.alongside(sql('SELECT balance FROM points_account WHERE memberId = ?', ['order']))
      const [row] = await tx.read<{ balance: number }>('SELECT balance FROM points_account WHERE memberId = ?', [
        'order',
      ])
      expect(row.balance).toBe(2)
      expect(await rider).toEqual([{ balance: 2 }])
      expect(
        await tx.run('UPDATE points_account SET balance = 5 WHERE memberId = ? AND balance >= ?', ['order', 3]),
      ).toBe(0)
      expect(
        await tx.run('UPDATE points_account SET balance = 5 WHERE memberId = ? AND balance >= ?', ['order', 2]),
      ).toBe(1)
      const [{ balance }] = await tx.read<{ balance: number }>(
        'SELECT balance FROM points_account WHERE memberId = ?',
        ['order'],
      )
      expect(balance).toBe(5)
    })
  })

  test('a duplicate key is recognised, and an ignored one counts as nothing', async () => {
    await db.tx(async (tx) => tx.insert('points_account', [account('twice', 1)]))
    const again = db.tx(async (tx) => tx.insert('points_account', [account('twice', 2)]))
    expect(isDuplicate(await again.catch((e: unknown) => e))).toBe(true)
    expect(await db.tx((tx) => tx.insertNew('points_account', [account('twice', 3), account('once', 3)]))).toBe(1)
    expect(await balanceOf('twice')).toBe(1)
  })

  test('ids differ in case, and a thousand rows arrive', async () => {
    const rows = Array.from({ length: 1200 }, (_, i) => account(`bulk${String(i).padStart(4, '0')}`, i))
    await db.tx(async (tx) => tx.insert('points_account', [...rows, account('case', 1), account('CASE', 2)]))
    const [{ n, sum }] = await db.read<{ n: number; sum: number }>(
      "SELECT COUNT(*) AS n, SUM(balance) AS sum FROM points_account WHERE memberId LIKE 'bulk%'",
    )
    expect([n, Number(sum)]).toEqual([1200, (1199 * 1200) / 2])
    expect(await balanceOf('case')).toBe(1)
  })

  test('the schema is what the entities say', async () => {
    const runner = db.dialect.writer.createQueryRunner()
    const tables = await runner.getTables(db.dialect.writer.entityMetadatas.map((m) => m.tableName))
    await runner.release()
    expect(tables).toHaveLength(entities.length)
    for (const metadata of db.dialect.writer.entityMetadatas) {
      const table = tables.find((t) => t.name.split('.').at(-1) === metadata.tableName)
      const columns = (table?.columns ?? []).map((c) => [c.name, c.isNullable, c.isPrimary]).sort()
      expect([metadata.tableName, columns]).toEqual([
        metadata.tableName,
        metadata.columns.map((c) => [c.databaseName, c.isNullable, c.isPrimary]).sort(),
      ])
      const indices = (table?.indices ?? []).map((i) => [i.name, i.isUnique, i.columnNames.join()]).sort()
      expect([metadata.tableName, indices]).toEqual([
        metadata.tableName,
        metadata.indices.map((i) => [i.name, i.isUnique, i.columns.map((c) => c.databaseName).join()]).sort(),
      ])
    }
    expect(await migrate(db)).toEqual([])
  })
})

test('ids sort in the order they are made, also when the clock stands still or runs back', () => {
  const ids = [1000, 1000, 999, 5, 1001, 1001].map(newId)
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(Array.from({ length: 100_000 }, () => newId(2000))).size).toBe(100_000)
  for (const id of ids) expect(id).toMatch(/^[0-9a-z]{20}$/)
})
