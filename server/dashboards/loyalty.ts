import type { Output, Parsed } from '../../shared/contract'
import { figureWords } from '../../shared/figure-words'
import { addDays, civilDay } from '../../shared/time'
import type { Reader } from '../db/transaction'
import type { OperatorActor } from '../http/actor'
import { cellsOf } from './cells'
import { asOfState } from './days'
import { clvBands, isComplete, orderBands } from './member-rules'
import { firstOfMonth, monthNumber, monthsUntil, shareOf } from './rules'
import { groupOnly } from './scope'

/** Repurchase after the first purchase, by the month of the first. */
export const repurchaseOf = async (
  db: Reader,
  actor: OperatorActor,
  { months }: Parsed<'GET /admin/dashboards/repurchase'>,
  now: number,
): Promise<Output<'GET /admin/dashboards/repurchase'>> => {
  groupOnly(actor)
  const today = civilDay(now)
  const list = monthsUntil(today, months)
  const [cells, orders, asOf] = await Promise.all([
    cellsOf(db, 'repurchase'),
    cellsOf(db, 'orders'),
    asOfState(db, 'members'),
  ])
  const n = (month: string, col: string): number =>
    cells.find((c) => c.rowKey === month && c.colKey === col)?.members ?? 0
  const shown = list.map((month) => ({
    month,
    buyers: n(month, 'buyers'),
    again30: n(month, 'again30'),
    again90: n(month, 'again90'),
    again365: n(month, 'again365'),
    complete: {
      d30: isComplete(month, 30, now),
      d90: isComplete(month, 90, now),
      d365: isComplete(month, 365, now),
    },
    drill: { figure: 'first-bought', row: month, col: '' },
    again: {
      d30: { figure: 'again', row: month, col: '30' },
      d90: { figure: 'again', row: month, col: '90' },
      d365: { figure: 'again', row: month, col: '365' },
    },
  }))
  // The rate over every month whose days have passed, also those before the ones shown.
  const rate = (days: number): number | null => {
    const done = [...new Set(cells.map((c) => c.rowKey))].filter((m) => isComplete(m, days, now))
    const sum = (col: string): number => done.reduce((s, m) => s + n(m, col), 0)
    return shareOf(sum(`again${days}`), sum('buyers'))
  }
  return {
    definition: figureWords.repurchase,
    period: { from: firstOfMonth(list[0]), to: today },
    comparison: null,
    asOf,
    rate30: rate(30),
    rate90: rate(90),
    rate365: rate(365),
    months: shown,
    orders: orderBands.map((b) => {
      const cell = orders.find((c) => c.rowKey === b.key)
      return {
        label: b.label,
        members: cell?.members ?? 0,
        spendFen: Number(cell?.amount ?? 0),
        drill: { figure: 'orders', row: b.key, col: '' },
      }
    }),
  }
}

/** Who first bought in a month, and how many of them bought again so many months later. */
export const cohortsOf = async (
  db: Reader,
  actor: OperatorActor,
  { months }: Parsed<'GET /admin/dashboards/cohorts'>,
  now: number,
): Promise<Output<'GET /admin/dashboards/cohorts'>> => {
  groupOnly(actor)
  const today = civilDay(now)
  const list = monthsUntil(today, months)
  const [cells, asOf] = await Promise.all([cellsOf(db, 'cohort'), asOfState(db, 'members')])
  const found = new Map(cells.map((c) => [`${c.rowKey}|${c.colKey}`, c.members]))
  const last = monthNumber(list[list.length - 1])
  return {
    definition: figureWords.cohorts,
    period: { from: firstOfMonth(list[0]), to: today },
    comparison: null,
    asOf,
    cohorts: list.map((month) => {
      const members = found.get(`${month}|0`) ?? 0
      return {
        month,
        members,
        cells: Array.from({ length: last - monthNumber(month) + 1 }, (_, after) => {
          const back = found.get(`${month}|${after}`) ?? 0
          const drill = { figure: 'cohort', row: month, col: String(after) }
          return { after, members: back, rate: shareOf(back, members), drill }
        }),
      }
    }),
  }
}

/** How the expected value of the next twelve months is spread. */
export const clvOf = async (
  db: Reader,
  actor: OperatorActor,
  now: number,
): Promise<Output<'GET /admin/dashboards/clv'>> => {
  groupOnly(actor)
  const today = civilDay(now)
  const [cells, top, asOf] = await Promise.all([cellsOf(db, 'clv'), cellsOf(db, 'clv-top'), asOfState(db, 'members')])
  const cell = (key: string) => top.find((c) => c.rowKey === key)
  const members = cell('all')?.members ?? 0
  const sum = Number(cell('all')?.amount ?? 0)
  return {
    definition: figureWords.clv,
    period: { from: today, to: addDays(today, 365) },
    comparison: null,
    asOf,
    members,
    meanFen: members ? Math.round(sum / members) : 0,
    medianFen: Number(cell('median')?.amount ?? 0),
    bands: clvBands.map((b) => {
      const found = cells.find((c) => c.rowKey === b.key)
      return {
        label: b.label,
        members: found?.members ?? 0,
        sumFen: Number(found?.amount ?? 0),
        drill: { figure: 'clv', row: b.key, col: '' },
      }
    }),
    top: (['10', '20', '50'] as const).flatMap((percent) => {
      const found = cell(percent)
      return found
        ? [
            {
              label: `前 ${percent}%`,
              members: found.members,
              share: shareOf(Number(found.amount), sum),
              drill: { figure: 'clv-top', row: String(Number(found.extra)), col: percent },
            },
          ]
        : []
    }),
  }
}
