import { randomUUID } from 'node:crypto'
import { checkInvariants } from '../../server/invariants/service'
import type { Input } from '../../shared/contract'
import { describeEachDatabase } from '../support/databases'
import { insertMembers, insertShop } from '../support/ledger'
import { startServer, type TestServer } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'

type Draft = Input<'POST /admin/coupon-templates'>
const members = Array.from({ length: 64 }, (_, i) => `m${String(i).padStart(2, '0')}`)
const draft = (
  more: Partial<Draft> = {},
  rule: Partial<Draft['rule']> = {},
  issue: Partial<Draft['issue']> = {},
): Draft => ({
  name: '满减券',
  description: '测试用',
  rule: { kind: 'amount', amountFen: 3000, minSpendFen: 20_000, validity: { kind: 'relative', days: 7 }, ...rule },
  issue: { stock: 100, perMember: 1, ...issue },
  ...more,
})

describeEachDatabase('Coupons over HTTP', (database) => {
  let server: TestServer
  let owner: string
  let cashier: string
  const tokens = new Map<string, string>()
  const claim = (memberId: string, templateId: string, idempotencyKey: string = randomUUID()) =>
    server.call('POST /me/coupons', { templateId }, { as: tokens.get(memberId), idempotencyKey })
  const publish = async (input: Draft): Promise<string> => {
    const made = await server.call('POST /admin/coupon-templates', input, { as: owner })
    expect(made.status).toBe(200)
    const published = await server.call(
      'POST /admin/coupon-templates/:templateId/state',
      { templateId: made.body.id, version: made.body.version, to: 'published' },
      { as: owner },
    )
    expect(published.status).toBe(200)
    return made.body.id
  }
  const scanOf = async (memberId: string, id = `scan${memberId}${randomUUID().slice(0, 8)}`): Promise<string> => {
    const now = server.clock.now()
    await server.deps.db.tx(async (tx) =>
      tx.insert('scan', [
        {
          id,
          memberId,
          storeId: 'store1',
          operatorId: 'opcashierstore1',
          via: 'code',
          createdAt: now,
          expiresAt: now + 180_000,
        },
      ]),
    )
    return id
  }

  beforeAll(async () => {
    server = await startServer({ database })
    await insertShop(server.deps.db, server.clock.now())
    await insertMembers(server.deps.db, members, server.clock.now())
    for (const m of members) tokens.set(m, await memberToken(server, m))
    owner = await operatorToken(server, 'owner')
    cashier = await operatorToken(server, 'cashier', ['store1'])
  })
  afterAll(() => server?.stop())

  test('stock 1 with 64 claims gives one coupon', async () => {
    const id = await publish(draft({}, {}, { stock: 1 }))
    const answers = await Promise.all(members.map((m) => claim(m, id)))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(answers.find((a) => a.status === 409)?.error).toMatchObject({
      code: 'coupon_out_of_stock',
      details: { stock: 1 },
    })
    const [{ n }] = await server.deps.db.read<{ n: number }>('SELECT COUNT(*) AS n FROM coupon WHERE templateId = ?', [
      id,
    ])
    expect(n).toBe(1)
  })

  test('one member with 20 hands gets what one member may have', async () => {
    const id = await publish(draft({}, {}, { perMember: 2 }))
    const answers = await Promise.all(Array.from({ length: 20 }, () => claim('m00', id)))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(2)
    expect(answers.find((a) => a.status === 409)?.error).toMatchObject({
      code: 'coupon_member_limit',
      details: { limit: 2, claimed: 2 },
    })
  })

  test('a day’s limit and a budget hold under 64 hands', async () => {
    const perDay = await publish(draft({}, {}, { perDay: 5 }))
    const day = await Promise.all(members.map((m) => claim(m, perDay)))
    expect(day.filter((a) => a.status === 200)).toHaveLength(5)
    expect(day.find((a) => a.status === 409)?.error?.code).toBe('coupon_day_limit')
    server.clock.advance(86_400_000)
    expect((await claim('m63', perDay)).status).toBe(200)
    const budget = await publish(draft({}, {}, { budgetFen: 10_000 }))
    const paid = await Promise.all(members.map((m) => claim(m, budget)))
    expect(paid.filter((a) => a.status === 200)).toHaveLength(3)
    expect(paid.find((a) => a.status === 409)?.error?.code).toBe('coupon_budget_used')
  })

  test('the same claim 50 times at once: one coupon, fifty equal answers', async () => {
    const id = await publish(draft())
    const key = randomUUID()
    const answers = await Promise.all(Array.from({ length: 50 }, () => claim('m01', id, key)))
    expect(new Set(answers.map((a) => `${a.status}${JSON.stringify(a.body)}`)).size).toBe(1)
    expect(answers[0].status).toBe(200)
  })

  test('one coupon redeemed 50 times at once: one redemption', async () => {
    const id = await publish(
      draft({ name: '兑换券' }, { kind: 'exchange', item: '香薰蜡烛', amountFen: undefined, minSpendFen: 0 }),
    )
    const { body } = await claim('m02', id)
    const scanId = await scanOf('m02')
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        server.call('POST /staff/redemptions', { scanId, couponId: body.couponId }, { as: cashier }),
      ),
    )
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(answers.find((a) => a.status === 409)?.error).toMatchObject({
      code: 'coupon_not_usable_status',
      message: '这张券已使用，不能使用',
    })
    const back = await Promise.all(
      Array.from({ length: 10 }, () =>
        server.call(
          'POST /staff/redemptions/:couponId/reverse',
          { couponId: body.couponId, reason: '按错了' },
          { as: cashier },
        ),
      ),
    )
    expect(back.filter((a) => a.status === 200)).toHaveLength(1)
    expect(
      (await server.call('GET /me/coupons/:couponId', { couponId: body.couponId }, { as: tokens.get('m02') })).body
        .status,
    ).toBe('usable')
    const events = await server.deps.db.read<{ kind: string }>(
      'SELECT kind FROM coupon_event WHERE couponId = ? ORDER BY id',
      [body.couponId],
    )
    expect(events.map((e) => e.kind)).toEqual(['redeem', 'reverse'])
  })

  test('a refusal names the failing rule with both values', async () => {
    const gold = await publish(draft({ name: '金叶券' }, { minTierLevel: 2 }))
    expect((await claim('m03', gold)).error?.message).toBe('需要金叶会员及以上，当前是新叶会员')
    const weekend = await publish(
      draft(
        { name: '周末券' },
        { kind: 'exchange', item: '茶', amountFen: undefined, minSpendFen: 0, weekdays: [6, 7] },
      ),
    )
    const { body } = await claim('m03', weekend)
    const scanId = await scanOf('m03')
    // The clock stands on Monday 2026-11-23.
    const refused = await server.call('POST /staff/redemptions', { scanId, couponId: body.couponId }, { as: cashier })
    expect(refused.error?.message).toBe('仅周六、周日可用，今天是周一')
    expect(
      (await server.call('GET /me/coupons/:couponId', { couponId: body.couponId }, { as: tokens.get('m03') })).body
        .blocked,
    ).toBe('仅周六、周日可用，今天是周一')
    expect(
      (await server.call('GET /me/coupons/:couponId', { couponId: body.couponId }, { as: tokens.get('m04') })).error
        ?.code,
    ).toBe('coupon_not_found')
  })

  test('a template’s life: checked before it is published, frozen after, never two editors at once', async () => {
    const bad = await server.call('POST /admin/coupon-templates', draft({}, { amountFen: 30_000 }), { as: owner })
    const refused = await server.call(
      'POST /admin/coupon-templates/:templateId/state',
      { templateId: bad.body.id, version: 1, to: 'published' },
      { as: owner },
    )
    expect(refused.error?.message).toContain('立减金额不能超过门槛')
    const id = await publish(draft())
    const shown = (await server.call('GET /admin/coupon-templates/:templateId', { templateId: id }, { as: owner })).body
    const change = (more: Partial<Draft>, version = shown.version) =>
      server.call(
        'PUT /admin/coupon-templates/:templateId',
        { templateId: id, version, ...draft(), ...more },
        { as: owner },
      )
    expect((await change({ rule: { ...draft().rule, amountFen: 5000 } })).error?.code).toBe(
      'coupon_template_not_editable',
    )
    expect((await change({}, shown.version - 1)).error?.code).toBe('coupon_template_conflict')
    const wider = await Promise.all([
      change({ issue: { ...draft().issue, stock: 300 } }),
      change({ issue: { ...draft().issue, stock: 200 } }),
    ])
    expect(wider.map((a) => a.status).sort()).toEqual([200, 409])
    const move = (to: 'paused' | 'published' | 'ended', version: number) =>
      server.call('POST /admin/coupon-templates/:templateId/state', { templateId: id, version, to }, { as: owner })
    expect((await move('paused', shown.version + 1)).status).toBe(200)
    expect((await claim('m05', id)).error?.code).toBe('coupon_template_bad_state')
    expect((await move('published', shown.version + 2)).status).toBe(200)
    expect((await claim('m05', id)).status).toBe(200)
    expect((await move('ended', shown.version + 3)).status).toBe(200)
    expect((await move('published', shown.version + 4)).error?.code).toBe('coupon_template_bad_state')
    expect((await server.call('POST /admin/coupon-templates', draft(), { as: cashier })).error?.code).toBe('forbidden')
  })

  test('a batch of grants answers each member, and a second run of it grants nothing', async () => {
    const id = await publish(draft({}, {}, { claimable: false, stock: 3 }))
    const grant = () =>
      server.call(
        'POST /admin/coupon-templates/:templateId/grants',
        { templateId: id, batchId: 'b1', memberIds: ['m06', 'm07', 'm08', 'm09', 'nobody'] },
        { as: owner },
      )
    const first = await grant()
    expect(first.body.granted).toBe(3)
    expect(first.body.refused.map((r) => r.code)).toEqual(['coupon_out_of_stock', 'member_not_found'])
    const second = await grant()
    expect(second.body.granted).toBe(0)
    expect(second.body.refused.map((r) => r.code).sort()).toEqual([
      'coupon_already_granted',
      'coupon_already_granted',
      'coupon_already_granted',
      'coupon_out_of_stock',
      'member_not_found',
    ])
    expect((await claim('m10', id)).error?.code).toBe('coupon_not_claimable')
  })

  test('five hundred refusals fit into the remembered answer', async () => {
    const id = await publish(draft({}, {}, { claimable: false, stock: 1 }))
    const memberIds = Array.from({ length: 500 }, (_, i) => `nobody${String(i).padStart(14, '0')}`)
    const key = randomUUID()
    const grant = () =>
      server.call(
        'POST /admin/coupon-templates/:templateId/grants',
        { templateId: id, batchId: 'b2', memberIds },
        { as: owner, idempotencyKey: key },
      )
    const first = await grant()
    expect(first.body.refused).toHaveLength(500)
    expect((await grant()).body).toEqual(first.body)
  })

  test('tabs, counts and the claim centre', async () => {
    const wallet = await server.call('GET /me/coupons', { tab: 'usable' }, { as: tokens.get('m00') })
    expect(wallet.body.counts.usable).toBe(wallet.body.items.length)
    expect(wallet.body.items[0].timeLeft).toMatch(/还有 \d+ 天|到期/)
    server.clock.advance(30 * 86_400_000)
    const later = await server.call('GET /me/coupons', { tab: 'expired' }, { as: tokens.get('m00') })
    expect(later.body.counts).toMatchObject({ usable: 0, expired: later.body.items.length })
    const open = await server.call('GET /me/coupons/claimable', {}, { as: tokens.get('m00') })
    expect(
      open.body.items.filter((t) => t.claimed >= t.perMember).every((t) => t.blocked?.startsWith('每人限领')),
    ).toBe(true)
    expect((await server.call('GET /coupons/claimable', {})).body.items.length).toBe(open.body.items.length)
  })

  test('the books close', async () => {
    expect((await checkInvariants(server.deps.db)).filter((f) => f.broken)).toEqual([])
  })
})
