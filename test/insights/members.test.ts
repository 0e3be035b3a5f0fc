import type { Input, Output } from '../../shared/contract'
import { addDays, civilDay, DAY_MS, endOfDay, startOfDay } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer, testNow } from '../support/server'
import { birthday, memberToken, openShop, type Shop, signIn } from './shop'

type Row = Output<'GET /admin/members'>['items'][number]
const today = civilDay(testNow)

describeEachDatabase('the member list', (database) => {
  let server: TestServer
  let shop: Shop
  let owner: string
  beforeAll(async () => {
    server = await startServer({ database })
    shop = await openShop(server)
    owner = await signIn(server, 'owner', null)
  })
  afterAll(() => server?.stop())

  /** Every page of a list, by its cursors. */
  const walk = async (input: Input<'GET /admin/members'>, as = owner, limit = 7): Promise<Row[]> => {
    const rows: Row[] = []
    let cursor: string | undefined
    do {
      const { status, body } = await server.call('GET /admin/members', { ...input, limit, cursor }, { as })
      expect(status).toBe(200)
      rows.push(...body.items)
      cursor = body.nextCursor ?? undefined
      if (cursor) expect(body.items).toHaveLength(limit)
    } while (cursor)
    return rows
  }
  const ids = (rows: { id: string }[]): string[] => rows.map((r) => r.id).sort()
  const count = async (input: Input<'GET /admin/members/count'>, as = owner): Promise<number> =>
    (await server.call('GET /admin/members/count', input, { as })).body.count

  test('lets in only who may see it', async () => {
    expect((await server.call('GET /admin/members', {})).status).toBe(401)
    expect((await server.call('GET /admin/members/count', {})).status).toBe(401)
    const cashier = await signIn(server, 'cashier', null)
    expect((await server.call('GET /admin/members', {}, { as: cashier })).error?.code).toBe('forbidden')
    const member = await memberToken(server, shop.members[0].id)
    expect((await server.call('GET /admin/members', {}, { as: member })).error?.code).toBe('forbidden')
  })
  test.each([
    { limit: 0 },
    { limit: 101 },
    { limit: 1.5 },
    { sort: 'name' },
    { cursor: 'x' },
    { cursor: 'spend.0.1.m000001' },
    { cursor: "joined.0.1.m'--" },
    { cursor: 'joined.0.99999999999999999999.m1' },
    { tierLevel: -1 },
    { minSpendFen: 'x' },
    { joinedFrom: '2026-02-30' },
    { storeId: 'a b' },
    { q: 'x'.repeat(41) },
    { unknown: 1 },
  ])('refuses %j', async (input) => {
    const { status, error } = await server.call('GET /admin/members', input as never, { as: owner })
    expect([status, error?.code]).toEqual([400, 'invalid_input'])
  })

  test('shows what each member has, masked', async () => {
    const rows = await walk({})
    for (const row of rows) {
      const m = shop.members.find((x) => x.id === row.id)
      const stats = shop.stats.get(row.id)
      expect(row).toEqual({
        id: m?.id,
        cardNo: m?.cardNo,
        nameMasked: `${m?.name[0]}**`,
        phoneMasked: `${m?.phone.slice(0, 3)}****${m?.phone.slice(-4)}`,
        tierName: ['普通', '银叶', '金叶'][m?.tierLevel ?? 0],
        tierLevel: m?.tierLevel,
        points: Math.max(0, shop.accounts.find((a) => a.memberId === row.id)?.balance ?? 0),
        spendFen: stats?.spendFen ?? 0,
        purchases: stats?.purchases ?? 0,
        lastPurchaseAt: stats?.lastPurchaseAt ?? null,
        joinedAt: m?.joinedAt,
        joinedStore: shop.stores.find((s) => s.id === m?.joinedStoreId)?.name ?? null,
        status: m?.status,
      })
    }
    const text = JSON.stringify(rows)
    for (const m of shop.members) for (const secret of [m.name, m.phone]) expect(text).not.toContain(secret)
  })

  test.each([
    ['joined', (r: Row) => r.joinedAt],
    ['spend', (r: Row) => r.spendFen],
    ['lastPurchase', (r: Row) => r.lastPurchaseAt ?? -1],
    ['points', (r: Row) => r.points],
  ] as const)('walks everybody once, by %s, across ties', async (sort, value) => {
    for (const limit of [1, 7, 100]) {
      const rows = await walk({ sort }, owner, limit)
      expect(ids(rows)).toEqual(ids(shop.members))
      const values = rows.map(value)
      expect(values).toEqual([...values].sort((a, b) => b - a))
    }
  })
  test('a member who joins while somebody pages is not shown twice and hides nobody', async () => {
    const first = await server.call('GET /admin/members', { limit: 10 }, { as: owner })
    const newcomer = { ...shop.members[0], id: 'm999999', cardNo: '99999999', joinedAt: testNow + 1 }
    await server.deps.db.tx(async (tx) => {
      const [row] = await tx.read<Record<string, string>>('SELECT * FROM member WHERE id = ?', [shop.members[0].id])
      tx.insert('member', [
        { ...row, id: newcomer.id, cardNo: newcomer.cardNo, phoneHash: null, joinedAt: newcomer.joinedAt },
      ])
    })
    const second = await server.call(
      'GET /admin/members',
      { limit: 100, cursor: first.body.nextCursor ?? '' },
      { as: owner },
    )
    expect(ids([...first.body.items, ...second.body.items])).toEqual(ids(shop.members))
    await server.deps.db.tx(async (tx) => tx.write('DELETE FROM member WHERE id = ?', [newcomer.id]))
  })

  const from = addDays(today, -6)
  const to = addDays(today, -2)
  const filters: [Input<'GET /admin/members/count'>, (shop: Shop) => (m: Shop['members'][number]) => boolean][] = [
    [{ tierLevel: 2 }, () => (m) => m.tierLevel === 2],
    [{ storeId: 'store1' }, () => (m) => m.joinedStoreId === 'store1'],
    [{ joinedFrom: from, joinedTo: to }, () => (m) => m.joinedAt >= startOfDay(from) && m.joinedAt <= endOfDay(to)],
    [{ minSpendFen: 60_000 }, (s) => (m) => (s.stats.get(m.id)?.spendFen ?? 0) >= 60_000],
    [{ minSpendFen: 0 }, () => () => true],
    [
      { lastPurchaseBefore: addDays(today, -2) },
      (s) => (m) => (s.stats.get(m.id)?.lastPurchaseAt ?? Number.MAX_SAFE_INTEGER) < startOfDay(addDays(today, -2)),
    ],
    [{ q: '林' }, () => (m) => m.name.startsWith('林')],
    [{ q: '陈明远' }, () => (m) => m.name === '陈明远'],
    [{ q: '明远' }, () => () => false],
    [{ q: '%' }, () => () => false],
    [{ q: '   ' }, () => () => true],
    [
      { q: '王', tierLevel: 1, minSpendFen: 1 },
      (s) => (m) => m.name.startsWith('王') && m.tierLevel === 1 && (s.stats.get(m.id)?.spendFen ?? 0) >= 1,
    ],
    [{ tierLevel: 20 }, () => () => false],
  ]
  test.each(filters)('filters by %j in every sort, and counts the same', async (filter, matches) => {
    const expected = ids(shop.members.filter(matches(shop)))
    for (const sort of ['joined', 'spend', 'lastPurchase', 'points'] as const)
      expect(ids(await walk({ ...filter, sort }, owner, 4))).toEqual(expected)
    expect(await count(filter)).toBe(expected.length)
  })
  test('finds a member by the whole phone number or the card number, never by a part', async () => {
    const m = shop.members[12]
    for (const q of [m.phone, `${m.phone.slice(0, 3)} ${m.phone.slice(3, 7)} ${m.phone.slice(7)}`, m.cardNo])
      expect(ids(await walk({ q }))).toEqual([m.id])
    for (const q of [m.phone.slice(-4), m.phone.slice(0, 10), '13900000000', m.cardNo.slice(0, 6)]) {
      expect(await walk({ q })).toEqual([])
      expect(await count({ q })).toBe(0)
    }
  })
  test('shows a manager the members at home in his stores', async () => {
    const manager = await signIn(server, 'manager', ['store2'])
    const home = shop.members.filter(
      (m) => m.joinedStoreId === 'store2' || shop.stats.get(m.id)?.lastStoreId === 'store2',
    )
    for (const sort of ['joined', 'spend', 'lastPurchase', 'points'] as const)
      expect(ids(await walk({ sort }, manager))).toEqual(ids(home))
    expect(await count({}, manager)).toBe(home.length)
    const stranger = shop.members.find((m) => !home.includes(m))
    expect(await walk({ q: stranger?.phone }, manager)).toEqual([])
    const nobody = await signIn(server, 'manager', [])
    expect(await walk({}, nobody)).toEqual([])
    expect(await count({}, nobody)).toBe(0)
  })
})

