import { call, isFailure, isOffline, signOut } from '@/api'
import { keepSession, sessionOf } from '@/session'
import { refuse, type Sent, SILENCE, serve, signIn, tokens } from './server'
import { counter, home, member } from './story'

const session = (name: string) => ({ ...tokens(name), kind: 'member' as const, joined: false })
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (thrown: unknown) => (isFailure(thrown) ? thrown : null),
  )

beforeEach(() => signIn('member', 'staff'))

test('names of the path, the query and the body are taken from one input', async () => {
  const calls = serve({
    'GET /staff/scans/:scanId': () => counter(26_800),
    'POST /me/gifts/:giftId/open': () => refuse(404, 'not_found', '没有'),
  })
  await call('GET /staff/scans/:scanId', { scanId: 's1', amountFen: 26_800, couponIds: 'a,b' })
  await failureOf(call('POST /me/gifts/:giftId/open', { giftId: 'g1' }))
  expect(calls[0]).toMatchObject({
    path: '/staff/scans/s1',
    query: { amountFen: '26800', couponIds: 'a,b' },
    body: undefined,
  })
  expect(calls[1]).toMatchObject({ path: '/me/gifts/g1/open', body: {} })
})

test('each path carries the token of who it is for, and open paths carry none', async () => {
  const calls = serve({
    'GET /me': () => member,
    'GET /staff/scans/:scanId': () => counter(0),
    'GET /tiers': () => ({ items: [] }),
  })
  await call('GET /me')
  await call('GET /staff/scans/:scanId', { scanId: 's1' })
  await call('GET /tiers')
  expect(calls.map((sent) => sent.header.Authorization)).toEqual([
    'Bearer access-member',
    'Bearer access-staff',
    undefined,
  ])
})

test('the same GET asked twice at once goes out once; asked again later it goes out again', async () => {
  const calls = serve({ 'GET /me/home': () => home() })
  const [a, b] = await Promise.all([call('GET /me/home'), call('GET /me/home')])
  expect(a).toEqual(b)
  expect(calls).toHaveLength(1)
  await call('GET /me/home')
  expect(calls).toHaveLength(2)
})

test('after silence a change is repeated under the same Idempotency-Key, and another change has another key', async () => {
  let silent = 2
  const calls = serve({
    'POST /me/messages/read': () => {
      if (silent-- > 0) throw SILENCE
      return { unread: 0 }
    },
  })
  await expect(call('POST /me/messages/read', {})).resolves.toEqual({ unread: 0 })
  await call('POST /me/messages/read', {})
  const keys = calls.map((sent) => sent.header['Idempotency-Key'])
  expect(keys).toHaveLength(4)
  expect(new Set(keys.slice(0, 3)).size).toBe(1)
  expect(keys[3]).not.toBe(keys[0])
  expect(keys[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('no answer at all becomes the failure “network” after three tries; a refusal is not repeated', async () => {
  const calls = serve({
    'GET /me': () => {
      throw SILENCE
    },
    'POST /me/coupons': () => refuse(409, 'coupon_out_of_stock', '来晚一步，已领完（共 50 张）', { stock: 50 }),
  })
  const silence = await failureOf(call('GET /me'))
  expect(isOffline(silence)).toBe(true)
  expect(calls).toHaveLength(3)
  const refusal = await failureOf(call('POST /me/coupons', { templateId: 't1' }))
  expect(refusal).toMatchObject({
    code: 'coupon_out_of_stock',
    message: '来晚一步，已领完（共 50 张）',
    status: 409,
    details: { stock: 50 },
  })
  expect(calls).toHaveLength(4)
})

test('calls refused together renew the session once, and all go through with the new token', async () => {
  const fresh = (sent: Sent): boolean => sent.header.Authorization === 'Bearer access-new'
  const expired = () => refuse(401, 'session_expired', '登录已过期')
  const calls = serve({
    'GET /me': (sent) => (fresh(sent) ? member : expired()),
    'GET /me/home': (sent) => (fresh(sent) ? home() : expired()),
    'GET /me/gifts': (sent) => (fresh(sent) ? { items: [] } : expired()),
    'POST /auth/refresh': () => session('new'),
  })
  await Promise.all([call('GET /me'), call('GET /me/home'), call('GET /me/gifts')])
  expect(calls.filter((sent) => sent.key === 'POST /auth/refresh')).toHaveLength(1)
  expect(sessionOf('member')?.accessToken).toBe('access-new')
})

test('a token about to end is renewed before it is used', async () => {
  keepSession('member', tokens('ending', 1000))
  const calls = serve({ 'GET /me': () => member, 'POST /auth/refresh': () => session('new') })
  await call('GET /me')
  expect(calls.map((sent) => sent.key)).toEqual(['POST /auth/refresh', 'GET /me'])
  expect(calls[1]?.header.Authorization).toBe('Bearer access-new')
})

test('a refused renewal signs out; a silent one keeps the member signed in', async () => {
  keepSession('member', tokens('ending', 1000))
  serve({
    'POST /auth/refresh': () => {
      throw SILENCE
    },
  })
  await failureOf(call('GET /me'))
  expect(sessionOf('member')).not.toBeNull()
  serve({ 'POST /auth/refresh': () => refuse(401, 'session_revoked', '登录已失效，请重新登录') })
  expect(await failureOf(call('GET /me'))).toMatchObject({ code: 'session_revoked' })
  expect(sessionOf('member')).toBeNull()
})

test('signing the member out takes the staff session along, and nothing goes out without a session', async () => {
  const calls = serve({ 'GET /me': () => member })
  signOut('member')
  expect(sessionOf('staff')).toBeNull()
  expect(await failureOf(call('GET /me'))).toMatchObject({ code: 'unauthenticated', status: 401 })
  expect(calls).toHaveLength(0)
})
