import type { Output, Parsed } from '../../shared/contract'
import { newId } from '../db/id'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { type AppError, refuse } from '../errors'
import { operatorByUsername } from './accounts'
import { clearFailures, reserveGuess } from './attempts'
import { recordAudit } from './audit'
import type { Operator } from './entity'
import { passwordFits } from './passwords'
import { signInPolicy } from './rules'
import { type Device, openSession } from './sessions'

type SignIn = { deps: Deps; input: Parsed<'POST /auth/operator'>; now: number }

/** Whose password this is, or nobody's. The guess is counted before it is compared, so that guesses sent at once are counted too. */
export const checkPassword = async ({ deps, input, now }: SignIn): Promise<Operator | null> => {
  const username = input.username.toLowerCase()
  const lockedFor = await reserveGuess(deps.db, signInPolicy.passwordGuesses, username, now)
  if (lockedFor) throw refuse('account_locked', { retryAfterSeconds: lockedFor })
  const operator = await operatorByUsername(deps.db, username)
  return (await passwordFits(operator?.passwordHash, input.password)) && operator ? operator : null
}

/** Opens a session for an account and writes it down in the audit. */
export const openOperatorSession = async (
  tx: Tx,
  c: { deps: Deps; now: number; ip: string; requestId: string },
  operator: Pick<Operator, 'id' | 'active'>,
  device: Device,
  how: string,
): Promise<Output<'POST /auth/operator'>> => {
  if (!operator.active) throw refuse('account_disabled')
  tx.write('UPDATE operator SET lastSeenAt = ? WHERE id = ?', [c.now, operator.id])
  const audited = { ...c, actor: { operatorId: operator.id }, input: { platform: device.platform } }
  recordAudit(tx, newId(c.now), audited, how, operator.id)
  return openSession(tx, c.deps, { kind: 'operator', subjectId: operator.id, device, now: c.now })
}

/** Signs in whoever `checkPassword` found. */
export const signInOperator = async (
  c: SignIn & { tx: Tx; ip: string; requestId: string; fetched: Operator | null },
): Promise<Output<'POST /auth/operator'> | AppError> => {
  if (!c.fetched) return refuse('wrong_credentials')
  clearFailures(c.tx, signInPolicy.passwordGuesses, c.input.username.toLowerCase())
  return openOperatorSession(c.tx, c, c.fetched, c.input.device, 'POST /auth/operator')
}
