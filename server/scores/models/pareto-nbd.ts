import { type GroupedHistories, type MemberHistory, meanAge, mostRepeats, risingLogs } from './history'
import { minimise } from './minimise'
import { integrate } from './quadrature'

// Looked up once: where code runs in a sandbox, as under Jest, every look at a global is slow enough to be felt here.
const { abs, ceil, exp, expm1, log, log1p, max, min } = Math

/**
 * Pareto/NBD (Schmittlein, Morrison, Colombo 1987): purchases are Poisson with gamma rates (shape r, rate alpha), lifetimes exponential
 * with gamma rates (shape s, rate beta).
 *
 * The likelihood is usually written with a difference of two 2F1 that loses all digits for many histories. Here the part of those who
 * have left is integrated over the moment at which they left, which has positive terms only.
 */
export interface ParetoNbd {
  kind: 'pareto-nbd'
  r: number
  alpha: number
  s: number
  beta: number
  logLikelihood: number
  members: number
}
type Parameters = Pick<ParetoNbd, 'r' | 'alpha' | 's' | 'beta'>

/** Beyond this many e-folds an integrand no longer counts. */
const negligible = 40
/** Falls of an integrand, and widths in the logarithm of time, that one panel of the rule takes at full precision. */
const fallPerPanel = 8
const widthPerPanel = 2

/**
 * For a history (x, tx, T), relative to the density at tx: the chance that the member lived until T without buying, and that the
 * member left somewhere in between. f(t) = -(r+x) ln(alpha+t) - s ln(beta+t) falls from tx on.
 */
const fates = (
  { r, alpha, s, beta }: Parameters,
  x: number,
  tx: number,
  T: number,
): { top: number; lived: number; left: number } => {
  const shape = r + x
  const top = -shape * log(alpha + tx) - s * log(beta + tx)
  if (T <= tx) return { top, lived: 1, left: 0 }
  const fallTo = (t: number): number => top + shape * log(alpha + t) + s * log(beta + t)
  const smaller = min(alpha, beta)
  const from = log(smaller + tx)
  let to = log(smaller + T)
  const whole = fallTo(T)
  let fall = whole
  if (fall > negligible) {
    // Only the first stretch counts; where it ends is found to the width of a panel.
    let low = from
    for (let i = 0; i < 12; i++) {
      const middle = (low + to) / 2
      if (fallTo(exp(middle) - smaller) > negligible) to = middle
      else low = middle
    }
    fall = fallTo(exp(to) - smaller)
  }
  const panels = ceil(max(fall / fallPerPanel, (to - from) / widthPerPanel, 1))
  const left = integrate(
    (v) => {
      const shifted = exp(v)
      const t = shifted - smaller
      return exp(-top - shape * log(alpha + t) - (s + 1) * log(beta + t)) * shifted
    },
    from,
    to,
    panels,
  )
  return { top, lived: exp(-whole), left: s * left }
}

/** Log-likelihood of histories: Fader and Hardie (2005), "A Note on Deriving the Pareto/NBD Model", equation 4 before integration. */
export const paretoNbdLogLikelihood = (p: Parameters, h: GroupedHistories): number => {
  const rising = risingLogs(p.r, mostRepeats(h))
  const start = p.r * log(p.alpha) + p.s * log(p.beta)
  let sum = 0
  for (let i = 0; i < h.weight.length; i++) {
    const x = h.repeats[i]
    const { top, lived, left } = fates(p, x, h.recency[i], h.age[i])
    sum += h.weight[i] * (rising[x] + start + top + log(lived + left))
  }
  return sum
}

const parameterBound = 14

/** Fits by maximum likelihood. A fit may be degenerate: purchase-model.ts tells. */
export const fitParetoNbd = (h: GroupedHistories): ParetoNbd => {
  const scale = meanAge(h)
  const read = (x: readonly number[]): Parameters => ({
    r: exp(x[0]),
    alpha: scale * exp(x[1]),
    s: exp(x[2]),
    beta: scale * exp(x[3]),
  })
  const found = minimise(
    (x) => (x.some((v) => abs(v) > parameterBound) ? Infinity : -paretoNbdLogLikelihood(read(x), h)),
    [-0.7, -1, -0.7, -1],
    { tolerance: 1e-9 },
  )
  return { kind: 'pareto-nbd', ...read(found.at), logLikelihood: -found.value, members: h.members }
}

/** P(alive): the member lived until now, given the history. */
export const paretoNbdAlive = (p: Parameters, { repeats, recency, age }: MemberHistory): number => {
  const { lived, left } = fates(p, repeats, recency, age)
  return lived / (lived + left)
}

/** Expected time alive within the coming t of somebody alive whose lifetime has rate gamma(s, b); s = 1 is a removable pole. */
const timeAlive = (s: number, b: number, t: number): number => {
  const log = log1p(t / b)
  return abs(s - 1) < 1e-9 ? b * log : (-b * expm1((1 - s) * log)) / (s - 1)
}

/** Purchases of a new member within t. */
export const paretoNbdExpected = ({ r, alpha, s, beta }: Parameters, t: number): number =>
  (r / alpha) * timeAlive(s, beta, t)

/** Purchases within the coming t, given the history (Schmittlein, Morrison, Colombo 1987, equation 22). */
export const paretoNbdFuture = (p: Parameters, t: number, m: MemberHistory): number =>
  ((p.r + m.repeats) / (p.alpha + m.age)) * timeAlive(p.s, p.beta + m.age, t) * paretoNbdAlive(p, m)

/**
 * Probability of at least one purchase within the coming t, given the history: P(alive) times the density of the first coming purchase,
 * integrated over the time at which it comes before the member leaves.
 */
export const paretoNbdBuys = (p: Parameters, t: number, m: MemberHistory): number => {
  if (t <= 0) return 0
  const shape = p.r + m.repeats
  const rate = p.alpha + m.age
  const life = p.beta + m.age
  const smaller = min(rate, life)
  const from = log(smaller)
  let to = log(smaller + t)
  const fall = shape * log1p(t / rate) + p.s * log1p(t / life)
  // Where nearly all of it lies near the start, the rest is cut off as in `fates`.
  if (fall > negligible) to = from + ((to - from) * negligible) / fall
  const panels = ceil(max(min(fall, negligible) / fallPerPanel, (to - from) / widthPerPanel, 1))
  const buys = integrate(
    (v) => {
      const shifted = exp(v)
      const u = shifted - smaller
      return exp(-(shape + 1) * log1p(u / rate) - p.s * log1p(u / life)) * shifted
    },
    from,
    to,
    panels,
  )
  return min(1, (shape / rate) * buys) * paretoNbdAlive(p, m)
}
