import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { checkHook } from '../../server/integrations/webhook/sender'
import type { Message } from '../../server/messages/entity'
import { queueHooks, sendDue } from '../../server/messages/service'
import { addMembers, ownerToken, rows, tokenOf } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { afresh } from './support'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

interface Got {
  path: string
  delivery: string
  signature: string
  body: string
}

describeEachDatabase('webhooks and WeCom robots', (database) => {
  let server: TestServer
  let got: Got[]
  /** What the receiver answers, in turn; the last one for ever. */
  let answers: { status?: number; body?: string; headers?: Record<string, string>; silent?: boolean }[]
  let address: string
  let made = 0
  const receiver = createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const h = req.headers
    got.push({
      path: req.url ?? '',
      delivery: String(h['huiyuan-delivery']),
      signature: String(h['huiyuan-signature'] ?? ''),
      body: Buffer.concat(chunks).toString(),
    })
    const answer = answers.length > 1 ? answers.shift() : answers[0]
    if (answer?.silent) return void req.socket.destroy()
    res.writeHead(answer?.status ?? 200, answer?.headers).end(answer?.body ?? '')
  })
  beforeAll(async () => {
    await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
    address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
    server = await startServer({ database, env: { LOG_LEVEL: 'warn' } })
    await addMembers(server, [{ id: 'lin' }])
    await ownerToken(server)
  })
  afterAll(async () => {
    receiver.closeAllConnections()
    await new Promise((done) => receiver.close(done))
    await server.stop()
  })
  beforeEach(async () => {
    await afresh(server)
    got = []
    answers = [{}]
  })

  const owner = () => tokenOf(server, 'operator', 'owner')
  const endpoint = async (channel: 'webhook' | 'wecom', path = '/in', idempotencyKey?: string) => {
    const as = await owner()
    const body = { channel, name: '会员系统', url: `${address}${path}` }
    const answer = await server.call('POST /admin/message-endpoints', body, { as, idempotencyKey })
    expect(answer.status).toBe(200)
    return answer.body
  }
  const queue = (endpointId: string, channel: 'webhook' | 'wecom', text: string): Promise<void> =>
    server.deps.db.tx(async (tx) =>
      queueHooks(
        tx,
        [
          {
            endpointId,
            channel,
            memberId: 'lin',
            title: '新消费',
            text,
            dedupeKey: `hook:${++made}`,
            source: 'journey:test',
            sourceRef: null,
          },
        ],
        server.clock.now(),
      ),
    )
  const send = () => sendDue(server.deps, { limit: 100 })
  const outbox = () => rows<Message>(server, 'SELECT * FROM message ORDER BY id')
  const states = async () => (await outbox()).map((m) => `${m.status}${m.reason ? ` ${m.reason}` : ''}`)

  describe('webhook', () => {
    test('signed so that the receiver can check it, under the message’s own number', async () => {
      const { id, secret } = await endpoint('webhook')
      await queue(id, 'webhook', '{"event":"purchase","member":"lin"}')
      await send()
      const [message] = await outbox()
      expect([message.status, got.length, got[0].delivery]).toEqual(['sent', 1, message.id])
      const { signature: header, body } = got[0]
      const given = { secret: secret ?? '', header, deliveryId: message.id, body }
      const nowSeconds = server.clock.now() / 1000
      expect(checkHook({ ...given, nowSeconds })).toBe(true)
      expect(checkHook({ ...given, nowSeconds: nowSeconds + 301 })).toBe(false)
      expect(checkHook({ ...given, nowSeconds, body: '{}' })).toBe(false)
      expect(JSON.parse(body)).toEqual({ event: 'purchase', member: 'lin' })
    })

    test('told until its system is back, each time later, signed anew, under the same number; given up after a day', async () => {
      const { id, secret } = await endpoint('webhook')
      answers = [{ status: 503 }]
      await queue(id, 'webhook', '{}')
      const begun = server.clock.now()
      const at: number[] = []
      for (let tries = 0; tries < 12; tries++) {
        await send()
        const [message] = await outbox()
        if (message.status !== 'pending') break
        expect(message.reason).toBe('http:503')
        at.push(message.nextAttemptAt - begun)
        await send()
        server.clock.set(message.nextAttemptAt)
      }
      expect(at).toEqual([
        10 * second,
        70 * second,
        370 * second,
        370 * second + 30 * minute,
        370 * second + 150 * minute,
        370 * second + 150 * minute + 6 * hour,
        370 * second + 150 * minute + 18 * hour,
      ])
      expect([await states(), got.length]).toEqual([['failed http:503'], 8])
      expect(new Set(got.map((g) => g.delivery)).size).toBe(1)
      expect(new Set(got.map((g) => g.signature)).size).toBe(8)
      const last = { secret: secret ?? '', header: got[7].signature, deliveryId: got[7].delivery, body: '{}' }
      expect(checkHook({ ...last, nowSeconds: server.clock.now() / 1000 })).toBe(true)
    })

    test.each<[string, Got['path'], object, string]>([
      ['an answer that never comes is told again', '/cut', { silent: true }, 'pending http:no_answer'],
      ['429 is told again', '/429', { status: 429 }, 'pending http:429'],
      ['404 is not', '/404', { status: 404 }, 'failed http:404'],
      ['a redirect is not followed', '/302', { status: 302, headers: { Location: '/elsewhere' } }, 'failed http:302'],
    ])('%s', async (_, path, answer, state) => {
      const { id } = await endpoint('webhook', path)
      answers = [answer, {}]
      await queue(id, 'webhook', '{}')
      await send()
      expect([await states(), got.map((g) => g.path)]).toEqual([[state], [path]])
      server.clock.advance(11 * second)
      await send()
      expect(await states()).toEqual([state.startsWith('pending') ? 'sent' : state])
    })

    test('a sender that died in the middle: told again under the same number', async () => {
      const { id } = await endpoint('webhook')
      await queue(id, 'webhook', '{}')
      const until = server.clock.now() + minute
      await server.deps.db.tx(async (tx) =>
        tx.write("UPDATE message SET status = 'sending', claimedBy = 'dead', leaseUntil = ?", [until]),
      )
      await send()
      expect(got).toHaveLength(0)
      server.clock.advance(2 * minute)
      await send()
      const [message] = await outbox()
      expect([message.status, got.map((g) => g.delivery)]).toEqual(['sent', [message.id]])
    })

    test('an address that is switched off: skipped, with the reason; its address and secret are never shown again', async () => {
      const key = 'same-key-for-endpoint'
      const first = await endpoint('webhook', '/secret?key=hidden', key)
      const again = await endpoint('webhook', '/secret?key=hidden', key)
      expect(again).toEqual(first)
      const as = await owner()
      const listed = await server.call('GET /admin/message-endpoints', {}, { as })
      expect(listed.body.items).toHaveLength(1)
      expect(JSON.stringify(listed.body)).not.toMatch(/hidden/)
      expect(JSON.stringify(listed.body)).not.toContain(first.secret)
      const stored = await rows(server, 'SELECT * FROM message_endpoint')
      expect(JSON.stringify(stored)).not.toMatch(/hidden/)
      expect(JSON.stringify(await rows(server, 'SELECT response FROM idempotency'))).not.toContain(first.secret)
      expect(JSON.stringify(await rows(server, 'SELECT detail FROM audit'))).not.toMatch(/hidden/)
      await queue(first.id, 'webhook', '{}')
      const off = { endpointId: first.id, active: false }
      expect((await server.call('PUT /admin/message-endpoints/:endpointId', off, { as })).body.active).toBe(false)
      await send()
      expect([await states(), got]).toEqual([['skipped endpoint_off'], []])
      const missing = { endpointId: 'nobody', active: true }
      expect((await server.call('PUT /admin/message-endpoints/:endpointId', missing, { as })).status).toBe(404)
    })

    test('an address that cannot be one is refused', async () => {
      const as = await owner()
      for (const url of ['http://user:pass@127.0.0.1/', 'https://'])
        expect(
          (await server.call('POST /admin/message-endpoints', { channel: 'webhook', name: '坏', url }, { as })).status,
        ).toBe(400)
      expect(await rows(server, 'SELECT id FROM message_endpoint')).toEqual([])
    })
  })

  describe('replay', () => {
    const replay = async (messageId: string, more: { as?: string; idempotencyKey?: string } = {}) =>
      server.call('POST /admin/messages/:messageId/replays', { messageId }, { as: await owner(), ...more })

    test('a delivered webhook is told again under its number, whatever it had become, and the audit knows who asked', async () => {
      const { id } = await endpoint('webhook')
      await queue(id, 'webhook', '{"n":1}')
      await send()
      const [{ id: messageId }] = await outbox()
      const key = 'replay-once-please'
      const first = await replay(messageId, { idempotencyKey: key })
      expect([first.status, first.body]).toEqual([200, { id: messageId, status: 'pending' }])
      await send()
      // The same click repeated is answered as before and tells nothing a third time.
      expect((await replay(messageId, { idempotencyKey: key })).body).toEqual(first.body)
      await send()
      expect(got.map((g) => [g.delivery, g.body])).toEqual(Array(2).fill([messageId, '{"n":1}']))
      const audit = await rows(server, "SELECT operatorId, subjectId FROM audit WHERE action LIKE '%replays'")
      expect(audit).toEqual([{ operatorId: 'owner', subjectId: messageId }])
    })

    test('a crowd of clicks: told once more', async () => {
      const { id } = await endpoint('webhook')
      await queue(id, 'webhook', '{}')
      await send()
      const [{ id: messageId }] = await outbox()
      const answered = await Promise.all(Array.from({ length: 8 }, () => replay(messageId)))
      expect(answered.map((a) => a.status).sort()).toEqual([200, ...Array(7).fill(409)])
      await send()
      expect(got).toHaveLength(2)
    })

    test('what waits already, what is no webhook and what does not exist is refused', async () => {
      const { id } = await endpoint('webhook')
      const robot = await endpoint('wecom', '/robot')
      answers = [{ body: '{"errcode":0}' }]
      await queue(robot.id, 'wecom', '有人投诉')
      await send()
      await queue(id, 'webhook', '{}')
      const [wecom, waiting] = await outbox()
      expect([(await replay(wecom.id)).error?.code, (await replay(waiting.id)).error?.code]).toEqual(
        Array(2).fill('message_not_replayable'),
      )
      expect((await replay('nothing')).error?.code).toBe('message_not_found')
    })
  })

  describe('WeCom robot', () => {
    const ok = { body: '{"errcode":0,"errmsg":"ok"}' }
    test('says the text, and each robot has its own minute', async () => {
      answers = [ok]
      const robots = [await endpoint('wecom', '/a'), await endpoint('wecom', '/b')]
      for (let i = 0; i < 30; i++) for (const { id } of robots) await queue(id, 'wecom', `第 ${i} 条`)
      const sentTo = (path: string): number => got.filter((g) => g.path === path).length
      await Promise.all(Array.from({ length: 3 }, send))
      expect([sentTo('/a'), sentTo('/b')]).toEqual([18, 18])
      expect((await states()).filter((s) => s === 'pending rate')).toHaveLength(24)
      await send()
      expect(got).toHaveLength(36)
      server.clock.advance(minute)
      await send()
      expect([sentTo('/a'), sentTo('/b'), new Set(await states())]).toEqual([30, 30, new Set(['sent'])])
      expect(new Set(got.map((g) => g.delivery)).size).toBe(60)
      expect(JSON.parse(got[0].body)).toMatchObject({
        msgtype: 'text',
        text: { content: expect.stringContaining('第') },
      })
    })

    test('45009 stops this robot until the next minute, and no other', async () => {
      answers = [{ body: '{"errcode":45009,"errmsg":"api freq out of limit"}' }, ok]
      const first = await endpoint('wecom', '/a')
      await queue(first.id, 'wecom', '一')
      await queue(first.id, 'wecom', '二')
      const second = await endpoint('wecom', '/b')
      await queue(second.id, 'wecom', '三')
      await send()
      const waiting = (await outbox()).filter((m) => m.status === 'pending')
      // Whichever robot was asked first was told to stop; its messages wait, and nothing of the other's does.
      expect(new Set(waiting.map((m) => m.endpointId)).size).toBe(1)
      expect(waiting.every((m) => m.reason === 'wecom:45009' && m.nextAttemptAt % minute === 0)).toBe(true)
      server.clock.set(waiting[0].nextAttemptAt)
      await send()
      expect([await states(), got.length]).toEqual([['sent', 'sent', 'sent'], 4])
    })

    test.each<[string, object, string, number]>([
      [
        '93000: the key is no longer good',
        { body: '{"errcode":93000,"errmsg":"invalid webhook url"}' },
        'failed wecom:93000',
        1,
      ],
      ['500: perhaps said, not said again', { status: 500, body: '<html>' }, 'unknown wecom:500', 1],
      ['no answer: perhaps said, not said again', { silent: true }, 'unknown no_answer', 1],
      ['-1: busy, tried again', { body: '{"errcode":-1,"errmsg":"busy"}' }, 'pending wecom:-1', 2],
    ])('%s', async (_, answer, state, tries) => {
      answers = [answer, ok]
      const { id } = await endpoint('wecom', '/a')
      await queue(id, 'wecom', '有人投诉')
      await send()
      expect(await states()).toEqual([state])
      server.clock.advance(10 * minute)
      await send()
      expect([await states(), got.length]).toEqual([[tries === 2 ? 'sent' : state], tries])
    })
  })
})
