import { checkWords } from '../../shared/score-words'
import { addDays, DAY_MS, HOUR_MS, MINUTE_MS, SHANGHAI } from '../../shared/time'
import type { Reader } from '../db/transaction'
import { countOf } from './facts'
import { arrivedSince, countShapes, type DayShape, emptyShape, newestPurchase, waitingToBeCounted } from './gate-facts'
import {
  type Checked,
  judgeDrift,
  judgeDuplicates,
  judgeFreshness,
  judgeImpossible,
  judgeRecounted,
  judgeVolume,
} from './gate-rules'
import type { ScoreSettings } from './settings'
import { stopwatch, type Work } from './work'

/** What one run of the gate is to do. Plain data. */
export interface GateRequest {
  runId: string
  onDay: string
  now: number
  /** When the last run began whose data were believed (epoch ms); 0: never. */
  believedAt: number
  gate: ScoreSettings['gate']
}

/** What came in since the data were last believed is looked at row by row, but no more than of so many days. */
const arrivalDays = 7
/** Purchases that were being written at a moment may carry an id of a time before it. */
const overlapMs = 10 * MINUTE_MS
const recentDays = 7
const referenceDays = 28

/** The histogram the last run that was believed left behind. */
const keptBaseline = async (db: Reader, code: string): Promise<number[] | null> => {
  const [row] = await db.read<{ baseline: string }>(
    "SELECT baseline FROM data_check WHERE code = ? AND result <> 'failed' AND baseline IS NOT NULL ORDER BY runId DESC LIMIT 1",
    [code],
  )
  return row ? (JSON.parse(row.baseline) as number[]) : null
}

/** The smallest id that could have been made at a moment: ids begin with their time. */
const firstIdAt = (ms: number): string => Math.max(0, ms).toString(36).padStart(8, '0')

/** The shapes the last gate counted, of some days, and when it did. Primary key; the table holds a row a day. */
const keptShapes = async (db: Reader, from: string): Promise<{ shapes: Map<string, DayShape>; countedAt: number }> => {
  const rows = await db.read<{ onDay: string; orders: number; amounts: string; hours: string; countedAt: number }>(
    'SELECT * FROM gate_day WHERE onDay >= ?',
    [from],
  )
  return {
    shapes: new Map(
      rows.map(({ onDay, orders, amounts, hours }) => [
        onDay,
        { onDay, orders, amounts: JSON.parse(amounts), hours: JSON.parse(hours) },
      ]),
    ),
    countedAt: rows.reduce((latest, row) => Math.max(latest, Number(row.countedAt)), 0),
  }
}

/** Checks the feed of purchases before anything is scored with it; yields the checks as rows and answers what failed. */
export const checkData = async function* (db: Reader, request: GateRequest): Work {
  const { onDay, now, gate } = request
  const watch = stopwatch()
  const days = Array.from({ length: recentDays + referenceDays }, (_, i) => addDays(onDay, -1 - i))
  const kept = await keptShapes(db, days[days.length - 1])
  // A purchase of a day that was counted may have come in since: the look at what arrived finds the days to count again.
  const earliest = now - arrivalDays * DAY_MS
  const knownSince = kept.countedAt - overlapMs
  const since = Math.max(earliest, Math.min(knownSince, request.believedAt - overlapMs))
  const arrived = await arrivedSince(db, firstIdAt(since), onDay)
  watch.lap('arrived')
  const touched = new Set(arrived.days.map((day) => day.onDay))
  const stale = days.filter((day) => knownSince < since || touched.has(day) || !kept.shapes.has(day))
  const zone = typeof SHANGHAI === 'number' ? SHANGHAI : SHANGHAI(now)
  const counted = await countShapes(db, stale, zone)
  watch.lap('shapes')
  const shapes = days.map((day) => counted.get(day) ?? kept.shapes.get(day) ?? emptyShape(day))
  const sum = (which: 'amounts' | 'hours', from: number, to: number): number[] =>
    shapes.slice(from, to).reduce((bins, shape) => bins.map((n, i) => n + shape[which][i]), emptyShape(onDay)[which])
  const drift = async (code: 'drift_amount' | 'drift_hours', which: 'amounts' | 'hours'): Promise<Checked> =>
    judgeDrift(
      code,
      sum(which, 0, recentDays),
      (await keptBaseline(db, code)) ?? sum(which, recentDays, days.length),
      sum(which, 0, referenceDays),
    )
  const usual = [7, 14, 21, 28].reduce((n, back) => n + shapes[back].orders, 0) / 4
  const total = (of: 'rows' | 'wrong'): number => arrived.days.reduce((n, day) => n + day[of], 0)
  const newest = await newestPurchase(db, onDay, now)
  const waiting = await waitingToBeCounted(db)
  const checks: Checked[] = [
    judgeFreshness(newest === null ? null : (now - newest) / HOUR_MS, gate.freshHours),
    judgeVolume(shapes[0].orders, usual, gate.volumeLowBp, gate.volumeHighBp),
    judgeDuplicates(arrived.repeated, total('rows')),
    judgeImpossible(total('wrong'), total('rows')),
    judgeRecounted(waiting, waiting ? await countOf(db, 'member_stats') : 0),
    await drift('drift_amount', 'amounts'),
    await drift('drift_hours', 'hours'),
  ]
  watch.lap('gate')
  yield {
    processed: 0,
    upserts: [
      {
        table: 'gate_day',
        key: ['onDay'],
        update: ['orders', 'amounts', 'hours', 'countedAt'],
        rows: [...counted.values()].map(({ orders, amounts, hours, ...shape }) => ({
          onDay: shape.onDay,
          orders,
          amounts: JSON.stringify(amounts),
          hours: JSON.stringify(hours),
          countedAt: now,
        })),
      },
      {
        table: 'data_check',
        key: ['runId', 'code'],
        update: ['result', 'measured', 'expected', 'explanation', 'baseline'],
        rows: checks.map(({ code, result, measured, expected, baseline }) => ({
          runId: request.runId,
          code,
          onDay,
          result,
          measured,
          expected,
          explanation: checkWords[code].explanation,
          baseline: baseline ? JSON.stringify(baseline) : null,
        })),
      },
    ],
  }
  return { members: 0, written: 0, moved: 0, facts: { checks, timings: watch.laps } }
}
