import { followStep } from '../../server/recommendations/follow'
import { publishModel } from '../../server/recommendations/publish'
import { DAY_MS } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { openShop, runJob, type Shop, startOf } from './shop'

const minute = 60_000

/** Everything that following keeps, by product instead of number, so that two rounds of numbering compare. */
const keptState = async ({ deps: { db } }: TestServer) => {
  const items = await db.read<{ no: number; productId: string; members: number }>(
    'SELECT no, productId, members FROM recommendation_item ORDER BY no',
  )
  const pairs = await db.read<{ a: number; b: number; members: number }>(
    'SELECT a, b, members FROM recommendation_pair WHERE members <> 0 ORDER BY a, b',
  )
  const histories = await db.read<{ memberId: string; visits: number; entries: string }>(
    'SELECT memberId, visits, entries FROM recommendation_history ORDER BY memberId',
  )
  return { items, pairs, histories }
}
/** The same, made anew from the purchases alone; the numbers of items stay, as they do in life. */
const rebuilt = async (server: TestServer) => {
  await server.deps.db.tx(async (tx) => {
    for (const table of ['recommendation_cursor', 'recommendation_pair', 'recommendation_history'])
      tx.write(`DELETE FROM ${table}`)
    tx.write('UPDATE recommendation_item SET members = 0')
  })
  await runJob(server, 'recommendations.follow')
  return keptState(server)
}

describeEachDatabase('following purchases', (database) => {
  let server: TestServer
  let shop: Shop
  beforeAll(async () => {
    server = await startServer({ database, now: startOf(database) })
    shop = await openShop(server, 8)
    server.clock.advance(2 * minute)
    await runJob(server, 'recommendations.follow')
  })
  afterAll(() => server.stop())

  test('what is kept equals a rebuild after purchases, refunds, members who switch off and back on', async () => {
    const [a, b, c] = shop.tea
    const whole = await shop.buy(a, ['C0', 'C1', 'MUG'], 3)
    const part = await shop.buy(b, ['T0', 'C2'], 2)
    await shop.buy(shop.newcomer, ['T1', 'T2', 'MUG'], 1)
    server.clock.advance(2 * minute)
    await runJob(server, 'recommendations.follow')
    const before = await keptState(server)
    expect(before.histories.map((h) => h.memberId)).toContain(shop.newcomer)
    await shop.refund(whole)
    await shop.refund(part, 2)
    await server.deps.db.tx(async (tx) => tx.write('UPDATE member SET personalised = 0 WHERE id = ?', [c]))
    server.clock.advance(2 * minute)
    await runJob(server, 'recommendations.follow')
    await runJob(server, 'recommendations.train')
    const after = await keptState(server)
    expect(after.pairs).not.toEqual(before.pairs)
    expect(after.histories.map((h) => h.memberId)).not.toContain(c)
    expect(await rebuilt(server)).toEqual(after)

    await server.deps.db.tx(async (tx) => tx.write('UPDATE member SET personalised = 1 WHERE id = ?', [c]))
    await runJob(server, 'recommendations.train')
    const back = await keptState(server)
    expect(back.histories.map((h) => h.memberId)).toContain(c)
    expect(await rebuilt(server)).toEqual(back)
  })

  test('a purchase that is settled later than its id says is not missed', async () => {
    const { db } = server.deps
    const now = server.clock.now()
    // Two ids of the same moment, of which the larger commits first.
    await shop.buy(shop.tea[3], ['MUG'], 0)
    await db.tx((tx) => followStep(tx, 100, now + minute / 2))
    const [cursor] = await db.read<{ position: string }>(
      "SELECT position FROM recommendation_cursor WHERE name = 'purchase'",
    )
    const [{ newest }] = await db.read<{ newest: string }>('SELECT MAX(id) AS newest FROM purchase')
    expect(cursor.position < newest).toBe(true)
    server.clock.advance(2 * minute)
    await runJob(server, 'recommendations.follow')
    expect(await rebuilt(server)).toEqual(await keptState(server))
  })

  test('two followers at once do the work once', async () => {
    await shop.buy(shop.coffee[0], ['T3', 'T4'], 0)
    server.clock.advance(2 * minute)
    const now = server.clock.now()
    await Promise.all(Array.from({ length: 4 }, () => server.deps.db.tx((tx) => followStep(tx, 50, now))))
    expect(await rebuilt(server)).toEqual(await keptState(server))
  })

  test('models published at once get versions of their own, and the newest data are used', async () => {
    const { db } = server.deps
    const now = server.clock.now() + DAY_MS
    const [{ top }] = await db.read<{ top: number }>(
      "SELECT MAX(version) AS top FROM recommendation_model WHERE kind = 'full'",
    )
    const versions = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        db.tx((tx) =>
          publishModel(tx, { kind: 'full', dataAt: now - i * 1000, seconds: 1, card: {}, blob: `blob ${i}` }, now + i),
        ),
      ),
    )
    expect([...versions].sort((x, y) => x - y)).toEqual(Array.from({ length: 6 }, (_, i) => Number(top) + 1 + i))
    const [head] = await db.read<{ dataAt: number; packed: string }>(
      "SELECT dataAt, packed FROM recommendation_model WHERE kind = 'full' ORDER BY dataAt DESC, version DESC LIMIT 1",
    )
    expect({ dataAt: Number(head.dataAt), blob: head.packed }).toEqual({ dataAt: now, blob: 'blob 0' })
    const kept = await db.read("SELECT id FROM recommendation_model WHERE kind = 'full' AND packed <> ''")
    expect(kept).toHaveLength(3)
  })
})
