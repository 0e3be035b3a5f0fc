import { createWechatClient } from '../../../server/integrations/wechat/client'
import { openidFor, sandboxApp, templateIdFor, unionidFor } from '../../../server/integrations/wechat/sandbox/cast'
import { createMemoryTokenStore, type TokenStore } from '../../../server/integrations/wechat/token'
import { failure, startMs, startSandbox, type TestSandbox } from './support'

let world: TestSandbox
beforeEach(async () => {
  world = await startSandbox()
})
afterEach(() => world.close())

const birthday = templateIdFor('birthday')
const birthdayData = { thing1: '满100减20生日券', date2: '2026-12-22', thing3: '祝您生日快乐' }
const sendPath = '/cgi-bin/message/subscribe/send'
const tokenRequests = () => world.sandbox.state().tokenRequests

describe('login code', () => {
  it('gives openid, unionid and session key', async () => {
    const session = await world.client.codeToSession({ code: await world.codeFor('lin') })
    expect(session).toMatchObject({ openid: openidFor('lin'), unionid: unionidFor('lin') })
    expect(Buffer.from(session.sessionKey, 'base64')).toHaveLength(16)
  })

  it('works once: a repeat is refused with 40163', async () => {
    const code = await world.codeFor('lin')
    await world.client.codeToSession({ code })
    const error = await failure(world.client.codeToSession({ code }))
    expect(error).toMatchObject({ errcode: 40163, class: 'user', retry: 'never' })
    expect(error.rid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{8}){2}$/)
  })

  it('ends after five minutes', async () => {
    const [kept, late] = [await world.codeFor('lin'), await world.codeFor('lin')]
    world.clock.ms += 300_000
    await world.client.codeToSession({ code: kept })
    world.clock.ms += 1
    expect(await failure(world.client.codeToSession({ code: late }))).toMatchObject({ errcode: 40029 })
  })

  it('is refused for a blocked person, an unknown code and a wrong app', async () => {
    expect(await failure(world.client.codeToSession({ code: await world.codeFor('blocked') }))).toMatchObject({
      errcode: 40226,
      class: 'user',
    })
    expect(await failure(world.client.codeToSession({ code: 'nonsense' }))).toMatchObject({ errcode: 40029 })
    const stranger = createWechatClient({ ...world.clientOptions, appId: 'wx0000000000000000' })
    expect(await failure(stranger.codeToSession({ code: 'x' }))).toMatchObject({ errcode: 40013, class: 'config' })
    const wrongSecret = createWechatClient({ ...world.clientOptions, secret: 'f'.repeat(32) })
    expect(await failure(wrongSecret.codeToSession({ code: 'x' }))).toMatchObject({ errcode: 40125, class: 'config' })
  })
})

describe('phone code', () => {
  it('gives the number once, to its owner only', async () => {
    const { code } = await world.control('phone', { user: 'lin' })
    const request = { code: String(code), openid: openidFor('lin') }
    expect(await world.client.getPhoneNumber(request)).toEqual({ phone: '13800000001', countryCode: '86' })
    expect(await failure(world.client.getPhoneNumber(request))).toMatchObject({ errcode: 40029, class: 'user' })

    const other = await world.control('phone', { user: 'lin' })
    expect(
      await failure(world.client.getPhoneNumber({ code: String(other.code), openid: openidFor('zhou') })),
    ).toMatchObject({ errcode: 40029 })
  })

  it('is not interchangeable with a login code, and another app cannot use it', async () => {
    expect(await failure(world.client.getPhoneNumber({ code: await world.codeFor('lin') }))).toMatchObject({
      errcode: 40029,
    })
    const { code } = await world.control('phone', { user: 'lin', appId: 'wxffffffffffffffff' })
    expect(await failure(world.client.getPhoneNumber({ code: String(code) }))).toMatchObject({ errcode: 40013 })
  })

  it('says so when the person refuses or the free calls are used up', async () => {
    expect(await world.control('phone', { user: 'lin', choice: 'deny' })).toMatchObject({
      errMsg: 'getPhoneNumber:fail user deny',
    })
    await world.control('settings', { phoneQuotaLeft: 1 })
    expect(await world.control('phone', { user: 'lin' })).toHaveProperty('code')
    expect(await world.control('phone', { user: 'lin' })).toMatchObject({ errno: 1400001 })
  })
})

