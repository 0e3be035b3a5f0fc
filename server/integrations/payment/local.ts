import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { PaymentGateway, PaymentRequest } from './gateway'

const notice = z.strictObject({
  paymentId: z.string(),
  transactionId: z.string(),
  amountFen: z.number().int().positive(),
  paidAt: z.number().int().positive(),
})

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/**
 * The stand-in for WeChat Pay: no money moves, but its callback is signed and checked like a real one.
 * @param secret what the callback is signed with
 */
export const createLocalPayment = (options: {
  secret: string
  now: () => number
  log: (entry: { act: string; paymentId: string; amountFen: number }) => void
}): PaymentGateway => {
  const sign = (body: string): string => createHmac('sha256', options.secret).update(body).digest('base64url')
  const told = (act: string, { paymentId, amountFen }: Pick<PaymentRequest, 'paymentId' | 'amountFen'>): void =>
    options.log({ act, paymentId, amountFen })
  return {
    driver: 'local',
    prepare: async (request) => {
      told('prepare', request)
      return {}
    },
    refund: async (payment) => told('refund', payment),
    readNotification: ({ body, signature }) => {
      const expected = Buffer.from(sign(body))
      const given = Buffer.from(signature)
      if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null
      const parsed = notice.safeParse(readJson(body))
      return parsed.success ? parsed.data : null
    },
    payStandIn: (request) => {
      told('pay', request)
      const body = JSON.stringify({
        paymentId: request.paymentId,
        // One payment has one number, however often the member taps.
        transactionId: `local-${request.paymentId}`,
        amountFen: request.amountFen,
        paidAt: options.now(),
      })
      return { body, signature: sign(body) }
    },
  }
}
