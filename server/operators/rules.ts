import type { Role } from '../../shared/permissions'

/** How many wrong guesses are tolerated, in which window, and how long a lock-out lasts. */
export interface GuessPolicy {
  /** Names the counter: guesses of one kind never lock another. */
  scope: string
  failures: number
  windowMinutes: number
  lockMinutes: number
}

/** Policy numbers of sign-in. */
export const signInPolicy = {
  /** A member stays signed in on a device that is used at least this often. */
  memberRefreshDays: 90,
  /** Staff and operators sign in once a day; a till system keeps itself alive by refreshing. */
  operatorRefreshDays: 1,
  posRefreshDays: 30,
  passwordGuesses: { scope: 'password', failures: 5, windowMinutes: 15, lockMinutes: 15 } satisfies GuessPolicy,
} as const

/** Failed guesses as a row keeps them. */
export interface Guesses {
  failures: number
  windowStartedAt: number
  lockedUntil: number | null
}

/** Whole seconds until the lock ends; 0 when nothing is locked. */
export const lockedSeconds = (guesses: Guesses | undefined, now: number): number =>
  guesses?.lockedUntil && guesses.lockedUntil > now ? Math.ceil((guesses.lockedUntil - now) / 1000) : 0

/** The row after one more failed guess. A window that has passed starts anew; the failure that fills it locks. */
export const afterFailure = (guesses: Guesses | undefined, policy: GuessPolicy, now: number): Guesses => {
  const running = guesses && now - guesses.windowStartedAt < policy.windowMinutes * 60_000
  const failures = running ? guesses.failures + 1 : 1
  return {
    failures,
    windowStartedAt: running ? guesses.windowStartedAt : now,
    lockedUntil: failures >= policy.failures ? now + policy.lockMinutes * 60_000 : null,
  }
}

/** Roles that work for the whole group when no store is named; counter roles must name theirs. */
const groupRoles: readonly Role[] = ['owner', 'operator', 'auditor', 'pos']

/** Whether an account with this role and these stores works in every store, now and later; null when it would work nowhere. */
export const reachOf = (role: Role, storeIds: readonly string[]): { allStores: boolean } | null => {
  if (storeIds.length) return { allStores: false }
  return groupRoles.includes(role) ? { allStores: true } : null
}
