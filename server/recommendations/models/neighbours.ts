import { type Histories, type History, rowOf, supportOf } from './histories'

/**
 * For each item the items that speak for each other, strongest first: those of item i stand from start[i] to start[i + 1]. A member's
 * score of an item is the sum of the weights that lead to it from what the member has bought.
 */
export interface Neighbours {
  start: Int32Array
  item: Uint32Array
  weight: Float32Array
}

export const neighbourPolicy = {
  /** Of a long history only so many items, the latest bought, count in pairs: bounds the work for one purchase. */
  pairItems: 40,
  /** Buyers that a pair must have "beyond chance": draws pairs seen once or twice towards zero. */
  shrinkage: 5,
  perItem: 50,
  /** Items that can have neighbours: bounds the counts in memory. */
  items: 6000,
} as const

type Listed = readonly { item: number; weight: number }[]

/** The `most` strongest, strongest first; of equal ones those with the lower numbers. */
const strongest = (list: Listed, most: number): { item: number; weight: number }[] => {
  let kept = [...list]
  if (list.length > most) {
    // Sorting plain numbers finds the threshold many times faster than sorting pairs by a comparison.
    const sizes = Float64Array.from(list, (x) => Math.abs(x.weight)).sort()
    const threshold = sizes[sizes.length - most]
    kept = list.filter((x) => Math.abs(x.weight) >= threshold)
  }
  return kept.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || a.item - b.item).slice(0, most)
}

/** Joins lists of (item, weight) to one structure; each is sorted by weight and cut to `most`. */
export const joinNeighbours = (lists: readonly Listed[], most: number): Neighbours => {
  const cut = lists.map((list) => strongest(list, most))
  const start = new Int32Array(cut.length + 1)
  for (const [i, list] of cut.entries()) start[i + 1] = start[i] + list.length
  const flat = cut.flat()
  return {
    start,
    item: Uint32Array.from(flat, (x) => x.item),
    weight: Float32Array.from(flat, (x) => x.weight),
  }
}

/** No item has a neighbour. */
export const noNeighbours = (items: number): Neighbours => ({
  start: new Int32Array(items + 1),
  item: new Uint32Array(0),
  weight: new Float32Array(0),
})

/** The items of a history that count in pairs, ascending: the latest bought, of equally late ones those with the lower number. */
export const pairedItems = (h: History): number[] => {
  const order = Array.from({ length: h.item.length }, (_, e) => e)
  if (order.length > neighbourPolicy.pairItems) {
    order.sort((a, b) => h.lastDay[b] - h.lastDay[a] || h.item[a] - h.item[b])
    order.length = neighbourPolicy.pairItems
  }
  return order.map((e) => h.item[e]).sort((a, b) => a - b)
}

/** Counts of pairs (a < b) bought by the same member, and of single items, over the items that count in pairs. */
export interface PairCounts {
  single: Map<number, number>
  pair: Map<number, number>
}
/** Pairs as one number: a · 2²² + b stays exact far beyond the goods of any shop. */
export const pairKey = (a: number, b: number): number => (a < b ? a * 4_194_304 + b : b * 4_194_304 + a)
export const pairOf = (key: number): [number, number] => [Math.floor(key / 4_194_304), key % 4_194_304]

/** Adds the pairs of one member's items, `by` +1 or −1. */
export const countPairs = (counts: PairCounts, items: readonly number[], by: 1 | -1): void => {
  for (let x = 0; x < items.length; x++) {
    counts.single.set(items[x], (counts.single.get(items[x]) ?? 0) + by)
    for (let y = x + 1; y < items.length; y++) {
      const key = pairKey(items[x], items[y])
      counts.pair.set(key, (counts.pair.get(key) ?? 0) + by)
    }
  }
}

/** Cosine with shrinkage: c_ij / (√(c_i·c_j) + s), as in Sarwar et al. 2001 with the shrinkage of Koren 2008. */
export const cosine = (together: number, a: number, b: number): number =>
  together / (Math.sqrt(a * b) + neighbourPolicy.shrinkage)

/**
 * Item-kNN of all members: for each item the most similar others. Counts stand in one triangle of at most 6,000 items (72 MB); goods
 * beyond those are the least bought ones and get their neighbours by content.
 */
export const cosineNeighbours = (all: Histories): Neighbours => {
  const support = supportOf(all)
  const order = Array.from({ length: all.items }, (_, i) => i).filter((i) => support[i] > 0)
  order.sort((a, b) => support[b] - support[a] || a - b)
  const items = order.slice(0, neighbourPolicy.items)
  const place = new Int32Array(all.items).fill(-1)
  for (const [at, item] of items.entries()) place[item] = at
  const single = new Uint32Array(items.length)
  const together = new Uint32Array((items.length * (items.length - 1)) / 2)
  for (let m = 0; m < all.members; m++) {
    const own = pairedItems(rowOf(all, m)).map((i) => place[i])
    for (let x = 0; x < own.length; x++) {
      if (own[x] < 0) continue
      single[own[x]]++
      for (let y = 0; y < x; y++) {
        if (own[y] < 0) continue
        const [low, high] = own[x] < own[y] ? [own[x], own[y]] : [own[y], own[x]]
        together[(high * (high - 1)) / 2 + low]++
      }
    }
  }
  const lists: { item: number; weight: number }[][] = Array.from({ length: all.items }, () => [])
  for (let high = 1; high < items.length; high++)
    for (let low = 0; low < high; low++) {
      const count = together[(high * (high - 1)) / 2 + low]
      if (!count) continue
      const weight = cosine(count, single[low], single[high])
      lists[items[low]].push({ item: items[high], weight })
      lists[items[high]].push({ item: items[low], weight })
    }
  return joinNeighbours(lists, neighbourPolicy.perItem)
}

/** The same lists with some replaced: for items whose pairs have changed since. */
export const withLists = (
  known: Neighbours,
  items: number,
  changed: ReadonlyMap<number, { item: number; weight: number }[]>,
): Neighbours => {
  const lists = Array.from({ length: items }, (_, i) => {
    const fresh = changed.get(i)
    if (fresh) return fresh
    if (i + 1 >= known.start.length) return []
    const kept: { item: number; weight: number }[] = []
    for (let x = known.start[i]; x < known.start[i + 1]; x++)
      kept.push({ item: known.item[x], weight: known.weight[x] })
    return kept
  })
  return joinNeighbours(lists, neighbourPolicy.perItem)
}
