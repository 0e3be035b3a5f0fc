import { externalKeyOf, importMembers } from '../../server/members/service'
import { describeEachDatabase } from '../support/databases'
import { signInByPhone } from '../support/people'
import { startServer, type TestServer } from '../support/server'

describeEachDatabase('import of members', (database) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ database })
  })
  afterAll(() => server.stop())
  const run = (rows: Parameters<typeof importMembers>[2]) =>
    server.deps.db.tx((tx) => importMembers(tx, server.deps, rows))
  const customer = (value: string, more: object = {}) => ({
    externalId: { kind: 'retail', value },
    at: Date.UTC(2025, 0, 1),
    ...more,
  })

  test('500 rows become members with their own card numbers; a second run changes nothing', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => customer(String(i), { name: `顾客${i}` }))
    const first = await run(rows)
    expect(first.size).toBe(500)
    expect(new Set(first.values()).size).toBe(500)
    const before = await server.deps.db.read('SELECT * FROM member ORDER BY id')
    expect(before).toHaveLength(500)
    expect(new Set(before.map((m) => m.cardNo)).size).toBe(500)
    expect(before[0]).toMatchObject({
      joinedBy: 'import',
      joinedOn: '2025-01-01',
      joinedMonthDay: '01-01',
      tierLevel: 0,
    })
    expect(await run(rows)).toEqual(first)
    expect(await server.deps.db.read('SELECT * FROM member ORDER BY id')).toEqual(before)
  })

  test('a customer whose phone is known is that member; one phone twice in a batch is one member', async () => {
    const known = await signInByPhone(server, '13311110001')
    const made = await run([
      customer('a', { phone: '13311110001' }),
      customer('b', { phone: '13311110002' }),
      customer('c', { phone: '13311110002' }),
      customer('c', { phone: '13311110002' }),
    ])
    const id = (value: string) => made.get(externalKeyOf({ kind: 'retail', value }))
    expect(id('a')).toBe(known.id)
    expect(id('b')).toBe(id('c'))
    expect((await signInByPhone(server, '13311110002')).id).toBe(id('b'))
  })

  test('nothing in, nothing out', async () => {
    expect((await run([])).size).toBe(0)
  })
})
