import type { Logger } from 'pino'
import { deriveKey, type Env } from '../config/env'
import { type Clock, systemClock } from './clock'
import { openDb } from './db/data-source'
import type { Db } from './db/transaction'
import type { Deps } from './deps'
import { createLog } from './http/log'
import { createLocalEmail, createSmtpEmail, type EmailSender } from './integrations/email/sender'
import type { PaymentGateway } from './integrations/payment/gateway'
import { createLocalPayment } from './integrations/payment/local'
import { createSmsSender, smsTemplates } from './integrations/sms/create'
import type { SmsSender } from './integrations/sms/sender'
import { createHookSender } from './integrations/webhook/sender'
import { assertWechatBase, wechatBaseUrl } from './integrations/wechat/base-url'
import { createWechatClient } from './integrations/wechat/client'
import { createSandbox, type SandboxOptions } from './integrations/wechat/sandbox'
import { sandboxApp } from './integrations/wechat/sandbox/cast'
import { createSharedTokenStore } from './integrations/wechat/token-store'
import { createKeys } from './keys'
import { pushPath, pushSettings } from './messages/push'

/** Where the WeChat sandbox is mounted. */
export const sandboxPrefix = '/__wechat'

/** Whether this process plays WeChat itself: no AppID is set, and it is not a production server. */
export const usesSandbox = (env: Env): boolean => !env.WECHAT_APP_ID && env.NODE_ENV !== 'production'

/** The address WeChat is called at: the setting, or the sandbox in this very process, or WeChat's own. */
const wechatBase = (env: Env): string =>
  env.WECHAT_API_BASE || (usesSandbox(env) ? `http://127.0.0.1:${env.PORT}${sandboxPrefix}` : wechatBaseUrl)

const smsSender = (env: Env, now: () => number, log: Logger): SmsSender => {
  const login = { params: ['code', 'minutes'] }
  const care = smsTemplates(env.SMS_TEMPLATES)
  switch (env.SMS_DRIVER) {
    case 'tencent':
      return createSmsSender({
        driver: 'tencent',
        secretId: env.SMS_TENCENT_SECRET_ID,
        secretKey: env.SMS_TENCENT_SECRET_KEY,
        sdkAppId: env.SMS_TENCENT_APP_ID,
        signName: env.SMS_TENCENT_SIGN,
        templates: { ...care, 'login-code': { id: env.SMS_TENCENT_TEMPLATE_LOGIN, ...login } },
        now,
      })
    case 'alibaba':
      return createSmsSender({
        driver: 'alibaba',
        accessKeyId: env.SMS_ALIBABA_KEY_ID,
        accessKeySecret: env.SMS_ALIBABA_KEY_SECRET,
        signName: env.SMS_ALIBABA_SIGN,
        templates: { ...care, 'login-code': { id: env.SMS_ALIBABA_TEMPLATE_LOGIN, ...login } },
        now,
      })
    case 'log':
      return createSmsSender({
        driver: 'local',
        now,
        log: (entry) => log.info({ id: entry.id, to: entry.phone }, 'sms kept'),
      })
  }
}

const emailSender = (env: Env, now: () => number, log: Logger): EmailSender =>
  env.SMTP_URL
    ? createSmtpEmail({ url: env.SMTP_URL, from: env.EMAIL_FROM })
    : createLocalEmail({ now, log: (entry) => log.info(entry, 'email kept') })

/** No money can be taken in production yet; everywhere else a stand-in plays the till of WeChat Pay. */
const paymentGateway = (env: Env, now: () => number, log: Logger): PaymentGateway | null =>
  env.NODE_ENV === 'production'
    ? null
    : createLocalPayment({
        secret: deriveKey(env.APP_SECRET, 'payment').toString('base64url'),
        now,
        log: (entry) => log.info(entry, 'payment played'),
      })

/** What a test, a job runner or a command may hand in instead of the real thing. */
export interface Overrides {
  clock?: Clock
  log?: Logger
  db?: Db
}

/**
 * Everything a process needs, wired from its settings: the opened (not migrated) database, keys, log, WeChat client and SMS sender.
 * Throws when a production process would call anything but WeChat itself.
 */
export const createDeps = async (env: Env, overrides: Overrides = {}): Promise<Deps> => {
  const clock = overrides.clock ?? systemClock
  const now = (): number => clock.now()
  const log = overrides.log ?? createLog(env)
  const baseUrl = wechatBase(env)
  assertWechatBase({ nodeEnv: env.NODE_ENV, baseUrl })
  const keys = createKeys(env)
  const db = overrides.db ?? (await openDb(env))
  const app = usesSandbox(env) ? sandboxApp : { appId: env.WECHAT_APP_ID, secret: env.WECHAT_APP_SECRET }
  const wechat = createWechatClient({
    ...app,
    baseUrl,
    tokenStore: createSharedTokenStore(db, keys, now),
    now,
    log: (entry) => log.debug(entry, 'wechat'),
  })
  return {
    env,
    db,
    clock,
    keys,
    log,
    wechat,
    sms: smsSender(env, now, log),
    email: emailSender(env, now, log),
    hooks: createHookSender({ now, production: env.NODE_ENV === 'production' }),
    payment: paymentGateway(env, now, log),
  }
}

/** The sandbox for a process that uses one; mount its router before any body parser. */
export const createProcessSandbox = (
  deps: Deps,
  options: Omit<SandboxOptions, 'now' | 'prefix'> = {},
): ReturnType<typeof createSandbox> => {
  if (!usesSandbox(deps.env)) throw new Error('The WeChat sandbox never runs beside a real AppID or in production')
  const push = pushSettings(deps.env)
  const pushTarget = push ? { ...push, url: `http://127.0.0.1:${deps.env.PORT}${pushPath}` } : undefined
  return createSandbox({ pushTarget, ...options, now: () => deps.clock.now(), prefix: sandboxPrefix })
}
