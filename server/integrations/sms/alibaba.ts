/** Alibaba Cloud SendSms (version 2017-05-25), signed with ACS3-HMAC-SHA256 by node:crypto; the older RPC signature is being retired. */
import { createHash, createHmac, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { maskPhone, toE164 } from './phone'
import { type RateWindow, type SmsErrorClass, type SmsSender, smsError } from './sender'

export type AlibabaSmsOptions = {
  accessKeyId: string
  accessKeySecret: string
  signName: string
  /** Our template names: the carrier's code, and the names of the parameters it takes. */
  templates: Record<string, { id: string; params: readonly string[] }>
  /** Default https://dysmsapi.aliyuncs.com; replaced in tests. */
  endpoint?: string
  fetch?: typeof globalThis.fetch
  /** Epoch milliseconds. */
  now: () => number
  /** Default 5000. */
  timeoutMs?: number
  /** Makes the nonce; replaced in tests. */
  nonce?: () => string
}

const answerShape = z.object({
  Code: z.string(),
  Message: z.string().default(''),
  BizId: z.string().optional(),
  RequestId: z.string().default(''),
})

/** Percent-encoding of RFC 3986, which leaves only letters, digits and `-_.~` as they are. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/**
 * Query and headers of an ACS3-HMAC-SHA256 request: POST to `/` with everything in the query and an empty body, signing the host and every
 * `x-acs-` header.
 *
 * @param date UTC, `YYYY-MM-DDThh:mm:ssZ`.
 */
export function signAcs3(request: {
  accessKeyId: string
  accessKeySecret: string
  host: string
  action: string
  version: string
  date: string
  nonce: string
  query: Record<string, string>
}): { query: string; headers: Record<string, string> } {
  const query = Object.keys(request.query)
    .sort()
    .map((name) => `${encode(name)}=${encode(request.query[name])}`)
    .join('&')
  const bodyHash = sha256('')
  const signed: [string, string][] = [
    ['host', request.host],
    ['x-acs-action', request.action],
    ['x-acs-content-sha256', bodyHash],
    ['x-acs-date', request.date],
    ['x-acs-signature-nonce', request.nonce],
    ['x-acs-version', request.version],
  ]
  const names = signed.map(([name]) => name).join(';')
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('')
  const canonical = ['POST', '/', query, lines, names, bodyHash].join('\n')
  const signature = createHmac('sha256', request.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex')
  const credential = `Credential=${request.accessKeyId},SignedHeaders=${names},Signature=${signature}`
  // The host goes with the address; fetch would refuse it as a header.
  const headers = Object.fromEntries(signed.slice(1))
  return { query, headers: { ...headers, authorization: `ACS3-HMAC-SHA256 ${credential}` } }
}

const classByCode: [RegExp, SmsErrorClass][] = [
  [/BUSINESS_LIMIT_CONTROL|Throttling|DAY_LIMIT|MONTH_LIMIT/, 'rate'],
  [/MOBILE_NUMBER_ILLEGAL|MOBILE_COUNT|BLACK_KEY|MOBILE_IN_BLACK|DOMESTIC_NUMBER_NOT_SUPPORTED/i, 'user'],
  [
    /^(InvalidAccessKeyId|SignatureDoesNotMatch|IncompleteSignature|Forbidden)|RAM_PERMISSION_DENY|DENY_IP_RANGE/,
    'account',
  ],
  [/OUT_OF_SERVICE|AMOUNT_NOT_ENOUGH|ACCOUNT_NOT_EXISTS|ACCOUNT_ABNORMAL|PRODUCT_UN_?SUBSCRI/, 'account'],
  [/^ServiceUnavailable/, 'transient'],
  // The carrier does not say how far an internal error came.
  [/SYSTEM_ERROR|InternalError/, 'unknown'],
]

/** The code names only the two limits of a whole account; what the limit of a number is within stands in the message. */
const windowOf = (code: string, message: string): RateWindow => {
  if (/DAY_LIMIT|MONTH_LIMIT/.test(code) || message.includes('天级')) return 'day'
  return message.includes('小时级') ? 'hour' : 'minute'
}

/** @returns a sender for one number at a time. Templates that are not configured are refused before any request. */
export function createAlibabaSms(options: AlibabaSmsOptions): SmsSender {
  const endpoint = new URL(options.endpoint ?? 'https://dysmsapi.aliyuncs.com')
  const doFetch = options.fetch ?? globalThis.fetch
  return {
    async send({ phone, template, params }) {
      const number = toE164(phone)
      if (!number) throw smsError('user', null, `not a phone number: ${maskPhone(phone)}`)
      const known = options.templates[template]
      if (!known) throw smsError('config', null, `no SMS template is configured for ${template}`)
      const missing = known.params.find((name) => params[name] === undefined)
      if (missing) throw smsError('config', null, `template ${template} needs the parameter ${missing}`)
      const values = Object.fromEntries(known.params.map((name) => [name, params[name]]))
      const { query, headers } = signAcs3({
        accessKeyId: options.accessKeyId,
        accessKeySecret: options.accessKeySecret,
        host: endpoint.host,
        action: 'SendSms',
        version: '2017-05-25',
        date: new Date(options.now()).toISOString().replace(/\.\d{3}Z$/, 'Z'),
        nonce: options.nonce?.() ?? randomUUID(),
        query: {
          PhoneNumbers: number.replace(/^\+86/, ''),
          SignName: options.signName,
          TemplateCode: known.id,
          TemplateParam: JSON.stringify(values),
        },
      })
      let body: unknown
      try {
        const response = await doFetch(`${endpoint.origin}/?${query}`, {
          method: 'POST',
          redirect: 'error',
          signal: AbortSignal.timeout(options.timeoutMs ?? 5000),
          headers: { ...headers, accept: 'application/json' },
        })
        body = await response.json()
      } catch (error) {
        const code = (error as { cause?: { code?: unknown } }).cause?.code
        if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
          throw smsError('transient', null, `the SMS service cannot be reached (${code})`)
        throw smsError('unknown', null, `the SMS service gave no usable answer (${(error as Error).name})`)
      }
      const answer = answerShape.safeParse(body)
      if (!answer.success) throw smsError('unknown', null, 'the SMS service gave an answer of an unknown shape')
      const { Code: code, Message: reason, BizId: id, RequestId: requestId } = answer.data
      if (code === 'OK') return { id: id ?? requestId }
      const kind = classByCode.find(([pattern]) => pattern.test(code))?.[1] ?? 'config'
      const message = `SMS to ${maskPhone(number)} refused: ${code} ${reason} (request ${requestId})`
      throw smsError(kind, code, message, windowOf(code, reason))
    },
  }
}