describe('access token', () => {
  it('is fetched once for fifty calls at the same time', async () => {
    await Promise.all(Array.from({ length: 50 }, () => world.client.listTemplates()))
    expect(tokenRequests()).toBe(1)
  })

  it('is fetched once for fifty calls even when the shared store is slow', async () => {
    const inner = createMemoryTokenStore()
    let reads = 0
    const slow: TokenStore = {
      get: async (key) => {
        reads += 1
        await new Promise((resolve) => setTimeout(resolve, 20))
        return inner.get(key)
      },
      set: async (key, value) => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        await inner.set(key, value)
      },
    }
    const client = createWechatClient({ ...world.clientOptions, tokenStore: slow })
    await Promise.all(Array.from({ length: 50 }, () => client.listTemplates()))
    expect(tokenRequests()).toBe(1)
    expect(reads).toBe(1)
  })

  it('is shared by replicas through the store', async () => {
    await world.client.listTemplates()
    await createWechatClient(world.clientOptions).listTemplates()
    expect(tokenRequests()).toBe(1)
  })

  it('is renewed five minutes before its end', async () => {
    await world.client.listTemplates()
    world.clock.ms += 6_899_000
    await world.client.listTemplates()
    expect(tokenRequests()).toBe(1)
    world.clock.ms += 2000
    await world.client.listTemplates()
    expect(tokenRequests()).toBe(2)
  })

  it('is renewed once when WeChat has dropped it, for fifty refused calls together', async () => {
    await world.client.listTemplates()
    await world.control('tokens', { action: 'revoke' })
    await Promise.all(Array.from({ length: 50 }, () => world.client.listTemplates()))
    expect(tokenRequests()).toBe(2)
    const refusals = world.log.filter((entry) => entry.errcode === 40001)
    expect(refusals.length).toBeGreaterThan(0)
  })

  it('is renewed after 42001 as after 40001', async () => {
    await world.client.listTemplates()
    await world.control('tokens', { action: 'expire' })
    await world.client.listTemplates()
    expect(world.log.map(({ errcode }) => errcode)).toContain(42001)
    expect(tokenRequests()).toBe(2)
  })

  it('fails after the second refusal, without a third try', async () => {
    await world.client.listTemplates()
    await world.fault('/wxaapi/newtmpl/gettemplate', { type: 'errcode', errcode: 40001 })
    const error = await failure(world.client.listTemplates())
    expect(error).toMatchObject({ errcode: 40001, class: 'token' })
    expect(world.log.filter(({ errcode }) => errcode === 40001)).toHaveLength(2)
    expect(tokenRequests()).toBe(2)
  })

  it('takes over the token that another replica has renewed, instead of fetching', async () => {
    const other = createWechatClient(world.clientOptions)
    await world.client.listTemplates()
    await other.listTemplates()
    await world.control('tokens', { action: 'revoke' })
    await other.listTemplates()
    expect(tokenRequests()).toBe(2)
    await world.client.listTemplates()
    expect(tokenRequests()).toBe(2)
  })

  it('never asks for a forced refresh and never caches an answer without a token', async () => {
    await world.fault('/cgi-bin/stable_token', { type: 'empty' }, { times: 3 })
    expect(await failure(world.client.listTemplates())).toMatchObject({ class: 'transient', errcode: null })
    expect(await world.tokenStore.get(sandboxApp.appId)).toBeNull()
    expect(await world.client.listTemplates()).not.toHaveLength(0)
    expect(world.sandbox.state().forcedRefreshes).toHaveLength(0)
  })

  it('leaves WeChat alone for a while after it has refused the app', async () => {
    const client = createWechatClient({ ...world.clientOptions, secret: 'e'.repeat(32) })
    for (let i = 0; i < 5; i += 1) {
      expect(await failure(client.listTemplates())).toMatchObject({ errcode: 40125, class: 'config' })
    }
    expect(tokenRequests()).toBe(1)
    world.clock.ms += 30_001
    await failure(client.listTemplates())
    expect(tokenRequests()).toBe(2)
  })

  it('is refused for an unlisted address with the address in the message', async () => {
    await world.control('settings', { ipWhitelist: ['203.0.113.9'] })
    const error = await failure(world.client.listTemplates())
    expect(error).toMatchObject({ errcode: 40164, class: 'config' })
    expect(error.message).toContain('invalid ip 127.0.0.1')
  })
})

