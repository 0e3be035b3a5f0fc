import { bgNbdCount } from '../../../server/scores/models/bg-nbd'
import { groupHistories } from '../../../server/scores/models/history'
import { auc, meanAbsoluteError } from '../../../server/scores/models/metrics'
import { paretoNbdLogLikelihood } from '../../../server/scores/models/pareto-nbd'
import {
  choosePurchaseModel,
  expectedFuture,
  expectedNew,
  fitPurchaseModel,
  type PurchaseModel,
  probabilityAlive,
  probabilityOfPurchase,
  scoreHistories,
} from '../../../server/scores/models/purchase-model'
import { seededRandom } from '../../../server/scores/models/random'
import { cutHistories, purchasesBetween } from '../../../server/scores/models/split'
import {
  cdnowCut,
  onlineRetailCut,
  readCdnow,
  readCdnowSummary,
  readOnlineRetailPurchases,
} from '../../evaluate/shipped'
import { drawBeta, drawExponential, drawGamma, drawHistories } from './draw'

const within = (value: number, expected: number, tolerance: number): void => {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(tolerance)
}
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0)
/** The parameters of Fader and Hardie's spreadsheet, and of the Pareto/NBD in BTYD's documentation. */
const sheet: PurchaseModel = {
  kind: 'bg-nbd',
  r: 0.243,
  alpha: 4.414,
  a: 0.793,
  b: 2.426,
  logLikelihood: 0,
  members: 0,
}
const btyd: PurchaseModel = {
  kind: 'pareto-nbd',
  r: 0.5534,
  alpha: 10.5802,
  s: 0.6061,
  beta: 11.6562,
  logLikelihood: 0,
  members: 0,
}

