import { createHash, createHmac } from 'node:crypto'
import Koa from 'koa'
import { createSmsSender } from '../../../server/integrations/sms/create'
import { createLocalSms } from '../../../server/integrations/sms/local'
import { maskPhone, toE164 } from '../../../server/integrations/sms/phone'
import { isSmsError, type SmsError } from '../../../server/integrations/sms/sender'
import { createTencentSms, signTc3 } from '../../../server/integrations/sms/tencent'
import { closedPort, serve } from '../wechat/support'

const nowMs = Date.UTC(2026, 10, 22, 2, 0, 0)
const now = () => nowMs

async function failure(promise: Promise<unknown>): Promise<SmsError> {
  const error = await promise.then(
    () => new Error('expected a refusal'),
    (reason: unknown) => reason,
  )
  if (!isSmsError(error)) throw error
  return error
}

describe('numbers', () => {
  it('become E.164', () => {
    expect(toE164('138 0000 0001')).toBe('+8613800000001')
    expect(toE164('+8613800000001')).toBe('+8613800000001')
    expect(toE164('+14155552671')).toBe('+14155552671')
    for (const bad of ['', '12345', '23800000001', '1380000000', '138000000011', '+0123456789', 'abc']) {
      expect(toE164(bad)).toBeNull()
    }
  })

  it('are masked', () => {
    expect(maskPhone('+8613812345678')).toBe('138****5678')
    expect(maskPhone('13812345678')).toBe('138****5678')
    expect(maskPhone('12345')).toBe('****')
  })
})

describe('stand-in', () => {
  it('keeps the newest hundred messages and logs neither number nor code', async () => {
    const log: object[] = []
    const sms = createLocalSms({ now, log: (entry) => log.push(entry) })
    const { id } = await sms.send({ phone: '13800000001', template: 'login-code', params: { code: '048213' } })
    expect(sms.list()).toEqual([
      { id, at: nowMs, phone: '+8613800000001', template: 'login-code', params: { code: '048213' } },
    ])
    expect(log).toEqual([{ id, phone: '138****0001', template: 'login-code' }])
    for (let i = 0; i < 150; i += 1) await sms.send({ phone: '13800000002', template: 't', params: { n: String(i) } })
    expect(sms.list()).toHaveLength(100)
    expect(sms.list()[0]?.params).toEqual({ n: '149' })
    expect(new Set(sms.list().map((one) => one.id)).size).toBe(100)
  })

  it('refuses what cannot be a number', async () => {
    const sms = createSmsSender({ driver: 'local', now })
    expect(await failure(sms.send({ phone: '12345', template: 't', params: {} }))).toMatchObject({ class: 'user' })
  })
})

describe('TC3-HMAC-SHA256', () => {
  // The worked example of the signature's documentation, with its published sample keys.
  const sample = {
    secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
    secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE',
    service: 'cvm',
    host: 'cvm.tencentcloudapi.com',
    timestamp: 1551113065,
    payload: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
  }

  it('matches the published example', () => {
    expect(signTc3(sample)).toBe(
      'TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168',
    )
  })

  it('uses the UTC day', () => {
    // 07:59:59 and 08:00:00 in China are two UTC days.
    const lateMs = Date.UTC(2026, 10, 21, 23, 59, 59)
    expect(signTc3({ ...sample, timestamp: lateMs / 1000 })).toContain('/2026-11-21/cvm/')
    expect(signTc3({ ...sample, timestamp: lateMs / 1000 + 1 })).toContain('/2026-11-22/cvm/')
  })
})