describe('subscription message', () => {
  const send = (user: string, data: Record<string, string> = birthdayData) =>
    world.client.sendSubscribe({ openid: openidFor(user), templateId: birthday, data, page: 'pages/coupons/index' })

  it('uses one credit and ends with 43101 without', async () => {
    expect(await failure(send('lin'))).toMatchObject({ errcode: 43101, class: 'user', retry: 'never' })
    const { result, grants } = await world.control('subscribe', { user: 'lin', templateIds: [birthday] })
    expect(result).toEqual({ errMsg: 'requestSubscribeMessage:ok', [birthday]: 'accept' })
    expect(grants).toEqual({ [birthday]: 1 })
    const { msgid } = await send('lin')
    expect(msgid).toMatch(/^\d{18,19}$/)
    expect(await failure(send('lin'))).toMatchObject({ errcode: 43101 })
    const { items } = (await world.control('sends?user=lin')) as { items: object[] }
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ msgid, title: '生日礼遇通知', page: 'pages/coupons/index', state: 'formal' })
  })

  it.each([
    ['a missing keyword', { thing1: '券', date2: '2026-12-22' }, 'data.thing3.value is empty'],
    ['21 characters', { ...birthdayData, thing1: '字'.repeat(21) }, 'data.thing1.value invalid'],
    ['a date in words', { ...birthdayData, date2: '明天' }, 'data.date2.value invalid'],
  ])('is refused with 47003 for %s, keeping the credit', async (_name, data, text) => {
    await world.control('subscribe', { user: 'lin', templateIds: [birthday] })
    const error = await failure(send('lin', data as Record<string, string>))
    expect(error).toMatchObject({ errcode: 47003, class: 'config' })
    expect(error.message).toContain(text)
    expect(await send('lin')).toHaveProperty('msgid')
  })

  it('is refused for a wrong openid, template, page, word and a banned template', async () => {
    await world.control('subscribe', { user: 'lin', templateIds: [birthday] })
    const message = { openid: openidFor('lin'), templateId: birthday, data: birthdayData }
    const codeOf = async (change: Partial<typeof message & { page: string }>) =>
      (await failure(world.client.sendSubscribe({ ...message, ...change }))).errcode
    expect(await codeOf({ openid: 'nobody' })).toBe(40003)
    expect(await codeOf({ templateId: templateIdFor('nothing') })).toBe(40037)
    expect(await codeOf({ page: '/pages/home/index' })).toBe(41030)
    await world.control('settings', { pages: ['pages/home/index'] })
    expect(await codeOf({ page: 'pages/secret/index' })).toBe(41030)
    expect(await codeOf({ data: { ...birthdayData, thing3: '全网最低价保证' } })).toBe(45168)
    await world.control('templates', { templateId: birthday, banned: true })
    expect(await codeOf({})).toBe(43107)
    await world.control('templates', { templateId: birthday, banned: false })
    expect(await world.client.sendSubscribe({ ...message, page: 'pages/home/index?from=push' })).toHaveProperty('msgid')
  })

  it('clashes with another one to the same person at the same moment, not with one to somebody else', async () => {
    await world.control('settings', { sendLatencyMs: 100 })
    for (const user of ['lin', 'lin', 'zhou']) await world.control('subscribe', { user, templateIds: [birthday] })
    await world.client.listTemplates()
    const results = await Promise.allSettled([send('lin'), send('lin'), send('zhou')])
    const codes = results.map((one) => (one.status === 'fulfilled' ? 0 : one.reason.errcode))
    expect(codes.slice(0, 2).sort()).toEqual([0, 43108])
    expect(codes[2]).toBe(0)
  })

  it('is sent at most once when the answer does not come: the result is unknown', async () => {
    const impatient = createWechatClient({ ...world.clientOptions, timeoutMs: 150 })
    await world.control('subscribe', { user: 'lin', templateIds: [birthday] })
    await world.control('subscribe', { user: 'lin', templateIds: [birthday] })
    await world.fault(sendPath, { type: 'delay', ms: 400, when: 'after' }, { times: 1 })
    const message = { openid: openidFor('lin'), templateId: birthday, data: birthdayData }
    const error = await failure(impatient.sendSubscribe(message))
    expect(error).toMatchObject({ class: 'unknown', errcode: null, retry: 'never' })
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(world.sandbox.state().sends).toHaveLength(1)
    expect(world.log.filter(({ path }) => path === sendPath)).toHaveLength(1)
  })

  it('is tried again when WeChat itself says that it is busy', async () => {
    await world.control('subscribe', { user: 'lin', templateIds: [birthday] })
    await world.fault(sendPath, { type: 'errcode', errcode: -1 }, { times: 2 })
    await send('lin')
    expect(world.sandbox.state().sends).toHaveLength(1)
    expect(world.log.filter(({ path }) => path === sendPath)).toHaveLength(3)
  })

  it('is certainly not sent, and may be repeated, when the token cannot be had', async () => {
    await world.control('subscribe', { user: 'lin', templateIds: [birthday] })
    await world.fault('/cgi-bin/stable_token', { type: 'reset' }, { times: 3 })
    expect(await failure(send('lin'))).toMatchObject({ class: 'transient', retry: 'backoff' })
    expect(await send('lin')).toHaveProperty('msgid')
  })
})

