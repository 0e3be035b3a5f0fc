import { type Arm, adjustableArm, armOf, pooledTheta, type Sums } from './arms'
import { type Comparison, compare, type Effect, type Incomparable, oneLook } from './compare'
import { holm, mismatchAlarm, sampleRatioP } from './samples'

/** One arm as it was counted, by assignment: who was to be treated counts as treated (intention to treat). */
export interface CountedArm {
  name: string
  /** Its share of the assignment; only the proportions matter. */
  share: number
  outcome: Sums
  /** The same outcome before the experiment, and the sum of outcome × before; null where it is not known. */
  before: { sums: Sums; products: number } | null
}

/** What one arm shows against the control. */
export interface ArmResult {
  name: string
  n: number
  mean: number
  /** Null in the control itself. */
  against: {
    difference: Effect | Incomparable
    /** As a share of the control's mean. */
    lift: Effect | Incomparable
    /** The difference with an interval that holds however often one looks. */
    sequential: Effect | Incomparable
    /** p after Holm's correction over the arms; null where nothing could be compared. */
    corrected: number | null
  } | null
}

/** What the whole experiment shows. */
export interface Analysis {
  /** p of the sample-ratio check; below `mismatchAlarm` nothing else may be believed. */
  sampleRatioP: number
  mismatch: boolean
  /** Share of the variance that the covariate took away; 0 without one. */
  varianceSaved: number
  arms: ArmResult[]
}

const toArm = (c: CountedArm): Arm =>
  c.before ? adjustableArm(c.outcome, c.before.sums, c.before.products) : armOf(c.outcome)

/**
 * Analyses an experiment from the sums of its arms. The first arm is the control.
 * @param alpha chance of a false alarm over all arms together, after Holm
 * @param sequentialTuning number of members at which the always-valid interval is narrowest
 */
export const analyse = (
  counted: readonly CountedArm[],
  { alpha = oneLook.alpha, sequentialTuning = 5000 }: { alpha?: number; sequentialTuning?: number } = {},
): Analysis => {
  const arms = counted.map(toArm)
  const theta = counted.every((c) => c.before) ? pooledTheta(arms) : 0
  const how: Comparison = { ...oneLook, alpha, theta }
  const [control, ...treated] = arms
  const differences = treated.map((arm) => compare(control, arm, how))
  const comparable = differences.filter((d): d is Effect => typeof d !== 'string')
  const corrected = holm(comparable.map((d) => d.p))
  const correctedOf = new Map(comparable.map((d, i) => [d, corrected[i]]))
  const p = sampleRatioP(
    counted.map((c) => c.outcome.n),
    counted.map((c) => c.share),
  )
  const whole = arms.reduce((sum, a) => sum + a.n * a.variance, 0)
  const left = arms.reduce(
    (sum, a) => sum + a.n * (a.variance + theta * theta * a.varianceBefore - 2 * theta * a.covariance),
    0,
  )
  return {
    sampleRatioP: p,
    mismatch: p < mismatchAlarm,
    varianceSaved: whole > 0 ? 1 - left / whole : 0,
    arms: counted.map((c, i) => ({
      name: c.name,
      n: c.outcome.n,
      mean: arms[i].mean,
      against:
        i === 0
          ? null
          : {
              difference: differences[i - 1],
              lift: compare(control, arms[i], { ...how, scale: 'relative' }),
              sequential: compare(control, arms[i], { ...how, sequentialTuning }),
              corrected: correctedOf.get(differences[i - 1] as Effect) ?? null,
            },
    })),
  }
}

/** What may be said of one arm. */
export type Verdict = 'mismatch' | 'too_few' | 'better' | 'worse' | 'no_conclusion'

/** The verdict on an arm: a mismatch spoils all, and an interval that holds zero proves nothing in either direction. */
export const verdictOn = (analysis: Analysis, arm: ArmResult, alpha = oneLook.alpha): Verdict => {
  if (analysis.mismatch) return 'mismatch'
  if (!arm.against || typeof arm.against.difference === 'string' || arm.against.corrected === null) return 'too_few'
  if (arm.against.corrected > alpha) return 'no_conclusion'
  return arm.against.difference.estimate > 0 ? 'better' : 'worse'
}
