/**
 * What members have bought, one entry for each member and item, in compressed rows: the entries of member m are those from start[m] to
 * start[m + 1]. Items are dense numbers from 0; days are civil days counted from 1970-01-01.
 */
export interface Histories {
  members: number
  items: number
  start: Int32Array
  item: Uint32Array
  /** On how many days the member bought the item. */
  times: Uint16Array
  firstDay: Uint16Array
  lastDay: Uint16Array
  /** On how many days each member bought anything. */
  visits: Uint16Array
}

/** One member's entries; `item`, `times`, `firstDay` and `lastDay` run in parallel. */
export interface History {
  item: ArrayLike<number>
  times: ArrayLike<number>
  firstDay: ArrayLike<number>
  lastDay: ArrayLike<number>
  visits: number
}

/** One item that a member bought on one day; quantity plays no part. */
export interface Bought {
  item: number
  day: number
}

/** Sums up what one member bought: items in ascending order, each day of an item counted once. */
export const historyOf = (bought: readonly Bought[]): History & { item: number[] } => {
  const days = new Set<number>()
  const seen = new Map<number, { days: Set<number>; first: number; last: number }>()
  for (const { item, day } of bought) {
    days.add(day)
    const known = seen.get(item)
    if (!known) {
      seen.set(item, { days: new Set([day]), first: day, last: day })
      continue
    }
    known.days.add(day)
    known.first = Math.min(known.first, day)
    known.last = Math.max(known.last, day)
  }
  const entries = [...seen].sort(([a], [b]) => a - b)
  return {
    item: entries.map(([item]) => item),
    times: entries.map(([, e]) => e.days.size),
    firstDay: entries.map(([, e]) => e.first),
    lastDay: entries.map(([, e]) => e.last),
    visits: days.size,
  }
}

/** Joins members' histories to one matrix. `items` is the number of items known, whether anybody bought them or not. */
export const joinHistories = (list: readonly History[], items: number): Histories => {
  const start = new Int32Array(list.length + 1)
  for (const [m, h] of list.entries()) start[m + 1] = start[m] + h.item.length
  const total = start[list.length]
  const all: Histories = {
    members: list.length,
    items,
    start,
    item: new Uint32Array(total),
    times: new Uint16Array(total),
    firstDay: new Uint16Array(total),
    lastDay: new Uint16Array(total),
    visits: Uint16Array.from(list, (h) => h.visits),
  }
  for (const [m, h] of list.entries()) {
    all.item.set(h.item, start[m])
    all.times.set(h.times, start[m])
    all.firstDay.set(h.firstDay, start[m])
    all.lastDay.set(h.lastDay, start[m])
  }
  return all
}

/** One member's row of the matrix. */
export const rowOf = (all: Histories, member: number): History => {
  const [from, to] = [all.start[member], all.start[member + 1]]
  return {
    item: all.item.subarray(from, to),
    times: all.times.subarray(from, to),
    firstDay: all.firstDay.subarray(from, to),
    lastDay: all.lastDay.subarray(from, to),
    visits: all.visits[member],
  }
}

/** How many members bought each item. */
export const supportOf = (all: Histories): Float64Array => {
  const support = new Float64Array(all.items)
  for (const i of all.item) support[i]++
  return support
}

/** Which share of an item's buyers bought it on a second day, drawn towards the share of all items where few have bought it. */
export const rebuyShares = (all: Histories): Float32Array => {
  const prior = 5
  const owners = new Float64Array(all.items)
  const again = new Float64Array(all.items)
  let [sumOwners, sumAgain] = [0, 0]
  for (let e = 0; e < all.item.length; e++) {
    const twice = all.times[e] > 1 ? 1 : 0
    owners[all.item[e]]++
    again[all.item[e]] += twice
    sumOwners++
    sumAgain += twice
  }
  const mean = sumOwners ? sumAgain / sumOwners : 0
  return Float32Array.from(owners, (n, i) => (again[i] + prior * mean) / (n + prior))
}
