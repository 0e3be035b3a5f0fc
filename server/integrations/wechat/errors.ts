/**
 * The one error of the WeChat client, and what may be done about it.
 *
 * WeChat reports business failures with HTTP 200 and an `errcode`, so the number is the only thing to trust. Callers
 * switch on `kind` for behaviour and read `retry` to decide whether and when the same call may be repeated.
 */

/**
 * - `config`: ours or the administrator's to fix; repeating the call cannot help.
 * - `token`: the access token was refused, also after one renewal.
 * - `user`: this person, code or credit is the reason; other calls are fine.
 * - `rate`: too fast or too much.
 * - `transient`: WeChat was busy or could not be reached, and the call certainly had no effect.
 * - `content`: a sensitive word in the text.
 * - `unknown`: no trustworthy answer arrived. The call may or may not have taken effect: never repeat it blindly.
 */
export type WechatErrorClass = 'config' | 'token' | 'user' | 'rate' | 'transient' | 'content' | 'unknown'

/** When a repeat of the same call makes sense. */
export type RetryPolicy = 'never' | 'renew-token' | 'backoff' | 'next-second' | 'next-minute' | 'tomorrow'

export type WechatError = Error & {
  name: 'WechatError'
  /** WeChat's number; null when no WeChat answer arrived (network, gateway page, unreadable body). */
  errcode: number | null
  /** WeChat's trace id, queryable for seven days; null when the answer carried none. */
  rid: string | null
  class: WechatErrorClass
  retry: RetryPolicy
  /** The endpoint path, without its query, so that it never carries a secret. */
  path: string
}

const classOf: Record<number, [WechatErrorClass, RetryPolicy]> = {
  [-1]: ['transient', 'backoff'],
  40001: ['token', 'renew-token'],
  40014: ['token', 'renew-token'],
  42001: ['token', 'renew-token'],
  40002: ['config', 'never'],
  40013: ['config', 'never'],
  40125: ['config', 'never'],
  40164: ['config', 'never'],
  40243: ['config', 'never'],
  89503: ['config', 'never'],
  89506: ['config', 'never'],
  89507: ['config', 'never'],
  40037: ['config', 'never'],
  40097: ['config', 'never'],
  40129: ['config', 'never'],
  40169: ['config', 'never'],
  41001: ['config', 'never'],
  41002: ['config', 'never'],
  41004: ['config', 'never'],
  41008: ['config', 'never'],
  41009: ['config', 'never'],
  41030: ['config', 'never'],
  43002: ['config', 'never'],
  43104: ['config', 'never'],
  43107: ['config', 'never'],
  44002: ['config', 'never'],
  47001: ['config', 'never'],
  47003: ['config', 'never'],
  48001: ['config', 'never'],
  48004: ['config', 'never'],
  50002: ['config', 'never'],
  85096: ['config', 'never'],
  40003: ['user', 'never'],
  40029: ['user', 'never'],
  40163: ['user', 'never'],
  40226: ['user', 'never'],
  43101: ['user', 'never'],
  61010: ['user', 'never'],
  87007: ['user', 'never'],
  87008: ['user', 'never'],
  87009: ['user', 'never'],
  // Two messages to one person at the same moment: a pause of a second or two settles it.
  43108: ['rate', 'next-second'],
  44990: ['rate', 'next-second'],
  44991: ['rate', 'next-minute'],
  45011: ['rate', 'next-minute'],
  44993: ['rate', 'tomorrow'],
  45009: ['rate', 'tomorrow'],
  45168: ['content', 'never'],
}

/** Codes with which WeChat refuses the app itself; hammering on would only lengthen the refusal. */
const appRefusals = new Set([40002, 40013, 40125, 40164, 40243, 89503, 89506, 89507])

/** True when the app's own identity (appid, secret, IP address) is refused, so that no call can succeed for now. */
export function refusesApp(errcode: number | null): boolean {
  return errcode !== null && appRefusals.has(errcode)
}

/** Reads the trace id from WeChat's `errmsg`, in the present style (`rid: …`) or one of the two older ones. */
export function traceIdOf(errmsg: string): string | null {
  const rid = /rid:\s*([0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8})/i.exec(errmsg)
  if (rid) return rid[1] ?? null
  const hint = /hints?:\s*\[\s*(?:req_id:\s*)?([^\]\s]+)\s*\]/i.exec(errmsg)
  return hint?.[1] ?? null
}

/** Builds the error for an answer that carries an `errcode`. */
export function wechatError(path: string, errcode: number, errmsg: string): WechatError {
  const [kind, retry] = classOf[errcode] ?? ['unknown', 'never']
  const text = errmsg
    .replace(/[,\s]*rid:\s*\S+\s*$/i, '')
    .replace(/\s*hints?:\s*\[[^\]]*\]/i, '')
    .trim()
  return compose(`WeChat ${path} refused with ${errcode}: ${text}`, {
    path,
    errcode,
    rid: traceIdOf(errmsg),
    class: kind,
    retry,
  })
}

/**
 * Builds the error for a call without a usable WeChat answer.
 *
 * @param effect `none` when the request certainly did not run (no connection), `unclear` when it may have run.
 */
export function unansweredError(path: string, reason: string, effect: 'none' | 'unclear'): WechatError {
  return compose(`WeChat ${path} gave no usable answer: ${reason}`, {
    path,
    errcode: null,
    rid: null,
    class: effect === 'none' ? 'transient' : 'unknown',
    retry: effect === 'none' ? 'backoff' : 'never',
  })
}

function compose(message: string, fields: Omit<WechatError, keyof Error>): WechatError {
  return Object.assign(new Error(message), { name: 'WechatError' as const, ...fields })
}

/** Tells a WeChat failure from a programming mistake in a `catch`. */
export function isWechatError(error: unknown): error is WechatError {
  return error instanceof Error && error.name === 'WechatError' && 'errcode' in error
}

const minuteMs = 60_000
const dayMs = 86_400_000
/** WeChat's daily quotas start anew at midnight in China, which keeps UTC+8 all year. */
const chinaOffsetMs = 8 * 3_600_000

/**
 * Milliseconds to wait before the call may be repeated, or null when it must not be.
 *
 * @param attempt how many tries were made already, at least 1; only `backoff` grows with it.
 */
export function retryDelayMs(error: WechatError, attempt: number, nowMs: number): number | null {
  switch (error.retry) {
    case 'backoff':
      return Math.min(minuteMs, 1000 * 2 ** (attempt - 1))
    case 'next-second':
      return 1500
    case 'next-minute':
      return minuteMs - (nowMs % minuteMs) + 500
    case 'tomorrow':
      return dayMs - ((nowMs + chinaOffsetMs) % dayMs) + minuteMs
    // The client has renewed the token and tried again before it threw; a later try finds a fresh one.
    case 'renew-token':
      return minuteMs
    case 'never':
      return null
  }
}
