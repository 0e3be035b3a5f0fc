import type { Output, Parsed } from '../../shared/contract'
import { figureWords } from '../../shared/figure-words'
import { civilDay, lastDayOfMonth } from '../../shared/time'
import type { Reader } from '../db/transaction'
import type { OperatorActor } from '../http/actor'
import { npsPerDay } from './nps-facts'
import { firstOfMonth, monthsUntil } from './rules'
import { groupOnly } from './scope'

const npsNames = {
  promoter: '愿意推荐（9–10 分）',
  passive: '中立（7–8 分）',
  detractor: '不愿推荐（0–6 分）',
} as const

/** Net promoter score by month: promoters' share minus detractors', −100 to 100. */
export const npsOf = async (
  db: Reader,
  actor: OperatorActor,
  { months }: Parsed<'GET /admin/dashboards/nps'>,
  now: number,
): Promise<Output<'GET /admin/dashboards/nps'>> => {
  groupOnly(actor)
  const today = civilDay(now)
  const list = monthsUntil(today, months)
  const from = firstOfMonth(list[0])
  const rows = await npsPerDay(db, from, today)
  const count = (kind: string | null, month: string | null): number =>
    rows
      .filter((r) => (!kind || r.side === kind) && (!month || r.onDay.startsWith(month)))
      .reduce((n, r) => n + Number(r.n), 0)
  const score = (month: string | null): number | null => {
    const all = count(null, month)
    return all ? Math.round(((count('promoter', month) - count('detractor', month)) * 1000) / all) / 10 : null
  }
  return {
    definition: figureWords.nps,
    period: { from, to: today },
    comparison: null,
    asOf: now,
    score: score(null),
    groups: (Object.keys(npsNames) as (keyof typeof npsNames)[]).map((key) => ({
      key,
      label: npsNames[key],
      answers: count(key, null),
      drill: { figure: 'nps', row: key, col: `${from}..${today}` },
    })),
    months: list.map((month) => ({
      month,
      answers: count(null, month),
      score: score(month),
      drill: { figure: 'nps', row: 'all', col: `${firstOfMonth(month)}..${lastDayOfMonth(firstOfMonth(month))}` },
    })),
  }
}
