import { addDays, civilDay, DAY_MS, HOUR_MS, startOfDay } from '../../shared/time'
import { type Cell, fraction, type Load } from './dashboards-shape'

/** A year of a shop as columns: who bought when and for how much, made by arithmetic, so that every run has the same rows. */
export interface Purchases {
  members: number
  /** By purchase. */
  member: Int32Array
  /** Days since 1970-01-01. */
  day: Int32Array
  fen: Int32Array
}

const spanDays = 365
const openAt = 12 * HOUR_MS

/** Ids as the server makes them: a time first, then a number; here all of one length. */
export const memberIdOf = (m: number): string => `m${m.toString(36).padStart(19, '0')}`

/** The shop's purchases, in the order in which they happened. A few buy often, most seldom, one in twenty never. */
export const purchasesOf = (members: number, purchases: number, today: string): Purchases => {
  const first = startOfDay(addDays(today, 1 - spanDays)) + openAt
  const firstDay = Math.floor((first + 8 * HOUR_MS) / DAY_MS)
  const buyers = Math.floor(members * 0.95)
  const made: Purchases = {
    members,
    member: new Int32Array(purchases),
    day: new Int32Array(purchases),
    fen: new Int32Array(purchases),
  }
  for (let i = 0; i < purchases; i++) {
    made.member[i] = (Math.floor(buyers * fraction(i, 1) ** 1.7) * 7919) % buyers
    made.day[i] = firstDay + Math.floor((i * spanDays) / purchases)
    made.fen[i] = 900 + Math.floor(300 * fraction(i, 2)) * Math.floor(100 * fraction(i, 3))
  }
  return made
}

/** Noon of a day, in epoch milliseconds. */
export const noonOf = (day: number): number => day * DAY_MS - 8 * HOUR_MS + openAt

/** What the till keeps of every member, by member. */
export interface Sums {
  purchases: Int32Array
  days: Int32Array
  first: Int32Array
  last: Int32Array
  fen: Float64Array
}

/** One pass over the purchases, which come in the order of their days. */
export const sumsOf = ({ members, member, day, fen }: Purchases): Sums => {
  const sums: Sums = {
    purchases: new Int32Array(members),
    days: new Int32Array(members),
    first: new Int32Array(members),
    last: new Int32Array(members),
    fen: new Float64Array(members),
  }
  for (let i = 0; i < member.length; i++) {
    const m = member[i]
    if (!sums.purchases[m]++) sums.first[m] = day[i]
    if (sums.last[m] !== day[i]) {
      sums.last[m] = day[i]
      sums.days[m]++
    }
    sums.fen[m] += fen[i]
  }
  return sums
}

const each = function* (count: number, row: (i: number) => Cell[]): Generator<Cell[]> {
  for (let i = 0; i < count; i++) yield row(i)
}

/** A purchase's row. Ids begin with the time they were made at, as the server's do: the gate looks at what came in since an id. */
export const purchaseRow = (i: number, at: number, m: number, fen: number) => {
  const id = `${at.toString(36).padStart(8, '0')}${i.toString(36).padStart(12, '0')}`
  return {
    id,
    source: 'staff',
    externalNo: id,
    contentHash: '',
    memberId: memberIdOf(m),
    storeId: `store${m % 40}`,
    at,
    onDay: civilDay(at),
    amountFen: fen,
    discountFen: 0,
    paidFen: fen,
    refundedFen: 0,
    multiplierBp: 10_000,
    status: 'settled',
  }
}

/** The rows of members, of what the till keeps of them, and of the purchases. */
export const loadsOf = (made: Purchases, sums: Sums, now: number): Load[] => {
  const joined = now - 400 * DAY_MS
  const on = civilDay(joined)
  const store = (m: number): string => `store${m % 40}`
  const load = (table: string, columns: string, count: number, row: (i: number) => Cell[]): Load => ({
    table,
    columns: columns.split(' '),
    count,
    rows: () => each(count, row),
  })
  return [
    load(
      'member',
      'id groupId cardNo name gender joinedAt joinedOn joinedMonthDay joinedStoreId joinedBy status tierLevel personalised',
      made.members,
      (m) => [
        memberIdOf(m),
        'group',
        String(10_000_000 + m),
        '会员',
        'unknown',
        joined,
        on,
        on.slice(5),
        store(m),
        'staff',
        'active',
        0,
        1,
      ],
    ),
    load(
      'member_stats',
      'memberId purchases spendFen refundFen savedFen firstPurchaseAt lastPurchaseAt lastStoreId purchaseDays updatedAt',
      made.members,
      (m) => [
        memberIdOf(m),
        sums.purchases[m],
        sums.fen[m],
        0,
        0,
        sums.purchases[m] ? noonOf(sums.first[m]) : 0,
        sums.purchases[m] ? noonOf(sums.last[m]) : 0,
        sums.purchases[m] ? store(m) : null,
        sums.days[m],
        joined,
      ],
    ),
    load('purchase', Object.keys(purchaseRow(0, now, 0, 0)).join(' '), made.member.length, (i) =>
      Object.values(purchaseRow(i, noonOf(made.day[i]), made.member[i], made.fen[i])),
    ),
  ]
}
