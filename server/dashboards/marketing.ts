import type { Output, Parsed } from '../../shared/contract'
import { figureWords } from '../../shared/figure-words'
import { addDays, civilDay } from '../../shared/time'
import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import { cellsOf } from './cells'
import { asOfState } from './days'
import { templateNames } from './facts'
import { dashPolicy, firstOfMonth, monthsUntil, shareOf } from './rules'
import { groupOnly } from './scope'

const checkRange = (from: string, to: string): void => {
  if (from > to) throw refuse('invalid_input', { reason: '开始不能晚于结束', field: 'to' })
}

/** What coupons did in a stretch of days, template by template. */
export const couponEffect = async (
  db: Reader,
  actor: OperatorActor,
  { from, to }: Parsed<'GET /admin/dashboards/coupons'>,
): Promise<Output<'GET /admin/dashboards/coupons'>> => {
  groupOnly(actor)
  checkRange(from, to)
  const [sums, names, asOf] = await Promise.all([
    db.read<{ templateId: string; issued: number; redeemed: number; savedFen: number; salesFen: number }>(
      `SELECT templateId, SUM(issued) AS issued, SUM(redeemed) AS redeemed, SUM(savedFen) AS savedFen, SUM(salesFen) AS salesFen
       FROM dash_coupon WHERE onDay >= ? AND onDay <= ? GROUP BY templateId`,
      [from, to],
    ),
    templateNames(db),
    asOfState(db, 'days'),
  ])
  const rows = sums
    .map((s) => {
      const [issued, redeemed, savedFen, salesFen] = [s.issued, s.redeemed, s.savedFen, s.salesFen].map(Number)
      return {
        templateId: s.templateId,
        name: names.get(s.templateId) ?? '已删除的券',
        issued,
        redeemed,
        rate: shareOf(redeemed, issued),
        savedFen,
        salesFen,
        averageFen: redeemed ? Math.round(salesFen / redeemed) : 0,
        drill: { figure: 'coupon', row: s.templateId, col: `${from}..${to}` },
      }
    })
    .sort((a, b) => b.redeemed - a.redeemed || b.issued - a.issued)
  const sum = (pick: (r: (typeof rows)[number]) => number): number => rows.reduce((n, r) => n + pick(r), 0)
  return {
    definition: figureWords.coupons,
    period: { from, to },
    comparison: null,
    asOf,
    total: {
      issued: sum((r) => r.issued),
      redeemed: sum((r) => r.redeemed),
      savedFen: sum((r) => r.savedFen),
      salesFen: sum((r) => r.salesFen),
    },
    rows,
  }
}

const rewardLabels: Record<string, string> = {
  'coupon:claim': '自己领的券',
  'coupon:grant': '赠送的券',
  'coupon:birthday': '生日券',
  'coupon:anniversary': '周年券',
  'coupon:welcome': '入会礼券',
  'coupon:tier': '等级礼券',
  'coupon:reward': '积分换的券',
  'coupon:referral': '邀请奖励券',
  'coupon:journey': '旅程发的券',
  'coupon:campaign': '活动发的券',
  'points:reward': '积分换礼品',
  'points:pos': '积分抵现',
  'points:purchase': '积分抵扣消费',
  'points:operator': '店员代扣积分',
}

/** Which rewards were used how often, what they cost, and whether they brought people back. */
export const rewardMix = async (
  db: Reader,
  actor: OperatorActor,
  { months }: Parsed<'GET /admin/dashboards/reward-mix'>,
  now: number,
): Promise<Output<'GET /admin/dashboards/reward-mix'>> => {
  groupOnly(actor)
  const today = civilDay(now)
  const from = firstOfMonth(monthsUntil(today, months)[0])
  const [uses, back, asOf] = await Promise.all([
    rewardSums(db, 'reward', from),
    rewardSums(db, 'reward-back', from),
    asOfState(db, 'rewards'),
  ])
  const returned = new Map(back.map((b) => [b.rowKey, b]))
  return {
    definition: figureWords.rewardMix,
    period: { from, to: today },
    comparison: null,
    asOf,
    rows: uses
      .map((u) => {
        const b = returned.get(u.rowKey)
        const worth = Number(u.amount)
        const points = u.rowKey.startsWith('points:')
        return {
          key: u.rowKey,
          label: rewardLabels[u.rowKey] ?? u.rowKey.replace('coupon:', '券：').replace('points:', '积分：'),
          uses: Number(u.extra),
          members: Number(u.members),
          costPoints: points ? worth : 0,
          savedFen: points ? 0 : worth,
          returned: Number(b?.extra ?? 0),
          matured: Number(b?.members ?? 0),
          rate: shareOf(Number(b?.extra ?? 0), Number(b?.members ?? 0)),
          drill: { figure: 'reward', row: u.rowKey, col: `${from}..${today}` },
        }
      })
      .sort((a, b) => b.uses - a.uses),
  }
}
interface RewardSum {
  rowKey: string
  members: number
  amount: number
  extra: number
}
/** Sums of the nightly cells of rewards from a civil day on. Primary key by figure. */
const rewardSums = (db: Reader, figure: string, from: string): Promise<RewardSum[]> =>
  db.read(
    `SELECT rowKey, SUM(members) AS members, SUM(amount) AS amount, SUM(extra) AS extra
     FROM dash_cell WHERE figure = ? AND colKey >= ? GROUP BY rowKey`,
    [figure, from],
  )

