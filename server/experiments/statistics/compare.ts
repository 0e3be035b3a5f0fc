import type { Arm } from './arms'
import { normalAbove, studentAbove, studentQuantile } from './distributions'

/** How two arms are compared. */
export interface Comparison {
  /** The difference itself, or as a share of the control's mean. */
  scale: 'absolute' | 'relative'
  alternative: 'two-sided' | 'greater' | 'less'
  /** Chance of a false alarm that is accepted. */
  alpha: number
  /** θ of CUPED; 0 leaves the outcome as it is. */
  theta: number
  /**
   * Null for one look at the end. Otherwise the number of members at which the always-valid interval is to be at its best; it then holds
   * at every look.
   */
  sequentialTuning: number | null
}
export const oneLook: Comparison = {
  scale: 'absolute',
  alternative: 'two-sided',
  alpha: 0.05,
  theta: 0,
  sequentialTuning: null,
}

/** What a comparison found. */
export interface Effect {
  estimate: number
  standardError: number
  /** estimate / standardError. */
  z: number
  low: number
  high: number
  p: number
}
/** Why a comparison is not made. */
export type Incomparable = 'too_few' | 'no_variance' | 'no_control_mean'

const adjustedVariance = (a: Arm, theta: number): number =>
  a.variance + theta * theta * a.varianceBefore - 2 * theta * a.covariance

/** Variance of the estimate, by the delta method where it is relative; the control's mean, unadjusted, is what it is relative to. */
const varianceOf = (control: Arm, treated: Arm, estimate: number, { scale, theta }: Comparison): number => {
  const own = adjustedVariance(treated, theta) / treated.n
  if (scale === 'absolute') return own + adjustedVariance(control, theta) / control.n
  const ratio = 1 + estimate
  const ofControl =
    control.variance * ratio * ratio - 2 * theta * control.covariance * ratio + theta * theta * control.varianceBefore
  return (own + ofControl / control.n) / (control.mean * control.mean)
}

/** Degrees of freedom after Welch and Satterthwaite. */
const degreesOf = (control: Arm, treated: Arm, theta: number): number => {
  const [a, b] = [control, treated].map((arm) => adjustedVariance(arm, theta) / arm.n)
  return (a + b) ** 2 / (a ** 2 / (control.n - 1) + b ** 2 / (treated.n - 1))
}

/** ρ that makes the interval narrowest at `tuning` members (Waudby-Smith et al. 2023, arXiv 2103.06476, eq. 161). */
const rhoOf = (alpha: number, tuning: number): number =>
  Math.sqrt((-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha) + 1)) / tuning)

/** Half the width of the asymptotic confidence sequence (ibid., eq. 9), for a variance per member of both arms together. */
const sequenceHalfWidth = (variance: number, n: number, rho: number, alpha: number): number => {
  const grown = n * rho * rho + 1
  return Math.sqrt(variance) * Math.sqrt(((2 * grown) / (n * rho) ** 2) * Math.log(Math.sqrt(grown) / alpha))
}

/** The always-valid p: one over the e-value of the same sequence (ibid., eq. 155). */
const sequenceP = (z: number, n: number, rho: number): number => {
  const grown = n * rho * rho + 1
  const logE = (rho * rho * n * z * z) / (2 * grown) - Math.log(grown) / 2
  return Math.min(1, Math.exp(-logE))
}

/**
 * Compares a treated arm with its control: Welch's t, two proportions where the arms are such, with CUPED, relative by the delta method,
 * and always-valid when asked. Held against figures of GrowthBook's engine in test/experiments/reference.ts.
 */
export const compare = (control: Arm, treated: Arm, how: Comparison = oneLook): Effect | Incomparable => {
  if (control.n < 2 || treated.n < 2) return 'too_few'
  const { scale, alternative, alpha, theta, sequentialTuning } = how
  if (scale === 'relative' && control.mean === 0) return 'no_control_mean'
  if (adjustedVariance(control, theta) <= 0 || adjustedVariance(treated, theta) <= 0) return 'no_variance'
  const difference = treated.mean - control.mean - theta * (treated.before - control.before)
  const estimate = scale === 'absolute' ? difference : difference / control.mean
  const standardError = Math.sqrt(varianceOf(control, treated, estimate, how))
  const z = estimate / standardError
  const found = { estimate, standardError, z }
  if (sequentialTuning !== null) {
    // One-sided sequences spend all of alpha on their side, which for these means twice the level of a two-sided one.
    const level = alternative === 'two-sided' ? alpha : 2 * alpha
    const n = control.n + treated.n
    const rho = rhoOf(level, sequentialTuning)
    const half = sequenceHalfWidth(standardError * standardError * n, n, rho, level)
    const both = sequenceP(z, n, rho)
    const agrees = alternative === 'two-sided' || z > 0 === (alternative === 'greater')
    return {
      ...found,
      low: alternative === 'less' ? -Infinity : estimate - half,
      high: alternative === 'greater' ? Infinity : estimate + half,
      p: alternative === 'two-sided' ? both : agrees ? both / 2 : 1 - both / 2,
    }
  }
  const degrees = degreesOf(control, treated, theta)
  if (alternative === 'two-sided') {
    const half = studentQuantile(1 - alpha / 2, degrees) * standardError
    return { ...found, low: estimate - half, high: estimate + half, p: 2 * studentAbove(Math.abs(z), degrees) }
  }
  const reach = studentQuantile(1 - alpha, degrees) * standardError
  return alternative === 'greater'
    ? { ...found, low: estimate - reach, high: Infinity, p: studentAbove(z, degrees) }
    : { ...found, low: -Infinity, high: estimate + reach, p: studentAbove(-z, degrees) }
}

/** Chance that the treated arm is better, for somebody without any opinion beforehand: the normal approximation with a flat prior. */
export const chanceToWin = (effect: Effect): number => 1 - normalAbove(effect.z)
