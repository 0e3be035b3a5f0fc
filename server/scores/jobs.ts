import { checkWords } from '../../shared/score-words'
import { addDays, civilDay, MINUTE_MS } from '../../shared/time'
import { batch, batchEach, describeError, sweep } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import { type Bench, benchAside, benchHere } from './aside'
import { fewChanged, memberIds, membersUpTo } from './facts'
import type { Checked } from './gate-rules'
import { keepFacts, movedWindows, moveWindows } from './keep-facts'
import { touchedSince } from './member-facts'
import { beginRun, endRun, keepAlarms, keptRuns, latestBegunRun, latestFullRun, latestRun, type RunKind } from './runs'
import { settingsOf } from './settings'
import type { Cuts } from './stage-scorer'

/** Figures that were being written when the last run began may carry a time before it. */
const overlapMs = 10 * MINUTE_MS
/** The fifths of the shop are cut again when the last full run is this old, or every night while the shop is small. */
const fullEveryDays = 7
const alwaysFullBelow = 50_000

/**
 * Members from which on calculations get a thread: below, starting one takes longer than the work. Models take seconds to learn, so they
 * get one sooner.
 */
const asideFrom: Record<RunKind, number> = { stages: 20_000, forecasts: 500 }
/** So many changed members take little longer than a thread takes to start, and they are treated in pieces of a few milliseconds. */
const fewMembers = 20_000

/** Does work where it holds nobody up: on the event loop when it is small, in a thread of its own when it is large. */
const atBench = async (tick: Tick, small: boolean, work: (bench: Bench) => Promise<void>): Promise<void> => {
  const bench = small ? benchHere(tick) : benchAside(tick)
  try {
    await work(bench)
  } finally {
    await bench.close()
  }
}

/** Closes the run as failed when the work throws, and lets the runner know. */
const guarded = async (tick: Tick, runId: string, work: () => Promise<void>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    await tick.step(async (tx, now) => {
      endRun(tx, runId, 'failed', null, describeError(error), now)
      return { cursor: '', processed: 0 }
    })
    throw error
  }
}

/** Opens a run of a kind for today. */
const open = async (tick: Tick, kind: RunKind, mode: 'full' | 'changed', onDay: string): Promise<string> => {
  const settings = await settingsOf(tick.deps.db)
  let runId = ''
  await tick.step(async (tx, now) => {
    runId = beginRun(tx, { onDay, kind, mode, settings }, now)
    return { cursor: '', processed: 0 }
  })
  return runId
}

/** Whether tonight's data may be scored; if not, the run is closed as blocked and an alarm says why. */
const passesGate = async (
  tick: Tick,
  bench: Bench,
  run: { runId: string; onDay: string; believedAt: number },
): Promise<boolean> => {
  const { deps } = tick
  const { gate } = await settingsOf(deps.db)
  const checked = await bench.run('gate', { ...run, now: deps.clock.now(), gate })
  if (!checked) return false
  let stopping: Checked[] = []
  await tick.step(async (tx, now) => {
    stopping = await keepAlarms(tx, checked.facts.checks as Checked[], now)
    if (stopping.length)
      endRun(
        tx,
        run.runId,
        'blocked',
        null,
        stopping.map((c) => `${checkWords[c.code].name}：${c.measured}`).join('；'),
        now,
      )
    return {
      cursor: '',
      processed: 0,
      ...(stopping.length ? { failed: 1, error: `数据没有通过检查，沿用上次的评分：${stopping[0].measured}` } : {}),
    }
  })
  return !stopping.length
}

/** Every night: the gate, then RFM and life-cycle stages. The first run also works out the ninety days before it. */
export const scoreStagesNightly = async (tick: Tick): Promise<void> => {
  const { deps } = tick
  const now = deps.clock.now()
  const onDay = civilDay(now)
  const [settings, last, begun, full, members] = await Promise.all([
    settingsOf(deps.db),
    latestRun(deps.db, 'stages', 'done'),
    latestBegunRun(deps.db, 'stages'),
    latestFullRun(deps.db, 'stages'),
    membersUpTo(deps.db, alwaysFullBelow),
  ])
  const { stages, rfm } = settings
  const changed =
    last !== null &&
    full !== null &&
    members >= alwaysFullBelow &&
    full.onDay > addDays(onDay, -fullEveryDays) &&
    // A run over everybody that broke off has left scores that neither the sums nor the cut points know of.
    (begun?.mode === 'changed' || begun?.state === 'done') &&
    JSON.stringify([full.settings.stages, full.settings.rfm]) === JSON.stringify([stages, rfm])
  const mode = changed ? 'changed' : 'full'
  const since = (last?.startedAt ?? 0) - overlapMs
  const small = members < asideFrom.stages || (changed && (await fewChanged(deps.db, since, onDay, fewMembers)))
  await atBench(tick, small, async (bench) => {
    const runId = await open(tick, 'stages', mode, onDay)
    await guarded(tick, runId, async () => {
      if (!(await passesGate(tick, bench, { runId, onDay, believedAt: last?.startedAt ?? 0 }))) return
      if (!last && !(await bench.run('past', { onDay, now, stages }))) return
      const result = await bench.run('stages', {
        runId,
        onDay,
        now,
        mode,
        since,
        cuts: changed ? (full.thresholds as unknown as Cuts) : null,
        stages,
        rfm,
      })
      if (!result) return
      await tick.step(async (tx, at) => {
        // A run over what changed keeps the cut points of the full one, where the next looks for them.
        endRun(tx, runId, 'done', result, null, at)
        return { cursor: '', processed: 0 }
      })
    })
  })
}

