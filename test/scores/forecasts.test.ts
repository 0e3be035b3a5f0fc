import { newId } from '../../server/db/id'
import { claimRun } from '../../server/jobs/runs'
import { requireJob, runnerOf } from '../../server/jobs/service'
import { benchAside } from '../../server/scores/aside'
import { churnReasonsOf, fitChurn } from '../../server/scores/churn-model'
import type { ForecastsRequest } from '../../server/scores/forecasts'
import { calibrate } from '../../server/scores/models/calibration'
import { classifierMargins } from '../../server/scores/models/classifier'
import { featureNames, purchaseFeatures } from '../../server/scores/models/features'
import { cutHistories, type DailyPurchases, mergeDays } from '../../server/scores/models/split'
import { fitNext } from '../../server/scores/next-model'
import { defaultSettings } from '../../server/scores/settings'
import { fitValue, scoreValues } from '../../server/scores/value-model'
import { churnReasonWords, modelCodes } from '../../shared/score-words'
import { civilDay } from '../../shared/time'
import { describeEachDatabase } from '../support/databases'
import { seeded } from '../support/ledger'
import { startServer, type TestServer, testNow } from '../support/server'
import { insertHistory } from './shop'

type Row = Record<string, string | number | null>
const lastDay = 20_000

/** Members who buy by chance, at their own pace, some of whom stop. */
const population = (
  seed: number,
  count: number,
  days: number,
  options: { stops: number; pace(r: number): number },
): DailyPurchases => {
  const random = seeded(seed)
  const rows: [number, number, number][] = []
  for (let m = 0; m < count; m++) {
    const pace = options.pace(random())
    const until = random() < options.stops ? days * random() : days
    for (let day = days * 0.6 * random(); day < until; day += 1 - Math.log(1 - random()) * pace)
      rows.push([m, lastDay - days + Math.floor(day), 1000 + Math.floor(9000 * random())])
  }
  return mergeDays(
    rows.map((r) => r[0]),
    rows.map((r) => r[1]),
    rows.map((r) => r[2]),
    count,
  )
}
/** Some come every week and some twice a year: how long ago the last time was says little without how often they come. */
const lively = (seed: number) => population(seed, 700, 420, { stops: 0.5, pace: (r) => 6 + 220 * r * r })
const figureOf = (
  card: { figures: { name: string; value: number | null; baseline: number | null }[] },
  name: string,
) => {
  const found = card.figures.find((f) => f.name === name)
  if (!found || found.value === null || found.baseline === null) throw new Error(`No figure ${name}`)
  return { value: found.value, baseline: found.baseline }
}

