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
export const refuse = (code: ErrorCode, details?: Record<string, unknown>): AppError => new AppError(code, details)
