import { randomUUID } from 'node:crypto'
import { importMembers } from '../server/members/service'
import { foundGroup } from '../server/operators/service'
import { routes } from '../server/routes'
import { contract, type Key } from '../shared/contract'
import type { Endpoint } from '../shared/contract/define'
import { type ErrorCode, errors } from '../shared/errors'
import { type Permission, permissions, type Role, roleAllows, roles } from '../shared/permissions'
import { sampleInput } from './support/samples'
import { startServer, type TestServer } from './support/server'
import { memberToken, operatorToken } from './support/tokens'

const keys = Object.keys(contract) as Key[]
const endpointOf = (key: Key): Endpoint => contract[key]
const methodOf = (key: Key): string => key.split(' ')[0]
const named = (key: Key): string[] => [...key.matchAll(/:(\w+)/g)].map((m) => m[1])
const writing = keys.filter((k) => methodOf(k) !== 'GET')
const keyed = writing.filter((k) => endpointOf(k).idempotency !== 'natural')
const closed = keys.filter((k) => endpointOf(k).allow !== 'public')
const roleKeys = Object.keys(roles) as Role[]
/** Refusals that any endpoint may give. */
const common: ErrorCode[] = ['invalid_input', 'store_out_of_scope', 'forbidden']

describe('the contract itself', () => {
  test('every key is bound exactly once, and nothing else is', () => {
    const bound = routes.map((r) => r.key)
    expect([...bound].sort()).toEqual([...keys].sort())
  })
  test.each(keys)('%s names who may call it, its path parameters and its refusals', (key) => {
    const endpoint = endpointOf(key)
    expect(['public', 'member', ...Object.keys(permissions)]).toContain(endpoint.allow)
    for (const name of named(key)) expect(Object.keys(endpoint.input.shape)).toContain(name)
    expect(endpoint.summary.length).toBeGreaterThan(1)
    expect(new Set(endpoint.errors).size).toBe(endpoint.errors.length)
    for (const code of endpoint.errors) expect(errors[code].status).toBeGreaterThanOrEqual(400)
  })
  test('every permission is asked for somewhere, and each has a role', () => {
    const asked = new Set(keys.map((k) => endpointOf(k).allow))
    for (const permission of Object.keys(permissions) as Permission[]) {
      expect(asked).toContain(permission)
      expect(roleKeys.filter((r) => roleAllows(r, permission)).length).toBeGreaterThan(0)
    }
  })
})

