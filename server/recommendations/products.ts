import { civilDay } from '../../shared/time'
import type { Reader } from '../db/transaction'
import type { ProductRow, Shopper } from './facts'
import { dayNumberOf } from './follow'
import { because, bestItems, components, ownComponents, type Weights } from './models/blend'
import { unpackHistory } from './models/codec'
import type { History } from './models/histories'
import {
  type Arm,
  againReason,
  armOf,
  diversify,
  interleave,
  ownedAlready,
  recommendationPolicy,
  type Slot,
  shortName,
} from './rules'
import type { Loaded, Serving, Shelf } from './serve'

/** One chosen product. `parts` are the weighted components of the score, for "why this?". */
export interface Chosen {
  product: ProductRow
  reason: string
  score: number
  parts: { name: string; value: number }[]
}
export interface ChosenList {
  arm: Arm
  modelVersion: number
  items: Chosen[]
}
/** A product that may be chosen. Only those that are get told why: a reason costs more than a score. */
interface Candidate {
  product: ProductRow
  tell(): Chosen
}
const told = (c: Candidate): Chosen => c.tell()

type ProductSlot = Extract<Slot, 'home' | 'discover' | 'again'>

const partNames: Record<(typeof components)[number], string> = {
  ease: '一起购买的规律',
  neighbours: '买过的人还买',
  content: '名称与品类相近',
  frequency: '你的购买频率',
  recency: '最近买过',
  due: '到了你的回购时间',
  rebuy: '这件商品的回购率',
  popularity: '近期热度',
}

/** Everything one request works with. */
interface Scene {
  serving: Serving
  loaded: Loaded
  shelf: Shelf
  storeId: string | null
  h: History
  day: number
}

const popularReason = (loaded: Loaded | null, item: number, inStore: boolean): string => {
  const { newDays } = recommendationPolicy
  if (loaded) {
    const { firstSold, day } = loaded.model
    const fresh = firstSold[item] > day - newDays && firstSold[item] <= day
    if (fresh && loaded.openedDay < day - 2 * newDays) return '新品，最近有人在买'
  }
  return inStore ? '本店热卖' : '大家都在买'
}

const entryOf = (h: History, item: number): number => {
  for (let e = 0; e < h.item.length; e++) if (h.item[e] === item) return e
  return -1
}

/** The weighted parts of one item's score; the scorer's last call must have been with these weights. */
const partsOf = ({ loaded, h, day }: Scene, item: number, w: Weights): Chosen['parts'] => {
  const { model, scorer } = loaded
  const entry = entryOf(h, item)
  const values = {
    ...scorer.learnt(item),
    popularity: model.popular[item],
    ...(entry < 0 ? { frequency: 0, recency: 0, due: 0, rebuy: 0 } : ownComponents(model, h, entry, day)),
  }
  return components
    .map((c) => ({ name: partNames[c], value: w[c] * values[c] }))
    .filter((p) => Math.abs(p.value) > 1e-6)
    .sort((a, b) => b.value - a.value)
}

/** Applies the operators' factors. A negative score is left alone: a boost must not push it further down. */
const weigh = (scores: Float32Array, factor: Float32Array | null): Float32Array => {
  if (factor) for (let i = 0; i < scores.length; i++) if (scores[i] > 0) scores[i] *= factor[i]
  return scores
}

const discover = (scene: Scene, limit: number): Candidate[] => {
  const { loaded, serving, shelf, h, day } = scene
  const { model, scorer } = loaded
  const w = model.weights.discover
  const barred = shelf.barred.slice()
  for (let e = 0; e < h.item.length; e++) if (h.item[e] < barred.length) barred[h.item[e]] = 1
  const scores = weigh(scorer.total(h, day, w), shelf.factor)
  const local = new Set(scene.storeId ? (model.bestByStore[scene.storeId] ?? []) : [])
  const reasonFor = (i: number): string => {
    const learnt = scorer.learnt(i)
    const fitting = w.ease * learnt.ease + w.neighbours * learnt.neighbours + w.content * learnt.content
    // What sells is the better explanation where what the member bought says less.
    const source = fitting > w.popularity * model.popular[i] * 0.5 ? because(model, h, i, w) : null
    const cause = source && serving.goods.byNumber[source.item]
    if (!cause) return popularReason(loaded, i, local.has(i))
    return source.through === 'content' ? `和买过的${shortName(cause.name)}相近` : `因为买过${shortName(cause.name)}`
  }
  return bestItems(scores, limit, barred)
    .filter((i) => scores[i] > 0)
    .map((i) => {
      const product = serving.goods.byNumber[i] as ProductRow
      const tell = (): Chosen => {
        const reason = reasonFor(i)
        return { product, reason, score: scores[i], parts: partsOf(scene, i, w) }
      }
      return { product, tell }
    })
}

