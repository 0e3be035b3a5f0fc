import type { Output, Parsed } from '../../shared/contract'
import { addDays, civilDay, DAY_MS, startOfDay } from '../../shared/time'
import { type Bindable, marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import type { RecommendationDay, RecommendationEvent } from './entity'
import { type BoughtLine, boughtBetween } from './facts'
import {
  buyRate,
  clickRate,
  conclusionOf,
  difference,
  recommendationPolicy,
  revenuePerUnit,
  type UnitSums,
} from './rules'

const membersAtOnce = 200
type Seen = Pick<RecommendationEvent, 'memberId' | 'kind' | 'slot' | 'arm' | 'itemKind' | 'itemId' | 'at' | 'onDay'>

const emptyDay = (onDay: string, slot: string, arm: string): RecommendationDay => ({
  onDay,
  slot,
  arm,
  units: 0,
  exposures: 0,
  clicks: 0,
  buyers: 0,
  orders: 0,
  revenueFen: 0,
  exposuresSquared: 0,
  clicksSquared: 0,
  exposuresClicks: 0,
  revenueYuanSquared: 0,
})

/** The latest exposure of a product at most seven days before it was bought: the one the purchase counts for. */
const causeOf = (line: BoughtLine, seen: readonly Seen[]): Seen | undefined => {
  let cause: Seen | undefined
  for (const e of seen)
    if (
      e.kind === 'exposure' &&
      e.itemKind === 'product' &&
      e.itemId === line.productId &&
      e.at <= line.at &&
      line.at - e.at < recommendationPolicy.effectDays * DAY_MS &&
      (!cause || e.at > cause.at)
    )
      cause = e
  return cause
}

/** Adds the units of one member on one day to the sums of the day. */
const addMember = (
  sums: Map<string, RecommendationDay>,
  day: string,
  seen: readonly Seen[],
  lines: readonly BoughtLine[],
): void => {
  const causes = lines.map((line) => ({ line, cause: causeOf(line, seen) }))
  const units = new Map<string, Seen[]>()
  for (const e of seen)
    if (e.onDay === day) {
      const key = `${e.slot}/${e.arm}`
      const own = units.get(key)
      if (own) own.push(e)
      else units.set(key, [e])
    }
  for (const [key, events] of units) {
    const { slot, arm } = events[0]
    const sum = sums.get(key) ?? emptyDay(day, slot, arm)
    sums.set(key, sum)
    const exposures = events.filter((e) => e.kind === 'exposure').length
    const clicks = events.length - exposures
    const own = causes.filter(({ cause }) => cause?.onDay === day && cause.slot === slot && cause.arm === arm)
    const revenueFen = own.reduce((total, { line }) => total + Math.round(Number(line.keptFen)), 0)
    sum.units++
    sum.exposures += exposures
    sum.clicks += clicks
    sum.exposuresSquared += exposures * exposures
    sum.clicksSquared += clicks * clicks
    sum.exposuresClicks += exposures * clicks
    if (own.length) sum.buyers++
    sum.orders += new Set(own.map(({ line }) => line.purchaseId)).size
    sum.revenueFen += revenueFen
    sum.revenueYuanSquared += Math.round((revenueFen / 100) ** 2)
  }
}

/**
 * The sums of one civil day, from what was shown that day and bought within seven days. Reads only; index recommendation_event_day and
 * the members' own rows.
 */
export const sumDay = async (db: Reader, day: string): Promise<RecommendationDay[]> => {
  const sums = new Map<string, RecommendationDay>()
  const until = startOfDay(addDays(day, recommendationPolicy.effectDays + 1))
  for (let after = ''; ; ) {
    const members = (
      await db.read<{ memberId: string }>(
        'SELECT DISTINCT memberId FROM recommendation_event WHERE onDay = ? AND memberId > ? ORDER BY memberId LIMIT ?',
        [day, after, membersAtOnce],
      )
    ).map((r) => r.memberId)
    const last = members.at(-1)
    if (last === undefined) break
    const [seen, lines] = await Promise.all([
      db.read<Seen>(
        `SELECT memberId, kind, slot, arm, itemKind, itemId, at, onDay FROM recommendation_event
         WHERE memberId IN ${marks(members)} AND onDay >= ? AND onDay <= ?`,
        [...members, day, addDays(day, recommendationPolicy.effectDays)],
      ),
      boughtBetween(db, members, startOfDay(day), until),
    ])
    const of = <T extends { memberId: string }>(rows: readonly T[]): Map<string, T[]> => {
      const map = new Map<string, T[]>()
      for (const r of rows) map.set(r.memberId, [...(map.get(r.memberId) ?? []), r])
      return map
    }
    const [seenBy, linesBy] = [of(seen), of(lines)]
    for (const m of members) addMember(sums, day, seenBy.get(m) ?? [], linesBy.get(m) ?? [])
    after = last
  }
  return [...sums.values()]
}

/** The days whose sums can still change: today and the seven before. */
export const openDays = (now: number): string[] => {
  const today = civilDay(now)
  return Array.from({ length: recommendationPolicy.effectDays + 1 }, (_, i) => addDays(today, -i))
}

type Report = Output<'GET /admin/recommendation-effect'>
const columns = [
  'units',
  'exposures',
  'clicks',
  'buyers',
  'orders',
  'revenueFen',
  'exposuresSquared',
  'clicksSquared',
  'exposuresClicks',
  'revenueYuanSquared',
] as const
type Sums = UnitSums & { orders: number }

const armView = (s: Sums): Report['personal'] => ({
  units: s.units,
  exposures: s.exposures,
  clicks: s.clicks,
  clickRate: clickRate(s)?.value ?? 0,
  buyers: s.buyers,
  buyRate: buyRate(s)?.value ?? 0,
  orders: s.orders,
  revenueFen: s.revenueFen,
  revenuePerUnitFen: revenuePerUnit(s)?.value ?? 0,
})

/** What recommendations brought, from the daily sums: personal against the control group, with intervals. */
export const effectOf = async (
  db: Reader,
  { days, slot }: Parsed<'GET /admin/recommendation-effect'>,
  now: number,
): Promise<Report> => {
  const to = civilDay(now)
  const from = addDays(to, 1 - days)
  const where = `onDay >= ? AND onDay <= ?${slot ? ' AND slot = ?' : ''}`
  const params: Bindable[] = [from, to, ...(slot ? [slot] : [])]
  const [rows, daily] = await Promise.all([
    db.read<Sums & { arm: string }>(
      `SELECT arm, ${columns.map((c) => `SUM(${c}) AS ${c}`).join(', ')} FROM recommendation_day WHERE ${where} GROUP BY arm`,
      params,
    ),
    db.read<{ onDay: string; exposures: number; clicks: number; buyers: number }>(
      `SELECT onDay, SUM(exposures) AS exposures, SUM(clicks) AS clicks, SUM(buyers) AS buyers FROM recommendation_day
       WHERE ${where} GROUP BY onDay ORDER BY onDay`,
      params,
    ),
  ])
  const sumsOf = (arm: string): Sums => {
    const row = rows.find((r) => r.arm === arm)
    return Object.fromEntries(columns.map((c) => [c, Number(row?.[c] ?? 0)])) as unknown as Sums
  }
  const [personal, control] = [sumsOf('personal'), sumsOf('control')]
  const buying = difference(buyRate, personal, control)
  return {
    from,
    to,
    personal: armView(personal),
    control: armView(control),
    newcomer: armView(sumsOf('newcomer')),
    off: armView(sumsOf('off')),
    difference: {
      clickRate: difference(clickRate, personal, control),
      buyRate: buying,
      revenuePerUnitFen: difference(revenuePerUnit, personal, control),
    },
    conclusion: conclusionOf(buying, control.units),
    daily: daily.map((d) => ({
      on: d.onDay,
      exposures: Number(d.exposures),
      clicks: Number(d.clicks),
      buyers: Number(d.buyers),
    })),
  }
}
