import { newId } from '../../server/db/id'
import { isLostRun } from '../../server/jobs/job'
import { claimRun } from '../../server/jobs/runs'
import { requireJob, runnerOf } from '../../server/jobs/service'
import { benchAside } from '../../server/scores/aside'
import { calculate } from '../../server/scores/calculations'
import { keptDays } from '../../server/scores/jobs'
import { defaultRfmRules } from '../../server/scores/rfm-rules'
import { defaultStageRules } from '../../server/scores/stage-rules'
import type { Cuts, StagesRequest } from '../../server/scores/stage-scorer'
import { endSums } from '../../server/scores/stage-sums'
import { applyStep, type Result, type Work } from '../../server/scores/work'
import { stageCodes } from '../../shared/score-words'
import { addDays, civilDay, DAY_MS, daysBetween, HOUR_MS } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { startServer, type TestServer, testNow } from '../support/server'
import { insertHistory } from './shop'

type Bought = Awaited<ReturnType<typeof insertHistory>>
type Row = Record<string, string | number | null>

/** The definition once more, read from the purchases of one member up to a day, written without looking at the code. */
const stageByHand = (days: string[], on: string): string => {
  const known = [...new Set(days.filter((d) => d <= on))].sort()
  if (!known.length) return 'new'
  const since = daysBetween(known[known.length - 1], on)
  let [dormant, lost] = [60, 180]
  if (known.length >= 3) {
    const interval = daysBetween(known[0], known[known.length - 1]) / (known.length - 1)
    dormant = Math.min(120, Math.max(21, Math.round(2 * interval)))
    lost = Math.max(Math.min(300, Math.max(90, Math.round(4 * interval))), dormant + 1)
  }
  if (since > lost) return 'lost'
  if (since > dormant) return 'dormant'
  return known.length >= 5 ? 'loyal' : 'active'
}

