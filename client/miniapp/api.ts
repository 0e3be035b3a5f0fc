import type { Contract, Input, Key, Output } from '@shared/contract'
import type { ErrorCode } from '@shared/errors'
import Taro from '@tarojs/taro'
import { forgetAnswers } from './cache'
import { newId } from './platform'
import { keepSession, type Principal, type Session, sessionOf } from './session'

/** What a page needs to know of a failed call: a code to decide by and a sentence to show. */
export interface Failure extends Error {
  /** A code of the server's catalogue, or `network` when no answer came. */
  code: ErrorCode | 'network'
  /** HTTP status; 0 without an answer. */
  status: number
  details: Record<string, unknown>
}

interface CallOptions {
  /** Names one intent of the person. Pass the same key when the person tries again, so that the effect happens once. */
  key?: string
}

const TIMEOUT_MS = 10_000
/** After no answer at all a call is repeated this many times, under the same key. */
const REPEATS = 2
const REPEAT_AFTER_MS = 400
/** A token that ends this soon is renewed before it is used. */
const RENEW_BEFORE_MS = 10_000

let skewMs = 0
/** Learns how far this phone's clock is off, from an answer that carries the server's time. */
export function learnServerTime(serverTime: number): void {
  skewMs = serverTime - Date.now()
}
/** The Date header tells whole seconds, so clocks that differ by less agree. */
const SKEW_WORTH_MS = 2_000
/** Every answer tells the time, so that no page depends on another one having learned it. */
function learnFromHeader(header: Record<string, unknown> | undefined): void {
  const told = Date.parse(String(header?.Date ?? header?.date))
  if (!Number.isNaN(told) && Math.abs(told - serverNow()) > SKEW_WORTH_MS) learnServerTime(told)
}
/** Now by the server's clock, in epoch ms: what countdowns and 'today' are reckoned by. */
export const serverNow = (): number => Date.now() + skewMs

const failure = (
  code: Failure['code'],
  message: string,
  status: number,
  details: Record<string, unknown> = {},
): Failure => Object.assign(new Error(message), { code, status, details })

/** A refusal that did not come through `call`, such as that of a photo. */
export const refusalOf = (body: unknown, status: number): Failure => {
  const { error } = (body ?? {}) as { error?: { code: ErrorCode; message: string } }
  return error ? failure(error.code, error.message, status) : failure('network', '没能上传，请重试', status)
}

/** Whether a thrown value came from `call`. */
export const isFailure = (thrown: unknown): thrown is Failure => thrown instanceof Error && 'code' in thrown
/** The sentence to show for anything thrown. */
export const sayFailure = (thrown: unknown): string => (isFailure(thrown) ? thrown.message : '出了点问题，请稍后再试')
/** Whether the call never reached the server. */
export const isOffline = (thrown: unknown): boolean => isFailure(thrown) && thrown.code === 'network'

const OPEN_PATHS =
  /^\/(auth\/(?!staff)|demo|home$|stores$|tiers$|coupons\/|rewards(\/|$)|coupon-gifts\/|points-gifts\/|invites\/|faqs$)/
/** Read by anybody; a member who is signed in is told what is theirs. */
const EITHER_PATHS = /^\/community\//
function principalOf(path: string): Principal | null {
  if (path.startsWith('/staff/')) return 'staff'
  if (EITHER_PATHS.test(path)) return sessionOf('member') ? 'member' : null
  return OPEN_PATHS.test(path) ? null : 'member'
}

/** Puts the input into the path, the query (GET) or the body. */
function address(key: string, input: Record<string, unknown>) {
  const [method, template] = key.split(' ') as ['GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', string]
  const rest = { ...input }
  const path = template.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  if (method !== 'GET') return { method, path, url: path, body: rest }
  const query = Object.entries(rest)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&')
  return { method, path, url: query ? `${path}?${query}` : path, body: undefined }
}

type Send = ReturnType<typeof address> & { headers: Record<string, string> }

async function sendOnce({ method, url, body, headers }: Send): Promise<{ status: number; data: unknown }> {
  try {
    const answer = await Taro.request({
      url: API_BASE + url,
      method: method as keyof Taro.request.Method,
      data: body,
      header: headers,
      timeout: TIMEOUT_MS,
      dataType: 'json',
    })
    learnFromHeader(answer.header)
    return { status: answer.statusCode, data: answer.data }
  } catch {
    throw failure('network', '网络不给力，请检查后重试', 0)
  }
}

