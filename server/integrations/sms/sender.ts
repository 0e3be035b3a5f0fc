/**
 * Text messages: one interface, a driver chosen by configuration (create.ts).
 *
 *   const sms = createSmsSender({ driver: 'local', now: clock.now, log })
 *   await sms.send({ phone: '13800000001', template: 'login-code', params: { code: '048213', minutes: '5' } })
 *
 * No driver repeats a send by itself: the carriers' interfaces are not idempotent, and a second text costs money and
 * annoys. Limits per phone, address and device are the caller's business and must be stricter than the carrier's.
 */
export type SmsMessage = {
  /** Mainland number of 11 digits, or any number in E.164 form with a plus. */
  phone: string
  /** Our name of the template; each driver maps it to the carrier's. */
  template: string
  params: Record<string, string>
}

export type SmsSender = {
  /**
   * @returns the carrier's id of the message.
   * @throws SmsError
   */
  send: (message: SmsMessage) => Promise<{ id: string }>
}

/**
 * - `account`: the carrier does not let us in (credentials, balance, address); no text can be sent until somebody mends it.
 * - `config`: signature, template or parameters are wrong; this text cannot be sent.
 * - `user`: this number cannot be reached (wrong form, black list).
 * - `rate`: too many texts to this number or in all; `window` says within what, so when the next one may go.
 * - `transient`: certainly not sent; may be tried again.
 * - `unknown`: perhaps sent; must not be tried again.
 */
export type SmsErrorClass = 'account' | 'config' | 'user' | 'rate' | 'transient' | 'unknown'

/** A carrier's limits begin anew with each civil minute, hour or day. */
export type RateWindow = 'minute' | 'hour' | 'day'

export type SmsError = Error & { name: 'SmsError'; class: SmsErrorClass; code: string | null; window: RateWindow }

/** Builds the one error of this integration; `code` is the carrier's, where it gave one. */
export function smsError(
  kind: SmsErrorClass,
  code: string | null,
  message: string,
  window: RateWindow = 'minute',
): SmsError {
  return Object.assign(new Error(message), { name: 'SmsError' as const, class: kind, code, window })
}

export function isSmsError(error: unknown): error is SmsError {
  return error instanceof Error && error.name === 'SmsError' && 'class' in error
}
