import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type ItemModel, only } from '../../server/recommendations/models/blend'
import type { ItemText } from '../../server/recommendations/models/content'
import { contentNeighbours } from '../../server/recommendations/models/content'
import { easeItems, easeNeighbours, gramOf } from '../../server/recommendations/models/ease'
import { historyOf, joinHistories } from '../../server/recommendations/models/histories'
import type { Quality } from '../../server/recommendations/models/metrics'
import { cosineNeighbours } from '../../server/recommendations/models/neighbours'
import { onScale, type Sold } from '../../server/recommendations/models/popularity'
import { backTest, chooseLambda, defaultEaseItems, type TrainingInput } from '../../server/recommendations/models/train'
import { type Case, measure, tune } from '../../server/recommendations/models/tune'
import { printTable } from '../bench/measure'
import type { Flags } from './index'
import { type Event, readEvents, readOnlineRetail } from './recommendation-files'
import { badInput, type Figure, type Report } from './report'

export const usage = `  --data <file>      member,item,timestamp[,value]: CSV or TSV, plain, .gz or .br, with or without a header
  --split <name>     temporal (default): the last days are the test; item-stratified: 25 % of each item's rows, drawn at random
  --cut <date>       first day of the test (temporal); otherwise the day after which a quarter of the rows lies
  --seeds <n>        draws to average over (item-stratified), 3 unless given
  --k <n>            length of the lists (item-stratified), 10 unless given`
export const flags = ['split', 'cut', 'seeds', 'k']

const dayMs = 86_400_000
const validationDays = 90

interface Numbered {
  items: number
  texts: (ItemText | null)[]
  /** Events of each member. */
  members: { item: number; day: number }[][]
}

/** Gives members and items numbers in the order of their first row. */
const number = (events: readonly Event[]): Numbered => {
  const items = new Map<string, number>()
  const texts: (ItemText | null)[] = []
  const members = new Map<string, { item: number; day: number }[]>()
  for (const e of events) {
    let item = items.get(e.item)
    if (item === undefined) {
      item = items.size
      items.set(e.item, item)
      texts.push(e.name ? { name: e.name, category: '' } : null)
    }
    const own = members.get(e.member)
    const bought = { item, day: Math.floor(e.at / dayMs) }
    if (own) own.push(bought)
    else members.set(e.member, [bought])
  }
  return { items: items.size, texts, members: [...members.values()] }
}

const soldOf = (members: Numbered['members']): Sold[] => {
  const sums = new Map<string, Sold>()
  for (const own of members)
    for (const { item, day } of own) {
      const key = `${item}/${day}`
      const known = sums.get(key)
      if (known) known.buyers++
      else sums.set(key, { item, day, storeId: '', buyers: 1 })
    }
  return [...sums.values()]
}

const inputOf = ({ items, texts, members }: Numbered, testFrom: number): TrainingInput => {
  const flat = members.flat()
  const start = new Int32Array(members.length + 1)
  for (const [m, own] of members.entries()) start[m + 1] = start[m] + own.length
  const day = flat.reduce((most, b) => Math.max(most, b.day), 0) + 1
  return {
    items,
    texts,
    histories: joinHistories(members.map(historyOf), items),
    lines: {
      row: Int32Array.from(members, (_, m) => m),
      start,
      item: Uint32Array.from(flat, (b) => b.item),
      day: Uint16Array.from(flat, (b) => b.day),
    },
    sold: soldOf(members),
    day,
    testDays: day - testFrom,
    validationDays,
    easeItems: defaultEaseItems,
  }
}

const civil = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)
const four = (x: number): string => x.toFixed(4)
const printScores = (
  rows: [string, Pick<Quality, 'recall' | 'cappedRecall' | 'ndcg' | 'precision' | 'hit' | 'coverage'> | null][],
): void =>
  printTable(
    ['model', 'recall@20', 'of 20 reachable', 'ndcg@20', 'precision@20', 'hit rate', 'coverage'],
    rows.flatMap(([name, s]) =>
      s
        ? [
            [
              name,
              four(s.recall),
              four(s.cappedRecall),
              four(s.ndcg),
              four(s.precision),
              s.hit.toFixed(3),
              s.coverage.toFixed(3),
            ],
          ]
        : [],
    ),
    1,
  )

