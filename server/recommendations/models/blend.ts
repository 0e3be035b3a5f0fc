import { intervalOf } from '../rules'
import type { History } from './histories'
import type { Neighbours } from './neighbours'

/** What a score is made of. The first three are learnt from what goes with what, the next four speak only for what the member bought before. */
export const components = [
  'ease',
  'neighbours',
  'content',
  'frequency',
  'recency',
  'due',
  'rebuy',
  'popularity',
] as const
export type Component = (typeof components)[number]
export type Weights = Record<Component, number>

/** Weights that use only what is named. */
export const only = (given: Partial<Weights>): Weights =>
  Object.fromEntries(components.map((c) => [c, given[c] ?? 0])) as Weights

/** What is known about the items: everything a score is computed from besides the member's own history. */
export interface ItemModel {
  items: number
  ease: Neighbours
  neighbours: Neighbours
  content: Neighbours
  /** Which share of an item's buyers bought it again. */
  rebuy: Float32Array
  /** Fresh popularity on a scale from 0 to 1. */
  popular: Float32Array
}

/** After so many days what was bought last time counts half. */
const recencyHalfLifeDays = 60

/** 0 right after a purchase, 1 when the member's own interval has passed, then fading: who skipped three times has stopped. */
const dueness = (interval: number | null, age: number): number => {
  if (interval === null || interval <= 0) return 0
  const passed = age / interval
  return passed < 1 ? passed : Math.exp((1 - passed) / 2)
}

/** The share of the member's visits on which the item was bought, drawn towards zero for a member seen once or twice. */
const frequency = (times: number, visits: number): number => times / (visits + 2)

/** What speaks for an item the member bought before, by component. */
export const ownComponents = (
  model: ItemModel,
  h: History,
  e: number,
  day: number,
): Record<'frequency' | 'recency' | 'due' | 'rebuy', number> => {
  const age = Math.max(0, day - h.lastDay[e])
  return {
    frequency: frequency(h.times[e], h.visits),
    recency: 2 ** (-age / recencyHalfLifeDays),
    due: dueness(intervalOf(h.times[e], h.firstDay[e], h.lastDay[e]), age),
    rebuy: model.rebuy[h.item[e]] ?? 0,
  }
}

/** Adds up what the bought items say of every item; answers what scales the largest sum to one. */
const spread = (into: Float32Array, from: Neighbours, h: History): number => {
  into.fill(0)
  const { start, item, weight } = from
  const known = start.length - 1
  for (let e = 0; e < h.item.length; e++) {
    const i = h.item[e]
    if (i >= known) continue
    const end = start[i + 1]
    for (let x = start[i]; x < end; x++) into[item[x]] += weight[x]
  }
  // Four largest at once: a comparison waits for the one before it, so a single largest leaves the processor waiting.
  let t0 = 0
  let t1 = 0
  let t2 = 0
  let t3 = 0
  let i = 0
  for (; i + 3 < into.length; i += 4) {
    const a = into[i]
    const b = into[i + 1]
    const c = into[i + 2]
    const d = into[i + 3]
    if (a > t0) t0 = a
    if (b > t1) t1 = b
    if (c > t2) t2 = c
    if (d > t3) t3 = d
  }
  for (; i < into.length; i++) if (into[i] > t0) t0 = into[i]
  const top = Math.max(t0, t1, t2, t3)
  return top > 0 ? 1 / top : 0
}

/** into[i] = Σ factor · values[i], over up to four terms: one pass however many there are, and none for those that do not count. */
const combine = (into: Float32Array, terms: readonly { values: Float32Array; factor: number }[]): void => {
  const n = into.length
  if (!terms.length) {
    into.fill(0)
    return
  }
  const none = { values: into, factor: 0 }
  const [{ values: a, factor: fa }, { values: b, factor: fb }, { values: c, factor: fc }, { values: d, factor: fd }] = [
    ...terms,
    none,
    none,
    none,
  ]
  if (terms.length === 1) for (let i = 0; i < n; i++) into[i] = fa * a[i]
  else if (terms.length === 2) for (let i = 0; i < n; i++) into[i] = fa * a[i] + fb * b[i]
  else if (terms.length === 3) for (let i = 0; i < n; i++) into[i] = fa * a[i] + fb * b[i] + fc * c[i]
  else for (let i = 0; i < n; i++) into[i] = fa * a[i] + fb * b[i] + fc * c[i] + fd * d[i]
}

const learntNames = ['ease', 'neighbours', 'content'] as const

/**
 * Scores all items for one member after the other, in arrays that are reused: one scorer per thread, results must be read before the
 * next call.
 */
export interface Scorer {
  /**
   * Scores by item number, the named weights applied. `day` is today as a day number. Asked again for the same history, which must not have
   * changed, it does not add up anew what does not depend on the weights.
   */
  total(h: History, day: number, weights: Weights): Float32Array
  /** The three learnt components of the last `total` call, each scaled to at most 1. */
  learnt(item: number): Record<'ease' | 'neighbours' | 'content', number>
}

