import { createSmtpEmail } from '../../server/integrations/email/sender'
import { sendDue } from '../../server/messages/service'
import { addMembers, ownerToken, rows, tokenOf } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { type Mail, refusal, startMailServer } from '../support/smtp'
import { afresh, fates, offer, prefer, reachable, scheduled } from './support'

const minute = 60_000
const from = '拾光生活馆 <care@shop.example>'

describeEachDatabase('e-mail', (database) => {
  let server: TestServer
  let mailbox: Awaited<ReturnType<typeof startMailServer>>
  /** What the mail server says to whom; nothing: it takes the mail. */
  let says: { rcpt?: Error; data?: Error | 'silence'; auth?: boolean }
  beforeAll(async () => {
    server = await startServer({ database, env: { LOG_LEVEL: 'warn' } })
    await addMembers(server, [{ id: 'lin' }, { id: 'zhou' }])
    await ownerToken(server)
    mailbox = await startMailServer({
      closeTimeout: 50,
      onAuth: (auth, _, done) => (auth.password === 'right' ? done(null, { user: 'shop' }) : done(new Error('no'))),
      onRcptTo: (_, __, done) => done(says.rcpt),
      accept: (_, done) => (says.data === 'silence' ? undefined : done(says.data ?? null)),
    })
  })
  afterAll(async () => {
    await mailbox.close()
    await server.stop()
  })
  const letIn = (password: string): void => {
    const url = `smtp://shop:${password}@127.0.0.1:${mailbox.port}`
    server.deps.email = createSmtpEmail({ url, from, timeoutMs: 400 })
  }
  beforeEach(async () => {
    await afresh(server)
    mailbox.mails.length = 0
    says = {}
    letIn('right')
  })
  const send = () => sendDue(server.deps, { limit: 50 })
  const mailed = (): Mail[] => mailbox.mails

  describe('offers', () => {
    const queue = async (more: Parameters<typeof offer>[1] = {}): Promise<void> => {
      await reachable(server, 'lin', '13800000001', 'lin@example.com')
      await prefer(server, 'lin', { 'channel:email': true })
      await scheduled(server, [offer('lin', { channels: ['email'], ...more })])
    }

    test('a mail goes out once, with its subject and text filled in', async () => {
      await queue()
      await send()
      await send()
      expect(await fates(server, 'lin')).toEqual(['email sent'])
      expect(mailed().map((m) => [m.to, m.text])).toEqual([[['lin@example.com'], '林晓雨，会员日到了。']])
      const [{ externalId, id }] = await rows<{ externalId: string; id: string }>(server, 'SELECT * FROM message')
      expect(externalId).toBe(`<${id}@shop.example>`)
    })

    test('a name that would like to be a header stays in the subject', async () => {
      await queue({ places: { name: '林\r\nBcc: victim@example.com\r\n' } })
      await send()
      const [mail] = mailed()
      expect([mail.to, mail.headers.filter((h) => /^bcc:/i.test(h))]).toEqual([['lin@example.com'], []])
    })

    test('4xx is tried again and arrives once', async () => {
      says = { rcpt: refusal(450) }
      await queue()
      await send()
      expect(await fates(server, 'lin')).toEqual(['email pending email:450'])
      says = {}
      server.clock.advance(minute)
      await send()
      expect([await fates(server, 'lin'), mailed().length]).toEqual([['email sent'], 1])
    })

    test('4xx for ever is given up after six tries and lies among the dead letters', async () => {
      says = { data: refusal(451) }
      await queue()
      for (let tries = 0; tries < 10; tries++) {
        await send()
        server.clock.advance(11 * minute)
      }
      expect(await fates(server, 'lin')).toEqual(['email failed email:451'])
      expect(mailed()).toHaveLength(6)
      const as = await tokenOf(server, 'operator', 'owner')
      const { body } = await server.call('GET /admin/dead-letters', { channel: 'email' }, { as })
      expect(body.items).toMatchObject([
        { memberId: 'lin', reason: 'email:451', why: '邮件服务器拒绝：451', attempts: 6 },
      ])
    })

    test('5xx is not tried again', async () => {
      says = { rcpt: refusal(550) }
      await queue({ channels: ['email', 'inbox'] })
      await send()
      says = {}
      server.clock.advance(60 * minute)
      await send()
      expect([await fates(server, 'lin'), mailed()]).toEqual([['email failed email:550', 'inbox sent'], []])
    })

    test('no answer to the message: perhaps there, so not sent again, and no other channel says it twice', async () => {
      says = { data: 'silence' }
      await queue({ channels: ['email', 'inbox'] })
      await send()
      says = {}
      server.clock.advance(60 * minute)
      await send()
      expect([await fates(server, 'lin'), mailed().length]).toEqual([['email unknown no_answer'], 1])
    })

    test('a mail server that does not let the shop in: nothing is lost, nothing is hammered, all go once it does', async () => {
      letIn('wrong')
      for (let i = 0; i < 3; i++) await queue({ topic: 'service' })
      await send()
      expect(await fates(server, 'lin')).toEqual(Array(3).fill('email pending email:535'))
      letIn('right')
      await send()
      expect(mailed()).toEqual([])
      server.clock.advance(10 * minute)
      await send()
      expect([await fates(server, 'lin'), mailed().length]).toEqual([Array(3).fill('email sent'), 3])
    })

    test('a mail server that is down is tried again', async () => {
      const up = server.deps.email
      server.deps.email = createSmtpEmail({ url: 'smtp://127.0.0.1:1', from, timeoutMs: 400 })
      await queue()
      await send()
      expect(await fates(server, 'lin')).toEqual(['email pending unreachable'])
      server.deps.email = up
      server.clock.advance(minute)
      await send()
      expect(await fates(server, 'lin')).toEqual(['email sent'])
    })

    test('production without a mail server does not pretend', async () => {
      await queue()
      const { env } = server.deps
      server.deps.env = { ...env, NODE_ENV: 'production', SMTP_URL: '' }
      await send()
      server.deps.env = env
      expect([await fates(server, 'lin'), mailed()]).toEqual([['email failed email:not_set_up'], []])
    })
  })

  describe('an address is used once its owner has confirmed it', () => {
    const code = (n = 0): string => /确认码是 (\d{6})/.exec(mailed()[n]?.text ?? '')?.[1] ?? ''
    const ask = async (memberId: string, email: string, idempotencyKey?: string) =>
      server.call('POST /me/email', { email }, { as: await tokenOf(server, 'member', memberId), idempotencyKey })
    const confirm = async (memberId: string, typed: string, idempotencyKey?: string) =>
      server.call(
        'POST /me/email/confirm',
        { code: typed },
        { as: await tokenOf(server, 'member', memberId), idempotencyKey },
      )
    const shown = async (memberId: string) =>
      (await server.call('GET /me/message-preferences', {}, { as: await tokenOf(server, 'member', memberId) })).body
        .email
    const wrong = (right: string): string => String((Number(right) + 1) % 1_000_000).padStart(6, '0')

    test('asked, mailed, typed in: confirmed; before that nothing goes there', async () => {
      expect((await ask('lin', 'Lin@Example.com')).status).toBe(200)
      expect(await shown('lin')).toEqual({ masked: 'Li***@Example.com', confirmed: false })
      await prefer(server, 'lin', { 'channel:email': true })
      await scheduled(server, [offer('lin', { channels: ['email'] })])
      expect(await fates(server, 'lin')).toEqual(['email skipped no_email'])
      expect((await confirm('lin', code())).status).toBe(200)
      expect(await shown('lin')).toEqual({ masked: 'Li***@Example.com', confirmed: true })
      const stored = await rows(server, 'SELECT * FROM message_contact')
      expect(JSON.stringify(stored).toLowerCase()).not.toContain('lin@example.com')
      expect(JSON.stringify(stored)).not.toContain(code())
      await scheduled(server, [offer('lin', { channels: ['email'] })])
      await send()
      expect(mailed()[1].to).toEqual(['Lin@Example.com'])
    })

    test('a code that was used, that is old, that was replaced or that is somebody else’s is none', async () => {
      await ask('lin', 'lin@example.com')
      expect((await confirm('zhou', code())).error?.code).toBe('email_code_wrong')
      server.clock.advance(minute)
      await ask('zhou', 'zhou@example.com')
      expect((await confirm('zhou', code(0) === code(1) ? wrong(code(1)) : code(0))).error?.code).toBe(
        'email_code_wrong',
      )
      server.clock.advance(14 * minute + 1)
      expect((await confirm('lin', code(0))).error?.code).toBe('email_code_wrong')
      expect((await confirm('zhou', code(1))).status).toBe(200)
      expect((await confirm('zhou', code(1))).error?.code).toBe('email_code_wrong')
      await ask('lin', 'lin@example.com')
      server.clock.advance(minute)
      await ask('lin', 'lin@example.com')
      const [older, newer] = [code(2), code(3)]
      if (older !== newer) expect((await confirm('lin', older)).error?.code).toBe('email_code_wrong')
      expect((await confirm('lin', newer)).status).toBe(200)
    })

    test('five wrong tries, one after the other or at once, end a code', async () => {
      await ask('lin', 'lin@example.com')
      const tries = await Promise.all(Array.from({ length: 8 }, () => confirm('lin', wrong(code()))))
      expect(tries.map((t) => t.error?.code)).toEqual(Array(8).fill('email_code_wrong'))
      expect((await confirm('lin', code())).error?.code).toBe('email_code_wrong')
      expect(await shown('lin')).toMatchObject({ confirmed: false })
      expect(await rows(server, 'SELECT attempts FROM message_contact')).toEqual([{ attempts: 5 }])
    })

    test('the same request again sends no second mail; nor does a crowd', async () => {
      const key = 'mail-me-a-code'
      const first = await ask('lin', 'lin@example.com', key)
      expect((await ask('lin', 'lin@example.com', key)).body).toEqual(first.body)
      expect(mailed()).toHaveLength(1)
      expect((await ask('lin', 'lin@example.com')).error?.code).toBe('too_many_requests')
      server.clock.advance(minute)
      const crowd = await Promise.all(Array.from({ length: 8 }, () => ask('lin', 'lin@example.com')))
      expect(crowd.map((c) => c.status).sort()).toEqual([200, ...Array(7).fill(429)])
      expect(mailed()).toHaveLength(2)
      expect((await confirm('lin', code(1))).status).toBe(200)
    })

    test('a stranger’s mailbox gets five codes a day, whoever asks', async () => {
      for (let i = 0; i < 8; i++) {
        await ask(i % 2 ? 'lin' : 'zhou', 'victim@example.com')
        server.clock.advance(minute)
      }
      expect(mailed()).toHaveLength(5)
      server.clock.advance(24 * 60 * minute)
      expect((await ask('lin', 'victim@example.com')).status).toBe(200)
    })

    test('a mail that cannot go out is said to the member, and no address is kept', async () => {
      says = { rcpt: refusal(550) }
      const { status, error } = await ask('lin', 'lin@example.com')
      expect([status, error?.code]).toEqual([502, 'email_unavailable'])
      expect(await shown('lin')).toBeNull()
    })

    test.each([
      'lin',
      'lin@example',
      'lin@example.com, victim@example.com',
      'a,b@example.com',
      'x<victim@example.com>',
      'lin@example.com\r\nBcc: victim@example.com',
      'lin @example.com',
      '"a b"@example.com',
      'lin@-',
    ])('%j is no address', async (email) => {
      expect((await ask('lin', email)).status).toBe(400)
      expect(mailed()).toEqual([])
    })
  })
})
