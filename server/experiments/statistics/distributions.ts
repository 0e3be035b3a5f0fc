import { incompleteBeta, inverseIncompleteBeta, logGamma } from '../../scores/service'

/** Terms after which a series or a continued fraction has long settled in double precision. */
const maxTerms = 500
const tiny = 1e-300

/** Series of the regularised lower incomplete gamma P(a, x), good for x < a + 1 (Abramowitz and Stegun 6.5.29). */
const gammaSeries = (a: number, x: number): number => {
  let term = 1 / a
  let sum = term
  for (let i = 1; i < maxTerms && term > sum * 1e-17; i++) {
    term *= x / (a + i)
    sum += term
  }
  return sum * Math.exp(-x + a * Math.log(x) - logGamma(a))
}

/** Continued fraction of the upper one Q(a, x), good for x ≥ a + 1 (Abramowitz and Stegun 6.5.31, evaluated after Lentz). */
const gammaFraction = (a: number, x: number): number => {
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let h = d
  for (let i = 1; i < maxTerms; i++) {
    const an = -i * (i - a)
    b += 2
    d = 1 / (Math.abs(an * d + b) < tiny ? tiny : an * d + b)
    c = Math.abs(b + an / c) < tiny ? tiny : b + an / c
    h *= d * c
    if (Math.abs(d * c - 1) < 1e-16) break
  }
  return Math.exp(-x + a * Math.log(x) - logGamma(a)) * h
}

/** Regularised upper incomplete gamma Q(a, x) = Γ(a, x) / Γ(a), for a > 0 and x ≥ 0. */
export const upperGamma = (a: number, x: number): number => {
  if (x <= 0) return 1
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x)
}

/** P(X > x) of a chi-squared variable. */
export const chiSquaredAbove = (x: number, degrees: number): number => upperGamma(degrees / 2, x / 2)

/** P(Z > z) of a standard normal variable, with full relative precision far in the tail. */
export const normalAbove = (z: number): number => {
  const half = upperGamma(0.5, (z * z) / 2) / 2
  return z >= 0 ? half : 1 - half
}

/** P(Z ≤ z). */
export const normalBelow = (z: number): number => normalAbove(-z)

/**
 * The z with P(Z ≤ z) = p: Acklam's rational approximation (relative error 1.15e-9), then one step of Halley's method, which brings it to
 * the precision of `normalBelow`.
 */
export const normalQuantile = (p: number): number => {
  if (p <= 0) return -Infinity
  if (p >= 1) return Infinity
  const central = (q: number, r: number): number =>
    ((((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r + 1.38357751867269e2) * r -
      3.066479806614716e1) *
      r +
      2.506628277459239) *
      q) /
    (((((-5.447609879822406e1 * r + 1.615858368580409e2) * r - 1.556989798598866e2) * r + 6.680131188771972e1) * r -
      1.328068155288572e1) *
      r +
      1)
  const tail = (q: number): number =>
    (((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q - 2.549732539343734) * q +
      4.374664141464968) *
      q +
      2.938163982698783) /
    ((((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1)
  const edge = 0.02425
  const rough =
    p < edge
      ? tail(Math.sqrt(-2 * Math.log(p)))
      : p > 1 - edge
        ? -tail(Math.sqrt(-2 * Math.log1p(-p)))
        : central(p - 0.5, (p - 0.5) ** 2)
  const error = (normalBelow(rough) - p) * Math.sqrt(2 * Math.PI) * Math.exp((rough * rough) / 2)
  return rough - error / (1 + (rough * error) / 2)
}

/** P(T > t) of Student's t; degrees of freedom need not be whole, as Welch's are not. */
export const studentAbove = (t: number, degrees: number): number => {
  const half = incompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t)) / 2
  return t >= 0 ? half : 1 - half
}

/** Density of Student's t. */
const studentDensity = (t: number, degrees: number): number =>
  Math.exp(logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - ((degrees + 1) / 2) * Math.log1p((t * t) / degrees)) /
  Math.sqrt(degrees * Math.PI)

/** Below this many degrees of freedom the expansion from the normal is no good start. */
const fewDegrees = 4

/**
 * The t with P(T ≤ t) = p. From the normal quantile by Cornish and Fisher's expansion (Abramowitz and Stegun 26.7.5), then Newton's method;
 * with few degrees of freedom, by inverting the incomplete beta.
 */
export const studentQuantile = (p: number, degrees: number): number => {
  if (degrees < fewDegrees) {
    const x = inverseIncompleteBeta(degrees / 2, 0.5, 2 * Math.min(p, 1 - p))
    const t = Math.sqrt((degrees * (1 - x)) / x)
    return p < 0.5 ? -t : t
  }
  const z = normalQuantile(p)
  let t = z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees * degrees)
  for (let i = 0; i < 20; i++) {
    const step = (1 - studentAbove(t, degrees) - p) / studentDensity(t, degrees)
    t -= step
    if (Math.abs(step) < 1e-10 * Math.max(1, Math.abs(t))) break
  }
  return t
}
