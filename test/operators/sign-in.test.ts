import { describeEachDatabase } from '../support/databases'
import { signInOperator, testPassword } from '../support/people'
import { startServer, type TestServer } from '../support/server'

const minute = 60_000
const device = { id: 'desk', platform: 'admin' } as const

describeEachDatabase('operator sign-in', (database) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ database })
  })
  afterAll(() => server.stop())
  const enter = (username: string, password = testPassword) =>
    server.call('POST /auth/operator', { username, password, device })
  const codeOf = (a: { status: number; error?: { code: string } }) => [a.status, a.error?.code]

  test('by user name, in any case, and password', async () => {
    const { username, id } = await signInOperator(server, { role: 'operator' })
    const answer = await enter(username.toUpperCase())
    expect(answer.body).toMatchObject({
      kind: 'operator',
      joined: false,
      accessExpiresAt: server.clock.now() + 15 * minute,
    })
    const me = await server.call('GET /admin/me', {}, { as: answer.body.accessToken })
    expect(me.body).toMatchObject({ id, username, role: 'operator', roleName: '运营', shop: '拾光生活馆' })
    expect(me.body.permissions).toContain('coupon:publish')
    expect(me.body.permissions).not.toContain('operator:write')
    const audits = await server.deps.db.read('SELECT action FROM audit WHERE operatorId = ?', [id])
    expect(audits.map((a) => a.action)).toEqual(['POST /auth/operator', 'POST /auth/operator'])
  })

  test('an unknown name and a wrong password are told apart by nothing', async () => {
    const { username } = await signInOperator(server, { role: 'operator' })
    const wrong = await enter(username, 'not the password')
    const unknown = await enter('nobody-here', 'not the password')
    expect(codeOf(wrong)).toEqual([401, 'wrong_credentials'])
    expect({ ...wrong.error, requestId: '' }).toEqual({ ...unknown.error, requestId: '' })
  })

  test('the password is kept as argon2id', async () => {
    const { id } = await signInOperator(server, { role: 'operator' })
    const [row] = await server.deps.db.read<{ passwordHash: string }>(
      'SELECT passwordHash FROM operator WHERE id = ?',
      [id],
    )
    expect(row.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  test('five wrong ones lock the name for 15 minutes, the right password too', async () => {
    const { username } = await signInOperator(server, { role: 'operator' })
    for (let i = 0; i < 5; i++) expect(codeOf(await enter(username, `wrong ${i}`))).toEqual([401, 'wrong_credentials'])
    const locked = await enter(username)
    expect(codeOf(locked)).toEqual([429, 'account_locked'])
    expect(locked.headers.get('retry-after')).toBe('900')
    server.clock.advance(15 * minute - 1)
    expect(codeOf(await enter(username))).toEqual([429, 'account_locked'])
    server.clock.advance(1)
    expect((await enter(username)).status).toBe(200)
  })

  test('a right password forgets the wrong ones before it', async () => {
    const { username } = await signInOperator(server, { role: 'operator' })
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 4; i++) await enter(username, 'wrong')
      expect((await enter(username)).status).toBe(200)
    }
  })

  test('guesses sent at once are counted one by one: at most five are compared', async () => {
    const { username } = await signInOperator(server, { role: 'operator' })
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => enter(username, `guess ${i}`)))
    expect(answers.filter((a) => a.error?.code === 'wrong_credentials')).toHaveLength(5)
    expect(answers.filter((a) => a.error?.code === 'account_locked')).toHaveLength(25)
  })

  test('an account that is switched off is told so only with the right password', async () => {
    const { username, id } = await signInOperator(server, { role: 'operator' })
    await server.deps.db.tx(async (tx) => tx.write('UPDATE operator SET active = 0 WHERE id = ?', [id]))
    expect(codeOf(await enter(username, 'wrong'))).toEqual([401, 'wrong_credentials'])
    expect(codeOf(await enter(username))).toEqual([403, 'account_disabled'])
  })

  test('a day away signs out; a till system may be away for a month', async () => {
    const clerk = await signInOperator(server, { role: 'operator' })
    const pos = await signInOperator(server, { role: 'pos' })
    server.clock.advance(24 * 60 * minute)
    const out = await server.call('POST /auth/refresh', { refreshToken: clerk.refreshToken })
    expect(codeOf(out)).toEqual([401, 'session_expired'])
    expect((await server.call('POST /auth/refresh', { refreshToken: pos.refreshToken })).status).toBe(200)
  })

  test('a repeat with the same key opens no second session', async () => {
    const { username, id } = await signInOperator(server, { role: 'operator' })
    const sessions = async () => (await server.deps.db.read('SELECT id FROM session WHERE subjectId = ?', [id])).length
    const before = await sessions()
    const input = { username, password: testPassword, device }
    const answers = await Promise.all(
      Array.from({ length: 4 }, () =>
        server.call('POST /auth/operator', input, { idempotencyKey: 'operator-repeat-1' }),
      ),
    )
    expect(new Set(answers.map((a) => JSON.stringify(a.body))).size).toBe(1)
    expect(await sessions()).toBe(before + 1)
    const other = await server.call(
      'POST /auth/operator',
      { ...input, password: 'other' },
      { idempotencyKey: 'operator-repeat-1' },
    )
    expect(codeOf(other)).toEqual([422, 'idempotency_key_reused'])
  })
})
