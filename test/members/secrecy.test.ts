import { readFileSync } from 'node:fs'
import { openidFor, unionidFor } from '../../server/integrations/wechat/sandbox/cast'
import { importMembers, openIdOf } from '../../server/members/service'
import { describeEachDatabase } from '../support/databases'
import { openStore, signInByPhone, signInByWechat, signInOperator, testPassword } from '../support/people'
import { startServer, type TestServer } from '../support/server'

const phones = ['13411110001', '13411110002', '13411110003', '13411110004', '13800000001']
const secrets = [...phones, openidFor('lin'), unionidFor('lin'), testPassword]

describeEachDatabase('secrecy', (database) => {
  let server: TestServer
  const tokens: string[] = []
  beforeAll(async () => {
    server = await startServer({ database })
    const storeId = await openStore(server)
    const member = await signInByPhone(server, phones[0])
    const lin = await signInByWechat(server, 'lin')
    const owner = await signInOperator(server, { role: 'owner', phone: phones[1] })
    const cashier = await signInOperator(server, { role: 'cashier', storeIds: [storeId] })
    tokens.push(...[member, lin, owner, cashier].flatMap((p) => [p.token, p.refreshToken]))
    // Everything that carries a phone, an openid, a birthday or a password passes once.
    const { code } = await server.sandbox<{ code: string }>('phone', { user: 'lin' })
    await server.call('POST /me/phone', { wechatCode: code }, { as: lin.token })
    await server.call('PATCH /me', { birthday: { calendar: 'lunar', month: 11, day: 29 } }, { as: lin.token })
    await server.call('POST /staff/members', { storeId, phone: phones[2], consent: true }, { as: cashier.token })
    await server.call('POST /staff/lookups', { storeId, phone: phones[2] }, { as: cashier.token })
    await server.call(
      'POST /admin/members/:memberId/phone-reveals',
      { memberId: member.id, reason: '核对' },
      { as: owner.token },
    )
    await server.call(
      'POST /admin/operators',
      { username: 'secret', name: '新人', role: 'auditor', storeIds: [], phone: phones[3], password: testPassword },
      { as: owner.token },
    )
    await server.call('POST /auth/operator', {
      username: 'secret',
      password: 'a wrong password',
      device: { id: 'd', platform: 'admin' },
    })
    const refreshed = await server.call('POST /auth/refresh', { refreshToken: member.refreshToken })
    tokens.push(refreshed.body.refreshToken, refreshed.body.accessToken)
  })
  afterAll(() => server.stop())

  const rows = async (): Promise<string> => {
    const { db } = server.deps
    const parts: string[] = []
    for (const { tableName } of db.dialect.writer.entityMetadatas)
      parts.push(JSON.stringify(await db.read(`SELECT * FROM ${tableName}`)))
    return parts.join('\n')
  }

  test('no phone, openid, unionid, password or token stands in any row', async () => {
    const all = await rows()
    expect(all).toContain('POST /staff/lookups')
    for (const secret of [...secrets, ...tokens, 'a wrong password']) expect(all.includes(secret)).toBe(false)
    // The birthday is nowhere readable either, in the member's row as in a remembered answer.
    expect(all).not.toMatch(/"?lunar\\?"/)
  })

  test('nor in the bytes of the database file', async () => {
    if (!server.file) return
    await server.deps.db.dialect.writer.query('PRAGMA wal_checkpoint(TRUNCATE)')
    const bytes = readFileSync(server.file)
    expect(bytes.includes('POST /staff/lookups')).toBe(true)
    for (const secret of [...secrets, ...tokens]) expect(bytes.includes(secret)).toBe(false)
  })

  test('nor in the logs', async () => {
    const log = server.logged().join('\n')
    expect(log).toContain('POST /staff/lookups')
    for (const secret of [...secrets, ...tokens]) expect(log.includes(secret)).toBe(false)
  })

  test('two members with one birthday share its key, and the same value is sealed differently each time', async () => {
    const at = server.clock.now()
    const birthday = { calendar: 'solar', month: 5, day: 4 } as const
    const ids = await server.deps.db.tx((tx) =>
      importMembers(
        tx,
        server.deps,
        ['1', '2'].map((value) => ({ externalId: { kind: 'till', value }, birthday, at })),
      ),
    )
    const found = await server.deps.db.read<{ birthdayKey: string; birthdaySealed: string }>(
      'SELECT birthdayKey, birthdaySealed FROM member WHERE id IN (?, ?)',
      [...ids.values()],
    )
    expect(found[0].birthdayKey).toBe(found[1].birthdayKey)
    expect(found[0].birthdaySealed).not.toBe(found[1].birthdaySealed)
  })

  test('the openid is found again for messages', async () => {
    const [lin] = await server.deps.db.read<{ memberId: string }>(
      "SELECT memberId FROM member_identity WHERE kind = 'openid'",
    )
    expect(await openIdOf(server.deps.db, server.deps.keys, lin.memberId)).toBe(openidFor('lin'))
  })
})
