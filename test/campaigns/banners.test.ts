import { DAY_MS, HOUR_MS } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { insertMembers, insertShop } from '../support/ledger'
import { startServer, type TestServer } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'

describeEachDatabase('Banners of the home page', (database) => {
  let server: TestServer
  let owner: string
  const people = ['ba', 'bb', 'bc']
  const tokens = new Map<string, string>()
  const as = (m: string) => ({ as: tokens.get(m) })
  const draft = (more: object = {}) => ({
    title: '冬日茶会',
    text: '周末到店，热茶一杯',
    picture: 'art:lanterns',
    link: 'packages/mall/index',
    segmentId: null,
    startsAt: server.clock.now() - HOUR_MS,
    endsAt: server.clock.now() + 7 * DAY_MS,
    priority: 5,
    ...more,
  })
  const make = async (more: object = {}) => (await server.call('POST /admin/banners', draft(more), { as: owner })).body
  const publish = async (more: object = {}) => {
    const { id: bannerId, version } = await make(more)
    const to = 'published' as const
    const moved = await server.call('POST /admin/banners/:bannerId/state', { bannerId, version, to }, { as: owner })
    expect(moved.status).toBe(200)
    return moved.body
  }
  const titles = async (m: string) => (await server.call('GET /me/home', {}, as(m))).body.banners.map((b) => b.title)
  const see = (m: string, bannerId: string, kind: 'exposure' | 'tap') =>
    server.call('POST /me/banners/events', { events: [{ bannerId, kind }] }, as(m))

  beforeAll(async () => {
    server = await startServer({ database })
    const now = server.clock.now()
    await insertShop(server.deps.db, now)
    await insertMembers(server.deps.db, people, now)
    for (const m of people) tokens.set(m, await memberToken(server, m))
    owner = await operatorToken(server, 'owner')
  })
  afterAll(() => server?.stop())

  test('strangers and wrong roles are turned away, bad input is refused', async () => {
    expect((await server.call('GET /admin/banners', {})).status).toBe(401)
    expect((await server.call('POST /admin/banners', draft(), as('ba'))).status).toBe(403)
    const cashier = await operatorToken(server, 'cashier')
    expect((await server.call('POST /admin/banners', draft(), { as: cashier })).status).toBe(403)
    expect((await server.call('POST /me/banners/events', { events: [{ bannerId: 'x', kind: 'tap' }] })).status).toBe(
      401,
    )
    for (const wrong of [
      { title: '' },
      { picture: 'javascript:alert(1)' },
      { link: 'https://example.com' },
      { endsAt: server.clock.now() - 2 * HOUR_MS },
      { endsAt: server.clock.now() + 400 * DAY_MS },
    ])
      expect((await server.call('POST /admin/banners', draft(wrong), { as: owner })).status).toBe(400)
    const gone = await server.call('POST /admin/banners', draft({ segmentId: 'nobody' }), { as: owner })
    expect(gone.error?.code).toBe('segment_not_found')
    const photo = { picture: `/api/uploads/${'0'.repeat(32)}.png` }
    expect((await server.call('POST /admin/banners', draft(photo), { as: owner })).error?.code).toBe('upload_not_found')
  })

  test('home shows what is published and within its time, the weightiest three', async () => {
    await make({ title: '草稿' })
    await publish({ title: '还没开始', startsAt: server.clock.now() + DAY_MS })
    await publish({ title: '最轻', priority: 1 })
    await publish({ title: '中', priority: 5 })
    await publish({ title: '重', priority: 9 })
    await publish({ title: '次重', priority: 8 })
    expect(await titles('ba')).toEqual(['重', '次重', '中'])
    const visitor = (await server.call('GET /home', {})).body
    expect(visitor.banners.map((b) => b.title)).toEqual(['重', '次重', '中'])
    const { items } = (await server.call('GET /admin/banners', { state: 'published' }, { as: owner })).body
    for (const { id: bannerId, version } of items)
      await server.call('POST /admin/banners/:bannerId/state', { bannerId, version, to: 'ended' }, { as: owner })
    expect(await titles('ba')).toEqual([])
  })

  test('one for a group is seen by those inside it who allow personal offers', async () => {
    const tree = { join: 'all' as const, of: [{ field: 'gender', op: 'in' as const, value: ['unknown'] }] }
    const segment = (await server.call('POST /admin/segments', { name: '都在', tree }, { as: owner })).body
    const only = await publish({ title: '专属', segmentId: segment.id })
    expect(only.segmentName).toBe('都在')
    await server.deps.db.tx(async (tx) =>
      tx.insert(
        'segment_member',
        ['ba', 'bb'].map((memberId) => ({ segmentId: segment.id, memberId, inside: 1, since: server.clock.now() })),
      ),
    )
    await server.call('PUT /me/personalisation', { on: false, channel: 'h5' }, as('bb'))
    expect([await titles('ba'), await titles('bb'), await titles('bc')]).toEqual([['专属'], [], []])
    expect((await server.call('GET /home', {})).body.banners).toEqual([])
    const held = await server.call(
      'DELETE /admin/segments/:segmentId',
      { segmentId: segment.id, version: segment.version } as never,
      { as: owner },
    )
    expect(held.status).toBe(409)
  })

  test('a sight and a tap count once a member and day, whoever asks how often', async () => {
    const banner = await publish({ title: '数一数' })
    await Promise.all(Array.from({ length: 12 }, () => see('ba', banner.id, 'exposure')))
    expect((await see('ba', banner.id, 'exposure')).body.accepted).toBe(0)
    expect((await see('ba', banner.id, 'tap')).body.accepted).toBe(1)
    await see('bb', banner.id, 'exposure')
    expect((await see('bb', 'nosuch', 'exposure')).body.accepted).toBe(0)
    server.clock.advance(DAY_MS)
    await see('ba', banner.id, 'exposure')
    const shown = (await server.call('GET /admin/banners/:bannerId', { bannerId: banner.id }, { as: owner })).body
    expect(shown.figures).toEqual({ exposures: 3, taps: 1, reached: 2, tapped: 1 })
    expect(shown.daily).toEqual([
      { on: '2026-11-22', exposures: 2, taps: 1 },
      { on: '2026-11-23', exposures: 1, taps: 0 },
    ])
  })

  test('two editors meet at the version; what has ended stays as it was; a draft can go', async () => {
    const { id: bannerId, version } = await make()
    const put = (title: string) =>
      server.call('PUT /admin/banners/:bannerId', { bannerId, version, ...draft({ title }) }, { as: owner })
    const answers = await Promise.all([put('甲'), put('乙')])
    expect(answers.map((a) => a.status).sort()).toEqual([200, 409])
    const loser = answers.find((a) => a.status === 409)
    expect(loser?.error?.code).toBe('banner_conflict')
    expect((await server.call('DELETE /admin/banners/:bannerId', { bannerId }, { as: owner })).status).toBe(200)
    expect((await server.call('GET /admin/banners/:bannerId', { bannerId }, { as: owner })).status).toBe(404)
    const live = await publish()
    const end = { bannerId: live.id, version: live.version, to: 'ended' as const }
    const ended = await Promise.all(
      [0, 1].map(() => server.call('POST /admin/banners/:bannerId/state', end, { as: owner })),
    )
    expect(ended.map((a) => a.status).sort()).toEqual([200, 409])
    const late = { bannerId: live.id, version: live.version + 1, ...draft() }
    expect((await server.call('PUT /admin/banners/:bannerId', late, { as: owner })).error?.code).toBe(
      'banner_bad_state',
    )
    expect((await server.call('DELETE /admin/banners/:bannerId', { bannerId: live.id }, { as: owner })).status).toBe(
      409,
    )
  })
})
