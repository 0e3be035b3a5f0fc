import type { Db, Reader } from '../db/transaction'
import type { RecommendationRule } from './entity'
import { allProducts, bestSellers, type ProductRow } from './facts'
import { itemsByNumber } from './follow'
import { rulesInForce, type Settings, settingsOf } from './manage'
import { createScorer, type Scorer } from './models/blend'
import { type ServedModel, unpackModel, unpackNeighbours } from './models/codec'
import type { Neighbours } from './models/neighbours'
import { newestModel, partOfModel } from './publish'
import { ruleHolds, type Slot } from './rules'

/** How old what a process remembers may be. Requests use what is there while it is renewed, so nobody waits for it. */
const renewAfterMs = { model: 10_000, rules: 5_000, products: 60_000, sellers: 600_000 } as const

/** A model ready to serve: arrays as long as the list of items, which may have grown since it was learnt. */
export interface Loaded {
  model: ServedModel
  scorer: Scorer
  version: number
  /** The first day anything was sold, as far as the model looks back. */
  openedDay: number
  /** `version/neighbours version`: tells whether something newer was published. */
  name: string
}
/** The goods by number: null for a number whose product is gone. */
export interface Goods {
  byNumber: (ProductRow | null)[]
  byId: ReadonlyMap<string, ProductRow>
}
interface Decided {
  rules: RecommendationRule[]
  settings: Settings
}

/** What one process keeps in memory to recommend from; shared by all requests. */
export interface Serving {
  loaded: Loaded | null
  goods: Goods
  decided: Decided
  shelf(slot: Slot, storeId: string | null, now: number): Shelf
  /** For a shop without a model: what sold most in all time. */
  sellers(db: Reader, now: number): Promise<ProductRow[]>
}
/** What operators and the list of products say about a slot in a store. */
export interface Shelf {
  /** 1 at the number of an item that is never shown. */
  barred: Uint8Array
  /** Factors of scores by number; null when no rule changes any. */
  factor: Float32Array | null
  /** Products with a fixed place, from 1. */
  pins: { product: ProductRow; place: number }[]
  /** Whether a rule keeps a product out, for goods without a number. */
  hides(p: ProductRow): boolean
}

interface Kept<T> {
  value: T
  until: number
  renewing: Promise<T> | null
}
/** Remembers a value; the first caller waits for it, later ones get the old one while it is renewed. */
const keep = <T>(load: (db: Reader) => Promise<T>, ttlMs: number, onError: (error: unknown) => void) => {
  let kept: Kept<T> | null = null
  let first: Promise<T> | null = null
  return async (db: Reader, now: number): Promise<T> => {
    if (!kept) {
      first ??= load(db).finally(() => {
        first = null
      })
      const value = await first
      kept ??= { value, until: now + ttlMs, renewing: null }
      return kept.value
    }
    const known = kept
    if (now >= known.until && !known.renewing) {
      known.renewing = load(db)
      known.renewing
        .then((value) => {
          kept = { value, until: now + ttlMs, renewing: null }
        })
        .catch((error: unknown) => {
          known.renewing = null
          known.until = now + ttlMs
          onError(error)
        })
    }
    // A clock that jumped (a test, a process that slept) must not serve what is hours old.
    return now >= known.until + 10 * ttlMs && known.renewing ? known.renewing : known.value
  }
}

const grown = (n: Neighbours, items: number): Neighbours => {
  if (n.start.length - 1 >= items) return n
  const start = new Int32Array(items + 1).fill(n.start[n.start.length - 1] ?? 0)
  start.set(n.start)
  return { ...n, start }
}
const longer = <T extends Float32Array | Uint16Array>(a: T, items: number, make: (n: number) => T, fill = 0): T => {
  if (a.length >= items) return a
  const made = make(items)
  made.fill(fill)
  made.set(a as never)
  return made
}

const neverSold = 65_535
/** Makes all arrays of a model as long as `items`. */
const stretch = (m: ServedModel, items: number): ServedModel => ({
  ...m,
  items,
  ease: grown(m.ease, items),
  neighbours: grown(m.neighbours, items),
  content: grown(m.content, items),
  rebuy: longer(m.rebuy, items, (n) => new Float32Array(n)),
  popular: longer(m.popular, items, (n) => new Float32Array(n)),
  firstSold: longer(m.firstSold, items, (n) => new Uint16Array(n), neverSold),
})

