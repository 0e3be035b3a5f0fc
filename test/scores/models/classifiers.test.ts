import {
  boostingMargins,
  boostingReasons,
  featureImportance,
  fitBoosting,
} from '../../../server/scores/models/boosting'
import { calibrate, fitIsotonic, fitPlatt } from '../../../server/scores/models/calibration'
import { classifierMargins, classifierReasons, fitBlend } from '../../../server/scores/models/classifier'
import { encodeRows, learnEncoding } from '../../../server/scores/models/encode'
import { fitLogistic, logisticMargins, logisticReasons } from '../../../server/scores/models/logistic'
import { auc, baseRate, brierScore, expectedCalibrationError, logLoss } from '../../../server/scores/models/metrics'
import { seededRandom } from '../../../server/scores/models/random'
import { sigmoid } from '../../../server/scores/models/special'
import { type FeatureTable, takeRows } from '../../../server/scores/models/table'
import { drawNormal } from './draw'

/** Rows whose log-odds are a line, a bump and a product of features, with some values missing for a reason. */
const draw = (rows: number, seed: number): { table: FeatureTable; labels: Uint8Array; chance: Float64Array } => {
  const random = seededRandom(seed)
  const columns = Array.from({ length: 6 }, () => Float64Array.from({ length: rows }, () => drawNormal(random)))
  columns[4] = columns[4].map((v) => (v > 0.4 ? 1 : 0))
  const chance = new Float64Array(rows)
  const labels = new Uint8Array(rows)
  for (let i = 0; i < rows; i++) {
    const [a, b, c, d, flag] = columns.map((column) => column[i])
    const missing = random() < 0.2
    const margin = -1 + 0.9 * a + (Math.abs(b) < 0.7 ? 1.6 : -0.6) + (c > 0 && flag ? 1.2 : 0) + (missing ? 1 : 0.3 * d)
    chance[i] = sigmoid(margin)
    labels[i] = random() < chance[i] ? 1 : 0
    if (missing) columns[3][i] = Number.NaN
  }
  return { table: { names: ['line', 'bump', 'half', 'holes', 'flag', 'noise'], rows, columns }, labels, chance }
}
const past = draw(6000, 1)
const future = draw(4000, 2)
const trees = fitBoosting(past.table, past.labels)
const line = fitLogistic(past.table, past.labels)
const refusal = (message: string) =>
  expect.objectContaining({ name: 'ModelRefusal', message: expect.stringContaining(message) })