describe('CDNOW, the tenth of the papers', () => {
  const { purchases } = readCdnow('sample')
  const { members, histories } = cutHistories(purchases, cdnowCut.cut)
  const actual = purchasesBetween(purchases, members, cdnowCut.cut, cdnowCut.cut + cdnowCut.horizon)
  const bought = actual.map((n) => Math.min(1, n))
  const summary = readCdnowSummary()
  const bg = fitPurchaseModel('bg-nbd', histories)
  const mbg = fitPurchaseModel('mbg-nbd', histories)
  const pareto = fitPurchaseModel('pareto-nbd', histories)

  test('the counts of the papers, and the papers’ own table', () => {
    expect(members.length).toBe(2357)
    expect(sum(histories.repeats)).toBe(2457)
    expect(histories.repeats.filter((x) => x > 0).length).toBe(946)
    expect(sum(actual)).toBe(1882)
    expect(sum(bought)).toBe(684)
    expect([...histories.repeats]).toEqual([...summary.repeats])
    for (let i = 0; i < members.length; i++) {
      within(histories.recency[i], summary.recency[i], 0.0051)
      within(histories.age[i], summary.age[i], 0.0051)
    }
  })
  test('BG/NBD reaches the published parameters and likelihood', () => {
    if (bg.kind !== 'bg-nbd') throw new Error('not BG/NBD')
    within(bg.r, 0.2425945, 5e-4)
    within(bg.alpha, 4.4136019, 5e-3)
    within(bg.a, 0.7929199, 3e-3)
    within(bg.b, 2.4258881, 1e-2)
    expect(bg.logLikelihood).toBeGreaterThanOrEqual(-9582.43)
    const rounded = fitPurchaseModel('bg-nbd', summary)
    if (rounded.kind !== 'bg-nbd') throw new Error('not BG/NBD')
    within(rounded.r / 0.24259291, 1, 1e-3)
    within(rounded.alpha / 4.41353, 1, 1e-3)
    within(rounded.a / 0.792886, 1, 1e-3)
    within(rounded.b / 2.425754, 1, 1e-3)
    within(rounded.logLikelihood, -9582.42556, 1e-3)
  })
  test('MBG/NBD and Pareto/NBD do too', () => {
    if (mbg.kind !== 'mbg-nbd' || pareto.kind !== 'pareto-nbd') throw new Error('another kind')
    within(mbg.r, 0.525, 1e-3)
    within(mbg.alpha, 6.183, 1e-2)
    within(mbg.a, 0.891, 2e-3)
    within(mbg.b, 1.614, 2e-3)
    within(mbg.logLikelihood, -9582.14, 0.01)
    expect(pareto.logLikelihood).toBeGreaterThanOrEqual(-9594.98)
    within(pareto.r, 0.55315, 5e-3)
    within(pareto.alpha, 10.5763, 0.05)
    within(pareto.s, 0.60625, 0.01)
    within(pareto.beta, 11.6715, 0.2)
  })
  test('expectations of a new customer are those of the published sheets', () => {
    const times = [0.1429, 1, 3, 31.8571, 32, 78]
    const expected = [0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576]
    times.forEach((t, i) => {
      within(expectedNew(bg, t), expected[i], 1e-3)
    })
    const paretoExpected = [
      0, 0.05077821, 0.09916088, 0.14542507, 0.1897993, 0.23247466, 0.27361274, 0.31335159, 0.35181024, 0.38909211,
    ]
    paretoExpected.forEach((e, t) => {
      within(expectedNew({ ...btyd, r: 0.55, alpha: 10.56, s: 0.61, beta: 11.64 }, t), e, 1e-6)
    })
  })
  test('conditional expectations and P(alive) are those of the published examples', () => {
    const first = { repeats: 2, recency: 30.43, age: 38.86 }
    const eager = { repeats: 26, recency: 30.86, age: 31 }
    within(expectedFuture(sheet, 39, first), 1.226, 1e-3)
    within(probabilityAlive(fitPurchaseModel('bg-nbd', summary), first), 0.72661, 1e-4)
    within(probabilityAlive(fitPurchaseModel('bg-nbd', summary), eager), 0.96892, 1e-4)
    within(probabilityAlive(btyd, eager), 0.9979, 1e-3)
    within(expectedFuture(btyd, 52, eager), 25.46, 0.01)
  })
  test('probabilities of counts are those of BTYD', () => {
    const p = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }
    within(bgNbdCount(p, 2, 10), 1.07869e-7, 1e-11)
    within(bgNbdCount(p, 39, 0), 0.5737864, 1e-7)
    const counts = [
      0.0019995214, 0.001517023, 0.001163315, 0.0009003148, 0.0007023638, 0.0005517902, 0.0004361913, 0.0003467171,
      0.0002769613, 0.000222226,
    ]
    counts.forEach((c, i) => {
      within(bgNbdCount(p, 30, 11 + i), c, 2e-9)
    })
    within(sum(Array.from({ length: 400 }, (_, n) => bgNbdCount(p, 30, n))), 1, 1e-6)
  })
  test('the coming 39 weeks: totals, errors, ranking', () => {
    const figures = [bg, mbg, pareto].map((model) => {
      const { expected } = scoreHistories(model, histories, 39)
      return { total: sum(expected), mae: meanAbsoluteError(expected, actual), auc: auc(expected, bought) }
    })
    const expected = [
      { total: 1653.4, mae: 0.7855, auc: 0.7725 },
      { total: 1576.7, mae: 0.7648, auc: 0.7728 },
      { total: 1665.5, mae: 0.7545, auc: 0.7787 },
    ]
    figures.forEach((f, i) => {
      within(f.total, expected[i].total, 0.2)
      within(f.mae, expected[i].mae, 1e-4)
      within(f.auc, expected[i].auc, 1e-4)
    })
    const naive = histories.repeats.map((x, i) => (x * 39) / histories.age[i])
    expect(figures[0].mae).toBeLessThan(meanAbsoluteError(naive, actual))
    expect(figures[0].auc).toBeGreaterThan(auc(naive, bought))
  })
  test('1 - P(alive) of BG/NBD is no churn score: it ranks worse than chance; the probability to buy ranks well', () => {
    const { alive, buys } = scoreHistories(bg, histories, 39)
    expect(alive.filter((_, i) => histories.repeats[i] === 0).every((p) => p === 1)).toBe(true)
    within(auc(alive, bought), 0.3158, 1e-3)
    expect(auc(buys, bought)).toBeGreaterThan(0.755)
    within(auc(scoreHistories(pareto, histories, 39).alive, bought), 0.7262, 1e-3)
    within(auc(scoreHistories(mbg, histories, 39).alive, bought), 0.6866, 1e-3)
  })
  test('a model survives JSON, and scoring many equals scoring one', () => {
    for (const model of [bg, mbg, pareto, fitPurchaseModel('nbd', histories)]) {
      const again: PurchaseModel = JSON.parse(JSON.stringify(model))
      expect(again).toEqual(model)
      const { expected, alive, buys } = scoreHistories(again, histories, 12)
      for (const i of [0, 5, 700, 2356]) {
        const m = { repeats: histories.repeats[i], recency: histories.recency[i], age: histories.age[i] }
        expect(expected[i]).toBe(expectedFuture(model, 12, m))
        expect(alive[i]).toBe(probabilityAlive(model, m))
        expect(buys[i]).toBe(probabilityOfPurchase(model, 12, m))
      }
    }
  })
  test('the whole of CDNOW', () => {
    const whole = readCdnow('master')
    const at = cutHistories(whole.purchases, cdnowCut.cut)
    const model = fitPurchaseModel('bg-nbd', at.histories)
    if (model.kind !== 'bg-nbd') throw new Error('not BG/NBD')
    expect(at.members.length).toBe(23_570)
    within(model.r, 0.25162, 1e-4)
    within(model.alpha, 4.78894, 1e-3)
    within(model.a, 0.72343, 1e-3)
    within(model.b, 2.16109, 3e-3)
    within(model.logLikelihood, -95_368.44, 0.01)
    within(sum(scoreHistories(model, at.histories, 39).expected), 16_873.7, 1)
  })
})

