import {
  type Arm,
  adjustableRatioArm,
  armOf,
  averagedTheta,
  type RatioSums,
  type Sums,
} from '../../server/experiments/statistics/arms'
import {
  type Comparison,
  chanceToWin,
  compare,
  type Effect,
  oneLook,
} from '../../server/experiments/statistics/compare'
import { sampleRatioP } from '../../server/experiments/statistics/samples'

/**
 * Figures that the open-source engine of GrowthBook (packages/stats, MIT) states for its own tests, to five digits, and χ² values computed
 * with scipy. `found` is what this project computes for the same input.
 */
export interface Expected {
  name: string
  found: number
  expected: number
}

const sums = (n: number, sum: number, sumSquares: number): Sums => ({ n, sum, sumSquares })
const share = (sum: number, n: number): Sums => ({ n, sum, sumSquares: sum, proportion: true })

const treated = sums(3461, 2422.7, 134698.29)
const control = sums(3407, 1396.87, 52377.9767)
const smaller = { ...control, n: 3000 }
const relative = { ...oneLook, scale: 'relative' } as const

const found = (a: Arm, b: Arm, how: Comparison): Effect => {
  const effect = compare(a, b, how)
  if (typeof effect === 'string') throw new Error(`not comparable: ${effect}`)
  return effect
}

const ratio = (n: number, top: [number, number], bottom: [number, number], products: number): RatioSums => ({
  top: sums(n, ...top),
  bottom: sums(n, ...bottom),
  products,
})
const ratioControl = adjustableRatioArm(
  ratio(100, [485.112236689623, 2715.484666118136], [679.9093275844917, 4939.424001640236], 3602.146836776702),
  ratio(100, [192.59138069991536, 460.076026390857], [290.1398399750233, 920.9461385038898], 634.239482353647),
  {
    topTop: 1113.6215759318352,
    bottomBottom: 2130.9404074446747,
    topBottomBefore: 1559.2878434944676,
    bottomTopBefore: 1460.3181079276983,
  },
)
const ratioTreated = adjustableRatioArm(
  ratio(100, [514.7757826608777, 2994.897482705013], [705.4090874383759, 5291.36604146392], 3918.1561431600717),
  ratio(100, [206.94157227402536, 514.2903702246757], [302.54389139107326, 994.4506208125663], 698.4173425817908),
  {
    topTop: 1237.0953021125997,
    bottomBottom: 2292.081739775257,
    topBottomBefore: 1701.0287270040265,
    bottomTopBefore: 1604.0759503266522,
  },
)

type Wanted = Partial<Record<keyof Effect, number>>
const effects = (): { name: string; effect: Effect; wanted: Wanted }[] => {
  const sequential = { ...relative, sequentialTuning: 5000 }
  return [
    {
      name: 'mean, absolute',
      effect: found(armOf(control), armOf(treated), oneLook),
      wanted: { estimate: 0.29, standardError: 0.12478, low: 0.04538, high: 0.53462, p: 0.02016 },
    },
    {
      name: 'mean, relative',
      effect: found(armOf(control), armOf(treated), relative),
      wanted: { estimate: 0.70732, standardError: 0.37879, low: -0.03526, high: 1.44989, p: 0.06191 },
    },
    {
      name: 'proportion, relative',
      effect: found(armOf(share(14, 28)), armOf(share(16, 30)), relative),
      wanted: { estimate: 0.06667, standardError: 0.2717, low: -0.47767, high: 0.61101, p: 0.80707 },
    },
    {
      name: 'sequential mean, tuning 1000',
      effect: found(armOf(smaller), armOf(treated), { ...relative, sequentialTuning: 1000 }),
      wanted: { estimate: 0.50336, standardError: 0.33341, low: -0.55844, high: 1.56516, p: 1 },
    },
    {
      name: 'sequential proportion, tuning 5000',
      effect: found(armOf(share(1396, 3000)), armOf(share(2422, 3461)), sequential),
      wanted: { estimate: 0.50386, standardError: 0.03386, low: 0.40098, high: 0.60675, p: 0 },
    },
    {
      name: 'one-sided, relative',
      effect: found(armOf(smaller), armOf(treated), { ...relative, alternative: 'greater' }),
      wanted: { estimate: 0.50336, low: -0.04514, p: 0.06558 },
    },
    {
      name: 'one-sided, absolute',
      effect: found(armOf(smaller), armOf(treated), { ...oneLook, alternative: 'greater' }),
      wanted: { estimate: 0.23438, standardError: 0.12983, low: 0.02079, p: 0.03554 },
    },
    {
      name: 'ratio with CUPED, relative',
      effect: found(ratioControl, ratioTreated, { ...relative, theta: averagedTheta([ratioControl, ratioTreated]) }),
      wanted: { estimate: -0.0007, standardError: 0.00391, low: -0.00841, high: 0.007, p: 0.85771 },
    },
  ]
}

/** Every reference figure with what this project finds. */
export const references = (): Expected[] => {
  const bayes = found(armOf(share(49, 100)), armOf(share(51, 100)), relative)
  return [
    ...effects().flatMap(({ name, effect, wanted }) =>
      Object.entries(wanted).map(([figure, expected]) => ({
        name: `${name}: ${figure}`,
        found: effect[figure as keyof Effect],
        expected,
      })),
    ),
    { name: 'flat prior: lift', found: bayes.estimate, expected: 0.04082 },
    { name: 'flat prior: chance to win', found: chanceToWin(bayes), expected: 0.60918 },
    { name: 'sample ratio 1000:1200', found: sampleRatioP([1000, 1200], [1, 1]), expected: 2.0079e-5 },
    { name: 'sample ratio 5000:5300', found: sampleRatioP([5000, 5300], [1, 1]), expected: 0.0031167 },
    { name: 'sample ratio 50:50:53', found: sampleRatioP([50, 50, 53], [1, 1, 1]), expected: 0.94287 },
  ]
}

/** Figures are stated to five decimals, so half of the last one may be missing. */
export const tolerance = 1e-5