describe('boosted trees', () => {
  const p = boostingMargins(trees, future.table).map(sigmoid)
  test('beat the base rate and the line, come near the truth, and say chances that come true', () => {
    const base = baseRate(future.labels)
    expect(brierScore(p, future.labels)).toBeLessThan(base * (1 - base) * 0.85)
    expect(auc(p, future.labels)).toBeGreaterThan(auc(logisticMargins(line, future.table), future.labels) + 0.02)
    expect(auc(p, future.labels)).toBeGreaterThan(auc(future.chance, future.labels) - 0.02)
    expect(logLoss(p, future.labels)).toBeLessThan(logLoss(future.chance, future.labels) + 0.02)
    expect(expectedCalibrationError(p, future.labels)).toBeLessThan(0.03)
  })
  test('reasons and baseline sum to the margin; noise gives few of them', () => {
    const margins = boostingMargins(trees, future.table)
    for (const row of [0, 1, 17, 3999]) {
      const { baseline, contributions } = boostingReasons(trees, future.table, row)
      const sum = contributions.reduce((a, b) => a + b, baseline)
      expect(sum).toBeCloseTo(margins[row], 9)
    }
    const importance = featureImportance(trees)
    expect(importance.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    expect(importance[5]).toBeLessThan(0.05)
    expect(Math.max(...importance)).toBe(Math.max(importance[0], importance[1]))
  })
  test('the same seed gives the same model, another seed another one; a model survives JSON', () => {
    const small = takeRows(
      past.table,
      Int32Array.from({ length: 800 }, (_, i) => i),
    )
    const labels = past.labels.slice(0, 800)
    const once = fitBoosting(small, labels, { trees: 30, seed: 7 })
    expect(fitBoosting(small, labels, { trees: 30, seed: 7 })).toEqual(once)
    expect(fitBoosting(small, labels, { trees: 30, seed: 8 })).not.toEqual(once)
    const again = JSON.parse(JSON.stringify(once))
    expect(again).toEqual(once)
    expect(boostingMargins(again, future.table)).toEqual(boostingMargins(once, future.table))
  })
  test('stop where more trees would only learn by heart', () => {
    const noise = {
      ...past.table,
      rows: 1000,
      columns: past.table.columns.slice(5).map((c) => c.slice(0, 1000)),
      names: ['noise'],
    }
    const found = fitBoosting(noise, past.labels.slice(0, 1000))
    expect(found.trees.length).toBeLessThan(40)
  })
  test('keep a leaf to its least rows, and give a constant feature no say', () => {
    const n = 200
    const table = {
      names: ['constant', 'order'],
      rows: n,
      columns: [new Float64Array(n).fill(3), Float64Array.from({ length: n }, (_, i) => i)],
    }
    const labels = Uint8Array.from({ length: n }, (_, i) => (i < 5 || i > 150 ? 1 : 0))
    const model = fitBoosting(table, labels, { trees: 5, leastRows: 30, rowShare: 1, validationParts: 0 })
    expect(featureImportance(model)[0]).toBe(0)
    for (const tree of model.trees)
      for (const [node, feature] of tree.feature.entries())
        if (feature >= 0) expect(tree.threshold[node] > 28 && tree.threshold[node] < 170).toBe(true)
  })
  test('send values never seen, and missing ones, somewhere', () => {
    const odd = {
      ...past.table,
      rows: 3,
      columns: past.table.columns.map(() => Float64Array.from([1e300, -1e300, Number.NaN])),
    }
    expect(boostingMargins(trees, odd).every(Number.isFinite)).toBe(true)
  })
})

describe('logistic regression', () => {
  test('finds planted weights and the intercept', () => {
    const random = seededRandom(3)
    const rows = 20_000
    const columns = [0, 1].map(() => Float64Array.from({ length: rows }, () => drawNormal(random) * 4 + 10))
    const labels = Uint8Array.from({ length: rows }, (_, i) =>
      random() < sigmoid(0.5 * (columns[0][i] - 10) - 0.25 * (columns[1][i] - 10) - 1) ? 1 : 0,
    )
    const model = fitLogistic({ names: ['a', 'b'], rows, columns }, labels, { ridge: 1e-6 })
    expect(model.weights[0] / model.deviations[0]).toBeCloseTo(0.5, 1)
    expect(model.weights[1] / model.deviations[1]).toBeCloseTo(-0.25, 1)
    // At the maximum the mean prediction is the base rate exactly.
    const p = logisticMargins(model, { names: ['a', 'b'], rows, columns }).map(sigmoid)
    expect(p.reduce((x, y) => x + y, 0) / rows).toBeCloseTo(baseRate(labels), 6)
  })
  test('reasons and intercept sum to the margin; missing values move nothing', () => {
    const margins = logisticMargins(line, future.table)
    for (const row of [0, 5, 99]) {
      const reasons = logisticReasons(line, future.table, row)
      expect(reasons.reduce((a, b) => a + b, line.intercept)).toBeCloseTo(margins[row], 12)
      if (Number.isNaN(future.table.columns[3][row])) expect(reasons[3]).toBe(0)
    }
    expect(JSON.parse(JSON.stringify(line))).toEqual(line)
  })
  test('stays finite with repeated, constant and perfectly telling features', () => {
    const n = 100
    const order = Float64Array.from({ length: n }, (_, i) => i)
    const table = { names: ['a', 'a again', 'constant'], rows: n, columns: [order, order, new Float64Array(n).fill(1)] }
    const labels = Uint8Array.from({ length: n }, (_, i) => (i < 50 ? 0 : 1))
    const model = fitLogistic(table, labels)
    expect(model.weights.every(Number.isFinite)).toBe(true)
    expect(model.weights[0]).toBeCloseTo(model.weights[1], 6)
    expect(model.weights[2]).toBe(0)
    expect(auc(logisticMargins(model, table), labels)).toBe(1)
  })
})

describe('trees and a line together', () => {
  test('margins are the mean, reasons sum to them, the model survives JSON', () => {
    const both = fitBlend(past.table, past.labels)
    const again = JSON.parse(JSON.stringify(both))
    expect(again).toEqual(both)
    const margins = classifierMargins(again, future.table)
    const parts = [boostingMargins(trees, future.table), logisticMargins(line, future.table)]
    for (const model of [both, trees, line])
      for (const row of [3, 30]) {
        const { baseline, contributions } = classifierReasons(model, future.table, row)
        const sum = contributions.reduce((a, b) => a + b, baseline)
        expect(sum).toBeCloseTo(classifierMargins(model, future.table)[row], 9)
      }
    expect(margins[7]).toBeCloseTo((parts[0][7] + parts[1][7]) / 2, 12)
  })
})

describe('what cannot be learnt is refused by both', () => {
  const table = (columns: number[][]): FeatureTable => ({
    names: columns.map((_, f) => `f${f}`),
    rows: columns[0]?.length ?? 0,
    columns: columns.map((c) => Float64Array.from(c)),
  })
  test.each<[string, FeatureTable, number[], string]>([
    ['no rows', table([[]]), [], 'no rows'],
    ['one class only', table([[1, 2, 3]]), [1, 1, 1], 'nothing to tell apart'],
    ['the other class only', table([[1, 2, 3]]), [0, 0, 0], 'nothing to tell apart'],
    ['too few labels', table([[1, 2, 3]]), [0, 1], 'labels'],
    ['labels that are none', table([[1, 2, 3]]), [0, 1, 2], 'not 0 or 1'],
    ['an infinite feature', table([[1, Infinity, 3]]), [0, 1, 0], 'infinite'],
    ['no features', { names: [], rows: 2, columns: [] }, [0, 1], 'no features'],
  ])('%s', (_, t, labels, message) => {
    expect(() => fitLogistic(t, Uint8Array.from(labels))).toThrow(refusal(message))
    expect(() => fitBoosting(t, Uint8Array.from(labels))).toThrow(refusal(message))
  })
  test('a constant feature is no refusal: everybody gets the base rate', () => {
    const constant = table([Array.from({ length: 60 }, () => 5)])
    const labels = Uint8Array.from({ length: 60 }, (_, i) => (i % 3 ? 0 : 1))
    for (const margins of [
      boostingMargins(fitBoosting(constant, labels), constant),
      logisticMargins(fitLogistic(constant, labels), constant),
    ])
      for (const m of margins) expect(sigmoid(m)).toBeCloseTo(1 / 3, 6)
  })
})

describe('calibration', () => {
  // Margins twice too sure and shifted.
  const margins = future.chance.map((p) => 2 * Math.log(p / (1 - p)) + 1)
  test('Platt’s curve and the isotonic steps mend what is too sure', () => {
    const raw = margins.map(sigmoid)
    const before = expectedCalibrationError(raw, future.labels)
    const platt = fitPlatt(margins, future.labels)
    expect(platt.slope).toBeCloseTo(0.5, 1)
    expect(platt.offset).toBeCloseTo(-0.5, 0)
    const isotonic = fitIsotonic(margins, future.labels)
    for (const model of [platt, isotonic]) {
      const again = JSON.parse(JSON.stringify(model))
      const p = calibrate(again, margins)
      expect(p).toEqual(calibrate(model, margins))
      expect(expectedCalibrationError(p, future.labels)).toBeLessThan(before / 3)
      expect(brierScore(p, future.labels)).toBeLessThan(brierScore(raw, future.labels))
    }
    const steps = calibrate(isotonic, [-99, -1, 0, 0.5, 2, 99])
    for (let i = 1; i < steps.length; i++) expect(steps[i]).toBeGreaterThanOrEqual(steps[i - 1])
  })
  test('pooling by hand: violators share a step, equal scores share a chance', () => {
    const { scores, probabilities } = fitIsotonic([1, 2, 3, 4, 4, 5], [0, 1, 0, 1, 0, 1])
    expect(probabilities).toEqual([0, 0.5, 1])
    expect(scores).toEqual([1, 3.25, 5])
    expect(() => fitIsotonic([], [])).toThrow(refusal('no rows'))
    expect(() => fitPlatt([1, 2], [1, 1])).toThrow(refusal('both classes'))
  })
})

describe('columns of text', () => {
  const names = ['id', 'kind', 'age', 'same', 'yes']
  const rows = Array.from({ length: 80 }, (_, i) => [
    `m${i}`,
    ['a', 'b', 'c'][i % 3],
    i % 9 ? String(i) : '',
    'x',
    i % 2 ? 'yes' : 'no',
  ])
  const { encoding, leftOut } = learnEncoding(names, rows)
  test('become numbers, flags, or are left out with a reason', () => {
    expect(leftOut.map((l) => l.name)).toEqual(['id', 'same'])
    const table = encodeRows(JSON.parse(JSON.stringify(encoding)), names, rows)
    expect(table.names).toEqual(['kind=a', 'kind=b', 'kind=c', 'age', 'yes=yes'])
    expect(Number.isNaN(table.columns[3][9])).toBe(true)
    expect(table.columns[3][10]).toBe(10)
    expect([...table.columns[4].slice(0, 2)]).toEqual([0, 1])
  })
  test('a value never seen has no flag', () => {
    const table = encodeRows(encoding, names, [['m', 'z', '3', 'x', 'perhaps']])
    expect(table.columns.map((c) => c[0])).toEqual([0, 0, 0, 3, 0])
  })
})
