import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type DeliveryError, isDeliveryError } from '../../../server/integrations/delivery'
import { hookProblem, isInner, type Resolve } from '../../../server/integrations/webhook/addresses'
import { checkHook, createHookSender, signHook } from '../../../server/integrations/webhook/sender'
import { closedPort } from '../wechat/support'

const nowMs = Date.UTC(2026, 10, 22, 2, 0, 0)
const now = () => nowMs

const failure = async (promise: Promise<unknown>): Promise<DeliveryError> => {
  const error = await promise.then(
    () => new Error('expected a refusal'),
    (reason: unknown) => reason,
  )
  if (!isDeliveryError(error)) throw error
  return error
}

interface Got {
  method: string
  path: string
  host: string
  delivery: string
  signature: string
  type: string
  body: string
}
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})
/** A receiver on this machine that notes what it gets. */
const receiver = async (answer: (req: IncomingMessage, res: ServerResponse) => void) => {
  const got: Got[] = []
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const h = req.headers
    got.push({
      method: req.method ?? '',
      path: req.url ?? '',
      host: h.host ?? '',
      delivery: String(h['huiyuan-delivery']),
      signature: String(h['huiyuan-signature'] ?? ''),
      type: String(h['content-type']),
      body: Buffer.concat(chunks).toString(),
    })
    answer(req, res)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closers.push(
    () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  )
  return { got, port: (server.address() as AddressInfo).port }
}
const call = { secret: 's3cret', deliveryId: 'd1', body: '{"hello":"世界"}' }

describe('what is sent', () => {
  test('JSON with the delivery’s name and a signature that the receiver can check', async () => {
    const { got, port } = await receiver((_, res) => res.end('thanks'))
    const hooks = createHookSender({ now, production: false })
    expect(await hooks.post({ ...call, url: `http://127.0.0.1:${port}/in?x=1` })).toEqual({
      status: 200,
      text: 'thanks',
    })
    expect(got).toMatchObject([
      { method: 'POST', path: '/in?x=1', delivery: 'd1', type: 'application/json; charset=utf-8', body: call.body },
    ])
    const given = { secret: 's3cret', header: got[0].signature, deliveryId: 'd1', body: got[0].body }
    const seconds = nowMs / 1000
    expect(checkHook({ ...given, nowSeconds: seconds })).toBe(true)
    // Clocks may differ by five minutes either way, not by more.
    expect(checkHook({ ...given, nowSeconds: seconds + 300 })).toBe(true)
    expect(checkHook({ ...given, nowSeconds: seconds - 300 })).toBe(true)
    expect(checkHook({ ...given, nowSeconds: seconds + 301 })).toBe(false)
    expect(checkHook({ ...given, nowSeconds: seconds - 301 })).toBe(false)
    for (const other of [
      { secret: 'guess' },
      { deliveryId: 'd2' },
      { body: `${got[0].body} ` },
      { header: got[0].signature.replace(/t=\d+/, `t=${seconds + 1}`) },
      { header: got[0].signature.slice(0, -1) },
      { header: '' },
      { header: `${got[0].signature},v1=${'0'.repeat(64)}` },
    ])
      expect(checkHook({ ...given, nowSeconds: seconds, ...other })).toBe(false)
  })

  test('the signature is HMAC-SHA256 over time, id and body, as any language can compute it', () => {
    // printf '1.d1.{}' | openssl dgst -sha256 -hmac key
    expect(signHook('key', 1, 'd1', '{}')).toBe(
      't=1,v1=4e0bef955531f2458f73e4c10e5cb035a45cdd3069d70d390a8513639966923f',
    )
  })

  test('an address without a secret of its own is not signed', async () => {
    const { got, port } = await receiver((_, res) => res.end())
    await createHookSender({ now, production: false }).post({ ...call, secret: '', url: `http://127.0.0.1:${port}/` })
    expect(got[0].signature).toBe('')
  })
})

