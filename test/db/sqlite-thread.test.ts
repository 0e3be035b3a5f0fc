import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSqliteThread, type Run } from '../../server/db/sqlite-thread'

const folder = mkdtempSync(join(tmpdir(), 'sqlite-thread-'))
afterAll(() => rmSync(folder, { recursive: true }))
const run = (sql: string, params: Run['params'] = [], times = 1): Run => ({ sql, params, times })
const threadOn = (name: string) => createSqliteThread(join(folder, name), ['journal_mode = WAL'])

test('a packet answers rows and counts, one INSERT runs for every row, and what was sent is done before it closes', async () => {
  const thread = threadOn('packet')
  const { send } = thread.session()
  const answers = await send([
    run('CREATE TABLE t (a, b)'),
    run('INSERT INTO t VALUES (?, ?)', ['x', 1, 'y', 2, 'z', 3], 3),
    run('SELECT a, b FROM t WHERE b > ?', [1]),
    run('UPDATE t SET b = b + 1'),
  ])
  expect(answers.map((a) => a.affected)).toEqual([0, 3, 0, 3])
  expect(answers[2].rows).toEqual([
    { a: 'y', b: 2 },
    { a: 'z', b: 3 },
  ])
  const last = send([run("INSERT INTO t VALUES ('w', 0)")])
  await thread.close()
  expect((await last)[0].affected).toBe(1)
  await expect(send([run('SELECT 1')])).rejects.toThrow('The database was closed')
  await expect(thread.session().send([run('SELECT 1')])).rejects.toThrow('The database was closed')
  const again = threadOn('packet')
  expect((await again.session().send([run('SELECT COUNT(*) AS n FROM t')]))[0].rows).toEqual([{ n: 4 }])
  await again.close()
})

test('an error carries the code of the driver and stops its packet, not the next one', async () => {
  const thread = threadOn('error')
  const { send } = thread.session()
  await send([run('CREATE TABLE t (a PRIMARY KEY)'), run('INSERT INTO t VALUES (1)')])
  const failed = send([
    run('INSERT INTO t VALUES (2)'),
    run('INSERT INTO t VALUES (1)'),
    run('INSERT INTO t VALUES (3)'),
  ])
  const after = send([run('SELECT a FROM t ORDER BY a')])
  await expect(failed).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' })
  expect((await after)[0].rows).toEqual([{ a: 1 }, { a: 2 }])
  await thread.close()
})

test('a transaction whose thread died writes nothing more, and the next caller finds a new thread', async () => {
  const thread = threadOn('death')
  const dead = thread.session()
  await dead.send([run('CREATE TABLE t (a)'), run('BEGIN IMMEDIATE'), run('INSERT INTO t VALUES (1)')])
  await thread.terminate()
  await expect(dead.send([run('INSERT INTO t VALUES (2)')])).rejects.toThrow('The database was closed')
  const { send } = thread.session()
  expect((await send([run('SELECT a FROM t')]))[0].rows).toEqual([])
  await expect(dead.send([run('INSERT INTO t VALUES (2)')])).rejects.toThrow('The database was closed')
  await thread.close()
})
