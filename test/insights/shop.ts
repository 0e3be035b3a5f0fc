import type { Bindable } from '../../server/db/statement'
import { phoneHashOf } from '../../server/operators/service'
import { addDays, civilDay, DAY_MS, HOUR_MS, startOfDay } from '../../shared/time'
import { type TestServer, testNow } from '../support/server'

/** Everybody's birthday in the shop. */
export const birthday = { calendar: 'lunar', month: 8, day: 15 }

/** A small shop written straight into the tables, with the rows kept in memory so that a test can reckon every figure the long way. */
export interface Shop {
  stores: { id: string; name: string }[]
  members: MemberRow[]
  purchases: PurchaseRow[]
  lines: LineRow[]
  refunds: RefundRow[]
  coupons: CouponRow[]
  lots: { memberId: string; remaining: number; expiresOn: string }[]
  accounts: { memberId: string; balance: number }[]
  stats: Map<
    string,
    { purchases: number; spendFen: number; refundFen: number; lastPurchaseAt: number; lastStoreId: string }
  >
}
interface MemberRow {
  id: string
  cardNo: string
  name: string
  phone: string
  joinedAt: number
  joinedStoreId: string | null
  status: string
  tierLevel: number
}
interface PurchaseRow {
  id: string
  memberId: string
  storeId: string
  at: number
  onDay: string
  paidFen: number
  pointsEarned: number
}
interface LineRow {
  purchaseId: string
  lineNo: number
  category: string
  quantity: number
  unitFen: number
  amountFen: number
  refundedQuantity: number
}
interface RefundRow {
  id: string
  memberId: string
  storeId: string
  at: number
  onDay: string
  amountFen: number
}
interface CouponRow {
  id: string
  memberId: string
  status: string
  validTo: number
  claimedAt: number
  claimedOn: string
  redeemedAt: number | null
  redeemedOn: string | null
  storeId: string | null
  savedFen: number
}

/** A generator with a fixed seed: the same shop in every run (mulberry32). */
const dice = (seed: number) => {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (n: number): number => Math.floor(next() * n)
  return { below, pick: <T>(list: readonly T[]): T => list[below(list.length)], chance: (p: number) => next() < p }
}
const number = (prefix: string, i: number): string => `${prefix}${String(i).padStart(6, '0')}`

