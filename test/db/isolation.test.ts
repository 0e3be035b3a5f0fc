import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'

describeEachDatabase('isolation', (database) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ database })
  })
  afterAll(() => server.stop())

  test('every connection sees what others have committed meanwhile, the first one of the pool too', async () => {
    const { db } = server.deps
    const insert = 'INSERT INTO shared_value (name, value, expiresAt) VALUES (?, ?, ?)'
    const seen = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        db.tx(async (tx) => {
          const before = await tx.read('SELECT name FROM shared_value WHERE name = ?', [`late-${i}`])
          // SQLite has one writer, which sees its own; on MySQL another connection commits in between.
          if (db.inProcess) await tx.run(insert, [`late-${i}`, 'x', 1])
          else await db.dialect.writer.query(insert, [`late-${i}`, 'x', 1])
          const after = await tx.read('SELECT name FROM shared_value WHERE name = ?', [`late-${i}`])
          return [before.length, after.length]
        }),
      ),
    )
    expect(seen).toEqual(Array(8).fill([0, 1]))
  })
})
