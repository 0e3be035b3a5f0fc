import { integrate } from '../../../server/scores/models/quadrature'
import {
  digamma,
  hypergeometric,
  incompleteBeta,
  inverseIncompleteBeta,
  logAddExp,
  logBeta,
  logGamma,
  sigmoid,
} from '../../../server/scores/models/special'

const relative = (value: number, expected: number): number => Math.abs(value / expected - 1)

describe('special functions', () => {
  test('ln Γ at whole, half, tiny and large arguments', () => {
    expect(Math.abs(logGamma(1))).toBeLessThan(1e-14)
    expect(Math.abs(logGamma(2))).toBeLessThan(1e-14)
    expect(relative(logGamma(0.5), Math.log(Math.sqrt(Math.PI)))).toBeLessThan(1e-13)
    let factorial = 0
    for (let n = 1; n < 60; n++) {
      factorial += Math.log(n)
      if (n > 1) expect(relative(logGamma(n + 1), factorial)).toBeLessThan(1e-13)
    }
    expect(relative(logGamma(1e-9), -Math.log(1e-9) - 5.7721566e-10)).toBeLessThan(1e-12)
    expect(relative(logGamma(1e6), 12_815_504.569_147_61)).toBeLessThan(1e-13)
    // The two formulas meet at 10.
    expect(relative(logGamma(9.999999999), logGamma(10.000000001))).toBeLessThan(1e-8)
  })
  test('digamma is the slope of ln Γ', () => {
    expect(digamma(1)).toBeCloseTo(-0.577_215_664_901_532_9, 13)
    expect(digamma(0.5)).toBeCloseTo(-1.963_510_026_021_423_5, 13)
    for (const x of [0.1, 0.9, 3.3, 25]) {
      const slope = (logGamma(x + 1e-5) - logGamma(x - 1e-5)) / 2e-5
      expect(digamma(x)).toBeCloseTo(slope, 5)
    }
  })
  test('2F1 where it has a closed form, also near 1', () => {
    for (const z of [0.01, 0.3, 0.7, 0.89, 0.95, 0.999, 0.999999]) {
      expect(relative(hypergeometric(1, 1, 2, z), -Math.log(1 - z) / z)).toBeLessThan(z > 0.9 ? 1e-7 : 1e-10)
      for (const a of [0.3, 2.7, 11.2]) {
        // 2F1(a, b; b; z) = (1 - z)^-a
        expect(relative(hypergeometric(a, 1.4, 1.4, z), (1 - z) ** -a)).toBeLessThan(1e-9)
        // 2F1(a, 1 - a; 3/2; sin² t) = sin((2a - 1) t) / ((2a - 1) sin t)
        const t = Math.asin(Math.sqrt(z))
        const closed = Math.sin((2 * a - 1) * t) / ((2 * a - 1) * Math.sin(t))
        expect(Math.abs(hypergeometric(a, 1 - a, 1.5, z) - closed)).toBeLessThan(1e-7)
      }
    }
    expect(hypergeometric(0.4, 2, 3, 0)).toBe(1)
  })
  test('2F1 agrees with Euler’s integral', () => {
    for (const [a, b, c] of [
      [0.24, 2.4, 2.9],
      [3.1, 1.7, 4.4],
      [-0.2, 2.5, 6.1],
    ])
      for (const z of [0.2, 0.6, 0.93, 0.995]) {
        const front = Math.exp(-logBeta(b, c - b))
        // t = s² (3 - 2 s) flattens the ends of the integrand.
        const whole = integrate(
          (s) => {
            const t = s * s * (3 - 2 * s)
            return t ** (b - 1) * (1 - t) ** (c - b - 1) * (1 - z * t) ** -a * 6 * s * (1 - s)
          },
          0,
          1,
          200,
        )
        expect(relative(hypergeometric(a, b, c, z), front * whole)).toBeLessThan(1e-5)
      }
  })
  test('incomplete beta: closed forms, symmetry, inverse', () => {
    expect(incompleteBeta(1, 1, 0.3)).toBeCloseTo(0.3, 14)
    expect(incompleteBeta(2, 3, 0.4)).toBeCloseTo(0.5248, 12)
    expect(incompleteBeta(0.5, 0.5, 0.5)).toBeCloseTo(0.5, 13)
    expect(incompleteBeta(5, 2, 0)).toBe(0)
    expect(incompleteBeta(5, 2, 1)).toBe(1)
    for (const [a, b] of [
      [0.2, 7],
      [3, 3],
      [400, 20],
    ])
      for (const p of [1e-9, 0.01, 0.5, 0.9, 0.999]) {
        const x = inverseIncompleteBeta(a, b, p)
        expect(relative(incompleteBeta(a, b, x), p)).toBeLessThan(1e-7)
        // Beside 0 the complement of x is 1 in doubles.
        if (x > 1e-9) expect(incompleteBeta(a, b, x) + incompleteBeta(b, a, 1 - x)).toBeCloseTo(1, 11)
      }
  })
  test('logAddExp and sigmoid at the ends of doubles', () => {
    expect(logAddExp(-Infinity, -Infinity)).toBe(-Infinity)
    expect(logAddExp(1000, 1000)).toBeCloseTo(1000 + Math.LN2, 12)
    expect(sigmoid(800)).toBe(1)
    expect(sigmoid(-800)).toBe(0)
    expect(sigmoid(0)).toBe(0.5)
  })
})
