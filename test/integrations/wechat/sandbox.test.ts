import { request as httpRequest } from 'node:http'
import Koa from 'koa'
import { createSandbox } from '../../../server/integrations/wechat/sandbox'
import { openidFor, sandboxApp, templateIdFor, templates } from '../../../server/integrations/wechat/sandbox/cast'
import { failure, type Json, serve, startSandbox, type TestSandbox } from './support'

let world: TestSandbox
beforeEach(async () => {
  world = await startSandbox()
})
afterEach(() => world.close())

const stable = { grant_type: 'client_credential', appid: sandboxApp.appId, secret: sandboxApp.secret }
const getStable = async (more: object = {}) => world.raw('/cgi-bin/stable_token', { body: { ...stable, ...more } })
const tokenOf = async () => String((await getStable()).access_token)
const points = templateIdFor('points')

describe('order of judgement', () => {
  it('is method, token, rate, body, JSON, fields, business', async () => {
    const path = '/cgi-bin/message/subscribe/send'
    const access_token = await tokenOf()
    const codes: unknown[] = []
    const call = async (init: Parameters<typeof world.raw>[1]) => codes.push((await world.raw(path, init)).errcode)
    await call({ method: 'GET' })
    await call({ method: 'POST' })
    await call({ body: '', query: { access_token: 'x' } })
    await call({ body: '', query: { access_token: access_token.replace(/.{9}$/, 'aaaaaaaaa') } })
    await call({ body: '', query: { access_token } })
    await call({ body: 'touser=x', query: { access_token } })
    await call({ body: {}, query: { access_token } })
    await call({ body: { touser: openidFor('lin') }, query: { access_token } })
    const whole = { touser: openidFor('lin'), template_id: points }
    await call({ body: whole, query: { access_token } })
    await call({ body: { ...whole, data: {} }, query: { access_token } })
    await world.control('limits', { path, perMinute: 0 })
    await call({ body: '', query: { access_token } })
    await world.control('limits', { path, perDay: 0 })
    await call({ body: '', query: { access_token } })
    expect(codes).toEqual([43002, 41001, 40014, 40001, 44002, 47001, 40003, 40037, 47001, 47003, 45009, 45009])
    expect((await world.raw('/wxaapi/newtmpl/gettemplate', { body: {}, query: { access_token } })).errcode).toBe(43001)
  })

  it('at login is app, secret, grant type, code, with a comma before the trace id', async () => {
    const path = '/sns/jscode2session'
    const good = { appid: sandboxApp.appId, secret: sandboxApp.secret, grant_type: 'authorization_code' }
    const codeOf = async (query: Record<string, string>) => (await world.raw(path, { query })).errcode
    expect(await codeOf({})).toBe(41002)
    expect(await codeOf({ appid: 'wx1', secret: 'x', grant_type: 'x' })).toBe(40013)
    expect(await codeOf({ ...good, secret: 'x', grant_type: 'x' })).toBe(40125)
    expect(await codeOf({ ...good, grant_type: 'x' })).toBe(40002)
    expect(await codeOf(good)).toBe(41008)
    const { errmsg } = await world.raw(path, { query: { ...good, js_code: 'x' } })
    const seconds = Math.floor(world.clock.ms / 1000).toString(16)
    expect(errmsg).toMatch(new RegExp(`^invalid code, rid: ${seconds}-[0-9a-f]{8}-[0-9a-f]{8}$`))
  })

  it('labels login answers as plain text and gives no errcode on success', async () => {
    const query = new URLSearchParams({
      appid: sandboxApp.appId,
      secret: sandboxApp.secret,
      grant_type: 'authorization_code',
      js_code: await world.codeFor('lin'),
    })
    const response = await fetch(`${world.base}/sns/jscode2session?${query}`)
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(Object.keys((await response.json()) as Json).sort()).toEqual(['openid', 'session_key', 'unionid'])
  })

  it('limits logins of one person to a hundred a minute', async () => {
    for (let i = 0; i < 100; i += 1) await world.client.codeToSession({ code: await world.codeFor('lin') })
    expect(await failure(world.client.codeToSession({ code: await world.codeFor('lin') }))).toMatchObject({
      errcode: 45011,
      class: 'rate',
    })
    await world.client.codeToSession({ code: await world.codeFor('zhou') })
    world.clock.ms += 60_000
    await world.client.codeToSession({ code: await world.codeFor('lin') })
  })
})

