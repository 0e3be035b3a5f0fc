import type { LocalSms } from '../../server/integrations/sms/local'
import type { Message } from '../../server/messages/entity'
import { sendDue, settingsOf } from '../../server/messages/service'
import { addMembers, ownerToken, rows, templateId, tokenOf } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { afresh, arrived, credit, fates, grant, grants, offer, prefer, reachable, scheduled } from './support'

const minute = 60_000
const hour = 60 * minute
const shanghai = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+08:00`)

/** Caps, quiet hours, priority, expiry, rates, fallbacks and what members say: whoever is not told has a row that says why. */
describeEachDatabase('who may be told, when, by what', (database) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ database, env: { LOG_LEVEL: 'warn' } })
    await addMembers(server, [
      { id: 'lin', wechat: 'lin' },
      { id: 'zhou', wechat: 'zhou' },
      { id: 'chen', wechat: 'chen' },
    ])
    await ownerToken(server)
    await reachable(server, 'lin', '13800000001')
    await reachable(server, 'zhou', '13800000002')
  })
  beforeEach(async () => {
    await afresh(server)
    await server.deps.db.tx(async (tx) => tx.write("UPDATE member SET personalised = 1, status = 'active'"))
    await prefer(server, 'lin', { 'channel:sms': true })
    await prefer(server, 'zhou', { 'channel:sms': true })
  })
  afterAll(() => server.stop())

  const send = () => sendDue(server.deps, { limit: 100 })
  const texts = () => (server.deps.sms as LocalSms).list()
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

  describe('caps by civil day and week of the shop', () => {
    test('one a day: the day begins at midnight in Shanghai, not in Greenwich', async () => {
      await caps({ sms: { day: 1, week: null } })
      await change({ quiet: { from: '00:00', until: '00:00' } })
      // 15:59 and 16:01 in Greenwich are two days in Shanghai, 23:30 and 00:30 there are one.
      server.clock.set(shanghai('2026-11-24 23:59'))
      await scheduled(server, [sms('lin'), sms('lin')])
      server.clock.set(shanghai('2026-11-25 00:01'))
      await scheduled(server, [sms('lin')])
      server.clock.set(shanghai('2026-11-25 08:01'))
      await scheduled(server, [sms('lin')])
      expect(await fates(server, 'lin')).toEqual([
        'sms pending',
        'sms skipped cap_day',
        'sms pending',
        'sms skipped cap_day',
      ])
    })

    test('two a week: the week begins on Monday', async () => {
      await caps({ sms: { day: null, week: 2 } })
      for (const at of ['2026-11-21 10:00', '2026-11-22 10:00', '2026-11-22 20:00', '2026-11-23 09:00']) {
        server.clock.set(shanghai(at))
        await scheduled(server, [sms('lin')])
      }
      expect(await fates(server, 'lin')).toEqual(['sms pending', 'sms pending', 'sms skipped cap_week', 'sms pending'])
    })

    test('what is planned at night counts on the day it goes out', async () => {
      await caps({ sms: { day: 1, week: null } })
      server.clock.set(shanghai('2026-11-22 10:00'))
      await scheduled(server, [sms('lin')])
      server.clock.set(shanghai('2026-11-22 22:00'))
      await scheduled(server, [sms('lin'), sms('lin')])
      expect(await fates(server, 'lin')).toEqual(['sms pending', 'sms pending', 'sms skipped cap_day'])
      const counted = await rows<Message>(server, "SELECT * FROM message WHERE status = 'pending' ORDER BY id")
      expect(counted.map((m) => m.countsOn)).toEqual(['2026-11-22', '2026-11-23'])
    })

    test('the total is over all channels but the inbox, by day and by week', async () => {
      await caps({ total: { day: 2, week: 3 } })
      await grant(server, 'lin', 'coupon', 3)
      await scheduled(server, [offer('lin'), sms('lin'), sms('lin'), offer('lin', { channels: ['inbox'] })])
      server.clock.set(shanghai('2026-11-22 10:30'))
      await scheduled(server, [offer('lin')])
      expect(await fates(server, 'lin')).toEqual([
        'subscribe pending',
        'sms pending',
        'sms skipped cap_total_day',
        'inbox sent',
        'subscribe skipped cap_total_day',
      ])
      await afresh(server)
      await prefer(server, 'lin', { 'channel:sms': true })
      await caps({ total: { day: 2, week: 3 } })
      for (const at of ['2026-11-24 10:00', '2026-11-25 10:00']) {
        server.clock.set(shanghai(at))
        await scheduled(server, [sms('lin'), sms('lin')])
      }
      expect((await fates(server, 'lin')).at(-1)).toBe('sms skipped cap_total_week')
    })

    test('a cap of nought closes a channel, and service messages are under no cap', async () => {
      await caps({ sms: { day: 0, week: null }, total: { day: 0, week: null } })
      await scheduled(server, [sms('lin'), sms('lin', { topic: 'service' })])
      expect(await fates(server, 'lin')).toEqual(['sms skipped cap_day', 'sms pending'])
    })

    test('what did not go out gives its place back', async () => {
      await caps({ sms: { day: 1, week: null } })
      await scheduled(server, [sms('lin')])
      await prefer(server, 'lin', { 'channel:sms': false })
      await send()
      await prefer(server, 'lin', { 'channel:sms': true })
      await scheduled(server, [sms('lin')])
      await send()
      expect(await fates(server, 'lin')).toEqual(['sms skipped channel_off', 'sms sent'])
    })

    test('two plans at once for one member: the cap holds', async () => {
      await caps({ sms: { day: 1, week: null } })
      await Promise.all(Array.from({ length: 8 }, () => scheduled(server, [sms('lin')])))
      const found = await fates(server, 'lin')
      expect([
        found.filter((f) => f === 'sms pending').length,
        found.filter((f) => f === 'sms skipped cap_day').length,
      ]).toEqual([1, 7])
    })
  })

  describe('quiet hours', () => {
    test('hold an offer, not a service message, and deliver it after', async () => {
      server.clock.set(shanghai('2026-11-22 21:45'))
      await scheduled(server, [sms('lin'), sms('zhou', { topic: 'service' })])
      const before = texts().length
      await send()
      expect(texts().length - before).toBe(1)
      server.clock.set(shanghai('2026-11-23 08:29'))
      await send()
      expect([await fates(server, 'lin'), await fates(server, 'zhou')]).toEqual([['sms pending'], ['sms sent']])
      server.clock.set(shanghai('2026-11-23 08:30'))
      await send()
      expect(await fates(server, 'lin')).toEqual(['sms sent'])
      expect(texts()[0]).toMatchObject({ phone: '+8613800000001', template: 'care', params: { name: '林晓雨' } })
    })

    test('a message that was due by day and is taken up at night waits, and says why', async () => {
      server.clock.set(shanghai('2026-11-22 20:00'))
      await scheduled(server, [sms('lin')])
      server.clock.set(shanghai('2026-11-22 23:00'))
      await send()
      expect(await fates(server, 'lin')).toEqual(['sms pending quiet_hours'])
      server.clock.set(shanghai('2026-11-23 08:30'))
      await send()
      expect(await fates(server, 'lin')).toEqual(['sms sent'])
    })

    test('the inbox makes no sound', async () => {
      server.clock.set(shanghai('2026-11-22 23:00'))
      await scheduled(server, [offer('lin', { channels: ['inbox'] })])
      expect(await fates(server, 'lin')).toEqual(['inbox sent'])
    })

    test('hours that the shop has changed hold for what is planned already', async () => {
      server.clock.set(shanghai('2026-11-22 12:00'))
      await scheduled(server, [sms('lin')])
      await change({ quiet: { from: '11:00', until: '14:00' } })
      await send()
      expect(await fates(server, 'lin')).toEqual(['sms pending quiet_hours'])
      server.clock.set(shanghai('2026-11-22 14:00'))
      await send()
      expect(await fates(server, 'lin')).toEqual(['sms sent'])
    })
  })

  describe('order, age and rate', () => {
    test('the worthiest go first, whoever came first', async () => {
      await caps({})
      await change({ rates: { ...(await settingsOf(server.deps.db)).rates, sms: 2 } })
      const planned = [9, 5, 1, 7].map((priority) => sms('lin', { priority, places: { name: `第${priority}` } }))
      await scheduled(server, planned)
      const before = texts().length
      await send()
      expect(
        texts()
          .slice(0, texts().length - before)
          .map((t) => t.params.name),
      ).toEqual(['第5', '第1'])
      // The others wait for the next minute, and say for what.
      expect((await fates(server, 'lin')).filter((f) => f !== 'sms sent')).toEqual([
        'sms pending rate',
        'sms pending rate',
      ])
      expect(await send()).toMatchObject({ sent: 0 })
      server.clock.advance(minute)
      await send()
      expect(
        texts()
          .slice(0, 2)
          .map((t) => t.params.name),
      ).toEqual(['第9', '第7'])
      expect(new Set(await fates(server, 'lin'))).toEqual(new Set(['sms sent']))
    })

    test('the rate is the channel’s, however many senders and whoever is written to', async () => {
      await caps({})
      await change({ rates: { ...(await settingsOf(server.deps.db)).rates, sms: 10 } })
      await scheduled(
        server,
        Array.from({ length: 40 }, (_, i) => sms(i % 2 ? 'lin' : 'zhou')),
      )
      const begun = texts().length
      for (let m = 1; m <= 4; m++) {
        await Promise.all(Array.from({ length: 4 }, () => sendDue(server.deps, { limit: 7 })))
        const sent = await rows(server, "SELECT id FROM message WHERE status = 'sent'")
        expect(sent).toHaveLength(10 * m)
        server.clock.advance(minute)
      }
      expect(texts().length - begun).toBe(40)
    })

    test('a channel that is full or down holds up no other', async () => {
      await caps({})
      await change({ rates: { ...(await settingsOf(server.deps.db)).rates, subscribe: 1 } })
      await grant(server, 'lin', 'coupon', 2)
      await credit(server, 'lin', 2, 'coupon')
      await scheduled(server, [offer('lin'), offer('lin'), sms('lin')])
      await send()
      expect(await fates(server, 'lin')).toEqual(['subscribe sent', 'subscribe pending rate', 'sms sent'])
    })

    test('an offer that waited longer than it is news is not sent, and nothing else is tried', async () => {
      await change({ expiryHours: 5 })
      await scheduled(server, [sms('lin', { channels: ['sms', 'inbox'] })])
      server.clock.advance(73 * hour)
      await send()
      expect(await fates(server, 'lin')).toEqual(['sms failed too_late'])
    })
  })

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
