import type { Output, Parsed } from '../../shared/contract'
import { figureWords } from '../../shared/figure-words'
import { addDays, civilDay, daysBetween, startOfDay, weekdayName } from '../../shared/time'
import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import { asOfState } from './days'
import type { DashDay, DashHour } from './entity'
import { storesOf } from './facts'
import { annotationsBetween } from './funnels'
import { dashPolicy, daysFrom, hourOf, shareOf } from './rules'
import { groupOnly, scopeOf, storesIn } from './scope'
import { type Stretch, stretchSums } from './today-facts'

type Today = Output<'GET /admin/dashboards/today'>
type Trend = Output<'GET /admin/dashboards/trends'>
type TrendFigure = Trend['figure']

/** Sums of days by scope. Primary key. */
const daysOf = (db: Reader, scope: readonly string[], from: string, to: string): Promise<DashDay[]> =>
  db.read(`SELECT * FROM dash_day WHERE storeId IN ${marks(scope)} AND onDay >= ? AND onDay <= ?`, [...scope, from, to])

const add = <T>(rows: readonly T[], pick: (row: T) => number): number => rows.reduce((n, r) => n + Number(pick(r)), 0)
const perHead = (fen: number, people: number): number => (people ? Math.round(fen / people) : 0)
const salesFen = (rows: readonly DashDay[]): number => add(rows, (r) => r.paidFen) - add(rows, (r) => r.refundFen)

/** What a figure is on some rows, and whether it exists for single stores. */
const figures: Record<
  TrendFigure,
  { unit: Trend['unit']; group?: true; of(rows: readonly DashDay[]): number; drill?: string }
> = {
  sales: { unit: 'fen', of: salesFen, drill: 'buyers' },
  orders: { unit: 'count', of: (r) => add(r, (d) => d.orders), drill: 'buyers' },
  buyers: { unit: 'people', of: (r) => add(r, (d) => d.buyers), drill: 'buyers' },
  perBuyer: {
    unit: 'fen',
    of: (r) =>
      perHead(
        salesFen(r),
        add(r, (d) => d.buyers),
      ),
    drill: 'buyers',
  },
  joined: { unit: 'people', of: (r) => add(r, (d) => d.joined), drill: 'joined' },
  refunds: { unit: 'fen', of: (r) => add(r, (d) => d.refundFen), drill: 'refunded' },
  redeemed: { unit: 'count', of: (r) => add(r, (d) => d.redeemed), drill: 'redeemed' },
  issued: { unit: 'count', group: true, of: (r) => add(r, (d) => d.issued), drill: 'issued' },
  pointsIssued: { unit: 'points', group: true, of: (r) => add(r, (d) => d.pointsIssued) },
  pointsSpent: { unit: 'points', group: true, of: (r) => -add(r, (d) => d.pointsSpent) || 0 },
  visits: { unit: 'people', group: true, of: (r) => add(r, (d) => d.visits), drill: 'visits' },
}

const mean = (values: readonly number[]): number => Math.round(values.reduce((a, b) => a + b, 0) / values.length)

