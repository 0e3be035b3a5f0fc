import { appendEvents } from '../../server/interactions/service'
import type { JourneyRun, JourneyStep } from '../../server/journeys/entity'
import { DAY_MS, HOUR_MS } from '../../shared/time'
import { addMembers, ownerToken, rows, tokenOf } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer } from '../support/server'
import { draft, publish, runJob, template } from './shop'

describeEachDatabase('journeys', (database) => {
  let server: TestServer
  let as: string
  let words: string
  beforeAll(async () => {
    server = await startServer({ database })
    as = await ownerToken(server)
    await addMembers(
      server,
      Array.from({ length: 40 }, (_, i) => ({ id: `m${String(i).padStart(2, '0')}`, tierLevel: i % 2 })),
    )
    words = await template(server, as, { inbox: { title: '你好 {name}', text: '谢谢你来', page: null } }, 'service')
  })
  afterAll(() => server.stop())

  const happen = (memberId: string, type: string, target: string | null = null): Promise<void> =>
    server.deps.db.tx(async (tx) => {
      const at = server.clock.now()
      const event = { memberId, eventId: `${type}-${memberId}-${at}`, type, at, origin: 'server' as const }
      appendEvents(tx, [target ? { ...event, target } : event], at)
    })
  const go = async (ms = 60_000): Promise<void> => {
    server.clock.advance(ms)
    await runJob(server, 'journeys.run')
    // A session does not outlive the days that pass here.
    as = await tokenOf(server, 'operator', 'owner')
  }
  const runsOf = (journeyId: string) =>
    rows<JourneyRun>(server, 'SELECT * FROM journey_run WHERE journeyId = ? ORDER BY memberId, id', [journeyId])
  const stepsOf = (journeyId: string) =>
    rows<JourneyStep>(server, 'SELECT * FROM journey_step WHERE journeyId = ? ORDER BY runId, at', [journeyId])

  test('the built-in ones are there: readable, sound, and four of them running', async () => {
    await go()
    const { body } = await server.call('GET /admin/journeys', {}, { as })
    expect(body.items).toHaveLength(12)
    expect(
      body.items
        .filter((j) => j.state === 'published')
        .map((j) => j.builtIn)
        .sort(),
    ).toEqual(['anniversary', 'birthday', 'coupon_expiring', 'points_expiring'])
    for (const { id, triggerText } of body.items) {
      const shown = await server.call('GET /admin/journeys/:journeyId', { journeyId: id }, { as })
      expect(shown.body.problems).toEqual([])
      expect(triggerText.length).toBeGreaterThan(2)
    }
    await go()
    expect((await server.call('GET /admin/journeys', {}, { as })).body.items).toHaveLength(12)
  })

  test('an event starts it; condition, points, wait for an event, goal; every effect once', async () => {
    const journeyId = await publish(
      server,
      as,
      draft({
        trigger: { kind: 'event', event: 'search' },
        start: 'high',
        nodes: [
          {
            id: 'high',
            kind: 'condition',
            test: { match: 'all', tests: [{ kind: 'field', field: 'tierLevel', op: 'gte', value: 1 }] },
            yes: 'points',
            no: 'task',
          },
          { id: 'points', kind: 'points', points: 20, note: '谢谢', next: 'wait' },
          { id: 'task', kind: 'task', title: '联系会员', note: '', dueDays: 1, next: 'wait' },
          { id: 'wait', kind: 'wait_event', event: 'share', amount: 2, unit: 'day', next: 'tell', timeout: 'late' },
          { id: 'tell', kind: 'message', templateId: words, channels: ['inbox'], next: null },
          { id: 'late', kind: 'exit', reason: '没有分享' },
        ],
        goal: { event: 'purchase', days: 7, exit: true },
        reentry: { kind: 'once' },
      }),
    )
    for (const id of ['m00', 'm01', 'm02', 'm03']) await happen(id, 'search')
    await go()
    await go()
    expect((await runsOf(journeyId)).map((r) => [r.memberId, r.state, r.nodeId])).toEqual([
      ['m00', 'active', 'wait'],
      ['m01', 'active', 'wait'],
      ['m02', 'active', 'wait'],
      ['m03', 'active', 'wait'],
    ])
    await happen('m00', 'share')
    await happen('m01', 'purchase')
    await go()
    await happen('m00', 'search')
    await go(2 * DAY_MS)
    expect((await runsOf(journeyId)).map((r) => [r.memberId, r.state, r.endReason])).toEqual([
      ['m00', 'done', null],
      ['m01', 'exited', 'goal'],
      ['m02', 'exited', '没有分享'],
      ['m03', 'exited', '没有分享'],
    ])
    expect((await stepsOf(journeyId)).map((s) => s.outcome).sort()).toEqual(
      [
        'yes',
        'yes',
        'no',
        'no',
        'given',
        'given',
        'given',
        'given',
        'happened',
        'sent:inbox',
        'timeout',
        'timeout',
        'exit',
        'exit',
      ].sort(),
    )
    const points = await rows<{ memberId: string }>(
      server,
      "SELECT memberId FROM points_entry WHERE sourceType = 'journey' ORDER BY memberId",
    )
    expect(points.map((p) => p.memberId)).toEqual(['m01', 'm03'])
    const report = await server.call('GET /admin/journeys/:journeyId/report', { journeyId }, { as })
    expect(report.body).toMatchObject({ entered: 4, finished: 1, exited: 3, treated: { members: 4, goals: 1 } })
    expect(report.body.nodes.find((n) => n.nodeId === 'high')?.arrived).toBe(4)
    const tasks = await server.call('GET /staff/tasks', {}, { as })
    expect(tasks.body.items.map((t) => t.memberId).sort()).toEqual(['m00', 'm02'])
  })

  test('members on the way stay on their version; a pause holds them, an end lets them go', async () => {
    const version = (first: number) =>
      draft({
        trigger: { kind: 'manual' },
        start: 'wait',
        nodes: [
          { id: 'wait', kind: 'wait', amount: 1, unit: 'hour', next: 'points' },
          { id: 'points', kind: 'points', points: first, note: '版本', next: null },
        ],
      })
    const journeyId = await publish(server, as, version(1))
    await server.call('POST /admin/journeys/:journeyId/enrolments', { journeyId, memberIds: ['m10'] }, { as })
    await go()
    const shown = await server.call('GET /admin/journeys/:journeyId', { journeyId }, { as })
    const saved = await server.call(
      'PUT /admin/journeys/:journeyId',
      { journeyId, revision: shown.body.revision, name: '改过', definition: version(2) },
      { as },
    )
    const stale = await server.call(
      'PUT /admin/journeys/:journeyId',
      { journeyId, revision: shown.body.revision, name: '旧的', definition: version(3) },
      { as },
    )
    expect([stale.status, stale.error?.code]).toEqual([409, 'journey_conflict'])
    const move = async (revision: number, to: 'published' | 'paused' | 'ended') =>
      (await server.call('POST /admin/journeys/:journeyId/state', { journeyId, revision, to }, { as })).body
    const second = await move(saved.body.revision, 'published')
    expect(second.version).toBe(2)
    await server.call('POST /admin/journeys/:journeyId/enrolments', { journeyId, memberIds: ['m11'] }, { as })
    await go()
    const paused = await move(second.revision, 'paused')
    await go(3 * HOUR_MS)
    expect((await runsOf(journeyId)).map((r) => r.state)).toEqual(['active', 'active'])
    const resumed = await move(paused.revision, 'published')
    await go()
    const given = await rows<{ memberId: string; amount: number }>(
      server,
      "SELECT memberId, amount FROM points_entry WHERE note = '版本' ORDER BY memberId",
    )
    expect(given).toEqual([
      { memberId: 'm10', amount: 1 },
      { memberId: 'm11', amount: 2 },
    ])
    await server.call('POST /admin/journeys/:journeyId/enrolments', { journeyId, memberIds: ['m12'] }, { as })
    await move(resumed.revision, 'ended')
    await go(DAY_MS)
    expect((await runsOf(journeyId)).map((r) => [r.memberId, r.state])).toEqual([
      ['m10', 'done'],
      ['m11', 'done'],
      ['m12', 'exited'],
    ])
  })

  test('the control group is entered and left alone, and its goals are counted', async () => {
    const journeyId = await publish(
      server,
      as,
      draft({
        trigger: { kind: 'manual' },
        start: 'points',
        nodes: [{ id: 'points', kind: 'points', points: 5, note: '对照', next: null }],
        goal: { event: 'share', days: 7, exit: true },
        holdout: { percent: 50 },
      }),
    )
    const memberIds = Array.from({ length: 40 }, (_, i) => `m${String(i).padStart(2, '0')}`)
    const { body } = await server.call('POST /admin/journeys/:journeyId/enrolments', { journeyId, memberIds }, { as })
    expect(body.entered + body.held).toBe(40)
    expect(body.held).toBeGreaterThan(8)
    expect(body.held).toBeLessThan(32)
    await go()
    const runs = await runsOf(journeyId)
    const held = runs.find((r) => r.state === 'held')?.memberId ?? ''
    await happen(held, 'share')
    await go()
    const given = await rows(server, "SELECT memberId FROM points_entry WHERE note = '对照'")
    expect(given).toHaveLength(body.entered)
    const report = await server.call('GET /admin/journeys/:journeyId/report', { journeyId }, { as })
    expect(report.body.held).toEqual({ members: body.held, goals: 1 })
  })

  test('what is wrong is said at its node; nothing unsound is published', async () => {
    const definition = draft({
      trigger: { kind: 'event', event: 'purchase' },
      start: 'a',
      nodes: [
        { id: 'a', kind: 'wait', amount: 1, unit: 'day', next: 'b' },
        { id: 'b', kind: 'message', templateId: 'nothing', channels: ['sms'], next: 'a' },
        { id: 'c', kind: 'exit' },
      ],
      holdout: { percent: 0 },
    })
    const { body } = await server.call('POST /admin/journeys/check', { definition }, { as })
    expect(body.problems.map((p) => p.path).sort()).toEqual([
      'holdout.reason',
      'nodes.a',
      'nodes.b.templateId',
      'nodes.c',
    ])
    const made = await server.call('POST /admin/journeys', { name: '不行', definition }, { as })
    const refused = await server.call(
      'POST /admin/journeys/:journeyId/state',
      { journeyId: made.body.id, revision: 1, to: 'published' },
      { as },
    )
    expect([refused.status, refused.error?.code]).toEqual([400, 'journey_invalid'])
    const member = await tokenOf(server, 'member', 'm00')
    expect((await server.call('GET /admin/journeys', {}, { as: member })).status).toBe(403)
  })

  test('a simulation tells the way by virtual time and changes nothing', async () => {
    const definition = draft({
      trigger: { kind: 'event', event: 'join' },
      start: 'hello',
      nodes: [
        { id: 'hello', kind: 'message', templateId: words, channels: ['inbox'], next: 'wait' },
        { id: 'wait', kind: 'wait_event', event: 'purchase', amount: 3, unit: 'day', next: 'points', timeout: null },
        { id: 'points', kind: 'points', points: 9, note: '首单', next: null },
      ],
    })
    const before = await rows(server, 'SELECT id FROM message')
    const events = [{ event: 'purchase', afterHours: 30 }]
    const { body } = await server.call('POST /admin/journeys/simulate', { definition, memberId: 'm05', events }, { as })
    expect(body.enters).toBe(true)
    expect(body.steps.map((s) => s.nodeId)).toEqual([null, 'hello', 'wait', 'points'])
    expect(body.endedAt).toBe(server.clock.now() + 30 * HOUR_MS)
    expect(await rows(server, 'SELECT id FROM message')).toHaveLength(before.length)
    const day = '2026-11-22'
    const shown = await server.call('GET /admin/journey-calendar', { from: day, days: 14 }, { as })
    expect(shown.body.days).toHaveLength(14)
  })
})
