import { addDays, civilDay, DAY_MS, endOfDay, HOUR_MS, startOfDay } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer, testNow } from '../support/server'
import { memberToken, openShop, type Shop, signIn } from './shop'

const today = civilDay(testNow)
const lastWeek = addDays(today, -7)

/** The figures of a span of time, reckoned row by row. */
const reckon = (shop: Shop, from: number, to: number, storeId?: string) => {
  const here = <T extends { storeId: string | null }>(rows: T[]) =>
    rows.filter((r) => !storeId || r.storeId === storeId)
  const sold = here(shop.purchases).filter((p) => p.at >= from && p.at <= to)
  const returned = here(shop.refunds).filter((r) => r.at >= from && r.at <= to)
  const sales = sold.reduce((n, p) => n + p.paidFen, 0) - returned.reduce((n, r) => n + r.amountFen, 0)
  return {
    sales,
    orders: sold.length,
    average: sold.length ? Math.round(sales / sold.length) : 0,
    joined: shop.members.filter(
      (m) => m.joinedAt >= from && m.joinedAt <= to && (!storeId || m.joinedStoreId === storeId),
    ).length,
    points: sold.reduce((n, p) => n + p.pointsEarned, 0),
    redeemed: here(shop.coupons).filter((c) => c.redeemedAt && c.redeemedAt >= from && c.redeemedAt <= to).length,
  }
}
const wholeDay = (shop: Shop, day: string, storeId?: string) => reckon(shop, startOfDay(day), endOfDay(day), storeId)

