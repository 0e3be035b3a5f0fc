import { randomInt } from 'node:crypto'
import type { Output } from '../../shared/contract'
import { newId } from '../db/id'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { type AppError, refuse } from '../errors'
import { isSmsError } from '../integrations/sms/sender'
import type { Keys } from '../keys'
import { maskPhone } from '../mask'
import { checkLock, clearFailures, countFailure, holdTarget, phoneHashOf } from '../operators/service'
import type { SmsCode } from './entity'
import { memberPolicy, smsWaitMs } from './rules'

/** Six digits are few, so their hash is keyed, and bound to the phone. */
const codeHashOf = (keys: Keys, phoneHash: string, code: string): string =>
  keys.blind('sms-code', `${phoneHash}:${code}`)

/** Rows older than any limit looks back are forgotten when the phone asks again. */
const keptMs = 2 * 24 * 3_600_000

/** Writes a code down, within the limits of its phone; requests at once for one phone wait for each other. */
const reserveCode = (deps: Deps, phone: string, now: number): Promise<string> =>
  deps.db.tx(async (tx) => {
    const phoneHash = phoneHashOf(deps.keys, phone)
    await holdTarget(tx, 'sms-send', phoneHash, now)
    const sent = await tx.read<{ createdAt: number }>(
      'SELECT createdAt FROM sms_code WHERE phoneHash = ? ORDER BY createdAt DESC LIMIT 10',
      [phoneHash],
    )
    const waitMs = smsWaitMs(
      sent.map((s) => s.createdAt),
      now,
    )
    if (waitMs) throw refuse('sms_code_too_often', { retryAfterSeconds: Math.ceil(waitMs / 1000) })
    const code = String(randomInt(1_000_000)).padStart(6, '0')
    tx.write('DELETE FROM sms_code WHERE phoneHash = ? AND createdAt < ?', [phoneHash, now - keptMs])
    tx.insert('sms_code', [
      {
        id: newId(now),
        phoneHash,
        codeHash: codeHashOf(deps.keys, phoneHash, code),
        createdAt: now,
        expiresAt: now + memberPolicy.smsCodeMinutes * 60_000,
        attempts: 0,
        usedAt: null,
      },
    ])
    return code
  })

/** Sends a sign-in code to a phone. Runs outside any transaction, because it goes over the network. */
export const sendSmsCode = async ({
  deps,
  input,
  now,
}: {
  deps: Deps
  input: { phone: string }
  now: number
}): Promise<Output<'POST /auth/sms/codes'>> => {
  const isLocal = deps.env.SMS_DRIVER === 'log'
  // A shop that has not set up an SMS carrier must not pretend that a message is on its way.
  if (isLocal && deps.env.NODE_ENV === 'production') throw refuse('sms_unavailable')
  const code = await reserveCode(deps, input.phone, now)
  try {
    const params = { code, minutes: String(memberPolicy.smsCodeMinutes) }
    await deps.sms.send({ phone: input.phone, template: 'login-code', params })
  } catch (error) {
    if (!isSmsError(error)) throw error
    deps.log.warn({ kind: error.class, reason: error.message }, 'sms not sent')
    throw refuse('sms_unavailable')
  }
  return {
    sentTo: maskPhone(input.phone),
    resendAfterSeconds: memberPolicy.smsLimits[0].minutes * 60,
    ...(isLocal ? { standInCode: code } : {}),
  }
}

/**
 * Checks the code typed for a phone against the last one sent, and spends it. Answers a refusal (to be returned, so that the counted try
 * stays) or null.
 */
export const spendSmsCode = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  { phone, code, now }: { phone: string; code: string; now: number },
): Promise<AppError | null> => {
  const phoneHash = phoneHashOf(deps.keys, phone)
  const lockedFor = await checkLock(tx, memberPolicy.smsGuesses, phoneHash, now)
  if (lockedFor) return refuse('account_locked', { retryAfterSeconds: lockedFor })
  const [sent] = await tx.read<SmsCode>(
    `SELECT * FROM sms_code WHERE phoneHash = ? ORDER BY createdAt DESC, id DESC LIMIT 1${tx.lock}`,
    [phoneHash],
  )
  const dead = !sent || sent.usedAt || sent.expiresAt <= now || sent.attempts >= memberPolicy.smsCodeTries
  if (dead) return refuse('sms_code_wrong')
  if (sent.codeHash !== codeHashOf(deps.keys, phoneHash, code)) {
    tx.write('UPDATE sms_code SET attempts = attempts + 1 WHERE id = ?', [sent.id])
    await countFailure(tx, memberPolicy.smsGuesses, phoneHash, now)
    return refuse('sms_code_wrong')
  }
  tx.write('UPDATE sms_code SET usedAt = ? WHERE id = ?', [now, sent.id])
  clearFailures(tx, memberPolicy.smsGuesses, phoneHash)
  return null
}
