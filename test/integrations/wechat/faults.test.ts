import { createWechatClient } from '../../../server/integrations/wechat/client'
import { openidFor, templateIdFor } from '../../../server/integrations/wechat/sandbox/cast'
import { closedPort, failure, startSandbox, type TestSandbox } from './support'

let world: TestSandbox
beforeEach(async () => {
  world = await startSandbox({ client: { timeoutMs: 300 } })
})
afterEach(() => world.close())

const points = templateIdFor('points')
const sendPath = '/cgi-bin/message/subscribe/send'
const listPath = '/wxaapi/newtmpl/gettemplate'
const codePath = '/wxa/getwxacodeunlimit'
const data = { thing1: '购物', number2: '120', number3: '3480', time4: '2026-11-22 10:00' }

const send = (user = 'lin') => world.client.sendSubscribe({ openid: openidFor(user), templateId: points, data })
const grant = (user = 'lin') => world.control('subscribe', { user, templateIds: [points] })
const callsTo = (path: string) => world.log.filter((entry) => entry.path === path)
const sent = () => world.sandbox.state().sends.length

describe('a message of which no readable answer comes', () => {
  it.each([
    ['HTTP 502 before the call ran', { type: 'http', status: 502 }, 0],
    ['HTTP 504 after the call ran', { type: 'http', status: 504, when: 'after' }, 1],
    ['a reset before the call ran', { type: 'reset', when: 'before' }, 0],
    ['a reset after the call ran', { type: 'reset', when: 'after' }, 1],
    ['a late answer', { type: 'delay', ms: 600, when: 'after' }, 1],
    ['a call that runs only after the time limit', { type: 'delay', ms: 600, when: 'before' }, 1],
    ['cut-off JSON', { type: 'truncate' }, 1],
    ['a gateway page with status 200', { type: 'html' }, 1],
    ['an empty body', { type: 'empty' }, 1],
  ])('has an unknown result and is not repeated: %s', async (_name, effect, delivered) => {
    await grant()
    await world.fault(sendPath, effect)
    expect(await failure(send())).toMatchObject({ class: 'unknown', errcode: null, retry: 'never', path: sendPath })
    expect(callsTo(sendPath)).toHaveLength(1)
    await new Promise((resolve) => setTimeout(resolve, effect.type === 'delay' ? 500 : 0))
    expect(sent()).toBe(delivered)
  })
})

it('repeats a harmless call after each of these, and gives up after three tries', async () => {
  await world.fault(listPath, { type: 'reset' }, { match: { nth: 1 } })
  await world.fault(listPath, { type: 'http', status: 500 }, { match: { nth: 2 } })
  expect(await world.client.listTemplates()).not.toHaveLength(0)
  expect(callsTo(listPath)).toHaveLength(3)

  await world.fault(listPath, { type: 'html' })
  expect(await failure(world.client.listTemplates())).toMatchObject({ class: 'unknown', errcode: null })
  expect(callsTo(listPath)).toHaveLength(6)
})

it('counts a refused connection as certainly not sent', async () => {
  // With a token at hand, so that the message itself is what cannot be sent.
  await world.client.listTemplates()
  const client = createWechatClient({ ...world.clientOptions, baseUrl: await closedPort() })
  const error = await failure(client.sendSubscribe({ openid: 'o', templateId: points, data }))
  expect(error).toMatchObject({ class: 'transient', retry: 'backoff', errcode: null, path: sendPath })
  expect(callsTo(sendPath)).toHaveLength(3)
})

it('renews a token that dies in the middle of things and delivers once', async () => {
  await grant()
  await world.client.listTemplates()
  await world.fault(sendPath, { type: 'revoke-token' }, { times: 1 })
  await send()
  expect(callsTo(sendPath).map(({ errcode }) => errcode)).toEqual([40001, null])
  expect(sent()).toBe(1)
})

