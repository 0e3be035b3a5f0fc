import { randomUUID } from 'node:crypto'
import { checkInvariants } from '../../server/invariants/service'
import { createRunner } from '../../server/jobs/runner'
import { schedule } from '../../server/schedule'
import { HOUR_MS } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { insertMembers, insertShop } from '../support/ledger'
import { startServer, type TestServer } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'

const members = Array.from({ length: 13 }, (_, i) => `m${String(i).padStart(2, '0')}`)

describeEachDatabase('Coupons given to a friend, over HTTP', (database) => {
  let server: TestServer
  let templateId: string
  const tokens = new Map<string, string>()
  const as = (m: string) => ({ as: tokens.get(m) })
  const claimed = async (m: string): Promise<string> =>
    (await server.call('POST /me/coupons', { templateId }, as(m))).body.couponId
  const give = (m: string, couponId: string) =>
    server.call('POST /me/coupons/:couponId/gifts', { couponId, note: '请你喝茶' }, as(m))
  const take = (m: string, token: string) => server.call('POST /me/coupon-gifts/claims', { token }, as(m))
  const statusOf = async (m: string, couponId: string) =>
    (await server.call('GET /me/coupons/:couponId', { couponId }, as(m))).body?.status

  beforeAll(async () => {
    server = await startServer({ database })
    const now = server.clock.now()
    await insertShop(server.deps.db, now)
    await insertMembers(server.deps.db, members, now)
    for (const m of members) tokens.set(m, await memberToken(server, m))
    const owner = await operatorToken(server, 'owner')
    const made = await server.call(
      'POST /admin/coupon-templates',
      {
        name: '满减券',
        description: '测试用',
        rule: { kind: 'amount', amountFen: 3000, minSpendFen: 20_000, validity: { kind: 'relative', days: 7 } },
        issue: { stock: 13, perMember: 1 },
      },
      { as: owner },
    )
    templateId = made.body.id
    await server.call(
      'POST /admin/coupon-templates/:templateId/state',
      { templateId, version: 1, to: 'published' },
      { as: owner },
    )
  })
  afterAll(() => server?.stop())

  test('one coupon in one link, taken by one of ten friends, with its last day', async () => {
    const couponId = await claimed('m00')
    const before = (await server.call('GET /me/coupons/:couponId', { couponId }, as('m00'))).body
    expect(before.giftable).toBe(true)
    const links = await Promise.all(Array.from({ length: 10 }, () => give('m00', couponId)))
    expect(links.filter((a) => a.status === 200)).toHaveLength(1)
    expect(links.find((a) => a.status === 409)?.error?.message).toBe('这张券正在转赠，不能使用')
    const link = links.find((a) => a.status === 200)?.body
    const token = link?.token as string
    expect(await statusOf('m00', couponId)).toBe('giving')
    expect((await server.call('GET /coupon-gifts/:token', { token })).body).toMatchObject({
      fromMasked: '会**',
      note: '请你喝茶',
      state: 'waiting',
      face: { name: '满减券' },
    })
    expect((await take('m00', token)).error?.code).toBe('gift_self')
    const friends = members.slice(1, 11)
    const answers = await Promise.all(friends.map((m) => take(m, token)))
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
    expect(answers.find((a) => a.status === 409)?.error?.code).toBe('gift_closed')
    const got = answers.find((a) => a.status === 200)?.body
    expect(got).toMatchObject({ status: 'usable', source: 'gift', validTo: before.validTo, giftable: false })
    const winner = friends[answers.findIndex((a) => a.status === 200)]
    expect((await give(winner, got?.id as string)).error?.message).toBe('好友送的券不能再转送')
    expect(await statusOf('m00', couponId)).toBe('given')
    // Giving it away does not give the turn back.
    expect((await server.call('POST /me/coupons', { templateId }, as('m00'))).error?.code).toBe('coupon_member_limit')
    const list = await server.call('GET /me/coupon-gifts', {}, as('m00'))
    expect(list.body.items).toMatchObject([{ state: 'claimed', otherMasked: '会**', token: null }])
  })

  test('revoked while taken: one of them happens', async () => {
    const couponId = await claimed('m11')
    const { body } = await give('m11', couponId)
    const [revoked, taken] = await Promise.all([
      server.call('POST /me/coupon-gifts/:giftId/revoke', { giftId: body.giftId }, as('m11')),
      take('m05', body.token),
    ])
    expect([revoked.status, taken.status].sort()).toEqual([200, 409])
    expect(await statusOf('m11', couponId)).toBe(revoked.status === 200 ? 'usable' : 'given')
    expect((await give('m05', couponId)).error?.code).toBe('coupon_not_found')
  })

  test('a link nobody opened brings the coupon back', async () => {
    const couponId = await claimed('m12')
    const { body, status } = await give('m12', couponId)
    expect(status).toBe(200)
    server.clock.advance(73 * HOUR_MS)
    expect((await take('m08', body.token)).error?.code).toBe('gift_closed')
    const job = schedule.find((j) => j.name === 'coupons.return-gifts')
    if (!job) throw new Error('no job')
    for (let i = 0; i < 2; i++) {
      const started = await createRunner(server.deps, [], 'test').runNow(job, randomUUID())
      await started?.ended
    }
    expect(await statusOf('m12', couponId)).toBe('usable')
  })

  test('after all this the books close', async () => {
    expect((await checkInvariants(server.deps.db)).filter((f) => f.broken)).toEqual([])
  })
})