describe('Online Retail, where nobody seems to leave', () => {
  test('every model with dropout is found degenerate and NBD takes its place', async () => {
    const { purchases } = await readOnlineRetailPurchases()
    const { histories, members } = cutHistories(purchases, onlineRetailCut.cut)
    const { model, rejected } = choosePurchaseModel(histories)
    expect(rejected.map((r) => r.kind).sort()).toEqual(['bg-nbd', 'mbg-nbd', 'pareto-nbd'])
    if (model.kind !== 'nbd') throw new Error('NBD must be taken')
    within(model.r, 0.7224, 2e-2)
    within(model.alpha, 9.4107, 0.2)
    // What the degenerate fit itself would say must at least be finite.
    const bg = fitPurchaseModel('bg-nbd', histories)
    const { expected, buys } = scoreHistories(bg, histories, 13)
    expect(expected.every((e) => e >= 0 && e < 100)).toBe(true)
    expect(buys.every((p) => p >= 0 && p <= 1)).toBe(true)
    const actual = purchasesBetween(purchases, members, onlineRetailCut.cut, onlineRetailCut.cut + 90)
    expect(members.length).toBe(3370)
    within(
      auc(
        scoreHistories(model, histories, 90 / 7).expected,
        actual.map((n) => Math.min(1, n)),
      ),
      0.729,
      2e-3,
    )
  })
})

