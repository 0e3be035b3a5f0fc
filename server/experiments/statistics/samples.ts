import { chiSquaredAbove, normalQuantile } from './distributions'

/** Below this the arms were not filled as planned, and no result of the experiment can be trusted (the usual bound of the trade). */
export const mismatchAlarm = 0.001

/**
 * Sample-ratio check: Pearson's χ² of the members each arm got against the shares it was to get.
 * @returns p; 1 for a single arm
 */
export const sampleRatioP = (counts: readonly number[], shares: readonly number[]): number => {
  const total = counts.reduce((a, b) => a + b, 0)
  const whole = shares.reduce((a, b) => a + b, 0)
  if (counts.length < 2 || !total) return 1
  const chi = counts.reduce((sum, n, i) => {
    const expected = (total * shares[i]) / whole
    return sum + (n - expected) ** 2 / expected
  }, 0)
  return chiSquaredAbove(chi, counts.length - 1)
}

/** Holm's correction for several arms against one control: keeps the chance of any false alarm below the level (Holm 1979). */
export const holm = (ps: readonly number[]): number[] => {
  const order = ps.map((_, i) => i).sort((a, b) => ps[a] - ps[b])
  const adjusted = [...ps]
  let floor = 0
  order.forEach((index, rank) => {
    floor = Math.max(floor, Math.min(1, ps[index] * (ps.length - rank)))
    adjusted[index] = floor
  })
  return adjusted
}

/** What a test is planned for. */
export interface Plan {
  /** Mean of the control: a rate between 0 and 1, or an amount. */
  mean: number
  /** Variance of one member's outcome; of a rate, p(1 - p). */
  variance: number
  alpha: number
  /** Chance of finding an effect that is there. */
  power: number
  /** Members in the treated arm for each one in the control. */
  ratio: number
}

/** (z of the level + z of the power)², for a two-sided test. */
const reach = ({ alpha, power }: Plan): number => (normalQuantile(1 - alpha / 2) + normalQuantile(power)) ** 2

/** The smallest relative lift that a control of `n` members finds with the planned power (normal approximation, equal variances). */
export const detectableLift = (plan: Plan, n: number): number =>
  Math.sqrt((reach(plan) * plan.variance * (1 + 1 / plan.ratio)) / n) / plan.mean

/** Members the control needs to find a relative lift with the planned power; a proportion's variance moves with its mean. */
export const membersFor = (plan: Plan, lift: number, proportion: boolean): number => {
  const lifted = plan.mean * (1 + lift)
  const varianceThen = proportion ? lifted * (1 - lifted) : plan.variance
  return Math.ceil((reach(plan) * (plan.variance + varianceThen / plan.ratio)) / (plan.mean * lift) ** 2)
}
