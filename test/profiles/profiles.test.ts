import { randomUUID } from 'node:crypto'
import { checkInvariants } from '../../server/invariants/service'
import { describeEachDatabase } from '../support/databases'
import { insertMembers, insertShop } from '../support/ledger'
import { startServer, type TestServer } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'

describeEachDatabase('A profile completed for points', (database) => {
  let server: TestServer
  let owner: string
  const people = ['pa', 'pb', 'pc', 'pd', 'pe']
  const tokens = new Map<string, string>()
  const as = (m: string) => ({ as: tokens.get(m) })
  const birthday = { calendar: 'lunar', month: 5, day: 5 } as const
  const entries = (m: string) =>
    server.deps.db.read<{ sourceId: string; amount: number; note: string }>(
      "SELECT sourceId, amount, note FROM points_entry WHERE memberId = ? AND sourceType = 'profile' ORDER BY seq",
      [m],
    )

  beforeAll(async () => {
    server = await startServer({ database })
    const now = server.clock.now()
    await insertShop(server.deps.db, now)
    await insertMembers(server.deps.db, people, now)
    for (const m of people) tokens.set(m, await memberToken(server, m))
    owner = await operatorToken(server, 'owner')
  })
  afterAll(() => server?.stop())

  test('strangers and wrong roles are turned away', async () => {
    expect((await server.call('GET /me/profile', {})).status).toBe(401)
    expect((await server.call('PATCH /me', { name: '甲' })).status).toBe(401)
    expect((await server.call('GET /me/profile', {}, { as: owner })).status).toBe(403)
    expect((await server.call('GET /admin/profile-plan', {}, as('pa'))).status).toBe(403)
    const cashier = await operatorToken(server, 'cashier')
    expect((await server.call('GET /admin/profile-plan', {}, { as: cashier })).status).toBe(403)
  })

  test('each field is paid for once, whatever is changed later', async () => {
    const before = (await server.call('GET /me/profile', {}, as('pa'))).body
    expect(before).toMatchObject({ active: true, done: 1, total: 5, pointsLeft: 65, chosen: [] })
    // The name was there before: it counts as filled in and brings nothing.
    expect(before.fields.find((f) => f.field === 'name')).toMatchObject({ filled: true, paid: false, points: 0 })
    const saved = await server.call('PATCH /me', { birthday, interests: ['茶', '香氛'], name: '林晓雨' }, as('pa'))
    expect(saved.body.earned).toEqual([
      { field: 'birthday', title: '生日', points: 20 },
      { field: 'interests', title: '兴趣', points: 15 },
    ])
    expect(await entries('pa')).toEqual([
      { sourceId: 'birthday', amount: 20, note: '填写生日' },
      { sourceId: 'interests', amount: 15, note: '填写兴趣' },
    ])
    expect((await server.call('GET /me/profile', {}, as('pa'))).body).toMatchObject({
      done: 3,
      pointsLeft: 30,
      chosen: ['茶', '香氛'],
    })
    for (const interests of [[], ['茶']])
      expect((await server.call('PATCH /me', { interests }, as('pa'))).body.earned).toEqual([])
    expect(await entries('pa')).toHaveLength(2)
    const home = (await server.call('GET /me/home', {}, as('pa'))).body
    expect(home.profile).toEqual({ active: true, done: 3, total: 5, pointsLeft: 30 })
    expect(home.points.balance).toBe(35)
  })

  test('a repeat gets the same answer; of twenty at once one is paid', async () => {
    const idempotencyKey = randomUUID()
    const twice = await Promise.all(
      Array.from({ length: 8 }, () => server.call('PATCH /me', { interests: ['茶'] }, { ...as('pb'), idempotencyKey })),
    )
    expect(new Set(twice.map((a) => `${a.status}${JSON.stringify(a.body)}`)).size).toBe(1)
    expect(await entries('pb')).toHaveLength(1)
    const many = await Promise.all(
      Array.from({ length: 20 }, () => server.call('PATCH /me', { interests: ['咖啡'] }, as('pc'))),
    )
    expect(many.filter((a) => a.status === 200 && a.body.earned.length === 1)).toHaveLength(1)
    expect(many.every((a) => a.status === 200)).toBe(true)
    expect(await entries('pc')).toEqual([{ sourceId: 'interests', amount: 15, note: '填写兴趣' }])
  })

  test('a refused change pays nothing; an interest must be in the catalogue', async () => {
    const bad = await server.call('PATCH /me', { birthday, interests: ['没有的'] }, as('pd'))
    expect([bad.status, bad.error?.code]).toEqual([400, 'invalid_input'])
    const { interests: all } = (await server.call('GET /me/profile', {}, as('pd'))).body
    expect((await server.call('PATCH /me', { interests: all.slice(0, 9) }, as('pd'))).status).toBe(400)
    expect(await entries('pd')).toEqual([])
    expect((await server.call('GET /me', {}, as('pd'))).body.birthday).toBeNull()
  })

  test('the rules are data: two editors meet at the version, 0 points are not asked for, off pays nothing', async () => {
    const { figures, sentence, ...plan } = (await server.call('GET /admin/profile-plan', {}, { as: owner })).body
    expect(figures).toMatchObject({ members: 3, complete: 0, points: 65 })
    expect(figures.interests[0]).toEqual({ name: '茶', members: 2 })
    expect(sentence).toContain('生日 20 分')
    const put = (points: Partial<typeof plan.points>, more: object = {}) =>
      server.call('PUT /admin/profile-plan', { ...plan, points: { ...plan.points, ...points }, ...more }, { as: owner })
    const answers = await Promise.all([put({ birthday: 50 }), put({ birthday: 60 })])
    expect(answers.map((a) => a.status).sort()).toEqual([200, 409])
    const birthdayPoints = answers.find((a) => a.status === 200)?.body.points.birthday
    expect((await server.call('PATCH /me', { birthday }, as('pd'))).body.earned).toEqual([
      { field: 'birthday', title: '生日', points: birthdayPoints },
    ])
    expect((await put({ avatar: 0 }, { version: 1 })).status).toBe(200)
    const shown = (await server.call('GET /me/profile', {}, as('pd'))).body
    expect(shown.fields.map((f) => f.field)).toEqual(['name', 'birthday', 'phone', 'interests'])
    expect((await put({}, { version: 2, active: false })).status).toBe(200)
    expect((await server.call('PATCH /me', { birthday, interests: ['茶'] }, as('pe'))).body.earned).toEqual([])
    expect((await server.call('GET /me/home', {}, as('pe'))).body.profile.active).toBe(false)
    for (const wrong of [{ interests: ['茶', '茶'] }, { points: { ...plan.points, phone: -1 } }])
      expect((await put({}, { version: 3, ...wrong })).status).toBe(400)
  })

  test('a segment finds members by what they like', async () => {
    await server.deps.db.tx(async (tx) =>
      tx.write(
        `INSERT INTO segment_fact (memberId, gender, joinedBy, onDay) SELECT id, gender, joinedBy, '2026-11-22' FROM member`,
      ),
    )
    const count = (op: 'has_any' | 'has_all' | 'has_none', value: string[]) =>
      server.call(
        'POST /admin/segments/count',
        { tree: { join: 'all', of: [{ field: 'interests', op, value }] } },
        { as: owner },
      )
    const any = (await count('has_any', ['茶', '咖啡'])).body
    expect(any).toMatchObject({ count: 4, total: 5 })
    expect(any.sentence).toContain('茶')
    expect((await count('has_all', ['茶', '咖啡'])).body.count).toBe(0)
    expect((await count('has_none', ['茶'])).body.count).toBe(2)
  })

  test('after all this the books close', async () => {
    expect((await checkInvariants(server.deps.db)).filter((f) => f.broken)).toEqual([])
  })
})