describe('planted parameters are found again', () => {
  const ages = (i: number): number => 30 + (i % 30)
  test('BG/NBD', () => {
    const random = seededRandom(11)
    const histories = drawHistories(
      6000,
      ages,
      (r) => {
        const rate = drawGamma(0.8, 4, r)
        const leaves = drawBeta(1.2, 3, r)
        return (now, count) => (count && r() < leaves ? Infinity : now + drawExponential(rate, r))
      },
      random,
    )
    const model = fitPurchaseModel('bg-nbd', histories)
    if (model.kind !== 'bg-nbd') throw new Error('not BG/NBD')
    within(model.r, 0.8, 0.1)
    within(model.alpha, 4, 0.6)
    within(model.a / (model.a + model.b), 1.2 / 4.2, 0.04)
  })
  test('MBG/NBD', () => {
    const histories = drawHistories(
      6000,
      ages,
      (r) => {
        const rate = drawGamma(1.1, 5, r)
        const leaves = drawBeta(1, 2.5, r)
        return (now) => (r() < leaves ? Infinity : now + drawExponential(rate, r))
      },
      seededRandom(12),
    )
    const { model } = choosePurchaseModel(histories, ['mbg-nbd'])
    if (model.kind !== 'mbg-nbd') throw new Error('not MBG/NBD')
    within(model.r, 1.1, 0.2)
    within(model.alpha, 5, 1)
    within(model.a / (model.a + model.b), 1 / 3.5, 0.05)
  })
  test('Pareto/NBD, also in another unit of time', () => {
    const histories = drawHistories(
      3000,
      ages,
      (r) => {
        const rate = drawGamma(1, 6, r)
        const end = drawExponential(drawGamma(0.9, 15, r), r)
        return (now) => {
          const at = now + drawExponential(rate, r)
          return at < end ? at : Infinity
        }
      },
      seededRandom(13),
    )
    const model = fitPurchaseModel('pareto-nbd', histories)
    if (model.kind !== 'pareto-nbd') throw new Error('not Pareto/NBD')
    within(model.r, 1, 0.2)
    within(model.alpha, 6, 1.5)
    within(model.s / model.beta, 0.9 / 15, 0.02)
    const days = fitPurchaseModel('pareto-nbd', {
      repeats: histories.repeats,
      recency: histories.recency.map((t) => t * 7),
      age: histories.age.map((t) => t * 7),
    })
    if (days.kind !== 'pareto-nbd') throw new Error('not Pareto/NBD')
    within(days.alpha / 7 / model.alpha, 1, 0.01)
    within(days.beta / 7 / model.beta, 1, 0.01)
  })
  test('what a model foretells is what happens to members drawn from it', () => {
    const random = seededRandom(14)
    const p = { r: 0.9, alpha: 5, s: 0.8, beta: 14 }
    const model: PurchaseModel = { kind: 'pareto-nbd', ...p, logLikelihood: 0, members: 0 }
    let expected = 0
    let buys = 0
    let cameTimes = 0
    let came = 0
    let alive = 0
    let livedOn = 0
    for (let i = 0; i < 40_000; i++) {
      const rate = drawGamma(p.r, p.alpha, random)
      const end = drawExponential(drawGamma(p.s, p.beta, random), random)
      let count = 0
      let last = 0
      let later = 0
      for (let at = drawExponential(rate, random); at < Math.min(end, 50); at += drawExponential(rate, random))
        if (at <= 30) {
          count++
          last = at
        } else later++
      const m = { repeats: count, recency: last, age: 30 }
      expected += expectedFuture(model, 20, m)
      buys += probabilityOfPurchase(model, 20, m)
      alive += probabilityAlive(model, m)
      cameTimes += later
      came += Math.min(1, later)
      livedOn += Number(end > 30)
    }
    within(expected / cameTimes, 1, 0.02)
    within(buys / came, 1, 0.02)
    within(alive / livedOn, 1, 0.02)
  })
  test('members who never leave have no dropout for a model to find', () => {
    const histories = drawHistories(
      2500,
      ages,
      (r) => {
        const rate = drawGamma(0.9, 5, r)
        return (now) => now + drawExponential(rate, r)
      },
      seededRandom(15),
    )
    const { model, rejected } = choosePurchaseModel(histories, ['bg-nbd', 'mbg-nbd'])
    expect(model.kind).toBe('nbd')
    expect(rejected.map((r) => r.kind)).toEqual(['bg-nbd', 'mbg-nbd'])
  })
})