const again = (scene: Scene, limit: number): Candidate[] => {
  const { loaded, serving, shelf, h, day } = scene
  const { model, scorer } = loaded
  const w = model.weights.all
  const scores = weigh(scorer.total(h, day, w), shelf.factor)
  return Array.from(h.item, (item, e) => ({ item, e }))
    .filter(({ item, e }) => item < model.items && !shelf.barred[item] && !ownedAlready(h, e, day, model.rebuy[item]))
    .sort((a, b) => scores[b.item] - scores[a.item] || a.item - b.item)
    .slice(0, limit)
    .map(({ item, e }) => {
      const product = serving.goods.byNumber[item] as ProductRow
      const reason = (): string => againReason(h.times[e], h.firstDay[e], h.lastDay[e], day)
      return {
        product,
        tell: () => ({ product, reason: reason(), score: scores[item], parts: partsOf(scene, item, w) }),
      }
    })
}

/** What sells: in the member's store first, then in the whole shop. Needs no history. */
const popular = async (
  db: Reader,
  serving: Serving,
  shelf: Shelf,
  { storeId, now }: { storeId: string | null; now: number },
): Promise<Candidate[]> => {
  const { loaded, goods } = serving
  if (!loaded)
    return (await serving.sellers(db, now))
      .filter((p) => !shelf.hides(p))
      .map((product) => ({ product, tell: () => ({ product, reason: '大家都在买', score: 0, parts: [] }) }))
  const { best, bestByStore, popular: heat } = loaded.model
  const local = (storeId && bestByStore[storeId]) || []
  const inStore = new Set(local)
  return [...local, ...best.filter((i) => !inStore.has(i))]
    .filter((i) => i < shelf.barred.length && !shelf.barred[i])
    .map((i) => {
      const product = goods.byNumber[i] as ProductRow
      const parts = [{ name: partNames.popularity, value: heat[i] }]
      return {
        product,
        tell: () => ({ product, reason: popularReason(loaded, i, inStore.has(i)), score: heat[i], parts }),
      }
    })
}

/** Puts the operators' choice at its places; what stood there moves on. */
const withPins = (list: readonly Chosen[], shelf: Shelf, limit: number): Chosen[] => {
  const pinned = new Set(shelf.pins.map((p) => p.product.id))
  const out = list.filter((c) => !pinned.has(c.product.id))
  for (const { product, place } of shelf.pins)
    out.splice(Math.min(place - 1, out.length), 0, { product, reason: '店长推荐', score: 0, parts: [] })
  return out.slice(0, limit)
}

/**
 * Chooses products for one member, or for a visitor (`who` null). Only memory is read, besides what `who` holds.
 * Members in the control group, newcomers and those who switched personalisation off get what sells.
 */
export const chooseProducts = async (
  db: Reader,
  serving: Serving,
  who: Shopper | null,
  { slot, limit, storeId, now }: { slot: ProductSlot; limit: number; storeId: string | null; now: number },
): Promise<ChosenList> => {
  const { loaded, decided } = serving
  const shelf = serving.shelf(slot, storeId, now)
  const drawn = who ? armOf(who.id, decided.settings.controlPercent) : 'control'
  const known = loaded && who?.entries ? unpackHistory(who.entries, who.visits ?? 0) : null
  const arm: Arm = who?.personalised !== 1 ? 'off' : !known?.item.length ? 'newcomer' : drawn
  const most = decided.settings.maxPerCategory * Math.max(1, Math.ceil(limit / 6))
  const categoryOf = (c: Candidate): string => c.product.category
  const modelVersion = loaded?.version ?? 0
  const plain = async (): Promise<Candidate[]> => popular(db, serving, shelf, { storeId, now })
  if (arm !== 'personal' || !loaded || !known) {
    const items = slot === 'again' ? [] : diversify(await plain(), categoryOf, { limit, most }).map(told)
    return { arm, modelVersion, items: withPins(items, shelf, limit) }
  }
  const scene: Scene = { serving, loaded, shelf, storeId, h: known, day: dayNumberOf(civilDay(now)) }
  const wide = limit * 5 + 20
  const taken = new Map<string, number>()
  const half = slot === 'home' ? Math.floor(limit / 2) : slot === 'again' ? limit : 0
  const bought = half ? diversify(again(scene, wide), categoryOf, { limit: half, most, taken }).map(told) : []
  const rest = limit - bought.length
  // Told before the scorer is asked again: its arrays are reused.
  const found =
    slot === 'again' ? [] : diversify(discover(scene, wide), categoryOf, { limit: rest, most, taken }).map(told)
  const list = interleave(bought, found)
  if (list.length < limit && slot !== 'again') {
    const shown = new Set(list.map((c) => c.product.id))
    const owned = new Set(Array.from(known.item, (i) => serving.goods.byNumber[i]?.id))
    const more = (await plain()).filter((c) => !shown.has(c.product.id) && !owned.has(c.product.id))
    list.push(...diversify(more, categoryOf, { limit: limit - list.length, most, taken }).map(told))
  }
  return { arm, modelVersion, items: withPins(list, shelf, limit) }
}
