import type { Db, Tx } from '../db/transaction'
import type { Attempt } from './entity'
import { afterFailure, type GuessPolicy, lockedSeconds } from './rules'

const select = 'SELECT failures, windowStartedAt, lockedUntil FROM attempt WHERE scope = ? AND target = ?'

/** Seconds for which guesses against a target are refused; 0 when they are not. Locks the counter where there is one. */
export const checkLock = async (tx: Tx, policy: GuessPolicy, target: string, now: number): Promise<number> => {
  const [row] = await tx.read<Attempt>(select + tx.lock, [policy.scope, target])
  return lockedSeconds(row, now)
}

/** Takes the counter of a target as a lock, for limits that are counted in rows of their own. */
export const holdTarget = async (tx: Tx, scope: string, target: string, now: number): Promise<void> => {
  await tx.insertNew('attempt', [{ scope, target, failures: 0, windowStartedAt: now, lockedUntil: null }])
  await tx.read(select + tx.lock, [scope, target])
}

/** Counts a wrong guess in the caller's transaction; answers the seconds of the lock-out that it caused, or 0. */
export const countFailure = async (tx: Tx, policy: GuessPolicy, target: string, now: number): Promise<number> => {
  const key = [policy.scope, target]
  let [row] = await tx.read<Attempt>(select + tx.lock, key)
  if (!row) {
    await holdTarget(tx, policy.scope, target, now)
    ;[row] = await tx.read<Attempt>(select + tx.lock, key)
  }
  const next = afterFailure(row, policy, now)
  tx.write('UPDATE attempt SET failures = ?, windowStartedAt = ?, lockedUntil = ? WHERE scope = ? AND target = ?', [
    next.failures,
    next.windowStartedAt,
    next.lockedUntil,
    ...key,
  ])
  return lockedSeconds(next, now)
}

/** Forgets the wrong guesses of a target that has just proved itself. */
export const clearFailures = (tx: Tx, policy: GuessPolicy, target: string): void =>
  tx.write('DELETE FROM attempt WHERE scope = ? AND target = ?', [policy.scope, target])

/**
 * Counts a guess as wrong before it is looked at, in a transaction of its own, and answers the seconds for which it is refused instead.
 * For secrets that take long to check: of a thousand guesses sent at once only the tolerated ones are ever compared. A right guess calls
 * `clearFailures`.
 */
export const reserveGuess = (db: Db, policy: GuessPolicy, target: string, now: number): Promise<number> =>
  db.tx(async (tx) => {
    const locked = await checkLock(tx, policy, target, now)
    if (locked) return locked
    await countFailure(tx, policy, target, now)
    return 0
  })
