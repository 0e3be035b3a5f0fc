import { seedDemo, seedWhenEmpty } from '../../server/demo/service'
import { checkInvariants } from '../../server/invariants/service'
import { addDays, civilDay } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'

const device = { id: 'a-browser-of-the-test', platform: 'h5' } as const

describeEachDatabase('the demo shop', (database) => {
  let server: TestServer
  let told: string[]
  beforeAll(async () => {
    server = await startServer({ database })
    told = []
    await seedWhenEmpty(server.deps, (text) => told.push(text))
  }, 120_000)
  afterAll(() => server.stop())

  const count = async (table: string): Promise<number> =>
    Number((await server.deps.db.read<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`))[0].n)
  const member = async () => {
    const { body } = await server.call('POST /demo/sessions', { as: 'member', device })
    return { as: body.member?.accessToken }
  }

  test('is made in an empty database, with its progress told, and ends yesterday', async () => {
    expect(told[0]).toMatch(/database is empty/)
    expect(told.at(-1)).toMatch(/done in/)
    // 700 customers of the data set with 林知夏, and three friends she invited, two of whom have bought.
    expect([await count('member'), await count('purchase'), await count('store')]).toEqual([704, 3266, 3])
    const [last] = await server.deps.db.read<{ onDay: string }>('SELECT MAX(onDay) AS onDay FROM purchase')
    expect(last.onDay).toBe(addDays(civilDay(server.clock.now()), -1))
    expect(await count("shared_value WHERE name = 'demo-seed'")).toBe(0)
  })

  test('has closed books', async () => {
    expect((await checkInvariants(server.deps.db)).filter((f) => f.broken)).toEqual([])
  })

  test('tells the story of its member: tier, points about to expire, coupons of every tab, a birthday gift', async () => {
    const me = await member()
    const home = (await server.call('GET /me/home', {}, me)).body
    expect(home.member.name).toBe('林知夏')
    expect(home.tier).toMatchObject({ name: '金叶会员', nextName: '黑金会员', nextThreshold: 5000 })
    expect(home.tier.growth).toBeGreaterThan(3000)
    // 300 were about to expire; what she took from the mall went out of them first.
    expect(home.points.expiring).toEqual([{ on: '2026-11-30', points: 120 }])
    expect(home).toMatchObject({ usableCouponCount: 5, expiringTodayCount: 1 })
    expect(home.gifts).toMatchObject([{ kind: 'birthday', opened: false }])
    expect(home.goods.length).toBeGreaterThanOrEqual(4)
    const { counts } = (await server.call('GET /me/coupons', { tab: 'used' }, me)).body
    expect(counts).toEqual({ usable: 5, coming: 1, used: 1, expired: 1 })
  })

  test('has an owner, a cashier bound to a phone, and a till system that can sign in', async () => {
    for (const [username, role] of [
      ['demo-operator', 'owner'],
      ['demo-staff', 'cashier'],
      ['demo-pos', 'pos'],
    ]) {
      const answer = await server.call('POST /auth/operator', {
        username,
        password: 'huiyuan-demo',
        device: { id: 'a-till-of-the-test', platform: 'admin' },
      })
      expect([username, answer.status]).toEqual([username, 200])
      const [row] = await server.deps.db.read<{ role: string }>('SELECT role FROM operator WHERE username = ?', [
        username,
      ])
      expect(row.role).toBe(role)
    }
    const staff = (await server.call('POST /demo/sessions', { as: 'staff', device })).body
    const mine = (await server.call('GET /me', {}, { as: staff.member?.accessToken })).body
    expect(mine).toMatchObject({ name: '许安宁', staff: { role: '店员' } })
  })

  test('offers coupons to claim, and keeps a draft and an ended one for operators', async () => {
    const claimable = (await server.call('GET /coupons/claimable', {})).body.items.map((i) => i.face.name)
    expect(claimable).toEqual(expect.arrayContaining(['家居香氛满减券', '新人满减券']))
    expect(claimable).not.toContain('生日券')
    const states = await server.deps.db.read<{ state: string; n: number }>(
      'SELECT state, COUNT(*) AS n FROM coupon_template GROUP BY state ORDER BY state',
    )
    expect(states.map((s) => [s.state, Number(s.n)])).toEqual([
      ['draft', 1],
      ['ended', 1],
      ['published', 8],
    ])
  })

  test('is not made twice: a second start does nothing, a second seed adds nothing', async () => {
    const tables = [
      'member',
      'purchase',
      'refund',
      'points_entry',
      'growth_entry',
      'coupon',
      'care_gift',
      'operator',
      'tier',
      'message',
    ]
    const before = await Promise.all(tables.map(count))
    const again: string[] = []
    await seedWhenEmpty(server.deps, (text) => again.push(text))
    expect(again).toEqual([])
    await seedDemo(server.deps, () => undefined)
    expect(await Promise.all(tables.map(count))).toEqual(before)
  }, 120_000)
})

describe('an interrupted seed', () => {
  let server: TestServer
  beforeEach(async () => {
    server = await startServer({ database: 'sqlite' })
  })
  afterEach(() => server.stop())

  test('is finished at the next start', async () => {
    const { db } = server.deps
    const say = (text: string): void => {
      if (text.includes('coupons, and the story')) throw new Error('power cut')
    }
    await expect(seedWhenEmpty(server.deps, say)).rejects.toThrow('power cut')
    expect(await db.read('SELECT id FROM care_gift')).toEqual([])
    await seedWhenEmpty(server.deps, () => undefined)
    expect((await db.read('SELECT id FROM care_gift')).length).toBeGreaterThan(0)
  }, 120_000)

  test('never touches a shop of somebody’s own', async () => {
    await server.deps.db.tx(async (tx) =>
      tx.insert('store', [
        { id: 's', brandId: 'b', code: 'X', name: '店', address: '', hours: '', phone: '', active: 1, createdAt: 0 },
      ]),
    )
    await seedWhenEmpty(server.deps, () => {
      throw new Error('must not seed')
    })
    expect(await server.deps.db.read('SELECT id FROM member')).toEqual([])
  })
})