/** Loads the model in use unless it is the one at hand. */
const loadModel = async (db: Reader, present: Loaded | null): Promise<Loaded | null> => {
  const [full, near] = await Promise.all([newestModel(db, 'full'), newestModel(db, 'neighbours')])
  if (!full) return null
  const renewed = near && near.dataAt > full.dataAt ? near : null
  const name = `${full.version}/${renewed?.version ?? 0}`
  if (present?.name === name) return present
  const blob = await partOfModel(db, full.id, 'packed')
  const nearBlob = renewed ? await partOfModel(db, renewed.id, 'packed') : ''
  // Between finding and reading, newer ones may have pushed these out: the next look finds them.
  if (!blob || (renewed && !nearBlob)) return present
  const whole = await unpackModel(blob)
  const neighbours = renewed ? await unpackNeighbours(nearBlob) : whole.neighbours
  const model = stretch({ ...whole, neighbours }, Math.max(whole.items, neighbours.start.length - 1))
  const openedDay = model.firstSold.reduce((first, day) => Math.min(first, day), neverSold)
  return { model, scorer: createScorer(model), version: full.version, openedDay, name }
}

const loadGoods = async (db: Reader): Promise<Goods> => {
  const [products, ids] = await Promise.all([allProducts(db), itemsByNumber(db)])
  const byId = new Map(products.map((p) => [p.id, p]))
  return {
    byNumber: Array.from(ids, (id) => byId.get(id) ?? null),
    byId,
  }
}

const loadDecided = async (db: Reader): Promise<Decided> => {
  const [rules, settings] = await Promise.all([rulesInForce(db), settingsOf(db)])
  return { rules, settings }
}

const shelfOf = (goods: Goods, rules: readonly RecommendationRule[], items: number): Shelf => {
  const meant = (r: RecommendationRule, p: ProductRow): boolean =>
    r.scope === 'product' ? r.target === p.id : r.target === p.category
  const excluding = rules.filter((r) => r.kind === 'exclude')
  const weighing = rules.filter((r) => r.kind === 'weight')
  const hides = (p: ProductRow): boolean => !p.active || excluding.some((r) => meant(r, p))
  const barred = new Uint8Array(items)
  const factor = weighing.length ? new Float32Array(items).fill(1) : null
  for (let i = 0; i < items; i++) {
    const p = goods.byNumber[i]
    if (!p || hides(p)) barred[i] = 1
    else if (factor) for (const r of weighing) if (meant(r, p)) factor[i] *= 1 + (r.percent ?? 0) / 100
  }
  const pins = rules.flatMap((r) => {
    const product = r.kind === 'pin' ? goods.byId.get(r.target) : undefined
    return product && !hides(product) ? [{ product, place: r.place ?? 1 }] : []
  })
  return { barred, factor, pins: pins.sort((a, b) => a.place - b.place), hides }
}

const createServing = (onError: (error: unknown) => void) => {
  let present: Loaded | null = null
  const model = keep(
    async (db) => {
      present = await loadModel(db, present)
      return present
    },
    renewAfterMs.model,
    onError,
  )
  const goods = keep(loadGoods, renewAfterMs.products, onError)
  const decided = keep(loadDecided, renewAfterMs.rules, onError)
  const sellers = keep((db) => bestSellers(db, 60), renewAfterMs.sellers, onError)
  /** Shelves by slot and store, made anew when goods, rules or the length of the list change. */
  let shelves = new Map<string, { shelf: Shelf; until: number }>()
  let madeFor: { goods: Goods; decided: Decided; items: number } | null = null

  return async (db: Reader, now: number): Promise<Serving> => {
    const [l, g, d] = await Promise.all([model(db, now), goods(db, now), decided(db, now)])
    const items = l?.model.items ?? g.byNumber.length
    if (madeFor?.goods !== g || madeFor.decided !== d || madeFor.items !== items) {
      shelves = new Map()
      madeFor = { goods: g, decided: d, items }
    }
    return {
      loaded: l,
      goods: g,
      decided: d,
      sellers,
      shelf: (slot, storeId, at) => {
        const key = `${slot}/${storeId}`
        const known = shelves.get(key)
        if (known && at < known.until) return known.shelf
        const holding = d.rules.filter((r) => ruleHolds(r, { slot, storeId, now: at }))
        const shelf = shelfOf(g, holding, items)
        // Rules begin and end by the clock, so a shelf is good for as long as the rules are.
        shelves.set(key, { shelf, until: at + renewAfterMs.rules })
        return shelf
      },
    }
  }
}

const servings = new WeakMap<object, ReturnType<typeof createServing>>()

/** What this process recommends from, per database. */
export const servingOf = (
  deps: { db: Db; log: { warn(o: object, text: string): void } },
  now: number,
): Promise<Serving> => {
  const known =
    servings.get(deps.db) ?? createServing((err) => deps.log.warn({ err }, 'recommendations could not be renewed'))
  servings.set(deps.db, known)
  return known(deps.db, now)
}