it('reads JSON whatever its label, a 64-bit number as a message id, and success without errcode', async () => {
  for (let i = 0; i < 3; i += 1) await grant()
  await world.fault(sendPath, { type: 'text-plain' }, { match: { nth: 1 } })
  await world.fault(sendPath, { type: 'numeric-msgid' }, { match: { nth: 2 } })
  await world.fault(sendPath, { type: 'missing-errcode' }, { match: { nth: 3 } })
  const msgids = [await send(), await send(), await send()].map(({ msgid }) => msgid)
  expect(msgids).toEqual(world.sandbox.state().sends.map(({ msgid }) => msgid))
  expect(Number(msgids[1])).toBeGreaterThan(Number.MAX_SAFE_INTEGER)
})

it('the numeric id really travels as a number', async () => {
  await grant()
  await world.fault(sendPath, { type: 'numeric-msgid' })
  let body = ''
  const spy: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    body = await response.clone().text()
    return response
  }
  const client = createWechatClient({ ...world.clientOptions, fetch: spy })
  const { msgid } = await client.sendSubscribe({ openid: openidFor('lin'), templateId: points, data })
  expect(body).toContain(`"msgid":${msgid}`)
  expect(body).not.toContain(`"msgid":"${msgid}"`)
})

it('never takes an error labelled as an image for an image', async () => {
  await world.fault(codePath, { type: 'json-as-image', errcode: 41030 }, { times: 1 })
  const error = await failure(world.client.getUnlimitedCode({ scene: 'i=abc', page: 'pages/home/index' }))
  expect(error).toMatchObject({ errcode: 41030, class: 'config' })
  const { image } = await world.client.getUnlimitedCode({ scene: 'i=abc', page: 'pages/home/index' })
  expect(image[0]).toBe(0x89)
})

it('does not take JSON that reports success for an image either', async () => {
  await world.fault(codePath, { type: 'errcode', errcode: 0 })
  const error = await failure(world.client.getUnlimitedCode({ scene: 'i=abc' }))
  expect(error).toMatchObject({ errcode: null, class: 'unknown', path: codePath })
})

it('refuses a burst and then lets calls pass again', async () => {
  await world.fault(listPath, { type: 'rate-burst', count: 3 }, { times: 1 })
  for (let i = 0; i < 3; i += 1) {
    expect(await failure(world.client.listTemplates())).toMatchObject({
      errcode: 45011,
      class: 'rate',
      retry: 'next-minute',
    })
  }
  expect(await world.client.listTemplates()).not.toHaveLength(0)
})

describe('matching', () => {
  it('is by person', async () => {
    await grant('lin')
    await grant('zhou')
    await world.fault(sendPath, { type: 'errcode', errcode: 43107 }, { match: { openid: openidFor('zhou') } })
    await send('lin')
    expect(await failure(send('zhou'))).toMatchObject({ errcode: 43107 })
  })

  it('finds the person behind a login code', async () => {
    await world.fault('/sns/jscode2session', { type: 'errcode', errcode: -1 }, { match: { openid: openidFor('zhou') } })
    await world.client.codeToSession({ code: await world.codeFor('lin') })
    expect(await failure(world.client.codeToSession({ code: await world.codeFor('zhou') }))).toMatchObject({
      errcode: -1,
      class: 'transient',
    })
  })

  it('is by chance', async () => {
    const draws = [0.9, 0.1, 0.9]
    const chancy = await startSandbox({ sandbox: { random: () => draws.shift() ?? 1 } })
    try {
      await chancy.fault(listPath, { type: 'errcode', errcode: 48001 }, { match: { probability: 0.5 } })
      await chancy.client.listTemplates()
      expect(await failure(chancy.client.listTemplates())).toMatchObject({ errcode: 48001 })
      await chancy.client.listTemplates()
    } finally {
      await chancy.close()
    }
  })

  it('ends when the rule is deleted, and with a reset of everything', async () => {
    const { id } = await world.fault(listPath, { type: 'errcode', errcode: 50002 })
    expect(await failure(world.client.listTemplates())).toMatchObject({ errcode: 50002 })
    await fetch(`${world.base}/__control/faults?id=${id}`, { method: 'DELETE' })
    await world.client.listTemplates()
    await world.fault(listPath, { type: 'errcode', errcode: 50002 })
    await grant()
    await world.control('reset', {})
    await world.client.listTemplates()
    expect(await failure(send())).toMatchObject({ errcode: 43101 })
  })
})
