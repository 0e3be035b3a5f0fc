import { createHash, createHmac } from 'node:crypto'
import Koa from 'koa'
import { createAlibabaSms, signAcs3 } from '../../../server/integrations/sms/alibaba'
import { createSmsSender } from '../../../server/integrations/sms/create'
import { isSmsError, type SmsError } from '../../../server/integrations/sms/sender'
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

describe('ACS3-HMAC-SHA256', () => {
  // The fixed-value example of the vendor's page on the V3 request structure and signature
  // (help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature), with its published sample keys.
  const sample = {
    accessKeyId: 'YourAccessKeyId',
    accessKeySecret: 'YourAccessKeySecret',
    host: 'ecs.cn-shanghai.aliyuncs.com',
    action: 'RunInstances',
    version: '2014-05-26',
    date: '2023-10-26T10:22:32Z',
    nonce: '3156853299f313e23d1673dc12e1703d',
    query: { RegionId: 'cn-shanghai', ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd' },
  }

  it('matches the published example', () => {
    const { query, headers } = signAcs3(sample)
    expect(query).toBe('ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai')
    expect(headers.authorization).toBe(
      'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    )
  })

  it('encodes whatever RFC 3986 does not leave alone', () => {
    const { query } = signAcs3({ ...sample, query: { a: "!'()* ~中", b: '1+1=2' } })
    expect(query).toBe('a=%21%27%28%29%2A%20~%E4%B8%AD&b=1%2B1%3D2')
  })
})

describe('Alibaba driver', () => {
  const keys = { accessKeyId: 'LTAIEXAMPLE', accessKeySecret: 'secret-example' }
  const templates = { care: { id: 'SMS_71390007', params: ['name', 'points'] } }
  const message = { phone: '13800000001', template: 'care', params: { name: '林晓雨', points: '128' } }
  const closers: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
  })

  /** A carrier that checks the signature by its own calculation and answers what it is told. */
  async function carrier(answer: (calls: number) => object | string) {
    const requests: { query: URLSearchParams; headers: Record<string, unknown>; signed: boolean; body: string }[] = []
    const app = new Koa()
    app.silent = true
    app.use(async (ctx) => {
      const chunks: Buffer[] = []
      for await (const chunk of ctx.req) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks).toString()
      const sha = (text: string) => createHash('sha256').update(text).digest('hex')
      const h = ctx.headers
      const names = /SignedHeaders=([^,]+)/.exec(String(h.authorization))?.[1] ?? ''
      const lines = names.split(';').map((name) => `${name}:${h[name]}\n`)
      const canonical = `${ctx.method}\n${ctx.path}\n${ctx.querystring}\n${lines.join('')}\n${names}\n${sha(body)}`
      const expected = createHmac('sha256', keys.accessKeySecret)
        .update(`ACS3-HMAC-SHA256\n${sha(canonical)}`)
        .digest('hex')
      const signed = String(h.authorization).endsWith(`Signature=${expected}`) && names.startsWith('host;x-acs-action;')
      requests.push({ query: new URLSearchParams(ctx.querystring), headers: h, signed, body })
      ctx.body = answer(requests.length)
    })
    const { url, close } = await serve(app)
    closers.push(close)
    const options = { ...keys, signName: '拾光生活馆', templates, endpoint: url, now }
    return { requests, options, sms: createSmsSender({ driver: 'alibaba', ...options }) }
  }
  const refusal = (Code: string, Message = 'm') => ({ Code, Message, RequestId: 'r' })

  it('sends one signed request with named parameters', async () => {
    const { sms, requests } = await carrier(() => ({ ...refusal('OK'), BizId: '9006197469364984^0' }))
    expect(await sms.send(message)).toEqual({ id: '9006197469364984^0' })
    expect(requests).toHaveLength(1)
    const [{ query, headers, signed, body }] = requests
    expect([signed, body]).toEqual([true, ''])
    expect(headers).toMatchObject({
      'x-acs-action': 'SendSms',
      'x-acs-version': '2017-05-25',
      'x-acs-date': '2026-11-22T02:00:00Z',
    })
    expect(Object.fromEntries(query)).toEqual({
      PhoneNumbers: '13800000001',
      SignName: '拾光生活馆',
      TemplateCode: 'SMS_71390007',
      TemplateParam: '{"name":"林晓雨","points":"128"}',
    })
  })

  it('never uses a nonce twice', async () => {
    const { sms, requests } = await carrier(() => refusal('OK'))
    for (let i = 0; i < 20; i++) await sms.send(message)
    expect(new Set(requests.map((r) => r.headers['x-acs-signature-nonce'])).size).toBe(20)
  })

  it.each([
    ['isv.BUSINESS_LIMIT_CONTROL', '触发分钟级流控Permits:1', 'rate', 'minute'],
    ['isv.BUSINESS_LIMIT_CONTROL', '触发小时级流控Permits:5', 'rate', 'hour'],
    ['isv.BUSINESS_LIMIT_CONTROL', '触发天级流控Permits:10', 'rate', 'day'],
    ['isv.DAY_LIMIT_CONTROL', '触发日发送限额', 'rate', 'day'],
    ['Throttling.User', 'Request was denied due to user flow control.', 'rate', 'minute'],
    ['isv.MOBILE_NUMBER_ILLEGAL', '非法手机号', 'user', 'minute'],
    ['isv.BLACK_KEY_CONTROL_LIMIT', '黑名单管控', 'user', 'minute'],
    ['isv.SMS_TEMPLATE_ILLEGAL', '模板不合法', 'config', 'minute'],
    ['isv.SMS_SIGNATURE_ILLEGAL', '签名不合法', 'config', 'minute'],
    ['isv.OUT_OF_SERVICE', '业务停机', 'account', 'minute'],
    ['isv.AMOUNT_NOT_ENOUGH', '账户余额不足', 'account', 'minute'],
    ['isp.RAM_PERMISSION_DENY', 'RAM权限不足', 'account', 'minute'],
    ['InvalidAccessKeyId.NotFound', 'Specified access key is not found.', 'account', 'minute'],
    ['SignatureDoesNotMatch', 'Specified signature is not matched.', 'account', 'minute'],
    ['isp.SYSTEM_ERROR', '系统错误', 'unknown', 'minute'],
    ['ServiceUnavailable', 'busy', 'transient', 'minute'],
  ])('reports %s (%s) as %s within a %s, without the full number', async (code, text, kind, window) => {
    const { sms, requests } = await carrier(() => refusal(code, text))
    const error = await failure(sms.send(message))
    expect(error).toMatchObject({ class: kind, code, window })
    expect(error.message).toContain('138****0001')
    expect(error.message).not.toContain('13800000001')
    expect(requests).toHaveLength(1)
  })

  it('tells a text that was certainly not sent from one that perhaps was', async () => {
    const { options, sms } = await carrier(() => '<html>')
    expect(await failure(sms.send(message))).toMatchObject({ class: 'unknown', code: null })
    const unreachable = createAlibabaSms({ ...options, endpoint: await closedPort() })
    expect(await failure(unreachable.send(message))).toMatchObject({ class: 'transient' })
    const hanging: typeof fetch = (_input, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
      })
    const slow = createAlibabaSms({ ...options, fetch: hanging, timeoutMs: 20 })
    expect(await failure(slow.send(message))).toMatchObject({ class: 'unknown' })
  })

  it('refuses before any request what it cannot send', async () => {
    const { sms, requests } = await carrier(() => refusal('OK'))
    expect(await failure(sms.send({ ...message, template: 'other' }))).toMatchObject({ class: 'config' })
    expect(await failure(sms.send({ ...message, params: { name: '林' } }))).toMatchObject({ class: 'config' })
    expect(await failure(sms.send({ ...message, phone: '1' }))).toMatchObject({ class: 'user' })
    expect(requests).toHaveLength(0)
  })
})
