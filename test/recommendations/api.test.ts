import type { Output } from '../../shared/contract'
import { DAY_MS } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'
import { goods, openShop, type Shop, startOf } from './shop'

type List = Output<'GET /me/recommendations'>
const minute = 60_000

describeEachDatabase('recommendations', (database) => {
  let server: TestServer
  let shop: Shop
  let owner: string
  let auditor: string
  const tokens = new Map<string, string>()
  const as = async (memberId: string): Promise<string> => {
    const known = tokens.get(memberId) ?? (await memberToken(server, memberId))
    tokens.set(memberId, known)
    return known
  }
  const listFor = async (memberId: string, input: object = {}): Promise<List> => {
    const answer = await server.call('GET /me/recommendations', input, { as: await as(memberId) })
    expect(answer.error).toBeUndefined()
    return answer.body
  }
  /** What a process remembers is renewed on the request after its time is over; the one after that sees it. */
  const settle = async (): Promise<void> => {
    server.clock.advance(2 * minute)
    await server.call('GET /recommendations', {})
    await new Promise((done) => setTimeout(done, 150))
    await server.call('GET /recommendations', {})
  }
  const setControl = (controlPercent: number) =>
    server.call('PUT /admin/recommendation-settings', { controlPercent, maxPerCategory: 6 }, { as: owner })

  beforeAll(async () => {
    server = await startServer({ database, now: startOf(database) })
    shop = await openShop(server, 45)
    owner = await operatorToken(server, 'owner')
    auditor = await operatorToken(server, 'auditor')
  }, 120_000)
  afterAll(() => server.stop())

  test('a shop without a model shows what sells, and says so', async () => {
    const list = await listFor(shop.tea[0])
    expect(list.basis).toBe('popular')
    expect(list.items[0]).toMatchObject({ kind: 'product', id: 'MILK', position: 1, reason: '大家都在买' })
    const card = await server.call('GET /admin/recommendation-models', {}, { as: auditor })
    expect(card.body).toEqual({ current: null, history: [] })
  })

  test('the night learns: a model with its back-test card, better than popularity', async () => {
    expect((await setControl(0)).status).toBe(200)
    server.clock.advance(2 * minute)
    await shop.run('recommendations.follow')
    await shop.run('recommendations.train')
    await settle()
    const { body } = await server.call('GET /admin/recommendation-models', {}, { as: auditor })
    const card = body.current?.card
    expect(body.current?.version).toBe(1)
    expect(card?.members).toBe(90)
    expect(card?.discover?.used).toBe(true)
    expect(card?.discover?.blend.ndcg).toBeGreaterThan(1.5 * (card?.discover?.popularity.ndcg ?? 1))
    expect((card?.testTo ?? '') > (card?.testFrom ?? '')).toBe(true)
  }, 60_000)

  const boughtBy = async (memberId: string): Promise<Set<string>> => {
    const rows = await server.deps.db.read<{ productId: string }>(
      'SELECT l.productId FROM purchase b JOIN purchase_line l ON l.purchaseId = b.id WHERE b.memberId = ?',
      [memberId],
    )
    return new Set(rows.map((r) => r.productId))
  }

  test('each circle is shown its own things, with reasons in words', async () => {
    let compared = 0
    for (const [circle, prefix] of [
      [shop.tea, 'T'],
      [shop.coffee, 'C'],
    ] as const)
      for (const memberId of circle.slice(0, 6)) {
        const list = await listFor(memberId)
        expect(list.basis).toBe('personal')
        const bought = await boughtBy(memberId)
        const unknown = goods.filter((g) => g.id.startsWith(prefix) && !bought.has(g.id)).length
        const found = await listFor(memberId, { slot: 'discover' })
        const first = found.items.slice(0, Math.min(2, unknown))
        expect(first.filter((i) => !i.id.startsWith(prefix))).toEqual([])
        compared += first.length
        for (const item of list.items)
          expect(item.reason).toMatch(
            /^(因为买过|和买过的|常回购，通常每 \d+ 天一次|你买过 \d+ 次|.*前买过|上次买过|本店热卖|大家都在买|新品)/,
          )
      }
    expect(compared).toBeGreaterThan(10)
    const again = await listFor(shop.tea[1], { slot: 'again', limit: 8 })
    expect(again.items.map((i) => i.reason).join()).toMatch(/常回购，通常每 (19|20|21) 天一次/)
    expect(again.items.map((i) => i.id)).toContain('MILK')
  })

  test('discover shows nothing that was bought, again nothing else; both find no member without a history', async () => {
    const memberId = shop.coffee[2]
    const bought = await boughtBy(memberId)
    const found = await listFor(memberId, { slot: 'discover', limit: 10 })
    expect(found.items.filter((i) => bought.has(i.id))).toEqual([])
    const again = await listFor(memberId, { slot: 'again', limit: 10 })
    expect(again.items.length).toBeGreaterThan(2)
    expect(again.items.filter((i) => !bought.has(i.id))).toEqual([])
    const fresh = await listFor(shop.newcomer)
    expect(fresh).toMatchObject({ basis: 'popular' })
    expect(fresh.items[0].reason).toMatch(/本店热卖|大家都在买/)
    expect((await listFor(shop.newcomer, { slot: 'again' })).items).toEqual([])
  })

  test('the same request gives the same list', async () => {
    const [a, b] = [await listFor(shop.tea[4]), await listFor(shop.tea[4])]
    expect(b.items).toEqual(a.items)
    expect(b.traceId).not.toBe(a.traceId)
  })

  test('whoever switches personalisation off gets what sells, at once and in words', async () => {
    const memberId = shop.tea[5]
    expect((await listFor(memberId)).basis).toBe('personal')
    await server.call('PUT /me/personalisation', { on: false, channel: 'h5' }, { as: await as(memberId) })
    const off = await listFor(memberId)
    expect(off.basis).toBe('off')
    expect(off.note).toContain('已关闭个性化推荐')
    for (const item of off.items) expect(item.reason).toMatch(/热卖|大家都在买|新品/)
    expect((await listFor(memberId, { slot: 'again' })).items).toEqual([])
    const home = await server.call('GET /me/home', {}, { as: await as(memberId) })
    expect(home.body.recommendation.basis).toBe('off')
    await server.call('PUT /me/personalisation', { on: true, channel: 'h5' }, { as: await as(memberId) })
    expect((await listFor(memberId)).basis).toBe('personal')
  })

  test('a visitor sees what sells; the home page shows the member’s own', async () => {
    const visitor = await server.call('GET /recommendations', { storeId: shop.storeId, limit: 4 })
    expect(visitor.body.items).toHaveLength(4)
    expect(visitor.body.items[0].reason).toBe('本店热卖')
    const home = await server.call('GET /me/home', {}, { as: await as(shop.coffee[0]) })
    expect(home.body.recommendation.basis).toBe('personal')
    expect(home.body.goods.length).toBeGreaterThan(4)
    const publicHome = await server.call('GET /home', {})
    expect(publicHome.body.goods.length).toBe(6)
  })

  describe('rules', () => {
    const rule = { kind: 'exclude', scope: 'product', target: 'MILK' } as const

    test('only for whom they are for, and only about what is there', async () => {
      const cashier = await operatorToken(server, 'cashier')
      for (const token of [undefined, await as(shop.tea[0]), cashier, auditor])
        expect([401, 403]).toContain(
          (await server.call('POST /admin/recommendation-rules', rule, { as: token })).status,
        )
      const post = (input: object) => server.call('POST /admin/recommendation-rules', input as never, { as: owner })
      expect((await post({ ...rule, target: 'NOTHING' })).error?.code).toBe('recommendation_target_unknown')
      expect((await post({ ...rule, scope: 'category', target: '没有' })).error?.code).toBe(
        'recommendation_target_unknown',
      )
      expect((await post({ ...rule, storeId: 'nowhere' })).error?.code).toBe('store_not_found')
      expect((await post({ kind: 'weight', scope: 'product', target: 'MUG' })).error?.code).toBe('invalid_input')
      expect((await post({ kind: 'pin', scope: 'category', target: '茶具', place: 1 })).error?.code).toBe(
        'invalid_input',
      )
      expect((await post({ ...rule, fromAt: 5, untilAt: 4 })).error?.code).toBe('invalid_input')
    })

    test('keep out, pin and weigh, for as long as they hold; a repeat makes one rule', async () => {
      const memberId = shop.tea[2]
      const before = await listFor(memberId, { limit: 8 })
      expect(before.items.map((i) => i.id)).toContain('MILK')
      const idempotencyKey = 'one-rule-only-once'
      const made = await server.call('POST /admin/recommendation-rules', rule, { as: owner, idempotencyKey })
      const repeat = await server.call('POST /admin/recommendation-rules', rule, { as: owner, idempotencyKey })
      expect(made.body).toMatchObject({ sentence: '所有推荐位不推“鲜牛奶”', active: true, targetName: '鲜牛奶' })
      expect(repeat.body).toEqual(made.body)
      const pin = {
        kind: 'pin',
        scope: 'product',
        target: 'C3',
        place: 2,
        slot: 'home',
        storeId: shop.storeId,
      } as const
      const pinned = await server.call('POST /admin/recommendation-rules', pin, { as: owner })
      const until = server.clock.now() + 10 * minute
      await server.call(
        'POST /admin/recommendation-rules',
        { kind: 'exclude', scope: 'category', target: '餐具', untilAt: until },
        { as: owner },
      )
      await settle()
      const after = await listFor(memberId, { limit: 8 })
      expect(after.items.map((i) => i.id)).not.toContain('MILK')
      expect(after.items.map((i) => i.id)).not.toContain('MUG')
      expect(after.items[1]).toMatchObject({ id: 'C3', position: 2, reason: '店长推荐' })
      expect((await listFor(memberId, { slot: 'discover', limit: 8 })).items[1]?.reason).not.toBe('店长推荐')
      expect((await server.call('GET /recommendations', {})).body.items.map((i) => i.id)).not.toContain('MILK')

      const listed = await server.call('GET /admin/recommendation-rules', {}, { as: auditor })
      expect(listed.body.items).toHaveLength(3)
      await server.call(
        'PUT /admin/recommendation-rules/:ruleId',
        { ruleId: pinned.body.id, ...pin, active: false },
        { as: owner },
      )
      await server.call('DELETE /admin/recommendation-rules/:ruleId', { ruleId: made.body.id }, { as: owner })
      const gone = await server.call(
        'DELETE /admin/recommendation-rules/:ruleId',
        { ruleId: made.body.id },
        { as: owner },
      )
      expect(gone.error?.code).toBe('recommendation_rule_not_found')
      server.clock.advance(12 * minute)
      await settle()
      const later = await listFor(memberId, { limit: 8 })
      expect(later.items.map((i) => i.id)).toContain('MILK')
      expect(later.items.filter((i) => i.reason === '店长推荐')).toEqual([])
    })

    test('a weight moves a product up, a product off the shelf is never shown', async () => {
      const memberId = shop.tea[3]
      const place = async (id: string): Promise<number> => {
        const list = await listFor(memberId, { slot: 'again', limit: 20 })
        return list.items.findIndex((i) => i.id === id)
      }
      const last = (await listFor(memberId, { slot: 'again', limit: 20 })).items.at(-1)?.id as string
      const before = await place(last)
      const made = await server.call(
        'POST /admin/recommendation-rules',
        { kind: 'weight', scope: 'product', target: last, percent: 300 },
        { as: owner },
      )
      await settle()
      expect(await place(last)).toBeLessThan(before)
      await server.deps.db.tx(async (tx) => tx.write('UPDATE product SET active = 0 WHERE id = ?', [last]))
      await settle()
      expect(await place(last)).toBe(-1)
      await server.deps.db.tx(async (tx) => tx.write('UPDATE product SET active = 1 WHERE id = ?', [last]))
      await server.call('DELETE /admin/recommendation-rules/:ruleId', { ruleId: made.body.id }, { as: owner })
      await settle()
    })
  })

  test('“why this?”: the list of the member with the parts of each score', async () => {
    const memberId = shop.coffee[1]
    const shown = await listFor(memberId)
    const { body } = await server.call('GET /admin/members/:memberId/recommendations', { memberId }, { as: auditor })
    expect(body.items).toEqual(shown.items)
    expect(body.arm).toBe('personal')
    for (const [i, d] of body.details.entries()) {
      expect(d.id).toBe(body.items[i].id)
      const sum = d.parts.reduce((total, p) => total + p.value, 0)
      expect(sum).toBeCloseTo(d.score, 4)
    }
    const missing = await server.call(
      'GET /admin/members/:memberId/recommendations',
      { memberId: 'nobody' },
      { as: owner },
    )
    expect(missing.error?.code).toBe('member_not_found')
  })

  test('what was bought meanwhile changes item-kNN within the hour', async () => {
    for (const memberId of shop.coffee.slice(0, 20)) await shop.buy(memberId, ['MUG', 'C1'], 0)
    server.clock.advance(2 * minute)
    await shop.run('recommendations.follow')
    await shop.run('recommendations.neighbours')
    const { body } = await server.call('GET /admin/recommendation-models', {}, { as: auditor })
    expect(body.current).toMatchObject({ version: 1, neighboursVersion: 1 })
    await settle()
    const found = await listFor(shop.coffee[30], { slot: 'discover', limit: 8 })
    expect(found.items.map((i) => i.id)).toContain('MUG')
    // Nothing was bought since: nothing is published.
    server.clock.advance(minute)
    await shop.run('recommendations.neighbours')
    const same = await server.call('GET /admin/recommendation-models', {}, { as: auditor })
    expect(same.body.current?.neighboursVersion).toBe(1)
  })

  describe('what was shown', () => {
    const report = async (memberId: string, list: List, clicks: number[] = []) =>
      server.call(
        'POST /me/recommendations/events',
        {
          traceId: list.traceId,
          events: [
            ...list.items.map((i) => ({
              kind: 'exposure' as const,
              itemKind: i.kind,
              itemId: i.id,
              position: i.position,
              at: server.clock.now(),
            })),
            ...clicks.map((position) => ({
              kind: 'click' as const,
              itemKind: list.items[position - 1].kind,
              itemId: list.items[position - 1].id,
              position,
              at: server.clock.now(),
            })),
          ],
        },
        { as: await as(memberId), idempotencyKey: null },
      )

    test('is recorded once, for the member it was shown to, and stands among the interactions', async () => {
      const memberId = shop.tea[6]
      const list = await listFor(memberId)
      const answers = await Promise.all([1, 2, 3].map(() => report(memberId, list, [2])))
      expect(answers.map((a) => a.status)).toEqual([200, 200, 200])
      expect(answers.reduce((sum, a) => sum + a.body.accepted, 0)).toBe(list.items.length + 1)
      const stranger = await report(shop.tea[7], list)
      expect(stranger.error?.code).toBe('recommendation_trace_invalid')
      const forged = await report(memberId, { ...list, traceId: `${list.traceId.slice(0, -1)}_` })
      expect(forged.error?.code).toBe('recommendation_trace_invalid')
      const kinds = await server.deps.db.read<{ type: string; target: string }>(
        "SELECT type, target FROM interaction WHERE memberId = ? AND type LIKE 'recommendation%' ORDER BY type",
        [memberId],
      )
      expect(kinds.map((k) => k.type)).toEqual(['recommendation_click', 'recommendation_exposure'])
      expect(kinds[0].target).toBe(`product:${list.items[1].id} #2 v1`)
      const old = {
        kind: 'click',
        itemKind: 'product',
        itemId: 'MUG',
        position: 1,
        at: server.clock.now() - 9 * DAY_MS,
      }
      const late = await server.call(
        'POST /me/recommendations/events',
        { traceId: list.traceId, events: [old as never] },
        { as: await as(memberId), idempotencyKey: null },
      )
      expect(late.body).toEqual({ accepted: 0, repeated: 0, dropped: 1 })
    })

    test('is counted against the control group: exposures, taps, what was bought within seven days, to the fen', async () => {
      await server.deps.db.tx(async (tx) => tx.write('DELETE FROM recommendation_event'))
      expect((await setControl(50)).status).toBe(200)
      await settle()
      const lists = new Map<string, List>()
      for (const memberId of [...shop.tea, ...shop.coffee]) {
        const list = await listFor(memberId)
        lists.set(memberId, list)
        await report(memberId, list, [1])
      }
      const { body: settings } = await server.call('GET /admin/recommendation-settings', {}, { as: auditor })
      expect(settings.controlPercent).toBe(50)
      const personal = [...lists].filter(([, l]) => l.basis === 'personal')
      const control = [...lists].filter(([, l]) => l.basis === 'popular')
      expect(Math.min(personal.length, control.length)).toBeGreaterThan(25)
      // Three personal members and one of the control group buy something they were shown; two buy what nobody showed them.
      server.clock.advance(DAY_MS)
      const bought: string[] = []
      for (const [memberId, list] of personal.slice(0, 3))
        bought.push(await shop.buy(memberId, [list.items[0].id, list.items[1].id], 0))
      await shop.buy(control[0][0], [control[0][1].items[0].id], 0)
      for (const [memberId, list] of personal.slice(3, 5)) {
        const unseen = ['MUG', 'T0', 'T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7'].find(
          (id) => !list.items.some((i) => i.id === id),
        ) as string
        await shop.buy(memberId, [unseen], 0)
      }
      await shop.refund(bought[0], 1)
      // Too late to count.
      const late = personal[6]
      server.clock.advance(7 * DAY_MS)
      await shop.buy(late[0], [late[1].items[0].id], 0)
      server.clock.advance(-DAY_MS)
      await shop.run('recommendations.effect')
      await shop.run('recommendations.effect')
      const { body } = await server.call('GET /admin/recommendation-effect', { days: 30 }, { as: auditor })
      const exposed = (of: [string, List][]) => of.reduce((sum, [, l]) => sum + l.items.length, 0)
      expect(body.personal).toMatchObject({
        units: personal.length,
        exposures: exposed(personal),
        clicks: personal.length,
        buyers: 3,
        orders: 3,
        revenueFen: 5 * 2000,
      })
      expect(body.control).toMatchObject({ units: control.length, buyers: 1, orders: 1, revenueFen: 2000 })
      expect(body.difference.buyRate).toBeNull()
      expect(body.conclusion).toContain(`对照组目前 ${control.length} 人次`)
      const elsewhere = await server.call('GET /admin/recommendation-effect', { slot: 'again' }, { as: auditor })
      expect(elsewhere.body.personal.units).toBe(0)
    })
  })

  test('coupons and rewards come with a reason; off means without the member’s tastes', async () => {
    const coupons = await listFor(shop.tea[0], { slot: 'coupons' })
    expect(coupons.items).toEqual([])
    const rewards = await listFor(shop.tea[0], { slot: 'rewards' })
    expect(rewards.items).toEqual([])
    const template = {
      name: '茶具满减券',
      description: '',
      rule: {
        kind: 'amount',
        amountFen: 500,
        minSpendFen: 1000,
        categories: ['茶具'],
        validity: { kind: 'relative', days: 30 },
      },
      issue: { stock: 100, perMember: 1 },
    } as const
    for (const draft of [
      template,
      { ...template, name: '咖啡满减券', rule: { ...template.rule, categories: ['咖啡'] } },
    ]) {
      const made = await server.call('POST /admin/coupon-templates', draft as never, { as: owner })
      expect(made.error).toBeUndefined()
      await server.call(
        'POST /admin/coupon-templates/:templateId/state',
        { templateId: made.body.id, version: made.body.version, to: 'published' },
        { as: owner },
      )
    }
    const tea = await listFor(shop.tea[0], { slot: 'coupons' })
    expect(tea.items[0]).toMatchObject({ kind: 'coupon', name: '茶具满减券', action: 'claim', reason: '你常买茶具' })
    const coffee = await listFor(shop.coffee[0], { slot: 'coupons' })
    expect(coffee.items[0]).toMatchObject({ name: '咖啡满减券', reason: '你常买咖啡' })
    await server.call('PUT /me/personalisation', { on: false, channel: 'h5' }, { as: await as(shop.tea[0]) })
    const off = await listFor(shop.tea[0], { slot: 'coupons' })
    expect(off.basis).toBe('off')
    expect(off.items.map((i) => i.reason).join()).not.toContain('你常买')
  })
})
