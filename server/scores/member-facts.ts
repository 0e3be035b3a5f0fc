import { addDays, MINUTE_MS } from '../../shared/time'
import { type Bindable, marks, type Row } from '../db/statement'
import type { Reader } from '../db/transaction'
import { daypartOf, influenceOf, quartersOf, sharesOf } from './profile-rules'

/** Read-only SQL over other modules' tables that a member's facts are counted from; see facts.ts. */

interface BoughtRow {
  memberId: string
  storeId: string
  at: number
  onDay: string
  source: string
  payKind: string
  netFen: number
  points: number
}
interface LineRow {
  memberId: string
  productId: string
  category: string
  bought: number
  unitFen: number
  netFen: number
}
interface EventRow {
  memberId: string
  type: string
  n: number
  n30: number
  n90: number
  lastAt: number
}

/** Events that are purchases themselves, not interactions beside them. */
const bookings = ['purchase', 'refund']

const byMember = <T extends { memberId: string }>(rows: readonly T[]): ((id: string) => T[]) => {
  const lists = new Map<string, T[]>()
  for (const row of rows) {
    const list = lists.get(row.memberId)
    if (list) list.push(row)
    else lists.set(row.memberId, [row])
  }
  return (id) => lists.get(id) ?? []
}

/** What some members did besides buying, by type. Primary key of interaction. */
const eventsOf = (db: Reader, ids: readonly string[], today: string): Promise<EventRow[]> =>
  db.read<EventRow>(
    `SELECT memberId, type, COUNT(*) AS n, SUM(CASE WHEN onDay > ? THEN 1 ELSE 0 END) AS n30,
       SUM(CASE WHEN onDay > ? THEN 1 ELSE 0 END) AS n90, MAX(at) AS lastAt
     FROM interaction WHERE memberId IN ${marks(ids)} AND type NOT IN ${marks(bookings)} GROUP BY memberId, type`,
    [addDays(today, -30), addDays(today, -90), ...ids, ...bookings],
  )

const windowsOf = (events: readonly EventRow[]) => {
  const sum = (of: (e: EventRow) => number): number => events.reduce((n, e) => n + Number(of(e)), 0)
  const times = (type: string): number => Number(events.find((e) => e.type === type)?.n ?? 0)
  const social = { shares: times('share'), referrals: times('referral'), reviews: times('review') }
  return {
    interactions30: sum((e) => e.n30),
    interactions90: sum((e) => e.n90),
    lastInteractionAt: events.length ? Math.max(...events.map((e) => Number(e.lastAt))) : null,
    ...social,
    influence: influenceOf(social),
  }
}

/** Only what changes with the passing of days, for members who did nothing new. */
export const windowFacts = async (db: Reader, ids: readonly string[], today: string): Promise<Row[]> => {
  const events = byMember(await eventsOf(db, ids, today))
  return ids.map((memberId) => {
    const { interactions30, interactions90 } = windowsOf(events(memberId))
    return { memberId, interactions30, interactions90 }
  })
}