describe('over HTTP', () => {
  let server: TestServer
  const byRole = new Map<Role, string>()
  let member: string
  const freshMember = async (value: string): Promise<string> => {
    const at = server.clock.now()
    const row = { externalId: { kind: 'test', value }, name: '测试', at }
    const made = await server.deps.db.tx((tx) => importMembers(tx, server.deps, [row]))
    return memberToken(server, [...made.values()][0])
  }
  beforeAll(async () => {
    server = await startServer({ database: 'sqlite' })
    await server.deps.db.tx(async (tx) => foundGroup(tx, '测试'))
    for (const role of roleKeys) byRole.set(role, await operatorToken(server, role))
    member = await freshMember('first')
  })
  afterAll(() => server.stop())

  const tokenOf = (role: Role): string => byRole.get(role) as string
  /** A token that the endpoint lets in; none for a public one. */
  const rightToken = (key: Key): string | undefined => {
    const { allow } = endpointOf(key)
    if (allow === 'public') return undefined
    if (allow === 'member') return member
    return tokenOf(roleKeys.find((r) => roleAllows(r, allow)) as Role)
  }
  const urlOf = (key: Key): string =>
    `${server.url}/api${key.split(' ')[1].replace(/:(\w+)/g, (_, name: string) => (name === 'name' ? 'abc' : 'abc0'))}`
  const raw = (key: Key, body: string, headers: Record<string, string>) => {
    const token = rightToken(key)
    return fetch(urlOf(key), {
      method: methodOf(key),
      body,
      headers: { 'Idempotency-Key': randomUUID(), ...(token ? { Authorization: `Bearer ${token}` } : {}), ...headers },
    })
  }
  const refusal = async (response: Response): Promise<[number, string]> => {
    const { error } = (await response.json()) as { error: { code: ErrorCode; message: string; requestId: string } }
    // Every refusal has a sentence without holes, and the number of its request.
    expect(error.message).toMatch(/[\u4e00-\u9fff]/)
    expect(error.message).not.toMatch(/[{}]|undefined/)
    expect(response.headers.get('x-request-id')).toBeTruthy()
    expect(response.status).toBe(errors[error.code].status)
    return [response.status, error.code]
  }
  const call = (key: Key, as: string | undefined, input: object, idempotencyKey?: string | null) =>
    server.call(key, input as never, { as, idempotencyKey })

  test.each(closed)('%s answers 401 to a visitor', async (key) => {
    const answer = await call(key, undefined, sampleInput(endpointOf(key)))
    expect([answer.status, answer.error?.code]).toEqual([401, 'unauthenticated'])
  })

  test.each(closed)('%s answers 403 to whoever it is not for', async (key) => {
    const { allow } = endpointOf(key)
    const wrong =
      allow === 'member'
        ? [...byRole.values()]
        : [member, ...roleKeys.filter((r) => !roleAllows(r, allow as Permission)).map(tokenOf)]
    for (const token of wrong) {
      const answer = await call(key, token, sampleInput(endpointOf(key)))
      expect([answer.status, answer.error?.code]).toEqual([403, 'forbidden'])
    }
  })

  test.each(keys)('%s refuses a field it does not know', async (key) => {
    const input = { ...sampleInput(endpointOf(key)), surprise: 'x' }
    const answer = await call(key, rightToken(key), input)
    expect([answer.status, answer.error?.code]).toEqual([400, 'invalid_input'])
    expect(answer.error?.message).toContain('surprise')
  })

  test.each(keyed)('%s asks for an Idempotency-Key, and a sound one', async (key) => {
    const missing = await call(key, rightToken(key), sampleInput(endpointOf(key)), null)
    expect([missing.status, missing.error?.code]).toEqual([400, 'idempotency_key_required'])
    for (const bad of ['short', 'x'.repeat(65), 'has spaces in it'])
      expect((await call(key, rightToken(key), sampleInput(endpointOf(key)), bad)).status).toBe(400)
  })

  test.each(writing)('%s refuses bodies that are too large, malformed, of another type or no object', async (key) => {
    const json = { 'Content-Type': 'application/json' }
    const large = JSON.stringify({ a: 'x'.repeat(300 * 1024) })
    expect(await refusal(await raw(key, large, json))).toEqual([413, 'body_too_large'])
    expect(await refusal(await raw(key, '{"a":', json))).toEqual([400, 'malformed_json'])
    expect(await refusal(await raw(key, '{}', { 'Content-Type': 'text/plain' }))).toEqual([
      415,
      'unsupported_media_type',
    ])
    for (const body of ['[1]', '"text"', '3']) expect((await refusal(await raw(key, body, json)))[0]).toBe(400)
  })

  test.each(keys.filter((k) => named(k).length))('%s refuses an id that cannot be one', async (key) => {
    const ids = Object.fromEntries(named(key).map((name) => [name, '../../etc/passwd\u0000'.repeat(3)]))
    const answer = await call(key, rightToken(key), { ...sampleInput(endpointOf(key)), ...ids })
    expect([answer.status, answer.error?.code]).toEqual([400, 'invalid_input'])
  })

  test.each(keys)('%s answers a well-formed call with success or a refusal that it declares', async (key) => {
    const endpoint = endpointOf(key)
    const as = endpoint.allow === 'member' ? await freshMember(key) : rightToken(key)
    const answer = await call(key, as, sampleInput(endpoint))
    const expected = answer.error ? [...endpoint.errors, ...common] : []
    if (answer.error) expect(expected).toContain(answer.error.code)
    else expect(answer.status).toBe(200)
    // Whatever stands in the answer stands in the contract.
    if (!answer.error) expect(endpoint.output.safeParse(answer.body).success).toBe(true)
  })

  test.each(keyed)('%s repeats its answer to the same key', async (key) => {
    const endpoint = endpointOf(key)
    const as = endpoint.allow === 'member' ? await freshMember(`repeat ${key}`) : rightToken(key)
    const input = sampleInput(endpoint)
    const idempotencyKey = randomUUID()
    const first = await call(key, as, input, idempotencyKey)
    const again = await call(key, as, input, idempotencyKey)
    // A refusal that undid everything is not remembered, but the same state gives the same one again.
    if (key !== 'POST /me/logout-everywhere') expect(again.status).toBe(first.status)
    if (first.status === 200 && key !== 'POST /me/logout-everywhere') expect(again.body).toEqual(first.body)
  })

  test('unknown addresses and methods are told apart', async () => {
    expect(await refusal(await fetch(`${server.url}/api/nowhere`))).toEqual([404, 'not_found'])
    expect(await refusal(await fetch(`${server.url}/api/stores`, { method: 'DELETE' }))).toEqual([
      405,
      'method_not_allowed',
    ])
  })

  test('a wrong Authorization header is no visitor', async () => {
    for (const header of ['Bearer', 'Bearer x', 'Basic dXNlcjpwYXNz'])
      expect((await fetch(`${server.url}/api/stores`, { headers: { Authorization: header } })).status).toBe(401)
  })

  test('the OpenAPI document has every endpoint', async () => {
    const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: Record<string, object> }
    const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((m) => `${m.toUpperCase()} ${path.replace(/^\/api/, '').replace(/\{(\w+)\}/g, ':$1')}`),
    )
    expect(listed.sort()).toEqual([...keys].sort())
  })

  test('after all this nothing was a fault', () => {
    expect(server.logged().filter((line) => line.includes('"msg":"fault"'))).toEqual([])
  })
})
