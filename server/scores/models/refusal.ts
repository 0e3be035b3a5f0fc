/**
 * The error of a model that cannot be fitted to what it was given: no rows, one class only, no repeat purchase. Callers tell it from a
 * programming error by its name, keep the old scores and show the message.
 */
export const modelRefusal = (message: string): Error => Object.assign(new Error(message), { name: 'ModelRefusal' })

export const isModelRefusal = (error: unknown): error is Error =>
  error instanceof Error && error.name === 'ModelRefusal'