describe('the likelihood of Pareto/NBD', () => {
  test('is a distribution: the chances of all histories sum to one', () => {
    // P(x = 0) within T, by the integral over the last purchase of P(x = 1, t) and so on, is checked at its simplest: x = 0 and the rest.
    const p = { r: 0.7, alpha: 3, s: 0.9, beta: 8 }
    const T = 10
    const densityOf = (x: number, t: number): number =>
      Math.exp(paretoNbdLogLikelihood(p, groupHistories({ repeats: [x], recency: [t], age: [T] })))
    // The likelihood of x purchases is per order of x - 1 earlier moments: t^(x-1) / (x-1)! of them fit before the last.
    let total = densityOf(0, 0)
    const steps = 200
    for (let x = 1, factorial = 1; x < 60; factorial *= x++)
      for (let i = 0; i < steps; i++) {
        const t = ((i + 0.5) / steps) * T
        total += ((densityOf(x, t) * t ** (x - 1)) / factorial) * (T / steps)
      }
    within(total, 1, 2e-3)
  })
  test('holds for members with hundreds of purchases and for unlike scales', () => {
    for (const p of [
      { r: 2, alpha: 0.01, s: 0.5, beta: 1000 },
      { r: 2, alpha: 1000, s: 0.5, beta: 0.01 },
      { r: 0.3, alpha: 5, s: 5, beta: 5 },
    ]) {
      const h = groupHistories({ repeats: [900, 0, 3], recency: [50, 0, 0.1], age: [51, 60, 60] })
      expect(Number.isFinite(paretoNbdLogLikelihood(p, h))).toBe(true)
      const model: PurchaseModel = { kind: 'pareto-nbd', ...p, logLikelihood: 0, members: 0 }
      const { alive, buys, expected } = scoreHistories(model, { repeats: [900, 0], recency: [50, 0], age: [51, 60] }, 1)
      for (const v of [...alive, ...buys]) expect(v >= 0 && v <= 1).toBe(true)
      for (const v of expected) expect(v >= 0).toBe(true)
    }
  })
})

describe('what cannot be fitted is refused', () => {
  const fitting = (h: { repeats: number[]; recency: number[]; age: number[] }) => (): unknown => choosePurchaseModel(h)
  test.each([
    ['nobody', { repeats: [], recency: [], age: [] }, 'no members'],
    ['no repeat purchase', { repeats: [0, 0], recency: [0, 0], age: [3, 4] }, 'second time'],
    ['no time', { repeats: [0], recency: [0], age: [0] }, 'No time'],
    ['recency beyond age', { repeats: [1], recency: [5], age: [4] }, 'no purchase history'],
    ['recency without a repeat', { repeats: [0], recency: [2], age: [4] }, 'no purchase history'],
    ['not a number', { repeats: [1], recency: [Number.NaN], age: [4] }, 'no purchase history'],
    ['columns of different lengths', { repeats: [1, 2], recency: [1], age: [4] }, 'length'],
  ])('%s', (_, h, message) => {
    expect(fitting(h)).toThrow(
      expect.objectContaining({ name: 'ModelRefusal', message: expect.stringContaining(message) }),
    )
  })
  test('a handful of members is fitted without harm', () => {
    const { model } = choosePurchaseModel({ repeats: [1, 0, 3], recency: [2, 0, 9], age: [10, 10, 10] })
    const { expected, buys } = scoreHistories(model, { repeats: [0, 5], recency: [0, 9], age: [10, 10] }, 4)
    expect([...expected, ...buys].every(Number.isFinite)).toBe(true)
  })
})