/** Sends, and repeats after silence. A repeat is safe: GETs change nothing and the others carry their key. */
async function send(request: Send): Promise<unknown> {
  for (let attempt = 0; ; attempt++) {
    try {
      const { status, data } = await sendOnce(request)
      if (status >= 200 && status < 300) return data
      const error = (data as { error?: { code: ErrorCode; message: string; details?: Record<string, unknown> } })?.error
      if (error) throw failure(error.code, error.message, status, error.details)
      throw failure(status >= 502 ? 'network' : 'internal', '服务暂时不可用，请稍后再试', status)
    } catch (thrown) {
      if (!isOffline(thrown) || attempt >= REPEATS) throw thrown
      await new Promise((resolve) => setTimeout(resolve, REPEAT_AFTER_MS * (attempt + 1)))
    }
  }
}

const renewing: Partial<Record<Principal, Promise<Session>>> = {}
/** Trades the refresh token for a new session, once for however many calls are waiting: a second use would revoke it. */
function renew(who: Principal, session: Session): Promise<Session> {
  renewing[who] ??= (async () => {
    try {
      const request = address('POST /auth/refresh', { refreshToken: session.refreshToken })
      const fresh = (await send({ ...request, headers: { 'Idempotency-Key': newId() } })) as Session
      keepSession(who, fresh)
      return fresh
    } catch (thrown) {
      if (!isOffline(thrown) && (thrown as Failure).status < 500) signOut(who)
      throw thrown
    } finally {
      delete renewing[who]
    }
  })()
  return renewing[who] as Promise<Session>
}

/** Forgets the tokens of a principal on this device, and with the member everything that was kept of them. */
export function signOut(who: Principal): void {
  if (who === 'member') {
    forgetAnswers()
    keepSession('staff', null)
  }
  keepSession(who, null)
}

async function perform(key: string, input: Record<string, unknown>, idempotencyKey: string | null): Promise<unknown> {
  const request = address(key, input)
  const who = principalOf(request.path)
  const headers: Record<string, string> = idempotencyKey ? { 'Idempotency-Key': idempotencyKey } : {}
  if (!who) return send({ ...request, headers })

  let session = sessionOf(who)
  if (!session) throw failure('unauthenticated', '请先登录', 401)
  if (session.accessExpiresAt - serverNow() < RENEW_BEFORE_MS) session = await renew(who, session)
  const withToken = (token: string): Send => ({ ...request, headers: { ...headers, Authorization: `Bearer ${token}` } })
  try {
    return await send(withToken(session.accessToken))
  } catch (thrown) {
    if (!isFailure(thrown) || thrown.status !== 401) throw thrown
    // Another call may have renewed the session while this one was on its way.
    const current = sessionOf(who)
    if (!current) throw thrown
    const fresh = current.accessToken === session.accessToken ? await renew(who, current) : current
    return send(withToken(fresh.accessToken))
  }
}

/** A token of the member that is good for the next minutes, for what is not sent by `call` (photos). Throws a Failure for a visitor. */
export async function memberToken(): Promise<string> {
  const session = sessionOf('member')
  if (!session) throw failure('unauthenticated', '请先登录', 401)
  const fresh = session.accessExpiresAt - serverNow() < 60_000 ? await renew('member', session) : session
  return fresh.accessToken
}

let gate: Promise<unknown> | null = null
/** Makes every other call wait for a sign-in that is under way, so that no page asks as a visitor a moment too early. */
export function holdUntil(signIn: Promise<unknown>): void {
  const settled = signIn
    .catch(() => undefined)
    .then(() => {
      if (gate === settled) gate = null
    })
  gate = settled
}
async function performInTurn(
  key: string,
  input: Record<string, unknown>,
  idempotencyKey: string | null,
): Promise<unknown> {
  if (gate && key !== 'POST /demo/sessions') await gate
  return perform(key, input, idempotencyKey)
}

const inFlight = new Map<string, Promise<unknown>>()

/**
 * Calls an endpoint of the contract. GETs that are already on their way are shared; everything else carries an
 * Idempotency-Key, so that a repeat after silence has one effect. Throws a Failure.
 */
export function call<K extends Key>(
  key: K,
  ...rest: Record<string, never> extends Input<K>
    ? [input?: Input<K>, options?: CallOptions]
    : [input: Input<K>, options?: CallOptions]
): Promise<Output<K>> {
  const [input = {}, options = {}] = rest as [Record<string, unknown>?, CallOptions?]
  if (!key.startsWith('GET ')) return performInTurn(key, input, options.key ?? newId()) as Promise<Output<K>>
  const name = `${key} ${JSON.stringify(input)}`
  let running = inFlight.get(name)
  if (!running) {
    running = performInTurn(key, input, null).finally(() => inFlight.delete(name))
    inFlight.set(name, running)
  }
  return running as Promise<Output<K>>
}

/** Keys that only read. */
export type ReadKey = Extract<keyof Contract, `GET ${string}`>
/** Keys that change something. */
export type WriteKey = Exclude<Key, ReadKey>