/** Counts the facts again of everybody something happened to since the last run, then moves the windows of the others. */
export const keepFactsNightly = async (tick: Tick): Promise<void> => {
  const { db, clock } = tick.deps
  const today = civilDay(clock.now())
  const touched = await touchedSince(db, tick.previousSlotAt ?? 0)
  const keyOf = (row: { memberId: string }): string => row.memberId
  await batchEach(tick, [
    {
      key: 'touched',
      work: {
        next: async (_, cursor, limit) => {
          const from = touched.findIndex((id) => id > cursor)
          return from < 0 ? [] : touched.slice(from, from + limit).map((memberId) => ({ memberId }))
        },
        keyOf,
        treat: async (tx, rows, now) => ({ processed: await keepFacts(tx, rows.map(keyOf), today, now) }),
      },
    },
    {
      key: 'windows',
      work: {
        next: (tx, cursor, limit) => movedWindows(tx, cursor, limit, today),
        keyOf,
        treat: async (tx, rows) => ({ processed: await moveWindows(tx, rows.map(keyOf), today) }),
      },
    },
  ])
}

/** Counts everybody's facts from nothing; counts as processed what was not as it should be. */
export const rebuildFacts = (tick: Tick): Promise<void> => {
  const today = civilDay(tick.deps.clock.now())
  return batch(tick, {
    next: (tx, cursor, limit) => memberIds(tx, cursor, limit),
    keyOf: (row) => row.id,
    treat: async (tx, rows, now) => ({
      processed: await keepFacts(
        tx,
        rows.map((row) => row.id),
        today,
        now,
      ),
    }),
  })
}

/** Every night after the stages: what the models expect of everybody. Stopped when the data of the day did not pass the gate. */
export const scoreForecastsNightly = async (tick: Tick): Promise<void> => {
  const { deps } = tick
  const now = deps.clock.now()
  const onDay = civilDay(now)
  const [{ churn }, stages, members] = await Promise.all([
    settingsOf(deps.db),
    latestRun(deps.db, 'stages'),
    membersUpTo(deps.db, asideFrom.forecasts),
  ])
  // Without stages there is nobody to forecast for; their own run says why there are none.
  if (!stages) return
  const runId = await open(tick, 'forecasts', 'full', onDay)
  await guarded(tick, runId, async () => {
    if (stages.state === 'blocked')
      return tick.step(async (tx, at) => {
        endRun(tx, runId, 'blocked', null, stages.note, at)
        return { cursor: '', processed: 0 }
      })
    await atBench(tick, members < asideFrom.forecasts, async (bench) => {
      const result = await bench.run('forecasts', { runId, onDay, now, churn })
      if (!result) return
      await tick.step(async (tx, at) => {
        endRun(tx, runId, 'done', result, null, at)
        return { cursor: '', processed: 0 }
      })
    })
  })
}

/** How long the traces of scoring are kept. What pages draw over time (stage_day, stage_move, rfm_cell, stage_change) stays. */
export const keptDays = {
  /** Runs with their checks; the pages show the last thirty days of them. */
  runs: 180,
  /** A member's own history of scores. */
  history: 730,
  /** What the gate counted of a day: it compares five weeks. */
  gateDays: 60,
  /** Nightly sums and model cards, of which pages show the newest and compare with earlier ones. */
  summaries: 400,
} as const

/** Forgets old runs, checks, histories and sums. The newest of each kind stays however old it is: it is in force. */
export const forgetScores = async (tick: Tick): Promise<void> => {
  const { db, clock } = tick.deps
  const today = civilDay(clock.now())
  const before = (days: number): string => addDays(today, -days)
  const runs = await keptRuns(db)
  const kept = `NOT IN (${runs.map(() => '?').join(',') || "''"})`
  await sweep(tick, {
    table: 'data_check',
    key: ['runId', 'code'],
    where: `onDay < ? AND runId ${kept}`,
    params: [before(keptDays.runs), ...runs],
  })
  await sweep(tick, {
    table: 'score_run',
    key: ['id'],
    where: `onDay < ? AND state <> 'running' AND id ${kept}`,
    params: [before(keptDays.runs), ...runs],
  })
  await sweep(tick, {
    table: 'score_history',
    key: ['memberId', 'onDay'],
    where: 'onDay < ?',
    params: [before(keptDays.history)],
  })
  await sweep(tick, {
    table: 'gate_day',
    key: ['onDay'],
    where: 'onDay < ?',
    params: [before(keptDays.gateDays)],
  })
  for (const [table, by] of [
    ['score_summary', '`key`'],
    ['model_card', 'model'],
  ] as const) {
    const newest = await db.read<{ name: string; onDay: string }>(
      `SELECT ${by} AS name, MAX(onDay) AS onDay FROM ${table} GROUP BY ${by}`,
    )
    const until = before(keptDays.summaries)
    for (const { name, onDay } of newest)
      await tick.step(async (tx) => ({
        cursor: table,
        processed: await tx.run(`DELETE FROM ${table} WHERE ${by} = ? AND onDay < ?`, [
          name,
          until < onDay ? until : onDay,
        ]),
      }))
  }
}
