import { because, bestItems, createScorer, type ItemModel, only } from '../../server/recommendations/models/blend'
import { packHistory, packModel, unpackHistory, unpackModel } from '../../server/recommendations/models/codec'
import { contentNeighbours, termsOf } from '../../server/recommendations/models/content'
import { easeNeighbours, gramOf } from '../../server/recommendations/models/ease'
import { historyOf, joinHistories, rebuyShares } from '../../server/recommendations/models/histories'
import { invertPositiveDefinite } from '../../server/recommendations/models/matrix'
import { qualityOf, worthOf } from '../../server/recommendations/models/metrics'
import {
  cosineNeighbours,
  countPairs,
  noNeighbours,
  type PairCounts,
  pairedItems,
  pairKey,
  pairOf,
  withLists,
} from '../../server/recommendations/models/neighbours'
import { bestOf, freshPopularity, onScale } from '../../server/recommendations/models/popularity'
import { backTest, type TrainingInput, train } from '../../server/recommendations/models/train'

const draw = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
const bought = (...items: number[]) => historyOf(items.map((item) => ({ item, day: 100 })))

describe('the inverse', () => {
  test.each([1, 2, 63, 64, 65, 200])('of a positive definite matrix of %i rows', (n) => {
    const random = draw(n)
    const a = new Float64Array(n * n)
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) a[i * n + j] = a[j * n + i] = i === j ? n + random() : random() - 0.5
    const p = invertPositiveDefinite(a.slice(), n)
    let worst = 0
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0
        for (let k = 0; k < n; k++) sum += a[i * n + k] * p[k * n + j]
        worst = Math.max(worst, Math.abs(sum - (i === j ? 1 : 0)))
      }
    expect(worst).toBeLessThan(1e-12)
  })
  test('refuses a matrix that is not', () => {
    expect(() => invertPositiveDefinite(Float64Array.from([1, 2, 2, 1]), 2)).toThrow(/positive definite/)
  })
})

test('EASE has the closed form of the paper: B = I − P · diag(1 / P)', () => {
  const all = joinHistories([bought(0, 1), bought(0, 1), bought(1, 2), bought(0)], 3)
  const items = Uint32Array.from([0, 1, 2])
  const gram = gramOf(all, items)
  expect([...gram]).toEqual([3, 2, 0, 2, 3, 1, 0, 1, 1])
  const p = invertPositiveDefinite(Float64Array.from([4, 2, 0, 2, 4, 1, 0, 1, 2]), 3)
  const lists = easeNeighbours(gram, items, 3, 1)
  for (let i = 0; i < 3; i++)
    for (let x = lists.start[i]; x < lists.start[i + 1]; x++) {
      const j = lists.item[x]
      expect(j).not.toBe(i)
      expect(lists.weight[x]).toBeCloseTo(-p[i * 3 + j] / p[j * 3 + j], 6)
    }
  expect(lists.item).toHaveLength(6)
})

