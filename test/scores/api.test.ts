import { newId } from '../../server/db/id'
import { requireJob, runnerOf } from '../../server/jobs/service'
import { contract, type Key } from '../../shared/contract'
import { modelCodes, rfmCodes, stageCodes } from '../../shared/score-words'
import { civilDay, DAY_MS, daysBetween } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer, testNow } from '../support/server'
import { memberToken, operatorToken } from '../support/tokens'
import { insertHistory } from './shop'

describeEachDatabase('scores over HTTP', (database) => {
  let server: TestServer
  let owner: string
  const today = civilDay(testNow)
  const someone = 'm00007'
  const run = async (name: string): Promise<void> => {
    const started = await runnerOf(server.deps).runNow(requireJob(name), newId(server.clock.now()))
    await started?.ended
    // Models that learn here hold up the loop for seconds; connections that timed out meanwhile must be noticed before the next call.
    await new Promise((done) => setTimeout(done, 50))
  }
  const read = <T>(sql: string, params: (string | number)[] = []) => server.deps.db.read<T>(sql, params)

  beforeAll(async () => {
    server = await startServer({ database })
    owner = await operatorToken(server, 'owner')
    await insertHistory(server, { members: 220, days: 380, seed: 3 })
    await run('purchases.recount')
  })
  afterAll(() => server?.stop())

  test('before the first night everything answers, empty and saying so', async () => {
    const overview = await server.call('GET /admin/scores', {}, { as: owner })
    expect(overview.status).toBe(200)
    expect(overview.body.scored).toEqual({ onDay: null, finishedAt: null, stale: true, reason: '还没有评分过' })
    expect(overview.body.stages.map((s) => s.code)).toEqual([...stageCodes])
    const member = await server.call('GET /admin/members/:memberId/scores', { memberId: someone }, { as: owner })
    expect(member.body).toMatchObject({ stage: null, rfm: null, churn: null, value: null, next: null, suggestions: [] })
    for (const key of [
      'GET /admin/scores/groups',
      'GET /admin/model-cards',
      'GET /admin/scores/benefit',
      'GET /admin/scores/reward-mix',
      'GET /admin/scores/stores',
      'GET /admin/data-quality',
    ] as const)
      expect((await server.call(key, {}, { as: owner })).status).toBe(200)
  })

  test('after it a member has scores with reasons, and a profile', async () => {
    for (const name of ['scores.facts', 'scores.stages', 'scores.forecasts']) await run(name)
    for (const memberId of [someone, 'm00011', 'm00100']) {
      const { status, body } = await server.call('GET /admin/members/:memberId/scores', { memberId }, { as: owner })
      expect(status).toBe(200)
      expect(body.scored).toMatchObject({ onDay: today, stale: false, reason: null })
      const [row] = await read<{ stage: string; rfm: string; r: number }>(
        'SELECT stage, rfm, r FROM member_score WHERE memberId = ?',
        [memberId],
      )
      expect(body.stage?.code).toBe(row.stage)
      expect([body.rfm?.code, body.rfm?.r]).toEqual([row.rfm, row.r])
      const [forecast] = await read<{ churnBp: number; clvFen: number; nextOn: string | null }>(
        'SELECT churnBp, clvFen, nextOn FROM member_forecast WHERE memberId = ?',
        [memberId],
      )
      expect([body.churn?.bp, body.value?.fen, body.next?.on ?? null]).toEqual([
        forecast.churnBp,
        forecast.clvFen,
        forecast.nextOn,
      ])
      expect(body.churn?.reasons.length).toBeGreaterThan(0)
      expect(body.group?.name).toBeTruthy()
      expect(JSON.stringify(body)).not.toMatch(/undefined|NaN|\{\w+\}/)
      const profile = await server.call('GET /admin/members/:memberId/profile', { memberId }, { as: owner })
      expect(profile.body.dimensions.map((d) => d.name)).toEqual(['基础', '行为', '兴趣', '生命周期', '社交'])
      for (const d of profile.body.dimensions)
        expect(d.completenessBp).toBe(
          Math.round((d.rows.filter((r) => r.value !== null).length / d.rows.length) * 10_000),
        )
      const history = await server.call('GET /admin/members/:memberId/score-history', { memberId }, { as: owner })
      expect(history.body.items[0]).toMatchObject({ onDay: today, stage: row.stage, churnBp: forecast.churnBp })
    }
  })

  test('the whole adds up to the members', async () => {
    const [{ n }] = await read<{ n: number }>('SELECT COUNT(*) AS n FROM member_score')
    const { body } = await server.call('GET /admin/scores', {}, { as: owner })
    const sum = (list: { members: number }[]): number => list.reduce((all, x) => all + x.members, 0)
    expect([sum(body.stages), sum(body.segments)]).toEqual([n, n])
    expect(body.segments.map((s) => s.code)).toEqual([...rfmCodes])
    const [{ known }] = await read<{ known: number }>(
      'SELECT COUNT(*) AS known FROM member_forecast WHERE churnBp IS NOT NULL',
    )
    expect(sum(body.bands)).toBe(known)
    const grid = await server.call('GET /admin/scores/rfm', {}, { as: owner })
    expect([grid.body.rows.length, grid.body.columns.length]).toEqual([5, 5])
    expect(grid.body.columns).toEqual(['1 次', '2 次', '3–4 次', '5–7 次', '8 次以上'])
    expect(grid.body.rows).toEqual(['121 天以上', '61–120 天', '31–60 天', '8–30 天', '7 天内'])
    expect(sum(grid.body.cells)).toBe(known)
    // The shop's own fifths carry the limits they were cut at: every buyer lies where the axes say.
    const { body: own } = await server.call('GET /admin/scores/rfm', { method: 'quantile' }, { as: owner })
    const drawn = await server.call('GET /admin/dashboards/rfm', { method: 'quantile' }, { as: owner })
    expect(drawn.body.limits).toEqual(own.limits)
    expect(drawn.body.rows).toEqual([...own.rows].reverse())
    const buyers = await read<{ r: number; f: number; lastDay: string; purchases: number }>(
      'SELECT r, f, lastDay, purchases FROM member_score WHERE r > 0',
    )
    for (const { r, f, lastDay, purchases } of buyers) {
      const days = daysBetween(lastDay, own.onDay ?? '')
      expect(r).toBe(5 - own.limits.recencyDays.filter((limit) => days > limit).length)
      expect(f).toBe(1 + own.limits.purchases.filter((limit) => purchases > limit).length)
    }
    expect(own.rows[4]).toBe(`最近 20%（${own.limits.recencyDays[0]} 天内）`)
    const stages = await server.call('GET /admin/scores/stages', {}, { as: owner })
    expect(stages.body.series.length).toBe(85)
    expect(stages.body.moves.length).toBeGreaterThan(3)
    for (const day of stages.body.series)
      expect(Object.values(day.members).reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(n)
    const groups = await server.call('GET /admin/scores/groups', {}, { as: owner })
    expect(sum(groups.body.groups)).toBe(known)
    const stores = await server.call('GET /admin/scores/stores', {}, { as: owner })
    expect(stores.body.stores[0]).toMatchObject({ storeId: 'store1', name: '静安寺店' })
    expect(stores.body.channels).toMatchObject([{ code: 'staff' }])
  })

  test('every number opens the members behind it, page by page', async () => {
    const { body } = await server.call('GET /admin/scores', {}, { as: owner })
    for (const stage of body.stages.filter((s) => s.members)) {
      const ids: string[] = []
      let cursor: string | undefined
      do {
        const page = await server.call(
          'GET /admin/scores/members',
          { stage: stage.code, limit: 17, cursor },
          { as: owner },
        )
        for (const item of page.body.items) {
          expect(item.stage).toBe(stage.code)
          ids.push(item.memberId)
        }
        cursor = page.body.nextCursor ?? undefined
      } while (cursor)
      expect([new Set(ids).size, ids.length]).toEqual([stage.members, stage.members])
    }
    for (const band of body.bands.filter((b) => b.members)) {
      const page = await server.call('GET /admin/scores/members', { band: band.code, limit: 100 }, { as: owner })
      expect(page.body.items).toHaveLength(Math.min(100, band.members))
    }
  })

  test('model cards show the back-test, its baseline and its history', async () => {
    const { body } = await server.call('GET /admin/model-cards', {}, { as: owner })
    expect(body.items.map((c) => c.model).sort()).toEqual([...modelCodes].sort())
    const churn = body.items.find((c) => c.model === 'churn')
    const card = await server.call('GET /admin/model-cards/:cardId', { cardId: churn?.id ?? '' }, { as: owner })
    expect(card.body.figures.map((f) => f.name)).toEqual(expect.arrayContaining(['AUC', 'Brier 分', '再来的比例']))
    expect(card.body.lift).toHaveLength(10)
    expect(card.body.calibration.length).toBeGreaterThan(2)
    expect(card.body.history).toHaveLength(1)
    const gone = await server.call('GET /admin/model-cards/:cardId', { cardId: 'nothing' }, { as: owner })
    expect([gone.status, gone.error?.code]).toEqual([404, 'model_card_not_found'])
  })

  test('models that chose nobody say so, with what a contact may cost', async () => {
    const { body } = await server.call('GET /admin/scores/benefit', {}, { as: owner })
    expect(body.models.map((m) => m.model)).toEqual([...modelCodes])
    for (const model of body.models) {
      expect(model).toMatchObject({ chosen: 0, heldOut: 0, gainFen: null, costFen: 0 })
      expect(model.verdict).toContain('还没有')
      expect(model.breakEven).toContain('毛利率')
      expect(model.breakEvenFen).toBeGreaterThan(0)
    }
  })
  test('a journey with a holdout shows what it brought, what it cost and from when it pays', async () => {
    const at = testNow - 40 * DAY_MS
    await server.deps.db.tx(async (tx) => {
      tx.insert('journey', [
        {
          id: 'j1',
          name: '流失挽救',
          description: '',
          state: 'published',
          version: 1,
          draft: '{}',
          revision: 1,
          createdAt: at,
          updatedAt: at,
        },
      ])
      tx.insert('journey_version', [
        { journeyId: 'j1', version: 1, definition: '{"trigger":{"kind":"churn","above":0.7}}', publishedAt: at },
      ])
      const ids = Array.from({ length: 120 }, (_, i) => `m${String(i).padStart(5, '0')}`)
      tx.insert(
        'journey_run',
        ids.map((memberId, i) => ({
          id: `jr${i}`,
          journeyId: 'j1',
          version: 1,
          memberId,
          entryKey: `churn:${i}`,
          state: i % 3 === 1 ? 'held' : 'done',
          waitMet: 0,
          enteredAt: at,
        })),
      )
    })
    await run('scores.forecasts')
    const { body } = await server.call('GET /admin/scores/benefit', {}, { as: owner })
    const churn = body.models.find((m) => m.model === 'churn')
    expect([churn?.chosen, churn?.heldOut]).toEqual([80, 40])
    const mean = async (held: boolean): Promise<number> => {
      const [row] = await read<{ fen: number }>(
        `SELECT SUM(p.paidFen) AS fen FROM journey_run r JOIN purchase p ON p.memberId = r.memberId AND p.at >= ? AND p.at < ? WHERE r.state ${held ? '=' : '<>'} 'held'`,
        [at, at + 30 * DAY_MS],
      )
      return Number(row.fen) / (held ? 40 : 80)
    }
    expect(churn?.perChosenFen).toBeCloseTo(await mean(false), 6)
    expect(churn?.gainFen).toBeCloseTo((await mean(false)) - (await mean(true)), 6)
    expect(churn?.gainLowFen ?? 0).toBeLessThan(churn?.gainFen ?? 0)
    // Nothing was sent, so nothing can have been gained: the interval holds 0 and says so.
    expect(churn?.verdict).toContain('没有结论')
  })

  test('settings are changed once per version, refused when they contradict themselves, audited, and used the next night', async () => {
    const { body: now } = await server.call('GET /admin/score-settings', {}, { as: owner })
    const { updatedAt, ...settings } = now
    expect([settings.version, updatedAt]).toEqual([0, null])
    const put = (change: object) => server.call('PUT /admin/score-settings', { ...settings, ...change }, { as: owner })
    const wrong = await put({ stages: { ...settings.stages, lostDays: 30 } })
    expect([wrong.status, wrong.error?.code]).toEqual([400, 'invalid_input'])
    const answers = await Promise.all([
      put({ stages: { ...settings.stages, dormantDays: 20, lostDays: 40 }, rfm: { ...settings.rfm, method: 'fixed' } }),
      put({ churn: { midBp: 1000, highBp: 2000 } }),
    ])
    expect(answers.map((a) => a.status).sort()).toEqual([200, 409])
    expect(answers.find((a) => a.status === 409)?.error?.code).toBe('score_settings_conflict')
    const again = await server.call(
      'PUT /admin/score-settings',
      { ...settings, version: 1, stages: { ...settings.stages, dormantDays: 20, lostDays: 40 } },
      { as: owner },
    )
    expect(again.status).toBe(200)
    await run('scores.stages')
    const once = await read<{ stage: string; lastDay: string }>(
      'SELECT s.stage, s.lastDay FROM member_score s JOIN member_stats t ON t.memberId = s.memberId WHERE t.purchaseDays < 3',
    )
    expect(once.length).toBeGreaterThan(5)
    for (const row of once) {
      const since = Math.round((Date.parse(today) - Date.parse(row.lastDay)) / DAY_MS)
      expect(row.stage).toBe(since > 40 ? 'lost' : since > 20 ? 'dormant' : 'active')
    }
    const [{ n }] = await read<{ n: number }>(
      "SELECT COUNT(*) AS n FROM audit WHERE action = 'PUT /admin/score-settings'",
    )
    expect(n).toBe(2)
  })

  test('a broken feed marks the scores as stale; acknowledged as right, scoring goes on', async () => {
    server.clock.advance(8 * DAY_MS)
    await run('scores.stages')
    const quality = await server.call('GET /admin/data-quality', {}, { as: owner })
    expect(quality.body.checks.find((c) => c.code === 'freshness')?.result).toBe('failed')
    expect(quality.body.scored).toMatchObject({ onDay: today, stale: true })
    expect(quality.body.scored.reason).toContain('新鲜度')
    const alarm = quality.body.alarms.find((a) => a.code === 'freshness' && a.endedAt === null)
    expect(alarm).toMatchObject({ severity: 'failed', proceed: false, acknowledgedAt: null })
    const member = await server.call('GET /admin/members/:memberId/scores', { memberId: someone }, { as: owner })
    expect(member.body.scored.stale).toBe(true)
    expect(member.body.stage).not.toBeNull()
    const seen = await server.call(
      'POST /admin/data-alarms/:alarmId/acknowledgements',
      { alarmId: alarm?.id ?? '', note: '国庆闭店', proceed: true },
      { as: owner },
    )
    expect(seen.body).toMatchObject({ proceed: true, note: '国庆闭店', acknowledgedBy: 'owner' })
    const nobody = await server.call(
      'POST /admin/data-alarms/:alarmId/acknowledgements',
      { alarmId: 'nothing', note: '没有的', proceed: true },
      { as: owner },
    )
    expect([nobody.status, nobody.error?.code]).toEqual([404, 'score_alarm_not_found'])
    for (const other of quality.body.alarms.filter((a) => a.endedAt === null && a.severity === 'failed'))
      await server.call(
        'POST /admin/data-alarms/:alarmId/acknowledgements',
        { alarmId: other.id, note: '国庆闭店', proceed: true },
        { as: owner },
      )
    await run('scores.stages')
    const after = await server.call('GET /admin/scores', {}, { as: owner })
    expect(after.body.scored).toMatchObject({ onDay: civilDay(server.clock.now()), stale: false })
    expect(after.body.openAlarms).toBeGreaterThan(0)
  })

  test('lets in only whom it may concern', async () => {
    const keys = (Object.keys(contract) as Key[]).filter((key) => contract[key].allow.startsWith('insight:'))
    expect(keys.length).toBeGreaterThan(12)
    const [cashier, limited] = [
      await operatorToken(server, 'cashier'),
      await operatorToken(server, 'operator', ['store1']),
    ]
    const member = await memberToken(server, someone)
    const reads = [
      'GET /admin/scores',
      'GET /admin/scores/rfm',
      'GET /admin/scores/stages',
      'GET /admin/scores/members',
      'GET /admin/scores/groups',
      'GET /admin/scores/benefit',
      'GET /admin/scores/reward-mix',
      'GET /admin/scores/stores',
    ] as const
    for (const key of reads) {
      expect((await server.call(key, {})).status).toBe(401)
      expect((await server.call(key, {}, { as: member })).error?.code).toBe('forbidden')
      expect((await server.call(key, {}, { as: cashier })).error?.code).toBe('forbidden')
      // Figures of the whole group are not for who sees some of its stores.
      expect((await server.call(key, {}, { as: limited })).error?.code).toBe('store_out_of_scope')
    }
    const manager = await operatorToken(server, 'manager', ['store2'])
    const hidden = await server.call('GET /admin/members/:memberId/scores', { memberId: someone }, { as: manager })
    expect([hidden.status, hidden.error?.code]).toEqual([404, 'member_not_found'])
    for (const input of [{ stage: 'x' }, { group: 0 }, { limit: 0 }])
      expect((await server.call('GET /admin/scores/members', input as never, { as: owner })).error?.code).toBe(
        'invalid_input',
      )
  })
})
