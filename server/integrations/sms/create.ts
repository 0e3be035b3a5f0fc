import { createLocalSms, type LocalSmsOptions } from './local'
import type { SmsSender } from './sender'
import { createTencentSms, type TencentSmsOptions } from './tencent'

export type SmsConfig = ({ driver: 'local' } & LocalSmsOptions) | ({ driver: 'tencent' } & TencentSmsOptions)

/**
 * Makes the sender that the configuration names. A caller that wants to read the stand-in's messages makes it with
 * `createLocalSms` itself, and uses it as a sender.
 */
export function createSmsSender(config: SmsConfig): SmsSender {
  return config.driver === 'local' ? createLocalSms(config) : createTencentSms(config)
}
