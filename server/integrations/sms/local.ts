/** The stand-in: texts stay in memory, where a developer page or a test reads them. */
import { maskPhone, toE164 } from './phone'
import { type SmsMessage, type SmsSender, smsError } from './sender'

export type LocalSmsOptions = {
  /** Epoch milliseconds. */
  now: () => number
  /** Gets a masked number and no parameters, which hold the code. */
  log?: (entry: { id: string; phone: string; template: string }) => void
}

export type LocalSms = SmsSender & {
  /** The last messages, newest first, with the full number and the parameters. */
  list: () => readonly LocalSmsRecord[]
}

export type LocalSmsRecord = SmsMessage & { id: string; at: number }

const keptMessages = 100

/** @returns a sender that delivers to `list()`; it refuses impossible numbers like a carrier. */
export function createLocalSms(options: LocalSmsOptions): LocalSms {
  const messages: LocalSmsRecord[] = []
  let count = 0
  return {
    async send(message) {
      const phone = toE164(message.phone)
      if (!phone) throw smsError('user', null, `not a phone number: ${maskPhone(message.phone)}`)
      count += 1
      const id = `local-${options.now()}-${count}`
      messages.unshift({ ...message, params: { ...message.params }, phone, id, at: options.now() })
      messages.length = Math.min(messages.length, keptMessages)
      options.log?.({ id, phone: maskPhone(phone), template: message.template })
      return { id }
    },
    list: () => messages,
  }
}