/** Weights and ridge from the days before the cut, figures from the days after it. */
const temporal = (data: Numbered, testFrom: number, prefix: string, gated: boolean): Figure[] => {
  const input = inputOf(data, testFrom)
  const started = performance.now()
  const card = backTest(input)
  const { discover, all } = card
  if (!discover || !all)
    throw badInput('Too few members bought both before and after the cut; choose another day with --cut')
  console.log(
    `${data.members.length} members, ${data.items} items, EASE on ${card.easeItems}, ridge ${card.lambda} and weights from ${civil(card.validationFrom)} on, ` +
      `test from ${civil(testFrom)} to ${civil(card.testTo - 1)}, ${((performance.now() - started) / 1000).toFixed(1)} s`,
  )
  for (const [title, task] of [
    ['items new to the member', discover],
    ['repeats allowed', all],
  ] as const) {
    console.log(`\n${title}: ${task.blend.members} members`)
    printScores([
      ['blend', task.blend],
      ['EASE', task.ease],
      ['item-kNN', task.neighbours],
      ['popularity', task.popularity],
      ['own most frequent', task.frequency],
    ])
    const weights = Object.entries(task.weights).filter(([, w]) => w > 0)
    console.log(
      `weights: ${weights.map(([c, w]) => `${c} ${w.toFixed(3)}`).join(', ')}; ${task.used ? 'used' : 'lost to a baseline, not used'}`,
    )
  }
  const figure = (name: string, value: number, goal: number | null, beside: string, unit = ''): Figure => ({
    name: `${prefix}.${name}`,
    value,
    unit,
    goal: gated ? goal : null,
    beside,
  })
  return [
    figure(
      'new.recall@20',
      discover.blend.recall,
      0.086,
      `popularity ${four(discover.popularity.recall)}, EASE alone ${four(discover.ease.recall)}`,
    ),
    figure('new.recall@20.vs-popularity', discover.blend.recall / discover.popularity.recall, 2.6, '', '×'),
    figure('new.ndcg@20', discover.blend.ndcg, null, `popularity ${four(discover.popularity.ndcg)}`),
    figure(
      'all.ndcg@20',
      all.blend.ndcg,
      0.3095,
      `own most frequent ${four(all.frequency?.ndcg ?? 0)}, popularity ${four(all.popularity.ndcg)}`,
    ),
    figure(
      'all.recall@20',
      all.blend.cappedRecall,
      null,
      `own most frequent ${four(all.frequency?.cappedRecall ?? 0)}, of 20 reachable`,
    ),
    figure('all.coverage', all.blend.coverage, null, `popularity ${four(all.popularity.coverage)}`),
  ]
}

/** Park and Miller's generator: the same draw for the same seed everywhere. */
const draws = (seed: number): (() => number) => {
  let state = (seed * 7919 + 1) % 2_147_483_647
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** Draws a quarter of each item's members at random; answers what is kept and what is drawn, both by member. */
const splitByItem = (owned: readonly Set<number>[], items: number, random: () => number) => {
  const holders: number[][] = Array.from({ length: items }, () => [])
  for (const [m, own] of owned.entries()) for (const item of own) holders[item].push(m)
  const kept = owned.map(() => new Set<number>())
  const drawn = owned.map(() => new Set<number>())
  for (const [item, members] of holders.entries()) {
    for (let i = members.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1))
      ;[members[i], members[j]] = [members[j], members[i]]
    }
    const keep = Math.round(members.length * 0.75)
    for (const [place, m] of members.entries()) (place < keep ? kept : drawn)[m].add(item)
  }
  return { kept, drawn }
}

const stratifiedModel = (kept: readonly Set<number>[], { items, texts }: Numbered) => {
  const past = joinHistories(
    kept.map((own) => historyOf([...own].map((item) => ({ item, day: 0 })))),
    items,
  )
  const support = new Float64Array(items)
  for (const own of kept) for (const item of own) support[item]++
  const neighbours = cosineNeighbours(past)
  const rest = {
    items,
    neighbours,
    content: contentNeighbours(texts),
    rebuy: new Float32Array(items),
    popular: onScale(support),
  }
  const withEase = (lambda: number): ItemModel => {
    const covered = easeItems(past, defaultEaseItems)
    return { ...rest, ease: easeNeighbours(gramOf(past, covered), covered, items, lambda) }
  }
  return { past, withEase }
}
const casesOf = (kept: readonly Set<number>[], drawn: readonly Set<number>[]): Case[] =>
  kept.flatMap((own, m) =>
    drawn[m].size ? [{ history: historyOf([...own].map((item) => ({ item, day: 0 }))), taken: [...drawn[m]] }] : [],
  )

