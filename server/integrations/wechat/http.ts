/**
 * One HTTP exchange with WeChat: a time limit, a size limit, JSON or bytes told apart by the first byte (WeChat labels
 * JSON as text/plain and JSON errors as images), 64-bit ids kept as text, and log lines without secrets.
 */

import { unansweredError, wechatError } from './errors'
import { failureShape } from './schemas'

/** No WeChat answer that we ask for is larger than a 1280-pixel image. */
const maxAnswerBytes = 4 * 1024 * 1024

export type WechatCallLog = {
  path: string
  method: 'GET' | 'POST'
  /** Milliseconds until the answer was read. */
  ms: number
  outcome: 'ok' | 'refused' | 'no-answer'
  httpStatus: number | null
  errcode: number | null
  rid: string | null
  /** Masked reason, for `no-answer` only. */
  reason?: string
}

export type WechatHttpOptions = {
  baseUrl: string
  fetch: typeof globalThis.fetch
  now: () => number
  timeoutMs: number
  log?: (entry: WechatCallLog) => void
}

export type WechatRequest = {
  path: string
  query?: Record<string, string>
  /** A body makes it a POST. */
  body?: object
}

export type WechatAnswer = { kind: 'json'; json: Record<string, unknown> } | { kind: 'bytes'; bytes: Buffer }

export type WechatHttp = (request: WechatRequest) => Promise<WechatAnswer>

/**
 * Makes the function that performs one exchange, without any retry.
 *
 * It throws a WechatError: with `errcode` when WeChat refused, class `transient` when no connection came about, class
 * `unknown` when the request left but no readable answer arrived (time-out, reset, gateway page, cut-off JSON).
 */
export function createWechatHttp(options: WechatHttpOptions): WechatHttp {
  const base = options.baseUrl.replace(/\/+$/, '')
  return async ({ path, query, body }) => {
    const url = `${base}${path}${query ? `?${new URLSearchParams(query)}` : ''}`
    const method = body ? 'POST' : 'GET'
    const startedMs = options.now()
    const log = (outcome: WechatCallLog['outcome'], more: Partial<WechatCallLog>) =>
      options.log?.({
        path,
        method,
        ms: options.now() - startedMs,
        outcome,
        httpStatus: null,
        errcode: null,
        rid: null,
        ...more,
      })

    let httpStatus: number | null = null
    let bytes: Buffer
    try {
      const response = await options.fetch(url, {
        method,
        // A redirect would carry the token to another host.
        redirect: 'error',
        signal: AbortSignal.timeout(options.timeoutMs),
        ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json; charset=utf-8' } } : {}),
      })
      httpStatus = response.status
      bytes = await readLimited(response)
    } catch (error) {
      const reason = maskSecrets(reasonOf(error))
      log('no-answer', { httpStatus, reason })
      throw unansweredError(path, reason, neverConnected(error) ? 'none' : 'unclear')
    }

    if (httpStatus < 200 || httpStatus > 299) {
      log('no-answer', { httpStatus, reason: `HTTP ${httpStatus}` })
      throw unansweredError(path, `HTTP ${httpStatus}`, 'unclear')
    }
    if (!looksLikeText(bytes)) {
      log('ok', { httpStatus })
      return { kind: 'bytes', bytes }
    }
    const json = parseWechatJson(bytes.toString('utf8'))
    if (!json) {
      const reason = bytes.length === 0 ? 'empty body' : 'the body is not a JSON object'
      log('no-answer', { httpStatus, reason })
      throw unansweredError(path, reason, 'unclear')
    }
    const failure = failureShape.safeParse(json)
    if (failure.success && failure.data.errcode !== 0) {
      const error = wechatError(path, failure.data.errcode, failure.data.errmsg)
      log('refused', { httpStatus, errcode: error.errcode, rid: error.rid })
      throw error
    }
    log('ok', { httpStatus })
    return { kind: 'json', json }
  }
}

async function readLimited(response: Response): Promise<Buffer> {
  if (!response.body) return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > maxAnswerBytes) throw new Error(`the answer exceeds ${maxAnswerBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Images begin with 0xFF (JPEG) or 0x89 (PNG); everything else WeChat sends is meant to be text. */
function looksLikeText(bytes: Buffer): boolean {
  const first = bytes[0]
  return first !== 0xff && first !== 0x89
}

/**
 * Parses an answer, keeping integers of sixteen and more digits as strings: `JSON.parse` would round a message id.
 *
 * @returns the object, or null when the text is not one JSON object.
 */
export function parseWechatJson(text: string): Record<string, unknown> | null {
  const quoted = text
    .replace(/^\uFEFF/, '')
    .replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (part) =>
      /^-?\d{16,}$/.test(part) ? `"${part}"` : part,
    )
  try {
    const value: unknown = JSON.parse(quoted)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

const secretNames = 'secret|appsecret|access_token|js_code|session_key|code|phoneNumber|purePhoneNumber|mobile_no'
const secretPair = new RegExp(`([?&\\s]|^)(${secretNames})=[^&\\s"']+`, 'gi')
const secretMember = new RegExp(`("(?:${secretNames})"\\s*:\\s*)("(?:[^"\\\\]|\\\\.)*"|[\\d.]+)`, 'gi')

/** Replaces the values of secrets, codes and phone numbers in a URL, a query or a piece of JSON by `***`. */
export function maskSecrets(text: string): string {
  return text.replace(secretPair, '$1$2=***').replace(secretMember, '$1"***"')
}

/** The members of fetch's failures that matter; they may come from another realm, so `instanceof` would not do. */
type FetchFailure = { name?: string; message?: string; code?: string; cause?: FetchFailure; errors?: FetchFailure[] }

function reasonOf(error: unknown): string {
  const { name, message, cause } = (error ?? {}) as FetchFailure
  if (name === 'TimeoutError') return 'timed out'
  const inner = cause?.message || cause?.code
  return `${message ?? String(error)}${inner ? ` (${inner})` : ''}`
}

/** Failures that happen before a byte of the request is written, so a repeat cannot double an effect. */
const connectFailures = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

function neverConnected(error: unknown): boolean {
  const { cause } = (error ?? {}) as FetchFailure
  // A host with several addresses reports one failure for each.
  const causes = cause?.errors ?? [cause]
  return causes.every((one) => connectFailures.has(one?.code ?? ''))
}
