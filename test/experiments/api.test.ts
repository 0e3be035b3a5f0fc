import { assign, isHeld, placeOf } from '../../server/experiments/rules'
import { civilDay, DAY_MS } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer, testNow } from '../support/server'
import { operatorToken } from '../support/tokens'

describe('assignment', () => {
  const members = Array.from({ length: 20_000 }, (_, i) => `member${i}`)
  test('is sticky, even, and independent between salts', () => {
    expect(members.map((m) => placeOf('a', m))).toEqual(members.map((m) => placeOf('a', m)))
    const held = members.filter((m) => isHeld('a', m, 10))
    // Five standard deviations of a tenth of 20,000.
    expect(Math.abs(held.length - 2000)).toBeLessThan(5 * Math.sqrt(20_000 * 0.1 * 0.9))
    const both = held.filter((m) => isHeld('b', m, 10)).length
    expect(Math.abs(both - held.length / 10)).toBeLessThan(5 * Math.sqrt(held.length * 0.09))
    expect(members.some((m) => isHeld('a', m, 0))).toBe(false)
    expect(members.every((m) => isHeld('a', m, 100))).toBe(true)
  })
  test('raising the holdout keeps those who were held', () => {
    expect(members.filter((m) => isHeld('a', m, 5) && !isHeld('a', m, 20))).toEqual([])
  })
  test('arms get their weights', () => {
    const arms = [
      { key: 'a', weight: 1 },
      { key: 'b', weight: 3 },
    ]
    const share = members.filter((m) => assign('s', m, arms).key === 'b').length / members.length
    expect(share).toBeCloseTo(0.75, 1)
  })
})