describe('item-kNN', () => {
  test('counts moved one by one are the counts of a rebuild, whatever came in between', () => {
    const random = draw(5)
    const counts: PairCounts = { single: new Map(), pair: new Map() }
    const present = new Map<number, number[]>()
    for (let step = 0; step < 400; step++) {
      const member = Math.floor(random() * 20)
      const items = [...new Set(Array.from({ length: Math.floor(random() * 8) }, () => Math.floor(random() * 15)))]
      countPairs(counts, present.get(member) ?? [], -1)
      countPairs(counts, items, 1)
      present.set(member, items)
    }
    const again: PairCounts = { single: new Map(), pair: new Map() }
    for (const items of present.values()) countPairs(again, items, 1)
    const kept = (m: Map<number, number>) => [...m].filter(([, n]) => n !== 0).sort(([a], [b]) => a - b)
    expect(kept(counts.pair)).toEqual(kept(again.pair))
    expect(kept(counts.single)).toEqual(kept(again.single))
  })
  test('is the cosine with shrinkage', () => {
    const { start, item, weight } = cosineNeighbours(joinHistories([bought(0, 1), bought(0, 1), bought(0, 2)], 3))
    expect([...item.subarray(start[0], start[1])]).toEqual([1, 2])
    expect(weight[start[0]]).toBeCloseTo(2 / (Math.sqrt(6) + 5), 6)
  })
  test('only the latest of a long history count, equally late ones by number', () => {
    const h = historyOf(Array.from({ length: 60 }, (_, i) => ({ item: i, day: i < 30 ? 200 : 100 })))
    expect(pairedItems(h)).toEqual(Array.from({ length: 40 }, (_, i) => i))
  })
  test('a pair is one number and back', () => {
    for (const pair of [
      [0, 1],
      [7, 4_000_000],
      [123_456, 123_457],
    ] as [number, number][])
      expect(pairOf(pairKey(pair[1], pair[0]))).toEqual(pair)
  })
  test('lists of changed items replace the old ones, new items get room', () => {
    const known = cosineNeighbours(joinHistories([bought(0, 1), bought(1, 2)], 3))
    const next = withLists(known, 5, new Map([[0, [{ item: 4, weight: 0.5 }]]]))
    const of = (i: number) => [...next.item.subarray(next.start[i], next.start[i + 1])]
    expect([of(0), of(1), of(4)]).toEqual([[4], [0, 2], []])
  })
})

describe('content', () => {
  const items = [
    { name: '红色复古圆点购物袋', category: '收纳' },
    { name: '蓝色复古圆点购物袋', category: '收纳' },
    { name: '手冲咖啡壶', category: '餐厨' },
    { name: 'RED RETROSPOT CANDLE', category: 'x' },
    { name: 'blue retrospot candles', category: 'x' },
    { name: '', category: '' },
    null,
  ]
  const { start, item } = contentNeighbours(items)
  const first = (i: number): number | undefined => (start[i + 1] > start[i] ? item[start[i]] : undefined)
  test('finds like by like in Chinese and English, and nothing for nothing', () => {
    expect([first(0), first(1), first(3), first(4), first(6)]).toEqual([1, 0, 4, 3, undefined])
  })
  test('terms are characters and their pairs, words and their threes, category and attributes', () => {
    expect(termsOf({ name: '茶壶 Tea', category: '茶具', attributes: ['陶'] })).toEqual([
      '类:茶具',
      '性:陶',
      '茶',
      '茶壶',
      '壶',
      'tea',
      'tea',
    ])
  })
})

describe('histories', () => {
  test('a day counts once; what is packed comes back', () => {
    const h = historyOf([
      { item: 9, day: 20_000 },
      { item: 9, day: 20_000 },
      { item: 9, day: 20_021 },
      { item: 3, day: 20_021 },
    ])
    expect(h).toEqual({ item: [3, 9], times: [1, 2], firstDay: [20_021, 20_000], lastDay: [20_021, 20_021], visits: 2 })
    const back = unpackHistory(packHistory(h), h.visits)
    expect({
      item: [...Array.from(back.item)],
      times: [...Array.from(back.times)],
      firstDay: [...Array.from(back.firstDay)],
      lastDay: [...Array.from(back.lastDay)],
      visits: back.visits,
    }).toEqual(h)
  })
  test('who bought again is drawn towards the mean of all where few bought', () => {
    const twice = historyOf([
      { item: 0, day: 1 },
      { item: 0, day: 2 },
      { item: 1, day: 1 },
    ])
    const shares = rebuyShares(joinHistories([twice], 2))
    // Mean 1/2; (1 + 5 · ½) / 6 and (0 + 5 · ½) / 6.
    expect([shares[0], shares[1]].map((x) => Math.round(x * 1e4))).toEqual([5833, 4167])
  })
})

test('popularity halves in thirty days, forgets after its window, and knows its store', () => {
  const sold = [
    { item: 0, day: 70, storeId: 'a', buyers: 4 },
    { item: 1, day: 99, storeId: 'b', buyers: 1 },
    { item: 2, day: 100, storeId: 'a', buyers: 50 },
  ]
  const all = freshPopularity(sold, 3, 100)
  expect([...all].map((x) => Math.round(x * 1000))).toEqual([2000, 977, 0])
  expect([...freshPopularity(sold, 3, 100, 'b')].map((x) => x > 0)).toEqual([false, true, false])
  expect(bestOf(all)).toEqual([0, 1])
  expect(onScale(all)[0]).toBe(1)
})

