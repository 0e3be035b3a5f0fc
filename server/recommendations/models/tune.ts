import { bestItems, type Component, components, createScorer, type ItemModel, only, type Weights } from './blend'
import type { History } from './histories'
import { type Quality, qualityOf } from './metrics'

/** A member as known before a day, and the items taken afterwards. */
export interface Case {
  history: History
  taken: readonly number[]
}

/** `discover`: only items the member has never bought. `all`: repeats allowed. */
export type Task = 'discover' | 'all'

/** What is taken of a case in a task; members without any are left out of its figures. */
export const targetOf = (c: Case, task: Task): Set<number> => {
  if (task === 'all') return new Set(c.taken)
  const owned = new Set(Array.from(c.history.item))
  return new Set(c.taken.filter((i) => !owned.has(i)))
}

const ownedMask = (h: History, items: number): Uint8Array => {
  const mask = new Uint8Array(items)
  for (let e = 0; e < h.item.length; e++) if (h.item[e] < items) mask[h.item[e]] = 1
  return mask
}

/** How well weights rank the cases: the whole catalogue is ranked, never a sample of it. */
export const measure = (
  model: ItemModel,
  cases: readonly Case[],
  task: Task,
  weights: Weights,
  { day, k = 20 }: { day: number; k?: number },
): Quality => {
  const scorer = createScorer(model)
  const quality = qualityOf(model.items, k)
  for (const c of cases) {
    const taken = targetOf(c, task)
    if (!taken.size) continue
    const barred = task === 'discover' ? ownedMask(c.history, model.items) : undefined
    quality.add(bestItems(scorer.total(c.history, day, weights), k, barred), taken)
  }
  return quality.mean()
}

/** Components of the items that any component finds good, for one case. */
interface Candidates {
  item: Uint32Array
  /** One row of components per candidate. */
  values: Float32Array
  taken: Set<number>
}
const perComponent = 100

const candidatesOf = (model: ItemModel, c: Case, task: Task, day: number, popular: number[]): Candidates | null => {
  const taken = targetOf(c, task)
  if (!taken.size) return null
  const scorer = createScorerOnce(model)
  const barred = task === 'discover' ? ownedMask(c.history, model.items) : undefined
  const rows = components.map((component) => {
    if (component === 'popularity') return { component, scores: model.popular }
    return { component, scores: scorer.total(c.history, day, only({ [component]: 1 })).slice() }
  })
  const chosen = new Set<number>(popular.filter((i) => !barred?.[i]))
  for (const { component, scores } of rows)
    if (component !== 'popularity')
      for (const i of bestItems(scores, perComponent, barred)) if (scores[i] > 0) chosen.add(i)
  const item = Uint32Array.from(chosen).sort()
  const values = new Float32Array(item.length * components.length)
  for (const [x, i] of item.entries())
    for (const [y, { scores }] of rows.entries()) values[x * components.length + y] = scores[i]
  return { item, values, taken }
}

/** The scorer's arrays are large; one per model is enough while the cases are prepared. */
const scorers = new WeakMap<ItemModel, ReturnType<typeof createScorer>>()
const createScorerOnce = (model: ItemModel): ReturnType<typeof createScorer> => {
  const made = scorers.get(model) ?? createScorer(model)
  scorers.set(model, made)
  return made
}

const worth = (cases: readonly Candidates[], weights: Weights, items: number): number => {
  const quality = qualityOf(items, 20)
  const w = Float64Array.from(components, (c) => weights[c])
  for (const { item, values, taken } of cases) {
    const scores = new Float32Array(item.length)
    for (let x = 0; x < item.length; x++) {
      let s = 0
      for (let y = 0; y < w.length; y++) s += w[y] * values[x * w.length + y]
      scores[x] = s
    }
    quality.add(
      bestItems(scores, 20).map((x) => item[x]),
      taken,
    )
  }
  return quality.mean().ndcg
}

/** Where the search begins: each plain model, so that the blend is at least as good as the best of them on the validation cases. */
const starts: readonly Partial<Weights>[] = [
  { popularity: 1 },
  { neighbours: 1, popularity: 0.05 },
  { ease: 1 },
  { ease: 1, popularity: 0.05 },
  { ease: 1, neighbours: 0.5, content: 0.1, popularity: 0.1 },
  { frequency: 1, popularity: 0.01 },
  { ease: 0.3, frequency: 1, recency: 0.1, popularity: 0.05 },
]
const steps = [0, 0.5, 0.75, 1.5, 2.5]
/** A weight that stands at zero is tried at these values, relative to the largest. */
const fresh = [0.05, 0.2, 0.6]

/**
 * Chooses weights by coordinate ascent on NDCG@20 of validation cases: of the plain starts the best two are improved, one weight at a
 * time, until a round brings nothing. Deterministic.
 */
export const tune = (
  model: ItemModel,
  cases: readonly Case[],
  task: Task,
  day: number,
): { weights: Weights; ndcg: number } => {
  const popular = bestItems(model.popular, perComponent)
  const ready = cases.flatMap((c) => candidatesOf(model, c, task, day, popular) ?? [])
  const value = (weights: Weights): number => worth(ready, weights, model.items)
  const usable = (c: Component): boolean => task === 'all' || !['frequency', 'recency', 'due', 'rebuy'].includes(c)
  const climb = (from: Weights): { weights: Weights; ndcg: number } => {
    let weights = from
    let ndcg = value(weights)
    for (let round = 0; round < 4; round++) {
      const before = ndcg
      for (const component of components.filter(usable)) {
        const present = weights[component]
        const largest = Math.max(...components.map((c) => weights[c]))
        const tries = present > 0 ? steps.map((s) => s * present) : fresh.map((s) => s * largest)
        for (const tried of tries) {
          const next = { ...weights, [component]: tried }
          const reached = value(next)
          // A change that is smaller than chance is not worth a different model.
          if (reached > ndcg + 2e-4) [weights, ndcg] = [next, reached]
        }
      }
      if (ndcg === before) break
    }
    return { weights, ndcg }
  }
  const climbed = starts
    .map((s) => only(s))
    .filter((w) => components.every((c) => w[c] === 0 || usable(c)))
    .map((weights) => ({ weights, ndcg: value(weights) }))
    .sort((a, b) => b.ndcg - a.ndcg)
    .slice(0, 2)
    .map(({ weights }) => climb(weights))
  return climbed.reduce((a, b) => (b.ndcg > a.ndcg ? b : a))
}