/** Makes the shop: 3 stores, 60 members, about 900 purchases over 70 days that end at `testNow`. */
export const openShop = async (server: TestServer): Promise<Shop> => {
  const { below, pick, chance } = dice(20261122)
  const { keys, db } = server.deps
  const today = civilDay(testNow)
  const stores = ['静安寺店', '徐家汇店', '五角场店'].map((name, i) => ({ id: `store${i + 1}`, name }))
  const members: MemberRow[] = Array.from({ length: 60 }, (_, i) => ({
    id: number('m', i),
    cardNo: String(88_000_000 + i),
    name: `${pick(['林', '陈', '周', '王'])}${pick(['知夏', '明远', '一诺', '子墨'])}`,
    phone: `138${String(10_000_000 + i * 37)}`,
    // Whole hours, and few of them: many members join at the same moment, which is what a cursor must survive.
    joinedAt: testNow - below(12) * DAY_MS - below(3) * HOUR_MS,
    joinedStoreId: chance(0.3) ? null : pick(stores).id,
    status: i % 20 === 19 ? 'inactive' : 'active',
    tierLevel: below(3),
  }))
  // The last ten never buy.
  const buyers = members.slice(0, 50)
  const purchases: PurchaseRow[] = []
  for (let back = 69; back >= 0; back--) {
    const day = addDays(today, -back)
    // A Wednesday three weeks ago sells four times as much: the peak the trend notes.
    const count = back === 18 ? 40 : 8 + below(6)
    for (let i = 0; i < count; i++) {
      const at = startOfDay(day) + 8 * HOUR_MS + below(13 * 60) * 60_000
      if (at > testNow) continue
      const paidFen = 1000 * (1 + below(30))
      purchases.push({
        id: number('p', purchases.length),
        memberId: pick(buyers).id,
        storeId: pick(stores).id,
        at,
        onDay: day,
        paidFen,
        pointsEarned: Math.floor(paidFen / 100),
      })
    }
  }
  const lines: LineRow[] = purchases.flatMap((p) =>
    [1, 2].map((lineNo) => {
      const quantity = 1 + below(3)
      const unitFen = 100 * (1 + below(50))
      return {
        purchaseId: p.id,
        lineNo,
        category: pick(['香薰', '茶器', '布艺', '文具']),
        quantity,
        unitFen,
        amountFen: quantity * unitFen,
        refundedQuantity: chance(0.05) ? 1 : 0,
      }
    }),
  )
  const refunds: RefundRow[] = purchases
    .filter(() => chance(0.06))
    .map((p, i) => {
      const at = Math.min(testNow, p.at + below(5) * DAY_MS)
      return {
        id: number('r', i),
        memberId: p.memberId,
        storeId: p.storeId,
        at,
        onDay: civilDay(at),
        amountFen: Math.min(p.paidFen, 1000),
        purchaseId: p.id,
      }
    })
  const coupons: CouponRow[] = Array.from({ length: 200 }, (_, i) => {
    const claimedAt = testNow - below(45) * DAY_MS - below(10) * HOUR_MS
    const redeemedAt = chance(0.5) ? Math.min(testNow, claimedAt + below(10 * 24) * HOUR_MS) : null
    return {
      id: number('c', i),
      memberId: pick(buyers).id,
      status: redeemedAt ? 'used' : pick(['held', 'held', 'expired']),
      validTo: claimedAt + 30 * DAY_MS,
      claimedAt,
      claimedOn: civilDay(claimedAt),
      redeemedAt,
      redeemedOn: redeemedAt && civilDay(redeemedAt),
      storeId: redeemedAt && pick(stores).id,
      savedFen: redeemedAt ? 500 * (1 + below(6)) : 0,
    } as CouponRow
  })
  // Few different balances, and five members without an account.
  const accounts = members.slice(0, 55).map((m, i) => ({ memberId: m.id, balance: i === 7 ? -40 : 100 * below(6) }))
  const lots = accounts.flatMap((a) =>
    [10, 29, 31, 200].map((ahead) => ({
      memberId: a.memberId,
      remaining: 10 * below(9),
      expiresOn: addDays(today, ahead),
    })),
  )
  const stats: Shop['stats'] = new Map()
  for (const p of purchases) {
    const s = stats.get(p.memberId) ?? { purchases: 0, spendFen: 0, refundFen: 0, lastPurchaseAt: 0, lastStoreId: '' }
    s.purchases++
    s.spendFen += p.paidFen
    if (p.at >= s.lastPurchaseAt) [s.lastPurchaseAt, s.lastStoreId] = [p.at, p.storeId]
    stats.set(p.memberId, s)
  }
  for (const r of refunds) {
    const s = stats.get(r.memberId)
    if (s) [s.spendFen, s.refundFen] = [s.spendFen - r.amountFen, s.refundFen + r.amountFen]
  }
  // Equal spends and equal last purchases, for the cursors.
  const equal = buyers.slice(0, 6).map((m) => stats.get(m.id))
  for (const s of equal) if (s) [s.spendFen, s.lastPurchaseAt] = [50_000, testNow - 3 * DAY_MS]

  await db.tx(async (tx) => {
    tx.insert('brand_group', [{ id: 'group', name: '拾光' }])
    tx.insert('brand', [{ id: 'brand', groupId: 'group', name: '拾光生活馆' }])
    tx.insert(
      'store',
      stores.map((s, i) => ({
        ...s,
        brandId: 'brand',
        code: `s${i}`,
        address: '',
        hours: '',
        phone: '',
        active: 1,
        createdAt: 0,
      })),
    )
    tx.insert(
      'tier',
      ['普通', '银叶', '金叶'].map((name, level) => ({
        trackId: 'group',
        level,
        name,
        threshold: level * 1000,
        multiplierBp: 10_000,
        benefits: '[]',
      })),
    )
    tx.insert(
      'member',
      members.map(({ phone, ...m }) => ({
        ...m,
        groupId: 'group',
        gender: 'unknown',
        phoneHash: phoneHashOf(keys, phone),
        phoneSealed: keys.seal(phone),
        birthdaySealed: keys.seal(JSON.stringify(birthday)),
        joinedOn: civilDay(m.joinedAt),
        joinedMonthDay: civilDay(m.joinedAt).slice(5),
        joinedBy: 'staff',
        personalised: 1,
      })),
    )
    tx.insert(
      'purchase',
      purchases.map((p) => ({
        ...p,
        source: 'staff',
        externalNo: p.id,
        contentHash: '',
        amountFen: p.paidFen,
        discountFen: 0,
        refundedFen: 0,
        multiplierBp: 10_000,
        pointsTakenBack: 0,
        pointsSeq: 0,
        growthEarned: 0,
        growthTakenBack: 0,
        status: 'settled',
      })),
    )
    tx.insert(
      'purchase_line',
      lines.map((l) => ({ ...l, productId: 'x', name: 'x' })),
    )
    tx.insert(
      'refund',
      refunds.map((r) => ({
        ...r,
        source: 'staff',
        externalNo: r.id,
        pointsTakenBack: 3,
        pointsOwed: 0,
        growthTakenBack: 0,
        reason: '尺寸不合',
      })) as unknown as Record<string, Bindable>[],
    )
    tx.insert('coupon_template', [
      template('t1', 'published', '满 100 减 20'),
      template('t2', 'published', '生日礼'),
      template('t3', 'draft', '草稿'),
    ])
    tx.insert(
      'coupon',
      coupons.map((c, i) => ({ ...c, templateId: 't1', ordinal: i + 1, validFrom: c.claimedAt, source: 'claim' })),
    )
    tx.insert(
      'points_account',
      accounts.map((a) => ({ ...a, walletId: 'group', debt: 0, seq: 0, updatedAt: 0 })),
    )
    tx.insert(
      'points_lot',
      lots.map((l, i) => ({ ...l, walletId: 'group', seq: i + 1, amount: l.remaining })),
    )
    tx.insert(
      'member_stats',
      [...stats].map(([memberId, s]) => ({ memberId, ...s, savedFen: 0, firstPurchaseAt: 0 })),
    )
  })
  return { stores, members, purchases, lines, refunds, coupons, lots, accounts, stats }
}

const template = (id: string, state: string, name: string): Record<string, Bindable> => ({
  id,
  groupId: 'group',
  name,
  description: '',
  rule: '{}',
  state,
  version: 1,
  stock: 100,
  issued: 0,
  perMember: 1,
  issuedToday: 0,
  claimable: 1,
  createdAt: 0,
})

export { memberToken, operatorToken as signIn } from '../support/tokens'
