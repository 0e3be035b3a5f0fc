import { addDays, serialOfDay } from '../../shared/time'
import { marks, type Row } from '../db/statement'
import type { Reader } from '../db/transaction'
import { churnReasonsOf, fitChurn } from './churn-model'
import { countOf, goneMembers, influences } from './facts'
import { fitGroups, groupColumns, groupRows } from './group-model'
import { type History, historyOf } from './history'
import { cardRows } from './model-card'
import { calibrate } from './models/calibration'
import { classifierMargins } from './models/classifier'
import { purchaseFeatures } from './models/features'
import { assignGroups } from './models/kmeans'
import { gapsOf } from './models/next-purchase'
import { cutHistories, type DailyPurchases } from './models/split'
import { fitNext, nextOf } from './next-model'
import type { ScoreSettings } from './settings'
import { summaryRows } from './summaries'
import { fitValue, scoreValues } from './value-model'
import { type Step, stopwatch, type Work } from './work'

/** What one run is to do. Plain data. */
export interface ForecastsRequest {
  runId: string
  onDay: string
  now: number
  churn: ScoreSettings['churn']
}

/** Models learn from at most so many members; scoring looks at everybody. */
const mostLearntFrom = 20_000
/** Members scored at a time: their features are a few megabytes. */
const chunkMembers = 20_000
const rowsPerStep = 2000

/** Some members of a history, renumbered from 0: every `step`-th, or those from one place to another. */
const partOf = (h: History, from: number, to: number, step = 1): DailyPurchases => {
  let rows = 0
  let members = 0
  for (let m = from; m < to; m += step) {
    rows += h.start[m + 1] - h.start[m]
    members++
  }
  const part = { member: new Int32Array(rows), day: new Int32Array(rows), amount: new Float64Array(rows), members }
  let at = 0
  let number = 0
  for (let m = from; m < to; m += step) {
    const [a, b] = [h.start[m], h.start[m + 1]]
    part.day.set(h.day.subarray(a, b), at)
    part.amount.set(h.amount.subarray(a, b), at)
    part.member.fill(number++, at, at + b - a)
    at += b - a
  }
  return part
}

/** Places in the order of values, largest first, as basis points: 100 is the top 1 %. */
const ranksOf = (values: Float64Array): Int32Array => {
  const order = Int32Array.from(values, (_, i) => i).sort((a, b) => values[b] - values[a])
  const out = new Int32Array(values.length)
  for (let place = 0; place < order.length; place++)
    out[order[place]] = Math.max(1, Math.ceil(((place + 1) / order.length) * 10_000))
  return out
}

const columns = [
  'onDay',
  'churnBp',
  'churnBand',
  'churnReasons',
  'clvFen',
  'clvLowFen',
  'clvHighFen',
  'clvRankBp',
  'buys90Milli',
  'nextOn',
  'nextLow',
  'nextHigh',
  'groupNo',
]

interface Standing {
  memberId: string
  stage: string
  rfm: string
  r: number
  f: number
  m: number
  churnBand: string | null
}
/** Scored members among some, with the band they had. Primary keys. */
const standingsOf = async (db: Reader, ids: readonly string[]): Promise<Map<string, Standing>> => {
  const found = new Map<string, Standing>()
  for (let i = 0; i < ids.length; i += 500) {
    const part = ids.slice(i, i + 500)
    const rows = await db.read<Standing>(
      `SELECT s.memberId, s.stage, s.rfm, s.r, s.f, s.m, f.churnBand FROM member_score s
       LEFT JOIN member_forecast f ON f.memberId = s.memberId WHERE s.memberId IN ${marks(part)}`,
      part,
    )
    for (const row of rows) found.set(row.memberId, row)
  }
  return found
}

/** Writes rows of members who are scored, and their history where the churn band changed. */
const stepOf = async (db: Reader, onDay: string, rows: Row[]): Promise<Step> => {
  const standings = await standingsOf(
    db,
    rows.map((row) => row.memberId as string),
  )
  const kept = rows.filter((row) => standings.has(row.memberId as string))
  return {
    processed: kept.length,
    upserts: [
      { table: 'member_forecast', key: ['memberId'], update: columns, rows: kept },
      {
        table: 'score_history',
        key: ['memberId', 'onDay'],
        update: ['churnBp', 'clvFen'],
        rows: kept.flatMap((row) => {
          const s = standings.get(row.memberId as string)
          if (!s || s.churnBand === row.churnBand) return []
          const { memberId, stage, rfm, r, f, m } = s
          return [{ memberId, onDay, stage, rfm, r, f, m, churnBp: row.churnBp, clvFen: row.clvFen }]
        }),
      },
    ],
  }
}

/** Place by influence of everybody who has any, out of all members. */
const influenceSteps = async function* (db: Reader, onDay: string): AsyncGenerator<Step> {
  const [rows, members] = [await influences(db), await countOf(db, "member WHERE status = 'active'")]
  for (let i = 0; i < rows.length; i += rowsPerStep)
    yield {
      processed: 0,
      upserts: [
        {
          table: 'member_forecast',
          key: ['memberId'],
          update: ['influenceRankBp'],
          rows: rows.slice(i, i + rowsPerStep).map(({ memberId }, k) => ({
            memberId,
            onDay,
            influenceRankBp: Math.min(10_000, Math.max(1, Math.ceil(((i + k + 1) / members) * 10_000))),
          })),
        },
      ],
    }
}

