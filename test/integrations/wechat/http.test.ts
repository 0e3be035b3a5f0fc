import Koa, { type Context } from 'koa'
import { createWechatClient } from '../../../server/integrations/wechat/client'
import { createMemoryTokenStore } from '../../../server/integrations/wechat/token'
import { failure, serve, startMs } from './support'

// A server that answers what the sandbox never would.
let answer: (ctx: Context) => void
let calls: string[]
let close: () => Promise<void>
let client: ReturnType<typeof createWechatClient>

beforeEach(async () => {
  calls = []
  const app = new Koa()
  app.silent = true
  app.use((ctx) => {
    calls.push(ctx.path)
    if (ctx.path === '/cgi-bin/stable_token') ctx.body = { access_token: 'token', expires_in: 7200 }
    else answer(ctx)
  })
  const server = await serve(app)
  close = server.close
  client = createWechatClient({
    appId: 'wx1234567890abcdef',
    secret: 's',
    // A trailing slash does not double.
    baseUrl: `${server.url}/`,
    tokenStore: createMemoryTokenStore(),
    now: () => startMs,
    sleep: async () => undefined,
  })
})
afterEach(() => close())

const phoneInfo = (appid: string) => ({
  phoneNumber: '+85291234567',
  purePhoneNumber: '91234567',
  countryCode: '852',
  watermark: { timestamp: '1637744274', appid },
})

it('accepts a foreign number and scalars of the other type', async () => {
  answer = (ctx) => {
    ctx.body = { errcode: '0', errmsg: 'ok', phone_info: phoneInfo('wx1234567890abcdef') }
  }
  expect(await client.getPhoneNumber({ code: 'x' })).toEqual({ phone: '91234567', countryCode: '852' })
})

it('refuses a number meant for another app, and one that is missing', async () => {
  answer = (ctx) => {
    ctx.body = { errcode: 0, phone_info: phoneInfo('wxffffffffffffffff') }
  }
  expect(await failure(client.getPhoneNumber({ code: 'x' }))).toMatchObject({ class: 'unknown', errcode: null })
  answer = (ctx) => {
    ctx.body = { errcode: 0, errmsg: 'ok' }
  }
  const error = await failure(client.getPhoneNumber({ code: 'x' }))
  expect(error.message).toContain('unexpected shape (phone_info)')
})

it('reads an error code that comes as text', async () => {
  answer = (ctx) => {
    ctx.body = { errcode: '43101', errmsg: 'user refuse to accept the msg rid: 69f4dcf3-576e8662-5d934a42' }
  }
  expect(await failure(client.sendSubscribe({ openid: 'o', templateId: 't', data: {} }))).toMatchObject({
    errcode: 43101,
    class: 'user',
    rid: '69f4dcf3-576e8662-5d934a42',
  })
})

it('takes an unknown code for an unknown error that is not repeated', async () => {
  answer = (ctx) => {
    ctx.body = { errcode: 99999, errmsg: 'new' }
  }
  expect(await failure(client.listTemplates())).toMatchObject({ errcode: 99999, class: 'unknown', retry: 'never' })
  expect(calls.filter((path) => path !== '/cgi-bin/stable_token')).toHaveLength(1)
})

it('follows no redirect, which would carry the token away', async () => {
  answer = (ctx) => {
    if (ctx.path === '/elsewhere') ctx.body = { errcode: 0, data: [] }
    else ctx.redirect('/elsewhere')
  }
  await failure(client.sendSubscribe({ openid: 'o', templateId: 't', data: {} }))
  expect(calls).not.toContain('/elsewhere')
})

it('stops reading an answer that does not end', async () => {
  answer = (ctx) => {
    ctx.type = 'json'
    ctx.body = `{"errcode":0,"data":"${'x'.repeat(5 * 1024 * 1024)}"}`
  }
  const error = await failure(client.sendSubscribe({ openid: 'o', templateId: 't', data: {} }))
  expect(error).toMatchObject({ class: 'unknown', errcode: null })
  expect(error.message).toContain('exceeds')
})

it('keeps Chinese characters raw in what it sends', async () => {
  let body = ''
  const spying = createWechatClient({
    appId: 'wx1',
    secret: 's',
    baseUrl: 'http://127.0.0.1',
    tokenStore: createMemoryTokenStore(),
    now: () => startMs,
    fetch: async (input, init) => {
      if (String(input).includes('stable_token')) return Response.json({ access_token: 't&=?', expires_in: 7200 })
      body = String(init?.body)
      expect(String(input)).toContain('access_token=t%26%3D%3F')
      return Response.json({ errcode: 0, errmsg: 'ok' })
    },
  })
  expect(await spying.sendSubscribe({ openid: 'o', templateId: 't', data: { thing1: '生日券' } })).toEqual({
    msgid: null,
  })
  expect(body).toContain('"value":"生日券"')
})
