import { type Histories, type History, rowOf } from './histories'

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
} as const

/** Joins lists of (item, weight) to one structure; each is sorted by weight and cut to `most`. */
export const joinNeighbours = (
  lists: readonly (readonly { item: number; weight: number }[])[],
  most: number,
): Neighbours => {
  const cut = lists.map((list) =>
    [...list].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || a.item - b.item).slice(0, most),
  )
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

/** The pairs of all members. */
export const pairsOfAll = (all: Histories): PairCounts => {
  const counts: PairCounts = { single: new Map(), pair: new Map() }
  for (let m = 0; m < all.members; m++) countPairs(counts, pairedItems(rowOf(all, m)), 1)
  return counts
}

/** Cosine with shrinkage: c_ij / (√(c_i·c_j) + s), as in Sarwar et al. 2001 with the shrinkage of Koren 2008. */
export const cosine = (together: number, a: number, b: number): number =>
  together / (Math.sqrt(a * b) + neighbourPolicy.shrinkage)

/** Item-kNN: for each item the most similar others. */
export const cosineNeighbours = (counts: PairCounts, items: number): Neighbours => {
  const lists: { item: number; weight: number }[][] = Array.from({ length: items }, () => [])
  for (const [key, together] of counts.pair) {
    if (together <= 0) continue
    const [a, b] = pairOf(key)
    const weight = cosine(together, counts.single.get(a) ?? 0, counts.single.get(b) ?? 0)
    lists[a].push({ item: b, weight })
    lists[b].push({ item: a, weight })
  }
  return joinNeighbours(lists, neighbourPolicy.perItem)
}
