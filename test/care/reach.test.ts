import { identityHashOf } from '../../server/members/lookup'
import type { Message } from '../../server/messages/entity'
import { sendDue } from '../../server/messages/service'
import { addMembers, ownerToken, rows, templateId } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { runJob, template } from './shop'

const members = 1000
const memberId = (i: number): string => `r${String(i).padStart(4, '0')}`
/** Rights that a member holds: none, one, two or three. */
const rightsOf = (i: number): number => i % 4

describeEachDatabase('a forecast is what then happens', (database) => {
  let server: TestServer
  let as: string
  beforeAll(async () => {
    server = await startServer({ database, env: { LOG_LEVEL: 'warn' } })
    as = await ownerToken(server)
    await addMembers(
      server,
      Array.from({ length: members }, (_, i) => ({ id: memberId(i), personalised: i % 50 === 7 ? 0 : 1 })),
    )
    const people: { memberId: string; openid: string }[] = []
    for (let from = 0; from < members; from += 50)
      await Promise.all(
        Array.from({ length: 50 }, async (_, n) => {
          const i = from + n
          const grants = { [templateId('coupon')]: rightsOf(i) }
          const phone = `139${String(10_000_000 + i)}`
          const person = { key: memberId(i), nickname: '会员', phone, grants }
          const user = await server.sandbox<{ openid: string }>('users', person)
          people.push({ memberId: memberId(i), openid: user.openid })
        }),
      )
    const { keys, db } = server.deps
    await db.tx(async (tx) => {
      tx.insert(
        'member_identity',
        people.map((p) => ({
          kind: 'openid',
          valueHash: identityHashOf(keys, { kind: 'openid', value: p.openid }),
          memberId: p.memberId,
          valueSealed: keys.seal(p.openid),
          createdAt: 0,
        })),
      )
      tx.insert(
        'subscribe_grant',
        Array.from({ length: members }, (_, i) =>
          Array.from({ length: rightsOf(i) }, (_, r) => ({
            id: `g${memberId(i)}${r}`,
            memberId: memberId(i),
            templateId: templateId('coupon'),
            sourceKey: `report:${memberId(i)}:${r}`,
            status: 'open',
            grantedAt: server.clock.now() - 1000,
          })),
        ).flat(),
      )
      // Some have turned offers off, some have had their share of today.
      tx.insert(
        'message_preference',
        Array.from({ length: 40 }, (_, i) => ({
          memberId: memberId(i * 25 + 1),
          subject: 'topic:offer',
          allowed: 0,
          at: 0,
        })),
      )
      const today = '2026-11-22'
      const told = (i: number, n: number) => ({
        id: `t${memberId(i)}${n}`,
        dedupeKey: `told:${i}:${n}`,
        memberId: memberId(i),
        channel: 'subscribe',
        kind: 'offer',
        title: '',
        text: '',
        status: 'sent',
        nextAttemptAt: 0,
        createdAt: 0,
        countsOn: today,
      })
      tx.insert('message', Array.from({ length: 30 }, (_, i) => [told(i * 33 + 2, 1), told(i * 33 + 2, 2)]).flat())
    })
  }, 400_000)
  afterAll(() => server.stop())

  test('1,000 members with 0 to 3 rights each, caps, preferences and a control group', async () => {
    const words = await template(server, as, {
      subscribe: {
        template: 'coupon',
        fields: { thing1: '会员日券', amount2: '30元', date3: '2026-12-31', thing4: '点击查看' },
        page: 'pages/home/index',
      },
      sms: { template: 'care', text: '会员日到了', params: [] },
    })
    const body = {
      segmentId: null,
      templateId: words,
      channels: ['subscribe' as const, 'sms' as const],
      at: null,
      holdoutPercent: 10,
    }
    const made = await server.call('POST /admin/campaigns', { name: '会员日', ...body }, { as })
    expect(made.status).toBe(200)
    const campaignId = made.body.id
    const { body: forecast } = await server.call('POST /admin/campaigns/forecast', { ...body, campaignId }, { as })
    expect(forecast.audience).toBe(members)
    await server.call('POST /admin/campaigns/:campaignId/state', { campaignId, version: 1, to: 'scheduled' }, { as })
    await runJob(server, 'campaigns.send')
    for (let round = 0; round < 3; round++) {
      await sendDue(server.deps, { limit: 100 })
      server.clock.advance(61_000)
    }
    const outbox = await rows<Message>(server, 'SELECT * FROM message WHERE source = ?', [`campaign:${campaignId}`])
    const of = (channel: string, status: string): Message[] =>
      outbox.filter((m) => m.channel === channel && m.status === status)
    const reached = new Set(outbox.filter((m) => m.status === 'sent').map((m) => m.memberId))
    expect(reached.size).toBe(forecast.reached)
    expect(forecast.reached).toBeGreaterThan(500)
    expect(of('subscribe', 'sent')).toHaveLength(forecast.channels[0].reached)
    expect(outbox.filter((m) => m.reason === 'holdout')).toHaveLength(forecast.held)
    for (const { channel, reasons } of forecast.channels)
      for (const { reason, members: expected } of reasons)
        expect([channel, reason, of(channel, 'skipped').filter((m) => m.reason === reason).length]).toEqual([
          channel,
          reason,
          expected,
        ])
    // Nobody without a right was written to, and every member has a row that says what became of it.
    expect([...reached].every((id) => rightsOf(Number(id.slice(1))) > 0)).toBe(true)
    expect(new Set(outbox.map((m) => m.memberId)).size).toBe(members)
    const state = await (await fetch(`${server.url}/__wechat/__control/state`)).json()
    expect(state.sends).toBe(Math.min(500, forecast.channels[0].reached))
    const shown = await server.call('GET /admin/campaigns/:campaignId', { campaignId }, { as })
    expect(shown.body).toMatchObject({
      state: 'sent',
      audience: members,
      held: forecast.held,
      queued: forecast.reached,
    })
  }, 400_000)
})
