import { randomUUID } from 'node:crypto'
import { checkInvariants } from '../../server/invariants/service'
import { createRunner } from '../../server/jobs/runner'
import { schedule } from '../../server/schedule'
import type { Input } from '../../shared/contract'
import { DAY_MS, MINUTE_MS } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { insertMembers, insertShop } from '../support/ledger'
import { startServer, type TestServer } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'

type Draft = Input<'POST /admin/rewards'>
const people = (letter: string) => Array.from({ length: 40 }, (_, i) => `${letter}${String(i).padStart(2, '0')}`)
/** Whoever of the crowd wins a race has fewer points afterwards: nobody else's figures may hang on who it was. */
const crowd = people('c')
const members = [...people('m'), ...crowd]
const draft = (more: Partial<Draft> = {}): Draft => ({
  name: '亚麻餐垫',
  kind: 'goods',
  pictures: ['art:gift'],
  points: 100,
  stock: 10,
  perMember: 1,
  ...more,
})

describeEachDatabase('The rewards mall over HTTP', (database) => {
  let server: TestServer
  let owner: string
  let cashier: string
  let elsewhere: string
  let pos: string
  const tokens = new Map<string, string>()
  const as = (m: string) => ({ as: tokens.get(m) })
  const publish = async (more: Partial<Draft> = {}): Promise<string> => {
    const made = await server.call('POST /admin/rewards', draft(more), { as: owner })
    expect(made.status).toBe(200)
    const out = await server.call(
      'POST /admin/rewards/:rewardId/state',
      { rewardId: made.body.id, version: made.body.version, to: 'published' },
      { as: owner },
    )
    expect(out.status).toBe(200)
    return made.body.id
  }
  const award = (memberId: string, points: number) =>
    server.call('POST /points/awards', { memberId, points, reason: '测试' }, { as: pos })
  const redeem = (
    m: string,
    rewardId: string,
    more: Partial<Input<'POST /me/reward-orders'>> = {},
    idempotencyKey: string = randomUUID(),
  ) => server.call('POST /me/reward-orders', { rewardId, storeId: 'store1', ...more }, { ...as(m), idempotencyKey })
  const balance = async (m: string) => (await server.call('GET /me/points', {}, as(m))).body.account.balance
  const stockLeft = async (rewardId: string) =>
    (await server.call('GET /admin/rewards/:rewardId', { rewardId }, { as: owner })).body.stockLeft
  const run = async (name: string) => {
    const job = schedule.find((j) => j.name === name)
    if (!job) throw new Error(name)
    const started = await createRunner(server.deps, [], 'test').runNow(job, randomUUID())
    await started?.ended
    const [row] = await server.deps.db.read<{ state: string; failed: number }>(
      'SELECT state, failed FROM job_run WHERE name = ? AND slot = ?',
      [name, started?.slot ?? ''],
    )
    expect(row).toEqual({ state: 'done', failed: 0 })
  }

  beforeAll(async () => {
    server = await startServer({ database })
    const now = server.clock.now()
    await insertShop(server.deps.db, now)
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
          createdAt: now,
        },
      ]),
    )
    await insertMembers(server.deps.db, members, now)
    for (const m of members) tokens.set(m, await memberToken(server, m))
    owner = await operatorToken(server, 'owner')
    pos = await operatorToken(server, 'pos')
    cashier = await operatorToken(server, 'cashier', ['store1'])
    elsewhere = await operatorToken(server, 'cashier', ['store2'])
    await Promise.all(members.map((m) => award(m, 500)))
  })
  afterAll(() => server?.stop())

  test('one piece and forty hands: one order, one spend, nobody else loses a point', async () => {
    const id = await publish({ stock: 1 })
    const answers = await Promise.all(crowd.map((m) => redeem(m, id)))
    const won = answers.filter((a) => a.status === 200)
    expect(won).toHaveLength(1)
    expect(won[0].body).toMatchObject({ state: 'ready', points: 100, balance: 400, stockLeft: 0, pay: null })
    expect(answers.find((a) => a.status === 409)?.error).toMatchObject({
      code: 'reward_out_of_stock',
      details: { stock: 1 },
    })
    const [spent] = await server.deps.db.read<{ n: number; sum: number }>(
      "SELECT COUNT(*) AS n, SUM(amount) AS sum FROM points_entry WHERE sourceType = 'reward'",
    )
    expect([Number(spent.n), Number(spent.sum)]).toEqual([1, -100])
  })

  test('one member with twenty hands gets the limit, and points for no more than they reach', async () => {
    const limited = await publish({ perMember: 2, points: 10 })
    const two = await Promise.all(Array.from({ length: 20 }, () => redeem('m01', limited)))
    expect(two.filter((a) => a.status === 200)).toHaveLength(2)
    expect(two.find((a) => a.status === 409)?.error?.message).toBe('每人限兑 2 件，你已兑 2 件')
    const dear = await publish({ perMember: 20, stock: 20, points: 200 })
    const paid = await Promise.all(Array.from({ length: 20 }, () => redeem('m02', dear)))
    expect(paid.filter((a) => a.status === 200)).toHaveLength(2)
    expect(paid.find((a) => a.status === 409)?.error?.code).toBe('points_insufficient')
    expect(await balance('m02')).toBe(100)
  })

  test('the same redemption fifty times at once: one order, fifty equal answers', async () => {
    const id = await publish({ perMember: 10 })
    const key = randomUUID()
    const answers = await Promise.all(Array.from({ length: 50 }, () => redeem('m03', id, {}, key)))
    expect(new Set(answers.map((a) => `${a.status}${JSON.stringify(a.body)}`)).size).toBe(1)
    expect(answers[0].status).toBe(200)
    expect(await balance('m03')).toBe(400)
  })

  test('the list and the page say why not, in the words of the refusal', async () => {
    const gold = await publish({ name: '金叶礼盒', minTierLevel: 2, category: '礼盒' })
    const dear = await publish({ name: '香薰机', points: 9000 })
    const soon = await publish({ name: '新春礼盒', saleFrom: server.clock.now() + DAY_MS })
    for (const [rewardId, code] of [
      [gold, 'reward_tier_required'],
      [dear, 'points_insufficient'],
      [soon, 'reward_not_started'],
    ] as const) {
      const refused = await redeem('m04', rewardId)
      expect(refused.error?.code).toBe(code)
      const page = await server.call('GET /me/rewards/:rewardId', { rewardId }, as('m04'))
      expect(page.body.blocked).toBe(refused.error?.message)
      expect(page.body.conditions.filter((c) => !c.met)).toHaveLength(1)
    }
    const list = await server.call('GET /me/rewards', { affordable: '1', limit: 50 }, as('m04'))
    expect(list.body.items.map((i) => i.id)).not.toContain(dear)
    expect(list.body.balance).toBe(500)
    const visitor = await server.call('GET /rewards', { limit: 2, sort: 'points' })
    expect(visitor.body.items).toHaveLength(2)
    expect(visitor.body.categories).toContain('礼盒')
    const next = await server.call('GET /rewards', { limit: 2, sort: 'points', cursor: visitor.body.nextCursor ?? '' })
    expect(next.body.items.map((i) => i.id)).not.toContain(visitor.body.items[0].id)
    expect((await server.call('GET /rewards/:rewardId', { rewardId: dear })).body.blocked).toBeNull()
  })

  test('a code is good in its store, once, and comes back with the minute’s undo', async () => {
    const id = await publish()
    expect((await redeem('m05', id, { storeId: undefined })).error?.code).toBe('reward_store_wrong')
    const { body } = await redeem('m05', id)
    const code = body.pickupCode as string
    expect(code).toMatch(/^66\d{10}$/)
    const other = await server.call('POST /staff/reward-pickups', { storeId: 'store2', code }, { as: elsewhere })
    expect(other.error?.message).toBe('请到静安寺店领取')
    expect(
      (await server.call('POST /staff/reward-pickups', { storeId: 'store1', code }, { as: elsewhere })).error?.code,
    ).toBe('store_out_of_scope')
    const found = await server.call('POST /staff/reward-pickups', { storeId: 'store1', code }, { as: cashier })
    expect(found.body).toMatchObject({ name: '亚麻餐垫', state: 'ready', memberNameMasked: '会**' })
    const hands = await Promise.all(
      Array.from({ length: 20 }, () =>
        server.call(
          'POST /staff/reward-orders/:orderId/hand-outs',
          { orderId: body.orderId, storeId: 'store1', code },
          { as: cashier },
        ),
      ),
    )
    expect(hands.filter((a) => a.status === 200)).toHaveLength(1)
    expect(hands.find((a) => a.status === 409)?.error?.message).toBe('这笔兑换已取货，不能做这个操作')
    expect((await server.call('POST /staff/reward-pickups', { storeId: 'store1', code }, { as: cashier })).status).toBe(
      409,
    )
    const undo = () =>
      server.call('POST /staff/reward-orders/:orderId/undo', { orderId: body.orderId }, { as: cashier })
    const undone = await Promise.all(Array.from({ length: 5 }, undo))
    expect(undone.filter((a) => a.status === 200)).toHaveLength(1)
    const order = await server.call('GET /me/reward-orders/:orderId', { orderId: body.orderId }, as('m05'))
    expect(order.body).toMatchObject({ state: 'ready', pickupCode: code, cancellable: true })
    expect(order.body.dueAt).toBe(order.body.createdAt + 30 * DAY_MS)
    await server.call(
      'POST /staff/reward-orders/:orderId/hand-outs',
      { orderId: body.orderId, storeId: 'store1', code },
      { as: cashier },
    )
    server.clock.advance(61_000)
    expect((await undo()).error?.code).toBe('undo_too_late')
  })

  test('wrong codes lock the guesser, not the shop', async () => {
    const guess = () =>
      server.call('POST /staff/reward-pickups', { storeId: 'store2', code: '660000000000' }, { as: elsewhere })
    const answers = []
    for (let i = 0; i < 9; i++) answers.push((await guess()).error?.code)
    expect(answers.slice(0, 8)).toEqual(Array(8).fill('pickup_code_invalid'))
    expect(answers[8]).toBe('pickup_code_locked')
  })

  test('a cancelled order gives back points to their own lots, the piece, and the turn', async () => {
    const id = await publish({ stock: 1 })
    const lots = () =>
      server.deps.db.read('SELECT seq, remaining, expiresOn FROM points_lot WHERE memberId = ? ORDER BY seq', ['m06'])
    const before = await lots()
    const { body } = await redeem('m06', id)
    const cancel = () => server.call('POST /me/reward-orders/:orderId/cancel', { orderId: body.orderId }, as('m06'))
    expect(
      (await server.call('POST /me/reward-orders/:orderId/cancel', { orderId: body.orderId }, as('m07'))).status,
    ).toBe(404)
    const answers = await Promise.all(Array.from({ length: 10 }, cancel))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(answers.find((a) => a.status === 200)?.body).toMatchObject({ pointsBack: 100, refundFen: 0, balance: 500 })
    expect(await lots()).toEqual(before)
    expect(await stockLeft(id)).toBe(1)
    expect((await redeem('m06', id)).status).toBe(200)
  })

  test('handing out and cancelling at once: one of them happens', async () => {
    const id = await publish()
    const { body } = await redeem('m08', id)
    const [out, off] = await Promise.all([
      server.call(
        'POST /staff/reward-orders/:orderId/hand-outs',
        { orderId: body.orderId, storeId: 'store1', code: body.pickupCode as string },
        { as: cashier },
      ),
      server.call('POST /me/reward-orders/:orderId/cancel', { orderId: body.orderId }, as('m08')),
    ])
    expect([out.status, off.status].sort()).toEqual([200, 409])
    expect(await balance('m08')).toBe(off.status === 200 ? 500 : 400)
  })

  test('points plus money: held, paid once, handed out; a late callback is given back', async () => {
    const id = await publish({ name: '手冲壶', points: 50, cashFen: 990, stock: 3, perMember: 3 })
    const { body } = await redeem('m09', id)
    expect(body).toMatchObject({ state: 'unpaid', pickupCode: null, pay: { amountFen: 990 } })
    const paymentId = body.pay?.paymentId as string
    const prepared = await server.call('POST /me/reward-orders/:orderId/payments', { orderId: body.orderId }, as('m09'))
    expect(prepared.body).toMatchObject({ paymentId, amountFen: 990, driver: 'local' })
    expect((await server.call('POST /payments/notifications', { body: '{}', signature: 'x' })).error?.code).toBe(
      'payment_notification_invalid',
    )
    const notice = server.deps.payment?.payStandIn?.({ paymentId, amountFen: 990, description: '', payBy: 0 }) as {
      body: string
      signature: string
    }
    const forged = { body: notice.body.replace('990', '1'), signature: notice.signature }
    expect((await server.call('POST /payments/notifications', forged)).status).toBe(401)
    const told = await Promise.all(
      Array.from({ length: 10 }, () => server.call('POST /payments/notifications', notice)),
    )
    expect(told.every((a) => a.status === 200)).toBe(true)
    const order = await server.call('GET /me/reward-orders/:orderId', { orderId: body.orderId }, as('m09'))
    expect(order.body).toMatchObject({ state: 'ready', steps: [{ title: '兑换成功' }, { title: '已付款' }] })
    expect(order.body.pickupCode).toMatch(/^66/)
    // Not paid in time: points and piece come back by the job, and money that still arrives goes back.
    const late = await redeem('m09', id)
    expect(await balance('m09')).toBe(400)
    server.clock.advance(16 * MINUTE_MS)
    await run('rewards.close-overdue')
    expect(await balance('m09')).toBe(450)
    expect(await stockLeft(id)).toBe(2)
    const standIn = await server.call(
      'POST /me/payments/:paymentId/stand-in',
      { paymentId: late.body.pay?.paymentId as string },
      as('m09'),
    )
    expect(standIn.body.order.state).toBe('expired')
    await run('rewards.refund-payments')
    await run('rewards.refund-payments')
    const states = await server.deps.db.read<{ state: string }>('SELECT state FROM reward_payment ORDER BY id')
    expect(states.map((s) => s.state)).toEqual(['paid', 'refunded'])
  })

  test('a coupon for points lands in the wallet; taken back by the operator while unused', async () => {
    const template = await server.call(
      'POST /admin/coupon-templates',
      {
        name: '满减券',
        description: '兑换专用',
        rule: { kind: 'amount', amountFen: 1000, minSpendFen: 5000, validity: { kind: 'relative', days: 7 } },
        issue: { stock: 2, perMember: 1, claimable: false },
      },
      { as: owner },
    )
    await server.call(
      'POST /admin/coupon-templates/:templateId/state',
      { templateId: template.body.id, version: 1, to: 'published' },
      { as: owner },
    )
    const id = await publish({ kind: 'coupon', couponTemplateId: template.body.id, perMember: 3, name: '10 元券' })
    const answers = await Promise.all(['m10', 'm11', 'm12'].map((m) => redeem(m, id, { storeId: undefined })))
    expect(answers.map((a) => a.status).sort()).toEqual([200, 200, 409])
    const loser = ['m10', 'm11', 'm12'][answers.findIndex((a) => a.status === 409)]
    expect(answers.find((a) => a.status === 409)?.error?.code).toBe('coupon_out_of_stock')
    expect(await balance(loser)).toBe(500)
    const winner = ['m10', 'm11', 'm12'][answers.findIndex((a) => a.status === 200)]
    const won = answers.find((a) => a.status === 200)?.body
    const held = await server.call('GET /me/coupons/:couponId', { couponId: won?.couponId as string }, as(winner))
    expect(held.body).toMatchObject({ status: 'usable', source: 'reward' })
    const refund = () =>
      server.call(
        'POST /admin/reward-orders/:orderId/refunds',
        { orderId: won?.orderId as string, reason: '客人要求退回' },
        { as: owner },
      )
    const refunds = await Promise.all([refund(), refund(), refund()])
    expect(refunds.filter((a) => a.status === 200)).toHaveLength(1)
    expect(await balance(winner)).toBe(500)
    expect((await server.call('GET /me/coupons/:couponId', { couponId: held.body.id }, as(winner))).body.status).toBe(
      'void',
    )
  })

  test('delivery: the address is sealed and masked, the parcel has a number, the member confirms', async () => {
    const id = await publish({ pickup: false, delivery: true })
    expect((await redeem('m13', id, { storeId: undefined })).error?.code).toBe('invalid_input')
    const address = { name: '林知夏', phone: '13800138000', region: '上海市静安区', detail: '南京西路 1 号' }
    const { body } = await redeem('m13', id, { storeId: undefined, address })
    expect(body.state).toBe('pending')
    const [row] = await server.deps.db.read<{ addressSealed: string }>(
      'SELECT addressSealed FROM reward_order WHERE id = ?',
      [body.orderId],
    )
    expect(row.addressSealed).not.toContain('南京西路')
    const seen = await server.call('GET /me/reward-orders/:orderId', { orderId: body.orderId }, as('m13'))
    expect(seen.body.address).toEqual({ ...address, phone: undefined, phoneMasked: '138****8000' })
    const revealed = await server.call(
      'POST /admin/reward-orders/:orderId/address-reveals',
      { orderId: body.orderId, reason: '打包发货' },
      { as: owner },
    )
    expect(revealed.body).toEqual(address)
    expect(await server.deps.db.read("SELECT 1 AS x FROM audit WHERE action LIKE '%address-reveals'")).toHaveLength(1)
    const shipped = await server.call(
      'POST /admin/reward-orders/:orderId/shipments',
      { orderId: body.orderId, carrier: '顺丰', trackingNo: 'SF1234567890' },
      { as: owner },
    )
    expect(shipped.body).toMatchObject({ state: 'shipped', trackingNo: 'SF1234567890' })
    expect(
      (await server.call('POST /me/reward-orders/:orderId/cancel', { orderId: body.orderId }, as('m13'))).status,
    ).toBe(409)
    const received = await server.call('POST /me/reward-orders/:orderId/received', { orderId: body.orderId }, as('m13'))
    expect(received.body.state).toBe('received')
  })

  test('a reward’s life: drafts are checked, published ones frozen, stock moves with a reason', async () => {
    const wrong = await server.call('POST /admin/rewards', draft({ pickup: false }), { as: owner })
    const refused = await server.call(
      'POST /admin/rewards/:rewardId/state',
      { rewardId: wrong.body.id, version: 1, to: 'published' },
      { as: owner },
    )
    expect(refused.error?.message).toContain('请至少选一种领取方式')
    const id = await publish({ stock: 2 })
    await redeem('m14', id)
    const now = await server.call('GET /admin/rewards/:rewardId', { rewardId: id }, { as: owner })
    const put = (more: Partial<Draft>, version = now.body.version) =>
      server.call(
        'PUT /admin/rewards/:rewardId',
        { rewardId: id, version, ...draft({ stock: 2, ...more }) },
        { as: owner },
      )
    expect((await put({ points: 1 })).error?.code).toBe('reward_not_editable')
    expect((await put({ name: '新名字' })).status).toBe(200)
    expect((await put({ name: '旧版本' })).error?.code).toBe('reward_conflict')
    const adjust = (delta: number) =>
      server.call(
        'POST /admin/rewards/:rewardId/stock-adjustments',
        { rewardId: id, delta, reason: '盘点' },
        { as: owner },
      )
    expect((await adjust(-2)).error?.code).toBe('reward_stock_below_used')
    expect((await adjust(5)).body.stockLeft).toBe(6)
    const shown = await server.call('GET /admin/rewards/:rewardId', { rewardId: id }, { as: owner })
    expect(shown.body.stockChanges.map((c) => [c.kind, c.delta, c.by])).toEqual([
      ['人工调整', 5, 'owner'],
      ['兑换', -1, null],
    ])
    expect(shown.body.daily.at(-1)).toMatchObject({ orders: 1, points: 100 })
    const desk = await server.call('GET /admin/reward-orders', { rewardId: id }, { as: owner })
    expect(desk.body.items).toHaveLength(1)
  })

  test('not collected in time: points come back', async () => {
    const id = await publish({ pickupDays: 2 })
    await redeem('m15', id)
    server.clock.advance(3 * DAY_MS)
    await run('rewards.close-overdue')
    await run('rewards.close-overdue')
    expect(await balance('m15')).toBe(500)
    expect(await stockLeft(id)).toBe(10)
  })

  test('after all this the books close', async () => {
    const broken = (await checkInvariants(server.deps.db)).filter((f) => f.broken)
    expect(broken).toEqual([])
  })
})
