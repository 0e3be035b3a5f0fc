import { createHmac, timingSafeEqual } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { deliveryError, isDeliveryError, networkError } from '../delivery'

/** One call of somebody's address. */
export interface HookCall {
  url: string
  /** Signs the body; empty: unsigned (a WeCom robot's address is its own secret). */
  secret: string
  /** Names the delivery: the same in every repeat, so that the receiver can tell one. */
  deliveryId: string
  body: string
}
export interface HookSender {
  /** Posts JSON and answers status and text. Throws DeliveryError when there is no answer. */
  post(call: HookCall): Promise<{ status: number; text: string }>
}

/**
 * The signature header, `t=<epoch seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<delivery id>.<body>`. The time is signed so that an old call
 * cannot be played again for ever, the id so that it cannot be given to another body.
 */
export const signHook = (secret: string, seconds: number, deliveryId: string, body: string): string =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${deliveryId}.${body}`).digest('hex')}`

/** Whether a signature fits; receivers may copy this. `toleranceSeconds` bounds how old a call may be. */
export const checkHook = (
  given: { secret: string; header: string; deliveryId: string; body: string; nowSeconds: number },
  toleranceSeconds = 300,
): boolean => {
  const match = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(given.header)
  if (!match || Math.abs(given.nowSeconds - Number(match[1])) > toleranceSeconds) return false
  const expected = signHook(given.secret, Number(match[1]), given.deliveryId, given.body)
  return timingSafeEqual(Buffer.from(expected), Buffer.from(given.header))
}

const privateV4 =
  /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])|22[4-9]|2[3-5]\d)\./
const isPrivate = (address: string): boolean =>
  isIP(address) === 4
    ? privateV4.test(address)
    : /^(::1?$|f[cd]|fe[89ab]|ff|::ffff:(0|10|127|169\.254|192\.168)\.)/i.test(address)

/**
 * Whether an address may be called: https to a public host. Off production http and this machine are allowed too, for stand-ins.
 * @returns the reason it may not, or null
 */
export const hookProblem = (url: string, production: boolean): string | null => {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    return 'not an address'
  }
  if (parsed.username || parsed.password) return 'an address with a password in it'
  if (!production) return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? null : 'not http'
  if (parsed.protocol !== 'https:') return 'not https'
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  return host === 'localhost' || (isIP(host) && isPrivate(host)) ? 'an inner address' : null
}

/** @param production refuses addresses inside the own network, also behind a public name. */
export const createHookSender = ({
  now,
  production,
  timeoutMs = 8000,
}: {
  now: () => number
  production: boolean
  timeoutMs?: number
}): HookSender => ({
  post: async ({ url, secret, deliveryId, body }) => {
    const problem = hookProblem(url, production)
    if (problem) throw deliveryError('config', null, `the address is refused: ${problem}`)
    try {
      const { hostname } = new URL(url)
      if (production && !isIP(hostname)) {
        const { address } = await lookup(hostname)
        if (isPrivate(address)) throw deliveryError('config', null, 'the name leads to an inner address')
      }
      const seconds = Math.floor(now() / 1000)
      const response = await fetch(url, {
        method: 'POST',
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          'Content-Type': 'application/json; charset=utf-8',
          'Huiyuan-Delivery': deliveryId,
          ...(secret ? { 'Huiyuan-Signature': signHook(secret, seconds, deliveryId, body) } : {}),
        },
      })
      return { status: response.status, text: (await response.text()).slice(0, 2000) }
    } catch (error) {
      if (isDeliveryError(error)) throw error
      throw networkError(error, 'the address')
    }
  },
})
