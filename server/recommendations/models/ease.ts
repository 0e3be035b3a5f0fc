import { type Histories, rowOf, supportOf } from './histories'
import { invertPositiveDefinite } from './matrix'
import { joinNeighbours, type Neighbours } from './neighbours'

export const easePolicy = {
  /** The inverse costs the cube of the items: these many best supported ones get EASE, the rest is left to item-kNN. */
  items: 3000,
  /** An item bought by fewer members says nothing that the ridge would not shrink away. */
  minMembers: 5,
  /** Weights kept in all, the strongest of each row: bounds memory and the work for a request; the rest are many tiny ones. */
  weights: 600_000,
} as const

/** The items EASE covers: the best supported, ascending by number. */
export const easeItems = (all: Histories, most: number = easePolicy.items): Uint32Array => {
  const support = supportOf(all)
  const order = Array.from({ length: all.items }, (_, i) => i).filter((i) => support[i] >= easePolicy.minMembers)
  order.sort((a, b) => support[b] - support[a] || a - b)
  return Uint32Array.from(order.slice(0, most)).sort()
}

/** Gram matrix XᵀX of the named items, X being binary: who bought both. Row-major Float64Array of items.length². */
export const gramOf = (all: Histories, items: Uint32Array): Float64Array => {
  const n = items.length
  const place = new Int32Array(all.items).fill(-1)
  for (const [at, item] of items.entries()) place[item] = at
  const gram = new Float64Array(n * n)
  for (let m = 0; m < all.members; m++) {
    const own = Array.from(rowOf(all, m).item, (i) => place[i]).filter((at) => at >= 0)
    for (const a of own) for (const b of own) gram[a * n + b]++
  }
  return gram
}

/**
 * EASE (Steck 2019, "Embarrassingly Shallow Autoencoders"): the item-item weights B that minimise |X − XB|² + λ|B|² with zero diagonal,
 * in closed form B_ij = −P_ij / P_jj with P = (XᵀX + λI)⁻¹. Of each row only the strongest weights are kept.
 * @param gram XᵀX of `items`; overwritten
 * @param items numbers of the items, in the order of the matrix
 * @param known number of all items, those without EASE included
 */
export const easeNeighbours = (gram: Float64Array, items: Uint32Array, known: number, lambda: number): Neighbours => {
  const n = items.length
  const perItem = Math.max(1, Math.floor(easePolicy.weights / Math.max(1, n)))
  for (let i = 0; i < n; i++) gram[i * n + i] += lambda
  const p = invertPositiveDefinite(gram, n)
  const lists: { item: number; weight: number }[][] = Array.from({ length: known }, () => [])
  const weights = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) weights[j] = i === j ? 0 : -p[i * n + j] / p[j * n + j]
    // The strongest by absolute value: sorting magnitudes gives the threshold without sorting pairs.
    const threshold = n > perItem ? Float64Array.from(weights, Math.abs).sort()[n - perItem] : 0
    for (let j = 0; j < n; j++)
      if (j !== i && Math.abs(weights[j]) >= threshold) lists[items[i]].push({ item: items[j], weight: weights[j] })
  }
  return joinNeighbours(lists, perItem)
}