describeEachDatabase('the overview', (database) => {
  let server: TestServer
  let shop: Shop
  let owner: string
  beforeAll(async () => {
    server = await startServer({ database })
    shop = await openShop(server)
    owner = await signIn(server, 'owner', null)
  })
  afterAll(() => server?.stop())
  beforeEach(() => server.clock.set(testNow))

  test('lets in only who may see it', async () => {
    expect((await server.call('GET /admin/overview', {})).status).toBe(401)
    const cashier = await signIn(server, 'cashier', ['store1'])
    expect((await server.call('GET /admin/overview', {}, { as: cashier })).error?.code).toBe('forbidden')
    const member = await memberToken(server, shop.members[0].id)
    expect((await server.call('GET /admin/overview', {}, { as: member })).error?.code).toBe('forbidden')
  })
  test('refuses unknown fields and stores', async () => {
    const odd = await server.call('GET /admin/overview', { store: 'x' } as never, { as: owner })
    expect([odd.status, odd.error?.code]).toEqual([400, 'invalid_input'])
    const bad = await server.call('GET /admin/overview', { storeId: '../x' }, { as: owner })
    expect(bad.error?.code).toBe('invalid_input')
    const gone = await server.call('GET /admin/overview', { storeId: 'nowhere' }, { as: owner })
    expect([gone.status, gone.error?.code]).toEqual([404, 'store_not_found'])
  })

  test.each([undefined, 'store2'])(
    'compares today up to now with the same stretch a week ago (store %s)',
    async (storeId) => {
      const { status, body } = await server.call('GET /admin/overview', { storeId }, { as: owner })
      expect(status).toBe(200)
      expect(body.today).toBe(today)
      const value = reckon(shop, startOfDay(today), testNow, storeId)
      const before = reckon(shop, startOfDay(lastWeek), startOfDay(lastWeek) + (testNow - startOfDay(today)), storeId)
      const tile = (key: string) => body.tiles.find((t) => t.key === key)
      expect(Object.fromEntries(body.tiles.map((t) => [t.key, t.value]))).toEqual(value)
      expect(Object.fromEntries(body.tiles.map((t) => [t.key, t.before]))).toEqual(before)
      // A week ago sold more after this clock time, or the comparison would prove nothing.
      expect(wholeDay(shop, lastWeek, storeId).orders).toBeGreaterThan(before.orders)
      const sparkDays = Array.from({ length: 14 }, (_, i) => addDays(today, i - 13))
      for (const key of ['sales', 'orders', 'average', 'joined', 'points', 'redeemed'] as const)
        expect(tile(key)?.spark).toEqual(sparkDays.map((d) => wholeDay(shop, d, storeId)[key]))
    },
  )

  test('draws thirty days beside the mean of the four same weekdays before, and notes the peak', async () => {
    const { body } = await server.call('GET /admin/overview', {}, { as: owner })
    const days = Array.from({ length: 30 }, (_, i) => addDays(today, i - 29))
    expect(body.trend.map(({ note: _, ...t }) => t)).toEqual(
      days.map((on) => ({
        on,
        salesFen: wholeDay(shop, on).sales,
        orders: wholeDay(shop, on).orders,
        usualFen: Math.round([7, 14, 21, 28].reduce((n, back) => n + wholeDay(shop, addDays(on, -back)).sales, 0) / 4),
      })),
    )
    const noted = body.trend.filter((t) => t.note)
    expect(noted.map((t) => t.on)).toContain(addDays(today, -18))
    expect(noted.find((t) => t.on === addDays(today, -18))?.note).toMatch(/^近 30 天最高，比平常高 \d+%$/)
    for (const t of noted) expect(t.salesFen).toBeGreaterThanOrEqual((t.usualFen ?? 0) * 1.5)
  })

  test('counts members, coupons, points and stores', async () => {
    const { body } = await server.call('GET /admin/overview', {}, { as: owner })
    const active = shop.members.filter((m) => m.status === 'active')
    expect(body.tiers).toEqual(
      ['普通', '银叶', '金叶'].map((name, level) => ({
        level,
        name,
        members: active.filter((m) => m.tierLevel === level).length,
      })),
    )
    const since = startOfDay(addDays(today, -29))
    const used = shop.coupons.filter((c) => c.redeemedAt && c.redeemedAt >= since)
    expect(body.members).toEqual({
      total: active.length,
      active30d: [...shop.stats.values()].filter((s) => s.lastPurchaseAt >= since).length,
    })
    expect(body.coupons).toEqual({
      published: 2,
      issued30d: shop.coupons.filter((c) => c.claimedAt >= since).length,
      redeemed30d: used.length,
      savedFen30d: used.reduce((n, c) => n + c.savedFen, 0),
    })
    expect(body.points).toEqual({
      outstanding: shop.accounts.reduce((n, a) => n + Math.max(0, a.balance), 0),
      expiring30d: shop.lots.filter((l) => l.expiresOn <= addDays(today, 30)).reduce((n, l) => n + l.remaining, 0),
    })
    const perStore = shop.stores.map((s) => {
      const { sales, orders } = reckon(shop, startOfDay(today), testNow, s.id)
      return { id: s.id, name: s.name, salesFen: sales, orders }
    })
    expect(body.stores.map((s) => s.salesFen)).toEqual(perStore.map((s) => s.salesFen).sort((a, b) => b - a))
    expect(body.stores).toEqual(expect.arrayContaining(perStore))
  })

  test('tells what just happened, newest first, with names masked', async () => {
    const { body } = await server.call('GET /admin/overview', {}, { as: owner })
    expect(body.activity).toHaveLength(12)
    expect(body.activity.map((a) => a.at)).toEqual(body.activity.map((a) => a.at).sort((a, b) => b - a))
    const latest = Math.max(...shop.purchases.map((p) => p.at), ...shop.members.map((m) => m.joinedAt))
    expect(body.activity[0].at).toBeGreaterThanOrEqual(latest)
    for (const a of body.activity) expect(a.detail).toMatch(/^[林陈周王]\*\*/)
    for (const m of shop.members) expect(JSON.stringify(body)).not.toContain(m.name)
  })

  test('shows the last day that sold, whole, while the till has been quiet', async () => {
    server.clock.set(testNow + 2 * DAY_MS - 8 * HOUR_MS)
    const token = await signIn(server, 'auditor', null)
    const { body } = await server.call('GET /admin/overview', {}, { as: token })
    expect(body.today).toBe(today)
    expect(Object.fromEntries(body.tiles.map((t) => [t.key, t.value]))).toEqual(wholeDay(shop, today))
    expect(Object.fromEntries(body.tiles.map((t) => [t.key, t.before]))).toEqual(wholeDay(shop, lastWeek))
    expect(body.tiles[0].definition).toContain('全天')
  })

  test('keeps a manager to the stores he has', async () => {
    const manager = await signIn(server, 'manager', ['store3'])
    const { body } = await server.call('GET /admin/overview', {}, { as: manager })
    expect(Object.fromEntries(body.tiles.map((t) => [t.key, t.value]))).toEqual(
      reckon(shop, startOfDay(today), testNow, 'store3'),
    )
    expect(body.stores.map((s) => s.id)).toEqual(['store3'])
    const home = shop.members.filter(
      (m) => m.status === 'active' && (m.joinedStoreId === 'store3' || shop.stats.get(m.id)?.lastStoreId === 'store3'),
    )
    expect(body.members.total).toBe(home.length)
    expect(body.activity.filter((a) => a.detail.includes('店')).every((a) => a.detail.endsWith('五角场店'))).toBe(true)
    const other = await server.call('GET /admin/overview', { storeId: 'store1' }, { as: manager })
    expect([other.status, other.error?.code]).toEqual([403, 'store_out_of_scope'])
    const nobody = await signIn(server, 'manager', [])
    const empty = await server.call('GET /admin/overview', {}, { as: nobody })
    expect(empty.body.tiles.every((t) => t.value === 0 && t.before === 0)).toBe(true)
    expect([empty.body.stores, empty.body.activity, empty.body.members.total]).toEqual([[], [], 0])
  })
})
