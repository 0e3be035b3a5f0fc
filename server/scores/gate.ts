import { checkWords } from '../../shared/score-words'
import { addDays, DAY_MS, HOUR_MS, SHANGHAI } from '../../shared/time'
import type { Reader } from '../db/transaction'
import { countOf } from './facts'
import { amountBins, arrivedSince, hourBins, newestPurchase, ordersOn, waitingToBeCounted } from './gate-facts'
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
  gate: ScoreSettings['gate']
}

/** What came in within so many days is looked at row by row. */
const arrivalDays = 7
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

/** Checks the feed of purchases before anything is scored with it; yields the checks as rows and answers what failed. */
export const checkData = async function* (db: Reader, request: GateRequest): Work {
  const { onDay, now, gate } = request
  const watch = stopwatch()
  const yesterday = addDays(onDay, -1)
  const [orders, ...weeks] = await ordersOn(db, [
    yesterday,
    ...[1, 2, 3, 4].map((week) => addDays(yesterday, -7 * week)),
  ])
  const arrived = await arrivedSince(db, firstIdAt(now - arrivalDays * DAY_MS), onDay)
  const newest = await newestPurchase(db, onDay, now)
  const recent = [addDays(onDay, -recentDays), yesterday] as const
  const before = [addDays(recent[0], -referenceDays), addDays(recent[0], -1)] as const
  const longer = [addDays(onDay, -referenceDays), yesterday] as const
  const amounts = (stretch: readonly [string, string]) => amountBins(db, ...stretch)
  const zone = typeof SHANGHAI === 'number' ? SHANGHAI : SHANGHAI(now)
  const hours = (stretch: readonly [string, string]) => hourBins(db, ...stretch, zone)
  const checks: Checked[] = [
    judgeFreshness(newest === null ? null : (now - newest) / HOUR_MS, gate.freshHours),
    judgeVolume(orders, weeks.reduce((sum, n) => sum + n, 0) / weeks.length, gate.volumeLowBp, gate.volumeHighBp),
    judgeDuplicates(arrived.repeated, arrived.rows),
    judgeImpossible(arrived.wrong, arrived.rows),
    judgeRecounted(await waitingToBeCounted(db), await countOf(db, 'member_stats')),
    judgeDrift(
      'drift_amount',
      await amounts(recent),
      (await keptBaseline(db, 'drift_amount')) ?? (await amounts(before)),
      await amounts(longer),
    ),
    judgeDrift(
      'drift_hours',
      await hours(recent),
      (await keptBaseline(db, 'drift_hours')) ?? (await hours(before)),
      await hours(longer),
    ),
  ]
  watch.lap('gate')
  yield {
    processed: 0,
    upserts: [
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