describe('measures', () => {
  test('of one list, by hand', () => {
    const w = worthOf([5, 1, 7, 2], new Set([1, 2, 9]), 4)
    const dcg = 1 / Math.log2(3) + 1 / Math.log2(5)
    const ideal = 1 + 1 / Math.log2(3) + 1 / Math.log2(4)
    expect(w).toEqual({
      recall: 2 / 3,
      cappedRecall: 2 / 3,
      precision: 0.5,
      ndcg: dcg / ideal,
      map: (1 / 2 + 2 / 4) / 3,
      hit: 1,
    })
    expect(worthOf([1], new Set([1, 2, 3]), 2).cappedRecall).toBe(0.5)
  })
  test('of many: means, and the share of goods shown', () => {
    const q = qualityOf(10, 2)
    q.add([1, 2], new Set([1]))
    q.add([2, 3], new Set([9]))
    expect(q.mean()).toMatchObject({ members: 2, recall: 0.5, hit: 0.5, coverage: 0.3 })
  })
})

test('the best items come first, equal ones by number, barred ones not at all', () => {
  const scores = Float32Array.from([1, 5, 5, 2, 9, 0])
  expect(bestItems(scores, 3)).toEqual([4, 1, 2])
  expect(bestItems(scores, 3, Uint8Array.from([0, 0, 0, 0, 1, 0]))).toEqual([1, 2, 3])
  expect(bestItems(Float32Array.from([3]), 5)).toEqual([0])
})

test('the best of many are those a sort finds, whatever the scores look like', () => {
  const random = draw(8)
  const n = 3000
  const shapes: Record<string, () => number> = {
    'spread out': random,
    'mostly nothing': () => (random() < 0.01 ? random() : 0),
    'many alike': () => Math.floor(random() * 5),
    'below zero too': () => random() - 0.5,
    'all the same': () => 1,
  }
  for (const [shape, score] of Object.entries(shapes))
    for (const share of [0, 0.3, 0.99])
      for (const k of [1, 50, 400]) {
        const scores = Float32Array.from({ length: n }, score)
        const barred = Uint8Array.from({ length: n }, () => (random() < share ? 1 : 0))
        const sorted = Array.from(scores.keys())
          .filter((i) => !barred[i])
          .sort((a, b) => scores[b] - scores[a] || a - b)
        expect([shape, share, bestItems(scores, k, barred)]).toEqual([shape, share, sorted.slice(0, k)])
      }
  // The sampled ones are the good ones: the guess is too high and has to be taken back.
  const tricky = Float32Array.from({ length: n }, (_, i) => (i % 8 === 0 ? 100 + i : random()))
  expect(bestItems(tricky, 390)).toEqual(
    Array.from(tricky.keys())
      .sort((a, b) => tricky[b] - tricky[a] || a - b)
      .slice(0, 390),
  )
})

/** Two circles of items 0–9 and 10–19; members buy within theirs, item 20 is bought again every week, item 21 sells most. */
const planted = (seed: number, members = 120): TrainingInput => {
  const random = draw(seed)
  const day = 1000
  const lists = Array.from({ length: members }, (_, m) => {
    const own: { item: number; day: number }[] = []
    const circle = m % 2 ? 10 : 0
    for (let d = day - 200; d < day; d += 3 + Math.floor(random() * 6))
      own.push({ item: circle + Math.floor(random() * 10), day: d })
    if (m % 3 === 0) for (let d = day - 199 + (m % 7); d < day; d += 7) own.push({ item: 20, day: d })
    own.push({ item: 21, day: day - 1 - Math.floor(random() * 100) })
    return own.sort((a, b) => a.day - b.day)
  })
  const flat = lists.flat()
  const start = new Int32Array(members + 1)
  for (const [m, own] of lists.entries()) start[m + 1] = start[m] + own.length
  return {
    items: 22,
    texts: Array.from({ length: 22 }, () => null),
    histories: joinHistories(lists.map(historyOf), 22),
    lines: {
      row: Int32Array.from(lists, (_, m) => m),
      start,
      item: Uint32Array.from(flat, (b) => b.item),
      day: Uint16Array.from(flat, (b) => b.day),
    },
    sold: flat.map(({ item, day: on }) => ({ item, day: on, storeId: 's', buyers: 1 })),
    day,
    testDays: 40,
    validationDays: 40,
    easeItems: 22,
  }
}

