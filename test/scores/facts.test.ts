import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer, testNow } from '../support/server'
import { type LivingShop, openLivingShop } from './shop'

describeEachDatabase('facts', (database) => {
  let server: TestServer
  let shop: LivingShop
  const rows = (table: string) =>
    server.deps.db.read<Record<string, unknown>>(`SELECT * FROM ${table} ORDER BY memberId`)
  const without = (list: Record<string, unknown>[], keys: string[]) =>
    list.map((row) => Object.fromEntries(Object.entries(row).filter(([key]) => !keys.includes(key))))

  /** Random days through the services: purchases in order, some long after the fact, refunds, taps, shares. */
  const live = async (days: number): Promise<void> => {
    const known: string[] = []
    for (let day = 0; day < days; day++) {
      server.clock.advance(DAY_MS)
      for (let i = 0; i < 6; i++) {
        const who = shop.members[Math.floor(shop.random() * shop.members.length)]
        const late = shop.random() < 0.25 ? Math.floor(shop.random() * 60) * DAY_MS : 0
        server.clock.advance(20 * MINUTE_MS)
        known.push(await shop.buy(who, server.clock.now() - late))
        if (shop.random() < 0.3)
          await shop.refund(known[Math.floor(shop.random() * known.length)], server.clock.now()).catch(() => undefined)
        if (shop.random() < 0.6)
          await shop.act(
            who,
            ['tap', 'page_view', 'share', 'review', 'referral'][Math.floor(shop.random() * 5)],
            server.clock.now(),
          )
      }
    }
  }

  beforeAll(async () => {
    server = await startServer({ database, now: testNow - 200 * DAY_MS })
    shop = await openLivingShop(server, 12)
  })
  afterAll(() => server?.stop())

  test('a member’s figures, kept purchase by purchase, equal a count from nothing; late ones are counted again', async () => {
    await live(8)
    const waiting = (await rows('member_stats')).filter((row) => Number(row.updatedAt) === 0)
    expect(waiting.length).toBeGreaterThan(0)
    expect((await shop.run('purchases.recount')).processed).toBe(waiting.length)
    const kept = await rows('member_stats')
    expect(kept.every((row) => Number(row.updatedAt) > 0)).toBe(true)
    // What was not marked was exact: counting everybody again changes nobody.
    expect(await shop.run('purchases.recount-all')).toMatchObject({ state: 'done', processed: 0, failed: 0 })
    expect(await rows('member_stats')).toEqual(kept)
    // And the count itself agrees with plain SQL.
    for (const row of kept) {
      const bought = await server.deps.db.read<{ onDay: string; paidFen: number; refundedFen: number }>(
        'SELECT onDay, paidFen, refundedFen FROM purchase WHERE memberId = ? ORDER BY onDay',
        [String(row.memberId)],
      )
      const days = [...new Set(bought.map((p) => p.onDay))]
      expect(row.purchaseDays).toBe(days.length)
      expect(row.purchases).toBe(bought.length)
      expect(Number(row.spendFen)).toBe(bought.reduce((sum, p) => sum + p.paidFen - p.refundedFen, 0))
      const first = bought.filter((p) => p.onDay === days[0])
      expect(Number(row.firstDayFen)).toBe(first.reduce((sum, p) => sum + p.paidFen - p.refundedFen, 0))
      const gaps = days.slice(1).map((d, i) => (Date.parse(d) - Date.parse(days[i])) / DAY_MS)
      expect(Number(row.gapSquares)).toBe(gaps.reduce((sum, gap) => sum + gap * gap, 0))
    }
  })

  test('facts counted night by night equal a rebuild, after every night', async () => {
    expect((await shop.run('scores.facts')).state).toBe('done')
    for (let night = 0; night < 3; night++) {
      await live(2)
      // Only those of the last days are looked at: the run before ended when it was due.
      expect((await shop.run('scores.facts')).state).toBe('done')
      const kept = without(await rows('member_facts'), ['updatedAt', 'onDay'])
      expect(await shop.run('scores.rebuild-facts')).toMatchObject({ state: 'done', processed: 0 })
      expect(without(await rows('member_facts'), ['updatedAt', 'onDay'])).toEqual(kept)
    }
    const facts = await rows('member_facts')
    expect(facts.length).toBeGreaterThan(8)
    expect(facts.some((row) => Number(row.influence) > 0)).toBe(true)
    expect(facts.every((row) => row.topCategory !== null)).toBe(true)
  })

  test('windows move with the days for members who do nothing', async () => {
    const before = await rows('member_facts')
    expect(before.some((row) => Number(row.interactions30) > 0)).toBe(true)
    server.clock.advance(40 * DAY_MS + HOUR_MS)
    await shop.run('scores.facts')
    const after = await rows('member_facts')
    expect(after.every((row) => Number(row.interactions30) === 0)).toBe(true)
    expect(after.some((row) => Number(row.interactions90) > 0)).toBe(true)
    server.clock.advance(90 * DAY_MS)
    await shop.run('scores.facts')
    expect((await rows('member_facts')).every((row) => Number(row.interactions90) === 0)).toBe(true)
    expect(await shop.run('scores.rebuild-facts')).toMatchObject({ state: 'done', processed: 0 })
  })
})