describe('other endpoints', () => {
  it('lists the templates', async () => {
    const list = await world.client.listTemplates()
    expect(list.find(({ templateId }) => templateId === birthday)).toMatchObject({
      title: '生日礼遇通知',
      longTerm: false,
      content: '礼遇内容:{{thing1.DATA}}\n有效期至:{{date2.DATA}}\n温馨提示:{{thing3.DATA}}',
    })
  })

  it('judges text, and refuses for a person who was not here lately', async () => {
    const openid = openidFor('lin')
    const check = (content: string) => world.client.checkText({ openid, scene: 2, content })
    expect(await check('衣服很好看')).toMatchObject({ suggest: 'pass', label: 100 })
    expect(await check('想买的加微信')).toMatchObject({ suggest: 'review' })
    expect(await check('专业代开发票')).toMatchObject({ suggest: 'risky' })
    await world.control('clock', { advanceMs: 2 * 3_600_000 + 1 })
    expect(await failure(check('衣服很好看'))).toMatchObject({ errcode: 61010, class: 'user' })
    await world.codeFor('lin')
    expect(await check('衣服很好看')).toMatchObject({ suggest: 'pass' })
  })

  it('ranks risk by the cast', async () => {
    const rank = (user: string) =>
      world.client.getUserRiskRank({ openid: openidFor(user), scene: 1, clientIp: '203.0.113.9' })
    expect(await rank('risky')).toBe(4)
    expect(await rank('lin')).toBe(0)
  })

  it('makes links that end', async () => {
    const link = await world.client.generateUrlLink({ page: 'pages/coupons/index', query: 'id=7', life: { days: 30 } })
    const first = await fetch(link, { redirect: 'manual' })
    expect(first.status).toBe(302)
    expect(first.headers.get('location')).toBe('https://mini-program.invalid/pages/coupons/index?id=7')
    world.clock.ms += 30 * 86_400_000
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(410)
    expect(await failure(world.client.generateUrlLink({ page: 'pages/a/b', life: { days: 31 } }))).toMatchObject({
      errcode: 85401,
    })
    const scheme = await world.client.generateScheme({
      page: 'pages/a/b',
      life: { untilMs: startMs + 40 * 86_400_000 },
    })
    expect(scheme).toMatch(/^weixin:\/\/dl\/business\/\?t=[\w-]+$/)
  })
})

it('writes a log without secrets, codes, tokens and numbers', async () => {
  const code = await world.codeFor('lin')
  await world.client.codeToSession({ code })
  const phone = await world.control('phone', { user: 'lin' })
  await world.client.getPhoneNumber({ code: String(phone.code) })
  await failure(world.client.codeToSession({ code }))
  const text = JSON.stringify(world.log)
  const token = (await world.tokenStore.get(sandboxApp.appId))?.token ?? 'none'
  for (const secret of [sandboxApp.secret, code, String(phone.code), token, '13800000001', openidFor('lin')]) {
    expect(text).not.toContain(secret)
  }
  expect(world.log.at(-1)).toMatchObject({ path: '/sns/jscode2session', outcome: 'refused', errcode: 40163 })
})
