import { assignGroups, chooseGroups, fitKMeans } from '../../../server/scores/models/kmeans'
import { seededRandom } from '../../../server/scores/models/random'
import { quantileThresholds, rfmScores, scoreByThresholds } from '../../../server/scores/models/rfm'
import { drawNormal } from './draw'

/** Rows around four points, far apart, in columns of very different size. */
const planted = [
  [0, 0, 0],
  [10, 0, 4000],
  [0, 10, -4000],
  [10, 10, 9000],
]
const drawPlanted = (rows: number, seed: number): { columns: Float64Array[]; truth: number[] } => {
  const random = seededRandom(seed)
  const truth = Array.from({ length: rows }, () => Math.floor(random() * 4))
  const columns = [0, 1, 2].map((c) =>
    Float64Array.from(truth, (g) => planted[g][c] + drawNormal(random) * (c === 2 ? 500 : 1)),
  )
  return { columns, truth }
}

describe('k-means', () => {
  const { columns, truth } = drawPlanted(6000, 4)
  const model = fitKMeans(columns, { groups: 4, seed: 3 })
  test('finds planted groups with their centres and sizes', () => {
    const group = assignGroups(model, columns)
    const byGroup = new Map<number, Set<number>>()
    for (const [i, t] of truth.entries()) byGroup.set(group[i], (byGroup.get(group[i]) ?? new Set()).add(t))
    expect([...byGroup.values()].map((s) => s.size)).toEqual([1, 1, 1, 1])
    const nearest = planted.map((p) =>
      Math.min(...model.centres.map((c) => Math.abs(c[0] - p[0]) + Math.abs(c[1] - p[1]))),
    )
    expect(Math.max(...nearest)).toBeLessThan(0.3)
    expect(model.sizes.reduce((a, b) => a + b, 0)).toBe(6000)
    const sizes = [0, 0, 0, 0]
    for (const g of group) sizes[g]++
    expect(model.sizes).toEqual(sizes)
    expect(model.inertia).toBeLessThan(0.3)
  })
  test('the same seed gives the same groups, and so does the order of groups; a model survives JSON', () => {
    expect(fitKMeans(columns, { groups: 4, seed: 3 })).toEqual(model)
    const again = JSON.parse(JSON.stringify(model))
    expect(assignGroups(again, columns)).toEqual(assignGroups(model, columns))
    for (let g = 1; g < 4; g++) expect(model.centres[g][0]).toBeGreaterThan(model.centres[g - 1][0])
  })
  test('the bounds change nothing: every row is with its nearest centre, every centre is the mean of its rows', () => {
    const noise = [5, 6, 7].map((seed) => {
      const random = seededRandom(seed)
      return Float64Array.from({ length: 3000 }, () => drawNormal(random))
    })
    const found = fitKMeans(noise, { groups: 6, seed: 1, mostIterations: 500 })
    const group = assignGroups(found, noise)
    for (let g = 0; g < 6; g++) {
      const rows = Array.from(group, (own, i) => (own === g ? i : -1)).filter((i) => i >= 0)
      expect(rows.length).toBe(found.sizes[g])
      noise.forEach((column, c) => {
        const mean = rows.reduce((sum, i) => sum + column[i], 0) / rows.length
        expect(found.centres[g][c]).toBeCloseTo(mean, 6)
      })
    }
  })
  test('the silhouette finds how many were planted', () => {
    expect(chooseGroups(columns, { from: 2, to: 7, seed: 1 }).groups).toBe(4)
  })
  test('fewer different rows than groups, constant columns, one row', () => {
    const two = fitKMeans([Float64Array.from([1, 1, 5, 5])], { groups: 4 })
    expect(two.centres).toEqual([[1], [5]])
    const flat = fitKMeans([new Float64Array(10).fill(2), Float64Array.from({ length: 10 }, (_, i) => i % 2)], {
      groups: 2,
    })
    expect(flat.sizes).toEqual([5, 5])
    expect(flat.deviations[0]).toBe(0)
    expect(fitKMeans([[7]], { groups: 3 }).centres).toEqual([[7]])
  })
  test('refuses no rows and values that are no numbers', () => {
    for (const bad of [[[]], [[1, Number.NaN]], [[1, 2], [1]]])
      expect(() => fitKMeans(bad, { groups: 2 })).toThrow(expect.objectContaining({ name: 'ModelRefusal' }))
  })
})

describe('RFM scores', () => {
  test('fifths of distinct values', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i)
    expect([...quantileThresholds(values)]).toEqual([20, 40, 60, 80])
    const counts = [0, 0, 0, 0, 0]
    for (const s of scoreByThresholds(values, quantileThresholds(values))) counts[s - 1]++
    expect(counts).toEqual([20, 20, 20, 20, 20])
  })
  test('equal values have equal scores, whole numbers or not', () => {
    const many = [1, 1, 1, 1, 1, 1, 2, 2, 3, 9]
    for (const scale of [1, 0.5]) {
      const values = many.map((v) => v * scale)
      const scores = scoreByThresholds(values, quantileThresholds(values))
      expect([...scores]).toEqual([1, 1, 1, 1, 1, 1, 4, 4, 5, 5])
    }
  })
  test('counting and sorting agree', () => {
    const random = seededRandom(9)
    const values = Array.from({ length: 5000 }, () => Math.floor(random() * random() * 900) - 100)
    expect([...quantileThresholds(values.map((v) => v + 0.25))]).toEqual(
      [...quantileThresholds(values)].map((v) => v + 0.25),
    )
  })
  test('few days since the last purchase score high; fixed cut points are taken as given', () => {
    const columns = { recencyDays: [1, 400, 30], frequency: [9, 1, 2], monetary: [500, 10, 100] }
    const own = rfmScores(columns)
    expect(own.r[0]).toBe(5)
    expect(own.r[1]).toBe(1 + Number(own.r[1] > 1))
    expect(own.f[0]).toBeGreaterThan(own.f[1])
    const fixed = rfmScores(columns, {
      thresholds: { recencyDays: [7, 30, 90, 180], frequency: [1, 2, 4, 8], monetary: [20, 50, 100, 300] },
    })
    expect([...fixed.r]).toEqual([5, 1, 4])
    expect([...fixed.f]).toEqual([5, 1, 2])
    expect([...fixed.m]).toEqual([5, 1, 3])
  })
  test('nobody has no scores', () => {
    const none = rfmScores({ recencyDays: [], frequency: [], monetary: [] })
    expect(none.r.length).toBe(0)
  })
})
