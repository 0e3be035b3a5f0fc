import { joinMember } from '../../server/members/service'
import { describeEachDatabase } from '../support/databases'
import { openStore, type Person, signInByPhone, signInByWechat, signInOperator } from '../support/people'
import { startServer, type TestServer } from '../support/server'

const many = 50
const device = { id: 'device-1', platform: 'weapp' } as const

describeEachDatabase('joining', (database) => {
  let server: TestServer
  let storeId: string
  let cashier: Person
  beforeAll(async () => {
    server = await startServer({ database })
    storeId = await openStore(server)
    cashier = await signInOperator(server, { role: 'cashier', storeIds: [storeId] })
  })
  afterAll(() => server.stop())
  const count = async (): Promise<number> =>
    Number((await server.deps.db.read<{ n: number }>('SELECT COUNT(*) AS n FROM member'))[0].n)

  test('by WeChat: the first time joins, the second time finds the same member', async () => {
    const first = await server.call('POST /auth/wechat', {
      code: (await server.sandbox<{ code: string }>('login', { user: 'lin' })).code,
      device,
      inviteStoreId: storeId,
    })
    expect(first.status).toBe(200)
    expect(first.body.joined).toBe(true)
    const me = await server.call('GET /me', {}, { as: first.body.accessToken })
    expect(me.body).toMatchObject({ phoneMasked: null, joinedOn: '2026-11-22', personalised: true, staff: null })
    expect(me.body.cardNo).toMatch(/^\d{8}$/)
    const again = await signInByWechat(server, 'lin')
    expect(again.id).toBe(me.body.id)
    const [row] = await server.deps.db.read<{ joinedStoreId: string }>(
      'SELECT joinedStoreId FROM member WHERE id = ?',
      [again.id],
    )
    expect(row.joinedStoreId).toBe(storeId)
  })

  test('a spent, a made-up and a foreign WeChat code are refused', async () => {
    const { code } = await server.sandbox<{ code: string }>('login', { user: 'zhou' })
    expect((await server.call('POST /auth/wechat', { code, device })).status).toBe(200)
    for (const bad of [
      code,
      'made-up',
      (await server.sandbox<{ code: string }>('login', { user: 'zhou', appId: 'wx0000000000000000' })).code,
    ]) {
      const refused = await server.call('POST /auth/wechat', { code: bad, device })
      expect([refused.status, refused.error?.code]).toEqual([400, 'wechat_code_invalid'])
    }
  })

  test('a repeat with the same key does not ask WeChat again, and another body under it is refused', async () => {
    const { code } = await server.sandbox<{ code: string }>('login', { user: 'chen' })
    const first = await server.call('POST /auth/wechat', { code, device }, { idempotencyKey: 'wechat-repeat-1' })
    const again = await server.call('POST /auth/wechat', { code, device }, { idempotencyKey: 'wechat-repeat-1' })
    expect(again.status).toBe(200)
    expect(again.body).toEqual(first.body)
    const other = await server.call(
      'POST /auth/wechat',
      { code: 'another', device },
      { idempotencyKey: 'wechat-repeat-1' },
    )
    expect([other.status, other.error?.code]).toEqual([422, 'idempotency_key_reused'])
  })

  test('WeChat out of order answers 502 and joins nobody', async () => {
    const { code } = await server.sandbox<{ code: string }>('login', { user: 'wu' })
    const before = await count()
    await server.sandbox('faults', { match: { path: '/sns/jscode2session' }, effect: { type: 'errcode', errcode: -1 } })
    const refused = await server.call('POST /auth/wechat', { code, device })
    expect([refused.status, refused.error?.code]).toEqual([502, 'wechat_unavailable'])
    expect(await count()).toBe(before)
    await fetch(`${server.url}/__wechat/__control/faults`, { method: 'DELETE' })
  })

  test(`${many} staff joins of one phone at once make one member`, async () => {
    const before = await count()
    const answers = await Promise.all(
      Array.from({ length: many }, () =>
        server.call(
          'POST /staff/members',
          { storeId, phone: '13911110001', name: '王小满', consent: true },
          { as: cashier.token },
        ),
      ),
    )
    expect(answers.map((a) => a.status)).toEqual(Array(many).fill(200))
    expect(new Set(answers.map((a) => a.body.memberId)).size).toBe(1)
    expect(answers.filter((a) => a.body.joined)).toHaveLength(1)
    expect(answers[0].body.phoneMasked).toBe('139****0001')
    expect(await count()).toBe(before + 1)
  })

  test(`${many} WeChat logins of one new person at once make one member`, async () => {
    const before = await count()
    const codes = await Promise.all(
      Array.from({ length: many }, () => server.sandbox<{ code: string }>('login', { user: 'zhao' })),
    )
    const answers = await Promise.all(
      codes.map(({ code }, i) =>
        server.call('POST /auth/wechat', { code, device: { id: `zhao-${i}`, platform: 'weapp' } }),
      ),
    )
    expect(answers.map((a) => a.status)).toEqual(Array(many).fill(200))
    expect(answers.filter((a) => a.body.joined)).toHaveLength(1)
    expect(await count()).toBe(before + 1)
    const ids = await Promise.all(
      answers.slice(0, 5).map((a) => server.call('GET /me', {}, { as: a.body.accessToken })),
    )
    expect(new Set(ids.map((a) => a.body.id)).size).toBe(1)
  })

  test('one person coming by WeChat and by phone at once, in one call each, stays one member for each identity', async () => {
    const at = server.clock.now()
    const both = { via: 'import', phone: '13911110002', externalId: { kind: 'pos', value: '77' }, at } as const
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        server.deps.db.tx((tx) => joinMember(tx, server.deps, i % 2 ? both : { via: 'phone', phone: both.phone, at })),
      ),
    )
    expect(new Set(answers.map((a) => a.memberId)).size).toBe(1)
    const [identity] = await server.deps.db.read<{ memberId: string }>(
      "SELECT memberId FROM member_identity WHERE kind = 'pos'",
    )
    expect(identity.memberId).toBe(answers[0].memberId)
  })

  test('staff join somebody who is a member already: nothing changes', async () => {
    const person = await signInByPhone(server, '13911110003')
    const answer = await server.call(
      'POST /staff/members',
      { storeId, phone: '13911110003', name: '别名', consent: true },
      { as: cashier.token },
    )
    expect(answer.body).toMatchObject({ memberId: person.id, joined: false })
    const [row] = await server.deps.db.read<{ name: string; joinedBy: string }>(
      'SELECT name, joinedBy FROM member WHERE id = ?',
      [person.id],
    )
    expect(row).toEqual({ name: '', joinedBy: 'phone' })
    const audits = await server.deps.db.read<{ detail: string }>(
      "SELECT detail FROM audit WHERE action = 'POST /staff/members' AND subjectId = ?",
      [person.id],
    )
    expect(audits).toHaveLength(1)
    expect(audits[0].detail).not.toContain('13911110003')
  })

  test('staff join only with consent, in a store of their own', async () => {
    const other = await openStore(server, '徐汇店')
    const input = { storeId, phone: '13911110004', consent: true } as const
    const noConsent = await server.call(
      'POST /staff/members',
      { ...input, consent: false as unknown as true },
      { as: cashier.token },
    )
    expect([noConsent.status, noConsent.error?.code]).toEqual([400, 'invalid_input'])
    const elsewhere = await server.call('POST /staff/members', { ...input, storeId: other }, { as: cashier.token })
    expect([elsewhere.status, elsewhere.error?.code]).toEqual([403, 'store_out_of_scope'])
    const nowhere = await server.call(
      'POST /staff/members',
      { ...input, storeId: 'nowhere' },
      { as: (await signInOperator(server, { role: 'owner' })).token },
    )
    expect([nowhere.status, nowhere.error?.code]).toEqual([404, 'store_not_found'])
    expect(
      await server.deps.db.read('SELECT id FROM member WHERE joinedBy = ? AND joinedStoreId = ?', ['staff', other]),
    ).toEqual([])
  })

  test('a member whose membership has ended cannot sign in', async () => {
    const person = await signInByPhone(server, '13911110005')
    await server.deps.db.tx(async (tx) => tx.write("UPDATE member SET status = 'inactive' WHERE id = ?", [person.id]))
    await expect(signInByPhone(server, '13911110005')).rejects.toThrow('member_inactive')
    server.clock.advance(6_000)
    const me = await server.call('GET /me', {}, { as: person.token })
    expect([me.status, me.error?.code]).toEqual([409, 'member_inactive'])
  })
})