/** Today so far beside the same weekday a week before up to the same moment: read from the day's own rows, so that nothing lags. */
export const todayOf = async (
  db: Reader,
  actor: OperatorActor,
  { storeId }: Parsed<'GET /admin/dashboards/today'>,
  now: number,
): Promise<Today> => {
  const scope = await scopeOf(db, actor, storeId)
  const today = civilDay(now)
  const before = addDays(today, -7)
  const stretch = (day: string): Stretch => ({ day, until: startOfDay(day) + (now - startOfDay(today)) })
  const sparkFrom = addDays(today, 1 - dashPolicy.sparkDays)
  const usualDays = Array.from({ length: dashPolicy.usualWeeks }, (_, i) => addDays(today, -7 * (i + 1)))
  const [present, past, days, hours] = await Promise.all([
    stretchSums(db, storesIn(scope), stretch(today)),
    stretchSums(db, storesIn(scope), stretch(before)),
    daysOf(db, scope, sparkFrom, addDays(today, -1)),
    db.read<DashHour>(`SELECT * FROM dash_hour WHERE storeId IN ${marks(scope)} AND onDay IN ${marks(usualDays)}`, [
      ...scope,
      ...usualDays,
    ]),
  ])
  const sparkDays = daysFrom(sparkFrom, addDays(today, -1))
  const tile = (
    key: Today['tiles'][number]['key'],
    label: string,
    unit: Today['tiles'][number]['unit'],
    of: (s: typeof present) => number,
    drill: string,
  ): Today['tiles'][number] => ({
    key,
    label,
    unit,
    value: of(present),
    before: of(past),
    definition: figureWords[key],
    spark: [...sparkDays.map((d) => figures[key].of(days.filter((r) => r.onDay === d))), of(present)],
    drill: { figure: drill, row: today, col: '' },
  })
  const hourNow = hourOf(now, startOfDay(today))
  const onHour = (day: string, hour: number): number =>
    add(
      hours.filter((h) => h.onDay === day && h.hour === hour),
      (h) => h.salesFen,
    )
  return {
    definition: figureWords.today,
    period: { from: today, to: today },
    comparison: { from: before, to: before, label: `上${weekdayName(before)}同一时刻` },
    asOf: now,
    now,
    tiles: [
      tile('sales', '会员销售额', 'fen', (s) => s.salesFen, 'buyers'),
      tile('buyers', '消费会员', 'people', (s) => s.buyers, 'buyers'),
      tile('perBuyer', '人均消费', 'fen', (s) => perHead(s.salesFen, s.buyers), 'buyers'),
      tile('orders', '消费笔数', 'count', (s) => s.orders, 'buyers'),
      tile('joined', '新会员', 'people', (s) => s.joined, 'joined'),
      tile('redeemed', '核销优惠券', 'count', (s) => s.redeemed, 'redeemed'),
    ],
    hours: Array.from({ length: 24 }, (_, hour) => ({
      hour,
      salesFen: hour > hourNow ? null : (present.byHour.get(hour) ?? 0),
      beforeFen: onHour(before, hour),
      usualFen: mean(usualDays.map((d) => onHour(d, hour))),
      drill: hour > hourNow ? null : { figure: 'hour', row: today, col: String(hour) },
    })),
  }
}

/** A figure day by day with what is usual, the sum of the stretch before, and the notes on it. */
export const trendOf = async (
  db: Reader,
  actor: OperatorActor,
  { figure, from, to, storeId }: Parsed<'GET /admin/dashboards/trends'>,
): Promise<Trend> => {
  const length = daysBetween(from, to) + 1
  if (length < 1 || length > dashPolicy.maxTrendDays)
    throw refuse('invalid_input', { reason: `请选 1 到 ${dashPolicy.maxTrendDays} 天`, field: 'to' })
  const { unit, of, group, drill } = figures[figure]
  if (group) {
    groupOnly(actor)
    if (storeId) throw refuse('figure_of_group_only')
  }
  const scope = await scopeOf(db, actor, storeId)
  const beforeFrom = addDays(from, -length)
  const usualFrom = addDays(from, -7 * dashPolicy.usualWeeks)
  const [rows, annotations, asOf] = await Promise.all([
    daysOf(db, scope, beforeFrom < usualFrom ? beforeFrom : usualFrom, to),
    annotationsBetween(db, from, to, storesIn(scope)),
    asOfState(db, 'days'),
  ])
  const byDay = new Map<string, DashDay[]>()
  for (const r of rows) byDay.set(r.onDay, [...(byDay.get(r.onDay) ?? []), r])
  const on = (day: string): number => of(byDay.get(day) ?? [])
  const known = (day: string): boolean => byDay.has(day)
  return {
    definition: figureWords[figure],
    period: { from, to },
    comparison: { from: beforeFrom, to: addDays(from, -1), label: `前 ${length} 天` },
    asOf,
    figure,
    unit,
    total: of(rows.filter((r) => r.onDay >= from)),
    before: of(rows.filter((r) => r.onDay >= beforeFrom && r.onDay < from)),
    days: daysFrom(from, to).map((day) => {
      const same = Array.from({ length: dashPolicy.usualWeeks }, (_, i) => addDays(day, -7 * (i + 1)))
      return {
        on: day,
        value: on(day),
        usual: same.some(known) ? mean(same.map(on)) : null,
        drill: drill ? { figure: drill, row: day, col: '' } : null,
      }
    }),
    annotations,
  }
}

