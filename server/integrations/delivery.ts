/**
 * How a delivery outside WeChat went wrong, in the classes that decide what happens next:
 * - `config`: our account, signature or address is wrong; nothing can be sent.
 * - `user`: this person or address cannot be reached.
 * - `content`: the text is refused.
 * - `rate`: too many at once; later.
 * - `transient`: certainly not sent; may be tried again.
 * - `unknown`: perhaps sent; only what the receiver can tell apart may be tried again.
 */
export type DeliveryClass = 'config' | 'user' | 'content' | 'rate' | 'transient' | 'unknown'

export type DeliveryError = Error & { name: 'DeliveryError'; class: DeliveryClass; code: string | null }

/** Builds the one error of e-mail, WeCom and webhooks; `code` is the other side's, where it gave one. */
export const deliveryError = (kind: DeliveryClass, code: string | null, message: string): DeliveryError =>
  Object.assign(new Error(message), { name: 'DeliveryError' as const, class: kind, code })

export const isDeliveryError = (error: unknown): error is DeliveryError =>
  error instanceof Error && error.name === 'DeliveryError' && 'class' in error

/** Codes of a connection that was never made: the request certainly did not arrive. */
const neverConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EDNS'])

/** What a broken network call tells: nothing arrived, or nobody knows. */
export const networkError = (error: unknown, what: string): DeliveryError => {
  const e = error as { code?: string; name?: string; cause?: { code?: string } }
  const code = e.cause?.code ?? e.code ?? null
  return code && neverConnected.has(code)
    ? deliveryError('transient', code, `${what} cannot be reached (${code})`)
    : deliveryError('unknown', code, `${what} gave no usable answer (${e.name ?? 'error'})`)
}
