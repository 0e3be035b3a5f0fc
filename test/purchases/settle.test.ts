import { randomUUID } from 'node:crypto'
import { checkInvariants } from '../../server/invariants/service'
import type { Input } from '../../shared/contract'
import { describeEachDatabase } from '../support/databases'
import { insertMembers, insertShop } from '../support/ledger'
import { startServer, type TestServer } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'

type Template = Input<'POST /admin/coupon-templates'>

describeEachDatabase('Purchases over HTTP', (database) => {
  let server: TestServer
  let owner: string
  let cashier: string
  let elsewhere: string
  const members = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi', 'ivan', 'judy']

  const scan = async (memberId: string): Promise<string> => {
    const me = await token(memberId)
    const code = (await server.call('GET /me/code', {}, { as: me })).body.codes[0].code
    const opened = await server.call('POST /staff/scans', { storeId: 'store1', code }, { as: cashier })
    expect(opened.status).toBe(200)
    // The next scan of this member needs the next code.
    server.clock.advance(60_000)
    return opened.body.scanId
  }
  const tokens = new Map<string, string>()
  const token = async (memberId: string): Promise<string> => {
    const known = tokens.get(memberId)
    if (known) return known
    const made = await memberToken(server, memberId)
    tokens.set(memberId, made)
    return made
  }
  const buy = (
    scanId: string,
    more: Partial<Input<'POST /staff/purchases'>> = {},
    idempotencyKey: string = randomUUID(),
  ) => server.call('POST /staff/purchases', { scanId, amountFen: 26_800, ...more }, { as: cashier, idempotencyKey })
  const refund = (purchaseId: string, more: Partial<Input<'POST /staff/purchases/:purchaseId/refunds'>> = {}) =>
    server.call(
      'POST /staff/purchases/:purchaseId/refunds',
      { purchaseId, reason: '顾客退货', ...more },
      { as: cashier },
    )
  const balanceOf = async (memberId: string): Promise<{ balance: number; debt: number }> =>
    (
      await server.deps.db.read<{ balance: number; debt: number }>(
        'SELECT balance, debt FROM points_account WHERE memberId = ?',
        [memberId],
      )
    )[0]
  const template = async (rule: Partial<Template['rule']>, name = '满减券'): Promise<string> => {
    const made = await server.call(
      'POST /admin/coupon-templates',
      {
        name,
        description: '',
        rule: {
          kind: 'amount',
          amountFen: 3000,
          minSpendFen: 20_000,
          validity: { kind: 'relative', days: 30 },
          ...rule,
        },
        issue: { stock: 100, perMember: 5 },
      },
      { as: owner },
    )
    await server.call(
      'POST /admin/coupon-templates/:templateId/state',
      { templateId: made.body.id, version: 1, to: 'published' },
      { as: owner },
    )
    return made.body.id
  }
  const claim = async (memberId: string, templateId: string): Promise<string> =>
    (await server.call('POST /me/coupons', { templateId }, { as: await token(memberId) })).body.couponId

  beforeAll(async () => {
    server = await startServer({ database })
    await insertShop(server.deps.db, server.clock.now())
    await server.deps.db.tx(async (tx) =>
      tx.insert('store', [
        {
          id: 'store2',
          brandId: 'brand',
          code: 'two',
          name: '陆家嘴店',
          address: '',
          hours: '',
          phone: '',
          active: 1,
          createdAt: 0,
        },
      ]),
    )
    await insertMembers(server.deps.db, members, server.clock.now())
    owner = await operatorToken(server, 'owner')
    cashier = await operatorToken(server, 'cashier', ['store1'])
    elsewhere = await operatorToken(server, 'cashier', ['store2'])
  })
  afterAll(() => server?.stop())

  test('points, growth, tier and coupon settle together, and the tier rises at once', async () => {
    const couponId = await claim('alice', await template({}))
    const scanId = await scan('alice')
    const quoted = await server.call('GET /staff/scans/:scanId', { scanId, amountFen: 126_800 }, { as: cashier })
    expect(quoted.body.quote).toMatchObject({ payFen: 123_800, points: 1238 })
    expect(quoted.body.member.nameMasked).toBe('会**')
    const { status, body } = await buy(scanId, { amountFen: 126_800, couponIds: [couponId] })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      paidFen: 123_800,
      discountFen: 3000,
      pointsEarned: 1238,
      growthEarned: 1238,
      tier: { level: 1, name: '银叶会员', upgraded: true, gap: 1762, nextName: '金叶会员' },
    })
    const me = await token('alice')
    expect((await server.call('GET /me/points', {}, { as: me })).body.account.balance).toBe(1238)
    expect((await server.call('GET /me/tier', {}, { as: me })).body.progress).toMatchObject({
      level: 1,
      growth: 1238,
      gap: 1762,
    })
    expect((await server.call('GET /me/coupons/:couponId', { couponId }, { as: me })).body.used).toMatchObject({
      storeName: '静安寺店',
      savedFen: 3000,
    })
    const inbox = await server.call('GET /me/messages', {}, { as: me })
    expect(inbox.body.items[0].title).toContain('银叶会员')
    // The next purchase earns at the new tier's 1.2.
    expect((await buy(await scan('alice'), { amountFen: 10_000 })).body.pointsEarned).toBe(120)
  })

  test('a refund takes back exactly what the purchase gave, part after part', async () => {
    const couponId = await claim('bob', await template({}))
    const lines = [
      { productId: 'p1', name: '香薰蜡烛', category: '家居香氛', quantity: 3, unitFen: 9900 },
      { productId: 'p2', name: '茶杯', category: '餐厨', quantity: 1, unitFen: 333 },
    ]
    const bought = await buy(await scan('bob'), { amountFen: 30_033, lines, couponIds: [couponId] })
    expect(bought.body).toMatchObject({ paidFen: 27_033, pointsEarned: 270 })
    const id = bought.body.purchaseId
    const one = await refund(id, { lines: [{ lineNo: 1, quantity: 1 }] })
    expect(one.body).toMatchObject({ refundFen: 8911, pointsTakenBack: 89, couponsReturned: [] })
    expect((await refund(id, { lines: [{ lineNo: 1, quantity: 3 }] })).error).toMatchObject({
      code: 'refund_line_exceeds',
      message: '“香薰蜡烛”最多还可退 2 件，本次要退 3 件',
    })
    expect((await refund(id, { amountFen: 20_000 })).error?.message).toBe('最多还可退 ¥181.22，本次要退 ¥200.00')
    const some = await refund(id, { amountFen: 122 })
    expect(some.body.pointsTakenBack).toBe(1)
    const rest = await refund(id)
    expect(rest.body).toMatchObject({ refundFen: 18_000, pointsTakenBack: 180, couponsReturned: [couponId] })
    expect(await balanceOf('bob')).toEqual({ balance: 0, debt: 0 })
    expect((await refund(id)).error?.code).toBe('refund_exceeds')
    expect((await server.call('GET /me/coupons/:couponId', { couponId }, { as: await token('bob') })).body.status).toBe(
      'usable',
    )
  })

  test('what was spent meanwhile becomes a debt that the next award pays', async () => {
    const bought = await buy(await scan('carol'), { amountFen: 50_000 })
    await server.call('POST /points/spends', { memberId: 'carol', points: 400, reason: '换礼品' }, { as: owner })
    const back = await refund(bought.body.purchaseId)
    expect(back.body).toMatchObject({ pointsTakenBack: 500, pointsOwed: 400 })
    expect(await balanceOf('carol')).toEqual({ balance: -400, debt: 400 })
    expect((await server.call('GET /me/points', {}, { as: await token('carol') })).body.account).toMatchObject({
      balance: 0,
      debt: 400,
    })
    await buy(await scan('carol'), { amountFen: 60_000 })
    expect(await balanceOf('carol')).toEqual({ balance: 200, debt: 0 })
  })

  test('the tier a refunded purchase brought falls with it', async () => {
    const bought = await buy(await scan('dave'), { amountFen: 310_000 })
    expect(bought.body.tier.level).toBe(2)
    await refund(bought.body.purchaseId, { amountFen: 100_000 })
    const tier = await server.call('GET /me/tier', {}, { as: await token('dave') })
    expect(tier.body.progress).toMatchObject({ level: 1, growth: 2100 })
    expect(tier.body.history[0]).toMatchObject({ direction: 'down', from: '金叶会员', to: '银叶会员' })
  })

  test('the same purchase 50 times at once is one purchase', async () => {
    const scanId = await scan('erin')
    const key = randomUUID()
    const answers = await Promise.all(Array.from({ length: 50 }, () => buy(scanId, {}, key)))
    expect(new Set(answers.map((a) => `${a.status}${JSON.stringify(a.body)}`)).size).toBe(1)
    expect((await balanceOf('erin')).balance).toBe(268)
    // Without a common key the till's own number still holds it to one.
    const numbered = await Promise.all(
      Array.from({ length: 20 }, () => buy(scanId, { externalNo: 'till-1', amountFen: 10_000 })),
    )
    expect(numbered.every((a) => a.status === 200)).toBe(true)
    expect(new Set(numbered.map((a) => a.body.purchaseId)).size).toBe(1)
    expect((await balanceOf('erin')).balance).toBe(368)
    expect((await buy(scanId, { externalNo: 'till-1', amountFen: 20_000 })).error?.code).toBe('purchase_duplicate')
  })

  test('one coupon in 20 purchases at once is redeemed in one', async () => {
    const couponId = await claim('frank', await template({}))
    const scanId = await scan('frank')
    const answers = await Promise.all(Array.from({ length: 20 }, () => buy(scanId, { couponIds: [couponId] })))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(answers.find((a) => a.status !== 200)?.error?.code).toBe('coupon_not_usable_status')
    expect((await balanceOf('frank')).balance).toBe(238)
  })

  test('twenty refunds of everything at once give it back once', async () => {
    const bought = await buy(await scan('grace'), { amountFen: 10_000 })
    const answers = await Promise.all(Array.from({ length: 20 }, () => refund(bought.body.purchaseId)))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(await balanceOf('grace')).toEqual({ balance: 0, debt: 0 })
  })

  test('refusals name the rule with both values, and nothing is half done', async () => {
    const couponId = await claim('heidi', await template({}))
    const other = await claim(
      'heidi',
      await template({ kind: 'percent', percent: 88, capFen: 6000, amountFen: undefined, minSpendFen: 0 }, '88折券'),
    )
    const scanId = await scan('heidi')
    const low = await buy(scanId, { amountFen: 10_000, couponIds: [couponId] })
    expect(low.error).toMatchObject({ code: 'coupon_min_spend', message: '适用商品满 ¥200.00 可用，现在是 ¥100.00' })
    expect((await buy(scanId, { couponIds: [couponId, other] })).error?.code).toBe('coupon_not_stackable')
    expect(
      (await buy(scanId, { amountFen: 100, lines: [{ productId: 'p', name: '杯', quantity: 1, unitFen: 99 }] })).error
        ?.code,
    ).toBe('purchase_amount_mismatch')
    const foreign = await claim('ivan', await template({}))
    expect((await buy(scanId, { couponIds: [foreign] })).error?.code).toBe('coupon_wrong_member')
    expect((await buy(scanId, { couponIds: ['nothing'] })).error?.code).toBe('coupon_not_found')
    expect((await balanceOf('heidi'))?.balance ?? 0).toBe(0)
    const best = await server.call('GET /staff/scans/:scanId', { scanId, amountFen: 100_000 }, { as: cashier })
    expect(best.body.coupons.map((c) => [c.coupon.face.name, c.usable, c.savesFen])).toEqual([
      ['88折券', true, 6000],
      ['满减券', true, 3000],
    ])
  })

  test('a counter session belongs to its till and ends after three minutes', async () => {
    const scanId = await scan('judy')
    expect(
      (await server.call('POST /staff/purchases', { scanId, amountFen: 100 }, { as: elsewhere })).status,
    ).toBeGreaterThanOrEqual(403)
    server.clock.advance(180_000)
    expect((await buy(scanId)).error?.code).toBe('scan_expired')
    expect((await buy('nonsense')).error?.code).toBe('scan_not_found')
    expect((await server.call('POST /staff/purchases', { scanId, amountFen: 100 })).error?.code).toBe('unauthenticated')
    expect(
      (await server.call('POST /staff/purchases', { scanId, amountFen: 100 }, { as: await token('judy') })).error?.code,
    ).toBe('forbidden')
    for (const amountFen of [0, -1, 1.5, 1e15])
      expect((await buy(scanId, { amountFen })).error?.code).toBe('invalid_input')
  })

  test('the home page answers everything at once, and a visitor sees a shop', async () => {
    const home = await server.call('GET /me/home', {}, { as: await token('alice') })
    expect(home.status).toBe(200)
    expect(home.body).toMatchObject({ tier: { level: 1 }, points: { balance: 1358 } })
    expect(JSON.stringify(home.body).length).toBeLessThan(30_000)
    expect((await server.call('GET /home', {})).body.stores).toHaveLength(2)
    const mine = await server.call('GET /me/purchases', {}, { as: await token('bob') })
    expect(mine.body.items[0]).toMatchObject({ status: 'refunded', refundedFen: 27_033 })
  })

  test('the books close', async () => {
    expect((await checkInvariants(server.deps.db)).filter((f) => f.broken)).toEqual([])
  })
})
