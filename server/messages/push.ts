import { createHash } from 'node:crypto'
import type { Middleware } from 'koa'
import type { Env } from '../../config/env'
import { deriveKey } from '../../config/env'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { createPushReceiver } from '../integrations/wechat/push'
import type { WechatEvent } from '../integrations/wechat/push-events'
import { sandboxApp } from '../integrations/wechat/sandbox/cast'
import { forgetIdentities, memberOfIdentity, withdrawData } from '../members/service'
import { bankAccepts, voidGrants } from './grants'
import { recordSent } from './receipts'

/** Where WeChat delivers its events. */
export const pushPath = '/wechat/push'

const maxBodyBytes = 300_000

/**
 * Identity, token and key of the callback; null when a real app has not set them up. Beside the sandbox they are derived from the secret,
 * so that events flow on every machine without settings.
 */
export const pushSettings = (env: Env): { appId: string; token: string; encodingAesKey: string } | null => {
  if (env.WECHAT_PUSH_TOKEN && env.WECHAT_PUSH_AES_KEY)
    return {
      appId: env.WECHAT_APP_ID || sandboxApp.appId,
      token: env.WECHAT_PUSH_TOKEN,
      encodingAesKey: env.WECHAT_PUSH_AES_KEY,
    }
  if (env.WECHAT_APP_ID || env.NODE_ENV === 'production') return null
  const token = createHash('sha256').update(deriveKey(env.APP_SECRET, 'push-token')).digest('hex').slice(0, 32)
  const encodingAesKey = deriveKey(env.APP_SECRET, 'push-key').toString('base64').slice(0, 43)
  return { appId: sandboxApp.appId, token, encodingAesKey }
}

/** What a verdict on a photo or a sound means is known by the module that had it checked. */
type OnMedia = (
  tx: Tx,
  verdict: Pick<Extract<WechatEvent, { kind: 'media-checked' }>, 'traceId' | 'suggest'>,
  now: number,
) => Promise<void>

/** What one event does. Events of people we do not know change nothing, and every effect may happen twice without harm. */
const apply = async (
  tx: Tx,
  deps: Deps,
  event: WechatEvent,
  { now, onMedia }: { now: number; onMedia: OnMedia },
): Promise<void> => {
  // A verdict names the photo, not its sender.
  if (event.kind === 'media-checked') return onMedia(tx, event, now)
  const memberId = await memberOfIdentity(tx, deps.keys, { kind: 'openid', value: event.openid })
  if (!memberId) return
  switch (event.kind) {
    case 'subscribe-answered':
      if (event.accepted)
        await bankAccepts(tx, [{ memberId, templateId: event.templateId, sourceKey: `push:${event.dedupeKey}` }], now)
      return
    case 'subscribe-changed':
      // A refusal ends what was granted before it; the event may arrive after a newer accept.
      if (!event.accepted) voidGrants(tx, memberId, event.templateId, Math.min(now, event.at + 999))
      return
    case 'subscribe-sent':
      return recordSent(tx, { ...event, memberId }, now)
    case 'authorization-revoked':
      return withdrawData(tx, memberId, event.revoked)
    case 'account-cancelled':
      return forgetIdentities(tx, memberId, ['openid', 'unionid'])
    default:
      deps.log.info({ event: event.kind }, 'wechat event without effect')
  }
}

/** The body as text, or null when it is larger than any event. A little more is read and dropped, so that the sender can hear the answer. */
const readText = async (source: AsyncIterable<Buffer>): Promise<string | null> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of source) {
    size += chunk.length
    if (size > 10 * maxBodyBytes) return null
    if (size <= maxBodyBytes) chunks.push(chunk)
  }
  return size <= maxBodyBytes ? Buffer.concat(chunks).toString('utf8') : null
}

/** WeChat's message push: answers the set-up check, verifies and opens events and applies them in one transaction. */
export const wechatPush = (deps: Deps, onMedia: OnMedia): Middleware => {
  const settings = pushSettings(deps.env)
  const receiver = settings && createPushReceiver({ ...settings, now: () => deps.clock.now() })
  return async (ctx, next) => {
    if (ctx.path !== pushPath || !receiver) return next()
    ctx.type = 'text/plain'
    if (ctx.method === 'GET') {
      const echo = receiver.checkUrl(ctx.query)
      ctx.status = echo === null ? 401 : 200
      ctx.body = echo ?? 'refused'
      return
    }
    if (ctx.method !== 'POST') {
      ctx.status = 405
      ctx.body = 'refused'
      return
    }
    const { ip } = ctx
    const text = await readText(ctx.req)
    const outcome = await receiver.receive(ctx.query, text ?? '', (events) =>
      deps.db.tx(async (tx) => {
        for (const event of events) await apply(tx, deps, event, { now: deps.clock.now(), onMedia })
      }),
    )
    if (!outcome.accepted) deps.log.warn({ reason: outcome.reason, ip }, 'wechat push refused')
    ctx.status = outcome.accepted ? 200 : 401
    ctx.body = outcome.accepted ? 'success' : 'refused'
  }
}
