import { describeEachDatabase } from '../support/databases'
import { openStore, type Person, signInOperator, testPassword } from '../support/people'
import { startServer, type TestServer } from '../support/server'

const device = { id: 'desk', platform: 'admin' } as const

describeEachDatabase('accounts, stores and audit', (database) => {
  let server: TestServer
  let owner: Person & { username: string }
  let storeId: string
  let made = 0
  beforeAll(async () => {
    server = await startServer({ database })
    storeId = await openStore(server)
    owner = await signInOperator(server, { role: 'owner' })
  })
  afterAll(() => server.stop())
  const codeOf = (a: { status: number; error?: { code: string } }) => [a.status, a.error?.code]
  const fresh = (more: object = {}) => ({
    username: `clerk-${++made}`,
    name: '新店员',
    role: 'cashier' as const,
    storeIds: [storeId],
    password: testPassword,
    ...more,
  })
  const create = (more: object = {}, key?: string) =>
    server.call('POST /admin/operators', fresh(more), { as: owner.token, idempotencyKey: key })
  const change = (operatorId: string, input: object) =>
    server.call('PATCH /admin/operators/:operatorId', { operatorId, ...input }, { as: owner.token })
  const enter = (username: string, password = testPassword) =>
    server.call('POST /auth/operator', { username, password, device })

  describe('accounts', () => {
    test('a new one signs in, and the list shows it with its stores and a masked phone', async () => {
      const { body } = await create({ phone: '13211110001' })
      expect(body).toMatchObject({
        role: 'cashier',
        phoneMasked: '132****0001',
        stores: [{ id: storeId, name: '静安寺店' }],
        active: true,
        lastSeenAt: null,
      })
      expect((await enter(body.username)).status).toBe(200)
      const list = await server.call('GET /admin/operators', { q: body.username }, { as: owner.token })
      expect(list.body.items).toEqual([{ ...body, lastSeenAt: server.clock.now() }])
      const inStore = await server.call('GET /admin/operators', { storeId, limit: 100 }, { as: owner.token })
      expect(inStore.body.items.map((o) => o.id)).toContain(body.id)
      expect(inStore.body.items.map((o) => o.id)).not.toContain(owner.id)
    })
    test('names and phones are unique, also when they are taken at once', async () => {
      const same = await Promise.all(Array.from({ length: 10 }, () => create({ username: 'same-name' })))
      expect(same.filter((a) => a.status === 200)).toHaveLength(1)
      expect(same.filter((a) => a.error?.code === 'username_taken')).toHaveLength(9)
      const phones = await Promise.all(Array.from({ length: 10 }, () => create({ phone: '13211110002' })))
      expect(phones.filter((a) => a.status === 200)).toHaveLength(1)
      expect(phones.filter((a) => a.error?.code === 'phone_taken')).toHaveLength(9)
      const other = (await create()).body
      expect(codeOf(await change(other.id, { phone: '13211110002' }))).toEqual([409, 'phone_taken'])
    })
    test('a repeat with one key makes one account', async () => {
      const input = fresh()
      const options = { as: owner.token, idempotencyKey: 'create-operator-1' }
      const answers = await Promise.all([0, 1, 2].map(() => server.call('POST /admin/operators', input, options)))
      expect(new Set(answers.map((a) => a.body.id)).size).toBe(1)
      const other = await server.call('POST /admin/operators', { ...input, name: '别人' }, options)
      expect(codeOf(other)).toEqual([422, 'idempotency_key_reused'])
    })
    test.each([
      ['a counter role without a store', { storeIds: [] }, 400, 'invalid_input'],
      ['a store that does not exist', { storeIds: ['nowhere'] }, 404, 'store_not_found'],
      ['a short password', { password: 'short' }, 400, 'invalid_input'],
      ['a user name with capitals', { username: 'Clerk' }, 400, 'invalid_input'],
      ['an unknown role', { role: 'boss' }, 400, 'invalid_input'],
      ['an unknown field', { allStores: 1 }, 400, 'invalid_input'],
    ])('%s is refused and makes nothing', async (_, more, status, code) => {
      const count = async () => (await server.deps.db.read('SELECT id FROM operator')).length
      const before = await count()
      expect(codeOf(await create(more))).toEqual([status, code])
      expect(await count()).toBe(before)
    })
    test('a new password ends the sessions; the old one is worth nothing', async () => {
      const { body } = await create()
      const session = (await enter(body.username)).body
      expect((await change(body.id, { password: 'another long password' })).status).toBe(200)
      server.clock.advance(6_000)
      const inStore = await server.call('GET /staff/me', {}, { as: session.accessToken })
      expect(codeOf(inStore)).toEqual([401, 'session_revoked'])
      expect(codeOf(await enter(body.username))).toEqual([401, 'wrong_credentials'])
      expect((await enter(body.username, 'another long password')).status).toBe(200)
    })
    test('switched off: no session, no sign-in; switched on again: back', async () => {
      const { body } = await create()
      const session = (await enter(body.username)).body
      expect((await change(body.id, { active: false })).body.active).toBe(false)
      server.clock.advance(6_000)
      expect((await server.call('GET /staff/me', {}, { as: session.accessToken })).status).toBe(401)
      expect(codeOf(await enter(body.username))).toEqual([403, 'account_disabled'])
      await change(body.id, { active: true })
      expect((await enter(body.username)).status).toBe(200)
    })
    test('another role takes effect and asks for its stores', async () => {
      const { body } = await create()
      const everywhere = await change(body.id, { role: 'auditor', storeIds: [] })
      expect(everywhere.body).toMatchObject({ role: 'auditor', stores: [] })
      expect(codeOf(await change(body.id, { role: 'cashier' }))).toEqual([400, 'invalid_input'])
      expect((await change(body.id, { role: 'cashier', storeIds: [storeId] })).body.stores).toHaveLength(1)
    })
    test('a phone can be taken away', async () => {
      const { body } = await create({ phone: '13211110003' })
      expect((await change(body.id, { phone: null })).body.phoneMasked).toBeNull()
      expect((await create({ phone: '13211110003' })).status).toBe(200)
    })
    test('the last owner stays, also when two owners switch each other off at once', async () => {
      expect(codeOf(await change(owner.id, { active: false }))).toEqual([409, 'last_owner'])
      expect(codeOf(await change(owner.id, { role: 'operator' }))).toEqual([409, 'last_owner'])
      const second = await signInOperator(server, { role: 'owner' })
      // Both are known to the server, so that neither is stopped at the door by the other's change.
      for (const { token } of [owner, second]) await server.call('GET /admin/me', {}, { as: token })
      const answers = await Promise.all([
        server.call(
          'PATCH /admin/operators/:operatorId',
          { operatorId: owner.id, role: 'operator' },
          { as: second.token },
        ),
        server.call(
          'PATCH /admin/operators/:operatorId',
          { operatorId: second.id, role: 'operator' },
          { as: owner.token },
        ),
      ])
      expect(answers.map((a) => a.status).sort()).toEqual([200, 409])
      const owners = await server.deps.db.read("SELECT id FROM operator WHERE role = 'owner' AND active = 1")
      expect(owners).toHaveLength(1)
      // Back to what the other tests expect.
      await server.deps.db.tx(async (tx) => tx.write("UPDATE operator SET role = 'owner' WHERE id = ?", [owner.id]))
      owner = { ...owner, token: (await enter(owner.username)).body.accessToken }
    })
    test('nobody by that id', async () => {
      expect(codeOf(await change('nobody', { name: '谁' }))).toEqual([404, 'operator_not_found'])
    })
    test('pages of the list hold everybody once', async () => {
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const { body } = await server.call('GET /admin/operators', { limit: 3, cursor }, { as: owner.token })
        seen.push(...body.items.map((o) => o.id))
        cursor = body.nextCursor ?? undefined
      } while (cursor)
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toHaveLength((await server.deps.db.read('SELECT id FROM operator')).length)
    })
    test('only the owner may write', async () => {
      const operator = await signInOperator(server, { role: 'operator' })
      const manager = await signInOperator(server, { role: 'manager', storeIds: [storeId] })
      for (const { token } of [operator, manager]) {
        expect((await server.call('GET /admin/operators', {}, { as: token })).status).toBe(200)
        expect((await server.call('POST /admin/operators', fresh(), { as: token })).status).toBe(403)
      }
    })
  })

  describe('stores', () => {
    const input = () => ({
      code: `s-${++made}`,
      name: '陆家嘴店',
      address: '世纪大道 8 号',
      hours: '9–21',
      phone: '021-1',
    })
    test('a new one is open, without figures, and members see it', async () => {
      const given = input()
      const { body } = await server.call('POST /admin/stores', given, { as: owner.token })
      expect(body).toMatchObject({
        ...given,
        active: true,
        staff: 0,
        purchases30d: 0,
        amount30dFen: 0,
        brandName: '拾光生活馆',
      })
      const { items } = (await server.call('GET /stores', {})).body
      expect(items.find((s) => s.id === body.id)).toEqual({
        id: body.id,
        name: given.name,
        address: given.address,
        hours: given.hours,
        phone: given.phone,
        brandName: '拾光生活馆',
      })
    })
    test('a code is taken once', async () => {
      const given = input()
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => server.call('POST /admin/stores', given, { as: owner.token })),
      )
      expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
      expect(answers.filter((a) => a.error?.code === 'store_code_taken')).toHaveLength(7)
    })
    test('a closed one disappears for members and for the counter', async () => {
      const { body } = await server.call('POST /admin/stores', input(), { as: owner.token })
      const cashier = await signInOperator(server, { role: 'cashier', storeIds: [body.id] })
      const closed = await server.call(
        'PATCH /admin/stores/:storeId',
        { storeId: body.id, active: false },
        { as: owner.token },
      )
      expect(closed.body).toMatchObject({ active: false, name: '陆家嘴店', staff: 1 })
      expect((await server.call('GET /stores', {})).body.items.map((s) => s.id)).not.toContain(body.id)
      const join = { storeId: body.id, phone: '13211110010', consent: true } as const
      expect(codeOf(await server.call('POST /staff/members', join, { as: cashier.token }))).toEqual([
        404,
        'store_not_found',
      ])
      const all = await server.call('GET /admin/stores', { limit: 100 }, { as: owner.token })
      expect(all.body.items.map((s) => s.id)).toContain(body.id)
    })
    test('search takes its own words literally', async () => {
      for (const q of ['%', '_', "' OR 1=1 --"]) {
        const { status, body } = await server.call('GET /admin/stores', { q }, { as: owner.token })
        expect([status, body.items]).toEqual([200, []])
      }
      const found = await server.call('GET /admin/stores', { q: '静安' }, { as: owner.token })
      expect(found.body.items.map((s) => s.id)).toEqual([storeId])
    })
    test('nothing by that id', async () => {
      const missing = await server.call(
        'PATCH /admin/stores/:storeId',
        { storeId: 'nowhere', name: '无' },
        { as: owner.token },
      )
      expect(codeOf(missing)).toEqual([404, 'store_not_found'])
    })
  })

  describe('audit', () => {
    test('keeps who did what to whom, without passwords and phones, and not what was undone', async () => {
      const before = await server.call('GET /admin/audits', { limit: 1 }, { as: owner.token })
      const { body, headers } = await create({ phone: '13211110020' })
      await create({ username: body.username })
      const changed = await change(body.id, { name: '改名' })
      const after = await server.call('GET /admin/audits', { operatorId: owner.id, limit: 100 }, { as: owner.token })
      const fresh = after.body.items.filter((a) => a.id > (before.body.items[0]?.id ?? ''))
      expect(fresh.map((a) => [a.action, a.subject])).toEqual([
        ['PATCH /admin/operators/:operatorId', body.id],
        ['POST /admin/operators', null],
      ])
      expect(fresh[1].requestId).toBe(headers.get('x-request-id'))
      expect(fresh[0].requestId).toBe(changed.headers.get('x-request-id'))
      expect(JSON.stringify(fresh)).not.toMatch(/13211110020|correct horse/)
      expect(fresh[1]).toMatchObject({ title: '新建账号', operatorName: expect.stringContaining('owner') })
    })
    test('filters by day, act and subject, and pages without gaps', async () => {
      const today = await server.call(
        'GET /admin/audits',
        { from: '2026-11-22', to: '2026-11-22', limit: 100 },
        { as: owner.token },
      )
      expect(today.body.items.length).toBeGreaterThan(5)
      const yesterday = await server.call('GET /admin/audits', { to: '2026-11-21' }, { as: owner.token })
      expect(yesterday.body.items).toEqual([])
      const action = 'POST /admin/stores'
      const stores = await server.call('GET /admin/audits', { action }, { as: owner.token })
      expect(new Set(stores.body.items.map((a) => a.action))).toEqual(new Set([action]))
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const { body } = await server.call('GET /admin/audits', { limit: 4, cursor }, { as: owner.token })
        seen.push(...body.items.map((a) => a.id))
        cursor = body.nextCursor ?? undefined
      } while (cursor)
      expect(seen).toEqual([...new Set(seen)].sort().reverse())
      expect(seen).toHaveLength((await server.deps.db.read('SELECT id FROM audit')).length)
    })
    test('a cashier may not read it', async () => {
      const cashier = await signInOperator(server, { role: 'cashier', storeIds: [storeId] })
      expect(codeOf(await server.call('GET /admin/audits', {}, { as: cashier.token }))).toEqual([403, 'forbidden'])
    })
  })
})