describe('Tencent driver', () => {
  const keys = { secretId: 'AKIDEXAMPLE', secretKey: 'sk-example' }
  const templates = { 'login-code': { id: '449739', params: ['code', 'minutes'] } }
  const closers: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })
  const message = { phone: '13800000001', template: 'login-code', params: { minutes: '5', code: '048213' } }

  /** A carrier that checks the signature by its own calculation and answers what it is told. */
  async function carrier(answer: (calls: number) => object | string) {
    const requests: { headers: Record<string, unknown>; body: Record<string, unknown>; signed: boolean }[] = []
    const app = new Koa()
    app.silent = true
    app.use(async (ctx) => {
      const chunks: Buffer[] = []
      for await (const chunk of ctx.req) chunks.push(chunk as Buffer)
      const text = Buffer.concat(chunks).toString()
      const h = ctx.headers
      const hash = createHash('sha256').update(text).digest('hex')
      const canonical = `POST\n/\n\ncontent-type:${h['content-type']}\nhost:${h.host}\n\ncontent-type;host\n${hash}`
      const day = new Date(Number(h['x-tc-timestamp']) * 1000).toISOString().slice(0, 10)
      const toSign = `TC3-HMAC-SHA256\n${h['x-tc-timestamp']}\n${day}/sms/tc3_request\n${createHash('sha256').update(canonical).digest('hex')}`
      const step = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()
      const key = step(step(step(`TC3${keys.secretKey}`, day), 'sms'), 'tc3_request')
      const signed = String(h.authorization).endsWith(`Signature=${step(key, toSign).toString('hex')}`)
      requests.push({ headers: h, body: JSON.parse(text), signed })
      ctx.body = answer(requests.length)
    })
    const { url, close } = await serve(app)
    closers.push(close)
    const options = { ...keys, sdkAppId: '1400006666', signName: '拾光生活馆', templates, endpoint: url, now }
    return { requests, options, sms: createSmsSender({ driver: 'tencent', ...options }) }
  }
  const status = (Code: string) => ({
    Response: {
      SendStatusSet: [{ SerialNo: '5000:1045710669157053657849499619', Code, Message: 'm' }],
      RequestId: 'r',
    },
  })

  it('sends one signed request with positional parameters', async () => {
    const { sms, requests } = await carrier(() => status('Ok'))
    expect(await sms.send(message)).toEqual({ id: '5000:1045710669157053657849499619' })
    expect(requests).toHaveLength(1)
    expect(requests[0]).toMatchObject({
      signed: true,
      headers: {
        'x-tc-action': 'SendSms',
        'x-tc-version': '2021-01-11',
        'x-tc-region': 'ap-guangzhou',
        'x-tc-timestamp': String(nowMs / 1000),
      },
      body: {
        PhoneNumberSet: ['+8613800000001'],
        SmsSdkAppId: '1400006666',
        SignName: '拾光生活馆',
        TemplateId: '449739',
        TemplateParamSet: ['048213', '5'],
      },
    })
  })

  it.each([
    ['LimitExceeded.PhoneNumberDailyLimit', 'rate'],
    ['LimitExceeded.DeliveryFrequencyLimit', 'rate'],
    ['FailedOperation.PhoneNumberInBlacklist', 'user'],
    ['InvalidParameterValue.IncorrectPhoneNumber', 'user'],
    ['FailedOperation.SignatureIncorrectOrUnapproved', 'config'],
    ['FailedOperation.TemplateIncorrectOrUnapproved', 'config'],
    ['FailedOperation.InsufficientBalanceInSmsPackage', 'account'],
    ['UnauthorizedOperation.RequestIpNotInWhitelist', 'account'],
    ['AuthFailure.SecretIdNotFound', 'account'],
    ['InternalError.SendAndRecvFail', 'unknown'],
  ])('reports %s as %s, without the full number', async (code, kind) => {
    const { sms, requests } = await carrier(() => status(code))
    const error = await failure(sms.send(message))
    expect(error).toMatchObject({ class: kind, code })
    expect(error.message).toContain('138****0001')
    expect(error.message).not.toContain('13800000001')
    expect(requests).toHaveLength(1)
  })

  it.each([
    ['LimitExceeded.PhoneNumberThirtySecondLimit', 'minute'],
    ['LimitExceeded.DeliveryFrequencyLimit', 'minute'],
    ['LimitExceeded.PhoneNumberOneHourLimit', 'hour'],
    ['LimitExceeded.PhoneNumberDailyLimit', 'day'],
    ['LimitExceeded.AppMainlandChinaDailyLimit', 'day'],
  ])('%s is a limit within a %s', async (code, window) => {
    const { sms } = await carrier(() => status(code))
    expect(await failure(sms.send(message))).toMatchObject({ class: 'rate', window })
  })

  it('reports a refused request, and an answer that means nothing', async () => {
    const refused = { Response: { Error: { Code: 'AuthFailure.SignatureFailure', Message: 'm' }, RequestId: 'r' } }
    const answers = [refused, '<html>', { Response: {} }, { other: 1 }]
    const { sms } = await carrier((calls) => answers[calls - 1] ?? {})
    expect(await failure(sms.send(message))).toMatchObject({ class: 'account', code: 'AuthFailure.SignatureFailure' })
    for (let i = 1; i < answers.length; i += 1) {
      expect(await failure(sms.send(message))).toMatchObject({ class: 'unknown', code: null })
    }
  })

  it('tells a text that was certainly not sent from one that perhaps was', async () => {
    const { options } = await carrier(() => status('Ok'))
    const unreachable = createTencentSms({ ...options, endpoint: await closedPort() })
    expect(await failure(unreachable.send(message))).toMatchObject({ class: 'transient' })
    const hanging: typeof fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
      })
    const slow = createTencentSms({ ...options, fetch: hanging, timeoutMs: 20 })
    expect(await failure(slow.send(message))).toMatchObject({ class: 'unknown' })
  })

  it('refuses before any request what it cannot send', async () => {
    const { sms, requests } = await carrier(() => status('Ok'))
    expect(await failure(sms.send({ ...message, template: 'other' }))).toMatchObject({ class: 'config' })
    expect(await failure(sms.send({ ...message, params: { code: '1' } }))).toMatchObject({ class: 'config' })
    expect(await failure(sms.send({ ...message, phone: '1' }))).toMatchObject({ class: 'user' })
    expect(requests).toHaveLength(0)
  })
})