export const createScorer = (model: ItemModel): Scorer => {
  const n = model.items
  const total = new Float32Array(n)
  const sums = {
    ease: new Float32Array(n),
    neighbours: new Float32Array(n),
    content: new Float32Array(n),
  }
  /** What scales the sums of the history at hand to one; null: not added up for it yet. */
  const scales: Record<(typeof learntNames)[number], number | null> = { ease: null, neighbours: null, content: null }
  /** The same for the last call: 0 where the weight was. */
  const used = { ease: 0, neighbours: 0, content: 0 }
  let present: History | null = null
  return {
    total: (h, day, w) => {
      if (h !== present) {
        present = h
        for (const name of learntNames) scales[name] = null
      }
      const terms: { values: Float32Array; factor: number }[] = []
      for (const name of learntNames) {
        used[name] = 0
        if (!w[name]) continue
        const scale = scales[name] ?? spread(sums[name], model[name], h)
        scales[name] = scale
        used[name] = scale
        terms.push({ values: sums[name], factor: w[name] * scale })
      }
      if (w.popularity) terms.push({ values: model.popular, factor: w.popularity })
      combine(total, terms)
      if (w.frequency || w.recency || w.due || w.rebuy)
        for (let e = 0; e < h.item.length; e++) {
          if (h.item[e] >= n) continue
          const own = ownComponents(model, h, e, day)
          total[h.item[e]] +=
            w.frequency * own.frequency + w.recency * own.recency + w.due * own.due + w.rebuy * own.rebuy
        }
      return total
    },
    learnt: (i) => ({
      ease: sums.ease[i] * used.ease,
      neighbours: sums.neighbours[i] * used.neighbours,
      content: sums.content[i] * used.content,
    }),
  }
}

/** One item in so many is looked at for a first guess of where the best begin. */
const sampleStep = 8

/**
 * A score that about twice as many items pass as are wanted: the right one of a sample. Without it the best items so far change some
 * k · ln(n / k) times, each a handful of branches that nobody can guess.
 */
const guess = (scores: Float32Array, k: number, barred?: Uint8Array): number => {
  const rank = Math.ceil((2 * k) / sampleStep)
  if (scores.length < 2 * sampleStep * rank) return -Infinity
  // Best first; a short list.
  const best = new Float64Array(rank).fill(-Infinity)
  for (let i = 0; i < scores.length; i += sampleStep) {
    const s = scores[i]
    if (s <= best[rank - 1] || barred?.[i]) continue
    let at = rank - 1
    for (; at > 0 && best[at - 1] < s; at--) best[at] = best[at - 1]
    best[at] = s
  }
  return best[rank - 1]
}

/** The k best of the items above a floor, best first; fewer when there are no more. */
const bestAbove = (floor: number, scores: Float32Array, k: number, barred?: Uint8Array): number[] => {
  // A heap with the worst of the best so far on top: most items do not beat it, so they cost one comparison. Scanned in the order of their
  // numbers, the later of two equals is always the worse one.
  const item = new Int32Array(k)
  const value = new Float64Array(k)
  let kept = 0
  let worst = floor
  for (let i = 0; i < scores.length; i++) {
    // Four that do not beat it are passed over together.
    while (
      i + 3 < scores.length &&
      scores[i] <= worst &&
      scores[i + 1] <= worst &&
      scores[i + 2] <= worst &&
      scores[i + 3] <= worst
    )
      i += 4
    if (i === scores.length) break
    const s = scores[i]
    if (s <= worst || barred?.[i]) continue
    let at = 0
    if (kept < k) {
      at = kept++
      for (let up = (at - 1) >> 1; at > 0 && value[up] >= s; up = (at - 1) >> 1) {
        value[at] = value[up]
        item[at] = item[up]
        at = up
      }
    } else
      for (;;) {
        let down = 2 * at + 1
        if (down >= k) break
        const other = down + 1
        if (other < k && (value[other] < value[down] || (value[other] === value[down] && item[other] > item[down])))
          down = other
        if (value[down] >= s) break
        value[at] = value[down]
        item[at] = item[down]
        at = down
      }
    value[at] = s
    item[at] = i
    if (kept === k) worst = value[0]
  }
  for (let x = 1; x < kept; x++) {
    const v = value[x]
    const it = item[x]
    let at = x
    for (; at > 0 && (value[at - 1] < v || (value[at - 1] === v && item[at - 1] > it)); at--) {
      value[at] = value[at - 1]
      item[at] = item[at - 1]
    }
    value[at] = v
    item[at] = it
  }
  return Array.from(item.subarray(0, kept))
}

/**
 * The k best items, best first; equal scores by number.
 * @param barred items left out, by number; undefined: none
 */
export const bestItems = (scores: Float32Array, k: number, barred?: Uint8Array): number[] => {
  const most = Math.min(k, scores.length)
  if (most < 1) return []
  const floor = guess(scores, most, barred)
  const best = bestAbove(floor, scores, most, barred)
  // The sample promised too much, or many are level with it: then everybody is looked at.
  return best.length === most || floor === -Infinity ? best : bestAbove(-Infinity, scores, most, barred)
}

/** Why an item was chosen: the bought item that speaks for it most, and through what. Null when nothing bought does. */
export const because = (
  model: ItemModel,
  h: History,
  item: number,
  weights: Weights,
): { item: number; through: 'ease' | 'neighbours' | 'content' } | null => {
  let best: { item: number; through: 'ease' | 'neighbours' | 'content' } | null = null
  let most = 0
  for (const through of ['ease', 'neighbours', 'content'] as const) {
    const { start, item: to, weight } = model[through]
    if (weights[through] <= 0) continue
    // Weights of different models are compared after scaling each by what it gives this item in all.
    let sum = 0
    let [top, from] = [0, -1]
    for (let e = 0; e < h.item.length; e++) {
      const i = h.item[e]
      if (i === item || i >= start.length - 1) continue
      for (let x = start[i]; x < start[i + 1]; x++)
        if (to[x] === item) {
          sum += Math.abs(weight[x])
          if (weight[x] > top) [top, from] = [weight[x], i]
        }
    }
    const value = sum > 0 ? (weights[through] * top) / sum : 0
    if (from >= 0 && value > most) {
      most = value
      best = { item: from, through }
    }
  }
  return best
}
