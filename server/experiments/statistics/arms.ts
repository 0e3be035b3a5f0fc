/** Sums of one arm's outcomes: what has to be kept, however many members there are. */
export interface Sums {
  n: number
  sum: number
  sumSquares: number
  /** Whether the outcome is yes or no; then the variance is p(1 - p). */
  proportion?: boolean
}

/**
 * One arm, reduced to what every comparison needs: the mean of the outcome and, where there is one, of the covariate from before the
 * experiment, with the variances and the covariance of a single member. A ratio (revenue per order) is carried as its linearised form.
 */
export interface Arm {
  n: number
  mean: number
  variance: number
  /** Mean of the covariate; 0 without one. */
  before: number
  varianceBefore: number
  covariance: number
}

const meanOf = (s: Sums): number => (s.n ? s.sum / s.n : 0)

const varianceOf = (s: Sums): number => {
  if (s.n < 2) return 0
  const mean = meanOf(s)
  return s.proportion ? mean * (1 - mean) : Math.max(0, (s.sumSquares - (s.sum * s.sum) / s.n) / (s.n - 1))
}

const covarianceOf = (a: Sums, b: Sums, products: number): number => {
  if (a.n < 2) return 0
  return a.proportion && b.proportion
    ? products / a.n - (a.sum * b.sum) / (a.n * a.n)
    : (products - (a.sum * b.sum) / a.n) / (a.n - 1)
}

/** An arm of plain outcomes. */
export const armOf = (outcome: Sums): Arm => ({
  n: outcome.n,
  mean: meanOf(outcome),
  variance: varianceOf(outcome),
  before: 0,
  varianceBefore: 0,
  covariance: 0,
})

/**
 * An arm with a covariate from before the experiment.
 * @param products the sum of outcome × covariate over the members
 */
export const adjustableArm = (outcome: Sums, before: Sums, products: number): Arm => ({
  ...armOf(outcome),
  before: meanOf(before),
  varianceBefore: varianceOf(before),
  covariance: covarianceOf(outcome, before, products),
})

/** Sums of a ratio of two totals, such as revenue over orders. */
export interface RatioSums {
  top: Sums
  bottom: Sums
  /** Sum of top × bottom. */
  products: number
}

/** Variance of x/y of two means by the delta method, for a single member. */
const ratioVariance = (r: RatioSums): number => {
  const [m, d] = [meanOf(r.top), meanOf(r.bottom)]
  const covariance = covarianceOf(r.top, r.bottom, r.products)
  return varianceOf(r.top) / d ** 2 - (2 * covariance * m) / d ** 3 + (varianceOf(r.bottom) * m ** 2) / d ** 4
}

/** An arm whose outcome is a ratio of totals. */
export const ratioArm = (outcome: RatioSums): Arm => ({
  ...armOf(outcome.top),
  mean: outcome.bottom.sum ? outcome.top.sum / outcome.bottom.sum : 0,
  variance: outcome.bottom.sum ? ratioVariance(outcome) : 0,
})

/** Sums of products between a ratio's totals during and before the experiment. */
export interface CrossProducts {
  topTop: number
  bottomBottom: number
  topBottomBefore: number
  bottomTopBefore: number
}

/** An arm whose outcome and covariate are ratios; both are linearised, so that adjusting works as for means (Deng et al. 2018). */
export const adjustableRatioArm = (outcome: RatioSums, before: RatioSums, cross: CrossProducts): Arm => {
  const d = meanOf(outcome.bottom)
  const e = meanOf(before.bottom)
  const gradient = [1 / d, -meanOf(outcome.top) / d ** 2]
  const gradientBefore = [1 / e, -meanOf(before.top) / e ** 2]
  const covariances = [
    [
      covarianceOf(outcome.top, before.top, cross.topTop),
      covarianceOf(outcome.top, before.bottom, cross.topBottomBefore),
    ],
    [
      covarianceOf(outcome.bottom, before.top, cross.bottomTopBefore),
      covarianceOf(outcome.bottom, before.bottom, cross.bottomBottom),
    ],
  ]
  let covariance = 0
  for (const i of [0, 1]) for (const j of [0, 1]) covariance += gradient[i] * covariances[i][j] * gradientBefore[j]
  return {
    ...ratioArm(outcome),
    before: before.top.sum / before.bottom.sum,
    varianceBefore: ratioVariance(before),
    covariance,
  }
}

/**
 * θ of CUPED (Deng, Xu, Kohavi and Walker 2013): covariance over variance of the covariate, over all arms taken as one sample, which for
 * means includes what lies between the arms.
 */
export const pooledTheta = (arms: readonly Arm[]): number => {
  const n = arms.reduce((sum, a) => sum + a.n, 0)
  const mean = arms.reduce((sum, a) => sum + a.n * a.mean, 0) / n
  const before = arms.reduce((sum, a) => sum + a.n * a.before, 0) / n
  let variance = 0
  let covariance = 0
  for (const a of arms) {
    variance += (a.n - 1) * a.varianceBefore + a.n * (a.before - before) ** 2
    covariance += (a.n - 1) * a.covariance + a.n * (a.before - before) * (a.mean - mean)
  }
  return variance > 0 ? covariance / variance : 0
}

/** θ for ratios: the linearised ones have no common mean, so the arms' own (co)variances are averaged. */
export const averagedTheta = (arms: readonly Arm[]): number => {
  const variance = arms.reduce((sum, a) => sum + a.varianceBefore, 0)
  return variance > 0 ? arms.reduce((sum, a) => sum + a.covariance, 0) / variance : 0
}
