import { addDays, civilDay, HOUR_MS, MINUTE_MS, startOfDay } from '../../shared/time'
import type { Deps } from '../deps'
import { type DeliveryClass, deliveryError, isDeliveryError } from '../integrations/delivery'
import { isSmsError, type RateWindow } from '../integrations/sms/sender'
import { isWechatError, refusesApp, retryDelayMs, type WechatError } from '../integrations/wechat/errors'
import { sayInWecom } from '../integrations/wecom/robot'
import type { Ready } from './prepare'
import { messagePolicy } from './rules'

/** Why a round must stop calling a channel, and until when (epoch ms). */
export interface Halt {
  until: number
  reason: string
}

/** How a call went wrong. */
export interface Failure {
  /** The code that the row keeps. */
  reason: string
  /** It may have gone out: it is not sent again. */
  unclear: boolean
  /** When it may be tried again (epoch ms); null: never. A halt costs the message no tries. */
  retryAt: number | null
  halt?: Halt
  /** WeChat's 43101: nothing granted before this send is worth anything. */
  voidsRights?: boolean
}
export type Transmitted = { externalId: string | null } | Failure

/** Some refusals are not about this message: the day's quota is used up, or WeChat does not accept the app itself. */
const wechatHalt = (error: WechatError, reason: string, now: number): Halt | undefined => {
  if (refusesApp(error.errcode)) return { until: now + messagePolicy.appRefusedDelayMs, reason }
  const delay = error.retry === 'tomorrow' ? retryDelayMs(error, 1, now) : null
  return delay === null ? undefined : { until: now + delay, reason }
}

const wechatFailure = (error: WechatError, attempts: number, now: number): Failure => {
  const reason = error.errcode === null ? 'unreachable' : `wechat_${error.errcode}`
  if (error.class === 'unknown')
    return { reason: error.errcode === null ? 'no_answer' : reason, unclear: true, retryAt: null }
  const halt = wechatHalt(error, reason, now)
  const delay = retryDelayMs(error, attempts, now)
  return {
    reason,
    unclear: false,
    retryAt: halt ? halt.until : delay === null ? null : now + delay,
    halt,
    voidsRights: error.errcode === 43101,
  }
}

/** Pauses between the tries of a webhook: it is told until its system is back, for a day. */
const hookPauses = [10_000, MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS]

/** The beginning of the next minute, hour or civil day, when a limit of the other side begins anew (epoch ms). */
const nextWindow = (window: RateWindow, now: number): number => {
  if (window === 'day') return startOfDay(addDays(civilDay(now), 1)) + MINUTE_MS
  const length = window === 'hour' ? HOUR_MS : MINUTE_MS
  return now + length - (now % length)
}

const backoff = (attempts: number): number => Math.min(10 * MINUTE_MS, 5000 * 2 ** (attempts - 1))

/**
 * What a failure of e-mail, text message, WeCom or webhook means. A webhook carries its delivery id in every repeat, so its receiver can
 * tell one, and an unclear try is repeated: at least once. The other channels cannot, so there an unclear try is the last: at most once.
 */
const failureOf = (
  kind: DeliveryClass,
  {
    channel,
    code,
    attempts,
    window = 'minute',
    now,
  }: { channel: string; code: string | null; attempts: number; window?: RateWindow; now: number },
): Failure => {
  const label = channel === 'webhook' ? 'http' : channel
  const silent = channel === 'webhook' ? 'http:no_answer' : 'no_answer'
  const nameless: Partial<Record<DeliveryClass, string>> = { transient: 'unreachable', unknown: silent }
  const reason = code ? `${label}:${code}` : (nameless[kind] ?? `${label}:${kind}`)
  if (channel === 'webhook') {
    const pause = kind === 'config' || kind === 'content' ? undefined : hookPauses[attempts - 1]
    return { reason, unclear: false, retryAt: pause === undefined ? null : now + pause }
  }
  if (kind === 'unknown') return { reason, unclear: true, retryAt: null }
  if (kind === 'account') {
    const until = now + messagePolicy.appRefusedDelayMs
    return { reason, unclear: false, retryAt: until, halt: { until, reason } }
  }
  if (kind === 'rate') {
    const until = nextWindow(window, now)
    return { reason, unclear: false, retryAt: until, halt: channel === 'wecom' ? { until, reason } : undefined }
  }
  return { reason, unclear: false, retryAt: kind === 'transient' ? now + backoff(attempts) : null }
}

const callHook = async (deps: Deps, { message, address }: Ready): Promise<null> => {
  if (address.channel !== 'webhook') return null
  const { url, secret } = address
  const { status } = await deps.hooks.post({ url, secret, deliveryId: message.id, body: message.text })
  if (status >= 200 && status < 300) return null
  const kind = status === 408 || status === 429 || status >= 500 ? 'transient' : 'config'
  throw deliveryError(kind, String(status), `the webhook answered ${status}`)
}

/** A real shop's message must not end in a stand-in and be called sent. */
const notSetUp = (what: string): Error => deliveryError('config', 'not_set_up', `${what} is set up`)

const call = async (deps: Deps, ready: Ready): Promise<string | null> => {
  const { message, address } = ready
  const data = JSON.parse(message.data ?? '{}') as Record<string, string>
  switch (address.channel) {
    case 'subscribe': {
      const { openid, templateId } = address
      const page = message.page ? { page: message.page } : {}
      return (await deps.wechat.sendSubscribe({ openid, templateId, data, ...page })).msgid
    }
    case 'sms':
      if (deps.env.NODE_ENV === 'production' && deps.env.SMS_DRIVER === 'log') throw notSetUp('no carrier')
      return (await deps.sms.send({ phone: address.phone, template: message.templateId ?? message.kind, params: data }))
        .id
    case 'email':
      if (deps.env.NODE_ENV === 'production' && !deps.env.SMTP_URL) throw notSetUp('no mail server')
      return (await deps.email.send({ id: message.id, to: address.email, subject: message.title, text: message.text }))
        .id
    case 'wecom':
      await sayInWecom(deps.hooks, { url: address.url, deliveryId: message.id, text: message.text })
      return null
    case 'webhook':
      return callHook(deps, ready)
  }
}

/** Makes the network call, outside any transaction, and puts every way it can end into one shape. */
export const transmit = async (deps: Deps, ready: Ready): Promise<Transmitted> => {
  const { message, address } = ready
  try {
    return { externalId: (await call(deps, ready))?.slice(0, 64) ?? null }
  } catch (error) {
    const now = deps.clock.now()
    const { attempts } = message
    if (isWechatError(error)) return wechatFailure(error, attempts, now)
    if (isSmsError(error))
      return failureOf(error.class, { channel: 'sms', code: error.code, window: error.window, attempts, now })
    if (isDeliveryError(error))
      return failureOf(error.class, { channel: address.channel, code: error.code, attempts, now })
    deps.log.error({ err: error, messageId: message.id }, 'sending a message broke')
    return { reason: 'no_answer', unclear: true, retryAt: null }
  }
}