describe('the churn model', () => {
  test('is better than looking at the last purchase where there is more to see, and calibrated', () => {
    const churn = fitChurn(lively(1), lastDay)
    expect(churn.card.used).toBe('model')
    const auc = figureOf(churn.card, 'AUC')
    expect(auc.value).toBeGreaterThan(0.75)
    expect(auc.value).toBeGreaterThanOrEqual(auc.baseline)
    expect(figureOf(churn.card, 'Brier 分').value).toBeLessThan(figureOf(churn.card, 'Brier 分').baseline)
    expect(figureOf(churn.card, '校准误差').value).toBeLessThan(0.1)
    expect(churn.card.calibration.reduce((n, bin) => n + bin.count, 0)).toBe(
      churn.card.figures.find((f) => f.name === '检验的会员')?.value,
    )
    expect(churn.card.lift[0].lift).toBeGreaterThan(1.2)
  })
  test('is not used where it loses: the baseline is, and looks at nothing but the last purchase', () => {
    // Few members, all of the same pace: there is nothing to learn but noise.
    const noise = [1, 2, 3, 4, 5, 6].map((seed) => {
      const purchases = population(seed, 260, 380, { stops: 0.25, pace: () => 120 })
      return { purchases, churn: fitChurn(purchases, lastDay) }
    })
    for (const { churn } of noise) {
      if (churn.card.used === 'too_little') continue
      const [auc, brier] = [figureOf(churn.card, 'AUC'), figureOf(churn.card, 'Brier 分')]
      const wins = auc.value >= auc.baseline && brier.value < brier.baseline
      expect(churn.card.used).toBe(wins ? 'model' : 'baseline')
    }
    const lost = noise.find(({ churn }) => churn.card.used === 'baseline')
    if (!lost?.churn.model || !lost.churn.calibration) throw new Error('No seed made the model lose')
    const { table } = purchaseFeatures(lost.purchases, lastDay)
    const p = calibrate(lost.churn.calibration, classifierMargins(lost.churn.model, table))
    const since = table.columns[featureNames.indexOf('log(1 + days since last)')]
    const bySince = new Map<number, number>()
    for (let i = 0; i < table.rows; i++) {
      expect(bySince.get(since[i]) ?? p[i]).toBe(p[i])
      bySince.set(since[i], p[i])
      expect(churnReasonsOf(lost.churn.model, table, i)).toMatch(/^(recency:\d+:[+-])?$/)
    }
    expect(lost.churn.card.verdict).toContain('没有胜过')
  })
  test('keeps quiet where there is too little history', () => {
    const churn = fitChurn(population(3, 80, 400, { stops: 0.5, pace: () => 20 }), lastDay)
    expect([churn.model, churn.card.used]).toEqual([null, 'too_little'])
  })
  test('names the strongest reasons with the member’s own figures', () => {
    const purchases = lively(1)
    const churn = fitChurn(purchases, lastDay)
    if (!churn.model) throw new Error('No model')
    const { members, table } = purchaseFeatures(purchases, lastDay)
    for (let i = 0; i < table.rows; i++) {
      const parts = churnReasonsOf(churn.model, table, i).split('|')
      expect(parts.length).toBe(3)
      for (const part of parts) {
        const [code, value, sign] = part.split(':')
        expect(['+', '-']).toContain(sign)
        expect(churnReasonWords[code](Number(value))).toMatch(/[\u4e00-\u9fff]/)
        if (code !== 'recency') continue
        let last = 0
        for (let k = 0; k < purchases.day.length; k++)
          if (purchases.member[k] === members[i] && purchases.day[k] <= lastDay) last = purchases.day[k]
        expect(Number(value)).toBe(lastDay - last)
      }
    }
  })
})

describe('value and next purchase', () => {
  test('value is compared with going on at the same pace, and its interval holds it', () => {
    const purchases = lively(2)
    const value = fitValue(purchases, lastDay)
    const rms = figureOf(value.card, '均方根误差（次）')
    expect(value.card.used).toBe(rms.value < rms.baseline ? 'model' : 'baseline')
    const at = cutHistories(purchases, lastDay)
    const scored = scoreValues(value, at)
    for (let i = 0; i < at.members.length; i++) {
      expect(scored.clv[i]).toBeGreaterThanOrEqual(0)
      expect(scored.low[i]).toBeLessThanOrEqual(scored.clv[i])
      expect(scored.high[i]).toBeGreaterThanOrEqual(scored.clv[i])
    }
  })
  test('a shop that nobody leaves is no reason to break: NBD takes over', () => {
    const value = fitValue(population(5, 400, 300, { stops: 0, pace: (r) => 10 + 40 * r }), lastDay)
    expect(['model', 'rate']).toContain(value.kind)
    if (value.purchases) expect(Number.isFinite(value.purchases.logLikelihood)).toBe(true)
    expect(value.card.figures.every((f) => f.value === null || Number.isFinite(f.value))).toBe(true)
  })
  test('the next date is compared with the own mean gap', () => {
    const next = fitNext(lively(4), lastDay)
    const days = figureOf(next.card, '平均误差（天）')
    expect(next.card.used).toBe(days.value < days.baseline ? 'model' : 'baseline')
    const inside = next.card.figures.find((f) => f.name === '落在区间内')?.value ?? 0
    expect(inside).toBeGreaterThan(0.65)
  })
})

