import { type GroupedHistories, type MemberHistory, meanAge, mostRepeats, risingLogs } from './history'
import { minimise } from './minimise'
import { gammaBuys, nbdCount } from './nbd'
import { hypergeometric, logAddExp, logBeta } from './special'

// Looked up once: where code runs in a sandbox, as under Jest, every look at a global is slow enough to be felt here.
const { abs, exp, log, max } = Math

/**
 * BG/NBD (Fader, Hardie, Lee 2005): purchases are Poisson with gamma rates (shape r, rate alpha); after each repeat purchase a member
 * leaves with a probability that differs by a beta distribution (a, b). MBG/NBD (Batislam, Denizel, Filiztekin 2007) lets members leave
 * after the very first purchase too.
 *
 * In BG/NBD nobody without a repeat purchase can have left: P(alive) is 1 for those who are least likely to come back, so 1 - P(alive)
 * must never be taken for the danger of losing a member. Use `buys` of purchase-model.ts.
 */
export interface BgNbd {
  kind: 'bg-nbd' | 'mbg-nbd'
  r: number
  alpha: number
  a: number
  b: number
  logLikelihood: number
  members: number
}
type Parameters = Pick<BgNbd, 'kind' | 'r' | 'alpha' | 'a' | 'b'>

/** Log-likelihood of histories: Fader, Hardie, Lee (2005), equation 6; Batislam et al. (2007), equation 6. */
export const bgNbdLogLikelihood = ({ kind, r, alpha, a, b }: Parameters, h: GroupedHistories): number => {
  const modified = kind === 'mbg-nbd' ? 1 : 0
  const most = mostRepeats(h)
  const rising = risingLogs(r, most)
  // B(a, b + x) / B(a, b), with x + 1 for the modified model, as a running product.
  const stays = new Float64Array(most + 2)
  for (let x = 0; x <= most; x++) stays[x + 1] = stays[x] + log((b + x) / (a + b + x))
  const start = r * log(alpha)
  let sum = 0
  for (let i = 0; i < h.weight.length; i++) {
    const x = h.repeats[i]
    const toNow = log(alpha + h.age[i])
    const base = start + rising[x] + stays[x + modified] - (r + x) * toNow
    const left =
      x + modified > 0 ? log(a / (b + x - 1 + modified)) + (r + x) * (toNow - log(alpha + h.recency[i])) : -Infinity
    sum += h.weight[i] * (base + logAddExp(0, left))
  }
  return sum
}

/** Logarithms of parameters (alpha by the mean age) stay within these bounds; a fit that ends here has found no maximum. */
export const parameterBound = 14

/** Fits by maximum likelihood. A fit may be degenerate: purchase-model.ts tells. */
export const fitBgNbd = (kind: BgNbd['kind'], h: GroupedHistories): BgNbd => {
  const scale = meanAge(h)
  const read = (x: readonly number[]): Parameters => ({
    kind,
    r: exp(x[0]),
    alpha: scale * exp(x[1]),
    a: exp(x[2]),
    b: exp(x[3]),
  })
  const found = minimise(
    (x) => (x.some((v) => abs(v) > parameterBound) ? Infinity : -bgNbdLogLikelihood(read(x), h)),
    [-1, -1.5, 0, 0.5],
  )
  return { ...read(found.at), logLikelihood: -found.value, members: h.members }
}

/** Odds of having left to being alive, given the history. */
const leftOdds = ({ kind, r, alpha, a, b }: Parameters, { repeats: x, recency, age }: MemberHistory): number => {
  const modified = kind === 'mbg-nbd' ? 1 : 0
  if (x + modified === 0) return 0
  return (a / (b + x - 1 + modified)) * exp((r + x) * log((alpha + age) / (alpha + recency)))
}

export const bgNbdAlive = (model: Parameters, m: MemberHistory): number => 1 / (1 + leftOdds(model, m))

/** a = 1 is a removable pole of the expectations; a step beside it the value is right to seven digits. */
const besideOne = (a: number): number => (abs(a - 1) < 1e-7 ? 1 + 1e-7 : a)

/**
 * Purchases of a new member within t: Fader, Hardie, Lee (2005), equation 9, and its like for the modified model. With z = t/(alpha+t)
 * Euler's form of 2F1 takes up the factor (alpha/(alpha+t))^r, so that nothing overflows.
 */
export const bgNbdExpected = ({ kind, r, alpha, a: givenA, b }: Parameters, t: number): number => {
  const a = besideOne(givenA)
  const modified = kind === 'mbg-nbd' ? 1 : 0
  const z = t / (alpha + t)
  const c = a + b - 1 + modified
  const share = (1 - z) ** (a - 1) * hypergeometric(c - r, a - 1, c, z)
  return ((modified ? b : c) / (a - 1)) * (1 - share)
}

/** Purchases within the coming t, given the history: Fader, Hardie, Lee (2005), equation 10, and its like for the modified model. */
export const bgNbdFuture = (model: Parameters, t: number, m: MemberHistory): number => {
  const { kind, r, alpha, b } = model
  const a = besideOne(model.a)
  const z = t / (alpha + m.age + t)
  const c = a + b + m.repeats - 1 + (kind === 'mbg-nbd' ? 1 : 0)
  const share = (1 - z) ** (a - 1) * hypergeometric(c - r - m.repeats, a - 1, c, z)
  return ((c / (a - 1)) * (1 - share)) / (1 + leftOdds(model, m))
}

/**
 * Probability of at least one purchase within the coming t, given the history. Who is alive leaves after a purchase only, so it is
 * P(alive) times the chance that a gamma-Poisson buyer with the member's own record buys within t.
 */
export const bgNbdBuys = (model: Parameters, t: number, m: MemberHistory): number =>
  bgNbdAlive(model, m) * gammaBuys(model.r + m.repeats, model.alpha + m.age, t)

/** Probability of exactly n purchases of a new member within t, in BG/NBD: Fader, Hardie, Lee (2005), equation 8. */
export const bgNbdCount = ({ r, alpha, a, b }: Omit<Parameters, 'kind'>, t: number, n: number): number => {
  const stayed = exp(logBeta(a, b + n) - logBeta(a, b)) * nbdCount({ r, alpha }, t, n)
  if (n === 0) return stayed
  let fewer = 0
  for (let j = 0; j < n; j++) fewer += nbdCount({ r, alpha }, t, j)
  return stayed + exp(logBeta(a + 1, b + n - 1) - logBeta(a, b)) * max(0, 1 - fewer)
}
