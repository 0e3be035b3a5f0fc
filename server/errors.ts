import { type ErrorCode, errors, sentence } from '../shared/errors'

/** An expected refusal: a code of the catalogue with what a person needs to understand it. Anything else thrown is a fault. */
export class AppError extends Error {
  readonly status: number
  constructor(
    readonly code: ErrorCode,
    readonly details: Record<string, unknown> = {},
  ) {
    super(sentence(code, details))
    this.status = errors[code].status
  }
}

/**
 * Makes a refusal. Thrown, it undoes the transaction; returned from a handler, it is answered all the same but what was written stays
 * (a counted wrong password, a logged refused code).
 */
export const refuse = (code: ErrorCode, details?: Record<string, unknown>): AppError => {
  // A refusal is an answer, not a fault: nobody reads its stack, and ten thousand hands on one coupon would pay for ten thousand of them.
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  const refusal = new AppError(code, details)
  Error.stackTraceLimit = limit
  return refusal
}
