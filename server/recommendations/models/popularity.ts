/** How many buyers an item had on a day, in one store. `day` counts civil days from 1970-01-01. */
export interface Sold {
  item: number
  day: number
  storeId: string
  buyers: number
}

export const popularityPolicy = {
  /** After so many days a sale counts half: what sells now, not what once sold. */
  halfLifeDays: 30,
  /** Sales older than this count nothing and need not be read. */
  windowDays: 120,
  /** Lists kept per store and for all stores. */
  perList: 100,
} as const

/** Sales with freshness decay, as of the beginning of `day`; `storeId` limits them to one store. */
export const freshPopularity = (sold: readonly Sold[], items: number, day: number, storeId?: string): Float64Array => {
  const sums = new Float64Array(items)
  for (const s of sold)
    if (s.day < day && s.day >= day - popularityPolicy.windowDays && (!storeId || s.storeId === storeId))
      sums[s.item] += s.buyers * 2 ** (-(day - s.day) / popularityPolicy.halfLifeDays)
  return sums
}

/** On a scale from 0 to 1 that grows with the logarithm, so that one bestseller does not flatten all others. */
export const onScale = (sums: Float64Array): Float32Array => {
  const top = Math.log1p(sums.reduce((m, x) => Math.max(m, x), 0))
  return Float32Array.from(sums, (x) => (top > 0 ? Math.log1p(x) / top : 0))
}

/** Item numbers, best first, those without sales left out. */
export const bestOf = (sums: ArrayLike<number>, most: number = popularityPolicy.perList): number[] =>
  Array.from({ length: sums.length }, (_, i) => i)
    .filter((i) => sums[i] > 0)
    .sort((a, b) => sums[b] - sums[a] || a - b)
    .slice(0, most)
