import { joinNeighbours, type Neighbours } from './neighbours'

/** What is known of an item besides who bought it. */
export interface ItemText {
  name: string
  category: string
  /** Attributes as words: brand, colour, material. */
  attributes?: readonly string[]
}

const perItem = 20
/** A term on more than this share of the items tells them apart no longer. */
const commonShare = 0.2

/**
 * The terms of a text: for Chinese runs of one and two characters, which need no dictionary; for Latin words the word and its runs of
 * three letters, so that "candle" and "candles" meet. Categories and attributes are terms of their own.
 */
export const termsOf = (item: ItemText): string[] => {
  const terms: string[] = [`类:${item.category}`, ...(item.attributes ?? []).map((a) => `性:${a.toLowerCase()}`)]
  for (const run of item.name
    .normalize('NFKC')
    .toLowerCase()
    .match(/\p{Script=Han}+|[\p{L}\p{N}]+/gu) ?? []) {
    if (/\p{Script=Han}/u.test(run)) {
      const chars = [...run]
      for (const [i, c] of chars.entries()) terms.push(c, ...(i + 1 < chars.length ? [c + chars[i + 1]] : []))
    } else {
      terms.push(run)
      for (let i = 0; i + 3 <= run.length; i++) terms.push(run.slice(i, i + 3))
    }
  }
  return terms
}

/** For each item those with the most similar words: cosine of TF-IDF vectors. An item without text has no neighbours. */
export const contentNeighbours = (items: readonly (ItemText | null)[]): Neighbours => {
  const counts = items.map((item) => {
    const own = new Map<string, number>()
    for (const term of item ? termsOf(item) : []) own.set(term, (own.get(term) ?? 0) + 1)
    return own
  })
  const holders = new Map<string, number[]>()
  for (const [i, own] of counts.entries())
    for (const term of own.keys()) {
      const list = holders.get(term)
      if (list) list.push(i)
      else holders.set(term, [i])
    }
  const weightOf = (term: string, count: number): number =>
    (1 + Math.log(count)) * Math.log(items.length / (holders.get(term)?.length ?? 1))
  const norms = counts.map((own) =>
    Math.sqrt([...own].reduce((sum, [term, count]) => sum + weightOf(term, count) ** 2, 0)),
  )
  const sums = new Float64Array(items.length)
  const lists = counts.map((own, i) => {
    const met: number[] = []
    for (const [term, count] of own) {
      const others = holders.get(term) ?? []
      if (others.length > Math.max(50, commonShare * items.length)) continue
      const w = weightOf(term, count)
      for (const j of others) {
        if (j === i) continue
        if (sums[j] === 0) met.push(j)
        sums[j] += w * weightOf(term, counts[j].get(term) ?? 1)
      }
    }
    const list = met.map((j) => ({ item: j, weight: norms[i] * norms[j] > 0 ? sums[j] / (norms[i] * norms[j]) : 0 }))
    for (const j of met) sums[j] = 0
    return list.filter((x) => x.weight > 0.05)
  })
  return joinNeighbours(lists, perItem)
}