describe('tokens', () => {
  it('stay the same while valid, with the remaining life', async () => {
    const first = await getStable()
    expect(first).toEqual({ access_token: expect.stringMatching(/^[\w-]{139}$/), expires_in: 7200 })
    world.clock.ms += 1_000_000
    expect(await getStable()).toEqual({ access_token: first.access_token, expires_in: 6200 })
  })

  it('overlap in the last five minutes', async () => {
    const old = await tokenOf()
    world.clock.ms += 6_900_000
    const next = await tokenOf()
    expect(next).not.toBe(old)
    const list = async (access_token: string) =>
      (await world.raw('/wxaapi/newtmpl/gettemplate', { query: { access_token } })).errcode
    expect([await list(old), await list(next)]).toEqual([0, 0])
    world.clock.ms += 300_000
    expect([await list(old), await list(next)]).toEqual([42001, 0])
  })

  it('keep the two pools apart', async () => {
    const plain = async () => String((await world.raw('/cgi-bin/token', { query: stable })).access_token)
    const list = async (access_token: string) =>
      (await world.raw('/wxaapi/newtmpl/gettemplate', { query: { access_token } })).errcode
    const stableToken = await tokenOf()
    const [a, b] = [await plain(), await plain()]
    expect(a).not.toBe(b)
    expect([await list(a), await list(b), await list(stableToken)]).toEqual([0, 0, 0])
    world.clock.ms += 300_000
    expect([await list(a), await list(b), await list(stableToken)]).toEqual([42001, 0, 0])
  })

  it('can be forced to change every thirty seconds and twenty times a day', async () => {
    const old = await tokenOf()
    const forced = String((await getStable({ force_refresh: true })).access_token)
    expect(forced).not.toBe(old)
    expect((await world.raw('/wxaapi/newtmpl/gettemplate', { query: { access_token: old } })).errcode).toBe(40001)
    expect((await getStable({ force_refresh: true })).access_token).toBe(forced)
    for (let i = 0; i < 19; i += 1) {
      world.clock.ms += 30_000
      await getStable({ force_refresh: true })
    }
    world.clock.ms += 30_000
    expect((await getStable({ force_refresh: true })).errcode).toBe(45009)
  })
})

describe('the subscription pop-up', () => {
  const ask = (templateIds: string[], more: object = {}) =>
    world.control('subscribe', { user: 'lin', templateIds, ...more }) as Promise<{
      result: Record<string, unknown>
      grants: Record<string, number>
    }>

  it('refuses no, six and unknown templates, and everything while the main switch is off', async () => {
    const all = templates.map(({ templateId }) => templateId)
    expect((await ask([])).result.errCode).toBe(10001)
    expect((await ask(all.slice(0, 6))).result.errCode).toBe(20003)
    expect((await ask(['x'])).result.errCode).toBe(20001)
    expect((await ask(all.slice(0, 5))).result.errMsg).toBe('requestSubscribeMessage:ok')
    await world.control('subscriptions', { user: 'lin', mainSwitch: false })
    expect((await ask([points])).result.errCode).toBe(20004)
  })

  it('adds up accepts, keeps the choice that was ticked, and loses all with a refusal in the settings', async () => {
    await ask([points])
    expect((await ask([points], { keep: true })).grants[points]).toBe(2)
    expect((await ask([points], { choice: 'reject' })).result[points]).toBe('accept')
    expect(await world.control('subscriptions?user=lin')).toEqual({
      subscriptionsSetting: { mainSwitch: true, itemSettings: { [points]: 'accept' } },
      grants: { [points]: 3 },
    })
    const after = await world.control('subscriptions', { user: 'lin', templateId: points, choice: 'reject' })
    expect(after.grants).toEqual({})
    expect((await ask([points])).result[points]).toBe('reject')
  })

  it('reports a banned template', async () => {
    await world.control('templates', { templateId: points, banned: true })
    expect((await ask([points])).result).toMatchObject({ [points]: 'ban' })
  })
})