/** Stores by what they sold, beside the same number of days before. */
export const storeLeague = async (
  db: Reader,
  actor: OperatorActor,
  { from, to }: Parsed<'GET /admin/dashboards/stores'>,
): Promise<Output<'GET /admin/dashboards/stores'>> => {
  const length = daysBetween(from, to) + 1
  if (length < 1 || length > dashPolicy.maxTrendDays)
    throw refuse('invalid_input', { reason: `请选 1 到 ${dashPolicy.maxTrendDays} 天`, field: 'to' })
  const stores = (await storesOf(db)).filter((s) => !actor.storeIds || actor.storeIds.includes(s.id))
  const beforeFrom = addDays(from, -length)
  const rows = await leagueSums(
    db,
    stores.map((s) => s.id),
    from,
    to,
    beforeFrom,
  )
  const league = stores
    .map((s) => {
      const own = rows.filter((r) => r.storeId === s.id)
      const sum = (pick: keyof LeagueRow, part: number): number =>
        add(
          own.filter((r) => Number(r.present) === part),
          (r) => Number(r[pick] ?? 0),
        )
      const paidFen = sum('paidFen', 1)
      const sales = paidFen - sum('refundFen', 1)
      return {
        active: s.active,
        storeId: s.id,
        name: s.name,
        salesFen: sales,
        beforeFen: sum('paidFen', 0) - sum('refundFen', 0),
        orders: sum('orders', 1),
        buyers: sum('buyers', 1),
        averageFen: perHead(sales, sum('orders', 1)),
        joined: sum('joined', 1),
        redeemed: sum('redeemed', 1),
        refundFen: sum('refundFen', 1),
        refundRate: shareOf(sum('refundFen', 1), paidFen),
        drill: { figure: 'store-buyers', row: s.id, col: `${from}..${to}` },
      }
    })
    // A closed store stays in the league while it has sales in the period.
    .filter((r) => r.active || r.orders)
    .sort((a, b) => b.salesFen - a.salesFen || (a.storeId < b.storeId ? -1 : 1))
  return {
    definition: figureWords.stores,
    period: { from, to },
    comparison: { from: beforeFrom, to: addDays(from, -1), label: `前 ${length} 天` },
    asOf: await asOfState(db, 'days'),
    rows: league.map(({ active: _, ...r }, i) => ({ rank: i + 1, ...r })),
  }
}

interface LeagueRow {
  storeId: string
  present: number
  paidFen: number | null
  refundFen: number | null
  orders: number | null
  buyers: number | null
  joined: number | null
  redeemed: number | null
}
/** Sums by store, of the period and of the one before. Primary key, store by store. */
const leagueSums = (
  db: Reader,
  storeIds: readonly string[],
  from: string,
  to: string,
  beforeFrom: string,
): Promise<LeagueRow[]> =>
  db.read(
    `SELECT storeId, CASE WHEN onDay >= ? THEN 1 ELSE 0 END AS present, SUM(paidFen) AS paidFen, SUM(refundFen) AS refundFen,
            SUM(orders) AS orders, SUM(buyers) AS buyers, SUM(joined) AS joined, SUM(redeemed) AS redeemed
     FROM dash_day WHERE storeId IN ${marks(storeIds)} AND onDay >= ? AND onDay <= ? GROUP BY storeId, present`,
    [from, ...storeIds, beforeFrom, to],
  )
