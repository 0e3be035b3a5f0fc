import {
  auc,
  averagePrecision,
  brierScore,
  calibrationCurve,
  expectedCalibrationError,
  liftByDecile,
  logLoss,
  meanAbsoluteError,
  precisionRecallCurve,
} from '../../../server/scores/models/metrics'
import { seededRandom } from '../../../server/scores/models/random'

describe('measures of classifiers', () => {
  test('AUC by hand, with ties, and against counting all pairs', () => {
    expect(auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75)
    expect(auc([1, 1, 1], [0, 1, 0])).toBe(0.5)
    expect(auc([3, 2, 1], [1, 0, 0])).toBe(1)
    const random = seededRandom(1)
    const scores = Array.from({ length: 300 }, () => Math.floor(random() * 20))
    const labels = scores.map((s) => (random() < s / 25 ? 1 : 0))
    let wins = 0
    let pairs = 0
    for (let i = 0; i < 300; i++)
      for (let j = 0; j < 300; j++)
        if (labels[i] && !labels[j]) {
          pairs++
          wins += scores[i] > scores[j] ? 1 : scores[i] === scores[j] ? 0.5 : 0
        }
    expect(auc(scores, labels)).toBeCloseTo(wins / pairs, 12)
    expect(() => auc([1, 2], [1, 1])).toThrow(expect.objectContaining({ name: 'ModelRefusal' }))
  })
  test('Brier score, log loss, absolute error', () => {
    expect(brierScore([0.2, 0.9], [0, 1])).toBeCloseTo(0.025, 12)
    expect(logLoss([0.2, 0.9], [0, 1])).toBeCloseTo(-(Math.log(0.8) + Math.log(0.9)) / 2, 12)
    expect(logLoss([0], [1])).toBeGreaterThan(30)
    expect(Number.isFinite(logLoss([0], [1]))).toBe(true)
    expect(meanAbsoluteError([1, 4], [2, 2])).toBe(1.5)
  })
  test('calibration: bins, their means and the weighted distance', () => {
    const p = [0.1, 0.15, 0.9, 1]
    expect(calibrationCurve(p, [0, 1, 1, 1], 2)).toEqual([
      { predicted: 0.125, observed: 0.5, count: 2 },
      { predicted: 0.95, observed: 1, count: 2 },
    ])
    expect(expectedCalibrationError(p, [0, 1, 1, 1], 2)).toBeCloseTo(0.5 * 0.375 + 0.5 * 0.05, 12)
  })
  test('lift by tenths: a perfect score, none, and ties over borders', () => {
    const labels = Array.from({ length: 100 }, (_, i) => (i < 20 ? 1 : 0))
    const perfect = liftByDecile(
      labels.map((_, i) => -i),
      labels,
    )
    expect(perfect.slice(0, 3).map((d) => d.lift)).toEqual([5, 5, 0])
    expect(perfect[1].capture).toBe(1)
    const none = liftByDecile(new Float64Array(100), labels)
    for (const d of none) expect(d.lift).toBeCloseTo(1, 12)
    expect(none[9].capture).toBeCloseTo(1, 12)
    expect(liftByDecile([1, 2, 3], [0, 1, 1]).reduce((n, d) => n + d.count, 0)).toBe(3)
  })
  test('precision, recall and their area', () => {
    const curve = precisionRecallCurve([4, 3, 2, 1], [1, 0, 1, 0])
    expect(curve.map((c) => c.precision)).toEqual([1, 0.5, 2 / 3, 0.5])
    expect(curve.map((c) => c.recall)).toEqual([0.5, 0.5, 1, 1])
    expect(averagePrecision([4, 3, 2, 1], [1, 0, 1, 0])).toBeCloseTo(0.5 + (0.5 * 2) / 3, 12)
    expect(averagePrecision([1, 1, 1, 1], [1, 0, 0, 0])).toBe(0.25)
  })
})
