import type { Logger } from 'pino'
import type { Env } from '../config/env'
import type { Clock } from './clock'
import type { Db } from './db/transaction'
import type { EmailSender } from './integrations/email/sender'
import type { PaymentGateway } from './integrations/payment/gateway'
import type { SmsSender } from './integrations/sms/sender'
import type { HookSender } from './integrations/webhook/sender'
import type { WechatClient } from './integrations/wechat/client'
import type { Keys } from './keys'

/** What a process hands to its handlers and jobs. Made once in main.ts; tests make their own. */
export interface Deps {
  env: Env
  db: Db
  clock: Clock
  keys: Keys
  log: Logger
  wechat: WechatClient
  sms: SmsSender
  email: EmailSender
  /** Calls addresses of others: webhooks, WeCom robots. */
  hooks: HookSender
  /** Null where nothing can take money: rewards with a price in yuan are refused then. */
  payment: PaymentGateway | null
}
