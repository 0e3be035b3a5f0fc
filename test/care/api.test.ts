import type { Journey } from '../../server/journeys/entity'
import { HOUR_MS } from '../../shared/time'
import { addMembers, rows } from '../jobs/people'
import { describeEachDatabase } from '../support/databases'
import { insertShop } from '../support/ledger'
import { startServer, type TestServer } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'
import { draft, publish, runJob, template } from './shop'

describeEachDatabase('journeys over HTTP', (database) => {
  let server: TestServer
  let owner: string
  let words: string
  beforeAll(async () => {
    server = await startServer({ database, env: { LOG_LEVEL: 'warn' } })
    owner = await operatorToken(server, 'owner')
    await insertShop(server.deps.db, 0)
    await addMembers(
      server,
      Array.from({ length: 12 }, (_, i) => ({ id: `a${String(i).padStart(2, '0')}`, tierLevel: i % 2 })),
    )
    words = await template(server, owner, { inbox: { title: '你好', text: '你好', page: null } }, 'service')
  })
  afterAll(() => server.stop())

  const plain = (note = '一') =>
    draft({
      trigger: { kind: 'manual' },
      start: 'points',
      nodes: [{ id: 'points', kind: 'points', points: 1, note, next: null }],
    })
  const create = (name: string, idempotencyKey?: string) =>
    server.call('POST /admin/journeys', { name, definition: plain() }, { as: owner, idempotencyKey })
  const move = (journeyId: string, revision: number, to: 'published' | 'paused' | 'ended', idempotencyKey?: string) =>
    server.call('POST /admin/journeys/:journeyId/state', { journeyId, revision, to }, { as: owner, idempotencyKey })
  const rowOf = async (journeyId: string): Promise<Journey> =>
    (await rows<Journey>(server, 'SELECT * FROM journey WHERE id = ?', [journeyId]))[0]

  test('is for those who run the shop, and for nobody else', async () => {
    const { body } = await create('权限')
    const journeyId = body.id
    const calls = (as: string | undefined) =>
      Promise.all([
        server.call('GET /admin/journeys', {}, { as }),
        server.call('GET /admin/journeys/:journeyId', { journeyId }, { as }),
        server.call('GET /admin/journeys/:journeyId/report', { journeyId }, { as }),
        server.call('GET /admin/journeys/:journeyId/runs', { journeyId }, { as }),
        server.call('GET /admin/journey-runs/:runId', { runId: 'run0' }, { as }),
        server.call('GET /admin/journey-calendar', { from: '2026-11-22' }, { as }),
        server.call('GET /admin/journey-options', {}, { as }),
        server.call('POST /admin/journeys/check', { definition: plain() }, { as }),
        server.call('POST /admin/journeys/forecast', { definition: plain() }, { as }),
        server.call('POST /admin/journeys/simulate', { definition: plain(), memberId: 'a00' }, { as }),
        server.call('POST /admin/journeys', { name: '新', definition: plain() }, { as }),
        server.call(
          'PUT /admin/journeys/:journeyId',
          { journeyId, revision: 9, name: '改', definition: plain() },
          { as },
        ),
        server.call('DELETE /admin/journeys/:journeyId', { journeyId }, { as }),
        server.call('POST /admin/journeys/:journeyId/state', { journeyId, revision: 1, to: 'published' }, { as }),
        server.call('POST /admin/journeys/:journeyId/enrolments', { journeyId, memberIds: ['a00'] }, { as }),
      ]).then((answers) => answers.map((a) => a.status))
    expect(new Set(await calls(undefined))).toEqual(new Set([401]))
    expect(new Set(await calls(await memberToken(server, 'a00')))).toEqual(new Set([403]))
    expect(new Set(await calls(await operatorToken(server, 'cashier')))).toEqual(new Set([403]))
    expect(new Set(await calls(await operatorToken(server, 'auditor')))).toEqual(new Set([403]))
    expect(await rowOf(journeyId)).toMatchObject({ state: 'draft', version: 0, revision: 1 })
  })

  test('a draft is made once by a key, changed by the revision that was seen, deleted while nobody has entered', async () => {
    const first = await create('草稿', 'journey-key-1')
    for (const again of await Promise.all([create('草稿', 'journey-key-1'), create('草稿', 'journey-key-1')]))
      expect(again.body).toEqual(first.body)
    expect(await rowOf(first.body.id)).toMatchObject({ name: '草稿', state: 'draft', version: 0, revision: 1 })
    const journeyId = first.body.id
    const put = (name: string, revision: number) =>
      server.call('PUT /admin/journeys/:journeyId', { journeyId, revision, name, definition: plain() }, { as: owner })
    const raced = await Promise.all(Array.from({ length: 5 }, (_, i) => put(`名字${i}`, 1)))
    expect(raced.filter((r) => r.status === 200)).toHaveLength(1)
    expect(raced.filter((r) => r.error?.code === 'journey_conflict')).toHaveLength(4)
    const refused = async (definition: object) =>
      (await server.call('POST /admin/journeys', { name: '坏', definition } as never, { as: owner })).error?.code
    expect(await refused({ ...plain(), trigger: { kind: 'moon' } })).toBe('invalid_input')
    expect(await refused({ ...plain(), nodes: [{ id: 'x', kind: 'points', points: 0, note: '零', next: null }] })).toBe(
      'invalid_input',
    )
    expect(await refused({ ...plain(), holdout: { percent: 60 } })).toBe('invalid_input')
    const drop = () => server.call('DELETE /admin/journeys/:journeyId', { journeyId }, { as: owner })
    const dropped = await Promise.all([drop(), drop()])
    expect(dropped.map((d) => d.status).sort()).toEqual([200, 404])
    expect(await rowOf(journeyId)).toBeUndefined()
    const live = await publish(server, owner, plain('不能删'))
    expect(
      (await server.call('DELETE /admin/journeys/:journeyId', { journeyId: live }, { as: owner })).error?.code,
    ).toBe('journey_bad_state')
  })

  test('published at once by several, it is one version; the same words again are no new one', async () => {
    const { body } = await create('发布')
    const raced = await Promise.all(Array.from({ length: 5 }, () => move(body.id, 1, 'published')))
    expect(raced.filter((r) => r.status === 200)).toHaveLength(1)
    expect(raced.filter((r) => r.error?.code === 'journey_conflict')).toHaveLength(4)
    const paused = await move(body.id, 2, 'paused', 'journey-pause-1')
    expect((await move(body.id, 2, 'paused', 'journey-pause-1')).body).toEqual(paused.body)
    const resumed = await move(body.id, 3, 'published')
    expect([resumed.body.version, resumed.body.state]).toEqual([1, 'published'])
    expect(await rows(server, 'SELECT version FROM journey_version WHERE journeyId = ?', [body.id])).toHaveLength(1)
    expect((await move('nobody', 1, 'published')).error?.code).toBe('journey_not_found')
  })

  test('enrolled in a race under many keys, a journey that is entered once is entered once', async () => {
    const definition = { ...plain('名额'), reentry: { kind: 'once' as const, days: 0 } }
    const journeyId = await publish(server, owner, definition)
    const enrol = (memberIds: string[] | undefined, idempotencyKey?: string) =>
      server.call('POST /admin/journeys/:journeyId/enrolments', { journeyId, memberIds }, { as: owner, idempotencyKey })
    const answers = await Promise.all(Array.from({ length: 6 }, () => enrol(['a00', 'a01', 'a02'])))
    expect(answers.reduce((n, a) => n + a.body.entered, 0)).toBe(3)
    expect((await enrol(undefined)).error?.code).toBe('invalid_input')
    expect((await enrol(['stranger'])).body).toEqual({ entered: 0, held: 0, refused: 1 })
    await runJob(server, 'journeys.run')
    const runs = await server.call('GET /admin/journeys/:journeyId/runs', { journeyId, limit: 2 }, { as: owner })
    expect(runs.body.items).toHaveLength(2)
    const rest = await server.call(
      'GET /admin/journeys/:journeyId/runs',
      { journeyId, limit: 2, cursor: runs.body.nextCursor ?? '' },
      { as: owner },
    )
    const all = [...runs.body.items, ...rest.body.items]
    expect(all.map((r) => [r.memberName, r.state])).toEqual(Array(3).fill(['林**', 'done']))
    expect(rest.body.nextCursor).toBeNull()
    const { body } = await server.call('GET /admin/journey-runs/:runId', { runId: all[0].id }, { as: owner })
    expect(body.steps).toEqual([{ nodeId: 'points', at: server.clock.now(), outcome: 'given', text: '送积分：已发放' }])
    expect((await server.call('GET /admin/journey-runs/:runId', { runId: 'nobody' }, { as: owner })).error?.code).toBe(
      'journey_run_not_found',
    )
  })

  test('the forecast of its messages is what then happens', async () => {
    const definition = draft({
      trigger: { kind: 'schedule', every: 'day', at: '11:00' },
      audience: { match: 'all', tests: [{ kind: 'field', field: 'tierLevel', op: 'eq', value: 1 }] },
      start: 'tell',
      nodes: [{ id: 'tell', kind: 'message', templateId: words, channels: ['inbox'], next: null }],
      holdout: { percent: 30 },
    })
    const journeyId = await publish(server, owner, definition)
    const { body } = await server.call('POST /admin/journeys/forecast', { definition, journeyId }, { as: owner })
    expect(body.items).toHaveLength(1)
    const shown = await server.call('GET /admin/journey-calendar', { from: '2026-11-22', days: 2 }, { as: owner })
    for (const { entries } of shown.body.days)
      expect(entries.filter((e) => e.id === journeyId)).toMatchObject([{ kind: 'journey' }])
    server.clock.advance(HOUR_MS)
    await runJob(server, 'journeys.run')
    const report = await server.call('GET /admin/journeys/:journeyId/report', { journeyId }, { as: owner })
    const [forecast] = body.items
    expect([report.body.entered + report.body.held.members, report.body.held.members]).toEqual([
      forecast.audience,
      forecast.held,
    ])
    expect(report.body.messages).toMatchObject([{ channel: 'inbox', status: 'sent', count: forecast.reached }])
    expect(forecast.audience).toBe(6)
  })

  test('a task is for the staff of the member’s store, and done once by whoever is first', async () => {
    const journeyId = await publish(
      server,
      owner,
      draft({
        trigger: { kind: 'manual' },
        start: 'call',
        nodes: [{ id: 'call', kind: 'task', title: '打电话', note: '问好', dueDays: 2, next: null }],
      }),
    )
    await server.deps.db.tx(async (tx) => tx.write("UPDATE member SET joinedStoreId = 'store1' WHERE id = 'a10'"))
    await server.call(
      'POST /admin/journeys/:journeyId/enrolments',
      { journeyId, memberIds: ['a10', 'a11'] },
      { as: owner },
    )
    await runJob(server, 'journeys.run')
    const cashier = await operatorToken(server, 'cashier', ['store1'])
    const elsewhere = await operatorToken(server, 'cashier', ['store2'])
    const tasks = async (as: string, state: 'open' | 'done' = 'open') =>
      (await server.call('GET /staff/tasks', { state }, { as })).body.items
    expect((await tasks(cashier)).map((t) => t.memberId).sort()).toEqual(['a10', 'a11'])
    // A member of no store is everybody's.
    expect((await tasks(elsewhere)).map((t) => t.memberId)).toEqual(['a11'])
    const [task] = (await tasks(cashier)).filter((t) => t.memberId === 'a10')
    expect(task).toMatchObject({
      memberName: '林**',
      title: '打电话',
      note: '问好',
      dueOn: '2026-11-24',
      state: 'open',
    })
    const finish = (as: string | undefined, note: string) =>
      server.call('POST /staff/tasks/:taskId/done', { taskId: task.id, note }, { as })
    expect((await finish(undefined, '')).status).toBe(401)
    expect((await finish(await memberToken(server, 'a10'), '')).status).toBe(403)
    expect((await finish(elsewhere, '不是我的')).error?.code).toBe('not_found')
    expect((await finish(cashier, 'x'.repeat(101))).error?.code).toBe('invalid_input')
    const raced = await Promise.all(['一', '二', '三'].map((note) => finish(cashier, note)))
    expect(raced.map((r) => r.status)).toEqual([200, 200, 200])
    const [first] = await rows<{ result: string; doneAt: number }>(
      server,
      'SELECT result, doneAt FROM staff_task WHERE id = ?',
      [task.id],
    )
    server.clock.advance(HOUR_MS)
    await finish(cashier, '后来')
    expect(await rows(server, 'SELECT result, doneAt FROM staff_task WHERE id = ?', [task.id])).toEqual([first])
    expect((await tasks(cashier)).map((t) => t.memberId)).toEqual(['a11'])
    expect((await tasks(cashier, 'done')).map((t) => t.memberId)).toEqual(['a10'])
  })

  test('what the canvas offers is what can be chosen', async () => {
    const { body } = await server.call('GET /admin/journey-options', {}, { as: owner })
    expect(body.templates).toContainEqual({ id: words, name: '模板', channels: ['inbox'] })
  })
})