/** The protocol of recommenders-team/recommenders: 75/25 within each item, every item ranked, seen ones masked, members with test items. */
const stratified = (data: Numbered, seeds: number, k: number): Figure[] => {
  const owned = data.members.map((own) => new Set(own.map((b) => b.item)))
  const found: Record<'blend' | 'EASE' | 'item-kNN' | 'popularity', Quality[]> = {
    blend: [],
    EASE: [],
    'item-kNN': [],
    popularity: [],
  }
  for (let seed = 1; seed <= seeds; seed++) {
    const random = draws(seed)
    const outer = splitByItem(owned, data.items, random)
    // Ridge and weights come from a part of the training rows; the test rows play no part in any choice.
    const inner = splitByItem(outer.kept, data.items, random)
    const early = stratifiedModel(inner.kept, data)
    const validation = casesOf(inner.kept, inner.drawn)
    const lambda = chooseLambda(early.past, validation, 0, { lambdas: [100, 200, 300, 500, 800, 1200], items: 2000 })
    const { weights } = tune(early.withEase(lambda), validation, 'discover', 0)
    const model = stratifiedModel(outer.kept, data).withEase(lambda)
    const cases = casesOf(outer.kept, outer.drawn)
    const score = (w: Parameters<typeof only>[0]): Quality => measure(model, cases, 'discover', only(w), { day: 0, k })
    found.blend.push(score(weights))
    found.EASE.push(score({ ease: 1 }))
    found['item-kNN'].push(score({ neighbours: 1 }))
    found.popularity.push(score({ popularity: 1 }))
    console.log(
      `seed ${seed}: ridge ${lambda}, weights ${Object.entries(weights)
        .flatMap(([c, w]) => (w > 0 ? [`${c} ${w.toFixed(2)}`] : []))
        .join(', ')}`,
    )
  }
  const mean = (name: keyof typeof found, key: 'ndcg' | 'recall' | 'precision' | 'map'): number =>
    found[name].reduce((sum, q) => sum + q[key], 0) / seeds
  const names = Object.keys(found) as (keyof typeof found)[]
  printTable(
    ['model', `ndcg@${k}`, `recall@${k}`, `precision@${k}`, 'map'],
    names.map((n) => [n, ...(['ndcg', 'recall', 'precision', 'map'] as const).map((key) => four(mean(n, key)))]),
    1,
  )
  const beside = (key: 'ndcg' | 'recall' | 'precision' | 'map'): string =>
    `EASE alone ${four(mean('EASE', key))}, popularity ${four(mean('popularity', key))}`
  return [
    { name: `data.ndcg@${k}`, value: mean('blend', 'ndcg'), unit: '', goal: null, beside: beside('ndcg') },
    { name: `data.recall@${k}`, value: mean('blend', 'recall'), unit: '', goal: null, beside: beside('recall') },
    {
      name: `data.precision@${k}`,
      value: mean('blend', 'precision'),
      unit: '',
      goal: null,
      beside: beside('precision'),
    },
    { name: 'data.map', value: mean('blend', 'map'), unit: '', goal: null, beside: beside('map') },
  ]
}

/** The day before which three quarters of the rows lie. */
const quarterCut = (events: readonly Event[]): number => {
  const times = Float64Array.from(events, (e) => e.at).sort()
  return Math.ceil(times[Math.floor(times.length * 0.75)] / dayMs)
}

const cutOf = (text: string): number => {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(at)) throw badInput(`--cut must be a day such as 2011-09-10, not "${text}"`)
  return at / dayMs
}
const count = (flag: string, text: string | undefined, fallback: number, most: number): number => {
  const value = Number(text ?? fallback)
  if (!Number.isInteger(value) || value < 1 || value > most) throw badInput(`--${flag} must be 1 to ${most}`)
  return value
}

/** Recommendations: the shipped Online Retail, or any file of member, item and time. */
export const run = async (given: Flags): Promise<Report> => {
  const split = given.split ?? 'temporal'
  if (split !== 'temporal' && split !== 'item-stratified')
    throw badInput(`--split is temporal or item-stratified, not "${split}"`)
  const seeds = count('seeds', given.seeds, 3, 100)
  const k = count('k', given.k, 10, 100)
  if (given.data !== undefined && !statSync(given.data, { throwIfNoEntry: false })?.isFile())
    throw badInput(`There is no file ${given.data}`)
  const events = given.data
    ? await readEvents(given.data)
    : await readOnlineRetail(join(__dirname, '..', 'data', 'online-retail.csv.br'))
  const data = number(events)
  if (split === 'item-stratified') return { name: 'recommendations', figures: stratified(data, seeds, k), sound: true }
  const shipped = !given.data && !given.cut
  const cut = given.cut ? cutOf(given.cut) : given.data ? quarterCut(events) : cutOf('2011-09-10')
  const figures = temporal(data, cut, given.data ? 'data' : 'online-retail', shipped)
  return { name: 'recommendations', figures, sound: true }
}
