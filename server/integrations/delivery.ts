/**
 * How a delivery outside WeChat went wrong, in the classes that decide what happens next:
 * - `account`: the other side does not let us in (password, balance); nothing can be sent to anybody until somebody mends it.
 * - `config`: the address, the template or the request is wrong; this message cannot be sent.
 * - `user`: this person or address cannot be reached.
 * - `content`: the text is refused.
 * - `rate`: too many at once; later.
 * - `transient`: certainly not sent; may be tried again.
 * - `unknown`: perhaps sent; only what the receiver can tell apart may be tried again.
 */
export type DeliveryClass = 'account' | 'config' | 'user' | 'content' | 'rate' | 'transient' | 'unknown'

export type DeliveryError = Error & { name: 'DeliveryError'; class: DeliveryClass; code: string | null }

/** Builds the one error of e-mail, WeCom and webhooks; `code` is the other side's, where it gave one. */
export const deliveryError = (kind: DeliveryClass, code: string | null, message: string): DeliveryError =>
  Object.assign(new Error(message), { name: 'DeliveryError' as const, class: kind, code })

export const isDeliveryError = (error: unknown): error is DeliveryError =>
  error instanceof Error && error.name === 'DeliveryError' && 'class' in error