describeEachDatabase('stages and RFM', (database) => {
  let server: TestServer
  let bought: Bought
  const today = civilDay(testNow)
  const read = (sql: string, params: (string | number)[] = []) => server.deps.db.read<Row>(sql, params)
  const scores = () => read('SELECT * FROM member_score ORDER BY memberId')
  const daysOf = (memberId: string): string[] => bought.filter((p) => p.memberId === memberId).map((p) => p.onDay)
  const run = async (name: string) => {
    const started = await runnerOf(server.deps).runNow(requireJob(name), newId(server.clock.now()))
    await started?.ended
    const [done] = await read('SELECT state, processed, failed, errorSample FROM job_run WHERE name = ? AND slot = ?', [
      name,
      started?.slot ?? '',
    ])
    return done
  }
  /** Writes the steps of a calculation; breaks off after so many of them, as a process that is killed does. */
  const finish = async (work: Work, steps = Number.POSITIVE_INFINITY): Promise<Result> => {
    for (let made = 0; made < steps; made++) {
      const { value, done } = await work.next()
      if (done) return value
      await server.deps.db.tx(async (tx) => applyStep(tx, value))
    }
    return { members: 0, written: 0, moved: 0, facts: {} }
  }
  /** The same in a thread of its own, under the lease of a run. */
  const inThread = async (request: StagesRequest, stopping = () => false) => {
    const id = newId(server.clock.now())
    const run = await claimRun(server.deps, {
      name: 'scores.stages',
      slot: `manual:${id}`,
      slotAt: server.clock.now(),
      owner: id,
    })
    if (!run) throw new Error('The job is running')
    const bench = benchAside({ deps: server.deps, lease: run, stopping })
    try {
      return await bench.run('stages', request)
    } finally {
      await bench.close()
      await server.deps.db.tx(async (tx) => tx.write("UPDATE job_run SET state = 'done' WHERE slot = ?", [run.slot]))
    }
  }
  const sumsOf = async (onDay: string) => ({
    stages: await read('SELECT stage, members, spendFen FROM stage_day WHERE onDay = ? ORDER BY stage', [onDay]),
    cells: await read(
      'SELECT method, r, f, members, spendFen, purchases FROM rfm_cell WHERE onDay = ? ORDER BY method, r, f',
      [onDay],
    ),
    moves: await read(
      'SELECT fromStage, toStage, members FROM stage_move WHERE onDay = ? ORDER BY fromStage, toStage',
      [onDay],
    ),
  })

  beforeAll(async () => {
    server = await startServer({ database })
    bought = await insertHistory(server, { members: 260, days: 330 })
    await run('purchases.recount')
  })
  afterAll(() => server?.stop())

  test('the first night scores everybody by the definitions, and the ninety days before it', async () => {
    expect(await run('scores.stages')).toMatchObject({ state: 'done', failed: 0 })
    const rows = await scores()
    expect(rows).toHaveLength(260)
    for (const row of rows) {
      const days = daysOf(String(row.memberId))
      expect([row.memberId, row.stage]).toEqual([row.memberId, stageByHand(days, today)])
      expect(row.purchases).toBe(days.length)
      // The announced days are right: the day before nothing has changed, on the day it has.
      if (row.dormantOn && String(row.dormantOn) > today) {
        expect(stageByHand(days, addDays(String(row.dormantOn), -1))).toBe(row.stage)
        expect(stageByHand(days, String(row.dormantOn))).toBe('dormant')
      }
      if (row.lostOn && String(row.lostOn) > today) expect(stageByHand(days, String(row.lostOn))).toBe('lost')
      // Since when: the stage was another one the day before, unless it has been so from the first day on.
      const since = String(row.stageSince)
      expect(stageByHand(days, since)).toBe(row.stage)
      if (row.previousStage) expect(stageByHand(days, addDays(since, -1))).toBe(row.previousStage)
    }
    expect(new Set(rows.map((r) => r.stage)).size).toBe(5)
    // Nothing has changed yet.
    expect(await read('SELECT * FROM score_history')).toEqual([])
  })

  test('the past of each day is what the definitions say of that day', async () => {
    for (const back of [90, 61, 17, 1, 0]) {
      const onDay = addDays(today, -back)
      const counts = new Map<string, number>(stageCodes.map((code) => [code, 0]))
      for (let i = 0; i < 260; i++) {
        const stage = stageByHand(daysOf(`m${String(i).padStart(5, '0')}`), onDay)
        counts.set(stage, (counts.get(stage) ?? 0) + 1)
      }
      const stored = await read('SELECT stage, members FROM stage_day WHERE onDay = ?', [onDay])
      expect(Object.fromEntries(stored.filter((r) => r.members).map((r) => [r.stage, r.members]))).toEqual(
        Object.fromEntries([...counts].filter(([, n]) => n)),
      )
    }
    const changes = await read('SELECT * FROM stage_change ORDER BY memberId, onDay')
    expect(changes.length).toBeGreaterThan(100)
    for (const change of changes) {
      expect(change.origin).toBe('past')
      const days = daysOf(String(change.memberId))
      expect(stageByHand(days, String(change.onDay))).toBe(change.toStage)
      expect(stageByHand(days, addDays(String(change.onDay), -1))).toBe(change.fromStage)
    }
    // The sums are those of the changes, and the counts of two days differ by what moved between them.
    const [{ n }] = await read('SELECT SUM(members) AS n FROM stage_move')
    expect(Number(n)).toBe(changes.length)
  })

  test('RFM is the fifths of the shop, and the grid adds up', async () => {
    const rows = (await scores()).filter((r) => Number(r.purchases) > 0)
    const by = (key: string) => rows.map((r) => Number(r[key])).sort((a, b) => a - b)
    for (const [score, key] of [
      ['f', 'purchases'],
      ['m', 'spendFen'],
    ] as const) {
      const sorted = by(key)
      const cuts = [1, 2, 3, 4].map((k) => sorted[Math.ceil((sorted.length * k) / 5) - 1])
      for (const row of rows) expect(row[score]).toBe(1 + cuts.filter((cut) => Number(row[key]) > cut).length)
    }
    for (const method of ['quantile', 'fixed']) {
      const [sum] = await read(
        'SELECT SUM(members) AS members, SUM(spendFen) AS spendFen, SUM(purchases) AS purchases FROM rfm_cell WHERE onDay = ? AND method = ?',
        [today, method],
      )
      expect([Number(sum.members), Number(sum.spendFen), Number(sum.purchases)]).toEqual([
        rows.length,
        bought.reduce((n, p) => n + p.paidFen, 0),
        bought.length,
      ])
    }
  })

  test('a second run of the same night changes nothing', async () => {
    const before = await scores()
    const changes = await read('SELECT COUNT(*) AS n FROM stage_change')
    expect((await run('scores.stages')).state).toBe('done')
    expect(await scores()).toEqual(before)
    expect(await read('SELECT COUNT(*) AS n FROM stage_change')).toEqual(changes)
    const [newest] = await read(
      "SELECT written, moved FROM score_run WHERE kind = 'stages' ORDER BY startedAt DESC, id DESC LIMIT 1",
    )
    expect(newest).toEqual({ written: 0, moved: 0 })
  })

  test('a night later, a run over what changed writes what a run over everybody would', async () => {
    const [{ thresholds, startedAt }] = await read(
      "SELECT thresholds, startedAt FROM score_run WHERE kind = 'stages' ORDER BY startedAt DESC, id DESC LIMIT 1",
    )
    const first = new Map((await scores()).map((row) => [row.memberId, row]))
    server.clock.advance(DAY_MS)
    const now = server.clock.now()
    // Three buy, one joins.
    await server.deps.db.tx(async (tx) => {
      for (const i of [3, 40, 200])
        tx.write(
          'UPDATE member_stats SET purchases = purchases + 1, purchaseDays = purchaseDays + 1, spendFen = spendFen + 9900, lastPurchaseAt = ?, updatedAt = ? WHERE memberId = ?',
          [now - HOUR_MS, now - HOUR_MS, `m${String(i).padStart(5, '0')}`],
        )
      const [row] = await tx.read<Row>("SELECT * FROM member WHERE id = 'm00000'")
      tx.insert('member', [{ ...row, id: 'zz', cardNo: '99999999', joinedAt: now - HOUR_MS, joinedOn: civilDay(now) }])
    })
    const request: StagesRequest = {
      runId: 'changed',
      onDay: civilDay(now),
      now,
      mode: 'changed',
      since: Number(startedAt) + 1,
      cuts: JSON.parse(String(thresholds)) as Cuts,
      stages: defaultStageRules,
      rfm: defaultRfmRules,
    }
    // Killed once after the day was begun and once after rows were written: the next try counts nobody twice.
    await finish(calculate('stages', server.deps.db, request), 1)
    await finish(calculate('stages', server.deps.db, { ...request, since: now - 2 * HOUR_MS }), 1)
    const partial = await finish(calculate('stages', server.deps.db, request))
    expect(partial.members).toBeLessThan(120)
    const stored = await scores()
    const sums = await sumsOf(request.onDay)
    expect(sums.stages.reduce((n, r) => n + Number(r.members), 0)).toBe(261)
    expect(sums.cells.every((r) => Number(r.members) > 0)).toBe(true)
    expect(await finish(calculate('stages', server.deps.db, request))).toMatchObject({ written: 0, moved: 0 })
    expect(await sumsOf(request.onDay)).toEqual(sums)
    // Everybody again, with the same cut points (and in a thread of its own): nothing is left to write.
    await server.deps.db.tx(async (tx) => tx.write('UPDATE member_stats SET updatedAt = updatedAt + 1'))
    expect(await inThread({ ...request, since: 1 })).toMatchObject({ members: 261, written: 0, moved: 0 })
    expect(await scores()).toEqual(stored)
    expect(await read("SELECT stage, rfm FROM member_score WHERE memberId = 'zz'")).toEqual([
      { stage: 'new', rfm: 'none' },
    ])
    // Whoever changed has two rows, how he stood before and how he stands now; nobody else has any.
    const changed = stored.filter((row) => {
      const was = first.get(row.memberId)
      return was && (was.stage !== row.stage || was.rfm !== row.rfm)
    })
    expect(changed.length).toBeGreaterThan(2)
    expect(
      await read('SELECT memberId, onDay, stage, rfm, r, f, m FROM score_history ORDER BY memberId, onDay'),
    ).toEqual(
      changed.flatMap((row) => {
        const was = first.get(row.memberId) as Row
        return [
          { ...was, onDay: was.stageSince },
          { ...row, onDay: request.onDay },
        ].map(({ memberId, onDay, stage, rfm, r, f, m }: Row) => ({ memberId, onDay, stage, rfm, r, f, m }))
      }),
    )
    const live = await read("SELECT * FROM stage_change WHERE origin = 'live'")
    expect(live.length).toBeGreaterThan(0)
    for (const change of live) {
      expect(change.fromStage).not.toBeNull()
      expect(change.fromStage).not.toBe(change.toStage)
    }
    // The sums that were kept up step by step are those of everybody counted anew, whatever cut points that draws.
    await server.deps.db.tx(async (tx) => {
      for (const table of ['stage_day', 'rfm_cell', 'stage_move'])
        tx.write(`DELETE FROM ${table} WHERE onDay = ?`, [request.onDay])
    })
    await server.deps.db.tx(async (tx) => applyStep(tx, await endSums(tx, request.onDay, true)))
    expect(await sumsOf(request.onDay)).toEqual(sums)
  })

  test('a thread writes nothing once its run was taken over, and finishes next time', async () => {
    const before = await scores()
    await server.deps.db.tx(async (tx) => {
      tx.write('DELETE FROM member_score')
      tx.write('DELETE FROM score_history')
    })
    const request: StagesRequest = {
      runId: 'thread',
      onDay: civilDay(server.clock.now()),
      now: server.clock.now(),
      mode: 'full',
      since: 0,
      cuts: null,
      stages: defaultStageRules,
      rfm: defaultRfmRules,
    }
    const lost = benchAside({
      deps: server.deps,
      lease: { name: 'scores.stages', slot: 'manual:nobody', owner: 'nobody' },
      stopping: () => false,
    })
    const failure = await lost.run('stages', request).then(
      () => null,
      (error: unknown) => error,
    )
    await lost.close()
    expect(isLostRun(failure)).toBe(true)
    expect(await scores()).toEqual([])
    expect(await inThread(request)).toMatchObject({ members: 261, written: 261, moved: 0 })
    const again = await scores()
    expect(again.map((row) => [row.memberId, row.stage, row.purchases])).toEqual(
      before.map((row) => [row.memberId, row.stage, row.purchases]),
    )
    expect(await inThread(request)).toMatchObject({ members: 261, written: 0 })
  })

  test('old traces are forgotten, what is in force and what pages draw over time stays', async () => {
    const old = addDays(today, -keptDays.history - 1)
    const [done] = await read("SELECT * FROM score_run WHERE state = 'done' ORDER BY startedAt DESC LIMIT 1")
    await server.deps.db.tx(async (tx) => {
      // The only finished run is very old, and so is one that failed.
      tx.write("UPDATE score_run SET onDay = ? WHERE state = 'done'", [old])
      tx.insert('score_run', [{ ...done, id: 'broken', state: 'failed', onDay: old, startedAt: 1 }])
      tx.insert('data_check', [
        { runId: 'broken', code: 'volume', onDay: old, result: 'passed', measured: '', expected: '', explanation: '' },
      ])
      tx.insert('score_history', [
        { memberId: 'm00001', onDay: old, stage: 'active', rfm: 'low', r: 1, f: 1, m: 1, churnBp: null, clvFen: null },
      ])
      tx.insert('gate_day', [{ onDay: old, orders: 1, amounts: '[]', hours: '[]', countedAt: 1 }])
      tx.insert('score_summary', [
        { key: 'stores', onDay: old, value: '{}' },
        { key: 'stores', onDay: addDays(old, 1), value: '{}' },
      ])
      tx.insert('stage_day', [{ onDay: old, stage: 'active', members: 1, spendFen: 1 }])
    })
    const [{ n }] = await read('SELECT COUNT(*) AS n FROM stage_change')
    const { n: histories } = (await read('SELECT COUNT(*) AS n FROM score_history WHERE onDay > ?', [old]))[0]
    expect((await run('scores.forget')).state).toBe('done')
    expect(await read("SELECT id FROM score_run WHERE id = 'broken'")).toEqual([])
    expect((await read("SELECT id FROM score_run WHERE state = 'done'")).length).toBeGreaterThan(0)
    expect(await read('SELECT 1 FROM data_check WHERE onDay = ?', [old])).toEqual([])
    expect(await read('SELECT COUNT(*) AS n FROM score_history')).toEqual([{ n: histories }])
    expect(await read('SELECT 1 FROM gate_day WHERE onDay = ?', [old])).toEqual([])
    expect(await read("SELECT onDay FROM score_summary WHERE `key` = 'stores'")).toEqual([{ onDay: addDays(old, 1) }])
    expect(await read('SELECT members FROM stage_day WHERE onDay = ?', [old])).toEqual([{ members: 1 }])
    expect(await read('SELECT COUNT(*) AS n FROM stage_change')).toEqual([{ n }])
    const processed = await run('scores.forget')
    expect(processed).toMatchObject({ state: 'done', processed: 0 })
    await server.deps.db.tx(async (tx) => tx.write("UPDATE score_run SET onDay = ? WHERE state = 'done'", [today]))
  })

  test('who leaves is no longer scored after a full run', async () => {
    await server.deps.db.tx(async (tx) => tx.write("UPDATE member SET status = 'inactive' WHERE id = 'zz'"))
    expect((await run('scores.stages')).state).toBe('done')
    expect(await read("SELECT 1 FROM member_score WHERE memberId = 'zz'")).toEqual([])
  })
})

