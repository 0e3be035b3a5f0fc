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

const spread = (into: Float32Array, from: Neighbours, h: History): number => {
  into.fill(0)
  const { start, item, weight } = from
  const known = start.length - 1
  for (let e = 0; e < h.item.length; e++) {
    const i = h.item[e]
    if (i >= known) continue
    for (let x = start[i]; x < start[i + 1]; x++) into[item[x]] += weight[x]
  }
  let top = 0
  for (let i = 0; i < into.length; i++) if (into[i] > top) top = into[i]
  return top > 0 ? 1 / top : 0
}

/**
 * Scores all items for one member after the other, in arrays that are reused: one scorer per thread, results must be read before the
 * next call.
 */
export interface Scorer {
  /** Scores by item number, the named weights applied. `day` is today as a day number. */
  total(h: History, day: number, weights: Weights): Float32Array
  /** The three learnt components of the last `total` call, each scaled to at most 1. */
  learnt(item: number): Record<'ease' | 'neighbours' | 'content', number>
}

export const createScorer = (model: ItemModel): Scorer => {
  const n = model.items
  const [ease, neighbours, content, total] = Array.from({ length: 4 }, () => new Float32Array(n))
  const scale = { ease: 0, neighbours: 0, content: 0 }
  return {
    total: (h, day, w) => {
      scale.ease = w.ease ? spread(ease, model.ease, h) : 0
      scale.neighbours = w.neighbours ? spread(neighbours, model.neighbours, h) : 0
      scale.content = w.content ? spread(content, model.content, h) : 0
      const [we, wn, wc] = [w.ease * scale.ease, w.neighbours * scale.neighbours, w.content * scale.content]
      const wp = w.popularity
      const { popular } = model
      for (let i = 0; i < n; i++) total[i] = we * ease[i] + wn * neighbours[i] + wc * content[i] + wp * popular[i]
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
      ease: ease[i] * scale.ease,
      neighbours: neighbours[i] * scale.neighbours,
      content: content[i] * scale.content,
    }),
  }
}

/**
 * The k best items, best first; equal scores by number.
 * @param barred items left out, by number; undefined: none
 */
export const bestItems = (scores: Float32Array, k: number, barred?: Uint8Array): number[] => {
  // A small sorted list: most items do not beat its last one, so this is one comparison per item.
  const best: number[] = []
  let last = -Infinity
  for (let i = 0; i < scores.length; i++) {
    const s = scores[i]
    if (best.length === k && s <= last) continue
    if (barred?.[i]) continue
    let at = best.length
    while (at > 0 && scores[best[at - 1]] < s) at--
    best.splice(at, 0, i)
    if (best.length > k) best.pop()
    last = scores[best[best.length - 1]]
  }
  return best
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
