import { randomUUID } from 'node:crypto'
import { createRunner } from '../../server/jobs/runner'
import { schedule } from '../../server/schedule'
import type { Input, Key } from '../../shared/contract'
import { addDays, civilDay, DAY_MS, HOUR_MS, MINUTE_MS, startOfDay } from '../../shared/time'
import { openShop } from '../insights/shop'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer, testNow } from '../support/server'
import { operatorToken } from '../support/tokens'

const today = '2026-11-22'
const from = addDays(today, -29)
const period = { from, to: today }

describeEachDatabase('dashboards', (database) => {
  let server: TestServer
  let shop: Awaited<ReturnType<typeof openShop>>
  let owner: string
  let manager: string
  const rows = <T>(text: string, params: (string | number)[] = []) => server.deps.db.read<T>(text, params)
  const run = async (name: string): Promise<void> => {
    const job = schedule.find((j) => j.name === name)
    if (!job) throw new Error(name)
    const started = await createRunner(server.deps, [], 'test').runNow(job, randomUUID())
    await started?.ended
    const [found] = await rows<{ state: string; errorSample: string | null; failed: number }>(
      'SELECT state, errorSample, failed FROM job_run WHERE slot = ?',
      [started?.slot ?? ''],
    )
    expect(found).toMatchObject({ state: 'done', errorSample: null, failed: 0 })
  }
  const get = async <K extends Key>(key: K, input: Input<K>, as = owner) => {
    const answer = await server.call(key, input, { as })
    expect([key, answer.status, answer.error]).toEqual([key, 200, undefined])
    return answer.body
  }
  const everyone = async (drill: { figure: string; row: string; col: string } | null, as = owner, storeId?: string) => {
    const ids: string[] = []
    for (let cursor: string | undefined; drill; ) {
      const page = await get('GET /admin/dashboards/members', { ...drill, storeId, cursor, limit: 7 }, as)
      ids.push(...page.items.map((m) => m.id))
      for (const m of page.items) expect(m.nameMasked).toMatch(/^.\*\*$/)
      if (!page.nextCursor) break
      cursor = page.nextCursor
    }
    return ids
  }
  const distinct = (ids: string[]): string[] => [...new Set(ids)].sort()
  const sum = (list: number[]): number => list.reduce((a, b) => a + b, 0)

  /** Every day's figures the long way, from the rows of the tables. */
  const dayTheLongWay = async (storeId: string | null) => {
    const own = <T extends { storeId: string | null }>(list: T[]): T[] =>
      list.filter((r) => !storeId || r.storeId === storeId)
    const purchases = own(
      await rows<{ storeId: string; memberId: string; onDay: string; paidFen: number }>(
        'SELECT storeId, memberId, onDay, paidFen FROM purchase',
      ),
    )
    const refunds = own(
      await rows<{ storeId: string; onDay: string; amountFen: number }>('SELECT storeId, onDay, amountFen FROM refund'),
    )
    const members = (
      await rows<{ joinedStoreId: string | null; joinedOn: string }>('SELECT joinedStoreId, joinedOn FROM member')
    ).filter((m) => !storeId || m.joinedStoreId === storeId)
    const coupons = own(
      await rows<{ storeId: string | null; redeemedOn: string | null; savedFen: number }>(
        'SELECT storeId, redeemedOn, savedFen FROM coupon',
      ),
    )
    return (day: string) => {
      const on = purchases.filter((p) => p.onDay === day)
      const used = coupons.filter((c) => c.redeemedOn === day)
      return {
        orders: on.length,
        buyers: new Set(on.map((p) => p.memberId)).size,
        paidFen: sum(on.map((p) => Number(p.paidFen))),
        refundFen: sum(refunds.filter((r) => r.onDay === day).map((r) => Number(r.amountFen))),
        joined: members.filter((m) => m.joinedOn === day).length,
        redeemed: used.length,
        savedFen: sum(used.map((c) => Number(c.savedFen))),
      }
    }
  }
  const compareSummaries = async (): Promise<void> => {
    for (const storeId of ['', ...shop.stores.map((s) => s.id)]) {
      const expected = await dayTheLongWay(storeId || null)
      const kept = await rows<{ onDay: string } & ReturnType<typeof expected>>(
        'SELECT * FROM dash_day WHERE storeId = ?',
        [storeId],
      )
      for (let back = 0; back < 80; back++) {
        const day = addDays(today, -back)
        const row = kept.find((r) => r.onDay === day)
        const found = Object.fromEntries(
          Object.keys(expected(day)).map((k) => [k, Number(row?.[k as keyof ReturnType<typeof expected>] ?? 0)]),
        )
        expect([storeId, day, found]).toEqual([storeId, day, expected(day)])
      }
    }
  }

  beforeAll(async () => {
    server = await startServer({ database })
    shop = await openShop(server)
    owner = await operatorToken(server, 'owner')
    manager = await operatorToken(server, 'manager', ['store1'])
    // First purchases are what the shop's helper leaves out.
    for (const [memberId] of shop.stats) {
      const first = Math.min(...shop.purchases.filter((p) => p.memberId === memberId).map((p) => p.at))
      await server.deps.db.tx(async (tx) =>
        tx.write('UPDATE member_stats SET firstPurchaseAt = ? WHERE memberId = ?', [first, memberId]),
      )
    }
    const taps = shop.members.slice(0, 20).flatMap((m, i) =>
      [0, 1, 2].map((n) => ({
        memberId: m.id,
        eventId: `t${i}-${n}`,
        id: `ev${i}-${n}`,
        type: n === 0 ? 'page_view' : 'tap',
        version: 1,
        at: testNow - n * MINUTE_MS - (i % 3) * DAY_MS,
        onDay: civilDay(testNow - n * MINUTE_MS - (i % 3) * DAY_MS),
        receivedAt: testNow,
        page: i % 2 ? 'pages/home/index' : 'pages/coupons/index',
        target: n ? 'card' : null,
        x: n ? 39 * n : null,
        y: n ? 100 : null,
        width: i % 4 ? 390 : 360,
        origin: 'client',
      })),
    )
    await server.deps.db.tx(async (tx) => {
      tx.insert('interaction', taps)
      tx.insert('points_entry', [
        {
          memberId: 'm000001',
          walletId: 'group',
          seq: 1,
          at: testNow - 40 * DAY_MS,
          onDay: addDays(today, -40),
          amount: 500,
          balanceAfter: 500,
          kind: 'earn',
          sourceType: 'purchase',
          sourceId: null,
          note: '',
        },
        {
          memberId: 'm000001',
          walletId: 'group',
          seq: 2,
          at: testNow - 35 * DAY_MS,
          onDay: addDays(today, -35),
          amount: -120,
          balanceAfter: 380,
          kind: 'spend',
          sourceType: 'reward',
          sourceId: null,
          note: '',
        },
        {
          memberId: 'm000001',
          walletId: 'group',
          seq: 3,
          at: testNow,
          onDay: today,
          amount: -80,
          balanceAfter: 300,
          kind: 'expire',
          sourceType: 'expiry',
          sourceId: null,
          note: '',
        },
      ])
    })
    await run('segments.facts')
    await run('dashboards.days')
    await run('dashboards.night')
  })
  afterAll(() => server.stop())

  test('the summaries equal the rows, store by store', compareSummaries)

  test('what comes late changes the day it belongs to', async () => {
    const late = addDays(today, -60)
    const at = startOfDay(late) + 20 * HOUR_MS
    server.clock.advance(5 * MINUTE_MS)
    await server.deps.db.tx(async (tx) => {
      tx.insert('purchase', [
        {
          id: 'zlate',
          source: 'staff',
          externalNo: 'late',
          contentHash: '',
          memberId: 'm000003',
          storeId: 'store2',
          at,
          onDay: late,
          amountFen: 7700,
          discountFen: 0,
          paidFen: 7700,
          refundedFen: 0,
          multiplierBp: 10_000,
          pointsEarned: 0,
          pointsTakenBack: 0,
          pointsSeq: 0,
          growthEarned: 0,
          growthTakenBack: 0,
          status: 'settled',
        },
      ])
      tx.insert('refund', [
        {
          id: 'zrefund',
          source: 'staff',
          externalNo: 'late',
          purchaseId: 'zlate',
          memberId: 'm000003',
          storeId: 'store2',
          at: at + DAY_MS,
          onDay: addDays(late, 1),
          amountFen: 700,
          pointsTakenBack: 0,
          pointsOwed: 0,
          growthTakenBack: 0,
          reason: '',
        },
      ])
    })
    await run('dashboards.days')
    await compareSummaries()
    const trend = await get('GET /admin/dashboards/trends', { figure: 'refunds', from: late, to: addDays(late, 1) })
    expect(trend.days[1].value).toBeGreaterThanOrEqual(700)
  })

  test('today: up to this minute, beside the same weekday up to the same minute', async () => {
    const body = await get('GET /admin/dashboards/today', {})
    const until = (day: string, at: number) => (p: { onDay: string; at: number }) => p.onDay === day && p.at <= at
    const now = server.clock.now()
    const value = (day: string, at: number) => {
      const paid = shop.purchases.filter(until(day, at))
      const back = shop.refunds.filter(until(day, at))
      return {
        sales: sum(paid.map((p) => p.paidFen)) - sum(back.map((r) => r.amountFen)),
        buyers: new Set(paid.map((p) => p.memberId)).size,
        orders: paid.length,
      }
    }
    const [present, before] = [value(today, now), value('2026-11-15', now - 7 * DAY_MS)]
    for (const key of ['sales', 'buyers', 'orders'] as const) {
      const tile = body.tiles.find((t) => t.key === key)
      expect([key, tile?.value, tile?.before]).toEqual([key, present[key], before[key]])
      expect(tile?.spark).toHaveLength(14)
    }
    expect(body.comparison).toEqual({ from: '2026-11-15', to: '2026-11-15', label: '上周日同一时刻' })
    expect(body.hours[23].salesFen).toBeNull()
    expect(sum(body.hours.map((h) => h.salesFen ?? 0))).toBe(present.sales)
    const buyers = distinct(shop.purchases.filter((p) => p.onDay === today).map((p) => p.memberId))
    expect(await everyone(body.tiles[0].drill)).toEqual(buyers)
    expect(body.hours[23].drill).toBeNull()
    const inHour = (hour: number) => (p: { onDay: string; at: number }) =>
      p.onDay === today && Math.floor((p.at - startOfDay(today)) / HOUR_MS) === hour
    const listed: string[] = []
    for (const { hour, drill } of body.hours) {
      const found = await everyone(drill)
      if (drill)
        expect([hour, found]).toEqual([hour, distinct(shop.purchases.filter(inHour(hour)).map((p) => p.memberId))])
      listed.push(...found)
    }
    expect(distinct(listed)).toEqual(buyers)
  })

  test('a store’s manager sees his store and is refused the group’s figures', async () => {
    const mine = await get('GET /admin/dashboards/trends', { figure: 'orders', ...period }, manager)
    expect(mine.total).toBe(shop.purchases.filter((p) => p.storeId === 'store1' && p.onDay >= from).length)
    const foreign = await server.call(
      'GET /admin/dashboards/trends',
      { figure: 'orders', ...period, storeId: 'store2' },
      { as: manager },
    )
    expect([foreign.status, foreign.error?.code]).toEqual([403, 'store_out_of_scope'])
    const group = await server.call('GET /admin/dashboards/cohorts', {}, { as: manager })
    expect([group.status, group.error?.code]).toEqual([403, 'figure_of_group_only'])
    const list = await server.call('GET /admin/dashboards/members', { figure: 'visits', row: today }, { as: manager })
    expect(list.error?.code).toBe('figure_of_group_only')
    const day = addDays(today, -1)
    const buyers = distinct(
      shop.purchases.filter((p) => p.onDay === day && p.storeId === 'store1').map((p) => p.memberId),
    )
    expect(await everyone({ figure: 'buyers', row: day, col: '' }, manager)).toEqual(buyers)
    const league = await get('GET /admin/dashboards/stores', period, manager)
    expect(league.rows.map((r) => r.storeId)).toEqual(['store1'])
  })

  test.each([
    'sales',
    'buyers',
    'perBuyer',
    'joined',
    'redeemed',
    'issued',
    'pointsIssued',
    'pointsSpent',
    'visits',
  ] as const)('the trend of %s has every day, what is usual, and lists that agree', async (figure) => {
    const body = await get('GET /admin/dashboards/trends', { figure, ...period })
    expect(body.days.map((d) => d.on)).toEqual(Array.from({ length: 30 }, (_, i) => addDays(from, i)))
    expect(body.definition.length).toBeGreaterThan(5)
    if (figure === 'buyers' || figure === 'visits')
      for (const d of body.days.slice(-4)) expect([d.on, (await everyone(d.drill)).length]).toEqual([d.on, d.value])
    if (figure === 'sales') {
      const day = body.days[20]
      const same = [1, 2, 3, 4].map((n) => addDays(day.on, -7 * n))
      const long = await dayTheLongWay(null)
      expect(day.usual).toBe(Math.round(sum(same.map((d) => long(d).paidFen - long(d).refundFen)) / 4))
      expect(body.total).toBe(sum(body.days.map((d) => d.value)))
    }
  })

  test('cohorts and repurchase equal the purchases gone through by hand', async () => {
    const first = new Map<string, number>()
    const bought = shop.purchases.map((p) => ({ memberId: p.memberId, at: p.at, month: p.onDay.slice(0, 7) }))
    const active = new Set(shop.members.filter((m) => m.status === 'active').map((m) => m.id))
    for (const p of bought) first.set(p.memberId, Math.min(p.at, first.get(p.memberId) ?? p.at))
    const cohort = (month: string) =>
      [...first].filter(([id, at]) => active.has(id) && civilDay(at).startsWith(month)).map(([id]) => id)
    const body = await get('GET /admin/dashboards/cohorts', { months: 4 })
    expect(body.cohorts.map((c) => c.month)).toEqual(['2026-08', '2026-09', '2026-10', '2026-11'])
    for (const c of body.cohorts) {
      const own = cohort(c.month)
      expect([c.month, c.members]).toEqual([c.month, own.length])
      for (const cell of c.cells) {
        const month = civilDay(startOfDay(`${c.month}-01`) + cell.after * 31 * DAY_MS).slice(0, 7)
        const back = own.filter((id) => bought.some((p) => p.memberId === id && p.month === month))
        expect([c.month, cell.after, cell.members]).toEqual([c.month, cell.after, back.length])
        expect((await everyone(cell.drill)).filter((id) => active.has(id))).toEqual(back.sort())
      }
    }
    expect(body.cohorts.some((c) => c.members > 0 && c.cells.length > 1)).toBe(true)
    const repurchase = await get('GET /admin/dashboards/repurchase', { months: 4 })
    const again = (id: string, days: number): boolean => {
      const times = bought
        .filter((p) => p.memberId === id)
        .map((p) => p.at)
        .sort((a, b) => a - b)
      return times.length > 1 && times[1] - times[0] <= days * DAY_MS
    }
    for (const m of repurchase.months) {
      expect([m.month, m.buyers, m.again30]).toEqual([
        m.month,
        cohort(m.month).length,
        cohort(m.month).filter((id) => again(id, 30)).length,
      ])
      expect((await everyone(m.again.d30)).length).toBe(m.again30)
      expect((await everyone(m.again.d90)).length).toBe(m.again90)
    }
    expect(sum(repurchase.orders.map((o) => o.members))).toBe([...first.keys()].filter((id) => active.has(id)).length)
    expect(repurchase.rate365).toBeNull()
  })

  test('the league adds up to the trend, best first', async () => {
    const league = await get('GET /admin/dashboards/stores', period)
    const trend = await get('GET /admin/dashboards/trends', { figure: 'sales', ...period })
    expect(sum(league.rows.map((r) => r.salesFen))).toBe(trend.total)
    expect(sum(league.rows.map((r) => r.beforeFen))).toBe(trend.before)
    expect(league.rows.map((r) => r.salesFen)).toEqual(league.rows.map((r) => r.salesFen).sort((a, b) => b - a))
    const buyers = distinct(
      shop.purchases.filter((p) => p.storeId === league.rows[0].storeId && p.onDay >= from).map((p) => p.memberId),
    )
    expect(await everyone(league.rows[0].drill)).toEqual(buyers)
  })

  test('coupons, points, rewards and taps', async () => {
    const coupons = await get('GET /admin/dashboards/coupons', period)
    const used = shop.coupons.filter((c) => c.redeemedOn && c.redeemedOn >= from)
    expect(coupons.total).toMatchObject({
      issued: shop.coupons.filter((c) => c.claimedOn >= from).length,
      redeemed: used.length,
      savedFen: sum(used.map((c) => c.savedFen)),
    })
    expect(await everyone(coupons.rows[0].drill)).toEqual(distinct(used.map((c) => c.memberId)))
    const points = await get('GET /admin/dashboards/points', { months: 3 })
    expect(points).toMatchObject({ outstanding: 300, liabilityFen: 300, breakageRate: 0.4, expectedBreakage: 120 })
    expect(points.months.map((m) => [m.issued, m.spent, m.expired, m.outstandingEnd])).toEqual([
      [0, 0, 0, 0],
      [500, 120, 0, 380],
      [0, 0, 80, 300],
    ])
    // The points of the fixture are m000001's alone.
    expect(await everyone(points.months[1].drills.issued)).toEqual(['m000001'])
    expect(await everyone(points.months[1].drills.spent)).toEqual(['m000001'])
    expect(await everyone(points.months[2].drills.spent)).toEqual([])
    expect(await everyone(points.months[2].drills.expired)).toEqual(['m000001'])
    const holding = await rows<{ id: string }>(
      'SELECT memberId AS id FROM points_account WHERE balance > 0 ORDER BY memberId',
    )
    expect(holding.length).toBeGreaterThan(0)
    expect(await everyone(points.held)).toEqual(holding.map((r) => r.id))
    const lapsing = await rows<{ id: string }>(
      'SELECT DISTINCT memberId AS id FROM points_lot WHERE expiresOn >= ? AND expiresOn <= ? AND remaining > 0 ORDER BY memberId',
      [today, addDays(today, 30)],
    )
    expect(await everyone(points.lapsing)).toEqual(lapsing.map((r) => r.id))
    const mix = await get('GET /admin/dashboards/reward-mix', { months: 3 })
    const claimed = mix.rows.find((r) => r.key === 'coupon:claim')
    const all = shop.coupons.filter((c) => c.redeemedOn)
    expect(claimed?.uses).toBe(all.length)
    const matured = all.filter((c) => startOfDay(c.redeemedOn as string) + 31 * DAY_MS < server.clock.now())
    expect(claimed?.matured).toBe(matured.length)
    const back = matured.filter((c) =>
      shop.purchases.some(
        (p) =>
          p.memberId === c.memberId &&
          p.at > (c.redeemedAt as number) &&
          p.at <= (c.redeemedAt as number) + 30 * DAY_MS,
      ),
    )
    expect(claimed?.returned).toBe(back.length)
    expect(mix.rows.find((r) => r.key === 'points:reward')).toMatchObject({ uses: 1, costPoints: 120 })
    const taps = await get('GET /admin/dashboards/taps', { ...period, page: 'pages/home/index', width: 'usual' })
    expect(sum(taps.cells.map((c) => c.taps))).toBe(20)
    expect(taps.cells.map((c) => [c.x, c.y]).sort()).toEqual([
      [2, 2],
      [4, 2],
    ])
    const [card] = taps.targets
    const tappers = await everyone(card.drill)
    expect([card.target, card.taps, tappers.length]).toEqual(['card', 20, 10])
    expect(taps.pages).toEqual([
      { page: 'pages/coupons/index', taps: 20 },
      { page: 'pages/home/index', taps: 20 },
    ])
  })

  test('stages, moves, churn, value and RFM come from the scores', async () => {
    await server.deps.db.tx(async (tx) => {
      const stage = (onDay: string, numbers: number[]) =>
        ['new', 'active', 'loyal', 'dormant', 'lost'].map((name, i) => ({
          onDay,
          stage: name,
          members: numbers[i],
          spendFen: 0,
        }))
      tx.insert('stage_day', [
        ...stage('2026-10-31', [5, 20, 10, 10, 5]),
        ...stage('2026-11-15', [4, 21, 10, 10, 5]),
        ...stage(today, [3, 22, 11, 8, 6]),
      ])
      tx.insert('stage_move', [
        { onDay: '2026-11-16', fromStage: 'dormant', toStage: 'lost', members: 2 },
        { onDay: '2026-11-18', fromStage: 'active', toStage: 'dormant', members: 3 },
      ])
      tx.insert(
        'stage_change',
        [1, 2].map((n) => ({
          memberId: `m00000${n}`,
          onDay: '2026-11-16',
          id: `sc${n}`,
          fromStage: 'dormant',
          toStage: 'lost',
          createdAt: 1,
          origin: 'live',
        })),
      )
      tx.insert('rfm_cell', [
        { onDay: today, method: 'fixed', r: 5, f: 5, members: 2, spendFen: 90_000, purchases: 18 },
        { onDay: today, method: 'fixed', r: 1, f: 1, members: 7, spendFen: 10_000, purchases: 7 },
        { onDay: '2026-11-01', method: 'fixed', r: 1, f: 1, members: 99, spendFen: 1, purchases: 99 },
      ])
      tx.insert(
        'member_score',
        [5, 4, 1].map((score, i) => ({
          memberId: `m00000${i + 1}`,
          sinceDay: today,
          stage: 'loyal',
          stageSince: today,
          r: score,
          f: score,
          m: score,
          rFixed: score,
          fFixed: score,
          mFixed: score,
          rfm: 'champion',
          purchases: score,
          spendFen: 0,
        })),
      )
      tx.write("UPDATE segment_fact SET clvFen = 5000, churnBp = 9000 WHERE memberId = 'm000001'")
      tx.write("UPDATE segment_fact SET clvFen = 200000, churnBp = 100 WHERE memberId = 'm000002'")
    })
    const stages = await get('GET /admin/dashboards/stages', { weeks: 4 })
    expect(stages.series.map((s) => s.on)).toEqual(['2026-10-31', '2026-11-15', today])
    expect(stages.stages.map((s) => [s.members, s.before])).toEqual([
      [3, 4],
      [22, 21],
      [11, 10],
      [8, 10],
      [6, 5],
    ])
    expect(await everyone(stages.series[2].entered[4])).toEqual(['m000001', 'm000002'])
    expect(await everyone(stages.series[2].entered[0])).toEqual([])
    const moves = await get('GET /admin/dashboards/stage-moves', { from: '2026-11-16', to: today })
    expect(moves.conversion).toEqual([
      { from: 'active', to: 'dormant', members: 3, of: 25, rate: 0.12 },
      { from: 'dormant', to: 'lost', members: 2, of: 10, rate: 0.2 },
    ])
    expect(await everyone(moves.links[1].drill)).toEqual(['m000001', 'm000002'])
    await run('dashboards.night')
    const churn = await get('GET /admin/dashboards/churn', { months: 2 })
    expect(churn.months[1]).toMatchObject({ month: '2026-11', base: 40, lost: 2, rate: 0.05 })
    expect(await everyone(churn.months[1].drill)).toEqual(['m000001', 'm000002'])
    expect(churn.bands.map((b) => b.members)).toEqual([1, 0, 0, 0, 1])
    expect(await everyone(churn.bands[4].drill)).toEqual(['m000001'])
    const clv = await get('GET /admin/dashboards/clv', {})
    expect(clv).toMatchObject({ members: 2, meanFen: 102_500, medianFen: 5000 })
    expect(await everyone(clv.bands[3].drill)).toEqual(['m000002'])
    expect(clv.top.map((t) => [t.label, t.members])).toEqual([
      ['前 10%', 1],
      ['前 20%', 1],
      ['前 50%', 1],
    ])
    expect(await everyone(clv.top[0].drill)).toEqual(['m000002'])
    const rfm = await get('GET /admin/dashboards/rfm', {})
    expect(rfm.cells).toHaveLength(2)
    expect(rfm.best).toMatchObject({ members: 2, share: 0.9 })
    expect(await everyone(rfm.best.drill)).toEqual(['m000001', 'm000002'])
    expect(rfm.cells.find((c) => c.row === 0 && c.col === 4)).toMatchObject({ members: 2, averageFen: 5000 })
  })

  test('lists behind figures of other pages: channel, usual store, what was recommended, a reward', async () => {
    await server.deps.db.tx(async (tx) => {
      tx.insert(
        'recommendation_event',
        [
          { memberId: 'm000004', arm: 'personal', slot: 'home', kind: 'exposure', onDay: today },
          { memberId: 'm000005', arm: 'control', slot: 'home', kind: 'exposure', onDay: today },
          { memberId: 'm000006', arm: 'personal', slot: 'again', kind: 'exposure', onDay: addDays(today, -40) },
        ].map((e) => ({
          ...e,
          eventId: 'e',
          traceId: 't',
          itemKind: 'product',
          itemId: 'p',
          position: 1,
          modelVersion: 1,
          at: testNow,
        })),
      )
    })
    const list = (figure: string, row: string, col = '') => everyone({ figure, row, col })
    const sources = await rows<{ source: string; memberId: string }>('SELECT DISTINCT source, memberId FROM purchase')
    for (const source of new Set(sources.map((r) => r.source)))
      expect(await list('channel', source)).toEqual(
        distinct(sources.filter((r) => r.source === source).map((r) => r.memberId)),
      )
    expect(await list('channel', 'nobody')).toEqual([])
    expect(await list('recommended', 'personal', `${from}..${today}|`)).toEqual(['m000004'])
    expect(await list('recommended', 'personal', `${addDays(today, -60)}..${today}|again`)).toEqual(['m000006'])
    expect(await list('home-store', 'store1')).toEqual([])
    expect(await list('reward-order', 'nothing', `${from}..${today}`)).toEqual([])
    for (const [figure, row, col] of [
      ['recommended', 'personal', 'ever'],
      ['points-moved', '2026-13', 'spent'],
      ['points-moved', '2026-11', 'other'],
      ['hour', today, '24'],
      ['again', '2026-11', '31'],
      ['clv-top', "1' OR 1=1", '10'],
      ['tapped', 'pages/home/index', 'card'],
      ['stage-entered', 'lost', 'today'],
    ] as const) {
      const refused = await server.call('GET /admin/dashboards/members', { figure, row, col }, { as: owner })
      expect([figure, refused.status, refused.error?.code]).toEqual([figure, 400, 'invalid_input'])
    }
    // A list of the whole group is not for who sees one store.
    const narrow = await server.call(
      'GET /admin/dashboards/members',
      { figure: 'channel', row: 'staff', col: '' },
      { as: manager },
    )
    expect([narrow.status, narrow.error?.code]).toEqual([403, 'figure_of_group_only'])
  })

  test('NPS counts by the score', async () => {
    await server.deps.db.tx(async (tx) =>
      tx.insert(
        'nps_answer',
        [10, 9, 8, 3].map((score, i) => ({
          id: `n${i}`,
          memberId: `m00000${i}`,
          score,
          kind: '',
          reasons: '[]',
          comment: null,
          channel: 'app',
          at: testNow,
          onDay: today,
        })),
      ),
    )
    const nps = await get('GET /admin/dashboards/nps', { months: 2 })
    expect(nps.score).toBe(25)
    expect(nps.months.map((m) => [m.answers, m.score])).toEqual([
      [0, null],
      [4, 25],
    ])
    expect(await everyone(nps.groups[0].drill)).toEqual(['m000000', 'm000001'])
    expect(await everyone(nps.months[1].drill)).toEqual(['m000000', 'm000001', 'm000002', 'm000003'])
    expect(await everyone(nps.months[0].drill)).toEqual([])
  })

  test('annotations: made, shown on the trend, changed once per version, gone', async () => {
    const draft = { from: '2026-11-11', to: '2026-11-11', title: '会员日', kind: 'campaign' as const }
    const key = randomUUID()
    const made = await server.call('POST /admin/annotations', draft, { as: owner, idempotencyKey: key })
    const again = await server.call('POST /admin/annotations', draft, { as: owner, idempotencyKey: key })
    expect(again.body).toEqual(made.body)
    const trend = await get('GET /admin/dashboards/trends', { figure: 'sales', ...period })
    expect(trend.annotations).toEqual([made.body])
    const change = { annotationId: made.body.id, version: 1, ...draft, title: '双十一' }
    const race = await Promise.all(
      [1, 2].map(() => server.call('PATCH /admin/annotations/:annotationId', change, { as: owner })),
    )
    expect(race.map((r) => r.status).sort()).toEqual([200, 409])
    const forbidden = await server.call(
      'DELETE /admin/annotations/:annotationId',
      { annotationId: made.body.id, version: 2 },
      { as: manager },
    )
    expect(forbidden.status).toBe(403)
    const gone = await server.call(
      'DELETE /admin/annotations/:annotationId',
      { annotationId: made.body.id, version: 2 },
      { as: owner },
    )
    expect(gone.status).toBe(200)
    expect((await get('GET /admin/annotations', period)).items).toEqual([])
    const backwards = await server.call('POST /admin/annotations', { ...draft, to: '2026-11-01' }, { as: owner })
    expect(backwards.error?.code).toBe('invalid_input')
  })

  test('a funnel counts the furthest walk of each member, and lists it', async () => {
    const made = await server.call(
      'POST /admin/funnels',
      {
        name: '看到买',
        steps: [{ event: 'interaction:page_view' }, { event: 'interaction:tap', label: '点卡片', target: 'card' }],
        windowHours: 24,
        days: 7,
      },
      { as: owner },
    )
    expect(made.body.state).toBe('waiting')
    // The view comes after the taps in time (n counts minutes back), so nobody walks on; turned round, everybody does.
    await run('dashboards.funnels')
    const first = await get('GET /admin/funnels/:funnelId', { funnelId: made.body.id })
    expect(first.steps.map((s) => s.members)).toEqual([20, 0])
    const turned = await server.call(
      'PATCH /admin/funnels/:funnelId',
      {
        funnelId: made.body.id,
        version: 1,
        name: '买前看',
        steps: [{ event: 'interaction:tap' }, { event: 'interaction:page_view' }, { event: 'points_spend' }],
        windowHours: 1,
        days: 2,
      },
      { as: owner },
    )
    expect(turned.body.state).toBe('waiting')
    await run('dashboards.funnels')
    const body = await get('GET /admin/funnels/:funnelId', { funnelId: made.body.id })
    // Days 0 and 1 of the three that the taps lie on.
    expect(body.steps.map((s) => [s.members, s.rate, s.medianSeconds])).toEqual([
      [14, 1, null],
      [14, 1, 120],
      [0, 0, null],
    ])
    expect(await everyone(body.steps[1].drill)).toHaveLength(14)
    const unknown = await server.call(
      'POST /admin/funnels',
      { name: 'x', steps: [{ event: 'hack' }, { event: 'join' }], windowHours: 1, days: 1 },
      { as: owner },
    )
    expect(unknown.error?.code).toBe('invalid_input')
    expect(
      (await server.call('DELETE /admin/funnels/:funnelId', { funnelId: made.body.id, version: 2 }, { as: owner }))
        .status,
    ).toBe(200)
    expect(await rows('SELECT memberId FROM funnel_member')).toEqual([])
  })

  test('a list nobody has is refused, whatever is put into it', async () => {
    for (const [figure, row, col] of [
      ['nothing', 'x', ''],
      ['buyers', "2026' OR 1=1", ''],
      ['cohort', '2026-13', '1'],
      ['coupon', 't1', 'x'],
      ['tapped', 'pages/home/index', 'card|0001-01-01..9999-12-31'],
      ['tapped', 'pages/home/index', 'card|2026-11-01..2026-99-99'],
      ['store-buyers', 'store1', '2026-02-30..2026-03-01'],
      ['joined', '2026-13-45', ''],
      ['hour', '2026-02-30', '9'],
    ]) {
      const answer = await server.call('GET /admin/dashboards/members', { figure, row, col }, { as: owner })
      expect([figure, answer.status, answer.error?.code]).toEqual([figure, 400, 'invalid_input'])
    }
  })
})
