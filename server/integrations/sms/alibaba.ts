/** Alibaba Cloud SendSms (version 2017-05-25), signed with HMAC-SHA1 over the sorted query (signature version 1.0). */
import { createHmac, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { maskPhone, toE164 } from './phone'
import { type SmsErrorClass, type SmsSender, smsError } from './sender'

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

/** The query of a call with its Signature, as the carrier's document of signature version 1.0 describes it. */
export const signAlibaba = (
  method: 'GET' | 'POST',
  accessKeySecret: string,
  params: Record<string, string>,
): { query: string; signature: string } => {
  const query = Object.keys(params)
    .sort()
    .map((name) => `${encode(name)}=${encode(params[name])}`)
    .join('&')
  const toSign = `${method}&${encode('/')}&${encode(query)}`
  const signature = createHmac('sha1', `${accessKeySecret}&`).update(toSign).digest('base64')
  return { query: `Signature=${encode(signature)}&${query}`, signature }
}

const classByCode: [RegExp, SmsErrorClass][] = [
  [/BUSINESS_LIMIT_CONTROL|Throttling|DAY_LIMIT|MONTH_LIMIT/, 'rate'],
  [/MOBILE_NUMBER_ILLEGAL|BLACK_KEY|MOBILE_IN_BLACK|MOBILE_ACCOUNT_ABNORMAL/i, 'user'],
  [/^ServiceUnavailable/, 'transient'],
  // The carrier does not say how far an internal error came.
  [/SYSTEM_ERROR|InternalError/, 'unknown'],
]

/** @returns a sender for one number at a time. Templates that are not configured are refused before any request. */
export function createAlibabaSms(options: AlibabaSmsOptions): SmsSender {
  const endpoint = options.endpoint ?? 'https://dysmsapi.aliyuncs.com'
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
      const { query } = signAlibaba('POST', options.accessKeySecret, {
        AccessKeyId: options.accessKeyId,
        Action: 'SendSms',
        Format: 'JSON',
        PhoneNumbers: number.replace(/^\+86/, ''),
        RegionId: 'cn-hangzhou',
        SignName: options.signName,
        SignatureMethod: 'HMAC-SHA1',
        SignatureNonce: options.nonce?.() ?? randomUUID(),
        SignatureVersion: '1.0',
        TemplateCode: known.id,
        TemplateParam: JSON.stringify(values),
        Timestamp: new Date(options.now()).toISOString().replace(/\.\d{3}Z$/, 'Z'),
        Version: '2017-05-25',
      })
      let body: unknown
      try {
        const response = await doFetch(`${endpoint}/`, {
          method: 'POST',
          body: query,
          redirect: 'error',
          signal: AbortSignal.timeout(options.timeoutMs ?? 5000),
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
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
      throw smsError(kind, code, `SMS to ${maskPhone(number)} refused: ${code} ${reason} (request ${requestId})`)
    },
  }
}
