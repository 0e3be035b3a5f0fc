import { SignJWT } from 'jose'
import { describeEachDatabase } from '../support/databases'
import { openStore, signInByPhone, signInByWechat, signInOperator } from '../support/people'
import { startServer, type TestServer } from '../support/server'

const minute = 60_000
const day = 24 * 60 * minute
const device = { id: 'device-1', platform: 'h5' } as const

describeEachDatabase('member sign-in', (database) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ database })
  })
  afterAll(() => server.stop())
  const send = async (phone: string): Promise<string> => {
    const sent = await server.call('POST /auth/sms/codes', { phone })
    if (!sent.body.standInCode) throw new Error(JSON.stringify(sent.body))
    return sent.body.standInCode
  }
  const enter = (phone: string, code: string) => server.call('POST /auth/sms', { phone, code, device })
  const codeOf = (a: { status: number; error?: { code: string } }) => [a.status, a.error?.code]

  describe('by SMS code', () => {
    test('joins the first time, signs in the second', async () => {
      const first = await enter('13711110001', await send('13711110001'))
      expect(first.status).toBe(200)
      expect(first.body).toMatchObject({ kind: 'member', joined: true })
      server.clock.advance(minute)
      const again = await enter('13711110001', await send('13711110001'))
      expect(again.body.joined).toBe(false)
    })
    test('the code is one of six digits, for five minutes and one use', async () => {
      const code = await send('13711110002')
      expect(code).toMatch(/^\d{6}$/)
      server.clock.advance(5 * minute - 1)
      const first = await enter('13711110002', code)
      expect(first.status).toBe(200)
      expect(codeOf(await enter('13711110002', code))).toEqual([400, 'sms_code_wrong'])
      const late = await send('13711110002')
      server.clock.advance(5 * minute)
      expect(codeOf(await enter('13711110002', late))).toEqual([400, 'sms_code_wrong'])
    })
    test('a code of another phone, or an older one, is wrong', async () => {
      const old = await send('13711110003')
      server.clock.advance(minute)
      const newer = await send('13711110003')
      expect(codeOf(await enter('13711110004', newer))).toEqual([400, 'sms_code_wrong'])
      if (old !== newer) expect(codeOf(await enter('13711110003', old))).toEqual([400, 'sms_code_wrong'])
      expect((await enter('13711110003', newer)).status).toBe(200)
    })
    test('after five wrong tries the right code is worth nothing, also when they come at once', async () => {
      const code = await send('13711110005')
      const wrong = code === '000000' ? '111111' : '000000'
      const tries = await Promise.all(Array.from({ length: 5 }, () => enter('13711110005', wrong)))
      expect(tries.map((t) => t.error?.code)).toEqual(Array(5).fill('sms_code_wrong'))
      expect(codeOf(await enter('13711110005', code))).toEqual([400, 'sms_code_wrong'])
    })
    test('ten wrong tries over several codes lock the phone, and the lock ends', async () => {
      const phone = '13711110006'
      for (let round = 0; round < 2; round++) {
        const code = await send(phone)
        for (let i = 0; i < 5; i++) await enter(phone, code === '000000' ? '111111' : '000000')
        server.clock.advance(minute)
      }
      const right = await send(phone)
      const locked = await enter(phone, right)
      expect(codeOf(locked)).toEqual([429, 'account_locked'])
      expect(Number(locked.headers.get('retry-after') ?? locked.error?.details?.retryAfterSeconds)).toBeGreaterThan(0)
      server.clock.advance(15 * minute)
      expect((await enter(phone, await send(phone))).status).toBe(200)
    })
    test('texts are limited to one a minute, five an hour and ten a day, counted in rows', async () => {
      const phone = '13711110007'
      const times: number[] = []
      const ask = () => server.call('POST /auth/sms/codes', { phone })
      const atOnce = await Promise.all(Array.from({ length: 20 }, ask))
      expect(atOnce.filter((a) => a.status === 200)).toHaveLength(1)
      expect(atOnce.filter((a) => a.error?.code === 'sms_code_too_often')).toHaveLength(19)
      times.push(server.clock.now())
      for (let i = 0; i < 4; i++) {
        server.clock.advance(minute)
        expect((await ask()).status).toBe(200)
      }
      server.clock.advance(minute)
      const sixth = await ask()
      expect(codeOf(sixth)).toEqual([429, 'sms_code_too_often'])
      expect(sixth.error?.details?.retryAfterSeconds).toBe(55 * 60)
      server.clock.advance(60 * minute)
      for (let i = 0; i < 5; i++) {
        expect((await ask()).status).toBe(200)
        server.clock.advance(minute)
      }
      server.clock.advance(60 * minute)
      expect(codeOf(await ask())).toEqual([429, 'sms_code_too_often'])
      server.clock.set(times[0] + day)
      expect((await ask()).status).toBe(200)
    })
    test('a repeat with the same key sends no second text', async () => {
      const key = 'sms-repeat-0001'
      const first = await server.call('POST /auth/sms/codes', { phone: '13711110008' }, { idempotencyKey: key })
      const again = await server.call('POST /auth/sms/codes', { phone: '13711110008' }, { idempotencyKey: key })
      expect(again.body).toEqual(first.body)
      const other = await server.call('POST /auth/sms/codes', { phone: '13711110009' }, { idempotencyKey: key })
      expect(codeOf(other)).toEqual([422, 'idempotency_key_reused'])
    })
    test('the stand-in shows the number masked and only the local driver hands out the code', async () => {
      const real = await startServer({
        database,
        env: {
          SMS_DRIVER: 'tencent',
          SMS_TENCENT_SECRET_ID: 'id',
          SMS_TENCENT_SECRET_KEY: 'key',
          SMS_TENCENT_APP_ID: '1',
          SMS_TENCENT_SIGN: 'x',
          SMS_TENCENT_TEMPLATE_LOGIN: '1',
        },
      })
      const texts: string[] = []
      real.deps.sms = { send: async ({ params }) => ({ id: String(texts.push(params.code)) }) }
      const sent = await real.call('POST /auth/sms/codes', { phone: '13711110010' })
      expect(sent.body).toEqual({ sentTo: '137****0010', resendAfterSeconds: 60 })
      expect(texts[0]).toMatch(/^\d{6}$/)
      await real.stop()
    })
  })

  describe('sessions', () => {
    test('a refresh token is good once; its reuse ends the whole session', async () => {
      const person = await signInByPhone(server, '13711110020')
      const first = await server.call('POST /auth/refresh', { refreshToken: person.refreshToken })
      expect(first.status).toBe(200)
      expect((await server.call('GET /me', {}, { as: first.body.accessToken })).status).toBe(200)
      const reuse = await server.call('POST /auth/refresh', { refreshToken: person.refreshToken })
      expect(codeOf(reuse)).toEqual([401, 'session_revoked'])
      const next = await server.call('POST /auth/refresh', { refreshToken: first.body.refreshToken })
      expect(codeOf(next)).toEqual([401, 'session_revoked'])
      server.clock.advance(6_000)
      expect(codeOf(await server.call('GET /me', {}, { as: first.body.accessToken }))).toEqual([401, 'session_revoked'])
    })
    test('the same refresh sent twice under one key gives the same pair', async () => {
      const person = await signInByPhone(server, '13711110021')
      const options = { idempotencyKey: 'refresh-repeat-1' }
      const [a, b] = await Promise.all(
        [0, 1].map(() => server.call('POST /auth/refresh', { refreshToken: person.refreshToken }, options)),
      )
      expect(a.status).toBe(200)
      expect(b.body).toEqual(a.body)
    })
    test('of twenty refreshes at once one wins and the session ends, because a copy is about', async () => {
      const person = await signInByPhone(server, '13711110022')
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => server.call('POST /auth/refresh', { refreshToken: person.refreshToken })),
      )
      expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
      expect(answers.filter((a) => a.status === 401)).toHaveLength(19)
    })
    test('an access token ends after 15 minutes, a refresh token after 90 days', async () => {
      const person = await signInByPhone(server, '13711110023')
      server.clock.advance(15 * minute + 1000)
      expect(codeOf(await server.call('GET /me', {}, { as: person.token }))).toEqual([401, 'session_expired'])
      server.clock.advance(90 * day)
      const late = await server.call('POST /auth/refresh', { refreshToken: person.refreshToken })
      expect(codeOf(late)).toEqual([401, 'session_expired'])
    })
    test('garbled, unsigned and foreign tokens are refused', async () => {
      const person = await signInByPhone(server, '13711110024')
      const claims = { k: 'member', sid: 'x', dev: 'd' }
      const foreign = await new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(person.id)
        .setExpirationTime('1h')
        .sign(new Uint8Array(32))
      const none = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ ...claims, sub: person.id }))}.`
      const [head, body, signature] = person.token.split('.')
      const altered = `${head}.${Buffer.from(Buffer.from(body, 'base64url').toString().replace('member', 'operator')).toString('base64url')}.${signature}`
      for (const token of [foreign, none.replaceAll('=', ''), altered, 'x'.repeat(40)])
        expect((await server.call('GET /me', {}, { as: token })).status).toBe(401)
      expect((await server.call('POST /auth/refresh', { refreshToken: 'x'.repeat(43) })).error?.code).toBe(
        'session_expired',
      )
    })
    test('log-out ends this device, not the other; everywhere ends both', async () => {
      const here = await signInByPhone(server, '13711110025', 'here')
      const there = await signInByPhone(server, '13711110025', 'there')
      const out = await server.call('POST /auth/logout', { refreshToken: here.refreshToken }, { as: here.token })
      expect(out.body).toEqual({ ok: true })
      expect(codeOf(await server.call('GET /me', {}, { as: here.token }))).toEqual([401, 'session_revoked'])
      expect((await server.call('GET /me', {}, { as: there.token })).status).toBe(200)
      expect((await server.call('POST /auth/logout', { refreshToken: here.refreshToken })).body).toEqual({ ok: true })
      const third = await signInByPhone(server, '13711110025', 'third')
      expect((await server.call('POST /me/logout-everywhere', {}, { as: third.token })).status).toBe(200)
      server.clock.advance(6_000)
      for (const person of [there, third]) {
        expect(codeOf(await server.call('GET /me', {}, { as: person.token }))).toEqual([401, 'session_revoked'])
        const refreshed = await server.call('POST /auth/refresh', { refreshToken: person.refreshToken })
        expect(codeOf(refreshed)).toEqual([401, 'session_revoked'])
      }
    })
  })

  describe('as staff', () => {
    test('a member whose phone belongs to an account gets its session, with its stores', async () => {
      const storeId = await openStore(server)
      const cashier = await signInOperator(server, { role: 'cashier', storeIds: [storeId], phone: '13711110030' })
      const member = await signInByPhone(server, '13711110030')
      const me = await server.call('GET /me', {}, { as: member.token })
      expect(me.body.staff).toEqual({ name: expect.stringContaining('cashier'), role: '店员' })
      const staff = await server.call('POST /auth/staff', {}, { as: member.token })
      expect(staff.body).toMatchObject({ kind: 'operator', joined: false })
      const input = { storeId, phone: '13711110031', consent: true } as const
      expect((await server.call('POST /staff/members', input, { as: staff.body.accessToken })).status).toBe(200)
      await server.deps.db.tx(async (tx) => tx.write('UPDATE operator SET active = 0 WHERE id = ?', [cashier.id]))
      expect(codeOf(await server.call('POST /auth/staff', {}, { as: member.token }))).toEqual([403, 'account_disabled'])
      const refreshed = await server.call('POST /auth/refresh', { refreshToken: staff.body.refreshToken })
      expect(codeOf(refreshed)).toEqual([401, 'session_revoked'])
    })
    test('any other member is refused, with and without a phone', async () => {
      const noPhone = await signInByWechat(server, 'lin')
      const plain = await signInByPhone(server, '13711110032')
      for (const { token } of [noPhone, plain])
        expect(codeOf(await server.call('POST /auth/staff', {}, { as: token }))).toEqual([403, 'not_staff'])
    })
  })

  describe('demo', () => {
    test('without the demo the doors are shut', async () => {
      const closed = await startServer({ database, env: { DEMO: '0' } })
      expect(codeOf(await closed.call('GET /demo', {}))).toEqual([404, 'demo_disabled'])
      expect(codeOf(await closed.call('POST /demo/sessions', { as: 'member', device }))).toEqual([404, 'demo_disabled'])
      await closed.stop()
    })
    test('with it the seeded accounts sign in; staff get a member session too', async () => {
      expect(codeOf(await server.call('POST /demo/sessions', { as: 'operator', device }))).toEqual([
        404,
        'demo_disabled',
      ])
      const storeId = await openStore(server)
      const member = await signInByPhone(server, '13800138000')
      await signInOperator(server, {
        role: 'cashier',
        storeIds: [storeId],
        username: 'demo-staff',
        phone: '13800138001',
      })
      await signInOperator(server, { role: 'owner', username: 'demo-operator' })
      const demo = await server.call('GET /demo', {})
      expect(demo.body.accounts.map((a) => a.as).sort()).toEqual(['member', 'operator', 'staff'])
      const as = async (who: 'member' | 'staff' | 'operator') =>
        (await server.call('POST /demo/sessions', { as: who, device })).body
      const shopper = await as('member')
      expect(shopper.operator).toBeUndefined()
      expect((await server.call('GET /me', {}, { as: shopper.member?.accessToken })).body.id).toBe(member.id)
      const staff = await as('staff')
      expect(staff.member?.kind).toBe('member')
      expect(staff.operator?.kind).toBe('operator')
      const owner = await as('operator')
      expect(owner.member).toBeUndefined()
      expect((await server.call('GET /admin/me', {}, { as: owner.operator?.accessToken })).body).toMatchObject({
        username: 'demo-operator',
        role: 'owner',
        demo: true,
      })
    })
  })
})
