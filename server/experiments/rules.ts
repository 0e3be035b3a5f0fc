import { hash } from 'node:crypto'

/** Where a member falls between 0 and 1 under a salt: always the same, evenly spread, and independent from one salt to another. */
export const placeOf = (salt: string, memberId: string): number =>
  // The first 48 bits. A whole campaign is divided by this, and the one-shot hash costs a third of a Hash object.
  Number.parseInt(hash('sha256', `${salt}\0${memberId}`, 'hex').slice(0, 12), 16) / 2 ** 48

/**
 * The arm of a member: sticky, because it depends on nothing but salt and member. Weights need not sum to anything; growing the last arm's
 * weight moves as few members as can be.
 * @param salt names the experiment, so that two experiments divide independently
 */
export const assign = <Arm extends { weight: number }>(salt: string, memberId: string, arms: readonly Arm[]): Arm => {
  const total = arms.reduce((sum, arm) => sum + arm.weight, 0)
  let place = placeOf(salt, memberId) * total
  for (const arm of arms) {
    place -= arm.weight
    if (place < 0) return arm
  }
  return arms[arms.length - 1]
}

/** Whether a member is held back as control. @param percent 0 … 100 */
export const isHeld = (salt: string, memberId: string, percent: number): boolean =>
  percent > 0 && placeOf(salt, memberId) * 100 < percent

/** Salt of the holdout that spans all journeys and campaigns. */
export const globalHoldoutSalt = 'global-holdout'

/** What the money figures assume until the shop says otherwise. */
export const experimentDefaults = {
  /** Members held back from everything, in per cent. */
  holdoutPercent: 0,
  /** What is left of a yuan of revenue before the cost of the campaign, in per cent. */
  marginPercent: 40,
  /** What a point costs the shop, in hundredths of a fen: 100 points = 1 yuan. */
  pointCostBp: 100,
  /** What an SMS costs, in fen. */
  smsFen: 5,
} as const

/** Days after entering in which orders are counted, and before it for the covariate. */
export const outcomeWindow = { usual: 30, longest: 180 } as const
