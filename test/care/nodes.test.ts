import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { appendEvents } from '../../server/interactions/service'
import type { JourneyRun, JourneyStep } from '../../server/journeys/entity'
import { sendDue } from '../../server/messages/service'
import { DAY_MS, dateTime, HOUR_MS, MINUTE_MS } from '../../shared/time'
import { publishGiftCoupon } from '../campaigns/shop'
import { addMembers, rows } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer, testNow } from '../support/server'
import { operatorToken } from '../support/tokens'
import { draft, publish, runJob, template } from './shop'

describeEachDatabase('nodes, exits and coming again', (database) => {
  let server: TestServer
  let as: string
  let words: string
  const ids = Array.from({ length: 60 }, (_, i) => `n${String(i).padStart(2, '0')}`)
  beforeAll(async () => {
    server = await startServer({ database, env: { LOG_LEVEL: 'warn' } })
    as = await operatorToken(server, 'owner')
    await addMembers(
      server,
      ids.map((id, i) => ({ id, tierLevel: i % 3 })),
    )
    words = await template(server, as, { inbox: { title: '你好', text: '你好', page: null } }, 'service')
  })
  afterAll(() => server.stop())
  beforeEach(() => server.clock.advance(DAY_MS))

  const enrol = async (journeyId: string, memberIds: string[]) =>
    (await server.call('POST /admin/journeys/:journeyId/enrolments', { journeyId, memberIds }, { as })).body
  const go = async (ms = MINUTE_MS): Promise<void> => {
    server.clock.advance(ms)
    await runJob(server, 'journeys.run')
  }
  const happen = (memberId: string, type: string): Promise<void> =>
    server.deps.db.tx(async (tx) => {
      const at = server.clock.now()
      appendEvents(tx, [{ memberId, eventId: `${type}-${memberId}-${at}`, type, at, origin: 'server' }], at)
    })
  const runsOf = (journeyId: string) =>
    rows<JourneyRun>(server, 'SELECT * FROM journey_run WHERE journeyId = ? ORDER BY memberId, id', [journeyId])
  /** Outcomes by node, of one member or of all. */
  const outcomesOf = async (journeyId: string): Promise<Record<string, string[]>> => {
    const steps = await rows<JourneyStep & { memberId: string }>(
      server,
      'SELECT s.*, r.memberId FROM journey_step s JOIN journey_run r ON r.id = s.runId WHERE s.journeyId = ? ORDER BY r.memberId, s.runId, s.at, s.nodeId',
      [journeyId],
    )
    const found: Record<string, string[]> = {}
    for (const s of steps) found[s.memberId] = [...(found[s.memberId] ?? []), `${s.nodeId} ${s.outcome}`]
    return found
  }
  const state = async (journeyId: string, to: 'published' | 'paused' | 'ended') => {
    const { body } = await server.call('GET /admin/journeys/:journeyId', { journeyId }, { as })
    return server.call('POST /admin/journeys/:journeyId/state', { journeyId, revision: body.revision, to }, { as })
  }
  const level = (value: number) => ({
    match: 'all' as const,
    tests: [{ kind: 'field' as const, field: 'tierLevel', op: 'eq' as const, value }],
  })
  const points = (id: string, note: string, next: string | null = null) => ({
    id,
    kind: 'points' as const,
    points: 1,
    note,
    next,
  })

  test('a branch takes the first way that fits; a split is the same for a member whenever they come', async () => {
    const arms = [
      { key: 'a', name: '甲', weight: 1, next: null },
      { key: 'b', name: '乙', weight: 1, next: null },
    ]
    const journeyId = await publish(
      server,
      as,
      draft({
        trigger: { kind: 'manual' },
        start: 'ways',
        nodes: [
          {
            id: 'ways',
            kind: 'branch',
            branches: [
              { name: '一级', test: level(1), next: 'split' },
              { name: '二级', test: level(2), next: 'split' },
              { name: '还是二级', test: level(2), next: null },
            ],
            otherwise: 'split',
          },
          { id: 'split', kind: 'split', arms },
        ],
      }),
    )
    await enrol(journeyId, ids)
    await enrol(journeyId, ids)
    await go()
    const found = await outcomesOf(journeyId)
    for (const [i, id] of ids.entries()) {
      const way = `ways ${['otherwise', 'branch:0', 'branch:1'][i % 3]}`
      expect(found[id].filter((step) => step.startsWith('ways'))).toEqual([way, way])
      expect(new Set(found[id].filter((step) => step.startsWith('split'))).size).toBe(1)
      expect(found[id]).toHaveLength(4)
    }
    const inA = ids.filter((id) => found[id].includes('split arm:a')).length
    expect(inA).toBeGreaterThan(12)
    expect(inA).toBeLessThan(48)
  })

  test('waits: for a time, until a civil time on some weekdays, until an event or its time-out', async () => {
    server.clock.set(testNow + 8 * DAY_MS)
    const journeyId = await publish(
      server,
      as,
      draft({
        trigger: { kind: 'manual' },
        start: 'wait',
        nodes: [
          { id: 'wait', kind: 'wait', amount: 90, unit: 'minute', next: 'until' },
          { id: 'until', kind: 'wait_until', at: '08:30', afterDays: 0, weekdays: [3, 6], next: 'event' },
          { id: 'event', kind: 'wait_event', event: 'share', amount: 1, unit: 'day', next: 'yes', timeout: 'no' },
          { id: 'yes', kind: 'exit', reason: '来了' },
          { id: 'no', kind: 'exit', reason: '没来' },
        ],
      }),
    )
    await enrol(journeyId, ['n00', 'n01'])
    const due = async () => (await runsOf(journeyId)).map((r) => `${r.nodeId} ${r.dueAt && dateTime(r.dueAt)}`)
    await go(0)
    // Monday, 2026-11-30 10:00.
    expect(await due()).toEqual(Array(2).fill('wait 2026-11-30 11:30'))
    await go(89 * MINUTE_MS)
    expect(await due()).toEqual(Array(2).fill('wait 2026-11-30 11:30'))
    // What happens before a node is reached is not what it waits for.
    await happen('n00', 'share')
    await go(MINUTE_MS)
    expect(await due()).toEqual(Array(2).fill('until 2026-12-02 08:30'))
    await go(45 * HOUR_MS)
    expect(await due()).toEqual(Array(2).fill('event 2026-12-03 08:30'))
    server.clock.advance(HOUR_MS)
    await happen('n01', 'share')
    await go()
    await go(DAY_MS)
    expect((await runsOf(journeyId)).map((r) => [r.memberId, r.state, r.endReason])).toEqual([
      ['n00', 'exited', '没来'],
      ['n01', 'exited', '来了'],
    ])
  })

  test('coupon, growth, tags put on and taken off; a refusal is an outcome and the way goes on', async () => {
    const coupon = await publishGiftCoupon(server, null, 2)
    const tag = async (name: string): Promise<string> =>
      (await server.call('POST /admin/tags', { name, category: '关怀', kind: 'manual' }, { as })).body.id
    const [on, off] = [await tag('打上'), await tag('拿下')]
    await server.call('POST /admin/tags/:tagId/members', { tagId: off, memberIds: ['n03', 'n04', 'n05'] }, { as })
    const journeyId = await publish(
      server,
      as,
      draft({
        trigger: { kind: 'manual' },
        start: 'coupon',
        nodes: [
          { id: 'coupon', kind: 'coupon', templateId: coupon, next: 'growth' },
          { id: 'growth', kind: 'growth', growth: 5, next: 'on' },
          { id: 'on', kind: 'tag', tagId: on, next: 'off' },
          { id: 'off', kind: 'tag', tagId: off, remove: true, next: null },
        ],
      }),
    )
    await enrol(journeyId, ['n03', 'n04', 'n05'])
    await go()
    await go()
    const found = await outcomesOf(journeyId)
    const rest = ['growth given', 'off removed', 'on given']
    expect(Object.values(found).map((f) => f.slice(1))).toEqual([rest, rest, rest])
    expect(
      Object.values(found)
        .map((f) => f[0])
        .sort(),
    ).toEqual(['coupon given', 'coupon given', 'coupon refused:coupon_out_of_stock'])
    expect((await runsOf(journeyId)).every((r) => r.state === 'done')).toBe(true)
    const tagged = (tagId: string) =>
      rows<{ memberId: string }>(server, 'SELECT memberId FROM member_tag WHERE tagId = ? ORDER BY memberId', [tagId])
    expect((await tagged(on)).map((t) => t.memberId)).toEqual(['n03', 'n04', 'n05'])
    expect(await tagged(off)).toEqual([])
    const grown = await rows(server, "SELECT memberId FROM growth_entry WHERE sourceType = 'journey' AND amount = 5")
    expect(grown).toHaveLength(3)
    const report = await server.call('GET /admin/journeys/:journeyId/report', { journeyId }, { as })
    expect(report.body.nodes[0].outcomes).toContainEqual(
      expect.objectContaining({ outcome: 'refused:coupon_out_of_stock', members: 1 }),
    )
    expect(report.body.cost).toMatchObject({ coupons: 2 })
  })

  test('a webhook is called once with the run’s own names, and again only until it answers', async () => {
    const calls: { id: string; memberId: string; status: number }[] = []
    const hook = createServer((req, res) => {
      let body = ''
      req.on('data', (part) => {
        body += part
      })
      req.on('end', () => {
        const told = JSON.parse(body) as { memberId: string; type: string; journeyId: string }
        const before = calls.filter((c) => c.memberId === told.memberId).length
        const status = told.memberId === 'n07' && !before ? 503 : 200
        calls.push({ id: String(req.headers['x-huiyuan-delivery'] ?? ''), memberId: told.memberId, status })
        res.writeHead(status).end()
      })
    })
    await new Promise<void>((done) => hook.listen(0, '127.0.0.1', done))
    try {
      const { port } = hook.address() as AddressInfo
      const url = `http://127.0.0.1:${port}/`
      const endpoint = await server.call(
        'POST /admin/message-endpoints',
        { channel: 'webhook', name: '系统', url },
        { as },
      )
      const journeyId = await publish(
        server,
        as,
        draft({
          trigger: { kind: 'manual' },
          start: 'hook',
          nodes: [{ id: 'hook', kind: 'webhook', endpointId: endpoint.body.id, next: null }],
        }),
      )
      await enrol(journeyId, ['n06', 'n07', 'n08'])
      await go()
      await go()
      for (let round = 0; round < 3; round++) {
        await sendDue(server.deps, { limit: 50 })
        server.clock.advance(11_000)
      }
      expect(calls.map((c) => `${c.memberId} ${c.status}`).sort()).toEqual(['n06 200', 'n07 200', 'n07 503', 'n08 200'])
      const repeated = calls.filter((c) => c.memberId === 'n07')
      expect(new Set(repeated.map((c) => c.id)).size).toBe(1)
      expect(await outcomesOf(journeyId)).toEqual({ n06: ['hook queued'], n07: ['hook queued'], n08: ['hook queued'] })
    } finally {
      hook.close()
    }
  })

  test('exits end it early, and a goal that does not end it is counted all the same', async () => {
    const journeyId = await publish(
      server,
      as,
      draft({
        trigger: { kind: 'manual' },
        start: 'wait',
        nodes: [{ id: 'wait', kind: 'wait', amount: 2, unit: 'hour', next: 'points' }, points('points', '出口')],
        exits: [{ event: 'refund' }],
        goal: { event: 'purchase', days: 7, exit: false },
      }),
    )
    await enrol(journeyId, ['n10', 'n11', 'n12'])
    await go()
    await happen('n10', 'refund')
    await happen('n11', 'purchase')
    await go()
    await go(2 * HOUR_MS)
    // After it is over, and within the seven days.
    await happen('n12', 'purchase')
    await happen('n12', 'refund')
    await go()
    const found = await runsOf(journeyId)
    expect(found.map((r) => [r.memberId, r.state, r.endReason, r.goalAt !== null])).toEqual([
      ['n10', 'exited', 'event:refund', false],
      ['n11', 'done', null, true],
      ['n12', 'done', null, true],
    ])
    const given = await rows<{ memberId: string }>(
      server,
      "SELECT memberId FROM points_entry WHERE note = '出口' ORDER BY memberId",
    )
    expect(given.map((g) => g.memberId)).toEqual(['n11', 'n12'])
  })

  test.each([
    ['once', { kind: 'once' as const }, [1, 0, 0, 0]],
    ['three days apart', { kind: 'after' as const, days: 3 }, [1, 0, 0, 1]],
    ['always', { kind: 'always' as const }, [1, 1, 1, 1]],
  ])('coming again: %s', async (_, reentry, entered) => {
    const journeyId = await publish(
      server,
      as,
      draft({
        trigger: { kind: 'event', event: 'checkin' },
        start: 'points',
        nodes: [points('points', '重复')],
        reentry,
      }),
    )
    const counts: number[] = []
    let before = 0
    for (const days of [0, 1, 1, 2]) {
      server.clock.advance(days * DAY_MS)
      await happen('n20', 'checkin')
      await go()
      await go()
      const now = (await runsOf(journeyId)).length
      counts.push(now - before)
      before = now
    }
    expect(counts).toEqual(entered)
    await state(journeyId, 'ended')
  })

  test('two occasions in one instant do not get past the pause between two entries', async () => {
    const journeyId = await publish(
      server,
      as,
      draft({
        trigger: { kind: 'manual' },
        start: 'points',
        nodes: [points('points', '同时')],
        reentry: { kind: 'after', days: 3 },
      }),
    )
    const answers = await Promise.all(Array.from({ length: 6 }, () => enrol(journeyId, ['n21', 'n22'])))
    expect(answers.reduce((n, a) => n + a.entered, 0)).toBe(2)
    expect(answers.reduce((n, a) => n + a.refused, 0)).toBe(10)
    await go()
    const given = await rows(server, "SELECT memberId FROM points_entry WHERE note = '同时'")
    expect(given).toHaveLength(2)
  })

  test('a pause holds who is on the way and lets nobody in; an end lets go, and nothing of it happens later', async () => {
    const journeyId = await publish(
      server,
      as,
      draft({
        trigger: { kind: 'event', event: 'review' },
        start: 'wait',
        nodes: [{ id: 'wait', kind: 'wait', amount: 1, unit: 'hour', next: 'points' }, points('points', '暂停')],
      }),
    )
    await happen('n30', 'review')
    await go()
    expect((await state(journeyId, 'paused')).body.state).toBe('paused')
    await happen('n31', 'review')
    expect(
      (await server.call('POST /admin/journeys/:journeyId/enrolments', { journeyId, memberIds: ['n32'] }, { as })).error
        ?.code,
    ).toBe('journey_bad_state')
    await go(5 * HOUR_MS)
    expect((await runsOf(journeyId)).map((r) => [r.memberId, r.state, r.nodeId])).toEqual([['n30', 'active', 'wait']])
    await state(journeyId, 'published')
    await go()
    const given = () =>
      rows<{ memberId: string }>(server, "SELECT memberId FROM points_entry WHERE note = '暂停' ORDER BY memberId")
    expect(await given()).toEqual([{ memberId: 'n30' }])
    await happen('n33', 'review')
    await go()
    const ended = await state(journeyId, 'ended')
    expect([ended.body.state, ended.body.active]).toEqual(['ended', 0])
    await happen('n34', 'review')
    await go(5 * HOUR_MS)
    expect(await given()).toEqual([{ memberId: 'n30' }])
    expect((await runsOf(journeyId)).map((r) => [r.memberId, r.state, r.endReason])).toEqual([
      ['n30', 'done', null],
      ['n33', 'exited', 'journey_ended'],
    ])
    expect((await state(journeyId, 'published')).error?.code).toBe('journey_bad_state')
  })

  test('a tenth is held back unless somebody says otherwise, and the holdout of everything holds back too', async () => {
    const definition = draft({ trigger: { kind: 'manual' }, start: 'points', nodes: [points('points', '对照')] })
    const { holdout: _, ...unsaid } = definition
    const made = await server.call('POST /admin/journeys', { name: '默认', definition: unsaid }, { as })
    expect(made.body.definition.holdout).toEqual({ percent: 10, reason: '' })
    const settings = {
      version: 0,
      holdoutPercent: 50,
      holdoutReason: '全局',
      marginPercent: 40,
      pointCostBp: 100,
      smsFen: 5,
    }
    expect((await server.call('PUT /admin/experiments/settings', settings, { as })).status).toBe(200)
    const held = async (percent: number): Promise<Set<string>> => {
      const journeyId = await publish(
        server,
        as,
        draft({
          trigger: { kind: 'manual' },
          start: 'points',
          nodes: [points('points', `对照 ${percent}`)],
          holdout: { percent, reason: percent ? '' : '承诺' },
        }),
      )
      await enrol(journeyId, ids)
      await go()
      const runs = await runsOf(journeyId)
      expect(runs).toHaveLength(ids.length)
      const kept = runs.filter((r) => r.state === 'held').map((r) => r.memberId)
      const given = await rows<{ memberId: string }>(server, 'SELECT memberId FROM points_entry WHERE note = ?', [
        `对照 ${percent}`,
      ])
      expect(given.map((g) => g.memberId).sort()).toEqual(ids.filter((id) => !kept.includes(id)))
      return new Set(kept)
    }
    const [one, two] = [await held(1), await held(2)]
    // The same members are kept from both: it is one holdout, beside which each journey has a small one of its own.
    expect([...one].filter((id) => two.has(id)).length).toBeGreaterThan(15)
    // What is owed to everybody holds back nobody.
    expect((await held(0)).size).toBe(0)
    await server.call('PUT /admin/experiments/settings', { ...settings, version: 1, holdoutPercent: 0 }, { as })
  })

  test('one member who cannot be moved on does not stop the others', async () => {
    const tag = await server.call('POST /admin/tags', { name: '要删', category: '关怀', kind: 'manual' }, { as })
    const journeyId = await publish(
      server,
      as,
      draft({
        trigger: { kind: 'manual' },
        start: 'ways',
        nodes: [
          {
            id: 'ways',
            kind: 'branch',
            branches: [{ name: '一级', test: level(1), next: 'tag' }],
            otherwise: 'points',
          },
          { id: 'tag', kind: 'tag', tagId: tag.body.id, next: null },
          points('points', '照常', 'tell'),
          { id: 'tell', kind: 'message', templateId: words, channels: ['inbox'], next: null },
        ],
      }),
    )
    await enrol(journeyId, ['n40', 'n41', 'n42', 'n43'])
    await server.deps.db.tx(async (tx) => tx.write('DELETE FROM tag WHERE id = ?', [tag.body.id]))
    await go()
    const found = await runsOf(journeyId)
    expect(found.map((r) => [r.memberId, r.state])).toEqual([
      ['n40', 'failed'],
      ['n41', 'done'],
      ['n42', 'done'],
      ['n43', 'failed'],
    ])
    expect(found[0].endReason).toBeTruthy()
    const report = await server.call('GET /admin/journeys/:journeyId/report', { journeyId }, { as })
    expect(report.body).toMatchObject({ failed: 2, finished: 2 })
  })
})