/** The facts of some members (at most 500), counted from nothing. Indexes purchase_member, coupon_wallet and primary keys. */
export const memberFacts = async (db: Reader, ids: readonly string[], today: string): Promise<Row[]> => {
  const params: Bindable[] = [...ids]
  const [purchases, lines, spent, coupons, events] = await Promise.all([
    db.read<BoughtRow>(
      `SELECT memberId, storeId, at, onDay, source, payKind, paidFen - refundedFen AS netFen, pointsEarned - pointsTakenBack AS points
       FROM purchase WHERE memberId IN ${marks(ids)}`,
      params,
    ),
    db.read<LineRow>(
      `SELECT p.memberId, l.productId, l.category, l.quantity - l.refundedQuantity AS bought, l.unitFen,
         CASE WHEN l.refundedQuantity = 0 THEN l.amountFen ELSE l.unitFen * (l.quantity - l.refundedQuantity) END AS netFen
       FROM purchase p JOIN purchase_line l ON l.purchaseId = p.id WHERE p.memberId IN ${marks(ids)}`,
      params,
    ),
    db.read<{ memberId: string; points: number }>(
      `SELECT memberId, SUM(-amount) AS points FROM points_entry WHERE memberId IN ${marks(ids)} AND kind = 'spend' GROUP BY memberId`,
      params,
    ),
    db.read<{ memberId: string; n: number; savedFen: number }>(
      `SELECT memberId, COUNT(*) AS n, SUM(savedFen) AS savedFen FROM coupon WHERE memberId IN ${marks(ids)} AND status = 'used' GROUP BY memberId`,
      params,
    ),
    eventsOf(db, ids, today),
  ])
  const [boughtBy, linesOf, spentBy, couponsOf, eventsBy] = [
    byMember(purchases),
    byMember(lines),
    byMember(spent),
    byMember(coupons),
    byMember(events),
  ]
  return ids.map((memberId) => {
    const bought = boughtBy(memberId)
    const kept = linesOf(memberId).filter((l) => Number(l.bought) > 0)
    const add = (sums: Map<string, number>, key: string, amount: number): Map<string, number> =>
      sums.set(key, (sums.get(key) ?? 0) + Number(amount))
    const sums = <T>(rows: readonly T[], key: (row: T) => string, amount: (row: T) => number): Map<string, number> =>
      rows.reduce((all, row) => add(all, key(row), amount(row)), new Map<string, number>())
    const categories = sharesOf(
      sums(
        kept,
        (l) => l.category,
        (l) => l.netFen,
      ),
    )
    const stores = sharesOf(
      sums(
        bought,
        (p) => p.storeId,
        () => 1,
      ),
    )
    const dayparts = sharesOf(
      sums(
        bought,
        (p) => daypartOf(p.at, p.onDay),
        () => 1,
      ),
    )
    const prices = quartersOf(kept.map((l) => Number(l.unitFen)))
    const [coupon] = couponsOf(memberId)
    return {
      memberId,
      products: new Set(kept.map((l) => l.productId)).size,
      categories: new Set(kept.map((l) => l.category)).size,
      stores: new Set(bought.map((p) => p.storeId)).size,
      topCategory: categories[0]?.key ?? null,
      categoryShares: JSON.stringify(categories),
      priceLowFen: prices?.[0] ?? null,
      priceMidFen: prices?.[1] ?? null,
      priceHighFen: prices?.[2] ?? null,
      topStoreId: stores[0]?.key ?? null,
      storeShares: JSON.stringify(stores),
      topDaypart: dayparts[0]?.key ?? null,
      daypartShares: JSON.stringify(dayparts),
      channelShares: JSON.stringify(
        sharesOf(
          sums(
            bought,
            (p) => p.source,
            () => 1,
          ),
        ),
      ),
      payShares: JSON.stringify(
        sharesOf(
          sums(
            bought,
            (p) => p.payKind,
            () => 1,
          ),
        ),
      ),
      couponsUsed: Number(coupon?.n ?? 0),
      couponSavedFen: Number(coupon?.savedFen ?? 0),
      pointsEarned: bought.reduce((n, p) => n + Number(p.points), 0),
      pointsSpent: Number(spentBy(memberId)[0]?.points ?? 0),
      ...windowsOf(eventsBy(memberId)),
    }
  })
}

/** An id's first characters are its time, so this is the smallest id that could have been made at a moment. */
const firstIdAt = (ms: number): string => Math.max(0, ms).toString(36).padStart(8, '0')
/** Events and movements of points that were being written at a moment may show up this much later. */
const overlapMs = 15 * MINUTE_MS

/** Members something happened to since a moment, sorted. Index interaction_id; one pass over the points accounts. */
export const touchedSince = async (db: Reader, since: number): Promise<string[]> => {
  const found = new Set<string>()
  const lists = await Promise.all([
    db.read<{ id: string }>('SELECT DISTINCT memberId AS id FROM interaction WHERE id >= ?', [
      firstIdAt(since - overlapMs),
    ]),
    db.read<{ id: string }>('SELECT DISTINCT memberId AS id FROM points_account WHERE updatedAt >= ?', [
      since - overlapMs,
    ]),
  ])
  for (const list of lists) for (const { id } of list) found.add(id)
  return [...found].sort()
}
