import type { Output } from '../../shared/contract'
import { addDays, civilDay, startOfDay } from '../../shared/time'
import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import { inScope, type OperatorActor } from '../http/actor'
import { groupWallet } from '../points/service'
import { tiersOf } from '../tiers/service'
import * as facts from './facts'
import { averageOf, byDay, daysUntil, overviewPolicy, type Stretch, stretchOf, trendOf } from './rules'
import { activityView, tileDefinitions } from './views'

type Overview = Output<'GET /admin/overview'>
const yearDays = 365

/** The stores an operator's figures come from: the one asked for, his own, or all (null). */
const scopeOf = (actor: OperatorActor, storeId: string | undefined): facts.Scope => {
  if (!storeId) return actor.storeIds
  inScope(actor, storeId)
  return [storeId]
}

/** Sums by day that every tile and chart is made of. */
const sumsOf = async (db: Reader, scope: facts.Scope, s: Stretch) => {
  const trendFrom = addDays(s.today, 1 - overviewPolicy.trendDays - 7 * overviewPolicy.usualWeeks)
  const sparkFrom = addDays(s.today, 1 - overviewPolicy.sparkDays)
  const recentFrom = addDays(s.today, 1 - overviewPolicy.recentDays)
  const [sales, refunds, joins, redemptions] = await Promise.all([
    facts.salesPerDay(db, scope, s, trendFrom),
    facts.refundsPerDay(db, scope, s, trendFrom),
    facts.joinsPerDay(db, scope, s, startOfDay(sparkFrom)),
    facts.redemptionsPerDay(db, scope, s, recentFrom),
  ])
  const at = (cut: boolean) => {
    const paid = byDay(sales, (r) => r.paidFen, cut)
    const refunded = byDay(refunds, (r) => r.refundFen, cut)
    const salesOn = (day: string): number => paid(day) - refunded(day)
    const orders = byDay(sales, (r) => r.orders, cut)
    return {
      sales: salesOn,
      orders,
      average: (day: string): number => averageOf(salesOn(day), orders(day)),
      joined: byDay(joins, (r) => r.joined, cut),
      points: byDay(sales, (r) => r.points, cut),
      redeemed: byDay(redemptions, (r) => r.redeemed, cut),
    }
  }
  return { whole: at(false), cut: at(true), sales, refunds, redemptions }
}

const tiles = [
  ['sales', '会员销售额', 'fen'],
  ['orders', '消费笔数', 'count'],
  ['average', '笔均消费', 'fen'],
  ['joined', '新会员', 'count'],
  ['points', '发放积分', 'points'],
  ['redeemed', '核销优惠券', 'count'],
] as const

/**
 * The overview. A store's figures are what happened in it; coupons on offer and points held are the group's, whichever store is looked at.
 * @param now epoch ms
 */
export const overviewOf = async (
  db: Reader,
  actor: OperatorActor,
  input: { storeId?: string },
  now: number,
): Promise<Overview> => {
  const scope = scopeOf(actor, input.storeId)
  const stores = await facts.storeNames(db, scope)
  if (input.storeId && !stores.length) throw refuse('store_not_found')
  const civilToday = civilDay(now)
  const s = stretchOf(now, civilToday, await facts.lastSaleDay(db, civilToday, addDays(civilToday, -yearDays)))
  const recentFrom = addDays(s.today, 1 - overviewPolicy.recentDays)
  const [sums, totals, points, levels, perTier, active30d, latest] = await Promise.all([
    sumsOf(db, scope, s),
    facts.couponTotals(db, recentFrom, s.today),
    facts.pointsTotals(db, groupWallet, civilToday, addDays(civilToday, overviewPolicy.recentDays)),
    tiersOf(db),
    facts.membersPerTier(db, scope),
    facts.activeSince(db, scope, startOfDay(recentFrom)),
    facts.latestHappenings(db, scope, s, overviewPolicy.activity),
  ])
  const people = await facts.memberNames(
    db,
    latest.map((h) => h.memberId),
  )
  const names = {
    stores: new Map(stores.map((x) => [x.id, x.name])),
    tiers: new Map(levels.map((l) => [l.level, l.name])),
  }
  const definitions = tileDefinitions(s, s.today !== civilToday)
  const spark = daysUntil(s.today, overviewPolicy.sparkDays)
  const members = new Map(perTier.map((t) => [Number(t.level), Number(t.members)]))
  const recent = sums.redemptions.filter((r) => r.onDay >= recentFrom)
  return {
    now,
    today: s.today,
    tiles: tiles.map(([key, label, unit]) => ({
      key,
      label,
      unit,
      value: sums.cut[key](s.today),
      before: sums.cut[key](s.before),
      definition: definitions[key],
      spark: spark.map(sums.whole[key]),
    })),
    trend: trendOf(daysUntil(s.today, overviewPolicy.trendDays), sums.whole.sales, sums.whole.orders),
    tiers: levels.map((l) => ({ level: l.level, name: l.name, members: members.get(l.level) ?? 0 })),
    members: { total: [...members.values()].reduce((a, b) => a + b, 0), active30d },
    coupons: {
      published: totals.published,
      issued30d: totals.issued,
      redeemed30d: recent.reduce((n, r) => n + Number(r.redeemed), 0),
      savedFen30d: recent.reduce((n, r) => n + Number(r.savedFen), 0),
    },
    points: { outstanding: points.outstanding, expiring30d: points.expiring },
    activity: latest.map((h) => activityView(h, names, people.get(h.memberId) ?? '')),
    stores: storesOf(stores, sums.sales, sums.refunds, s.today),
  }
}

/** Today by store, best first; a closed store appears only while it still sells. */
const storesOf = (
  stores: { id: string; name: string; active: number }[],
  sales: facts.SaleSum[],
  refunds: facts.RefundSum[],
  today: string,
): Overview['stores'] =>
  stores
    .map((store) => {
      const sold = sales.filter((r) => r.onDay === today && r.storeId === store.id)
      const returned = refunds.filter((r) => r.onDay === today && r.storeId === store.id)
      const paidFen = sold.reduce((n, r) => n + Number(r.paidFen), 0)
      return {
        id: store.id,
        name: store.name,
        active: store.active,
        salesFen: paidFen - returned.reduce((n, r) => n + Number(r.refundFen), 0),
        orders: sold.reduce((n, r) => n + Number(r.orders), 0),
      }
    })
    .filter((x) => x.active || x.orders)
    .sort((a, b) => b.salesFen - a.salesFen || a.name.localeCompare(b.name))
    .map(({ id, name, salesFen, orders }) => ({ id, name, salesFen, orders }))
