import { randomUUID } from 'node:crypto'
import { pushSignature } from '../../server/integrations/wechat/push'
import { openidFor } from '../../server/integrations/wechat/sandbox/cast'
import { pushPath, pushSettings } from '../../server/messages/push'
import { sendDue } from '../../server/messages/service'
import { addMembers, ownerToken, rows, templateId, tokenOf } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer, testNow } from '../support/server'
import { afresh, grants, outbox, queue } from './support'

const minute = 60_000

describeEachDatabase('messages over HTTP', (database) => {
  let server: TestServer
  let as: string
  beforeAll(async () => {
    server = await startServer({ database })
  })
  beforeEach(async () => {
    await afresh(server)
    await server.deps.db.tx(async (tx) => {
      for (const table of ['member', 'member_identity', 'operator', 'session']) tx.write(`DELETE FROM ${table}`)
    })
    await addMembers(server, [{ id: 'lin', wechat: 'lin' }, { id: 'zhou' }])
    as = await tokenOf(server, 'member', 'lin')
  })
  afterAll(() => server.stop())

  describe('inbox', () => {
    test('pages, unread count, and reading some or all', async () => {
      for (let i = 0; i < 5; i++) await queue(server, 'lin', 'notice', { title: `第 ${i} 条`, channels: ['inbox'] })
      await queue(server, 'zhou', 'notice', { channels: ['inbox'] })
      const first = await server.call('GET /me/messages', { limit: 3 }, { as })
      expect(first.body.items.map((m) => [m.title, m.read])).toEqual([4, 3, 2].map((i) => [`第 ${i} 条`, false]))
      expect(first.body.unread).toBe(5)
      const rest = await server.call('GET /me/messages', { limit: 3, cursor: first.body.nextCursor ?? '' }, { as })
      expect(rest.body.items.map((m) => m.title)).toEqual(['第 1 条', '第 0 条'])
      expect(rest.body.nextCursor).toBeNull()
      const read = await server.call('POST /me/messages/read', { ids: [first.body.items[0].id] }, { as })
      expect(read.body).toEqual({ unread: 4 })
      // Somebody else's message stays unread.
      const [foreign] = await rows<{ id: string }>(server, "SELECT id FROM message WHERE memberId = 'zhou'")
      expect((await server.call('POST /me/messages/read', { ids: [foreign.id] }, { as })).body).toEqual({ unread: 4 })
      expect((await server.call('POST /me/messages/read', { ids: [] }, { as })).body).toEqual({ unread: 4 })
      expect((await server.call('POST /me/messages/read', {}, { as })).body).toEqual({ unread: 0 })
      expect(await rows(server, "SELECT id FROM message WHERE memberId = 'zhou' AND readAt IS NOT NULL")).toEqual([])
    })
    test('is nobody else’s', async () => {
      expect((await server.call('GET /me/messages', {})).status).toBe(401)
      expect((await server.call('GET /me/messages', {}, { as: await ownerToken(server) })).status).toBe(403)
    })
  })

  describe('the bank of rights', () => {
    const creditsOf = async (key: string) =>
      (await server.call('GET /me/subscriptions', {}, { as })).body.items.find((i) => i.key === key)?.credits

    test('lists the templates with what they are for', async () => {
      const { body } = await server.call('GET /me/subscriptions', {}, { as })
      expect(body.items.find((i) => i.key === 'birthday')).toEqual({
        templateId: templateId('birthday'),
        key: 'birthday',
        title: '生日礼遇通知',
        when: '生日当天礼物到账时',
        credits: 0,
      })
    })

    test('an accept is one right, however often its report is repeated', async () => {
      const results = { [templateId('birthday')]: 'accept', [templateId('tier')]: 'reject', unknown: 'accept' } as const
      const idempotencyKey = randomUUID()
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => server.call('POST /me/subscriptions', { results }, { as, idempotencyKey })),
      )
      for (const { status, body } of answers)
        expect([status, body]).toEqual([
          200,
          {
            items: [
              { templateId: templateId('birthday'), credits: 1 },
              { templateId: templateId('tier'), credits: 0 },
            ],
          },
        ])
      expect(await grants(server)).toHaveLength(1)
      await server.call('POST /me/subscriptions', { results }, { as })
      expect([await creditsOf('birthday'), await creditsOf('tier')]).toEqual([2, 0])
    })

    test('the report and WeChat’s event of one tap are one right, in either order', async () => {
      const settled = async (count: number): Promise<void> => {
        for (let tries = 0; tries < 100; tries++) {
          const known = await grants(server)
          if (known.flatMap((g) => [g.sourceKey, g.echoKey]).filter((k) => k?.startsWith('push:')).length >= count)
            return
          await new Promise((done) => setTimeout(done, 20))
        }
        throw new Error('the event did not come')
      }
      const results = { [templateId('birthday')]: 'accept' as const }
      await server.sandbox('subscribe', { user: 'lin', templateIds: [templateId('birthday')] })
      await settled(1)
      await server.call('POST /me/subscriptions', { results }, { as })
      expect(await creditsOf('birthday')).toBe(1)
      server.clock.advance(minute)
      await server.call('POST /me/subscriptions', { results }, { as })
      await server.sandbox('subscribe', { user: 'lin', templateIds: [templateId('birthday')] })
      await settled(2)
      expect(await creditsOf('birthday')).toBe(2)
      expect((await grants(server)).every((g) => g.echoKey !== null)).toBe(true)
    })

    test('a refusal in WeChat’s settings voids what was granted', async () => {
      const results = { [templateId('birthday')]: 'accept' as const, [templateId('tier')]: 'accept' as const }
      await server.call('POST /me/subscriptions', { results }, { as })
      server.clock.advance(minute)
      await server.sandbox('subscriptions', { user: 'lin', templateId: templateId('birthday'), choice: 'reject' })
      for (let tries = 0; tries < 100 && (await creditsOf('birthday')); tries++)
        await new Promise((done) => setTimeout(done, 20))
      expect([await creditsOf('birthday'), await creditsOf('tier')]).toEqual([0, 1])
    })
  })

  describe('WeChat’s push', () => {
    const query = (more: Record<string, string>) => `${server.url}${pushPath}?${new URLSearchParams(more)}`
    const seconds = String(Math.floor(testNow / 1000))
    const push = async (event: string, fields: object, more: object = {}) => {
      await server.sandbox('push', { event, user: 'lin', fields, ...more })
      for (let tries = 0; tries < 200; tries++) {
        const response = await fetch(`${server.url}/__wechat/__control/pushes`)
        const { items } = (await response.json()) as { items: { accepted: boolean; attempts: number; event: string }[] }
        const mine = items.filter((i) => i.event === event)
        if (mine.length && mine.every((i) => i.accepted || i.attempts === 3)) return mine
        await new Promise((done) => setTimeout(done, 20))
      }
      throw new Error(`${event} was not delivered`)
    }

    test('the set-up check echoes only to the right signature', async () => {
      const token = pushSettings(server.deps.env)?.token ?? ''
      const echo = { timestamp: seconds, nonce: '42', echostr: 'hello' }
      const right = await fetch(query({ ...echo, signature: pushSignature(token, seconds, '42') }))
      expect([right.status, await right.text()]).toEqual([200, 'hello'])
      expect((await fetch(query({ ...echo, signature: pushSignature('guess', seconds, '42') }))).status).toBe(401)
      const old = String(Number(seconds) - 600)
      const late = { ...echo, timestamp: old, signature: pushSignature(token, old, '42') }
      expect((await fetch(query(late))).status).toBe(401)
    })

    test('a forged event, a body that is no event and a body without end change nothing', async () => {
      const forged = await push(
        'user_authorization_revoke',
        { OpenID: openidFor('lin'), RevokeInfo: '6' },
        { badSignature: true },
      )
      expect(forged).toMatchObject([{ accepted: false }])
      for (const body of ['', '{}', 'x'.repeat(400_000)]) {
        const answer = await fetch(query({ msg_signature: 'a', timestamp: seconds, nonce: '1' }), {
          method: 'POST',
          body,
        })
        expect(answer.status).toBe(401)
      }
      expect((await fetch(query({}), { method: 'DELETE' })).status).toBe(405)
      expect(await rows(server, "SELECT name FROM member WHERE id = 'lin'")).toEqual([{ name: '林晓雨' }])
    })

    test('a withdrawn consent deletes exactly its data', async () => {
      await server.deps.db.tx(async (tx) =>
        tx.write("UPDATE member SET avatar = 'a.png', phoneHash = 'h', phoneSealed = 's' WHERE id = 'lin'"),
      )
      const member = async () =>
        (await rows(server, "SELECT name, avatar, phoneHash, phoneSealed FROM member WHERE id = 'lin'"))[0]
      await push('user_authorization_revoke', { OpenID: openidFor('lin'), RevokeInfo: '8' })
      expect(await member()).toEqual({ name: '林晓雨', avatar: 'a.png', phoneHash: null, phoneSealed: null })
      server.clock.advance(1000)
      await push('user_authorization_revoke', { OpenID: openidFor('lin'), RevokeInfo: '6' })
      expect(await member()).toEqual({ name: '', avatar: null, phoneHash: null, phoneSealed: null })
      expect(await rows(server, "SELECT kind FROM member_identity WHERE memberId = 'lin'")).toEqual([
        { kind: 'openid' },
      ])
    })

    test('a WeChat account that is gone is cut off, and its messages say no_openid', async () => {
      await queue(server, 'lin')
      await push('user_authorization_cancellation', { OpenID: openidFor('lin') })
      await sendDue(server.deps, { limit: 10 })
      expect(await outbox(server)).toMatchObject([{ status: 'skipped', reason: 'no_openid' }])
      expect(await rows(server, "SELECT kind FROM member_identity WHERE memberId = 'lin'")).toEqual([])
    })

    test('copies of one event count once, and events of strangers not at all', async () => {
      const List = { TemplateId: templateId('tier'), SubscribeStatusString: 'accept', PopupScene: '0' }
      await push('subscribe_msg_popup_event', { List }, { copies: 5 })
      expect(await grants(server)).toHaveLength(1)
      await server.sandbox('push', { event: 'subscribe_msg_popup_event', user: 'chen', fields: { List } })
      await push('debug_demo', { debug_str: 'hello' })
      expect(await grants(server)).toHaveLength(1)
    })

    test('a final failure closes the record of a message that had gone out', async () => {
      await queue(server, 'lin')
      const [{ id }] = await outbox(server)
      await server.deps.db.tx(async (tx) =>
        tx.write("UPDATE message SET status = 'sent', externalId = '9007199254740993', sentAt = 1 WHERE id = ?", [id]),
      )
      const List = { TemplateId: templateId('tier'), MsgID: '9007199254740993', ErrorCode: '1', ErrorStatus: 'failed' }
      await push('subscribe_msg_sent_event', { List })
      expect(await outbox(server)).toMatchObject([{ status: 'failed', reason: 'wechat_async_1', sentAt: null }])
    })
  })

  test('operators see what was and was not sent, filtered and page by page', async () => {
    const owner = await ownerToken(server)
    for (let i = 0; i < 3; i++) await queue(server, 'lin', 'tier_up', { title: `第 ${i} 条` })
    await queue(server, 'zhou', 'birthday', { data: {} })
    const all = await server.call('GET /admin/messages', { limit: 5 }, { as: owner })
    expect([all.body.items.length, all.body.nextCursor !== null]).toEqual([5, true])
    const skipped = await server.call('GET /admin/messages', { status: 'skipped' }, { as: owner })
    expect(skipped.body.items).toMatchObject([{ memberId: 'zhou', channel: 'subscribe', reason: 'empty:thing1' }])
    const mine = await server.call(
      'GET /admin/messages',
      { memberId: 'lin', status: 'pending', hours: 1 },
      { as: owner },
    )
    expect(mine.body.items.map((m) => m.title)).toEqual(['第 2 条', '第 1 条', '第 0 条'])
    server.clock.advance(2 * 60 * minute)
    const fresh = await tokenOf(server, 'operator', 'owner')
    const later = await server.call('GET /admin/messages', { hours: 1 }, { as: fresh })
    expect(later.body.items).toEqual([])
    expect((await server.call('GET /admin/messages', {}, { as: await tokenOf(server, 'member', 'lin') })).status).toBe(
      403,
    )
  })
})
