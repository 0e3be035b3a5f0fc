import { createHmac, timingSafeEqual } from 'node:crypto'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { deliveryError, isDeliveryError } from '../delivery'
import { hookProblem, type Resolve, vettedLookup } from './addresses'

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
  /** Posts JSON and answers status and the beginning of the text. Throws DeliveryError when there is no answer. */
  post(call: HookCall): Promise<{ status: number; text: string }>
}

/**
 * The signature header, `t=<epoch seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<delivery id>.<body>`. The time is signed so that an old call
 * cannot be played again for ever, the id so that it cannot be given to another body.
 */
export const signHook = (secret: string, seconds: number, deliveryId: string, body: string): string =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${deliveryId}.${body}`).digest('hex')}`

/**
 * Whether a signature fits; receivers may copy this. `toleranceSeconds` bounds how old a call may be, and how long a receiver has to
 * remember delivery ids in order to refuse one that is played again within it.
 */
export const checkHook = (
  given: { secret: string; header: string; deliveryId: string; body: string; nowSeconds: number },
  toleranceSeconds = 300,
): boolean => {
  const match = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(given.header)
  if (!match || Math.abs(given.nowSeconds - Number(match[1])) > toleranceSeconds) return false
  const expected = Buffer.from(signHook(given.secret, Number(match[1]), given.deliveryId, given.body))
  const header = Buffer.from(given.header)
  return expected.length === header.length && timingSafeEqual(expected, header)
}

/** Bytes of an answer that are read; nothing that we look for lies beyond. */
const longestAnswer = 16 * 1024

/** The beginning of an answer. The status is the word that counts, so a text that breaks off, or never ends, is kept as far as it came. */
const beginningOf = (response: IncomingMessage): Promise<string> =>
  new Promise((done) => {
    const chunks: Buffer[] = []
    let size = 0
    const end = (): void => {
      done(Buffer.concat(chunks).subarray(0, longestAnswer).toString('utf8'))
      response.destroy()
    }
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size >= longestAnswer) end()
    })
    response.once('end', end).once('error', end).once('close', end)
  })

interface Exchange {
  url: URL
  headers: Record<string, string>
  body: string
  lookup: LookupFunction
  timeoutMs: number
}

/** One POST. Redirects are not followed: they would carry the call, and its signature, to an address that nobody has looked at. */
const exchange = ({ url, headers, body, lookup, timeoutMs }: Exchange): Promise<{ status: number; text: string }> =>
  new Promise((done, fail) => {
    const secure = url.protocol === 'https:'
    let connected = false
    let answered = false
    const request = (secure ? httpsRequest : httpRequest)(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
        lookup,
        // A connection of its own each time: one kept open may have been closed by the other side, which looks like a lost answer.
        agent: false,
        signal: AbortSignal.timeout(timeoutMs),
      },
      (response) => {
        answered = true
        void beginningOf(response).then((text) => done({ status: response.statusCode ?? 0, text }))
      },
    )
    request.once('socket', (socket) =>
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        connected = true
      }),
    )
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (answered) return
      if (isDeliveryError(error)) return fail(error)
      // Without a connection nothing can have arrived.
      const kind = connected ? 'unknown' : 'transient'
      fail(
        deliveryError(
          kind,
          null,
          `the address ${connected ? 'gave no answer' : 'cannot be reached'} (${error.code ?? error.name})`,
        ),
      )
    })
    request.end(body)
  })

/**
 * @param production refuses addresses inside the own network, also behind a public name
 * @param timeoutMs for the whole exchange
 */
export const createHookSender = ({
  now,
  production,
  timeoutMs = 8000,
  resolve,
}: {
  now: () => number
  production: boolean
  timeoutMs?: number
  resolve?: Resolve
}): HookSender => {
  const lookup = vettedLookup(production, resolve)
  return {
    post: async ({ url, secret, deliveryId, body }) => {
      const problem = hookProblem(url, production)
      if (problem) throw deliveryError('config', 'refused_address', `the address is refused: ${problem}`)
      const seconds = Math.floor(now() / 1000)
      const headers = {
        'Content-Type': 'application/json; charset=utf-8',
        'Huiyuan-Delivery': deliveryId,
        ...(secret ? { 'Huiyuan-Signature': signHook(secret, seconds, deliveryId, body) } : {}),
      }
      return exchange({ url: new URL(url), headers, body, lookup, timeoutMs })
    },
  }
}
