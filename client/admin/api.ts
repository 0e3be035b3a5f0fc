import type { Input, Key, Output } from '@shared/contract'
import type { ErrorBody, ErrorCode } from '@shared/errors'

/** Where the tokens lie in the browser's storage. */
export const TOKENS_KEY = 'huiyuan.admin.tokens'

/** The pair that a sign-in gives. */
export interface Tokens {
  accessToken: string
  refreshToken: string
}
interface StoredTokens extends Tokens {
  /**
   * The Idempotency-Key under which this refresh token will be exchanged. A page closed in the middle of the exchange never sees
   * the answer; the next page asks under the same key and is given the same answer, instead of being taken for a thief.
   */
  renewalKey: string
}

/** A refusal of the server, or a network that did not answer (`code: 'offline'`). `message` is a sentence for a person. */
export interface ApiFailure extends Error {
  code: ErrorCode | 'offline'
  status: number
  details: Record<string, unknown>
  requestId?: string
}

const failure = (
  code: ApiFailure['code'],
  status: number,
  message: string,
  details: Record<string, unknown> = {},
  requestId?: string,
): ApiFailure => Object.assign(new Error(message), { code, status, details, requestId })

/** Whether something thrown is a failure of `call`. */
export const isFailure = (error: unknown): error is ApiFailure =>
  error instanceof Error && 'code' in error && 'status' in error

/** The sentence to show for anything thrown. */
export const sentenceOf = (error: unknown): string =>
  isFailure(error) ? error.message : '页面出了点问题，请刷新后再试'

const listeners = new Set<() => void>()

/** The tokens of this browser; every tab shares them. */
export const tokenStore = {
  read(): StoredTokens | null {
    const stored = localStorage.getItem(TOKENS_KEY)
    return stored ? (JSON.parse(stored) as StoredTokens) : null
  },
  write(tokens: Tokens | null): void {
    const { accessToken, refreshToken } = tokens ?? {}
    if (tokens) localStorage.setItem(TOKENS_KEY, JSON.stringify({ accessToken, refreshToken, renewalKey: newKey() }))
    else localStorage.removeItem(TOKENS_KEY)
    for (const listener of listeners) listener()
  },
  /** Tells when tokens come or go, in this tab or another. Returns the way to stop. */
  subscribe(listener: () => void): () => void {
    const onStorage = (event: StorageEvent) => event.key === TOKENS_KEY && listener()
    listeners.add(listener)
    window.addEventListener('storage', onStorage)
    return () => {
      listeners.delete(listener)
      window.removeEventListener('storage', onStorage)
    }
  },
}

/** A random UUID. `crypto.randomUUID` is missing where the page is opened over plain http from another computer. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** Puts an input into the places its key names: path, query of a GET, JSON body of the rest. */
function requestOf(key: string, input: Record<string, unknown>): { method: string; url: string; body?: string } {
  const [method, path] = key.split(' ') as [string, string]
  const rest = { ...input }
  const filled = path.replace(/:(\w+)/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeURIComponent(String(value))
  })
  if (method !== 'GET') return { method, url: `/api${filled}`, body: JSON.stringify(rest) }
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(rest))
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  const text = query.toString()
  return { method, url: `/api${filled}${text ? `?${text}` : ''}` }
}

async function send(
  key: string,
  input: Record<string, unknown>,
  idempotencyKey: string,
  signal?: AbortSignal,
): Promise<Response> {
  const { method, url, body } = requestOf(key, input)
  const headers: Record<string, string> = {}
  // Sign-in, renewal and sign-out speak for themselves; an expired token beside them would only get them refused.
  const tokens = key.includes(' /auth/') ? null : tokenStore.read()
  if (tokens) headers.Authorization = `Bearer ${tokens.accessToken}`
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (method !== 'GET') headers['Idempotency-Key'] = idempotencyKey
  return fetch(url, { method, headers, body, signal }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw failure('offline', 0, '连不上服务器，请检查网络后重试')
  })
}

async function failureOf(response: Response): Promise<ApiFailure> {
  const body = (await response.json().catch(() => null)) as { error?: ErrorBody } | null
  if (body?.error)
    return failure(body.error.code, response.status, body.error.message, body.error.details, body.error.requestId)
  return failure('internal', response.status, `服务器没有正常回应（${response.status}），请稍后再试`)
}

let refreshing: Promise<boolean> | null = null

/** Runs one task at a time across the tabs of this browser, where the browser can. */
const oneAtATime = <T>(task: () => Promise<T>): Promise<T> =>
  navigator.locks ? (navigator.locks.request('huiyuan.admin.refresh', task) as Promise<T>) : task()

/**
 * Turns the refresh token into a new pair; false when the server refuses it. A refresh token works once, so callers that
 * find their token expired at the same moment wait for one exchange, and another tab's exchange counts as ours.
 */
function refresh(expired: string): Promise<boolean> {
  refreshing ??= oneAtATime(async () => {
    const tokens = tokenStore.read()
    if (!tokens) return false
    if (tokens.accessToken !== expired) return true
    const response = await send('POST /auth/refresh', { refreshToken: tokens.refreshToken }, tokens.renewalKey)
    if (response.ok) {
      const next = (await response.json()) as Tokens
      tokenStore.write(next)
      return true
    }
    if (response.status >= 500) throw await failureOf(response)
    tokenStore.write(null)
    return false
  }).finally(() => {
    refreshing = null
  })
  return refreshing
}

/**
 * Calls one endpoint of the contract. Throws an ApiFailure with the sentence to show. An expired access token is renewed once,
 * unseen. Give `idempotencyKey` to repeat a request whose answer never arrived; without it every call is a new one.
 */
export async function call<K extends Key>(
  key: K,
  input: Input<K>,
  options: { idempotencyKey?: string; signal?: AbortSignal } = {},
): Promise<Output<K>> {
  const idempotencyKey = options.idempotencyKey ?? newKey()
  const used = tokenStore.read()?.accessToken
  let response = await send(key, input as Record<string, unknown>, idempotencyKey, options.signal)
  if (response.status === 401 && used && !key.includes(' /auth/')) {
    if (await refresh(used))
      response = await send(key, input as Record<string, unknown>, idempotencyKey, options.signal)
  }
  if (!response.ok) throw await failureOf(response)
  return (response.status === 204 ? null : await response.json()) as Output<K>
}

/** A picture that the server has; `url` is what a reward or a banner keeps of it. */
export interface Picture {
  url: string
  width: number
  height: number
}

/** Sends one picture (JPEG, PNG or WebP, at most 2 MB). Throws an ApiFailure with the sentence to show. */
export async function uploadPicture(file: File): Promise<Picture> {
  const post = (): Promise<Response> => {
    const body = new FormData()
    body.append('file', file)
    const headers = { Authorization: `Bearer ${tokenStore.read()?.accessToken ?? ''}` }
    return fetch('/api/uploads', { method: 'POST', headers, body }).catch(() => {
      throw failure('offline', 0, '连不上服务器，请检查网络后重试')
    })
  }
  const used = tokenStore.read()?.accessToken
  let response = await post()
  if (response.status === 401 && used && (await refresh(used))) response = await post()
  if (!response.ok) throw await failureOf(response)
  return ((await response.json()) as { items: [Picture] }).items[0]
}
