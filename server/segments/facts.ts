import { addDays, civilDay } from '../../shared/time'
import { type Bindable, marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import { bitsOf } from './category-bit-rules'
import type { SegmentCategory, SegmentFact } from './entity'
import { returnBitsOf } from './return-bit-rules'

/** Read-only SQL over other modules' tables: what the flat rows of segment_fact are copied from. Every statement names its index. */

type Sums = Pick<
  SegmentFact,
  'orders30' | 'spend30Fen' | 'orders90' | 'spend90Fen' | 'orders365' | 'spend365Fen' | 'secondAt'
>
interface BaseRow {
  memberId: string
  gender: string
  joinedAt: number
  joinedBy: string
  joinedStoreId: string | null
  tierLevel: number
  phoneHash: string | null
  birthdayKey: string | null
  personalised: number
  purchases: number | null
  spendFen: number | null
  refundFen: number | null
  firstPurchaseAt: number | null
  lastPurchaseAt: number | null
  lastStoreId: string | null
  balance: number | null
  growth: number | null
  stage: string | null
  rfm: string | null
  churnBp: number | null
  clvFen: number | null
  groupNo: number | null
  nextOn: string | null
  interactions30: number | null
  lastInteractionAt: number | null
  influence: number | null
  topCategory: string | null
}

/** Everything about some members that has a row of its own, by primary keys. Ids at most 500. */
const baseRows = (db: Reader, ids: readonly string[], walletId: string, trackId: string): Promise<BaseRow[]> =>
  db.read(
    `SELECT m.id AS memberId, m.gender, m.joinedAt, m.joinedBy, m.joinedStoreId, m.tierLevel, m.phoneHash, m.birthdayKey, m.personalised,
            s.purchases, s.spendFen, s.refundFen, s.firstPurchaseAt, s.lastPurchaseAt, s.lastStoreId, a.balance, g.growth,
            c.stage, c.rfm, k.churnBp, k.clvFen, k.groupNo, k.nextOn, x.interactions30, x.lastInteractionAt, x.influence, x.topCategory
     FROM member m
     LEFT JOIN member_stats s ON s.memberId = m.id
     LEFT JOIN points_account a ON a.memberId = m.id AND a.walletId = ?
     LEFT JOIN growth_account g ON g.memberId = m.id AND g.trackId = ?
     LEFT JOIN member_score c ON c.memberId = m.id
     LEFT JOIN member_forecast k ON k.memberId = m.id
     LEFT JOIN member_facts x ON x.memberId = m.id
     WHERE m.id IN ${marks(ids)} AND m.status = 'active'`,
    [walletId, trackId, ...ids],
  )

/**
 * Purchases by window, the second one's time and the days of all, handed-back ones left out. Index purchase_member. Windows are reckoned here rather than
 * in SQL, so that one pass gives all of them.
 */
const sumsOf = async (
  db: Reader,
  ids: readonly string[],
  today: string,
): Promise<{ sums: Map<string, Sums>; days: Map<string, string[]> }> => {
  const rows = await db.read<{ memberId: string; at: number; onDay: string; netFen: number; status: string }>(
    `SELECT memberId, at, onDay, paidFen - refundedFen AS netFen, status FROM purchase WHERE memberId IN ${marks(ids)} ORDER BY memberId, at`,
    [...ids],
  )
  const [from30, from90, from365] = [29, 89, 364].map((back) => addDays(today, -back))
  const sums = new Map<string, Sums>()
  const days = new Map<string, string[]>()
  for (const p of rows) {
    const s = sums.get(p.memberId) ?? {
      orders30: 0,
      spend30Fen: 0,
      orders90: 0,
      spend90Fen: 0,
      orders365: 0,
      spend365Fen: 0,
      secondAt: 0,
    }
    sums.set(p.memberId, s)
    const counts = p.status === 'refunded' ? 0 : 1
    const kept = days.get(p.memberId) ?? []
    days.set(p.memberId, kept)
    if (counts) kept.push(p.onDay)
    if (counts && kept.length === 2) s.secondAt = Number(p.at)
    if (p.onDay > today) continue
    if (p.onDay >= from365) {
      s.orders365 += counts
      s.spend365Fen += Number(p.netFen)
    }
    if (p.onDay >= from90) {
      s.orders90 += counts
      s.spend90Fen += Number(p.netFen)
    }
    if (p.onDay >= from30) {
      s.orders30 += counts
      s.spend30Fen += Number(p.netFen)
    }
  }
  return { sums, days }
}

/** Coupons in hand and used. Index coupon_wallet. */
const couponsOf = async (
  db: Reader,
  ids: readonly string[],
  now: number,
): Promise<Map<string, { held: number; used: number }>> => {
  const rows = await db.read<{ memberId: string; held: number | null; used: number | null }>(
    `SELECT memberId, SUM(CASE WHEN status = 'held' AND validTo >= ? THEN 1 ELSE 0 END) AS held,
            SUM(CASE WHEN status = 'used' THEN 1 ELSE 0 END) AS used FROM coupon WHERE memberId IN ${marks(ids)} GROUP BY memberId`,
    [now, ...ids],
  )
  return new Map(rows.map((r) => [r.memberId, { held: Number(r.held ?? 0), used: Number(r.used ?? 0) }]))
}

const noSums: Sums = {
  orders30: 0,
  spend30Fen: 0,
  orders90: 0,
  spend90Fen: 0,
  orders365: 0,
  spend365Fen: 0,
  secondAt: 0,
}

/**
 * What segment_fact should say of those of some members who are active. Ids at most 500; `today` is the civil day the windows end on.
 * @param bought what `categoriesOf` found of them for that day
 */
export const factsOf = async (
  db: Reader,
  ids: readonly string[],
  bought: readonly SegmentCategory[],
  { walletId, trackId, today, now }: { walletId: string; trackId: string; today: string; now: number },
): Promise<SegmentFact[]> => {
  const categories = new Map<string, SegmentCategory[]>()
  for (const c of bought) categories.set(c.memberId, [...(categories.get(c.memberId) ?? []), c])
  const bitsWhere = (memberId: string, counts: (c: SegmentCategory) => boolean): number =>
    bitsOf((categories.get(memberId) ?? []).filter(counts).map((c) => c.category))
  const [base, { sums, days }, coupons] = [
    await baseRows(db, ids, walletId, trackId),
    await sumsOf(db, ids, today),
    await couponsOf(db, ids, now),
  ]
  return base.map((b) => {
    const purchases = Number(b.purchases ?? 0)
    const spendFen = Number(b.spendFen ?? 0)
    const held = coupons.get(b.memberId)
    return {
      memberId: b.memberId,
      gender: b.gender,
      joinedAt: Number(b.joinedAt),
      joinedBy: b.joinedBy,
      joinedStoreId: b.joinedStoreId ?? '',
      tierLevel: b.tierLevel,
      hasPhone: b.phoneHash ? 1 : 0,
      hasBirthday: b.birthdayKey ? 1 : 0,
      personalised: b.personalised,
      purchases,
      spendFen,
      refundFen: Number(b.refundFen ?? 0),
      averageFen: purchases ? Math.round(spendFen / purchases) : 0,
      firstAt: Number(b.firstPurchaseAt ?? 0),
      lastAt: Number(b.lastPurchaseAt ?? 0),
      lastStoreId: b.lastStoreId ?? '',
      ...(sums.get(b.memberId) ?? noSums),
      balance: Number(b.balance ?? 0),
      growth: Number(b.growth ?? 0),
      couponsHeld: held?.held ?? 0,
      couponsUsed: held?.used ?? 0,
      stage: b.stage ?? '',
      rfm: b.rfm ?? '',
      churnBp: b.churnBp ?? -1,
      clvFen: b.clvFen === null ? -1 : Number(b.clvFen),
      groupNo: b.groupNo ?? 0,
      nextOn: b.nextOn ?? '',
      interactions30: b.interactions30 ?? 0,
      lastInteractionAt: Number(b.lastInteractionAt ?? 0),
      influence: b.influence ?? 0,
      topCategory: b.topCategory ?? '',
      categories90: bitsWhere(b.memberId, (c) => c.orders90 > 0),
      categories365: bitsWhere(b.memberId, (c) => c.orders365 > 0),
      categoriesEver: bitsWhere(b.memberId, () => true),
      returnBits: returnBitsOf(civilDay(Number(b.firstPurchaseAt ?? 0)), days.get(b.memberId) ?? []),
      onDay: today,
    }
  })
}

/** What segment_category should say of some members. Indexes purchase_member and the lines' primary key. */
export const categoriesOf = async (db: Reader, ids: readonly string[], today: string): Promise<SegmentCategory[]> => {
  const rows = await db.read<{ memberId: string; category: string; purchaseId: string; onDay: string }>(
    `SELECT DISTINCT p.memberId, l.category, p.id AS purchaseId, p.onDay FROM purchase p JOIN purchase_line l ON l.purchaseId = p.id
     WHERE p.memberId IN ${marks(ids)} AND l.quantity > l.refundedQuantity`,
    [...ids],
  )
  const [from90, from365] = [addDays(today, -89), addDays(today, -364)]
  const found = new Map<string, SegmentCategory>()
  for (const r of rows) {
    const key = `${r.memberId}|${r.category}`
    const c = found.get(key) ?? {
      category: r.category,
      memberId: r.memberId,
      lastDay: r.onDay,
      orders: 0,
      orders90: 0,
      orders365: 0,
    }
    found.set(key, c)
    c.orders++
    if (r.onDay > c.lastDay) c.lastDay = r.onDay
    if (r.onDay >= from90) c.orders90++
    if (r.onDay >= from365) c.orders365++
  }
  return [...found.values()]
}

/** The smallest id that can have been made at a moment: ids begin with their time (db/id.ts). */
const idFrom = (epochMs: number): string => Math.max(0, epochMs).toString(36).padStart(8, '0')

/**
 * Members something happened to since a moment: joined, bought, got money back, got, used or lost a coupon, moved points or levels, were
 * counted anew. Primary keys, which begin with the time a row was made; indexes member_stats_updated and points_entry_day.
 * A transaction makes its ids before it commits, so `since` reaches back further than the last look.
 */
export const membersTouched = async (db: Reader, since: number, today: string): Promise<string[]> => {
  const from = idFrom(since)
  const queries: [string, Bindable[]][] = [
    ['SELECT id AS memberId FROM member WHERE id >= ?', [from]],
    ['SELECT memberId FROM purchase WHERE id >= ?', [from]],
    ['SELECT memberId FROM refund WHERE id >= ?', [from]],
    ['SELECT memberId FROM coupon WHERE id >= ?', [from]],
    ['SELECT c.memberId FROM coupon_event e JOIN coupon c ON c.id = e.couponId WHERE e.id >= ?', [from]],
    ['SELECT memberId FROM tier_change WHERE id >= ?', [from]],
    ['SELECT memberId FROM points_entry WHERE onDay >= ? AND at >= ?', [addDays(today, -1), since]],
    ['SELECT memberId FROM member_stats WHERE updatedAt >= ?', [since]],
  ]
  const found = new Set<string>()
  for (const [text, params] of queries)
    for (const row of await db.read<{ memberId: string }>(text, params)) found.add(row.memberId)
  return [...found].sort()
}

/** Ids of members after one, in order, for a pass over all of them. Primary key. */
export const memberIdsAfter = async (db: Reader, cursor: string, limit: number): Promise<string[]> =>
  (await db.read<{ id: string }>('SELECT id FROM member WHERE id > ? ORDER BY id LIMIT ?', [cursor, limit])).map(
    (r) => r.id,
  )

/** A masked member's row before it is masked. */
export interface CardRow {
  id: string
  cardNo: string
  name: string
  phoneSealed: string | null
  tierLevel: number
  joinedAt: number
  purchases: number | null
  spendFen: number | null
  lastPurchaseAt: number | null
}
/** Some members for a list, at most 500. Primary keys. */
export const cardRows = (db: Reader, ids: readonly string[]): Promise<CardRow[]> =>
  db.read(
    `SELECT m.id, m.cardNo, m.name, m.phoneSealed, m.tierLevel, m.joinedAt, s.purchases, s.spendFen, s.lastPurchaseAt
     FROM member m LEFT JOIN member_stats s ON s.memberId = m.id WHERE m.id IN ${marks(ids)}`,
    [...ids],
  )

/** Ids of the members with these ids or card numbers, at most 500 of each, limited to stores they are at home in. */
export const membersNamed = (
  db: Reader,
  ids: readonly string[],
  cardNos: readonly string[],
  storeIds: readonly string[] | null,
): Promise<{ id: string; cardNo: string }[]> => {
  const home = storeIds ? ` AND (m.joinedStoreId IN ${marks(storeIds)} OR s.lastStoreId IN ${marks(storeIds)})` : ''
  const scope = storeIds ? [...storeIds, ...storeIds] : []
  return db.read(
    `SELECT m.id, m.cardNo FROM member m LEFT JOIN member_stats s ON s.memberId = m.id
     WHERE m.status = 'active' AND (m.id IN ${marks(ids)} OR m.cardNo IN ${marks(cardNos)})${home}`,
    [...ids, ...cardNos, ...scope],
  )
}

interface Option {
  value: string
  label: string
}
/** Choices that come from other modules' tables; hundreds at most, products only by search. */
export const optionsOf = {
  stores: (db: Reader): Promise<Option[]> => db.read('SELECT id AS value, name AS label FROM store ORDER BY code'),
  templates: (db: Reader): Promise<Option[]> =>
    db.read("SELECT id AS value, name AS label FROM coupon_template WHERE state <> 'draft' ORDER BY id DESC LIMIT 300"),
  categories: (db: Reader): Promise<Option[]> =>
    db.read('SELECT DISTINCT category AS value, category AS label FROM product ORDER BY category LIMIT 300'),
  groups: async (db: Reader): Promise<Option[]> => {
    const rows = await db.read<{ groupNo: number; name: string }>(
      'SELECT groupNo, name FROM score_group WHERE onDay = (SELECT MAX(onDay) FROM score_group) ORDER BY groupNo',
    )
    return rows.map((r) => ({ value: String(r.groupNo), label: r.name }))
  },
}
/** Products whose name holds a text, or those of some ids. A shop has thousands: one pass over them. */
export const productOptions = (db: Reader, q: string, ids: readonly string[]): Promise<Option[]> => {
  if (ids.length) return db.read(`SELECT id AS value, name AS label FROM product WHERE id IN ${marks(ids)}`, [...ids])
  const like = `%${q.replace(/[%_!]/g, '!$&')}%`
  return db.read("SELECT id AS value, name AS label FROM product WHERE name LIKE ? ESCAPE '!' ORDER BY name LIMIT 30", [
    like,
  ])
}

/** When the flat rows were last looked through; null before the first pass. */
export const factsAsOf = async (db: Reader): Promise<number | null> => {
  const [row] = await db.read<{ at: number | null }>(
    "SELECT MAX(finishedAt) AS at FROM job_run WHERE name IN ('segments.follow', 'segments.facts') AND state = 'done'",
  )
  return row?.at ? Number(row.at) : null
}
