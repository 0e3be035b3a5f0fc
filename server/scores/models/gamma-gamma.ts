import { minimise } from './minimise'
import { modelRefusal } from './refusal'
import { logGamma } from './special'

// Looked up once: where code runs in a sandbox, as under Jest, every look at a global is slow enough to be felt here.
const { abs, exp, log } = Math

/**
 * Gamma-Gamma (Fader, Hardie 2013, "The Gamma-Gamma Model of Monetary Value"): purchases of a member vary by a gamma distribution of
 * shape p around the member's own mean, the means differ by an inverse gamma distribution (q, v). Money in any unit.
 */
export interface GammaGamma {
  kind: 'gamma-gamma'
  p: number
  q: number
  v: number
  logLikelihood: number
  members: number
  /** Members left out for having no repeat purchase of positive value. */
  leftOut: number
}

/** Log-likelihood of one member: x purchases of mean value z. */
const logDensity = (p: number, q: number, v: number, x: number, z: number): number =>
  logGamma(p * x + q) -
  logGamma(p * x) -
  logGamma(q) +
  q * log(v) +
  (p * x - 1) * log(z) +
  p * x * log(x) -
  (p * x + q) * log(x * z + v)

/**
 * Fits by maximum likelihood. The distribution has no mass at or below 0: members whose mean value is not positive are left out.
 * @param purchases repeat purchases by member
 * @param meanValue mean value of those purchases by member
 */
export const fitGammaGamma = (purchases: ArrayLike<number>, meanValue: ArrayLike<number>): GammaGamma => {
  const rows: number[] = []
  for (let i = 0; i < purchases.length; i++) if (purchases[i] > 0 && meanValue[i] > 0) rows.push(i)
  if (rows.length < 3) throw modelRefusal('Fewer than three members have repeat purchases of positive value')
  const x = Float64Array.from(rows, (i) => purchases[i])
  const z = Float64Array.from(rows, (i) => meanValue[i])
  const scale = z.reduce((sum, v) => sum + v, 0) / z.length
  const found = minimise(
    (at) => {
      if (at.some((v) => abs(v) > 14)) return Infinity
      const [p, q, v] = at.map(exp)
      let sum = 0
      for (let i = 0; i < x.length; i++) sum -= logDensity(p, q, v * scale, x[i], z[i])
      return sum
    },
    [1, 1, 0],
  )
  const [p, q, v] = found.at.map(exp)
  return {
    kind: 'gamma-gamma',
    p,
    q,
    v: v * scale,
    logLikelihood: -found.value,
    members: x.length,
    leftOut: purchases.length - x.length,
  }
}

/**
 * Expected value of a coming purchase, between the member's own mean and everybody's. For q <= 1 everybody's mean is infinite; members
 * without purchases then get NaN.
 */
export const expectedValue = ({ p, q, v }: GammaGamma, purchases: number, meanValue: number): number => {
  const below = p * purchases + q - 1
  // Without a positive value of their own, members are taken for average.
  if (!(purchases > 0 && meanValue > 0)) return q > 1 ? (p * v) / (q - 1) : Number.NaN
  return (p * (v + purchases * meanValue)) / below
}
