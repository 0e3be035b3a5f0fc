import { type GroupedHistories, type MemberHistory, meanAge, mostRepeats, risingLogs } from './history'
import { minimise } from './minimise'
import { logGamma } from './special'

// Looked up once: where code runs in a sandbox, as under Jest, every look at a global is slow enough to be felt here.
const { abs, exp, expm1, log, log1p, max } = Math

/**
 * Ehrenberg's model (1959): purchases are Poisson, rates differ by a gamma distribution (shape r, rate alpha), nobody ever leaves. What
 * the models with dropout become where the data show no dropout.
 */
export interface Nbd {
  kind: 'nbd'
  r: number
  alpha: number
  logLikelihood: number
  members: number
}

/** Log-likelihood of histories (x repeats within age T). */
export const nbdLogLikelihood = (r: number, alpha: number, h: GroupedHistories): number => {
  const rising = risingLogs(r, mostRepeats(h))
  const start = r * log(alpha)
  let sum = 0
  for (let i = 0; i < h.weight.length; i++) {
    const x = h.repeats[i]
    sum += h.weight[i] * (rising[x] + start - (r + x) * log(alpha + h.age[i]))
  }
  return sum
}

/** Fits by maximum likelihood. */
export const fitNbd = (h: GroupedHistories): Nbd => {
  const scale = meanAge(h)
  const found = minimise(
    ([r, alpha]) => (max(abs(r), abs(alpha)) > 14 ? Infinity : -nbdLogLikelihood(exp(r), scale * exp(alpha), h)),
    [-0.5, -1],
  )
  const [r, alpha] = found.at.map(exp)
  return { kind: 'nbd', r, alpha: alpha * scale, logLikelihood: -found.value, members: h.members }
}

/** Purchases of a new member within t. */
export const nbdExpected = ({ r, alpha }: Pick<Nbd, 'r' | 'alpha'>, t: number): number => (r / alpha) * t

/** Purchases within the coming t, given the history. */
export const nbdFuture = ({ r, alpha }: Nbd, t: number, { repeats, age }: MemberHistory): number =>
  ((r + repeats) / (alpha + age)) * t

/** Probability that somebody who is still with us buys at least once within the coming t; alike in all models of this family. */
export const gammaBuys = (shape: number, rate: number, t: number): number => -expm1(shape * -log1p(t / rate))

/** Probability of exactly n purchases of a new member within t. */
export const nbdCount = ({ r, alpha }: Pick<Nbd, 'r' | 'alpha'>, t: number, n: number): number =>
  t === 0
    ? Number(n === 0)
    : exp(logGamma(r + n) - logGamma(r) - logGamma(n + 1) - r * log1p(t / alpha) - n * log1p(alpha / t))
