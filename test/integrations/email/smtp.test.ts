import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { type DeliveryError, isDeliveryError } from '../../../server/integrations/delivery'
import { createSmtpEmail } from '../../../server/integrations/email/sender'
import { refusal, startMailServer } from '../../support/smtp'
import { closedPort } from '../wechat/support'

const from = '拾光生活馆 <care@shop.example>'
const mail = {
  id: 'm1',
  to: 'lin@example.com',
  subject: '好久不见，林晓雨',
  text: '你的 1280 积分一直留着。\n\n拾光生活馆',
}

const failure = async (promise: Promise<unknown>): Promise<DeliveryError> => {
  const error = await promise.then(
    () => new Error('expected a refusal'),
    (reason: unknown) => reason,
  )
  if (!isDeliveryError(error)) throw error
  return error
}
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})
const mailServer = async (options: Parameters<typeof startMailServer>[0] = {}) => {
  const server = await startMailServer({ closeTimeout: 50, ...options })
  closers.push(server.close)
  return server
}
const header = (headers: readonly string[], name: string): string[] =>
  headers.filter((h) => h.toLowerCase().startsWith(`${name.toLowerCase()}:`))
const words = (line: string): string =>
  line
    .replace(/^[^:]+: /, '')
    .replace(/\?= =\?/g, '?==?')
    .replace(/=\?UTF-8\?B\?([^?]*)\?=/gi, (_, b64: string) => Buffer.from(b64, 'base64').toString('utf8'))
    .replace(/=\?UTF-8\?Q\?([^?]*)\?=/gi, (_, q: string) =>
      Buffer.from(
        q
          .replace(/_/g, ' ')
          .replace(/=([0-9A-F]{2})/g, (__, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      ).toString('utf8'),
    )

describe('against a real mail server', () => {
  test('a message arrives whole, from the shop, under its own number', async () => {
    const { url, mails } = await mailServer()
    expect(await createSmtpEmail({ url, from }).send(mail)).toEqual({ id: '<m1@shop.example>' })
    expect(mails).toHaveLength(1)
    const [got] = mails
    expect([got.from, got.to, got.text]).toEqual(['care@shop.example', ['lin@example.com'], mail.text])
    expect(header(got.headers, 'Message-ID')).toEqual(['Message-ID: <m1@shop.example>'])
    expect(words(header(got.headers, 'Subject')[0])).toBe(mail.subject)
    expect(words(header(got.headers, 'From')[0])).toBe(from)
    expect(header(got.headers, 'Content-Type')[0]).toContain('text/plain; charset=utf-8')
  })

  test('a line of dots, long lines and every character survive', async () => {
    const { url, mails } = await mailServer()
    const text = `.\n..two\n${'长'.repeat(1200)}\n=3D "quoted" \u{1f382}\nFrom the shop`
    await createSmtpEmail({ url, from }).send({ ...mail, text })
    expect(mails[0].text).toBe(text)
  })

  test('nothing that stands in a field becomes a header, a recipient or a command', async () => {
    const { url, mails } = await mailServer()
    const email = createSmtpEmail({ url, from })
    const evil = 'Sale\r\nBcc: victim@example.com\r\nX-Evil: 1\r\n\r\nbody'
    await email.send({ ...mail, id: 'm2', subject: evil })
    await email.send({
      ...mail,
      id: 'm3\r\nX-Evil: 1',
      text: 'Bcc: victim@example.com\r\n.\r\nRCPT TO:<victim@example.com>',
    })
    for (const got of mails) {
      expect(got.to).toEqual(['lin@example.com'])
      expect(header(got.headers, 'Bcc')).toEqual([])
      expect(header(got.headers, 'X-Evil')).toEqual([])
      expect(header(got.headers, 'To')).toHaveLength(1)
    }
    expect(mails[1].text).toContain('RCPT TO:<victim@example.com>')
    for (const to of [
      'lin@example.com\r\nRCPT TO:<victim@example.com>',
      'lin@example.com>\r\nDATA',
      'lin@example.com, victim@example.com',
      'x <victim@example.com>',
    ])
      await email.send({ ...mail, to }).catch((error: unknown) => expect(isDeliveryError(error)).toBe(true))
    for (const got of mails) expect(got.to).not.toContain('victim@example.com')
  })

  test('signing in, and not being let in', async () => {
    const { port, mails } = await mailServer({
      onAuth: (auth, _, done) =>
        auth.username === 'shop' && auth.password === 'right' ? done(null, { user: 'shop' }) : done(new Error('no')),
    })
    await createSmtpEmail({ url: `smtp://shop:right@127.0.0.1:${port}`, from }).send(mail)
    expect(mails).toHaveLength(1)
    const wrong = createSmtpEmail({ url: `smtp://shop:wrong@127.0.0.1:${port}`, from })
    const refused = await failure(wrong.send(mail))
    expect(refused).toMatchObject({ class: 'account', code: '535' })
    expect(refused.message).not.toContain('wrong')
    expect(await failure(createSmtpEmail({ url: `smtp://127.0.0.1:${port}`, from }).send(mail))).toMatchObject({
      class: 'account',
      code: '530',
    })
    expect(mails).toHaveLength(1)
  })

  test.each([
    [421, 'transient'],
    [450, 'transient'],
    [451, 'transient'],
    [452, 'transient'],
    [550, 'user'],
    [551, 'user'],
    [553, 'user'],
  ])('%i about the person is %s', async (code, kind) => {
    const { url, mails } = await mailServer({ onRcptTo: (_, __, done) => done(refusal(code)) })
    expect(await failure(createSmtpEmail({ url, from }).send(mail))).toMatchObject({ class: kind, code: String(code) })
    expect(mails).toEqual([])
  })

  test.each([
    [451, 'transient'],
    [452, 'transient'],
    [552, 'content'],
    [554, 'content'],
    [550, 'content'],
  ])('%i about the message is %s', async (code, kind) => {
    const { url } = await mailServer({ accept: (_, done) => done(refusal(code)) })
    expect(await failure(createSmtpEmail({ url, from }).send(mail))).toMatchObject({ class: kind, code: String(code) })
  })

  test('550 about the sender is a fault of the settings', async () => {
    const { url } = await mailServer({ onMailFrom: (_, __, done) => done(refusal(550)) })
    expect(await failure(createSmtpEmail({ url, from }).send(mail))).toMatchObject({ class: 'config', code: '550' })
  })

  test('an answer to the message that never comes leaves its fate unknown: the mail is there', async () => {
    const { url, mails } = await mailServer({ accept: () => undefined })
    const error = await failure(createSmtpEmail({ url, from, timeoutMs: 300 }).send(mail))
    expect(error).toMatchObject({ class: 'unknown', code: null })
    expect(mails).toHaveLength(1)
  })
})

describe('against servers that break off', () => {
  /** Speaks a script: each line is sent after one from the client; `cut` closes, `quiet` says nothing more. */
  const scripted = async (script: readonly string[]) => {
    const sockets: Socket[] = []
    const heard: string[] = []
    const server = createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => undefined)
      const lines = [...script]
      let data = false
      const say = (): void => {
        const line = lines.shift()
        if (line === 'cut') socket.destroy()
        else if (line !== undefined && line !== 'quiet') socket.write(`${line}\r\n`)
        data = line?.startsWith('354') ?? false
      }
      say()
      socket.on('data', (chunk) => {
        const text = chunk.toString()
        heard.push(text)
        if (!data || text.includes('\r\n.\r\n')) say()
      })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    closers.push(
      () =>
        new Promise((done) => {
          for (const socket of sockets) socket.destroy()
          server.close(() => done())
        }),
    )
    return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, heard }
  }
  const greeted = ['220 hi', '250 hello', '250 sender ok', '250 recipient ok']

  test.each<[string, string[], string]>([
    ['no greeting', ['quiet'], 'transient'],
    ['a line cut at the greeting', ['cut'], 'transient'],
    ['a line cut after EHLO', ['220 hi', 'cut'], 'transient'],
    ['silence after RCPT', [...greeted.slice(0, 3), 'quiet'], 'transient'],
    ['a line cut at DATA', [...greeted, 'cut'], 'transient'],
    ['a line cut after the message', [...greeted, '354 go', 'cut'], 'unknown'],
    ['silence after the message', [...greeted, '354 go', 'quiet'], 'unknown'],
  ])('%s', async (_, script, kind) => {
    const { url, heard } = await scripted(script)
    const error = await failure(createSmtpEmail({ url, from, timeoutMs: 300 }).send(mail))
    expect([error.class, error.code]).toEqual([kind, null])
    expect(heard.join('').includes('Message-ID')).toBe(kind === 'unknown')
  })

  test('a server that only keeps the line busy does not hold a sender for ever', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      const timer = setInterval(() => socket.write('2'), 20)
      socket.on('close', () => clearInterval(timer))
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    closers.push(() => new Promise((done) => server.close(() => done())))
    const url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect(await failure(createSmtpEmail({ url, from, timeoutMs: 200 }).send(mail))).toMatchObject({
      class: 'transient',
    })
  })

  test('a closed door is certain', async () => {
    const url = (await closedPort()).replace('http:', 'smtp:')
    expect(await failure(createSmtpEmail({ url, from }).send(mail))).toMatchObject({ class: 'transient', code: null })
  })
})
