/** Special functions in double precision. Relative errors are about 1e-14 unless a function says otherwise. */

// Looked up once: where code runs in a sandbox, as under Jest, every look at a global is slow enough to be felt here.
const { PI, abs, exp, log, log1p, max, round, sign, sin } = Math

/** Lanczos' coefficients for g = 7, n = 9 (P. Godfrey). */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]
const halfLogTwoPi = 0.5 * log(2 * PI)

/** ln Γ(x) for x > 0: Stirling's series from 10 on (error below 1e-15 there), Lanczos' approximation below. */
export const logGamma = (x: number): number => {
  if (x >= 10) {
    const s = 1 / (x * x)
    const series =
      (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360_360 - s / 156)))))) / x
    return (x - 0.5) * log(x) - x + halfLogTwoPi + series
  }
  // The approximation is best above one half; Γ(x) = Γ(x + 1) / x leads there.
  if (x < 0.5) return logGamma(x + 1) - log(x)
  let sum = lanczos[0]
  for (let i = 1; i < 9; i++) sum += lanczos[i] / (x - 1 + i)
  const t = x + 6.5
  return halfLogTwoPi + (x - 0.5) * log(t) - t + log(sum)
}

/** ψ(x), the derivative of ln Γ, for x > 0: recurrence up to 10, then the asymptotic series (Abramowitz & Stegun 6.3.18). */
export const digamma = (x: number): number => {
  let at = x
  let shift = 0
  while (at < 10) shift -= 1 / at++
  const s = 1 / (at * at)
  return (
    shift +
    log(at) -
    0.5 / at -
    s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s * (1 / 132 - (s * 691) / 32_760)))))
  )
}

/** ln B(a, b) for a, b > 0. */
export const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b)

/** ln(e^a + e^b) without overflow. */
export const logAddExp = (a: number, b: number): number => {
  const top = max(a, b)
  return top === -Infinity ? top : top + log1p(exp(-abs(a - b)))
}

/** 1 / (1 + e^-x). */
export const sigmoid = (x: number): number => {
  if (x >= 0) return 1 / (1 + exp(-x))
  const e = exp(x)
  return e / (1 + e)
}

/** Γ(x) with its sign as [ln |Γ|, sign], for any x that is no pole (0, -1, -2, …), by the reflection formula. */
const signedLogGamma = (x: number): [number, number] => {
  if (x > 0) return [logGamma(x), 1]
  const sine = sin(PI * x)
  return [log(PI / abs(sine)) - logGamma(1 - x), sign(sine)]
}

const smallestTerm = 1e-16
/** Bounds the work where a series converges like n^-k only; the error is then about the last term times the number of terms. */
const mostTerms = 20_000

