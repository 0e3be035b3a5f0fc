import { bitsOf } from '../../server/segments/category-bit-rules'
import { returnBit } from '../../server/segments/return-bit-rules'
import { addDays, civilDay, DAY_MS, HOUR_MS, startOfDay } from '../../shared/time'

/** The rows of a large shop, made by arithmetic: the same in every run and in any order, so that every table agrees with the others. */

export type Cell = string | number | null
export interface Load {
  table: string
  columns: string[]
  count: number
  rows(): Generator<Cell[]>
}
export interface Size {
  members: number
  purchases: number
  now: number
}

const categories = 12
const products = 5000
export const stores = 40
const days = 365
export const tagIds = ['tag1', 'tag2', 'tag3']
export const templates = 30
const pages = ['home', 'coupons', 'rewards', 'code', 'me', 'points', 'campaign', 'goods'].map((p) => `pages/${p}/index`)

/** A 32-bit hash of two numbers, as a fraction of one (the finaliser of MurmurHash3). */
export const fraction = (i: number, k: number): number => {
  let h = Math.imul(i ^ Math.imul(k, 0x9e3779b1), 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  h ^= h >>> 16
  return (h >>> 0) / 4_294_967_296
}
const pick = (i: number, k: number, n: number): number => Math.floor(fraction(i, k) * n)
const idAt = (at: number, i: number): string => at.toString(36).padStart(8, '0') + i.toString(36).padStart(12, '0')
const store = (n: number): string => `store${n}`
export const product = (n: number): string => `p${n}`
export const category = (n: number): string => `品类${n}`
const categoryNames = Array.from({ length: categories }, (_, c) => category(c))

/** Everything about one shop of a size. */
export const shopOf = ({ members, purchases, now }: Size) => {
  const today = civilDay(now)
  const firstDay = addDays(today, 1 - days)
  const begin = startOfDay(firstDay)
  const dayNames = Array.from({ length: days }, (_, d) => addDays(firstDay, d))
  const joinedAt = (m: number): number => Math.floor(now - (members - m) * ((900 * DAY_MS) / members))
  const memberId = (m: number): string => idAt(joinedAt(m), m)
  const dayOfPurchase = (i: number): number => Math.min(days - 1, Math.floor((i * days) / purchases))
  const purchaseAt = (i: number): number => {
    const d = dayOfPurchase(i)
    const share = (i * days) / purchases - d
    // Ten to ten, and on the last day only up to now.
    const open = begin + d * DAY_MS + 10 * HOUR_MS
    const hours = d === days - 1 ? Math.max(0, Math.min(now - open, 12 * HOUR_MS)) : 12 * HOUR_MS
    return Math.floor(open + share * hours)
  }
  // A few buy often, most seldom.
  const buyerOf = (i: number): number => (Math.floor(members * fraction(i, 1) ** 1.7) * 7919) % members
  const paidFen = (i: number): number => 900 + pick(i, 2, 300) * pick(i, 3, 100)
  const storeOf = (i: number): number => pick(i, 4, stores)
  const productOf = (i: number): number => Math.floor(products * fraction(i, 5) ** 2)
  const categoryOf = (i: number): number => productOf(i) % categories
  const refunded = (i: number): boolean => i % 97 === 0

  const months = dayNames.map((day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)))

  const sums = {
    purchases: new Uint16Array(members),
    spend: new Float64Array(members),
    first: new Float64Array(members),
    second: new Float64Array(members),
    firstMonth: new Int32Array(members),
    returns: new Int32Array(members),
    last: new Float64Array(members),
    lastStore: new Uint8Array(members),
    orders: [30, 90, 365].map(() => new Uint16Array(members)),
    spends: [30, 90, 365].map(() => new Float64Array(members)),
    byCategory: new Uint8Array(members * categories),
    byCategory90: new Uint8Array(members * categories),
    lastOfCategory: new Int16Array(members * categories).fill(-1),
  }
  const add = (i: number): void => {
    const m = buyerOf(i)
    const at = purchaseAt(i)
    const d = dayOfPurchase(i)
    const fen = refunded(i) ? 0 : paidFen(i)
    sums.purchases[m]++
    sums.spend[m] += fen
    if (!sums.first[m]) {
      sums.first[m] = at
      sums.firstMonth[m] = months[d]
    } else if (!sums.second[m]) sums.second[m] = at
    if (months[d] > sums.firstMonth[m] && !refunded(i)) sums.returns[m] |= returnBit(months[d] - sums.firstMonth[m])
    sums.last[m] = at
    sums.lastStore[m] = storeOf(i)
    for (const [w, back] of [30, 90, 365].entries())
      if (d >= days - back) {
        sums.orders[w][m] += refunded(i) ? 0 : 1
        sums.spends[w][m] += fen
      }
    const c = m * categories + categoryOf(i)
    if (sums.byCategory[c] < 255) sums.byCategory[c]++
    if (d >= days - 90 && sums.byCategory90[c] < 255) sums.byCategory90[c]++
    sums.lastOfCategory[c] = d
  }
  for (let i = 0; i < purchases; i++) add(i)

  const stages = ['new', 'active', 'loyal', 'dormant', 'lost']
  const stageOf = (m: number): string => {
    if (!sums.purchases[m]) return 'new'
    const idle = (now - sums.last[m]) / DAY_MS
    if (idle > 200) return 'lost'
    if (idle > 100) return 'dormant'
    return sums.purchases[m] >= 15 ? 'loyal' : 'active'
  }
  const band = (value: number, limits: number[]): number => limits.filter((l) => value >= l).length + 1
  const rOf = (m: number): number => (sums.purchases[m] ? 6 - band((now - sums.last[m]) / DAY_MS, [7, 30, 60, 120]) : 0)
  const fOf = (m: number): number => (sums.purchases[m] ? band(sums.purchases[m], [2, 3, 5, 8]) : 0)
  const churnOf = (m: number): number | null => (sums.purchases[m] ? pick(m, 21, 10_000) : null)
  const clvOf = (m: number): number | null =>
    sums.purchases[m] ? Math.round(sums.spend[m] * (0.2 + fraction(m, 22))) : null
  const each = function* <T>(count: number, row: (i: number) => T): Generator<T> {
    for (let i = 0; i < count; i++) yield row(i)
  }
  const load = (table: string, columns: string, count: number, row: (i: number) => Cell[]): Load => ({
    table,
    columns: columns.split(' '),
    count,
    rows: () => each(count, row),
  })

  const refundCount = Math.floor((purchases - 1) / 97) + 1
  const coupons = Math.floor(members / 2)
  const couponDay = (i: number): number => Math.floor((i * days) / coupons)
  const couponAt = (i: number): number => begin + couponDay(i) * DAY_MS + 11 * HOUR_MS
  const events = members * 2
  const eventDays = 60
  const eventDay = (i: number): number => days - eventDays + Math.floor((i * eventDays) / events)
  const boughtOf = (counts: Uint8Array, m: number): string[] =>
    categoryNames.filter((_, c) => counts[m * categories + c])
  const categoryRows = function* (): Generator<Cell[]> {
    for (let c = 0; c < categories; c++)
      for (let m = 0; m < members; m++) {
        const at = m * categories + c
        if (sums.byCategory[at])
          yield [
            category(c),
            memberId(m),
            dayNames[sums.lastOfCategory[at]],
            sums.byCategory[at],
            sums.byCategory90[at],
            sums.byCategory[at],
          ]
      }
  }
  return {
    today,
    memberId,
    loads: [
      load(
        'member',
        'id groupId cardNo name gender joinedAt joinedOn joinedMonthDay joinedStoreId joinedBy status tierLevel personalised birthdayKey',
        members,
        (m) => {
          const on = civilDay(joinedAt(m))
          return [
            memberId(m),
            'group',
            String(10_000_000 + m),
            '会员',
            pick(m, 11, 2) ? 'female' : 'male',
            joinedAt(m),
            on,
            on.slice(5),
            store(pick(m, 12, stores)),
            'staff',
            'active',
            pick(m, 13, 4),
            1,
            `birthday${pick(m, 14, 366)}`,
          ]
        },
      ),
      load(
        'member_stats',
        'memberId purchases spendFen refundFen savedFen firstPurchaseAt lastPurchaseAt lastStoreId',
        members,
        (m) => [
          memberId(m),
          sums.purchases[m],
          sums.spend[m],
          0,
          0,
          sums.first[m],
          sums.last[m],
          sums.purchases[m] ? store(sums.lastStore[m]) : null,
        ],
      ),
      load(
        'purchase',
        'id source externalNo contentHash memberId storeId at onDay amountFen discountFen paidFen refundedFen multiplierBp status',
        purchases,
        (i) => {
          const id = idAt(purchaseAt(i), i)
          const fen = paidFen(i)
          return [
            id,
            'staff',
            id,
            '',
            memberId(buyerOf(i)),
            store(storeOf(i)),
            purchaseAt(i),
            dayNames[dayOfPurchase(i)],
            fen,
            0,
            fen,
            refunded(i) ? fen : 0,
            10_000,
            refunded(i) ? 'refunded' : 'settled',
          ]
        },
      ),
      load(
        'purchase_line',
        'purchaseId lineNo productId name category quantity unitFen amountFen refundedQuantity',
        purchases,
        (i) => [
          idAt(purchaseAt(i), i),
          1,
          product(productOf(i)),
          '商品',
          category(categoryOf(i)),
          1,
          paidFen(i),
          paidFen(i),
          refunded(i) ? 1 : 0,
        ],
      ),
      load('refund', 'id source externalNo purchaseId memberId storeId at onDay amountFen reason', refundCount, (k) => {
        const i = k * 97
        const at = Math.min(now, purchaseAt(i) + HOUR_MS)
        const id = idAt(at, i)
        return [
          id,
          'staff',
          id,
          idAt(purchaseAt(i), i),
          memberId(buyerOf(i)),
          store(storeOf(i)),
          at,
          civilDay(at),
          paidFen(i),
          '退货',
        ]
      }),
      load(
        'coupon',
        'id templateId memberId ordinal status validFrom validTo source claimedAt claimedOn redeemedAt redeemedOn storeId savedFen',
        coupons,
        (i) => {
          const at = couponAt(i)
          const used = fraction(i, 31) < 0.4
          const on = Math.min(days - 1, couponDay(i) + pick(i, 32, 20))
          return [
            idAt(at, i),
            `template${pick(i, 33, templates)}`,
            memberId(pick(i, 34, members)),
            i,
            used ? 'used' : couponDay(i) > days - 30 ? 'held' : 'expired',
            at,
            at + 30 * DAY_MS,
            ['claim', 'grant', 'birthday', 'welcome'][pick(i, 35, 4)],
            at,
            dayNames[couponDay(i)],
            used ? begin + on * DAY_MS + 15 * HOUR_MS : null,
            used ? dayNames[on] : null,
            used ? store(pick(i, 36, stores)) : null,
            used ? 2000 : 0,
          ]
        },
      ),
      load('points_entry', 'memberId walletId seq at onDay amount balanceAfter kind sourceType note', members, (m) => {
        const d = Math.floor((m * days) / members)
        const spend = m % 5 === 4
        return [
          memberId((m * 7919) % members),
          'group',
          1,
          begin + d * DAY_MS + 12 * HOUR_MS,
          dayNames[d],
          spend ? -50 : 100,
          0,
          spend ? 'spend' : 'earn',
          spend ? 'reward' : 'purchase',
          '',
        ]
      }),
      load(
        'interaction',
        'memberId eventId id type version at onDay receivedAt page target x y width origin',
        events,
        (i) => {
          const at = begin + eventDay(i) * DAY_MS + 9 * HOUR_MS + pick(i, 41, 12 * HOUR_MS)
          const kind = pick(i, 42, 10)
          const type = kind < 6 ? 'page_view' : kind < 9 ? 'tap' : 'coupon_view'
          const page = pages[pick(i, 43, pages.length)]
          const tap = type === 'tap'
          return [
            memberId(Math.floor(members * fraction(i, 44) ** 2)),
            `e${i}`,
            idAt(at, i),
            type,
            1,
            at,
            dayNames[eventDay(i)],
            at,
            page,
            tap ? `t${pick(i, 45, 12)}` : null,
            tap ? pick(i, 46, 390) : null,
            tap ? pick(i, 47, 1500) : null,
            tap ? 390 : null,
            'client',
          ]
        },
      ),
      load(
        'segment_fact',
        'memberId gender joinedAt joinedBy joinedStoreId tierLevel hasPhone hasBirthday personalised purchases spendFen refundFen averageFen firstAt secondAt lastAt lastStoreId orders30 spend30Fen orders90 spend90Fen orders365 spend365Fen balance growth couponsHeld couponsUsed stage rfm churnBp clvFen groupNo nextOn interactions30 lastInteractionAt influence topCategory categories90 categories365 categoriesEver returnBits onDay',
        members,
        (m) => {
          const n = sums.purchases[m]
          return [
            memberId(m),
            pick(m, 11, 2) ? 'female' : 'male',
            joinedAt(m),
            'staff',
            store(pick(m, 12, stores)),
            pick(m, 13, 4),
            1,
            1,
            1,
            n,
            sums.spend[m],
            0,
            n ? Math.round(sums.spend[m] / n) : 0,
            sums.first[m],
            sums.second[m],
            sums.last[m],
            n ? store(sums.lastStore[m]) : '',
            sums.orders[0][m],
            sums.spends[0][m],
            sums.orders[1][m],
            sums.spends[1][m],
            sums.orders[2][m],
            sums.spends[2][m],
            pick(m, 51, 5000),
            pick(m, 52, 5000),
            pick(m, 53, 3),
            pick(m, 54, 6),
            stageOf(m),
            n ? 'value' : 'none',
            churnOf(m) ?? -1,
            clvOf(m) ?? -1,
            1 + pick(m, 55, 5),
            n ? addDays(today, pick(m, 56, 90)) : '',
            pick(m, 57, 20),
            now - pick(m, 58, 60) * DAY_MS,
            0,
            n ? category(m % categories) : '',
            bitsOf(boughtOf(sums.byCategory90, m)),
            bitsOf(boughtOf(sums.byCategory, m)),
            bitsOf(boughtOf(sums.byCategory, m)),
            sums.returns[m],
            today,
          ]
        },
      ),
      {
        table: 'segment_category',
        columns: 'category memberId lastDay orders orders90 orders365'.split(' '),
        count: sums.byCategory.reduce((n, v) => n + (v ? 1 : 0), 0),
        rows: categoryRows,
      },
      load('member_tag', 'memberId tagId source at', Math.floor(members / 2), (i) => {
        const tag = i % 3
        return [memberId((i * 2) % members), tagIds[tag], 'manual', now]
      }),
      load(
        'member_score',
        'memberId sinceDay stage stageSince r f m rFixed fFixed mFixed rfm purchases spendFen',
        members,
        (m) => [
          memberId(m),
          today,
          stageOf(m),
          today,
          rOf(m),
          fOf(m),
          fOf(m),
          rOf(m),
          fOf(m),
          fOf(m),
          'value',
          sums.purchases[m],
          sums.spend[m],
        ],
      ),
      load('stage_change', 'memberId onDay id fromStage toStage createdAt origin', Math.floor(members / 3), (i) => {
        const d = Math.floor((i * days * 3) / members)
        const s = pick(i, 61, 4)
        return [
          memberId(i * 3),
          dayNames[Math.min(days - 1, d)],
          idAt(begin + d * DAY_MS, i),
          stages[s],
          stages[s + 1],
          now,
          'past',
        ]
      }),
      load('stage_day', 'onDay stage members spendFen', days * 5, (i) => [
        dayNames[Math.floor(i / 5)],
        stages[i % 5],
        Math.floor(members / 5),
        0,
      ]),
      load('stage_move', 'onDay fromStage toStage members', days * 4, (i) => [
        dayNames[Math.floor(i / 4)],
        stages[i % 4],
        stages[(i % 4) + 1],
        Math.floor(members / 3 / days / 4),
      ]),
      load('rfm_cell', 'onDay method r f members spendFen purchases', 25, (i) => [
        today,
        'fixed',
        1 + Math.floor(i / 5),
        1 + (i % 5),
        1000 * (i + 1),
        100_000 * (i + 1),
        3000 * (i + 1),
      ]),
      load('nps_answer', 'id memberId score kind reasons channel at onDay', 20_000, (i) => {
        const d = days - 90 + Math.floor((i * 90) / 20_000)
        return [
          idAt(begin + d * DAY_MS, i),
          memberId(pick(i, 71, members)),
          pick(i, 72, 11),
          '',
          '[]',
          'app',
          begin + d * DAY_MS,
          dayNames[d],
        ]
      }),
      load('store', 'id brandId code name address hours phone active createdAt', stores, (i) => [
        store(i),
        'brand',
        `s${i}`,
        `门店 ${i}`,
        '',
        '',
        '',
        1,
        0,
      ]),
      load('tier', 'trackId level name threshold multiplierBp benefits', 4, (i) => [
        'group',
        i,
        `等级 ${i}`,
        i * 1000,
        10_000,
        '[]',
      ]),
      load('product', 'id name category priceFen active', products, (i) => [
        product(i),
        `商品 ${i}`,
        category(i % categories),
        1000,
        1,
      ]),
      load('tag', 'id name category description kind color version createdAt updatedAt', tagIds.length, (i) => [
        tagIds[i],
        `标签 ${i}`,
        '',
        '',
        'manual',
        'green',
        1,
        0,
        0,
      ]),
      load(
        'coupon_template',
        'id groupId name description rule state version stock issued perMember issuedToday claimable createdAt',
        templates,
        (i) => [
          `template${i}`,
          'group',
          `券 ${i}`,
          '',
          JSON.stringify({
            kind: 'amount',
            amountFen: 2000,
            minSpendFen: 0,
            validity: { kind: 'relative', days: 30, startAfterDays: 0 },
          }),
          'published',
          1,
          1_000_000,
          0,
          100,
          0,
          0,
          0,
        ],
      ),
    ] as Load[],
  }
}
