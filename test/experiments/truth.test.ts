import { isHeld } from '../../server/experiments/rules'
import { journeyPolicy } from '../../server/journeys/rules'
import type { Output } from '../../shared/contract'
import { civilDay, DAY_MS } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { seeded } from '../support/ledger'
import { startServer, type TestServer, testNow } from '../support/server'
import { operatorToken } from '../support/tokens'

type Report = Output<'GET /admin/experiments/journeys/:journeyId'>

/** What really came of a journey, known because every order was made here: those that came anyway, and those that it brought. */
interface Truth {
  treated: number
  held: number
  orders: number
  revenueFen: number
  redeemed: number
}
interface World {
  journeyId: string
  members: number
  /** Share of additional orders that being treated brings. */
  lift: number
  holdoutPercent: number
  seed: number
  /** Points given to everybody treated, and the share of their orders that is paid with a coupon of the journey. */
  points?: number
  couponShare?: number
}

const entered = testNow - 40 * DAY_MS
const window = 30
const marginPercent = 40

describeEachDatabase('the report against a world in which the truth is known', (database) => {
  let server: TestServer
  let owner: string
  beforeAll(async () => {
    server = await startServer({ database, env: { LOG_LEVEL: 'warn' } })
    owner = await operatorToken(server, 'owner')
  })
  afterAll(() => server?.stop())

  /** Makes members who buy by habits of their own, half of them rarely, and a journey that brings some of them more often. */
  const live = async (world: World): Promise<Truth> => {
    const { journeyId, lift, holdoutPercent, points = 0, couponShare = 0 } = world
    const random = seeded(world.seed)
    const poisson = (mean: number): number => {
      let n = 0
      for (let product = random(); product > Math.exp(-mean); product *= random()) n++
      return n
    }
    const truth: Truth = { treated: 0, held: 0, orders: 0, revenueFen: 0, redeemed: 0 }
    const runs: Record<string, string | number>[] = []
    const purchases: Record<string, string | number>[] = []
    const steps: Record<string, string | number>[] = []
    const entries: Record<string, string | number>[] = []
    const coupons: Record<string, string | number>[] = []
    const buy = (memberId: string, at: number): number => {
      const paidFen = 3000 + Math.floor(random() * random() * 20_000)
      const id = `${journeyId}p${purchases.length}`
      purchases.push({
        id,
        source: 'staff',
        externalNo: id,
        contentHash: '',
        memberId,
        storeId: 'store',
        at,
        onDay: civilDay(at),
        amountFen: paidFen,
        paidFen,
        multiplierBp: 10_000,
        status: 'settled',
      })
      return paidFen
    }
    for (let i = 0; i < world.members; i++) {
      const memberId = `${journeyId}m${i}`
      const runId = `${journeyId}r${i}`
      const held = isHeld(journeyPolicy.holdoutSalt(journeyId), memberId, holdoutPercent)
      truth[held ? 'held' : 'treated']++
      const common = { version: 1, memberId, entryKey: 'once', waitMet: 0, enteredAt: entered }
      runs.push({ id: runId, journeyId, state: held ? 'held' : 'done', ...common })
      const rate = random() < 0.5 ? 0.2 : 1.2
      const inWindow = (): number => entered + Math.floor(random() * window * DAY_MS)
      for (let n = poisson(rate); n > 0; n--) buy(memberId, inWindow() - window * DAY_MS)
      const own = poisson(rate)
      for (let n = own; n > 0; n--) buy(memberId, inWindow())
      if (held) continue
      const brought = poisson(rate * lift)
      for (let n = brought; n > 0; n--) truth.revenueFen += buy(memberId, inWindow())
      truth.orders += brought
      const step = { journeyId, version: 1, outcome: 'given', at: entered, runId }
      if (points) {
        steps.push({ ...step, nodeId: 'points' })
        entries.push({
          memberId,
          walletId: 'group',
          seq: 1,
          at: entered,
          onDay: civilDay(entered),
          amount: points,
          balanceAfter: points,
          kind: 'gift',
          sourceType: 'journey',
          sourceId: `${runId}:points`,
          note: '',
        })
      }
      if (own + brought > 0 && random() < couponShare) {
        truth.redeemed++
        steps.push({ ...step, nodeId: 'coupon' })
        coupons.push({
          id: `${journeyId}c${i}`,
          templateId: journeyId,
          memberId,
          ordinal: 1,
          status: 'used',
          validFrom: entered,
          validTo: testNow,
          source: 'grant',
          sourceId: `${runId}:coupon`,
          claimedAt: entered,
          claimedOn: civilDay(entered),
          savedFen: 500,
        })
      }
    }
    const definition = JSON.stringify({ holdout: { percent: holdoutPercent }, nodes: [] })
    await server.deps.db.tx(async (tx) => {
      const journey = { id: journeyId, name: journeyId, description: '', state: 'published', version: 1, revision: 1 }
      tx.insert('journey', [{ ...journey, draft: definition, createdAt: entered, updatedAt: entered }])
      tx.insert('journey_version', [{ journeyId, version: 1, definition, publishedAt: entered }])
      tx.insert('journey_run', runs)
      tx.insert('purchase', purchases)
      tx.insert('journey_step', steps)
      tx.insert('points_entry', entries)
      tx.insert('coupon', coupons)
    })
    return truth
  }
  const report = async (journeyId: string): Promise<Report> =>
    (await server.call('GET /admin/experiments/journeys/:journeyId', { journeyId, windowDays: window }, { as: owner }))
      .body
  const inside = (interval: { low: number; high: number } | null, value: number): boolean =>
    !!interval && interval.low <= value && value <= interval.high

  test('a journey that brings a quarter more: orders, revenue and margin lie in their intervals, cost and return follow', async () => {
    const world = { journeyId: 'works', members: 6000, lift: 0.25, holdoutPercent: 50, seed: 3 }
    const truth = await live({ ...world, points: 100, couponShare: 0.3 })
    const body = await report('works')
    const [money] = body.money
    expect(body.sampleRatio.mismatch).toBe(false)
    expect(body.metrics[0].arms.map((a) => a.members)).toEqual([truth.held, truth.treated])
    for (const [found, real] of [
      [money.incrementalOrders, truth.orders],
      [money.incrementalRevenueFen, truth.revenueFen],
      [money.incrementalMarginFen, (truth.revenueFen * marginPercent) / 100],
    ] as const) {
      expect(inside(found, real)).toBe(true)
      // Sure of the direction, and not by an interval so wide that it holds anything.
      expect(found?.low).toBeGreaterThan(0)
      expect(found && (found.high - found.low) / 2).toBeLessThan(real * 0.6)
    }
    // The habit from before the journey explains a part of the noise.
    expect(body.metrics.find((m) => m.metric === 'orders')?.varianceSaved).toBeGreaterThan(0.04)
    // A hundred points are a yuan.
    expect(money.costFen).toEqual({ points: truth.treated * 100, sms: 0, total: truth.treated * 100 })
    expect([money.couponsRedeemed, money.couponDiscountFen]).toEqual([truth.redeemed, truth.redeemed * 500])
    const estimate = money.incrementalMarginFen?.estimate ?? 0
    expect(money.returnOnCost).toBeCloseTo(estimate / (truth.treated * 100), 9)
    const range = money.incrementalOrders as { low: number; high: number }
    expect(money.cannibalisedOrders).toBeGreaterThanOrEqual(Math.floor(Math.max(0, truth.redeemed - range.high)))
    expect(money.cannibalisedOrders).toBeLessThanOrEqual(Math.ceil(Math.max(0, truth.redeemed - range.low)))
    expect(money.breakEvenFenPerMember).toBeCloseTo(100 / (marginPercent / 100), 9)
    expect(body.conclusion).toMatch(/提升/)
    expect(body.conclusion).not.toMatch(/没有结论/)
  }, 120_000)

  test('coupons that only went to orders that came anyway are called that', async () => {
    // A little is brought, and far more coupons are redeemed than that.
    const world = { journeyId: 'eats', members: 6000, lift: 0.2, holdoutPercent: 50, seed: 12 }
    const truth = await live({ ...world, couponShare: 0.9 })
    const [money] = (await report('eats')).money
    const range = money.incrementalOrders as { low: number; high: number }
    expect(inside(range, truth.orders)).toBe(true)
    expect(money.cannibalisedOrders).toBeGreaterThan(0)
    expect(
      inside({ low: truth.redeemed - range.high, high: truth.redeemed - range.low }, money.cannibalisedOrders ?? -1),
    ).toBe(true)
    // Nothing was spent but the discount, which the revenue bears already.
    expect([money.costFen.total, money.returnOnCost]).toEqual([0, null])
  }, 120_000)

  test('a journey that brings nothing is told so, however much it cost', async () => {
    const world = { journeyId: 'idle', members: 3000, lift: 0, holdoutPercent: 30, seed: 5 }
    const truth = await live({ ...world, points: 50, couponShare: 0.5 })
    expect(truth.orders).toBe(0)
    const body = await report('idle')
    for (const metric of body.metrics) expect(metric.arms[1].against?.verdict).toBe('no_conclusion')
    expect(body.conclusion).toMatch(/没有结论/)
    const [money] = body.money
    expect(inside(money.incrementalOrders, 0) && inside(money.incrementalRevenueFen, 0)).toBe(true)
    expect(money.costFen.points).toBe(truth.treated * 50)
    expect([money.returnOnCost, money.cannibalisedOrders]).toEqual([null, null])
  }, 120_000)

  // The arithmetic is the same on every database; one of them is enough for so many worlds.
  if (database === 'sqlite')
    test('in forty worlds the intervals hold the truth about as often as they say', async () => {
      let orders = 0
      let revenue = 0
      for (let seed = 1; seed <= 40; seed++) {
        const journeyId = `world${seed}`
        const truth = await live({ journeyId, members: 800, lift: 0.3, holdoutPercent: 40, seed: 100 + seed })
        const [money] = (await report(journeyId)).money
        if (inside(money.incrementalOrders, truth.orders)) orders++
        if (inside(money.incrementalRevenueFen, truth.revenueFen)) revenue++
      }
      // 38 of 40 expected; fewer than 34 would happen to a sound interval in one of three hundred such rounds.
      expect(orders).toBeGreaterThanOrEqual(34)
      expect(revenue).toBeGreaterThanOrEqual(34)
    }, 120_000)
})