describeEachDatabase('forecasts', (database) => {
  let server: TestServer
  const read = (sql: string, params: (string | number)[] = []) => server.deps.db.read<Row>(sql, params)
  const rows = () => read('SELECT * FROM member_forecast ORDER BY memberId')
  const run = async (name: string) => {
    const started = await runnerOf(server.deps).runNow(requireJob(name), newId(server.clock.now()))
    await started?.ended
    const [done] = await read('SELECT state, processed, failed, errorSample FROM job_run WHERE name = ? AND slot = ?', [
      name,
      started?.slot ?? '',
    ])
    return done
  }
  beforeAll(async () => {
    server = await startServer({ database })
    await insertHistory(server, { members: 420, days: 400, seed: 5 })
    await run('purchases.recount')
    await run('scores.stages')
  })
  afterAll(() => server?.stop())

  test('everybody who bought gets probability, value, date and group', async () => {
    expect(await run('scores.forecasts')).toMatchObject({ state: 'done', failed: 0 })
    const found = await rows()
    const [{ n }] = await read('SELECT COUNT(DISTINCT memberId) AS n FROM purchase')
    expect(found).toHaveLength(Number(n))
    for (const f of found) {
      expect(Number(f.churnBp)).toBeGreaterThanOrEqual(0)
      expect(Number(f.churnBp)).toBeLessThanOrEqual(10_000)
      expect(f.churnBand).toBe(Number(f.churnBp) >= 7000 ? 'high' : Number(f.churnBp) >= 4000 ? 'mid' : 'low')
      expect(Number(f.clvLowFen)).toBeLessThanOrEqual(Number(f.clvFen))
      expect(Number(f.clvHighFen)).toBeGreaterThanOrEqual(Number(f.clvFen))
      if (f.nextOn) {
        expect(String(f.nextLow) <= String(f.nextOn) && String(f.nextOn) <= String(f.nextHigh)).toBe(true)
        expect(String(f.nextOn) >= civilDay(testNow)).toBe(true)
      }
      expect(Number(f.groupNo)).toBeGreaterThan(0)
    }
    // A better place never goes with a lower value.
    const ranked = [...found].sort((a, b) => Number(a.clvRankBp) - Number(b.clvRankBp))
    for (let i = 1; i < ranked.length; i++)
      expect(Number(ranked[i].clvFen)).toBeLessThanOrEqual(Number(ranked[i - 1].clvFen))
    const groups = await read('SELECT groupNo, members, name FROM score_group')
    expect(groups.reduce((sum, g) => sum + Number(g.members), 0)).toBe(found.length)
    expect(new Set(groups.map((g) => g.name)).size).toBe(groups.length)
    const cards = await read('SELECT model, used FROM model_card')
    expect(cards.map((c) => c.model).sort()).toEqual([...modelCodes].sort())
    expect((await read('SELECT DISTINCT `key` FROM score_summary')).length).toBe(3)
  })
  test('who stopped coming is expected less than who did not', async () => {
    const [gone] = await read(
      "SELECT AVG(f.churnBp) AS bp FROM member_forecast f JOIN member_score s ON s.memberId = f.memberId WHERE s.stage = 'lost'",
    )
    const [here] = await read(
      "SELECT AVG(f.churnBp) AS bp FROM member_forecast f JOIN member_score s ON s.memberId = f.memberId WHERE s.stage = 'loyal'",
    )
    expect(Number(gone.bp)).toBeGreaterThan(Number(here.bp) + 2000)
  })
  test('the same night again gives the same figures, here and in a thread', async () => {
    const before = await rows()
    const history = await read('SELECT COUNT(*) AS n FROM score_history')
    await run('scores.forecasts')
    expect(await rows()).toEqual(before)
    expect(await read('SELECT COUNT(*) AS n FROM score_history')).toEqual(history)
    const request: ForecastsRequest = {
      runId: 'x',
      onDay: civilDay(testNow),
      now: testNow,
      churn: defaultSettings.churn,
    }
    await server.deps.db.tx(async (tx) => tx.write('DELETE FROM member_forecast'))
    const claimed = await claimRun(server.deps, {
      name: 'scores.forecasts',
      slot: 'manual:x',
      slotAt: testNow,
      owner: 'x',
    })
    if (!claimed) throw new Error('The job is running')
    const bench = benchAside({ deps: server.deps, lease: claimed, stopping: () => false })
    expect(await bench.run('forecasts', request)).toMatchObject({ written: before.length })
    await bench.close()
    expect(await rows()).toEqual(before)
  })
})