describeEachDatabase('the member page', (database) => {
  let server: TestServer
  let shop: Shop
  let owner: string
  beforeAll(async () => {
    server = await startServer({ database })
    shop = await openShop(server)
    owner = await signIn(server, 'owner', null)
  })
  afterAll(() => server?.stop())

  test('lets in only who may see it, and finds only whom he may see', async () => {
    const memberId = shop.members[0].id
    for (const key of ['GET /admin/members/:memberId', 'GET /admin/members/:memberId/timeline'] as const) {
      expect((await server.call(key, { memberId })).status).toBe(401)
      const gone = await server.call(key, { memberId: 'nobody' }, { as: owner })
      expect([gone.status, gone.error?.code]).toEqual([404, 'member_not_found'])
      expect((await server.call(key, { memberId: 'NO/..' }, { as: owner })).error?.code).toBe('invalid_input')
    }
    const member = await memberToken(server, memberId)
    expect((await server.call('GET /admin/members/:memberId', { memberId }, { as: member })).error?.code).toBe(
      'forbidden',
    )
    const manager = await signIn(server, 'manager', ['store1'])
    for (const m of shop.members) {
      const seen = m.joinedStoreId === 'store1' || shop.stats.get(m.id)?.lastStoreId === 'store1'
      for (const key of ['GET /admin/members/:memberId', 'GET /admin/members/:memberId/timeline'] as const)
        expect((await server.call(key, { memberId: m.id }, { as: manager })).status).toBe(seen ? 200 : 404)
    }
  })

  test('adds up what a member bought, held and used', async () => {
    for (const m of [...shop.members.slice(0, 12), ...shop.members.slice(-3)]) {
      const { body } = await server.call('GET /admin/members/:memberId', { memberId: m.id }, { as: owner })
      const stats = shop.stats.get(m.id)
      const coupons = shop.coupons.filter((c) => c.memberId === m.id)
      const used = coupons.filter((c) => c.status === 'used')
      expect(body.figures).toEqual({
        spendFen: stats?.spendFen ?? 0,
        purchases: stats?.purchases ?? 0,
        averageFen: stats ? Math.round(stats.spendFen / stats.purchases) : 0,
        refundFen: stats?.refundFen ?? 0,
        lastPurchaseAt: stats?.lastPurchaseAt ?? null,
        couponsHeld: coupons.filter((c) => c.status === 'held' && c.validTo >= testNow).length,
        couponsRedeemed: used.length,
        couponSavedFen: used.reduce((n, c) => n + c.savedFen, 0),
      })
      expect(body.birthday).toEqual(birthday)
      const bought = shop.purchases.filter((p) => p.memberId === m.id)
      const lines = shop.lines.filter((l) => bought.some((p) => p.id === l.purchaseId))
      const byCategory = [...new Set(lines.map((l) => l.category))]
        .map((category) => {
          const mine = lines.filter((l) => l.category === category)
          return {
            category,
            quantity: mine.reduce((n, l) => n + l.quantity - l.refundedQuantity, 0),
            amountFen: mine.reduce((n, l) => n + l.unitFen * (l.quantity - l.refundedQuantity), 0),
          }
        })
        .filter((c) => c.quantity > 0)
      expect(body.favourites.map((f) => f.amountFen)).toEqual(byCategory.map((c) => c.amountFen).sort((a, b) => b - a))
      expect(byCategory).toEqual(expect.arrayContaining(body.favourites))
      const most = (values: (string | number)[]): number =>
        Math.max(0, ...values.map((v) => values.filter((x) => x === v).length))
      const stores = bought.map((p) => shop.stores.find((s) => s.id === p.storeId)?.name ?? '')
      const hours = bought.map((p) => Math.floor((p.at - startOfDay(p.onDay)) / 3_600_000))
      expect(stores.filter((s) => s === body.favouriteStore)).toHaveLength(most(stores))
      expect(hours.filter((h) => h === body.favouriteHour)).toHaveLength(most(hours))
      expect(body.points.balance).toBe(Math.max(0, shop.accounts.find((a) => a.memberId === m.id)?.balance ?? 0))
      expect(JSON.stringify(body)).not.toContain(m.phone)
      expect(JSON.stringify(body)).not.toContain(m.name)
    }
  })

  test('tells the whole story newest first, the same in pages of any size', async () => {
    const memberId = shop.members[1].id
    const at = testNow - 5 * DAY_MS
    // Events of every source, most of them in the very same millisecond.
    await server.deps.db.tx(async (tx) => {
      tx.insert(
        'points_entry',
        Array.from({ length: 12 }, (_, i) => ({
          memberId,
          walletId: 'group',
          seq: i + 1,
          at: i < 10 ? at : at + i,
          onDay: civilDay(at),
          amount: i % 2 ? -5 : 10,
          balanceAfter: 0,
          kind: i % 2 ? 'spend' : 'adjust',
          // The last two belong to a purchase and a gift, which tell of them themselves.
          sourceType: i === 11 ? 'purchase' : i === 10 ? 'birthday' : 'operator',
          note: `第 ${i + 1} 笔`,
        })),
      )
      const mine = shop.coupons.filter((c) => c.memberId === memberId)
      tx.insert(
        'coupon_event',
        mine.map((c, i) => ({
          id: `ce${i}`,
          couponId: c.id,
          at,
          kind: ['redeem', 'reverse', 'expire'][i % 3],
          note: '备注',
        })),
      )
      tx.insert(
        'tier_change',
        [1, 2].map((i) => ({
          id: `tc${i}`,
          memberId,
          trackId: 'group',
          at,
          fromLevel: i - 1,
          toLevel: i,
          direction: 'up',
          reason: '成长值达标',
        })),
      )
      tx.insert('care_gift', [
        {
          id: 'g1',
          memberId,
          kind: 'birthday',
          giftYear: 2026,
          onDay: civilDay(at),
          until: civilDay(at),
          points: 88,
          years: 0,
          createdAt: at,
          contents: '[]',
        },
      ])
      tx.insert(
        'message',
        ['inbox', 'subscribe'].map((channel) => ({
          id: `ms${channel}`,
          dedupeKey: channel,
          memberId,
          channel,
          kind: 'birthday',
          title: '生日快乐',
          text: '',
          status: 'sent',
          attempts: 1,
          nextAttemptAt: 0,
          createdAt: at,
        })),
      )
      tx.insert('scan', [
        { id: 'sc1', memberId, storeId: 'store1', operatorId: 'x', via: 'code', createdAt: at, expiresAt: at },
      ])
    })
    const whole = (await server.call('GET /admin/members/:memberId/timeline', { memberId, limit: 100 }, { as: owner }))
      .body
    expect(whole.nextCursor).toBeNull()
    const bought = shop.purchases.filter((p) => p.memberId === memberId)
    const mine = shop.coupons.filter((c) => c.memberId === memberId)
    const kinds = (kind: string) => whole.items.filter((i) => i.kind === kind)
    expect(kinds('purchase').map((i) => [i.at, i.amountFen, i.points])).toEqual(
      bought.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)).map((p) => [p.at, p.paidFen, p.pointsEarned]),
    )
    expect(kinds('refund')).toHaveLength(shop.refunds.filter((r) => r.memberId === memberId).length)
    expect(kinds('coupon')).toHaveLength(mine.length * 2)
    expect(kinds('points').map((i) => i.detail)).toEqual(Array.from({ length: 10 }, (_, i) => `第 ${10 - i} 笔`))
    expect(['tier', 'gift', 'message', 'scan', 'joined'].map((k) => kinds(k).length)).toEqual([2, 1, 2, 1, 1])
    expect(kinds('tier').map((i) => i.title)).toEqual(['升级为金叶', '升级为银叶'])
    expect(whole.items.map((i) => i.at)).toEqual(whole.items.map((i) => i.at).sort((a, b) => b - a))
    for (const limit of [1, 3, 10]) {
      const items: unknown[] = []
      let cursor: string | undefined
      do {
        const { body } = await server.call(
          'GET /admin/members/:memberId/timeline',
          { memberId, limit, cursor },
          { as: owner },
        )
        items.push(...body.items)
        cursor = body.nextCursor ?? undefined
      } while (cursor)
      expect(items).toEqual(whole.items)
    }
    const bad = await server.call('GET /admin/members/:memberId/timeline', { memberId, cursor: 'x' }, { as: owner })
    expect([bad.status, bad.error?.code]).toEqual([400, 'invalid_input'])
  })
})
