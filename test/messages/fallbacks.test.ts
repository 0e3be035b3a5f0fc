import type { Message } from '../../server/messages/entity'
import { sendDue, settingsOf } from '../../server/messages/service'
import { rows, templateId, tokenOf } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { arrived, askingForTexts, credit, fates, grant, grants, offer, prefer, scheduled, threePeople } from './support'

/** Fallbacks, what members say and the bank of rights: whoever is not told has a row that says why. */
describeEachDatabase('who may be told, by what', (database) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ database, env: { LOG_LEVEL: 'warn' } })
    await threePeople(server)
  })
  beforeEach(async () => {
    await askingForTexts(server)
  })
  afterAll(() => server.stop())

  const send = () => sendDue(server.deps, { limit: 100 })
  const sms = (memberId: string, more: Parameters<typeof offer>[1] = {}) =>
    offer(memberId, { channels: ['sms'], ...more })
  const change = async (changed: object): Promise<void> => {
    const { version, ...settings } = await settingsOf(server.deps.db)
    const as = await tokenOf(server, 'operator', 'owner')
    const { status } = await server.call('PUT /admin/message-settings', { ...settings, ...changed, version }, { as })
    expect(status).toBe(200)
  }
  const caps = async (changed: object) => {
    const { caps: usual } = await settingsOf(server.deps.db)
    const free = { day: null, week: null }
    await change({ caps: { ...usual, total: free, sms: free, subscribe: free, email: free, inbox: free, ...changed } })
  }

  describe('fallback', () => {
    test('at planning: each channel that cannot go leaves a row with its reason, the first that can goes', async () => {
      await scheduled(server, [offer('chen', { channels: ['subscribe', 'sms', 'email', 'inbox'] })])
      expect(await fates(server, 'chen')).toEqual([
        'subscribe skipped no_credit',
        'sms skipped no_consent',
        'email skipped no_consent',
        'inbox sent',
      ])
    })

    test('at sending: a refusal hands on to the next channel, once', async () => {
      await grant(server, 'lin', 'coupon')
      await scheduled(server, [offer('lin', { channels: ['subscribe', 'sms', 'inbox'] })])
      await send()
      await send()
      expect(await fates(server, 'lin')).toEqual(['subscribe failed wechat_43101', 'sms sent'])
      expect((await grants(server)).map((g) => g.status)).toEqual(['void'])
    })

    test('the inbox that takes over asks like any other: switched off, over its cap, member gone', async () => {
      const failing = async (memberId: string) => {
        await grant(server, memberId, 'coupon')
        await scheduled(server, [offer(memberId, { channels: ['subscribe', 'inbox'] })])
      }
      await failing('lin')
      await prefer(server, 'lin', { 'channel:inbox': false })
      await failing('zhou')
      await caps({ inbox: { day: 0, week: null } })
      await send()
      expect(await fates(server, 'lin')).toEqual(['subscribe failed wechat_43101', 'inbox skipped channel_off'])
      expect(await fates(server, 'zhou')).toEqual(['subscribe failed wechat_43101', 'inbox skipped cap_day'])
    })

    test('WeChat’s final word that it failed comes after the answer that it went: the next channel takes over, once', async () => {
      await grant(server, 'lin', 'coupon')
      await credit(server, 'lin', 1, 'coupon')
      await scheduled(server, [offer('lin', { channels: ['subscribe', 'inbox'] })])
      await send()
      const [{ externalId }] = await rows<Message>(server, "SELECT * FROM message WHERE status = 'sent'")
      const List = { TemplateId: templateId('coupon'), MsgID: externalId, ErrorCode: '2', ErrorStatus: 'failed' }
      await server.sandbox('push', { event: 'subscribe_msg_sent_event', user: 'lin', fields: { List }, copies: 3 })
      for (let tries = 0; tries < 200 && (await fates(server, 'lin')).length < 2; tries++)
        await new Promise((done) => setTimeout(done, 20))
      await new Promise((done) => setTimeout(done, 200))
      expect(await fates(server, 'lin')).toEqual(['subscribe failed wechat_async_2', 'inbox sent'])
      expect((await grants(server)).map((g) => g.status)).toEqual(['consumed'])
    })
  })

  describe('what the member says', () => {
    test('nothing said: no text and no mail, the rest goes', async () => {
      await grant(server, 'chen', 'coupon')
      await scheduled(server, [offer('chen'), sms('chen'), offer('chen', { channels: ['email'] })])
      expect(await fates(server, 'chen')).toEqual([
        'subscribe pending',
        'sms skipped no_consent',
        'email skipped no_consent',
      ])
    })

    test('the preference centre over HTTP: a topic or a channel switched off is off at once, service cannot be', async () => {
      const as = await tokenOf(server, 'member', 'lin')
      const said = await server.call(
        'PUT /me/message-preferences',
        { channels: { subscribe: false }, topics: { reminder: false } },
        { as },
      )
      expect(said.status).toBe(200)
      const { body } = await server.call('GET /me/message-preferences', {}, { as })
      expect(Object.fromEntries(body.channels.map((c) => [c.key, c.allowed]))).toEqual({
        inbox: true,
        subscribe: false,
        sms: true,
        email: false,
      })
      expect(body.topics.filter((t) => !t.allowed).map((t) => t.key)).toEqual(['reminder'])
      await grant(server, 'lin', 'coupon')
      await scheduled(server, [
        offer('lin'),
        sms('lin', { topic: 'reminder' }),
        sms('lin'),
        offer('lin', { topic: 'service' }),
      ])
      expect(await fates(server, 'lin')).toEqual([
        'subscribe skipped channel_off',
        'sms skipped topic_off',
        'sms pending',
        'subscribe pending',
      ])
      const bad = { topics: { service: false } } as never
      expect((await server.call('PUT /me/message-preferences', bad, { as })).status).toBe(400)
      const events = await rows(server, "SELECT target FROM interaction WHERE type = 'preference_changed' ORDER BY id")
      expect(events).toHaveLength(2)
    })

    test('consent withdrawn between planning and sending: nothing goes, the right comes back, the next channel takes over', async () => {
      await grant(server, 'lin', 'coupon')
      await credit(server, 'lin', 1, 'coupon')
      await scheduled(server, [offer('lin', { channels: ['subscribe', 'inbox'] }), sms('zhou')])
      expect((await grants(server)).map((g) => g.status)).toEqual(['reserved'])
      await prefer(server, 'lin', { 'channel:subscribe': false })
      await prefer(server, 'zhou', { 'channel:sms': false })
      await send()
      expect(await fates(server, 'lin')).toEqual(['subscribe skipped channel_off', 'inbox sent'])
      expect(await fates(server, 'zhou')).toEqual(['sms skipped channel_off'])
      expect((await grants(server)).map((g) => [g.status, g.messageId])).toEqual([['open', null]])
      expect(await arrived(server, 'lin')).toEqual([])
    })

    test('personalisation switched off, topic off and a member who left: no channel at all', async () => {
      const all = { channels: ['sms', 'inbox'] as const, personal: true }
      await scheduled(server, [offer('lin', all)])
      await scheduled(server, [offer('zhou', { channels: ['sms', 'inbox'] })])
      await server.deps.db.tx(async (tx) => {
        tx.write("UPDATE member SET personalised = 0 WHERE id = 'lin'")
        tx.write("UPDATE member SET status = 'inactive' WHERE id = 'zhou'")
      })
      await send()
      expect(await fates(server, 'lin')).toEqual(['sms skipped personalisation_off'])
      expect(await fates(server, 'zhou')).toEqual(['sms skipped member_inactive'])
    })

    test('kept from it on purpose: the control group’s row says so', async () => {
      await scheduled(server, [sms('lin', { withheld: 'holdout' })])
      expect(await fates(server, 'lin')).toEqual(['sms skipped holdout'])
    })
  })

  describe('rights', () => {
    test('the last right goes to what is worth most, also when that comes later', async () => {
      await grant(server, 'lin', 'coupon')
      await credit(server, 'lin', 1, 'coupon')
      await scheduled(server, [offer('lin', { priority: 7, channels: ['subscribe', 'inbox'] })])
      await scheduled(server, [offer('lin', { priority: 7 })])
      await scheduled(server, [offer('lin', { priority: 2 })])
      expect(await fates(server, 'lin')).toEqual([
        'subscribe pending',
        'subscribe skipped no_credit',
        'subscribe pending',
      ])
      await send()
      expect(await fates(server, 'lin')).toEqual([
        'subscribe skipped no_credit',
        'subscribe skipped no_credit',
        'subscribe sent',
        'inbox sent',
      ])
      expect(await arrived(server, 'lin')).toHaveLength(1)
    })

    test('one plan of many: the worthiest get the rights there are', async () => {
      await grant(server, 'lin', 'coupon', 2)
      await caps({})
      const planned = await scheduled(
        server,
        [5, 1, 9, 3].map((priority) => offer('lin', { priority })),
      )
      expect(planned.map((p) => p.channel)).toEqual([null, 'subscribe', null, 'subscribe'])
    })

    test('rights of one template are no good for another, nor one member’s for another', async () => {
      await grant(server, 'lin', 'birthday', 3)
      await grant(server, 'zhou', 'coupon', 3)
      await scheduled(server, [offer('lin')])
      expect(await fates(server, 'lin')).toEqual(['subscribe skipped no_credit'])
    })

    test('an always-no, and a template that WeChat has banned', async () => {
      await grant(server, 'lin', 'coupon')
      const no = { user: 'zhou', templateIds: [templateId('coupon')], choice: 'reject', keep: true }
      await server.sandbox('subscribe', no)
      await server.sandbox('subscribe', { ...no, choice: 'accept' })
      await credit(server, 'lin', 1, 'coupon')
      await new Promise((done) => setTimeout(done, 200))
      expect((await grants(server)).filter((g) => g.memberId === 'zhou')).toEqual([])
      await server.sandbox('templates', { templateId: templateId('coupon'), banned: true })
      await scheduled(server, [offer('lin')])
      await send()
      expect(await fates(server, 'lin')).toEqual(['subscribe failed wechat_43107'])
      expect((await grants(server)).map((g) => g.status)).toEqual(['open'])
    })
  })
})
