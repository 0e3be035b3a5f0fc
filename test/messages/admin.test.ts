import { ensureBuiltIns } from '../../server/journeys/service'
import { sendDue, settingsOf } from '../../server/messages/service'
import { addMembers, ownerToken, rows, tokenOf } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { afresh, arrived, credit, fates, grant, prefer, reachable } from './support'

describeEachDatabase('what operators set up', (database) => {
  let server: TestServer
  let as: string
  beforeAll(async () => {
    server = await startServer({ database, env: { LOG_LEVEL: 'warn' } })
    await addMembers(server, [{ id: 'lin', wechat: 'lin' }])
    await ownerToken(server)
    await reachable(server, 'lin', '13800000001')
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    await afresh(server)
    as = await tokenOf(server, 'operator', 'owner')
  })

  const content = { inbox: { title: '你好 {name}', text: '谢谢你来', page: null } }
  const create = (more: object = {}, idempotencyKey?: string) =>
    server.call(
      'POST /admin/message-templates',
      { name: '问候', topic: 'care', content, ...more },
      { as, idempotencyKey },
    )
  const templates = async (archived: '0' | '1' = '0') =>
    (await server.call('GET /admin/message-templates', { archived }, { as })).body.items

  describe('templates', () => {
    test('made once however often the request comes, read back, changed by version', async () => {
      const key = 'make-a-template'
      const made = await create({}, key)
      expect((await create({}, key)).body).toEqual(made.body)
      expect(await templates()).toEqual([made.body])
      const change = { templateId: made.body.id, name: '改过', topic: 'offer' as const, content, archived: false }
      const crowd = await Promise.all(
        Array.from({ length: 6 }, () =>
          server.call('PUT /admin/message-templates/:templateId', { ...change, version: 1 }, { as }),
        ),
      )
      expect(crowd.map((c) => c.status).sort()).toEqual([200, ...Array(5).fill(409)])
      expect((await templates()).map((t) => [t.name, t.topic, t.version])).toEqual([['改过', 'offer', 2]])
      await server.call('PUT /admin/message-templates/:templateId', { ...change, version: 2, archived: true }, { as })
      expect([(await templates()).length, (await templates('1')).length]).toEqual([0, 1])
      const missing = { ...change, templateId: 'nobody', version: 1 }
      expect((await server.call('PUT /admin/message-templates/:templateId', missing, { as })).status).toBe(404)
    })

    test.each<[string, object, string]>([
      ['nothing on any channel', {}, 'content'],
      ['a place that nobody fills', { inbox: { title: '{whoever}', text: 'x', page: null } }, 'inbox.title'],
      [
        'a date field without a date',
        { subscribe: { template: 'coupon', fields: { date3: '下个月' }, page: null } },
        'subscribe.fields.date3',
      ],
      [
        'a phrase that is not Chinese',
        { subscribe: { template: 'tier', fields: { phrase1: 'Gold' }, page: null } },
        'subscribe.fields.phrase1',
      ],
      [
        'a field WeChat does not know',
        { subscribe: { template: 'tier', fields: { poem1: '诗' }, page: null } },
        'subscribe.fields.poem1',
      ],
      [
        'an empty field',
        { subscribe: { template: 'tier', fields: { thing3: '' }, page: null } },
        'subscribe.fields.thing3',
      ],
      [
        'a template that the shop does not have',
        { subscribe: { template: 'other', fields: { thing1: 'x' }, page: null } },
        'subscribe.template',
      ],
      [
        'a parameter that the carrier is not given',
        { sms: { template: 'care', text: '{name}你好', params: [] } },
        'sms.params',
      ],
    ])('%s is found before launch', async (_, wrong, path) => {
      const { body } = await server.call('POST /admin/message-templates/check', { content: wrong }, { as })
      expect(body.problems.map((p) => p.path)).toEqual([path])
      const refused = await create({ content: wrong })
      expect([refused.status, refused.error?.code]).toEqual([400, 'message_template_invalid'])
      expect(await rows(server, 'SELECT id FROM message_template')).toEqual([])
    })

    test.each<[string, object]>([
      ['a title over two lines', { inbox: { title: 'a\nb', text: 'x', page: null } }],
      ['a subject over two lines', { email: { subject: 'a\r\nBcc: b@c.de', text: 'x' } }],
      ['a title of 61 characters', { inbox: { title: '长'.repeat(61), text: 'x', page: null } }],
      ['a channel that there is not', { fax: { text: 'x' } }],
    ])('%s is refused as input', async (_, wrong) => {
      expect((await create({ content: wrong })).error?.code).toBe('invalid_input')
    })

    test('a preview shows each channel with samples in its places', async () => {
      const all = {
        ...content,
        email: { subject: '{name}', text: '你有 {points} 积分' },
        sms: { template: 'care', text: '{name}你好', params: ['name'] },
        wecom: { text: '{name} 来了' },
      }
      const { body } = await server.call('POST /admin/message-templates/check', { content: all }, { as })
      expect(body).toEqual({
        problems: [],
        preview: {
          inbox: '你好 林晓雨\n谢谢你来',
          email: '林晓雨\n你有 1280 积分',
          sms: '林晓雨你好',
          wecom: '林晓雨 来了',
        },
      })
    })

    test('the templates that come with the system have no problem, in a new shop and in an old one', async () => {
      await server.deps.db.tx(async (tx) => {
        for (const table of ['journey', 'journey_version']) tx.write(`DELETE FROM ${table}`)
      })
      await server.deps.db.tx((tx) => ensureBuiltIns(tx, server.clock.now()))
      const built = await templates()
      expect(built.length).toBeGreaterThan(8)
      expect(built.flatMap((t) => t.problems.map((p) => `${t.name} ${p.path} ${p.message}`))).toEqual([])
    })
  })

  describe('test sends', () => {
    test('each channel for itself, past caps and quiet hours, but not without consent, address or right; once per request', async () => {
      const { body: made } = await create({
        content: {
          ...content,
          subscribe: { template: 'tier', fields: { phrase1: '银卡', time2: '15:01', thing3: '试发' }, page: null },
          email: { subject: 'x', text: 'y' },
        },
      })
      await grant(server, 'lin', 'tier')
      await credit(server, 'lin', 1)
      server.clock.set(Date.parse('2026-11-22T23:00:00+08:00'))
      as = await tokenOf(server, 'operator', 'owner')
      const ask = { templateId: made.id, memberId: 'lin', channels: ['inbox', 'subscribe', 'email', 'sms'] as never }
      const key = 'try-it-on-me-first'
      const post = () =>
        server.call('POST /admin/message-templates/:templateId/test-sends', ask, { as, idempotencyKey: key })
      const first = await post()
      expect(first.body.items.map((i) => [i.channel, i.status, i.reason])).toEqual([
        ['inbox', 'sent', null],
        ['subscribe', 'pending', null],
        ['email', 'skipped', 'no_email'],
        ['sms', 'skipped', 'no_template'],
      ])
      expect((await post()).body).toEqual(first.body)
      await sendDue(server.deps, { limit: 10 })
      expect(await arrived(server, 'lin')).toHaveLength(1)
      expect(await fates(server, 'lin')).toHaveLength(4)
      const call = (more: object) =>
        server.call('POST /admin/message-templates/:templateId/test-sends', { ...ask, ...more }, { as })
      expect((await call({ memberId: 'nobody' })).error?.code).toBe('member_not_found')
      expect((await call({ templateId: 'nobody' })).error?.code).toBe('message_template_not_found')
    })
  })

  describe('settings', () => {
    const usual = async () => {
      const { version, ...settings } = await settingsOf(server.deps.db)
      return { version, settings }
    }
    const put = (input: object, idempotencyKey?: string) =>
      server.call('PUT /admin/message-settings', input as never, { as, idempotencyKey })

    test('read, changed by version, one of a crowd wins, the same request again changes nothing', async () => {
      const { settings } = await usual()
      const read = await server.call('GET /admin/message-settings', {}, { as })
      expect(read.body).toEqual({ ...settings, version: 0 })
      const key = 'change-the-settings'
      const first = await put({ ...settings, expiryHours: 24, version: 0 }, key)
      expect(first.body).toMatchObject({ expiryHours: 24, version: 1 })
      expect((await put({ ...settings, expiryHours: 24, version: 0 }, key)).body).toEqual(first.body)
      expect((await put({ ...settings, version: 0 })).error?.code).toBe('message_settings_conflict')
      const crowd = await Promise.all(
        Array.from({ length: 6 }, (_, i) => put({ ...settings, expiryHours: 30 + i, version: 1 })),
      )
      expect(crowd.map((c) => c.status).sort()).toEqual([200, ...Array(5).fill(409)])
      expect((await usual()).version).toBe(2)
    })

    test('what no channel could keep is refused', async () => {
      const { settings } = await usual()
      for (const wrong of [
        { rates: { ...settings.rates, wecom: 21 } },
        { rates: { ...settings.rates, sms: 0 } },
        { quiet: { from: '25:00', until: '08:00' } },
        { caps: { ...settings.caps, sms: { day: -1, week: null } } },
        { expiryHours: 0 },
      ])
        expect((await put({ ...settings, ...wrong, version: 0 })).status).toBe(400)
      expect(await rows(server, 'SELECT name FROM message_settings')).toEqual([])
    })
  })

  test('one message, with why it did not go; a message that there is not', async () => {
    const { body: made } = await create({ content: { sms: { template: 'care', text: '{name}', params: ['name'] } } })
    await prefer(server, 'lin', { 'channel:sms': true })
    const ask = { templateId: made.id, memberId: 'lin', channels: ['sms' as const, 'email' as const] }
    await server.call('POST /admin/message-templates/:templateId/test-sends', ask, { as })
    const { body: listed } = await server.call('GET /admin/messages', { memberId: 'lin' }, { as })
    const [email] = listed.items.filter((m) => m.channel === 'email')
    const shown = await server.call('GET /admin/messages/:messageId', { messageId: email.id }, { as })
    expect(shown.body).toMatchObject({ status: 'skipped', reason: 'no_template', why: '这个渠道没有可用的模板' })
    const missing = await server.call('GET /admin/messages/:messageId', { messageId: 'nobody' }, { as })
    expect(missing.error?.code).toBe('message_not_found')
  })
})
