import { checkWords } from '../../shared/score-words'
import { addDays, civilDay, MINUTE_MS } from '../../shared/time'
import { batch, batchEach, describeError } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import { runWhereItFits } from './aside'
import { countOf, memberIds } from './facts'
import type { Checked } from './gate-rules'
import { keepFacts, movedWindows, moveWindows } from './keep-facts'
import { touchedSince } from './member-facts'
import { beginRun, endRun, keepAlarms, latestFullRun, latestRun, type RunKind } from './runs'
import { settingsOf } from './settings'
import type { Cuts } from './stage-scorer'
import { applyStep, type Result, type Work } from './work'

/** Figures that were being written when the last run began may carry a time before it. */
const overlapMs = 10 * MINUTE_MS
/** The fifths of the shop are cut again when the last full run is this old, or every night while the shop is small. */
const fullEveryDays = 7
const alwaysFullBelow = 50_000

/** Lets a calculation run and writes each of its steps in a transaction of its own. Answers null when the process wants to stop. */
const drive = async (tick: Tick, work: Work): Promise<Result | null> => {
  for (;;) {
    const { value, done } = await work.next()
    if (done) return value
    if (tick.stopping()) {
      await work.return({ members: 0, written: 0, moved: 0, facts: {} })
      return null
    }
    await tick.step(async (tx) => {
      applyStep(tx, value)
      return { cursor: '', processed: value.processed }
    })
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
const passesGate = async (tick: Tick, runId: string, onDay: string, members: number): Promise<boolean> => {
  const { deps } = tick
  const { gate } = await settingsOf(deps.db)
  const checked = await drive(
    tick,
    runWhereItFits(deps, members, 'gate', { runId, onDay, now: deps.clock.now(), gate }),
  )
  if (!checked) return false
  let stopping: Checked[] = []
  await tick.step(async (tx, now) => {
    stopping = await keepAlarms(tx, checked.facts.checks as Checked[], now)
    if (stopping.length)
      endRun(
        tx,
        runId,
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
  const [settings, last, full, members] = await Promise.all([
    settingsOf(deps.db),
    latestRun(deps.db, 'stages', 'done'),
    latestFullRun(deps.db, 'stages'),
    countOf(deps.db, 'member'),
  ])
  const { stages, rfm } = settings
  const changed =
    last !== null &&
    full !== null &&
    members >= alwaysFullBelow &&
    full.onDay > addDays(onDay, -fullEveryDays) &&
    JSON.stringify([full.settings.stages, full.settings.rfm]) === JSON.stringify([stages, rfm])
  const mode = changed ? 'changed' : 'full'
  const runId = await open(tick, 'stages', mode, onDay)
  await guarded(tick, runId, async () => {
    if (!(await passesGate(tick, runId, onDay, members))) return
    if (!last && !(await drive(tick, runWhereItFits(deps, members, 'past', { onDay, now, stages })))) return
    const result = await drive(
      tick,
      runWhereItFits(deps, members, 'stages', {
        runId,
        onDay,
        now,
        mode,
        since: (last?.startedAt ?? 0) - overlapMs,
        cuts: changed ? (full.thresholds as unknown as Cuts) : null,
        stages,
        rfm,
      }),
    )
    if (!result) return
    await tick.step(async (tx, at) => {
      // A run over what changed keeps the cut points of the full one, where the next looks for them.
      endRun(tx, runId, 'done', result, null, at)
      return { cursor: '', processed: 0 }
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
    countOf(deps.db, 'member'),
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
    const result = await drive(tick, runWhereItFits(deps, members, 'forecasts', { runId, onDay, now, churn }))
    if (!result) return
    await tick.step(async (tx, at) => {
      endRun(tx, runId, 'done', result, null, at)
      return { cursor: '', processed: 0 }
    })
  })
}