describe('training', () => {
  const input = planted(3)
  const trained = train(input)

  test('finds what was planted: new items of the own circle, and what is bought every week', () => {
    const { discover, all } = trained.card
    expect(discover?.used).toBe(true)
    expect(all?.used).toBe(true)
    expect(discover?.blend.ndcg).toBeGreaterThan(1.15 * (discover?.popularity.ndcg ?? 1))
    expect(all?.blend.ndcg).toBeGreaterThan(all?.frequency?.ndcg ?? 1)
    const scorer = createScorer(trained.model)
    const h = historyOf([0, 1, 2, 3].map((item) => ({ item, day: 990 })))
    const barred = Uint8Array.from({ length: 22 }, (_, i) => (i < 4 ? 1 : 0))
    const found = bestItems(scorer.total(h, 1000, trained.weights.discover), 5, barred)
    expect(found.filter((i) => i < 10).length).toBeGreaterThanOrEqual(4)
    expect(because(trained.model, h, found[0], trained.weights.discover)?.item).toBeLessThan(4)
  })
  test('is the same every time', () => {
    const again = train(planted(3))
    expect(again.card).toEqual(trained.card)
    expect([...again.model.ease.weight]).toEqual([...trained.model.ease.weight])
  })
  test('the test days play no part in any choice', () => {
    const changed = planted(3)
    // Other purchases in the test days: every choice must stay.
    for (let e = 0; e < changed.lines.day.length; e++)
      if (changed.lines.day[e] >= 960) changed.lines.item[e] = (changed.lines.item[e] + 7) % 20
    const card = backTest(changed)
    expect(card.lambda).toBe(trained.card.lambda)
    expect(card.discover?.weights).toEqual(trained.card.discover?.weights)
    expect(card.all?.weights).toEqual(trained.card.all?.weights)
    expect(card.all?.blend).not.toEqual(trained.card.all?.blend)
  })
  test('a blend that loses to a baseline is not used', () => {
    const noise = planted(9)
    const random = draw(77)
    // In the test days everybody buys what sells most and nothing else.
    for (let e = 0; e < noise.lines.day.length; e++)
      if (noise.lines.day[e] >= 960) noise.lines.item[e] = random() < 0.97 ? 21 : 20
    const { card, weights } = train(noise)
    expect(card.all?.used).toBe(false)
    expect(weights.all).toEqual(only({ frequency: 1, popularity: 0.01 }))
  })
  test('too few members: no card, plain weights, still a model', () => {
    const { card, weights, model } = train(planted(4, 10))
    expect([card.discover, card.all]).toEqual([null, null])
    expect(weights.discover).toEqual(only({ popularity: 1 }))
    expect(model.items).toBe(22)
  })
  test('a packed model is the model', async () => {
    const served = {
      ...trained.model,
      weights: trained.weights,
      day: 1000,
      firstSold: new Uint16Array(22).fill(800),
      best: [21, 20],
      bestByStore: { s: [21] },
    }
    expect(await unpackModel(packModel(served))).toEqual(served)
  })
})

test('a history with items the model does not know is no harm', () => {
  const model: ItemModel = {
    items: 3,
    ease: noNeighbours(3),
    neighbours: cosineNeighbours(joinHistories([bought(0, 1)], 3)),
    content: noNeighbours(3),
    rebuy: new Float32Array(3),
    popular: new Float32Array(3),
  }
  const total = createScorer(model).total(bought(0, 99), 100, only({ neighbours: 1, frequency: 1 }))
  expect([...total].map((x) => x > 0)).toEqual([true, true, false])
})
