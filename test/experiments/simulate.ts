import { type Arm, adjustableArm, armOf, pooledTheta, type Sums } from '../../server/experiments/statistics/arms'
import { type Comparison, compare, type Effect, oneLook } from '../../server/experiments/statistics/compare'
import { seededRandom } from '../../server/scores/models/random'

/**
 * Experiments made up with a known truth, to count how often the statistics say something wrong. Outcomes are skewed amounts, as orders
 * are: most members buy nothing, the others spend exponentially.
 */
const buys = 0.3

const draw = (random: () => number, mean: number): number =>
  random() < buys ? -Math.log(1 - random()) * (mean / buys) : 0

const add = (sums: Sums, x: number): void => {
  sums.n++
  sums.sum += x
  sums.sumSquares += x * x
}
const nothing = (): Sums => ({ n: 0, sum: 0, sumSquares: 0 })

const effectOf = (control: Arm, treated: Arm, how: Comparison): Effect => {
  const effect = compare(control, treated, how)
  if (typeof effect === 'string') throw new Error(`not comparable: ${effect}`)
  return effect
}

/** Shares of experiments without any effect in which something is found. */
export const falseAlarms = ({
  runs,
  seed,
  membersPerArm = 1000,
  peeks = 20,
}: {
  runs: number
  seed: number
  membersPerArm?: number
  peeks?: number
}): { fixed: number; sequential: number; naivePeeking: number; ps: number[] } => {
  const random = seededRandom(seed)
  const ps: number[] = []
  const found = { fixed: 0, sequential: 0, naivePeeking: 0 }
  const sequentially: Comparison = { ...oneLook, sequentialTuning: membersPerArm * 2 }
  for (let run = 0; run < runs; run++) {
    const [control, treated] = [nothing(), nothing()]
    let [naive, sequential, last] = [false, false, 1]
    for (let peek = 0; peek < peeks; peek++) {
      for (let i = 0; i < membersPerArm / peeks; i++) {
        add(control, draw(random, 100))
        add(treated, draw(random, 100))
      }
      last = effectOf(armOf(control), armOf(treated), oneLook).p
      naive ||= last < oneLook.alpha
      sequential ||= effectOf(armOf(control), armOf(treated), sequentially).p < oneLook.alpha
    }
    ps.push(last)
    if (last < oneLook.alpha) found.fixed++
    if (sequential) found.sequential++
    if (naive) found.naivePeeking++
  }
  return {
    fixed: found.fixed / runs,
    sequential: found.sequential / runs,
    naivePeeking: found.naivePeeking / runs,
    ps,
  }
}

/** Share of experiments with a true lift of 10 % whose 95 % interval of the lift holds it. */
export const coverageOfPlanted = ({
  runs,
  seed,
  membersPerArm = 1000,
}: {
  runs: number
  seed: number
  membersPerArm?: number
}): number => {
  const random = seededRandom(seed)
  let covered = 0
  for (let run = 0; run < runs; run++) {
    const [control, treated] = [nothing(), nothing()]
    for (let i = 0; i < membersPerArm; i++) {
      add(control, draw(random, 100))
      add(treated, draw(random, 110))
    }
    const { low, high } = effectOf(armOf(control), armOf(treated), { ...oneLook, scale: 'relative' })
    if (low <= 0.1 && 0.1 <= high) covered++
  }
  return covered / runs
}

/** Share of the variance that CUPED takes away where outcome and covariate are normal with a known correlation. */
export const varianceSavedByCuped = ({
  correlation,
  members,
  seed,
}: {
  correlation: number
  members: number
  seed: number
}): number => {
  const random = seededRandom(seed)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const arm = (): Arm => {
    const [outcome, before] = [nothing(), nothing()]
    let products = 0
    for (let i = 0; i < members; i++) {
      const x = normal()
      const y = 5 + correlation * x + Math.sqrt(1 - correlation ** 2) * normal()
      add(outcome, y)
      add(before, x)
      products += x * y
    }
    return adjustableArm(outcome, before, products)
  }
  const [control, treated] = [arm(), arm()]
  const plain = effectOf(control, treated, oneLook).standardError
  const adjusted = effectOf(control, treated, { ...oneLook, theta: pooledTheta([control, treated]) }).standardError
  return 1 - (adjusted / plain) ** 2
}

/** Distance of p-values from an even spread: Kolmogorov and Smirnov's D, and its bound at 1 %. */
export const unevenness = (ps: readonly number[]): { distance: number; bound: number } => {
  const sorted = [...ps].sort((a, b) => a - b)
  const distance = sorted.reduce(
    (d, p, i) => Math.max(d, Math.abs(p - i / ps.length), Math.abs(p - (i + 1) / ps.length)),
    0,
  )
  return { distance, bound: 1.63 / Math.sqrt(ps.length) }
}