describeEachDatabase('the gate before scoring', (database) => {
  let server: TestServer
  const read = (sql: string, params: (string | number)[] = []) => server.deps.db.read<Row>(sql, params)
  const run = async (name: string) => {
    const started = await runnerOf(server.deps).runNow(requireJob(name), newId(server.clock.now()))
    await started?.ended
    const [done] = await read('SELECT state, failed, errorSample FROM job_run WHERE name = ? AND slot = ?', [
      name,
      started?.slot ?? '',
    ])
    return done
  }
  beforeAll(async () => {
    server = await startServer({ database })
    await insertHistory(server, { members: 200, days: 200, pace: () => 9 })
    await run('purchases.recount')
    await run('scores.stages')
  })
  afterAll(() => server?.stop())

  test('a feed that broke off stops the scoring, keeps the old scores, and says why', async () => {
    const before = await read('SELECT * FROM member_score ORDER BY memberId')
    expect(await read("SELECT code FROM data_check WHERE result = 'failed'")).toEqual([])
    server.clock.advance(6 * DAY_MS)
    const done = await run('scores.stages')
    expect(done).toMatchObject({ state: 'done', failed: 1 })
    expect(String(done.errorSample)).toContain('没有通过检查')
    const [newest] = await read(
      "SELECT state, note FROM score_run WHERE kind = 'stages' ORDER BY startedAt DESC, id DESC LIMIT 1",
    )
    expect(newest.state).toBe('blocked')
    expect(String(newest.note)).toContain('新鲜度')
    expect(await read('SELECT * FROM member_score ORDER BY memberId')).toEqual(before)
    const alarms = await read('SELECT code, severity, endedAt FROM data_alarm')
    expect(alarms).toContainEqual({ code: 'freshness', severity: 'failed', endedAt: null })
    expect((await run('scores.forecasts')).state).toBe('done')
    const [forecast] = await read(
      "SELECT state FROM score_run WHERE kind = 'forecasts' ORDER BY startedAt DESC LIMIT 1",
    )
    expect(forecast.state).toBe('blocked')
  })
  test('the next night keeps the one alarm open; purchases that come in end it', async () => {
    const [first] = await read("SELECT id, since FROM data_alarm WHERE code = 'freshness'")
    server.clock.advance(DAY_MS)
    await run('scores.stages')
    const again = await read("SELECT id, since, lastSeenAt FROM data_alarm WHERE code = 'freshness'")
    expect(again).toHaveLength(1)
    expect(again[0]).toMatchObject(first)
    expect(Number(again[0].lastSeenAt)).toBeGreaterThan(Number(first.since))
    const now = server.clock.now()
    // A week of sales comes in late: those of a week before, seven days on.
    const week = await read('SELECT * FROM purchase WHERE at >= ? AND at < ?', [now - 15 * DAY_MS, now - 8 * DAY_MS])
    await server.deps.db.tx(async (tx) =>
      tx.insert(
        'purchase',
        week.map((p, i) => {
          const at = Number(p.at) + 8 * DAY_MS - HOUR_MS
          return { ...p, id: newId(now), externalNo: `late${i}`, at, onDay: civilDay(at) }
        }),
      ),
    )
    await run('scores.stages')
    const [ended] = await read("SELECT endedAt FROM data_alarm WHERE code = 'freshness'")
    expect(Number(ended.endedAt)).toBe(now)
    const [newest] = await read(
      "SELECT state, onDay FROM score_run WHERE kind = 'stages' ORDER BY startedAt DESC, id DESC LIMIT 1",
    )
    expect(newest).toEqual({ state: 'done', onDay: civilDay(now) })
  })
  test('impossible and repeated rows are found among what came in, whatever day it is of', async () => {
    const now = server.clock.now()
    const [row] = await read("SELECT * FROM purchase WHERE id = 'p00000000'")
    const at = now - 100 * DAY_MS
    await server.deps.db.tx(async (tx) =>
      tx.insert('purchase', [
        ...Array.from({ length: 40 }, (_, i) => ({
          ...row,
          id: newId(now),
          externalNo: `twice${i}`,
          at,
          onDay: civilDay(at),
          amountFen: 5000,
          paidFen: 5000,
        })),
        ...Array.from({ length: 20 }, (_, i) => ({
          ...row,
          id: newId(now),
          externalNo: `wrong${i}`,
          at: at - i * 100_000,
          onDay: civilDay(at),
          paidFen: -100,
        })),
      ]),
    )
    await run('scores.stages')
    const failed = await read('SELECT code FROM data_alarm WHERE endedAt IS NULL ORDER BY code')
    expect(failed.map((r) => r.code)).toEqual(expect.arrayContaining(['duplicates', 'impossible']))
  })
})