describe('what comes back', () => {
  const post = (port: number, timeoutMs = 8000) =>
    createHookSender({ now, production: false, timeoutMs }).post({ ...call, url: `http://127.0.0.1:${port}/` })

  test('a redirect is an answer, and nobody goes there', async () => {
    const elsewhere = await receiver((_, res) => res.end('never'))
    for (const status of [301, 302, 307, 308]) {
      const { port } = await receiver((_, res) =>
        res.writeHead(status, { Location: `http://127.0.0.1:${elsewhere.port}/` }).end(),
      )
      expect(await post(port)).toMatchObject({ status })
    }
    expect(elsewhere.got).toEqual([])
  })

  test('of a long answer only the beginning is read', async () => {
    let sent = 0
    const { port } = await receiver((_, res) => {
      const more = (): void => {
        while (!res.destroyed && sent < 200_000_000) {
          sent += 65_536
          if (!res.write(Buffer.alloc(65_536, 'x'))) return void res.once('drain', more)
        }
      }
      more()
    })
    const { status, text } = await post(port)
    expect([status, text.length]).toEqual([200, 16 * 1024])
    // What lies in the buffers of two sockets, not 200 MB.
    expect(sent).toBeLessThan(20_000_000)
  })

  test('an answer that never ends counts by its status', async () => {
    const { port } = await receiver((_, res) => void res.writeHead(202).write('and '))
    expect(await post(port, 300)).toEqual({ status: 202, text: 'and ' })
  })

  test('silence is unclear, a closed door is certain', async () => {
    const { got, port } = await receiver(() => undefined)
    expect(await failure(post(port, 300))).toMatchObject({ class: 'unknown', code: null })
    expect(got).toHaveLength(1)
    const cut = await receiver((req) => req.socket.destroy())
    expect(await failure(post(cut.port))).toMatchObject({ class: 'unknown' })
    expect(await failure(post(Number(new URL(await closedPort()).port)))).toMatchObject({ class: 'transient' })
  })
})

describe('addresses of the own network', () => {
  test.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'ff02::1',
    'no address',
  ])('%s is inner', (address) => expect(isInner(address)).toBe(true))
  test.each(['8.8.8.8', '100.63.255.255', '172.15.0.1', '172.32.0.1', '192.167.1.1', '2606:4700::1111', '240e::1'])(
    '%s is public',
    (address) => expect(isInner(address)).toBe(false),
  )

  test.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://017700000001/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://localhost/',
    'https://localhost./',
    'https://a.localhost/',
    'https://metadata.google.internal/',
    'https://printer.local/',
    'https://intranet/',
    'https://user:pass@example.com/',
    'http://example.com/',
    'ftp://example.com/',
    'nonsense',
  ])('production refuses %s', async (url) => {
    expect(hookProblem(url, true)).toMatch(/[\u4e00-\u9fff]/)
    const error = await failure(createHookSender({ now, production: true }).post({ ...call, url }))
    expect(error).toMatchObject({ class: 'config', code: 'refused_address' })
  })
  test('a public https address passes, off production http and this machine too', () => {
    expect(hookProblem('https://hook.example.com/a?b=c', true)).toBeNull()
    expect(hookProblem('https://8.8.8.8/', true)).toBeNull()
    expect(hookProblem('http://127.0.0.1:3000/', false)).toBeNull()
    expect(hookProblem('file:///etc/passwd', false)).not.toBeNull()
  })

  const resolvingTo =
    (...addresses: string[]): Resolve =>
    (_, __, done) =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )

  test('a public name that leads inside is refused before anybody is called, also when only one of its addresses does', async () => {
    const { got, port } = await receiver((_, res) => res.end())
    const url = `https://hook.example.com:${port}/`
    for (const addresses of [['127.0.0.1'], ['::ffff:127.0.0.1'], ['8.8.8.8', '127.0.0.1'], []]) {
      const hooks = createHookSender({ now, production: true, resolve: resolvingTo(...addresses) })
      expect(await failure(hooks.post({ ...call, url }))).toMatchObject({ class: 'config', code: 'refused_address' })
    }
    expect(got).toEqual([])
  })

  test('the address that was looked at is the one that is called: the name is asked for once', async () => {
    const { got, port } = await receiver((_, res) => res.end())
    let asked = 0
    const resolve: Resolve = (_, __, done) => {
      asked += 1
      done(null, [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }])
    }
    const hooks = createHookSender({ now, production: false, resolve })
    await hooks.post({ ...call, url: `http://hook.example.com:${port}/` })
    expect([asked, got[0].host]).toEqual([1, `hook.example.com:${port}`])
  })

  test('a name that nobody knows is tried again', async () => {
    const unknown: Resolve = (_, __, done) => done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), [])
    const hooks = createHookSender({ now, production: true, resolve: unknown })
    expect(await failure(hooks.post({ ...call, url: 'https://hook.example.com/' }))).toMatchObject({
      class: 'transient',
    })
  })
})
