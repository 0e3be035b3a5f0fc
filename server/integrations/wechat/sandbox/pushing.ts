/** The sender of message pushes: signs, encrypts and delivers to our callback address like the real service. */
import { randomBytes } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { encryptPush, pushSignature } from '../push'
import type { PushRequest } from './answers'
import { keep, type PushDelivery, type SandboxState } from './state'

export type PushTarget = {
  /** Full callback address, for example `http://127.0.0.1:3000/api/wechat/push`. */
  url: string
  token: string
  encodingAesKey: string
}

const tries = 3
const answerLimitMs = 5000

/** Any number of deliveries may wait at once, each of which listens to the one signal. */
const freshCancel = (): AbortController => {
  const cancel = new AbortController()
  setMaxListeners(0, cancel.signal)
  return cancel
}

export type Pusher = {
  push: (request: PushRequest) => void
  /** Resolves when no delivery is under way or waiting. */
  settle: () => Promise<void>
  /** Cancels waiting deliveries and retries. */
  stop: () => void
}

/**
 * @param realNow the clock that the receiver shares. Transport timestamps come from it and not from the sandbox's
 *   movable clock, because the receiver refuses old ones.
 */
export function createPusher(options: {
  state: () => SandboxState
  appId: string
  target: PushTarget | null
  now: () => number
  realNow: () => number
  fetch: typeof globalThis.fetch
  retryPauseMs: number
}): Pusher {
  const { appId, target } = options
  const underWay = new Set<Promise<void>>()
  let cancel = freshCancel()

  const requestOf = (message: Record<string, unknown>, request: PushRequest, to: PushTarget) => {
    const timestamp = String(Math.floor(options.realNow() / 1000) - (request.ageSeconds ?? 0))
    const nonce = String(randomBytes(4).readUInt32BE())
    const encrypted = encryptPush(to.encodingAesKey, appId, JSON.stringify(message))
    const signature = pushSignature(to.token, timestamp, nonce, encrypted)
    const query = new URLSearchParams({
      signature: pushSignature(to.token, timestamp, nonce),
      timestamp,
      nonce,
      openid: request.openid,
      encrypt_type: 'aes',
      msg_signature: request.badSignature ? signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) : signature,
    })
    return {
      url: `${to.url}${to.url.includes('?') ? '&' : '?'}${query}`,
      body: JSON.stringify({ ToUserName: message.ToUserName, Encrypt: encrypted }),
    }
  }

  const deliver = async (record: PushDelivery, { url, body }: { url: string; body: string }, signal: AbortSignal) => {
    for (let attempt = 1; attempt <= tries && !record.accepted; attempt += 1) {
      if (attempt > 1) await pause(options.retryPauseMs, undefined, { signal, ref: false })
      record.attempts += 1
      try {
        const response = await options.fetch(url, {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json' },
          signal: AbortSignal.any([signal, AbortSignal.timeout(answerLimitMs)]),
        })
        record.status = response.status
        const text = (await response.text()).trim()
        record.accepted = response.ok && (text === '' || text === 'success')
      } catch {
        // No answer counts like a wrong one: it is tried again, and the record shows the missing status.
        record.status = null
      }
    }
  }

  const run = async (request: PushRequest, signal: AbortSignal) => {
    if (request.delayMs) await pause(request.delayMs, undefined, { signal, ref: false })
    const message = {
      ToUserName: `gh_${appId.slice(2, 14)}`,
      FromUserName: request.openid,
      CreateTime: request.createTime ?? Math.floor(options.now() / 1000),
      MsgType: 'event',
      Event: request.event,
      ...request.fields,
    }
    const sealed = target && requestOf(message, request, target)
    await Promise.all(
      Array.from({ length: request.copies ?? 1 }, async () => {
        const { event } = request
        const record = { event, at: options.now(), message, attempts: 0, status: null, accepted: false }
        keep(options.state().pushes, record)
        if (sealed) await deliver(record, sealed, signal)
      }),
    )
  }

  return {
    push: (request) => {
      const { signal } = cancel
      const work = run(request, signal)
        .catch((error: unknown) => {
          // Only a stop interrupts a delivery from outside; anything else is a mistake worth a crash.
          if (!signal.aborted) throw error
        })
        .finally(() => underWay.delete(work))
      underWay.add(work)
    },
    settle: async () => {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    stop: () => {
      cancel.abort()
      cancel = freshCancel()
    },
  }
}