describeEachDatabase('effects of journeys and campaigns', (database) => {
  let server: TestServer
  let owner: string
  const window = 30
  const entered = testNow - 40 * DAY_MS
  const treated = 900
  const held = 300

  beforeAll(async () => {
    server = await startServer({ database })
    owner = await operatorToken(server, 'owner')
    const definition = JSON.stringify({
      holdout: { percent: 25 },
      nodes: [
        {
          id: 'ab',
          kind: 'split',
          arms: [
            { key: 'x', name: '短信', weight: 1 },
            { key: 'y', name: '券', weight: 1 },
          ],
        },
      ],
    })
    const runs = Array.from({ length: treated + held }, (_, i) => ({
      id: `run${i}`,
      journeyId: 'journey',
      version: 1,
      memberId: `m${i}`,
      entryKey: 'once',
      state: i < treated ? 'done' : 'held',
      waitMet: 0,
      enteredAt: entered,
    }))
    const order = (i: number, n: number, at: number, paidFen: number, refundedFen = 0) => ({
      id: `p${i}-${n}`,
      source: 'staff',
      externalNo: `${i}-${n}`,
      contentHash: '',
      memberId: `m${i}`,
      storeId: 'store',
      at,
      onDay: civilDay(at),
      amountFen: paidFen,
      discountFen: 0,
      paidFen,
      refundedFen,
      multiplierBp: 10_000,
      pointsEarned: 0,
      pointsTakenBack: 0,
      pointsSeq: 0,
      growthEarned: 0,
      growthTakenBack: 0,
      status: refundedFen === 0 ? 'settled' : refundedFen === paidFen ? 'refunded' : 'part_refunded',
    })
    const orders = runs.flatMap((_, i) => {
      const buys = i < treated ? i % 3 === 0 : i % 5 === 0
      return [
        // Half of everybody bought before; that is the covariate.
        ...(i % 2 ? [order(i, 0, entered - 5 * DAY_MS, 5_000)] : []),
        ...(buys ? [order(i, 1, entered + 3 * DAY_MS, 10_000 + (i % 7) * 100)] : []),
        // Outside of the window, and taken back: neither counts.
        ...(i % 10 === 0 ? [order(i, 2, entered + 35 * DAY_MS, 99_900)] : []),
        ...(i % 10 === 1 ? [order(i, 3, entered + DAY_MS, 77_700, 77_700)] : []),
      ]
    })
    await server.deps.db.tx(async (tx) => {
      tx.insert('journey', [
        {
          id: 'journey',
          name: '沉睡唤醒',
          description: '',
          state: 'published',
          version: 1,
          draft: definition,
          revision: 1,
          createdAt: entered,
          updatedAt: entered,
        },
      ])
      tx.insert('journey_version', [{ journeyId: 'journey', version: 1, definition, publishedAt: entered }])
      tx.insert('journey_run', [
        ...runs,
        { ...runs[0], id: 'late', memberId: 'late', enteredAt: testNow - DAY_MS, entryKey: 'late' },
      ])
      tx.insert(
        'journey_step',
        runs.slice(0, treated).map((r, i) => ({
          runId: r.id,
          nodeId: 'ab',
          journeyId: 'journey',
          version: 1,
          outcome: i % 2 ? 'arm:x' : 'arm:y',
          at: entered,
        })),
      )
      // What two of its steps gave: 50 points each, and a coupon that was used for 3 yuan.
      const gave = (i: number, nodeId: string) => ({ ...runs[i], nodeId })
      tx.insert(
        'journey_step',
        [gave(0, 'points'), gave(1, 'points'), gave(1, 'coupon')].map(({ id, nodeId }) => ({
          runId: id,
          nodeId,
          journeyId: 'journey',
          version: 1,
          outcome: 'given',
          at: entered,
        })),
      )
      tx.insert(
        'points_entry',
        [0, 1].map((i) => ({
          memberId: `m${i}`,
          walletId: 'group',
          seq: 1,
          at: entered,
          onDay: civilDay(entered),
          amount: 50,
          balanceAfter: 50,
          kind: 'gift',
          sourceType: 'journey',
          sourceId: `run${i}:points`,
          note: '',
        })),
      )
      tx.insert('coupon', [
        {
          id: 'coupon1',
          templateId: 'template',
          memberId: 'm1',
          ordinal: 1,
          status: 'used',
          validFrom: entered,
          validTo: testNow,
          source: 'grant',
          sourceId: 'run1:coupon',
          claimedAt: entered,
          claimedOn: civilDay(entered),
          savedFen: 300,
        },
      ])
      tx.insert('purchase', orders)
    })
  })
  afterAll(() => server?.stop())

  const report = async (windowDays = window) =>
    (
      await server.call(
        'GET /admin/experiments/journeys/:journeyId',
        { journeyId: 'journey', windowDays },
        { as: owner },
      )
    ).body

  test('lets in only who may see it', async () => {
    expect((await server.call('GET /admin/experiments', {})).status).toBe(401)
    const cashier = await operatorToken(server, 'cashier')
    expect((await server.call('GET /admin/experiments', {}, { as: cashier })).error?.code).toBe('forbidden')
    const auditor = await operatorToken(server, 'auditor')
    expect((await server.call('GET /admin/experiments', {}, { as: auditor })).status).toBe(200)
    const settings = {
      version: 0,
      holdoutPercent: 5,
      holdoutReason: '',
      marginPercent: 40,
      pointCostBp: 100,
      smsFen: 5,
    }
    expect((await server.call('PUT /admin/experiments/settings', settings, { as: auditor })).error?.code).toBe(
      'forbidden',
    )
  })
  test('refuses what is no number, out of range or unknown', async () => {
    for (const windowDays of [0, 181, 1.5])
      expect(
        (
          await server.call(
            'GET /admin/experiments/journeys/:journeyId',
            { journeyId: 'journey', windowDays },
            { as: owner },
          )
        ).error?.code,
      ).toBe('invalid_input')
    for (const call of [
      server.call('GET /admin/experiments/journeys/:journeyId', { journeyId: 'nobody' }, { as: owner }),
      server.call('GET /admin/experiments/campaigns/:campaignId', { campaignId: 'nobody' }, { as: owner }),
      server.call(
        'GET /admin/experiments/journeys/:journeyId/splits/:nodeId',
        { journeyId: 'journey', nodeId: 'none' },
        { as: owner },
      ),
    ])
      expect((await call).error?.code).toBe('experiment_not_found')
  })

  test('lists what has members', async () => {
    const { body } = await server.call('GET /admin/experiments', {}, { as: owner })
    expect(body.items).toEqual([
      {
        kind: 'journey',
        id: 'journey',
        name: '沉睡唤醒',
        treated: treated + 1,
        held,
        firstAt: entered,
        splits: [{ nodeId: 'ab', arms: 2 }],
      },
    ])
  })

  test('counts by assignment, inside the window, without what was taken back', async () => {
    const body = await report()
    expect(body.waiting).toBe(1)
    expect(body.sampleRatio).toMatchObject({ p: 1, mismatch: false })
    const conversion = body.metrics.find((m) => m.metric === 'conversion')
    expect(conversion?.arms.map((a) => [a.arm, a.members, a.mean])).toEqual([
      ['held', held, 0.2],
      ['treated', treated, 1 / 3],
    ])
    const difference = conversion?.arms[1].against?.difference
    // Two proportions by hand: .1333 ± 1.96 × √(.2222/900 + .16/300).
    expect(difference?.estimate).toBeCloseTo(0.133333, 5)
    expect(difference?.low).toBeCloseTo(0.133333 - 1.9633 * Math.sqrt(0.222222 / 900 + 0.16 / 300), 3)
    expect(conversion?.arms[1].against?.verdict).toBe('better')
    expect(body.conclusion).toMatch(/提升/)
    const revenue = body.metrics.find((m) => m.metric === 'revenue')
    const expected = Array.from({ length: treated }, (_, i) => (i % 3 === 0 ? 10_000 + (i % 7) * 100 : 0))
    expect(revenue?.arms[1].mean).toBeCloseTo(expected.reduce((a, b) => a + b, 0) / treated, 6)
    expect(body.money).toHaveLength(1)
    expect(body.money[0]).toMatchObject({
      costFen: { points: 100, sms: 0, total: 100 },
      couponsRedeemed: 1,
      couponDiscountFen: 300,
    })
    expect(body.money[0].incrementalOrders?.estimate).toBeGreaterThan(0)
    expect(body.money[0].returnOnCost).toBeGreaterThan(0)
    const margin = body.metrics.find((m) => m.metric === 'margin')
    expect(margin?.arms[1].mean).toBeCloseTo((revenue?.arms[1].mean ?? 0) * 0.4, 6)
  })

  test('a longer window takes in more, and nobody whose window has not passed', async () => {
    const body = await report(38)
    expect(body.metrics[1].arms[1].mean).toBeGreaterThan((await report()).metrics[1].arms[1].mean)
    const none = await report(60)
    expect(none.waiting).toBe(treated + held + 1)
    expect(none.metrics[0].arms[1].against?.verdict).toBe('too_few')
    expect(none.conclusion).toMatch(/没有结论/)
  })

  test('compares the arms of a split', async () => {
    const { body } = await server.call(
      'GET /admin/experiments/journeys/:journeyId/splits/:nodeId',
      { journeyId: 'journey', nodeId: 'ab' },
      { as: owner },
    )
    expect(body.metrics[0].arms.map((a) => [a.arm, a.name, a.members])).toEqual([
      ['arm:x', '短信', treated / 2],
      ['arm:y', '券', treated / 2],
    ])
    expect(body.metrics[0].arms[1].against?.verdict).toBe('no_conclusion')
    expect(body.conclusion).toMatch(/没有结论/)
  })

  test('an uneven filling spoils the result, and says so', async () => {
    await server.deps.db.tx(async (tx) =>
      tx.write("UPDATE journey_version SET definition = ? WHERE journeyId = 'journey'", [
        JSON.stringify({ holdout: { percent: 10 }, nodes: [] }),
      ]),
    )
    const body = await report()
    expect(body.sampleRatio.mismatch).toBe(true)
    expect(body.conclusion).toMatch(/不符/)
    expect(body.metrics[0].arms[1].against?.verdict).toBe('mismatch')
  })

  test('power: what a test takes', async () => {
    const { body } = await server.call(
      'GET /admin/experiments/power',
      { baselineBp: 1000, liftPercent: 10, holdoutPercent: 50, members: 29_500 },
      { as: owner },
    )
    expect(Math.abs(body.heldMembers - 14_748)).toBeLessThan(10)
    expect(body.detectableLift).toBeCloseTo(0.098, 2)
    const { body: never } = await server.call(
      'GET /admin/experiments/power',
      { baselineBp: 9000, liftPercent: 50 },
      { as: owner },
    )
    expect(never.sentence).toMatch(/不可能/)
  })

  test('settings: changed once by each version, in any race', async () => {
    const { body: first } = await server.call('GET /admin/experiments/settings', {}, { as: owner })
    expect(first).toMatchObject({ version: 0, holdoutPercent: 0, marginPercent: 40 })
    const put = (holdoutPercent: number, version: number, key?: string) =>
      server.call(
        'PUT /admin/experiments/settings',
        { version, holdoutPercent, holdoutReason: '全局对照', marginPercent: 50, pointCostBp: 100, smsFen: 5 },
        { as: owner, idempotencyKey: key },
      )
    const raced = await Promise.all(Array.from({ length: 10 }, (_, i) => put(i + 1, 0)))
    expect(raced.filter((r) => r.status === 200)).toHaveLength(1)
    expect(raced.filter((r) => r.error?.code === 'experiment_conflict')).toHaveLength(9)
    const again = await Promise.all([put(3, 1, 'settings-key-1'), put(3, 1, 'settings-key-1')])
    expect(again.map((r) => [r.status, r.body.version])).toEqual([
      [200, 2],
      [200, 2],
    ])
    expect((await put(60, 2)).error?.code).toBe('invalid_input')
    expect((await server.call('GET /admin/experiments/settings', {}, { as: owner })).body).toMatchObject({
      version: 2,
      holdoutPercent: 3,
      marginPercent: 50,
    })
  })
})
