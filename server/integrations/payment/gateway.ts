/** A payment as a gateway is told of it. */
export interface PaymentRequest {
  /** Our id; the gateway's order number, so that asking twice makes one payment. */
  paymentId: string
  amountFen: number
  /** What the payer reads. */
  description: string
  /** Epoch ms. */
  payBy: number
}

/** A notification that was proved to come from the gateway. */
export interface PaymentNotice {
  paymentId: string
  /** The gateway's own number. */
  transactionId: string
  amountFen: number
  paidAt: number
}

/**
 * Money from a member. There is one driver so far, the local stand-in of demos and tests: WeChat Pay needs a merchant account, its
 * certificates and its encrypted callback, and would be a second file beside local.ts with this very interface.
 */
export interface PaymentGateway {
  readonly driver: 'local' | 'wechat'
  /** What the client needs to let the member pay. Goes over the network: never inside a transaction. */
  prepare(request: PaymentRequest): Promise<Record<string, string>>
  /** Gives the whole amount back; a repeat under the same id has no further effect. Never inside a transaction. */
  refund(payment: { paymentId: string; transactionId: string; amountFen: number }): Promise<void>
  /** Checks the signature of a callback; null when it is not the gateway's. */
  readNotification(message: { body: string; signature: string }): PaymentNotice | null
  /** The stand-in's own till: pays, and answers the callback it would send. Null for a real gateway. */
  payStandIn: ((request: PaymentRequest) => { body: string; signature: string }) | null
}
