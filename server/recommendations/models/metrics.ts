/** What a ranking is worth for one member: sums over members divide by their number. */
export interface Worth {
  /** Hits among the first k, over all the member took. */
  recall: number
  /** Hits over min(k, taken): what a list of k could have reached. */
  cappedRecall: number
  precision: number
  ndcg: number
  /** Average precision at k over all that was taken, as `map_at_k` of recommenders-team/recommenders defines it. */
  map: number
  /** Whether anything was hit. */
  hit: number
}

const gains = Float64Array.from({ length: 1000 }, (_, rank) => 1 / Math.log2(rank + 2))

/** Binary relevance; NDCG's ideal has min(k, taken) hits (Järvelin & Kekäläinen 2002). */
export const worthOf = (ranked: readonly number[], taken: ReadonlySet<number>, k: number): Worth => {
  let [hits, dcg, precisions] = [0, 0, 0]
  for (let rank = 0; rank < Math.min(k, ranked.length); rank++)
    if (taken.has(ranked[rank])) {
      hits++
      dcg += gains[rank]
      precisions += hits / (rank + 1)
    }
  const reachable = Math.min(k, taken.size)
  let ideal = 0
  for (let rank = 0; rank < reachable; rank++) ideal += gains[rank]
  return {
    recall: taken.size ? hits / taken.size : 0,
    cappedRecall: reachable ? hits / reachable : 0,
    precision: hits / k,
    ndcg: ideal ? dcg / ideal : 0,
    map: taken.size ? precisions / taken.size : 0,
    hit: hits ? 1 : 0,
  }
}

/** Means over members, and which share of the items was shown to anybody. */
export type Quality = Worth & { members: number; coverage: number }

/** Collects rankings of many members. */
export const qualityOf = (items: number, k: number) => {
  const sums: Worth = { recall: 0, cappedRecall: 0, precision: 0, ndcg: 0, map: 0, hit: 0 }
  const shown = new Set<number>()
  let members = 0
  return {
    add: (ranked: readonly number[], taken: ReadonlySet<number>): void => {
      const worth = worthOf(ranked, taken, k)
      for (const key of Object.keys(sums) as (keyof Worth)[]) sums[key] += worth[key]
      for (const item of ranked.slice(0, k)) shown.add(item)
      members++
    },
    mean: (): Quality => {
      const over = Math.max(1, members)
      const means = Object.fromEntries(Object.entries(sums).map(([key, sum]) => [key, sum / over]))
      return { ...(means as unknown as Worth), members, coverage: shown.size / Math.max(1, items) }
    },
  }
}
