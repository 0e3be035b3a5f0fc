import type { Logger } from 'pino'
import type { Env } from '../config/env'
import type { Clock } from './clock'
import type { Db } from './db/transaction'
import type { SmsSender } from './integrations/sms/sender'
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
}
