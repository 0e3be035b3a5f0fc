import { expectedValue, fitGammaGamma } from '../../../server/scores/models/gamma-gamma'
import { lifetimeValue, scoreLifetimeValues, yearOfWeeks } from '../../../server/scores/models/lifetime-value'
import { expectedFuture, fitPurchaseModel } from '../../../server/scores/models/purchase-model'
import { seededRandom } from '../../../server/scores/models/random'
import { readCdnowSummary } from '../../evaluate/shipped'
import { drawGamma } from './draw'

const summary = readCdnowSummary()
const values = fitGammaGamma(summary.repeats, summary.meanValue)
const purchases = fitPurchaseModel('bg-nbd', summary)
const first = Array.from({ length: 10 }, (_, i) => ({
  repeats: summary.repeats[i],
  recency: summary.recency[i],
  age: summary.age[i],
  meanValue: summary.meanValue[i],
}))

describe('Gamma-Gamma on the 946 returning customers of CDNOW', () => {
  test('reaches the published parameters and likelihood', () => {
    expect(values.members).toBe(946)
    expect(values.leftOut).toBe(1411)
    expect(Math.abs(values.logLikelihood + 4055.92)).toBeLessThanOrEqual(0.01)
    expect(Math.abs(values.p - 6.25)).toBeLessThanOrEqual(0.01)
    expect(Math.abs(values.q - 3.74)).toBeLessThanOrEqual(0.01)
    expect(Math.abs(values.v - 15.44)).toBeLessThanOrEqual(0.01)
  })
  test('expected values of the first ten customers', () => {
    const own = [24.6586, 18.9115, 35.171, 35.171, 35.171, 71.4629, 18.9115, 35.171, 27.2824, 35.171]
    first.forEach((m, i) => {
      expect(Math.abs(expectedValue(values, m.repeats, m.meanValue) - own[i])).toBeLessThanOrEqual(0.01)
    })
  })
  test('lifetime values of the first ten, with the published discretisation (months of thirty units)', () => {
    const published = [140.096, 18.943, 38.181, 38.181, 38.181, 1003.868, 28.11, 38.181, 167.418, 38.181]
    const thirty = { months: 12, monthlyDiscount: 0.01, unitsPerMonth: 30 }
    first.forEach((m, i) => {
      expect(Math.abs(lifetimeValue(purchases, values, m, thirty) / published[i] - 1)).toBeLessThanOrEqual(0.005)
    })
  })
  test('frequency and value hardly go together, which the model assumes', () => {
    const rows = Array.from(summary.repeats, (_, i) => i).filter((i) => summary.repeats[i] > 0)
    const mean = (of: (i: number) => number): number => rows.reduce((sum, i) => sum + of(i), 0) / rows.length
    const [mx, mz] = [mean((i) => summary.repeats[i]), mean((i) => summary.meanValue[i])]
    const covariance = mean((i) => (summary.repeats[i] - mx) * (summary.meanValue[i] - mz))
    const spread = (of: Float64Array, m: number): number => Math.sqrt(mean((i) => (of[i] - m) ** 2))
    const correlation = covariance / spread(summary.repeats, mx) / spread(summary.meanValue, mz)
    expect(Math.abs(correlation - 0.113884)).toBeLessThan(1e-5)
  })
  test('without discount the value is purchases times value; scoring many equals scoring one', () => {
    const m = first[0]
    const plain = lifetimeValue(purchases, values, m, { ...yearOfWeeks, monthlyDiscount: 0 })
    const expected = expectedFuture(purchases, (365.25 / 7) * 1, m) * expectedValue(values, m.repeats, m.meanValue)
    expect(plain).toBeCloseTo(expected, 9)
    expect(lifetimeValue(purchases, values, m)).toBeLessThan(plain)
    const scores = scoreLifetimeValues(purchases, values, summary, summary.meanValue)
    first.forEach((one, i) => {
      expect(scores[i]).toBe(lifetimeValue(purchases, values, one))
    })
  })
})

describe('Gamma-Gamma elsewhere', () => {
  test('finds planted parameters in any unit of money and leaves out what is not positive', () => {
    const random = seededRandom(21)
    const x: number[] = [0, 3, 2]
    const z: number[] = [0, 0, -5]
    for (let i = 0; i < 4000; i++) {
      const rate = drawGamma(4, 2000, random)
      const count = 1 + Math.floor(random() * 8)
      x.push(count)
      z.push(drawGamma(5 * count, rate * count, random))
    }
    const model = fitGammaGamma(x, z)
    expect(model.leftOut).toBe(3)
    expect(Math.abs(model.p / 5 - 1)).toBeLessThan(0.1)
    expect(Math.abs(model.q / 4 - 1)).toBeLessThan(0.1)
    expect(Math.abs(model.v / 2000 - 1)).toBeLessThan(0.15)
    expect(JSON.parse(JSON.stringify(model))).toEqual(model)
    const mean = expectedValue(model, 0, 0)
    expect(expectedValue(model, 1, mean * 3)).toBeLessThan(expectedValue(model, 20, mean * 3))
  })
  test('refuses where nobody has a value', () => {
    expect(() => fitGammaGamma([0, 0], [0, 0])).toThrow(expect.objectContaining({ name: 'ModelRefusal' }))
    expect(() => fitGammaGamma([], [])).toThrow(expect.objectContaining({ name: 'ModelRefusal' }))
  })
})
