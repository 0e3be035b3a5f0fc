import type { Output, Parsed } from '../../shared/contract'
import { figureWords } from '../../shared/figure-words'
import { addDays, civilDay } from '../../shared/time'
import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import { rfmAxes } from '../scores/service'
import { cellsOf } from './cells'
import { asOfState } from './days'
import { churnBands } from './member-rules'
import { firstOfMonth, monthName, monthNumber, monthsUntil, shareOf } from './rules'
import { groupOnly } from './scope'
import { movesByMonth, movesIn, rfmCells, scoredOn, stageDays, stagesOn } from './score-facts'

type StageKey = Output<'GET /admin/dashboards/stages'>['stages'][number]['key']
export const stageNames: Record<StageKey, string> = {
  new: '新客',
  active: '活跃',
  loyal: '忠诚',
  dormant: '沉睡',
  lost: '流失',
}
const stageKeys = Object.keys(stageNames) as StageKey[]

/** The stages week by week: at the end of each week the newest scoring of that week. */
export const stagesOf = async (
  db: Reader,
  actor: OperatorActor,
  { weeks }: Parsed<'GET /admin/dashboards/stages'>,
  now: number,
): Promise<Output<'GET /admin/dashboards/stages'>> => {
  groupOnly(actor)
  const today = civilDay(now)
  const from = addDays(today, 1 - 7 * weeks)
  const rows = await stageDays(db, from, today)
  const scored = [...new Set(rows.map((r) => r.onDay))].sort()
  const at = (on: string): number[] =>
    stageKeys.map((s) => Number(rows.find((r) => r.onDay === on && r.stage === s)?.members ?? 0))
  const series = Array.from({ length: weeks }, (_, i) => addDays(today, -7 * (weeks - 1 - i))).flatMap((on) => {
    const newest = scored.filter((d) => d <= on && d > addDays(on, -7)).at(-1)
    if (!newest) return []
    const week = `${addDays(newest, -6)}..${newest}`
    const entered = stageKeys.map((row) => ({ figure: 'stage-entered', row, col: week }))
    return [{ on: newest, members: at(newest), entered }]
  })
  const present = series.at(-1)?.members ?? stageKeys.map(() => 0)
  const past = series.at(-2)?.members ?? present
  const on = series.at(-1)?.on ?? today
  return {
    definition: figureWords.stages,
    period: { from, to: today },
    comparison: series.length > 1 ? { from: series[series.length - 2].on, to: on, label: '上周' } : null,
    asOf: await scoredOn(db),
    stages: stageKeys.map((key, i) => ({
      key,
      name: stageNames[key],
      members: present[i],
      before: past[i],
      drill: { figure: 'stage', row: key, col: '' },
    })),
    series,
  }
}

/** Who passed from which stage to which, and which share of everybody who was in the stage at some time of the period. */
export const stageMoves = async (
  db: Reader,
  actor: OperatorActor,
  { from, to }: Parsed<'GET /admin/dashboards/stage-moves'>,
): Promise<Output<'GET /admin/dashboards/stage-moves'>> => {
  groupOnly(actor)
  if (from > to) throw refuse('invalid_input', { reason: '开始不能晚于结束', field: 'to' })
  const [moves, end, asOf] = await Promise.all([movesIn(db, from, to), stagesOn(db, addDays(to, 1)), scoredOn(db)])
  const links = moves
    .filter((m) => m.fromStage !== m.toStage && m.fromStage in stageNames && m.toStage in stageNames)
    .map((m) => ({
      from: m.fromStage as StageKey,
      to: m.toStage as StageKey,
      members: Number(m.members),
      drill: { figure: 'stage-move', row: `${m.fromStage}>${m.toStage}`, col: `${from}..${to}` },
    }))
    .sort((a, b) => b.members - a.members)
  return {
    definition: figureWords.stageMoves,
    period: { from, to },
    comparison: null,
    asOf,
    links,
    conversion: links.map((l) => {
      // Whoever was there has left or is there still. Those of the beginning alone would miss who came meanwhile: rates above one.
      const left = links.reduce((sum, other) => sum + (other.from === l.from ? other.members : 0), 0)
      const of = left + Number(end.find((e) => e.stage === l.from)?.members ?? 0)
      return { from: l.from, to: l.to, members: l.members, of, rate: shareOf(l.members, of) }
    }),
  }
}

