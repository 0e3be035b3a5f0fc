/** Tencent Cloud SendSms (version 2021-01-11), signed with TC3-HMAC-SHA256 by node:crypto. */
import { createHash, createHmac } from 'node:crypto'
import { z } from 'zod'
import { maskPhone, toE164 } from './phone'
import { type RateWindow, type SmsErrorClass, type SmsSender, smsError } from './sender'

export type TencentSmsOptions = {
  secretId: string
  secretKey: string
  sdkAppId: string
  /** Approved signature, without brackets. */
  signName: string
  /** Our template names: the carrier's id, and the order of the parameters, which are positional there. */
  templates: Record<string, { id: string; params: readonly string[] }>
  /** Default ap-guangzhou. */
  region?: string
  /** Default https://sms.tencentcloudapi.com; replaced in tests. */
  endpoint?: string
  fetch?: typeof globalThis.fetch
  /** Epoch milliseconds. */
  now: () => number
  /** Default 5000. */
  timeoutMs?: number
}

const contentType = 'application/json; charset=utf-8'

const answerShape = z.object({
  Response: z.object({
    Error: z.object({ Code: z.string(), Message: z.string() }).optional(),
    SendStatusSet: z.array(z.object({ SerialNo: z.string(), Code: z.string(), Message: z.string() })).optional(),
    RequestId: z.string().default(''),
  }),
})

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/**
 * The Authorization header of a TC3-HMAC-SHA256 request: POST to `/` with a JSON body, signing the content type and
 * the host.
 *
 * @param timestamp epoch seconds, the same as in the X-TC-Timestamp header.
 */
export function signTc3(request: {
  secretId: string
  secretKey: string
  service: string
  host: string
  timestamp: number
  payload: string
}): string {
  const { service, host, timestamp, payload } = request
  const signedHeaders = 'content-type;host'
  const canonical = [
    'POST',
    '/',
    '',
    `content-type:${contentType}\nhost:${host}\n`,
    signedHeaders,
    sha256(payload),
  ].join('\n')
  // The date of the scope is the UTC day, also for a server in China.
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10)
  const scope = `${date}/${service}/tc3_request`
  const toSign = ['TC3-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n')
  const key = hmac(hmac(hmac(`TC3${request.secretKey}`, date), service), 'tc3_request')
  const signature = hmac(key, toSign).toString('hex')
  return `TC3-HMAC-SHA256 Credential=${request.secretId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`
}

/** @returns a sender for one number at a time. Templates that are not configured are refused before any request. */
export function createTencentSms(options: TencentSmsOptions): SmsSender {
  const endpoint = new URL(options.endpoint ?? 'https://sms.tencentcloudapi.com')
  const doFetch = options.fetch ?? globalThis.fetch

  return {
    async send({ phone, template, params }) {
      const number = toE164(phone)
      if (!number) throw smsError('user', null, `not a phone number: ${maskPhone(phone)}`)
      const known = options.templates[template]
      if (!known) throw smsError('config', null, `no SMS template is configured for ${template}`)
      const values = known.params.map((name) => {
        const value = params[name]
        if (value === undefined) throw smsError('config', null, `template ${template} needs the parameter ${name}`)
        return value
      })
      const payload = JSON.stringify({
        PhoneNumberSet: [number],
        SmsSdkAppId: options.sdkAppId,
        SignName: options.signName,
        TemplateId: known.id,
        TemplateParamSet: values,
      })
      const timestamp = Math.floor(options.now() / 1000)
      const { secretId, secretKey } = options
      const authorization = signTc3({ secretId, secretKey, service: 'sms', host: endpoint.host, timestamp, payload })

      let body: unknown
      try {
        const response = await doFetch(endpoint, {
          method: 'POST',
          body: payload,
          redirect: 'error',
          signal: AbortSignal.timeout(options.timeoutMs ?? 5000),
          headers: {
            Authorization: authorization,
            'Content-Type': contentType,
            'X-TC-Action': 'SendSms',
            'X-TC-Version': '2021-01-11',
            'X-TC-Region': options.region ?? 'ap-guangzhou',
            'X-TC-Timestamp': String(timestamp),
          },
        })
        body = await response.json()
      } catch (error) {
        const code = (error as { cause?: { code?: unknown } }).cause?.code
        if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
          throw smsError('transient', null, `the SMS service cannot be reached (${code})`)
        }
        throw smsError('unknown', null, `the SMS service gave no usable answer (${(error as Error).name})`)
      }

      const answer = answerShape.safeParse(body)
      if (!answer.success) throw smsError('unknown', null, 'the SMS service gave an answer of an unknown shape')
      const { Error: failure, SendStatusSet: statuses, RequestId: requestId } = answer.data.Response
      const status = statuses?.[0]
      if (status?.Code === 'Ok') return { id: status.SerialNo }
      const code = failure?.Code ?? status?.Code
      if (!code) throw smsError('unknown', null, `the SMS service gave no status (request ${requestId})`)
      const reason = failure?.Message ?? status?.Message
      throw smsError(
        classify(code),
        code,
        `SMS to ${maskPhone(number)} refused: ${code} ${reason} (request ${requestId})`,
        windowOf(code),
      )
    },
  }
}

const classByCode: [RegExp, SmsErrorClass][] = [
  [/^(LimitExceeded|RequestLimitExceeded)/, 'rate'],
  [/PhoneNumberInBlacklist|IncorrectPhoneNumber|PhoneNumber/, 'user'],
  [/^(AuthFailure|UnauthorizedOperation|IpNotInWhitelist|IpInBlacklist)/, 'account'],
  [/InsufficientBalance|AccountDisabled|SdkAppIdNotExist/, 'account'],
  // The carrier does not say how far an internal error came.
  [/^InternalError/, 'unknown'],
  [/^(ResourceUnavailable|ServiceUnavailable)/, 'transient'],
]

function windowOf(code: string): RateWindow {
  if (/DailyLimit|DailyCount|OneDay/.test(code)) return 'day'
  return /OneHourLimit/.test(code) ? 'hour' : 'minute'
}

function classify(code: string): SmsErrorClass {
  return classByCode.find(([pattern]) => pattern.test(code))?.[1] ?? 'config'
}
