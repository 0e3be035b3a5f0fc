/**
 * Message push: what WeChat sends to our callback address, in safe mode with JSON bodies.
 *
 *   const push = createPushReceiver({ appId, token, encodingAesKey, now: clock.now })
 *   GET:  const echo = push.checkUrl(query)                       // null: answer 401
 *   POST: const outcome = await push.receive(query, rawBody, async (events) => { store them })
 *         // accepted: answer `success` at once; otherwise 401 and no effect
 *
 * WeChat repeats a push whose answer is slow or lost, and several replicas may get the copies: store events under
 * their `dedupeKey` with a unique index. The nonce memory here only stops an eavesdropper's replay within one process.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { parseWechatJson } from './http'
import { readPushEvents, type WechatEvent } from './push-events'

export type PushQuery = Record<string, string | string[] | undefined>

export type PushRefusal = 'query' | 'stale' | 'signature' | 'format' | 'app'

export type PushOutcome = { accepted: true; repeated: boolean } | { accepted: false; reason: PushRefusal }

export type PushOptions = {
  appId: string
  /** The token of the push settings (not an access token). */
  token: string
  /** 43 characters. */
  encodingAesKey: string
  now: () => number
}

/** How far WeChat's clock and ours may differ, and so how long a nonce must be remembered. */
const freshnessMs = 5 * 60_000
/** A flood of genuine pushes may not grow the nonce memory without end; the oldest go first. */
const rememberedNonces = 10_000

/** Base64 is case-sensitive and WeChat pads to 32 bytes, so this is far above any real event. */
const maxBodyCharacters = 256 * 1024

const envelope = z.object({ Encrypt: z.string().min(1) })

/** The signature that WeChat puts on a set-up check (three parts) and on a safe-mode body (with `Encrypt` as fourth). */
export function pushSignature(...parts: string[]): string {
  return createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex')
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}

const blockBytes = 32
const randomPrefixBytes = 16

function aesKey(encodingAesKey: string): Buffer {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  if (encodingAesKey.length !== 43 || key.length !== 32) throw new Error('EncodingAESKey must have 43 characters')
  return key
}

/**
 * Decrypts `Encrypt`: AES-256-CBC with the first half of the key as IV and PKCS#7 padding to 32 bytes (Node only knows
 * 16), holding 16 random bytes, a big-endian length, the message and the app id.
 *
 * @returns null when the text is not of that form.
 */
export function decryptPush(
  encodingAesKey: string,
  encrypted: string,
): { message: string; appId: string; random: string } | null {
  const key = aesKey(encodingAesKey)
  const input = Buffer.from(encrypted, 'base64')
  if (input.length === 0 || input.length % 16 !== 0) return null
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(input), decipher.final()])
  const padding = padded[padded.length - 1] ?? 0
  if (padding < 1 || padding > blockBytes || padding > padded.length) return null
  if (!padded.subarray(padded.length - padding).every((byte) => byte === padding)) return null
  const plain = padded.subarray(0, padded.length - padding)
  const start = randomPrefixBytes + 4
  if (plain.length < start) return null
  const end = start + plain.readUInt32BE(randomPrefixBytes)
  if (end > plain.length) return null
  return {
    message: plain.toString('utf8', start, end),
    appId: plain.toString('utf8', end),
    random: plain.toString('latin1', 0, randomPrefixBytes),
  }
}

/** The counterpart of `decryptPush`; `random` (16 bytes) is given only where an official sample has to be matched. */
export function encryptPush(
  encodingAesKey: string,
  appId: string,
  message: string,
  random: Buffer = randomBytes(randomPrefixBytes),
): string {
  const key = aesKey(encodingAesKey)
  const body = Buffer.from(message)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const plain = Buffer.concat([random, length, body, Buffer.from(appId)])
  const padding = blockBytes - (plain.length % blockBytes)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([plain, Buffer.alloc(padding, padding)])
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64')
}

export function createPushReceiver(options: PushOptions) {
  const { appId, token, encodingAesKey, now } = options
  // Fails at start, not at the first event.
  aesKey(encodingAesKey)
  /** Accepted deliveries and when each may be forgotten. */
  const seen = new Map<string, number>()

  const remember = (key: string) => {
    for (const [old, until] of seen) {
      if (until > now() && seen.size < rememberedNonces) break
      seen.delete(old)
    }
    // A timestamp may lie in the future by the whole window, and stays acceptable for that much longer.
    seen.set(key, now() + 2 * freshnessMs)
  }

  const isFresh = (timestamp: string) =>
    /^\d{10}$/.test(timestamp) && Math.abs(now() - Number(timestamp) * 1000) <= freshnessMs

  return {
    /** The set-up check: the text to answer, or null when the signature is wrong or old. */
    checkUrl(query: PushQuery): string | null {
      const [signature, timestamp, nonce, echo] = pick(query, 'signature', 'timestamp', 'nonce', 'echostr')
      if (!signature || !timestamp || !nonce || !echo || !isFresh(timestamp)) return null
      return sameText(signature, pushSignature(token, timestamp, nonce)) ? echo : null
    },

    /**
     * Verifies, decrypts and reads one push and hands its events to `process`.
     *
     * A repeated delivery is accepted without calling `process`. When `process` throws, the delivery is forgotten
     * again and the error passes through: answer 500, and WeChat's repeat gets its chance.
     */
    async receive(
      query: PushQuery,
      rawBody: string,
      process: (events: WechatEvent[]) => Promise<void>,
    ): Promise<PushOutcome> {
      const [signature, timestamp, nonce] = pick(query, 'msg_signature', 'timestamp', 'nonce')
      if (!signature || !timestamp || !nonce) return { accepted: false, reason: 'query' }
      if (!isFresh(timestamp)) return { accepted: false, reason: 'stale' }
      const body = rawBody.length <= maxBodyCharacters ? envelope.safeParse(parseWechatJson(rawBody)) : null
      if (!body?.success) return { accepted: false, reason: 'format' }
      const { Encrypt: encrypted } = body.data
      if (!sameText(signature, pushSignature(token, timestamp, nonce, encrypted))) {
        return { accepted: false, reason: 'signature' }
      }
      const opened = decryptPush(encodingAesKey, encrypted)
      const message = opened && parseWechatJson(opened.message)
      if (!opened || !message) return { accepted: false, reason: 'format' }
      if (!sameText(opened.appId, appId)) return { accepted: false, reason: 'app' }
      const events = readPushEvents(message)
      if (!events) return { accepted: false, reason: 'format' }

      const key = `${timestamp}:${nonce}:${signature}`
      if ((seen.get(key) ?? 0) > now()) return { accepted: true, repeated: true }
      remember(key)
      try {
        await process(events)
      } catch (error) {
        seen.delete(key)
        throw error
      }
      return { accepted: true, repeated: false }
    },
  }
}

/** Query values that are present exactly once; a doubled parameter counts as missing. */
function pick(query: PushQuery, ...names: string[]): (string | null)[] {
  return names.map((name) => {
    const value = query[name]
    return typeof value === 'string' && value.length > 0 ? value : null
  })
}