describe('control plane', () => {
  it('adds people, moves the clock, shows what was sent', async () => {
    const user = await world.control('users', { key: 'new', nickname: '新<b>人', phone: '13900000000' })
    expect(user.openid).toBe(openidFor('new'))
    expect(await world.client.codeToSession({ code: await world.codeFor('new') })).toMatchObject({
      openid: user.openid,
    })
    const code = await world.codeFor('new')
    await world.control('clock', { advanceMs: 300_001 })
    expect(await failure(world.client.codeToSession({ code }))).toMatchObject({ errcode: 40029 })

    await world.control('subscribe', { user: 'new', templateIds: [points] })
    const data = { thing1: '<script>', number2: '1', number3: '2', time4: '2026-11-22 10:00' }
    await world.client.sendSubscribe({ openid: String(user.openid), templateId: points, data })
    const page = await (await fetch(`${world.base}/__control/inbox`)).text()
    expect(page).toContain('积分变动提醒')
    expect(page).toContain('&lt;script&gt;')
    expect(page).toContain('新&lt;b&gt;人')
    expect(page).not.toContain('<script>')
  })

  it('remembers the consent to the privacy contract', async () => {
    expect(await world.control('privacy', { user: 'lin' })).toMatchObject({ needAuthorization: true })
    await world.control('privacy', { user: 'lin', agree: true })
    expect(await world.control('privacy', { user: 'lin' })).toMatchObject({ needAuthorization: false })
  })

  it('answers bad input with a reason', async () => {
    const post = async (path: string, body: string, type = 'application/json') =>
      (await fetch(`${world.base}/__control/${path}`, { method: 'POST', body, headers: { 'content-type': type } }))
        .status
    expect(await post('login', '{"user":"nobody"}')).toBe(404)
    expect(await post('login', '{}')).toBe(400)
    expect(await post('login', '{"user"')).toBe(415)
    expect(await post('login', '{"user":"lin"}', 'text/plain')).toBe(415)
    expect(await post('faults', '{"match":{"path":"/x"},"effect":{"type":"fire"}}')).toBe(400)
    expect(await post('settings', '{"users":{}}')).toBe(400)
    expect((await fetch(`${world.base}/__control/login`)).status).toBe(405)
  })

  it('is closed to other machines', async () => {
    const sandbox = createSandbox({ now: () => 0 })
    const app = new Koa()
    app.silent = true
    app.use(async (ctx, next) => {
      // A connection from elsewhere, as far as the sandbox can see.
      Object.defineProperty(ctx.req.socket, 'remoteAddress', { value: '192.168.1.7' })
      await next()
    })
    app.use(sandbox.router.routes())
    const { url, close } = await serve(app)
    const status = await new Promise((resolve) => {
      const request = httpRequest(`${url}/__control/state`, (response) => resolve(response.statusCode))
      request.end()
    })
    await close()
    expect(status).toBe(403)
  })
})

it('checks and resets session keys, the newest of which counts', async () => {
  const { createHmac } = await import('node:crypto')
  const first = await world.client.codeToSession({ code: await world.codeFor('lin') })
  const second = await world.client.codeToSession({ code: await world.codeFor('lin') })
  const access_token = await tokenOf()
  const check = async (key: string, path = '/wxa/checksession') => {
    const signature = createHmac('sha256', key).update('').digest('hex')
    return world.raw(path, { query: { access_token, openid: second.openid, signature, sig_method: 'hmac_sha256' } })
  }
  expect((await check(first.sessionKey)).errcode).toBe(87009)
  expect((await check(second.sessionKey)).errcode).toBe(0)
  const { session_key: third } = await check(second.sessionKey, '/wxa/resetusersessionkey')
  expect((await check(second.sessionKey)).errcode).toBe(87009)
  expect((await check(String(third))).errcode).toBe(0)
})