/** Churn by month, and how many members stand how close to it. */
export const churnOf = async (
  db: Reader,
  actor: OperatorActor,
  { months }: Parsed<'GET /admin/dashboards/churn'>,
  now: number,
): Promise<Output<'GET /admin/dashboards/churn'>> => {
  groupOnly(actor)
  const today = civilDay(now)
  const list = monthsUntil(today, months)
  const from = firstOfMonth(list[0])
  const [moves, cells, asOf] = await Promise.all([
    movesByMonth(db, from, today),
    cellsOf(db, 'churn'),
    asOfState(db, 'members'),
  ])
  const shown = await Promise.all(
    list.map(async (month) => {
      const begin = await stagesOn(db, firstOfMonth(month))
      const base = begin
        .filter((s) => s.stage !== 'lost' && s.stage !== 'new')
        .reduce((n, s) => n + Number(s.members), 0)
      const lost = moves
        .filter((m) => m.onDay.startsWith(month) && m.toStage === 'lost' && m.fromStage !== 'lost')
        .reduce((n, m) => n + Number(m.members), 0)
      const next = firstOfMonth(monthName(monthNumber(month) + 1))
      const drill = { figure: 'lost', row: month, col: `${firstOfMonth(month)}..${addDays(next, -1)}` }
      return { month, base, lost, rate: shareOf(lost, base), drill }
    }),
  )
  return {
    definition: figureWords.churn,
    period: { from, to: today },
    comparison: null,
    asOf,
    months: shown,
    bands: churnBands.map((b) => {
      const cell = cells.find((c) => c.rowKey === b.key)
      return {
        label: b.label,
        members: cell?.members ?? 0,
        spendFen: Number(cell?.amount ?? 0),
        drill: { figure: 'churn', row: b.key, col: '' },
      }
    }),
  }
}

/** Recency × frequency as the last scoring left it; row 0 is the most recent, column 0 the rarest. */
export const rfmOf = async (
  db: Reader,
  actor: OperatorActor,
  { method }: Parsed<'GET /admin/dashboards/rfm'>,
  now: number,
): Promise<Output<'GET /admin/dashboards/rfm'>> => {
  groupOnly(actor)
  const found = await rfmCells(db, method)
  const on = found[0]?.onDay ?? civilDay(now)
  const axes = await rfmAxes(db, method, on)
  const cells = found
    .filter((c) => c.r >= 1 && c.f >= 1)
    .map((c) => ({
      row: 5 - c.r,
      col: c.f - 1,
      members: Number(c.members),
      spendFen: Number(c.spendFen),
      averageFen: c.purchases ? Math.round(Number(c.spendFen) / Number(c.purchases)) : 0,
      drill: { figure: 'rfm', row: `${c.r}:${c.f}`, col: method },
    }))
  const best = cells.filter((c) => c.row <= 1 && c.col >= 3)
  const whole = cells.reduce((n, c) => n + c.spendFen, 0)
  return {
    definition: figureWords.rfm,
    period: { from: on, to: on },
    comparison: null,
    asOf: await scoredOn(db),
    rows: axes.rows,
    cols: axes.columns,
    limits: { recencyDays: axes.recencyDays, purchases: axes.purchases },
    cells,
    best: {
      members: best.reduce((n, c) => n + c.members, 0),
      share: shareOf(
        best.reduce((n, c) => n + c.spendFen, 0),
        whole,
      ),
      drill: { figure: 'rfm-best', row: method, col: '' },
    },
  }
}
