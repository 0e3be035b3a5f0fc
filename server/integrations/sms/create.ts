import { type AlibabaSmsOptions, createAlibabaSms } from './alibaba'
import { createLocalSms, type LocalSmsOptions } from './local'
import type { SmsSender } from './sender'
import { createTencentSms, type TencentSmsOptions } from './tencent'

export type SmsConfig =
  | ({ driver: 'local' } & LocalSmsOptions)
  | ({ driver: 'tencent' } & TencentSmsOptions)
  | ({ driver: 'alibaba' } & AlibabaSmsOptions)

/**
 * Makes the sender that the configuration names. A caller that wants to read the stand-in's messages makes it with
 * `createLocalSms` itself, and uses it as a sender.
 */
export function createSmsSender(config: SmsConfig): SmsSender {
  switch (config.driver) {
    case 'local':
      return createLocalSms(config)
    case 'tencent':
      return createTencentSms(config)
    case 'alibaba':
      return createAlibabaSms(config)
  }
}

/** The care templates of the settings: our name -> the carrier's id and the order of its parameters. Throws for a typing mistake. */
export const smsTemplates = (setting: string): Record<string, { id: string; params: string[] }> =>
  Object.fromEntries(
    setting
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean)
      .map((one) => {
        const match = /^([\w-]+)=([\w-]+)(?::([\w/]+))?$/.exec(one)
        if (!match) throw new Error(`SMS_TEMPLATES: “${one}” is not <name>=<id>:<place>/<place>`)
        return [match[1], { id: match[2], params: match[3]?.split('/') ?? [] }]
      }),
  )
