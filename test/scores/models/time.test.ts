import { featureNames, purchaseFeatures } from '../../../server/scores/models/features'
import { fitIntervals, gapsOf, nextPurchase } from '../../../server/scores/models/next-purchase'
import { seededRandom } from '../../../server/scores/models/random'
import {
  boughtBetween,
  cutHistories,
  type DailyPurchases,
  mergeDays,
  purchasesBetween,
  stratifiedFolds,
} from '../../../server/scores/models/split'
import { drawGamma } from './draw'

const purchases = mergeDays(
  // member, day, amount: out of order, and member 0 twice on day 10
  [1, 0, 0, 0, 2, 0],
  [20, 10, 10, 40, 90, 24],
  [5, 2, 3, 7, 1, 4],
  4,
)

describe('cutting time in two', () => {
  test('one row per member and day, in order', () => {
    expect([...purchases.member]).toEqual([0, 0, 0, 1, 2])
    expect([...purchases.day]).toEqual([10, 24, 40, 20, 90])
    expect([...purchases.amount]).toEqual([5, 4, 7, 5, 1])
    expect(() => mergeDays([4], [1], [1], 4)).toThrow(expect.objectContaining({ name: 'ModelRefusal' }))
  })
  test('histories know nothing of what comes after the cut', () => {
    const at = cutHistories(purchases, 38)
    expect([...at.members]).toEqual([0, 1])
    expect([...at.histories.repeats]).toEqual([1, 0])
    expect([...at.histories.recency]).toEqual([2, 0])
    expect([...at.histories.age]).toEqual([4, 18 / 7])
    expect([...at.meanValue]).toEqual([4, 0])
    expect([...purchasesBetween(purchases, at.members, 38, 40)]).toEqual([1, 0])
    expect([...boughtBetween(purchases, [2, 0], 40, 90)]).toEqual([1, 0])
  })
  test('features do not change when the future does', () => {
    const late = { ...purchases, day: purchases.day.map((d) => (d > 38 ? d + 7 : d)) }
    const a = purchaseFeatures(purchases, 38)
    expect(purchaseFeatures(late, 38)).toEqual(a)
    expect(a.table.names).toEqual([...featureNames])
    const of = (name: (typeof featureNames)[number], row: number): number =>
      a.table.columns[featureNames.indexOf(name)][row]
    expect(of('log(1 + purchase days)', 0)).toBeCloseTo(Math.log(3), 12)
    expect(of('log(1 + days since last)', 0)).toBeCloseTo(Math.log(15), 12)
    expect(of('log(1 + days in last 30)', 0)).toBeCloseTo(Math.log(3), 12)
    expect(of('log(mean gap)', 0)).toBeCloseTo(Math.log(14), 12)
    expect(of('bought once', 1)).toBe(1)
    expect(of('spread of gaps', 1)).toBeNaN()
    // Bought on the day of the cut itself.
    const today = purchaseFeatures(purchases, 10)
    for (const column of today.table.columns) for (const v of column) expect(v).not.toBe(-Infinity)
  })
  test('folds have the base rate each', () => {
    const labels = Uint8Array.from({ length: 103 }, (_, i) => (i % 4 ? 0 : 1))
    const fold = stratifiedFolds(labels, 5, 1)
    for (let k = 0; k < 5; k++) {
      const rows = Array.from(labels).filter((_, i) => fold[i] === k)
      expect(rows.length).toBeGreaterThanOrEqual(20)
      expect(Math.abs(rows.reduce((a, b) => a + b, 0) - 26 / 5)).toBeLessThan(1)
    }
    expect(stratifiedFolds(labels, 5, 1)).toEqual(fold)
    expect(stratifiedFolds(labels, 5, 2)).not.toEqual(fold)
  })
})

describe('the next purchase', () => {
  /** Members with gamma gaps of shape 2 and rates of their own; the last gap is not ended at day 1000. */
  const draw = (members: number): { drawn: DailyPurchases; after: number[] } => {
    const random = seededRandom(31)
    const member: number[] = []
    const day: number[] = []
    const after: number[] = []
    for (let m = 0; m < members; m++) {
      const rate = drawGamma(3, 40, random)
      let at = 1000 - 100 - random() * 300
      while (at <= 1000) {
        member.push(m)
        day.push(Math.floor(at))
        at += Math.max(1, drawGamma(2, rate, random))
      }
      after.push(at - 1000)
    }
    return { drawn: mergeDays(member, day, new Float64Array(day.length).fill(1), members), after }
  }
  const { drawn, after } = draw(4000)
  const gaps = gapsOf(drawn, 1000)
  const model = fitIntervals(gaps)
  test('falls into its interval as often as the interval says', () => {
    let inside = 0
    let below = 0
    after.forEach((came, m) => {
      const { low, median, high } = nextPurchase(model, {
        count: gaps.count[m],
        sum: gaps.sum[m],
        elapsed: gaps.elapsed[m],
      })
      expect(low <= median && median <= high).toBe(true)
      if (came >= low && came <= high) inside++
      if (came < median) below++
    })
    // Gaps that had not ended by the cut are the long ones and were not learnt from, so the interval errs to the early side.
    expect(inside / after.length).toBeGreaterThan(0.74)
    expect(inside / after.length).toBeLessThan(0.84)
    expect(below / after.length).toBeGreaterThan(0.4)
    expect(below / after.length).toBeLessThan(0.55)
  })
  test('many gaps of one’s own outweigh everybody’s, few do not', () => {
    const steady = nextPurchase(model, { count: 50, sum: 50 * 7, elapsed: 0 })
    expect(steady.median).toBeGreaterThan(4)
    expect(steady.median).toBeLessThan(9)
    const once = nextPurchase(model, { count: 1, sum: 7, elapsed: 0 })
    expect(once.median).toBeGreaterThan(steady.median * 1.5)
  })
  test('whoever has waited waits on; the interval moves out', () => {
    const soon = nextPurchase(model, { count: 5, sum: 100, elapsed: 0 })
    const late = nextPurchase(model, { count: 5, sum: 100, elapsed: 200 })
    expect(late.median).toBeGreaterThan(soon.median)
    const years = nextPurchase(model, { count: 5, sum: 100, elapsed: 20_000 })
    expect([years.low, years.median, years.high].every(Number.isFinite)).toBe(true)
    expect(nextPurchase(model, { count: 0, sum: 0, elapsed: 3 }).median).toBeGreaterThan(0)
  })
  test('survives JSON; refuses where nobody came twice', () => {
    expect(JSON.parse(JSON.stringify(model))).toEqual(model)
    expect(() => fitIntervals({ count: [0, 0], sum: [0, 0], logSum: [0, 0] })).toThrow(
      expect.objectContaining({ name: 'ModelRefusal' }),
    )
  })
})
