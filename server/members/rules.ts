import { type Birthday, isBirthday } from '../../shared/lunar'
import { addDays } from '../../shared/time'
import { type AppError, refuse } from '../errors'

/** Policy numbers of membership. */
export const memberPolicy = {
  /** A birthday once given may be changed again after this many days. */
  birthdayChangeDays: 365,
  /** A code sent by SMS: how long it is good, and how often it may be typed. */
  smsCodeMinutes: 5,
  smsCodeTries: 5,
  /** Texts to one phone: at most `count` within `minutes`. */
  smsLimits: [
    { count: 1, minutes: 1 },
    { count: 5, minutes: 60 },
    { count: 10, minutes: 24 * 60 },
  ],
  /** Over several codes: so many wrong ones lock the phone's sign-in. */
  smsGuesses: { scope: 'sms', failures: 10, windowMinutes: 60, lockMinutes: 15 },
  /** One member code is shown for a step; the present and the last step are accepted. */
  codeStepSeconds: 60,
  /** Steps handed out at once, so that a phone may lose its network for a while. */
  codeStepsAhead: 4,
  /** How far back an old code is recognised as old rather than as wrong. */
  codeHistorySteps: 60,
  /** Codes for a phone without network: each good for half an hour, a day of them kept on the phone. They only earn. */
  offlineStepSeconds: 1800,
  offlineSteps: 48,
  codeGuessesOfOperator: { scope: 'code-operator', failures: 5, windowMinutes: 10, lockMinutes: 10 },
  codeGuessesOfHandle: { scope: 'code-handle', failures: 5, windowMinutes: 10, lockMinutes: 10 },
  /** The time at the counter that one scan opens. */
  scanMinutes: 3,
} as const

/** Civil day from which the birthday may be changed, or null when it may be changed on `today`. */
export const birthdayChangeableOn = (changedOn: string | null, today: string): string | null => {
  if (!changedOn) return null
  const from = addDays(changedOn, memberPolicy.birthdayChangeDays)
  return from > today ? from : null
}

/** Why a birthday may not be set, or null. The first one is free; giving the same one again is no change. */
export const birthdayRefusal = (
  next: Birthday,
  present: Birthday | null,
  changedOn: string | null,
  today: string,
): AppError | null => {
  if (!isBirthday(next)) return refuse('invalid_input', { reason: '没有这一天', field: 'birthday' })
  if (!present) return null
  const nextChangeOn = birthdayChangeableOn(changedOn, today)
  return nextChangeOn ? refuse('birthday_locked', { nextChangeOn }) : null
}

/** Milliseconds until one more text may be sent to a phone. `sentAt`: when earlier ones were, newest first. */
export const smsWaitMs = (sentAt: readonly number[], now: number): number =>
  Math.max(
    0,
    ...memberPolicy.smsLimits
      .filter(({ count }) => sentAt.length >= count)
      .map(({ count, minutes }) => sentAt[count - 1] + minutes * 60_000 - now),
  )

/** The digit that makes a string of digits pass Luhn's test: it catches every single typing mistake. */
export const luhnDigit = (digits: string): string => {
  const sum = [...digits].reverse().reduce((total, d, i) => {
    const doubled = i % 2 === 0 ? Number(d) * 2 : Number(d)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return String((10 - (sum % 10)) % 10)
}

/** What 18 scanned digits say. */
export interface ReadCode {
  handle: string
  otp: string
  /** A code of a phone without network, which only earns. */
  offline?: boolean
}
const prefix = '88'
const versions = { online: '1', offline: '2' }

/** Puts a member code together: prefix 88, version, handle (9), one-time part (5), check digit. */
export const composeCode = ({ handle, otp, offline }: ReadCode): string => {
  const body = `${prefix}${offline ? versions.offline : versions.online}${handle}${otp}`
  return body + luhnDigit(body)
}

/** Takes a member code apart; null for digits that were never one. */
export const readCode = (code: string): ReadCode | null => {
  const found = /^88([12])(\d{9})(\d{5})\d$/.exec(code)
  if (!found || luhnDigit(code.slice(0, -1)) !== code.slice(-1)) return null
  return { handle: found[2], otp: found[3], ...(found[1] === versions.offline ? { offline: true } : {}) }
}
