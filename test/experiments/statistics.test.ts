import { analyse, type CountedArm, verdictOn } from '../../server/experiments/statistics/analyse'
import { adjustableArm, armOf, pooledTheta, type Sums } from '../../server/experiments/statistics/arms'
import { compare, oneLook } from '../../server/experiments/statistics/compare'
import {
  chiSquaredAbove,
  normalAbove,
  normalBelow,
  normalQuantile,
  studentAbove,
  studentQuantile,
} from '../../server/experiments/statistics/distributions'
import { detectableLift, holm, membersFor, sampleRatioP } from '../../server/experiments/statistics/samples'
import { references, tolerance } from './reference'
import { coverageOfPlanted, falseAlarms, varianceSavedByCuped } from './simulate'

test.each(references().map((r) => [r.name, r] as const))('reference: %s', (_, { found, expected }) => {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(tolerance)
})

describe('distributions, against tables', () => {
  test('normal', () => {
    expect(normalAbove(1.959963984540054)).toBeCloseTo(0.025, 12)
    expect(normalAbove(6)).toBeCloseTo(9.865876450376981e-10, 18)
    expect(normalBelow(-1)).toBeCloseTo(0.15865525393145707, 12)
    for (const p of [1e-9, 0.001, 0.025, 0.3, 0.5, 0.9, 0.999])
      expect(normalBelow(normalQuantile(p))).toBeCloseTo(p, 13)
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity])
  })
  test('Student', () => {
    expect(studentQuantile(0.975, 10)).toBeCloseTo(2.2281388519649385, 8)
    expect(studentQuantile(0.025, 10)).toBeCloseTo(-2.2281388519649385, 8)
    expect(studentQuantile(0.95, 1)).toBeCloseTo(6.313751514675043, 7)
    expect(studentAbove(2.0, 5)).toBeCloseTo(0.05096973941492917, 10)
    expect(studentAbove(-2.0, 5)).toBeCloseTo(1 - 0.05096973941492917, 10)
    expect(studentQuantile(0.975, 1e6)).toBeCloseTo(1.959966, 5)
  })
  test('chi squared', () => {
    expect(chiSquaredAbove(3.841458820694124, 1)).toBeCloseTo(0.05, 10)
    expect(chiSquaredAbove(18.307038053275146, 10)).toBeCloseTo(0.05, 10)
    expect(chiSquaredAbove(0, 3)).toBe(1)
  })
})

describe('what a comparison refuses', () => {
  const sums = (n: number, sum: number, sumSquares: number): Sums => ({ n, sum, sumSquares })
  const good = armOf(sums(100, 50, 80))
  test('fewer than two members, no variance, a control of zero', () => {
    expect(compare(armOf(sums(1, 1, 1)), good)).toBe('too_few')
    expect(compare(good, armOf(sums(0, 0, 0)))).toBe('too_few')
    expect(compare(good, armOf(sums(10, 10, 10)))).toBe('no_variance')
    expect(compare(armOf(sums(10, 0, 20)), good, { ...oneLook, scale: 'relative' })).toBe('no_control_mean')
  })
})

describe('simulated experiments', () => {
  test('the fixed test raises as many false alarms as it says, the sequential one fewer, naive peeking far more', () => {
    const { fixed, sequential, naivePeeking } = falseAlarms({ runs: 2000, seed: 7 })
    // Three standard errors of a share of 5 % over 2,000 runs are 1.5 points; `npm run evaluate -- experiments` runs ten thousand.
    expect(fixed).toBeGreaterThan(0.035)
    expect(fixed).toBeLessThan(0.065)
    expect(sequential).toBeLessThanOrEqual(0.05)
    expect(naivePeeking).toBeGreaterThan(0.15)
  })
  test('the interval covers a planted lift of 10 % as often as it says', () => {
    const covered = coverageOfPlanted({ runs: 2000, seed: 8 })
    expect(covered).toBeGreaterThan(0.935)
    expect(covered).toBeLessThan(0.965)
  })
  test('a covariate with a correlation of .7 takes away about half of the variance', () => {
    expect(varianceSavedByCuped({ correlation: 0.7, members: 40_000, seed: 9 })).toBeCloseTo(0.49, 1)
  })
  test('adjusting leaves the estimate unbiased and is pointless without a covariate', () => {
    const sums = { n: 10, sum: 5, sumSquares: 5 }
    expect(pooledTheta([armOf(sums), armOf(sums)])).toBe(0)
    const flat = adjustableArm(sums, { n: 10, sum: 10, sumSquares: 10 }, 5)
    expect(pooledTheta([flat, flat])).toBe(0)
  })
})

describe('an experiment as a whole', () => {
  const arm = (name: string, n: number, sum: number, share = 1): CountedArm => ({
    name,
    share,
    outcome: { n, sum, sumSquares: sum, proportion: true },
    before: null,
  })
  const verdicts = (arms: CountedArm[]): string[] => {
    const analysis = analyse(arms)
    return analysis.arms.slice(1).map((a) => verdictOn(analysis, a))
  }
  test('says better, worse, no conclusion, too few and mismatch', () => {
    expect(
      verdicts([arm('control', 5000, 500), arm('a', 5000, 700), arm('b', 5000, 350), arm('c', 5000, 510)]),
    ).toEqual(['better', 'worse', 'no_conclusion'])
    expect(verdicts([arm('control', 1, 1), arm('a', 1, 0)])).toEqual(['too_few'])
    expect(verdicts([arm('control', 5000, 500), arm('a', 4000, 900)])).toEqual(['mismatch'])
    expect(verdicts([arm('control', 1000, 100, 1), arm('a', 9000, 1500, 9)])).toEqual(['better'])
  })
  test('several arms are corrected together', () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06])
    expect(holm([])).toEqual([])
    // Alone this arm would be significant (p = .03); among five it is not.
    const alone = [arm('control', 5000, 500), arm('a', 5000, 568)]
    expect(verdicts(alone)).toEqual(['better'])
    expect(verdicts([...alone, ...['b', 'c', 'd', 'e'].map((name) => arm(name, 5000, 505))])[0]).toBe('no_conclusion')
  })
  test('sample ratio: one arm has none, planned shares count', () => {
    expect(sampleRatioP([100], [1])).toBe(1)
    expect(sampleRatioP([900, 100], [9, 1])).toBeCloseTo(1, 10)
    expect(sampleRatioP([800, 200], [9, 1])).toBeLessThan(1e-20)
  })
  test('power: members and detectable lift answer each other', () => {
    const plan = { mean: 0.1, variance: 0.09, alpha: 0.05, power: 0.8, ratio: 1 }
    const n = membersFor(plan, 0.1, false)
    expect(detectableLift(plan, n)).toBeCloseTo(0.1, 3)
    // A textbook case: from 10 % to 11 % at 80 % takes 14,751 members an arm (unpooled normal approximation).
    expect(Math.abs(membersFor(plan, 0.1, true) - 14_748)).toBeLessThan(10)
  })
})
