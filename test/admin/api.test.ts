import { call, isFailure, newKey, tokenStore } from '../../client/admin/api'

interface Sent {
  url: string
  method: string
  headers: Record<string, string>
  body?: string
}

let sent: Sent[]
const answers = (answer: (request: Sent) => { status: number; body: unknown } | Error) => {
  sent = []
  globalThis.fetch = jest.fn(async (url: string, init: Sent) => {
    const request = { ...init, url }
    sent.push(request)
    await new Promise((resolve) => setTimeout(resolve, 5))
    const result = answer(request)
    if (result instanceof Error) throw result
    return { ok: result.status < 400, status: result.status, json: async () => result.body }
  }) as unknown as typeof fetch
}
const renewed = { accessToken: 'new', refreshToken: 'refresh-2' }

beforeEach(() => tokenStore.write({ accessToken: 'old', refreshToken: 'refresh-1' }))

test('an input goes to the path, the query of a GET and the body of the rest', async () => {
  answers(() => ({ status: 200, body: {} }))
  await call('GET /admin/members/:memberId/timeline', { memberId: 'm1', limit: 30, cursor: undefined })
  await call('POST /admin/members/:memberId/coupon-grants', { memberId: 'm1', templateId: 't1', reason: '补偿' })
  expect(sent[0]).toMatchObject({ method: 'GET', url: '/api/admin/members/m1/timeline?limit=30', body: undefined })
  expect(sent[0]?.headers['Idempotency-Key']).toBeUndefined()
  expect(sent[1]).toMatchObject({
    method: 'POST',
    url: '/api/admin/members/m1/coupon-grants',
    body: '{"templateId":"t1","reason":"补偿"}',
  })
  expect(sent[1]?.headers['Idempotency-Key']).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  )
})

test('ten calls that find their token expired renew it once and are all answered', async () => {
  answers((request) => {
    if (request.url === '/api/auth/refresh') return { status: 200, body: renewed }
    return request.headers.Authorization === 'Bearer new'
      ? { status: 200, body: { items: [] } }
      : { status: 401, body: { error: { code: 'session_expired', message: '登录已过期，请重新登录' } } }
  })
  await Promise.all(Array.from({ length: 10 }, () => call('GET /admin/tiers', {})))
  expect(sent.filter((request) => request.url === '/api/auth/refresh')).toHaveLength(1)
  expect(
    sent.filter((request) => request.url === '/api/admin/tiers' && request.headers.Authorization === 'Bearer new'),
  ).toHaveLength(10)
  expect(tokenStore.read()).toMatchObject(renewed)
})

test('a write that is repeated after a renewal keeps its idempotency key', async () => {
  answers((request) => {
    if (request.url === '/api/auth/refresh') return { status: 200, body: renewed }
    return request.headers.Authorization === 'Bearer new'
      ? { status: 200, body: { couponId: 'c1' } }
      : { status: 401, body: { error: { code: 'session_expired', message: '' } } }
  })
  await call('POST /admin/members/:memberId/coupon-grants', { memberId: 'm1', templateId: 't1', reason: '补偿' })
  const grants = sent.filter((request) => request.url.includes('coupon-grants'))
  expect(new Set(grants.map((request) => request.headers['Idempotency-Key'])).size).toBe(1)
  expect(grants).toHaveLength(2)
})

test('a refused renewal signs out, a server that is down does not', async () => {
  const expired = { status: 401, body: { error: { code: 'session_expired', message: '登录已过期，请重新登录' } } }
  answers((request) => (request.url === '/api/auth/refresh' ? { status: 503, body: {} } : expired))
  await expect(call('GET /admin/tiers', {})).rejects.toMatchObject({ status: 503 })
  expect(tokenStore.read()).not.toBeNull()
  answers(() => expired)
  await expect(call('GET /admin/tiers', {})).rejects.toMatchObject({ code: 'session_expired' })
  expect(tokenStore.read()).toBeNull()
})

test('a renewal whose answer was lost is asked for again under the same key', async () => {
  answers((request) =>
    request.url === '/api/auth/refresh'
      ? new TypeError('The page was closed')
      : { status: 401, body: { error: { code: 'session_expired', message: '' } } },
  )
  await call('GET /admin/tiers', {}).catch(() => null)
  await call('GET /admin/tiers', {}).catch(() => null)
  const renewals = sent.filter((request) => request.url === '/api/auth/refresh')
  expect(renewals).toHaveLength(2)
  expect(renewals[1]?.headers['Idempotency-Key']).toBe(renewals[0]?.headers['Idempotency-Key'])
})

test('a refusal carries the sentence of the server, a dead line one of ours', async () => {
  answers(() => ({
    status: 409,
    body: {
      error: {
        code: 'points_insufficient',
        message: '积分不足：需要 9，现有 1',
        details: { required: 9 },
        requestId: 'r1',
      },
    },
  }))
  await expect(call('GET /admin/tiers', {})).rejects.toMatchObject({
    code: 'points_insufficient',
    status: 409,
    message: '积分不足：需要 9，现有 1',
    details: { required: 9 },
    requestId: 'r1',
  })
  answers(() => new TypeError('Failed to fetch'))
  const error: unknown = await call('GET /admin/tiers', {}).catch((thrown: unknown) => thrown)
  expect(isFailure(error) && error.code).toBe('offline')
})

test('keys do not repeat', () => {
  expect(new Set(Array.from({ length: 1000 }, newKey)).size).toBe(1000)
})