/** Gauss' series of 2F1; converges for |z| < 1. */
const gaussSeries = (a: number, b: number, c: number, z: number): number => {
  let term = 1
  let sum = 1
  for (let n = 0; n < mostTerms; n++) {
    const ratio = (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z
    term *= ratio
    sum += term
    // Terms may grow before they fall: only a falling term behind the last change of sign says how much is left.
    if (abs(term) <= smallestTerm * abs(sum) && ratio < 1 && a + n > 0 && b + n > 0) break
    if (term === 0) break
  }
  return sum
}

/** A difference c - a - b nearer than this to a whole number makes the two parts of 15.3.6 cancel. */
const nearWhole = 1e-3

/** 15.3.6: 2F1 near z = 1 by two series in w = 1 - z, where c - a - b is no whole number. */
const connected = (a: number, b: number, c: number, w: number): number => {
  const excess = c - a - b
  const [gc] = signedLogGamma(c)
  const [ge, se] = signedLogGamma(excess)
  const [gca, sca] = signedLogGamma(c - a)
  const [gcb, scb] = signedLogGamma(c - b)
  const [gm, sm] = signedLogGamma(-excess)
  const [ga, sa] = signedLogGamma(a)
  const [gb, sb] = signedLogGamma(b)
  const first = se * sca * scb * exp(gc + ge - gca - gcb) * gaussSeries(a, b, 1 - excess, w)
  const second = sm * sa * sb * exp(gc + gm - ga - gb + excess * log(w)) * gaussSeries(c - a, c - b, 1 + excess, w)
  return first + second
}

const isPole = (x: number): boolean => x <= 0 && Number.isInteger(x)

/**
 * Gauss' hypergeometric function 2F1(a, b; c; z) for 0 <= z < 1 and c > 0. Below z = 0.9 the series, in Euler's form where that one
 * falls faster (Abramowitz & Stegun 15.3.3); near 1 the connection formula 15.3.6 in powers of 1 - z, and beside its poles the value
 * between those on either side. About 1e-10, beside the poles 1e-7. Answers ±Infinity or 0 where the value itself leaves the range of
 * doubles; callers who divide by such a value use Euler's form themselves.
 */
export const hypergeometric = (a: number, b: number, c: number, z: number): number => {
  if (z === 0 || a === 0 || b === 0) return 1
  const excess = c - a - b
  if (z > 0.9 && ![a, b, c - a, c - b].some(isPole)) {
    if (abs(excess - round(excess)) >= nearWhole) return connected(a, b, c, 1 - z)
    // 2F1 is smooth in c: Richardson's extrapolation of the mean of both sides.
    const beside = (step: number): number => (connected(a, b, c + step, 1 - z) + connected(a, b, c - step, 1 - z)) / 2
    return (4 * beside(2 * nearWhole) - beside(4 * nearWhole)) / 3
  }
  // Terms fall like n^(a+b-c-1) z^n; Euler's form turns the sign of the exponent's first part.
  if (excess < 0) return (1 - z) ** excess * gaussSeries(c - a, c - b, c, z)
  return gaussSeries(a, b, c, z)
}

/** Continued fraction of the incomplete beta function by Lentz' method (Press et al., Numerical Recipes, 6.4). */
const betaFraction = (a: number, b: number, x: number): number => {
  const tiny = 1e-300
  let c = 1
  let d = 1 - ((a + b) * x) / (a + 1)
  d = 1 / (abs(d) < tiny ? tiny : d)
  let h = d
  for (let m = 1; m < 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 + even * d
    d = 1 / (abs(d) < tiny ? tiny : d)
    c = 1 + even / c
    if (abs(c) < tiny) c = tiny
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 + odd * d
    d = 1 / (abs(d) < tiny ? tiny : d)
    c = 1 + odd / c
    if (abs(c) < tiny) c = tiny
    const step = d * c
    h *= step
    if (abs(step - 1) < 1e-15) break
  }
  return h
}

/** Regularised incomplete beta function I_x(a, b) for a, b > 0 and 0 <= x <= 1; about 1e-13. */
export const incompleteBeta = (a: number, b: number, x: number): number => {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = exp(a * log(x) + b * log1p(-x) - logBeta(a, b))
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b
}

/**
 * The x with I_x(a, b) = p, by Newton's method in the logit of x within a bracket that halves whenever Newton would leave it: safe for
 * very small and very large shapes. About 1e-10 of x.
 */
export const inverseIncompleteBeta = (a: number, b: number, p: number): number => {
  if (p <= 0) return 0
  if (p >= 1) return 1
  const scale = logBeta(a, b)
  let low = -700
  let high = 36
  let at = log(a / b)
  for (let i = 0; i < 100; i++) {
    const x = sigmoid(at)
    const off = incompleteBeta(a, b, x) - p
    if (off > 0) high = at
    else low = at
    const slope = exp(a * log(x) + b * log1p(-x) - scale)
    const next = at - off / slope
    // NaN and whatever lies outside of the bracket fall back to its middle.
    const taken = next > low && next < high ? next : (low + high) / 2
    if (abs(taken - at) < 1e-10) return sigmoid(taken)
    at = taken
  }
  return sigmoid(at)
}