/**
 * What the models expect of everybody: churn, value, next purchase, group. Reads all purchases once, tests each model on the members' own
 * past, uses it only where it beats its naive baseline, and writes members in batches.
 */
export const scoreForecasts = async function* (db: Reader, request: ForecastsRequest): Work {
  const watch = stopwatch()
  const { onDay, now } = request
  const today = serialOfDay(onDay)
  const h = await historyOf(db)
  watch.lap('read')
  const sample = partOf(h, 0, h.members, Math.max(1, Math.ceil(h.members / mostLearntFrom)))
  // Today is not over: what is tested ends yesterday.
  const churn = fitChurn(sample, today - 1)
  watch.lap('churn')
  const value = fitValue(sample, today - 1)
  watch.lap('value')
  const next = fitNext(sample, today - 1)
  watch.lap('next')
  const grouping = groupColumns(h, today)
  const groups = fitGroups(grouping)
  const groupOf = groups.model ? assignGroups(groups.model, grouping) : null
  watch.lap('groups')

  const buyProbability = new Float64Array(h.members).fill(Number.NaN)
  const reasons = new Array<string>(h.members)
  const scored = {
    clv: new Float64Array(h.members),
    low: new Float64Array(h.members),
    high: new Float64Array(h.members),
    buys: new Float64Array(h.members),
  }
  for (let from = 0; from < h.members; from += chunkMembers) {
    const part = partOf(h, from, Math.min(h.members, from + chunkMembers))
    if (churn.model && churn.calibration) {
      const { members, table } = purchaseFeatures(part, today)
      const p = calibrate(churn.calibration, classifierMargins(churn.model, table))
      for (let row = 0; row < members.length; row++) {
        buyProbability[from + members[row]] = p[row]
        reasons[from + members[row]] = churnReasonsOf(churn.model, table, row)
      }
    }
    if (value.kind !== 'none') {
      const at = cutHistories(part, today)
      const values = scoreValues(value, at)
      for (let row = 0; row < at.members.length; row++) {
        const m = from + at.members[row]
        scored.clv[m] = values.clv[row]
        scored.low[m] = values.low[row]
        scored.high[m] = values.high[row]
        scored.buys[m] = values.buys[row]
      }
    }
  }
  const ranks = ranksOf(scored.clv)
  watch.lap('score')

  let written = 0
  const { midBp, highBp } = request.churn
  for (let from = 0; from < h.members; from += chunkMembers) {
    const to = Math.min(h.members, from + chunkMembers)
    const gaps = gapsOf(partOf(h, from, to), today)
    for (let start = from; start < to; start += rowsPerStep) {
      const rows: Row[] = []
      for (let m = start; m < Math.min(to, start + rowsPerStep); m++) {
        const churnBp = Number.isNaN(buyProbability[m]) ? null : Math.round((1 - buyProbability[m]) * 10_000)
        const coming = nextOf(next, gaps, m - from)
        const valued = value.kind !== 'none'
        rows.push({
          memberId: h.ids[m],
          onDay,
          churnBp,
          churnBand: churnBp === null ? null : churnBp >= highBp ? 'high' : churnBp >= midBp ? 'mid' : 'low',
          churnReasons: churnBp === null ? null : reasons[m],
          clvFen: valued ? Math.round(scored.clv[m]) : null,
          clvLowFen: valued ? Math.round(scored.low[m]) : null,
          clvHighFen: valued ? Math.round(scored.high[m]) : null,
          clvRankBp: valued ? ranks[m] : null,
          buys90Milli: valued ? Math.round(scored.buys[m] * 1000) : null,
          nextOn: coming && addDays(onDay, Math.round(coming.median)),
          nextLow: coming && addDays(onDay, Math.round(coming.low)),
          nextHigh: coming && addDays(onDay, Math.min(3650, Math.round(coming.high))),
          groupNo: groupOf ? groupOf[m] + 1 : 0,
        })
      }
      watch.lap('rows')
      const step = await stepOf(db, onDay, rows)
      written += step.processed
      yield step
      watch.lap('write')
    }
  }
  yield* influenceSteps(db, onDay)
  const gone = await goneMembers(db, 'member_forecast')
  for (let i = 0; i < gone.length; i += rowsPerStep)
    yield {
      processed: 0,
      upserts: [],
      deletes: [{ table: 'member_forecast', column: 'memberId', ids: gone.slice(i, i + rowsPerStep) }],
    }
  yield {
    processed: 0,
    statements: [{ text: 'DELETE FROM score_group WHERE onDay = ?', params: [onDay] }],
    upserts: [
      cardRows([churn.card, value.card, next.card, groups.card], onDay, now),
      groupRows(h, groups.model, groupOf, onDay),
    ],
  }
  watch.lap('write')
  // The sums read what has just been written.
  yield { processed: 0, upserts: [await summaryRows(db, onDay, now)] }
  watch.lap('sums')
  return { members: h.members, written, moved: 0, facts: { timings: watch.laps } }
}
