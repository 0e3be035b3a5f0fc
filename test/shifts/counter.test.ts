import { randomUUID } from 'node:crypto'
import { checkInvariants } from '../../server/invariants/service'
import type { Input } from '../../shared/contract'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { insertMembers, insertShop } from '../support/ledger'
import { startServer, type TestServer } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'

const members = Array.from({ length: 8 }, (_, i) => `m${i}`)
type Item = Input<'POST /staff/offline-syncs'>['items'][number]

describeEachDatabase('The counter: undo, offline queue, shifts', (database) => {
  let server: TestServer
  let owner: string
  let cashier: string
  let colleague: string
  let manager: string
  const tokens = new Map<string, string>()
  const as = (m: string) => ({ as: tokens.get(m) })
  const scan = async (memberId: string, operatorId = 'opcashierstore1', via = 'code'): Promise<string> => {
    const now = server.clock.now()
    const id = `s${randomUUID().replaceAll('-', '').slice(0, 20)}`
    await server.deps.db.tx(async (tx) =>
      tx.insert('scan', [
        { id, memberId, storeId: 'store1', operatorId, via, createdAt: now, expiresAt: now + 180_000 },
      ]),
    )
    return id
  }
  const buy = async (memberId: string, amountFen: number, more: Partial<Input<'POST /staff/purchases'>> = {}) =>
    (await server.call('POST /staff/purchases', { scanId: await scan(memberId), amountFen, ...more }, { as: cashier }))
      .body
  const undo = (purchaseId: string, token = cashier) =>
    server.call(
      'POST /staff/purchases/:purchaseId/refunds',
      { purchaseId, reason: '按错了', undo: true },
      { as: token },
    )
  /** Everything a purchase changes of a member, entries and histories aside. */
  const standing = async (m: string) => [
    await server.deps.db.read('SELECT balance, debt FROM points_account WHERE memberId = ?', [m]),
    await server.deps.db.read('SELECT SUM(remaining) AS r FROM points_lot WHERE memberId = ?', [m]),
    await server.deps.db.read('SELECT growth FROM growth_account WHERE memberId = ?', [m]),
    await server.deps.db.read('SELECT tierLevel FROM member WHERE id = ?', [m]),
    await server.deps.db.read('SELECT status, purchaseId FROM coupon WHERE memberId = ?', [m]),
  ]
  const sync = (items: Partial<Item>[], token = cashier) =>
    server.call(
      'POST /staff/offline-syncs',
      { storeId: 'store1', items: items.map((i) => ({ clientId: randomUUID(), amountFen: 8800, at: 0, ...i })) },
      { as: token },
    )
  const codesOf = async (m: string) => (await server.call('GET /me/code', {}, as(m))).body

  beforeAll(async () => {
    server = await startServer({ database })
    const now = server.clock.now()
    await insertShop(server.deps.db, now)
    await insertMembers(server.deps.db, members, now)
    for (const m of members) tokens.set(m, await memberToken(server, m))
    owner = await operatorToken(server, 'owner')
    cashier = await operatorToken(server, 'cashier', ['store1'])
    colleague = await operatorToken(server, 'pos', ['store1'])
    manager = await operatorToken(server, 'manager', ['store1'])
  })
  afterAll(() => server?.stop())

  test('undo takes everything back exactly, once, within a minute, for whoever recorded it', async () => {
    const template = await server.call(
      'POST /admin/coupon-templates',
      {
        name: '满减券',
        description: '',
        rule: { kind: 'amount', amountFen: 2000, minSpendFen: 2000, validity: { kind: 'relative', days: 7 } },
        issue: { stock: 5, perMember: 2 },
      },
      { as: owner },
    )
    await server.call(
      'POST /admin/coupon-templates/:templateId/state',
      { templateId: template.body.id, version: 1, to: 'published' },
      { as: owner },
    )
    const { body: coupon } = await server.call('POST /me/coupons', { templateId: template.body.id }, as('m0'))
    await buy('m0', 1000)
    const before = await standing('m0')
    const bought = await buy('m0', 350_000, { couponIds: [coupon.couponId], payKind: 'cash' })
    expect(bought.tier.upgraded).toBe(true)
    expect((await undo(bought.purchaseId, colleague)).error?.code).toBe('undo_not_yours')
    const answers = await Promise.all(Array.from({ length: 8 }, () => undo(bought.purchaseId)))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(answers.find((a) => a.status === 409)?.error?.code).toBe('purchase_refunded')
    expect(answers.find((a) => a.status === 200)?.body).toMatchObject({
      pointsOwed: 0,
      couponsReturned: [coupon.couponId],
    })
    expect(await standing('m0')).toEqual(before)
    // Paid by coupons in full: the coupon comes back all the same.
    const free = await buy('m0', 2000, { couponIds: [coupon.couponId] })
    expect(free.paidFen).toBe(0)
    expect((await undo(free.purchaseId)).body.couponsReturned).toEqual([coupon.couponId])
    const late = await buy('m0', 5000)
    server.clock.advance(61_000)
    expect((await undo(late.purchaseId)).error?.code).toBe('undo_too_late')
    const seen = await server.call('GET /me/purchases/:purchaseId', { purchaseId: bought.purchaseId }, as('m0'))
    expect(seen.body).toMatchObject({ status: 'refunded', discountFen: 2000, refunds: [{ amountFen: 348_000 }] })
    expect(
      (await server.call('GET /me/purchases/:purchaseId', { purchaseId: bought.purchaseId }, as('m1'))).status,
    ).toBe(404)
  })

  test('an offline code identifies and earns, once in its half hour, and redeems nothing', async () => {
    const { offline } = await codesOf('m1')
    expect(offline.codes).toHaveLength(48)
    const show = (code: string) => server.call('POST /staff/scans', { storeId: 'store1', code }, { as: cashier })
    const { body } = await show(offline.codes[0])
    expect(body).toMatchObject({ rights: 'earn', coupons: [] })
    const refused = await server.call(
      'POST /staff/purchases',
      { scanId: body.scanId, amountFen: 1000, couponIds: ['abc'] },
      { as: cashier },
    )
    expect(refused.error?.code).toBe('offline_earn_only')
    const redeem = await server.call(
      'POST /staff/redemptions',
      { scanId: body.scanId, couponId: 'abc' },
      { as: cashier },
    )
    expect(redeem.error?.code).toBe('offline_earn_only')
    const bought = await server.call('POST /staff/purchases', { scanId: body.scanId, amountFen: 1000 }, { as: cashier })
    expect(bought.body.pointsEarned).toBe(10)
    expect((await show(offline.codes[0])).error?.code).toBe('member_code_used')
    expect((await show(offline.codes[20])).error?.code).toBe('member_code_expired')
    server.clock.advance(30 * MINUTE_MS)
    expect((await show(offline.codes[1])).status).toBe(200)
  })

  test('a queue is settled item by item, and sent again it counts nothing twice', async () => {
    const now = server.clock.now()
    const { codes, offline } = await codesOf('m2')
    const other = await codesOf('m3')
    const items: Partial<Item>[] = [
      { clientId: 'till-0001', code: codes[0].code, at: now + 1000, payKind: 'cash' },
      { clientId: 'till-0002', code: offline.codes[0], at: now + 2000, amountFen: 1200 },
      { clientId: 'till-0003', code: codes[0].code, at: now + 3000 },
      { clientId: 'till-0004', code: '881000000000000007', at: now },
      { clientId: 'till-0005', code: other.codes[0].code, at: now - 8 * DAY_MS },
      { clientId: 'till-0006', code: other.codes[0].code, at: now + 5 * HOUR_MS },
      { clientId: 'till-0007', at: now },
      { clientId: 'till-0008', code: other.codes[0].code, at: now - 2 * HOUR_MS },
      { clientId: 'till-0009', code: other.codes[1].code, at: now + MINUTE_MS, amountFen: 3000 },
    ]
    server.clock.advance(2 * HOUR_MS)
    const [first, second] = await Promise.all([sync(items), sync(items)])
    const answers = [first, second].map((a) => a.body.items.map((i) => i.result))
    // Whichever came first settled three; the other found all three there.
    expect(answers.map((a) => a.filter((r) => r === 'done').length).sort()).toEqual([0, 3])
    expect(answers.map((a) => a.filter((r) => r === 'repeated').length).sort()).toEqual([0, 3])
    const done = (first.body.done ? first : second).body.items
    expect(done.map((i) => i.code)).toEqual([
      null,
      null,
      'member_code_used',
      'member_code_invalid',
      'offline_too_old',
      'purchase_in_future',
      'offline_who',
      'member_code_expired',
      null,
    ])
    expect(done[0]).toMatchObject({ pointsEarned: 88, memberNameMasked: '会**' })
    const again = await sync(items)
    expect(again.body).toMatchObject({ done: 0, repeated: 3, conflicts: 6 })
    const [row] = await server.deps.db.read<{ n: number; points: number }>(
      "SELECT COUNT(*) AS n, SUM(pointsEarned) AS points FROM purchase WHERE memberId = 'm2'",
    )
    expect([Number(row.n), Number(row.points)]).toEqual([2, 100])
    // A code that an offline sale has spent opens no second sale online.
    const replay = await server.call('POST /staff/scans', { storeId: 'store1', code: codes[0].code }, { as: cashier })
    expect(replay.status).not.toBe(200)
    const report = await server.call('GET /staff/offline-conflicts', { storeId: 'store1' }, { as: manager })
    expect(report.body.items).toHaveLength(6)
    const [one] = report.body.items
    const resolved = await server.call(
      'POST /staff/offline-conflicts/:conflictId/resolutions',
      { conflictId: one.id, note: '已当面核对' },
      { as: manager },
    )
    expect(resolved.body).toMatchObject({ note: '已当面核对' })
    expect(
      (await server.call('GET /staff/offline-conflicts', { storeId: 'store1' }, { as: manager })).body.items,
    ).toHaveLength(5)
  })

  test('an order recorded online and offline counts once', async () => {
    const { codes } = await codesOf('m4')
    const at = server.clock.now()
    await buy('m4', 6600, { externalNo: 'TILL-77' })
    const twin = { clientId: 'till-1001', code: codes[0].code, at, amountFen: 6600 }
    const byNumber = await sync([{ ...twin, clientId: 'till-1000', externalNo: 'TILL-77' }])
    expect(byNumber.body.items[0]).toMatchObject({ result: 'repeated', no: 'TILL-77', pointsEarned: 66 })
    const other = await sync([{ ...twin, clientId: 'till-1002', externalNo: 'TILL-77', amountFen: 6700 }])
    expect(other.body.items[0]).toMatchObject({ result: 'conflict', code: 'purchase_duplicate' })
    const alike = await sync([twin])
    expect(alike.body.items[0]).toMatchObject({ result: 'conflict', code: 'offline_looks_repeated' })
    expect((await sync([{ ...twin, confirmed: true }])).body.items[0].result).toBe('done')
    const open = await server.call('GET /staff/offline-conflicts', { storeId: 'store1', limit: 50 }, { as: cashier })
    expect(open.body.items.map((i) => i.clientId)).not.toContain('till-1001')
  })

  test('a shift holds what was recorded in it, once, and its totals stay', async () => {
    server.clock.advance(HOUR_MS)
    const open = (token: string) =>
      server.call('POST /staff/shifts', { storeId: 'store1', openingCashFen: 20_000 }, { as: token })
    const opened = await Promise.all(Array.from({ length: 10 }, () => open(cashier)))
    expect(opened.filter((a) => a.status === 200)).toHaveLength(1)
    expect(opened.find((a) => a.status === 409)?.error?.message).toBe('你在静安寺店还有没交的班，请先交班')
    const shiftId = opened.find((a) => a.status === 200)?.body.id as string
    await buy('m5', 10_000, { payKind: 'cash' })
    await buy('m5', 5000, { payKind: 'wechat' })
    const wrong = await buy('m6', 3000, { payKind: 'cash' })
    await undo(wrong.purchaseId)
    const { codes } = await codesOf('m7')
    await sync([{ code: codes[0].code, at: server.clock.now() - 1000, amountFen: 2000, payKind: 'cash' }])
    const now = await server.call('GET /staff/shifts/current', { storeId: 'store1' }, { as: cashier })
    expect(now.body.shift).toMatchObject({
      expectedCashFen: 32_000,
      countedCashFen: null,
      totals: {
        purchases: 4,
        paidFen: 20_000,
        refunds: 1,
        refundFen: 3000,
        pointsGiven: 200,
        pointsTakenBack: 30,
        offline: 1,
        kinds: [
          { kind: 'cash', purchases: 3, paidFen: 15_000, refundFen: 3000 },
          { kind: 'wechat', purchases: 1, paidFen: 5000, refundFen: 0 },
        ],
      },
    })
    const close = () =>
      server.call(
        'POST /staff/shifts/:shiftId/close',
        { shiftId, countedCashFen: 31_500, note: '零钱不多了' },
        { as: cashier },
      )
    const closed = await Promise.all(Array.from({ length: 5 }, close))
    expect(closed.filter((a) => a.status === 200)).toHaveLength(1)
    expect(closed.find((a) => a.status === 200)?.body.differenceFen).toBe(-500)
    server.clock.advance(1000)
    expect((await open(cashier)).body.totals.purchases).toBe(0)
    await buy('m5', 700)
    const list = await server.call('GET /admin/shifts', {}, { as: manager })
    expect(list.body.items.map((s) => [s.totals.purchases, s.note])).toEqual([
      [1, ''],
      [4, '零钱不多了'],
    ])
    const next = await server.call('GET /staff/shifts/current', { storeId: 'store1' }, { as: colleague })
    expect(next.body).toMatchObject({ shift: null, last: { note: '零钱不多了', countedCashFen: 31_500 } })
  })

  test('after all this the books close', async () => {
    expect((await checkInvariants(server.deps.db)).filter((f) => f.broken)).toEqual([])
  })
})
