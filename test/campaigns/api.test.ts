import type { Campaign } from '../../server/campaigns/entity'
import { fanOutOnce, fanOutPolicy } from '../../server/campaigns/fan-out'
import type { Message } from '../../server/messages/entity'
import { DAY_MS, HOUR_MS } from '../../shared/time'
import { runJob, template } from '../care/shop'
import { addMembers, rows } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer, testNow } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'

describeEachDatabase('campaigns over HTTP', (database) => {
  let server: TestServer
  let owner: string
  let words: string
  const members = 30
  beforeAll(async () => {
    server = await startServer({ database, env: { LOG_LEVEL: 'warn' } })
    owner = await operatorToken(server, 'owner')
    await addMembers(
      server,
      Array.from({ length: members }, (_, i) => ({
        id: `c${String(i).padStart(2, '0')}`,
        tierLevel: i % 2,
        status: i === 29 ? ('inactive' as const) : ('active' as const),
      })),
    )
    words = await template(server, owner, {
      inbox: { title: '{name}，会员日', text: '周末会员日，{tier}双倍积分', page: 'pages/home/index' },
      sms: { template: 'care', text: '会员日到了', params: [] },
    })
  })
  afterAll(() => server.stop())

  const body = (more: object = {}) => ({
    name: '会员日',
    segmentId: null as string | null,
    templateId: words,
    channels: ['inbox' as const],
    at: null as number | null,
    ...more,
  })
  const create = (more: object = {}, idempotencyKey?: string) =>
    server.call('POST /admin/campaigns', body(more), { as: owner, idempotencyKey })
  const made = async (more: object = {}): Promise<string> => (await create(more)).body.id
  const show = async (campaignId: string) =>
    (await server.call('GET /admin/campaigns/:campaignId', { campaignId }, { as: owner })).body
  const move = async (
    campaignId: string,
    to: 'scheduled' | 'paused' | 'ended',
    version?: number,
    idempotencyKey?: string,
  ) =>
    server.call(
      'POST /admin/campaigns/:campaignId/state',
      { campaignId, version: version ?? (await show(campaignId)).version, to },
      { as: owner, idempotencyKey },
    )
  const row = async (campaignId: string): Promise<Campaign> =>
    (await rows<Campaign>(server, 'SELECT * FROM campaign WHERE id = ?', [campaignId]))[0]
  const outbox = (campaignId: string) =>
    rows<Message>(server, 'SELECT * FROM message WHERE source = ? ORDER BY memberId', [`campaign:${campaignId}`])

  test('is for those who run the shop, and for nobody else', async () => {
    const member = await memberToken(server, 'c00')
    const cashier = await operatorToken(server, 'cashier')
    const auditor = await operatorToken(server, 'auditor')
    const campaignId = await made()
    const draft = { campaignId, version: 1, ...body() }
    const state = { campaignId, version: 1, to: 'scheduled' as const }
    const asked = { segmentId: null, templateId: words, channels: ['inbox' as const], at: null, holdoutPercent: 10 }
    for (const as of [undefined, member, cashier, auditor]) {
      const expected = as ? 403 : 401
      const answers = [
        await server.call('GET /admin/campaigns', {}, { as }),
        await server.call('GET /admin/campaigns/:campaignId', { campaignId }, { as }),
        await server.call('POST /admin/campaigns', body(), { as }),
        await server.call('PUT /admin/campaigns/:campaignId', draft, { as }),
        await server.call('DELETE /admin/campaigns/:campaignId', { campaignId }, { as }),
        await server.call('POST /admin/campaigns/:campaignId/state', state, { as }),
        await server.call('POST /admin/campaigns/forecast', asked, { as }),
      ]
      expect(answers.map((a) => a.status)).toEqual(answers.map(() => expected))
    }
    expect(await row(campaignId)).toMatchObject({ state: 'draft', version: 1 })
  })

  test('a draft: a tenth held back unless said otherwise; one key makes one; unsound ones are refused by name', async () => {
    const first = await create({}, 'campaign-key-1')
    const again = await Promise.all([create({}, 'campaign-key-1'), create({}, 'campaign-key-1')])
    for (const a of again) expect(a.body).toEqual(first.body)
    expect(first.body).toMatchObject({ state: 'draft', version: 1, holdoutPercent: 10, priority: 5, audience: 0 })
    expect((await create({ name: '另一个' }, 'campaign-key-1')).error?.code).toBe('idempotency_key_reused')
    expect(await row(first.body.id)).toMatchObject({
      name: '会员日',
      channels: '["inbox"]',
      holdoutPercent: 10,
      sendAt: 0,
    })
    for (const [more, code] of [
      [{ holdoutPercent: 0 }, 'campaign_invalid'],
      [{ channels: ['inbox', 'inbox'] }, 'campaign_invalid'],
      [{ channels: ['email'] }, 'campaign_invalid'],
      [{ templateId: 'nothing' }, 'message_template_not_found'],
      [{ channels: [] }, 'invalid_input'],
      [{ channels: ['pigeon'] }, 'invalid_input'],
      [{ holdoutPercent: 51 }, 'invalid_input'],
      [{ priority: 0 }, 'invalid_input'],
      [{ name: '' }, 'invalid_input'],
    ] as [object, string][])
      expect([more, (await create(more)).error?.code]).toEqual([more, code])
    expect((await create({ holdoutPercent: 0, holdoutReason: '会员日人人有份' })).status).toBe(200)
  })

  test('changed and deleted as a draft only, by the version that was seen; of two at once one wins', async () => {
    const campaignId = await made()
    const put = (name: string, version: number) =>
      server.call('PUT /admin/campaigns/:campaignId', { campaignId, version, ...body({ name }) }, { as: owner })
    const raced = await Promise.all(Array.from({ length: 6 }, (_, i) => put(`名字${i}`, 1)))
    expect(raced.filter((r) => r.status === 200)).toHaveLength(1)
    expect(raced.filter((r) => r.error?.code === 'campaign_conflict')).toHaveLength(5)
    const [winner] = raced.filter((r) => r.status === 200)
    expect(await row(campaignId)).toMatchObject({ name: winner.body.name, version: 2 })
    await move(campaignId, 'scheduled')
    expect((await put('太晚', 3)).error?.code).toBe('campaign_bad_state')
    const drop = (id: string) => server.call('DELETE /admin/campaigns/:campaignId', { campaignId: id }, { as: owner })
    expect((await drop(campaignId)).error?.code).toBe('campaign_bad_state')
    await move(campaignId, 'ended')
    const other = await made()
    const dropped = await Promise.all([drop(other), drop(other), drop(other)])
    expect(dropped.filter((d) => d.status === 200)).toHaveLength(1)
    expect(dropped.filter((d) => d.error?.code === 'campaign_not_found')).toHaveLength(2)
    expect(await row(other)).toBeUndefined()
  })

  test('moves only where it may go, and once by each version', async () => {
    const campaignId = await made({ at: testNow + DAY_MS })
    expect((await move(campaignId, 'paused')).error?.code).toBe('campaign_bad_state')
    const raced = await Promise.all(Array.from({ length: 5 }, () => move(campaignId, 'scheduled', 1)))
    expect(raced.filter((r) => r.status === 200)).toHaveLength(1)
    expect(raced.filter((r) => r.error?.code === 'campaign_conflict')).toHaveLength(4)
    const paused = await move(campaignId, 'paused', 2, 'campaign-pause-1')
    expect((await move(campaignId, 'paused', 2, 'campaign-pause-1')).body).toEqual(paused.body)
    expect((await move(campaignId, 'ended')).body).toMatchObject({ state: 'ended', finishedAt: testNow })
    for (const to of ['scheduled', 'paused', 'ended'] as const)
      expect((await move(campaignId, to)).error?.code).toBe('campaign_bad_state')
    expect((await move('nobody', 'ended', 1)).error?.code).toBe('campaign_not_found')
  })

  test('goes out once to every active member but the control group, in the words of the moment it began', async () => {
    const campaignId = await made({ at: testNow + HOUR_MS, holdoutPercent: 20 })
    await move(campaignId, 'scheduled')
    await runJob(server, 'campaigns.send')
    // Its hour has not come.
    expect(await outbox(campaignId)).toEqual([])
    const { body: forecast } = await server.call(
      'POST /admin/campaigns/forecast',
      {
        segmentId: null,
        templateId: words,
        channels: ['inbox'],
        at: testNow + HOUR_MS,
        holdoutPercent: 20,
        campaignId,
      },
      { as: owner },
    )
    server.clock.set(testNow + HOUR_MS)
    // Three processes at once, and then the job.
    const now = server.clock.now()
    await Promise.all([1, 2, 3].map(() => server.deps.db.tx((tx) => fanOutOnce(tx, server.deps, campaignId, now))))
    await runJob(server, 'campaigns.send')
    const sent = await outbox(campaignId)
    expect(sent.map((m) => m.memberId)).toEqual(Array.from({ length: 29 }, (_, i) => `c${String(i).padStart(2, '0')}`))
    const held = sent.filter((m) => m.reason === 'holdout')
    expect(held.length).toBeGreaterThan(0)
    expect(sent.filter((m) => m.status === 'sent')).toHaveLength(29 - held.length)
    expect([forecast.audience, forecast.held, forecast.reached]).toEqual([29, held.length, 29 - held.length])
    expect(sent.find((m) => m.status === 'sent')).toMatchObject({
      title: '林晓雨，会员日',
      text: '周末会员日，会员双倍积分',
    })
    expect(await show(campaignId)).toMatchObject({
      state: 'sent',
      audience: 29,
      held: held.length,
      queued: 29 - held.length,
      unsent: 0,
      outcomes: expect.arrayContaining([
        { channel: 'inbox', status: 'skipped', reason: 'holdout', text: expect.any(String), count: held.length },
      ]),
    })
    const list = await server.call('GET /admin/campaigns', { state: 'sent', limit: 1 }, { as: owner })
    expect(list.body.items.map((c) => c.id)).toEqual([campaignId])
  })

  test('paused in the middle it goes on where it was; a segment’s members get it and nobody else', async () => {
    const tree = { join: 'all' as const, of: [{ field: 'tier', op: 'in' as const, value: ['1'] }] }
    const segment = await server.call('POST /admin/segments', { name: '一级', tree }, { as: owner })
    await runJob(server, 'segments.facts')
    await runJob(server, 'segments.refresh')
    const segmentId = segment.body.id
    const campaignId = await made({ segmentId, holdoutPercent: 0, holdoutReason: '测试' })
    // A segment that something needs stays.
    expect(
      (
        await server.call(
          'DELETE /admin/segments/:segmentId',
          { segmentId, version: segment.body.version },
          { as: owner },
        )
      ).status,
    ).toBe(409)
    await move(campaignId, 'scheduled')
    const policy = fanOutPolicy as { list: number }
    const usual = policy.list
    policy.list = 5
    try {
      const now = server.clock.now()
      expect(await server.deps.db.tx((tx) => fanOutOnce(tx, server.deps, campaignId, now))).toBe(5)
      await move(campaignId, 'paused')
      expect(await server.deps.db.tx((tx) => fanOutOnce(tx, server.deps, campaignId, now))).toBeNull()
      expect(await outbox(campaignId)).toHaveLength(5)
      // What the template says from now on is for the next campaign.
      const { body: shown } = await server.call('GET /admin/message-templates', {}, { as: owner })
      const { version, name, topic, content } = shown.items.find((t) => t.id === words) as (typeof shown.items)[number]
      const changed = { ...content, inbox: { title: '改过', text: '改过', page: null } }
      await server.call(
        'PUT /admin/message-templates/:templateId',
        { templateId: words, version, name, topic, content: changed, archived: false },
        { as: owner },
      )
      expect((await move(campaignId, 'scheduled')).body.state).toBe('sending')
      await runJob(server, 'campaigns.send')
    } finally {
      policy.list = usual
    }
    const sent = await outbox(campaignId)
    expect(sent.map((m) => m.memberId)).toEqual(
      Array.from({ length: 14 }, (_, i) => `c${String(2 * i + 1).padStart(2, '0')}`),
    )
    expect(new Set(sent.map((m) => m.title))).toEqual(new Set(['林晓雨，会员日']))
    expect(await show(campaignId)).toMatchObject({ state: 'sent', audience: 14, queued: 14, segmentName: '一级' })
  })
})
