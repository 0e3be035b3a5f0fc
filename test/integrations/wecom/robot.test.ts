import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type DeliveryError, isDeliveryError } from '../../../server/integrations/delivery'
import { createHookSender } from '../../../server/integrations/webhook/sender'
import { robotBody, sayInWecom } from '../../../server/integrations/wecom/robot'
import { closedPort } from '../wechat/support'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})
const hooks = createHookSender({ now: () => 0, production: false, timeoutMs: 300 })

/** A robot on this machine. */
const robot = async (answer: (res: ServerResponse) => void) => {
  const got: { path: string; body: unknown; signature: unknown }[] = []
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString())
    got.push({ path: req.url ?? '', body, signature: req.headers['huiyuan-signature'] })
    answer(res)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closers.push(
    () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  )
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cgi-bin/webhook/send?key=k` }
}
const say = (url: string, text = '有人投诉') => sayInWecom(hooks, { url, deliveryId: 'd', text })
const failure = async (promise: Promise<unknown>): Promise<DeliveryError> => {
  const error = await promise.then(
    () => new Error('expected a refusal'),
    (reason: unknown) => reason,
  )
  if (!isDeliveryError(error)) throw error
  return error
}

test('a text arrives, unsigned, at the address that holds the key', async () => {
  const { got, url } = await robot((res) => res.end('{"errcode":0,"errmsg":"ok"}'))
  await say(url)
  expect(got).toEqual([
    {
      path: '/cgi-bin/webhook/send?key=k',
      body: { msgtype: 'text', text: { content: '有人投诉' } },
      signature: undefined,
    },
  ])
})

test('a text is cut to 2,048 bytes at a whole character', () => {
  const contentOf = (text: string): string => JSON.parse(robotBody(text)).text.content
  expect(contentOf('a'.repeat(2048))).toHaveLength(2048)
  expect(contentOf('a'.repeat(5000))).toHaveLength(2048)
  expect(contentOf('惠'.repeat(1000))).toBe('惠'.repeat(682))
  expect(contentOf(`ab${'\u{1f382}'.repeat(600)}`)).toBe(`ab${'\u{1f382}'.repeat(511)}`)
})

test.each<[string, (res: ServerResponse) => void, string, string]>([
  [
    '45009, 20 a minute are said',
    (res) => res.end('{"errcode":45009,"errmsg":"api freq out of limit"}'),
    'rate',
    '45009',
  ],
  ['130101, its older number', (res) => res.end('{"errcode":130101,"errmsg":"freq"}'), 'rate', '130101'],
  [
    '93000, the key is no longer good',
    (res) => res.end('{"errcode":93000,"errmsg":"invalid webhook url"}'),
    'config',
    '93000',
  ],
  ['-1, busy', (res) => res.end('{"errcode":-1,"errmsg":"system busy"}'), 'transient', '-1'],
  ['40058, the text is wrong', (res) => res.end('{"errcode":40058,"errmsg":"content"}'), 'content', '40058'],
  ['HTTP 500', (res) => res.writeHead(500).end('<html>'), 'unknown', '500'],
  ['HTTP 404', (res) => res.writeHead(404).end('<html>'), 'config', '404'],
  ['a redirect', (res) => res.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end(), 'config', '302'],
  ['an answer cut in half', (res) => void res.writeHead(200).write('{"errcode"'), 'unknown', '200'],
])('%s', async (_, answer, kind, code) => {
  const { got, url } = await robot(answer)
  expect(await failure(say(url))).toMatchObject({ class: kind, code })
  expect(got).toHaveLength(1)
})

test('silence is unclear, a closed door is certain; the key is in no message', async () => {
  const { got, url } = await robot(() => undefined)
  const error = await failure(say(url))
  expect(error).toMatchObject({ class: 'unknown', code: null })
  expect(error.message).not.toContain('key=')
  expect(got).toHaveLength(1)
  expect(await failure(say(await closedPort()))).toMatchObject({ class: 'transient' })
})