interface PointsDay {
  onDay: string
  pointsIssued: number
  pointsSpent: number
  pointsExpired: number
  pointsTakenBack: number
  pointsOther: number
}

/** Points issued, spent and expired, what is outstanding, and how much of it will probably never be spent. */
export const pointsLiability = async (
  db: Reader,
  actor: OperatorActor,
  { months }: Parsed<'GET /admin/dashboards/points'>,
  now: number,
): Promise<Output<'GET /admin/dashboards/points'>> => {
  groupOnly(actor)
  const today = civilDay(now)
  const list = monthsUntil(today, months)
  const [days, cells, asOf] = await Promise.all([
    // Primary key: the group's rows, one a day.
    db.read<PointsDay>(
      "SELECT onDay, pointsIssued, pointsSpent, pointsExpired, pointsTakenBack, pointsOther FROM dash_day WHERE storeId = '' ORDER BY onDay",
    ),
    cellsOf(db, 'points'),
    asOfState(db, 'days'),
  ])
  const net = (d: PointsDay): number =>
    [d.pointsIssued, d.pointsSpent, d.pointsExpired, d.pointsTakenBack, d.pointsOther].reduce(
      (n, v) => n + Number(v),
      0,
    )
  const sum = (rows: PointsDay[], pick: (d: PointsDay) => number): number =>
    rows.reduce((n, d) => n + Number(pick(d)), 0)
  const outstanding = sum(days, net)
  const year = days.filter((d) => d.onDay > addDays(today, -365))
  const [spent, expired] = [-sum(year, (d) => d.pointsSpent), -sum(year, (d) => d.pointsExpired)]
  const breakageRate = shareOf(expired, spent + expired)
  return {
    definition: figureWords.points,
    period: { from: firstOfMonth(list[0]), to: today },
    comparison: null,
    asOf,
    outstanding,
    liabilityFen: outstanding * dashPolicy.pointFen,
    breakageRate,
    expectedBreakage: Math.round(Math.max(0, outstanding) * (breakageRate ?? 0)),
    expiring30: Number(cells.find((c) => c.rowKey === 'expiring30')?.amount ?? 0),
    held: { figure: 'points-held', row: 'group', col: '' },
    lapsing: { figure: 'points-expiring', row: today, col: '' },
    months: list.map((month) => {
      const own = days.filter((d) => d.onDay.startsWith(month))
      return {
        month,
        issued: sum(own, (d) => d.pointsIssued),
        spent: -sum(own, (d) => d.pointsSpent) || 0,
        expired: -sum(own, (d) => d.pointsExpired) || 0,
        takenBack: -sum(own, (d) => d.pointsTakenBack) || 0,
        other: sum(own, (d) => d.pointsOther),
        net: sum(own, net),
        outstandingEnd: sum(
          days.filter((d) => d.onDay.slice(0, 7) <= month),
          net,
        ),
        drills: {
          issued: { figure: 'points-moved', row: month, col: 'issued' },
          spent: { figure: 'points-moved', row: month, col: 'spent' },
          expired: { figure: 'points-moved', row: month, col: 'expired' },
          takenBack: { figure: 'points-moved', row: month, col: 'takenBack' },
        },
      }
    }),
  }
}

/** Taps on a page in cells, added up over a stretch of days; the most tapped page where none is named. */
export const tapMap = async (
  db: Reader,
  actor: OperatorActor,
  { page, width, from, to }: Parsed<'GET /admin/dashboards/taps'>,
): Promise<Output<'GET /admin/dashboards/taps'>> => {
  groupOnly(actor)
  checkRange(from, to)
  // One row a page, target and day: a small table.
  const pages = await db.read<{ page: string; taps: number }>(
    'SELECT page, SUM(taps) AS taps FROM dash_target WHERE onDay >= ? AND onDay <= ? GROUP BY page ORDER BY taps DESC, page LIMIT 100',
    [from, to],
  )
  const shown = page ?? pages[0]?.page ?? null
  const [cells, targets, asOf] = await Promise.all([
    // Primary key.
    db.read<{ x: number; y: number; taps: number }>(
      `SELECT x, y, SUM(taps) AS taps FROM dash_tap WHERE page = ? AND onDay >= ? AND onDay <= ?${width === 'all' ? '' : ' AND width = ?'} GROUP BY x, y`,
      [shown, from, to, ...(width === 'all' ? [] : [width])],
    ),
    db.read<{ target: string; taps: number }>(
      'SELECT target, SUM(taps) AS taps FROM dash_target WHERE page = ? AND onDay >= ? AND onDay <= ? GROUP BY target ORDER BY taps DESC LIMIT 50',
      [shown, from, to],
    ),
    asOfState(db, 'days'),
  ])
  return {
    definition: figureWords.taps,
    period: { from, to },
    comparison: null,
    asOf,
    pages: pages.map((p) => ({ page: p.page, taps: Number(p.taps) })),
    page: shown,
    cells: cells.map((c) => ({ x: c.x, y: c.y, taps: Number(c.taps) })),
    targets: targets.map((t) => ({
      target: t.target,
      taps: Number(t.taps),
      drill: { figure: 'tapped', row: shown ?? '', col: `${t.target}|${from}..${to}` },
    })),
  }
}
