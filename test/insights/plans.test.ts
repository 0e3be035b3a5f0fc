import type { Bindable } from '../../server/db/statement'
import type { Input, Key } from '../../shared/contract'
import { startServer, type TestServer } from '../support/server'
import { openShop, signIn } from './shop'

/** Tables of tens of rows, which are read whole. */
const small = ['store', 'tier', 'coupon_template']
/** What is read whole in spite of its size, and why. */
const passes: [RegExp, string][] = [
  [/SUM\(CASE WHEN balance > 0/, 'the sum of every balance is a pass over the accounts whichever way'],
  [/ORDER BY a\.balance/, 'an index on the balance would be paid for by every movement of points'],
  [/COUNT\(\*\) AS n FROM member m/, 'a count of members by any mixture of filters'],
]

/** SQLite tells its plan without statistics, so a missing index shows here however small the test's tables are. */
describe('the plans of the statements of insights', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ database: 'sqlite' })
    await openShop(server)
  })
  afterAll(() => server?.stop())

  /** Runs a request and answers the steps of its statements that read a table from end to end. */
  const scansOf = async <K extends Key>(key: K, input: Input<K>, as: string): Promise<string[]> => {
    const { db } = server.deps
    const read = db.read.bind(db)
    const seen: { text: string; params: Bindable[] }[] = []
    db.read = (text, params = []) => {
      seen.push({ text, params })
      return read(text, params)
    }
    const { status } = await server.call(key, input, { as })
    db.read = read
    expect(status).toBe(200)
    expect(seen.length).toBeGreaterThan(0)
    const out: string[] = []
    for (const { text, params } of seen.filter((s) => !passes.some(([pattern]) => pattern.test(s.text)))) {
      const steps = await read<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, params)
      const tables = new Map(
        [...text.matchAll(/\b(?:FROM|JOIN) (\w+)(?: (?:AS )?(\w+))?/g)].map((m) => [m[2] ?? m[1], m[1]]),
      )
      for (const { detail } of steps) {
        const scanned = /^SCAN (\w+)(?! USING)/.exec(detail)?.[1]
        const table = scanned && (tables.get(scanned) ?? scanned)
        const whole = scanned && !/USING (COVERING )?INDEX/.test(detail) && !/^\(|subquery|^h$/i.test(scanned)
        if (table && whole && !small.includes(table))
          out.push(`${detail} in ${text.replace(/\s+/g, ' ').slice(0, 120)}`)
      }
    }
    return out
  }

  test('walk an index, whoever asks', async () => {
    const owner = await signIn(server, 'owner', null)
    const manager = await signIn(server, 'manager', ['store1', 'store2'])
    const scans: string[] = []
    for (const as of [owner, manager]) {
      scans.push(...(await scansOf('GET /admin/overview', {}, as)))
      scans.push(...(await scansOf('GET /admin/overview', { storeId: 'store1' }, as)))
      for (const sort of ['joined', 'spend', 'lastPurchase', 'points'] as const) {
        scans.push(...(await scansOf('GET /admin/members', { sort }, as)))
        scans.push(...(await scansOf('GET /admin/members', { sort, limit: 3, minSpendFen: 100, tierLevel: 1 }, as)))
        const first = await server.call('GET /admin/members', { sort, limit: 2 }, { as })
        scans.push(...(await scansOf('GET /admin/members', { sort, cursor: first.body.nextCursor ?? '' }, as)))
      }
      scans.push(...(await scansOf('GET /admin/members', { q: '林' }, as)))
      scans.push(...(await scansOf('GET /admin/members', { q: '88000003' }, as)))
    }
    scans.push(...(await scansOf('GET /admin/members/:memberId', { memberId: 'm000001' }, owner)))
    scans.push(...(await scansOf('GET /admin/members/:memberId/timeline', { memberId: 'm000001' }, owner)))
    expect([...new Set(scans)]).toEqual([])
  })
})
