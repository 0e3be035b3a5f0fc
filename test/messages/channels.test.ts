import type { LocalSms } from '../../server/integrations/sms/local'
import type { Message } from '../../server/messages/entity'
import { sendDue, settingsOf } from '../../server/messages/service'
import { rows, tokenOf } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { afresh, askingForTexts, credit, fates, grant, offer, prefer, scheduled, threePeople } from './support'

const minute = 60_000
const hour = 60 * minute
const shanghai = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+08:00`)

/** Caps, quiet hours, priority, expiry and rates: whoever is not told has a row that says why. */
describeEachDatabase('who may be told, and when', (database) => {
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
})
