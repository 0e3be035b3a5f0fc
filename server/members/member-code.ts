import { randomBytes, randomInt } from 'node:crypto'
import type { Output } from '../../shared/contract'
import { newId } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { type AppError, refuse } from '../errors'
import type { MemberActor } from '../http/actor'
import { checkLock, countFailure, isSessionOpen } from '../operators/service'
import type { CodeHandle } from './entity'
import { requireMember } from './lookup'
import { offlineCodes, offlineStep, otpOf } from './offline-code'
import { composeCode, memberPolicy, readCode } from './rules'

const stepMs = memberPolicy.codeStepSeconds * 1000
const stepAt = (now: number): number => Math.floor(now / stepMs)
const handleDraws = 20

/** Gives a signed-in device its handle: nine random digits that say nothing about the member, and a key of its own. */
export const openHandle = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  { memberId, sessionId, now }: { memberId: string; sessionId: string; now: number },
): Promise<void> => {
  const row = { memberId, sessionId, createdAt: now, generation: 0 }
  for (let draw = 0; draw < handleDraws; draw++) {
    const handle = String(randomInt(1_000_000_000)).padStart(9, '0')
    const keySealed = deps.keys.seal(randomBytes(32).toString('base64url'))
    if (await tx.insertNew('code_handle', [{ ...row, handle, keySealed }])) return
    const [own] = await tx.read('SELECT handle FROM code_handle WHERE sessionId = ?', [sessionId])
    if (own) return
  }
  throw new Error(`No free code handle in ${handleDraws} draws`)
}

const handleOfSession = async (db: Reader, sessionId: string): Promise<CodeHandle | undefined> =>
  (await db.read<CodeHandle>('SELECT * FROM code_handle WHERE sessionId = ?', [sessionId]))[0]

/**
 * The codes of this device: the present step and the next ones. A refresh makes every code shown so far worthless, which is what a
 * member wants after a screenshot or a scan.
 */
export const issueCodes = async (
  deps: Deps,
  actor: MemberActor,
  { refresh, now }: { refresh: boolean; now: number },
): Promise<Output<'GET /me/code'>> => {
  const { memberId, sessionId } = actor
  let handle = await handleOfSession(deps.db, sessionId)
  if (!handle || refresh) {
    handle = await deps.db.tx(async (tx) => {
      if (!handle) await openHandle(tx, deps, { memberId, sessionId, now })
      if (refresh) tx.write('UPDATE code_handle SET generation = generation + 1 WHERE sessionId = ?', [sessionId])
      return handleOfSession(tx, sessionId)
    })
  }
  if (!handle) throw refuse('session_revoked')
  const { generation } = handle
  const key = deps.keys.open(handle.keySealed)
  const steps = Array.from({ length: memberPolicy.codeStepsAhead + 1 }, (_, i) => stepAt(now) + i)
  return {
    serverTime: now,
    stepSeconds: memberPolicy.codeStepSeconds,
    codes: steps.map((step) => ({
      code: composeCode({ handle: (handle as CodeHandle).handle, otp: otpOf(key, generation, step) }),
      from: step * stepMs,
      until: (step + 1) * stepMs,
    })),
    offline: offlineCodes(handle, key, now),
  }
}

/** What a one-time part turns out to be. */
type Reading = { kind: 'good'; step: number } | { kind: 'stale' } | { kind: 'wrong' }

const read = (key: string, generation: number, otp: string, now: number): Reading => {
  const present = stepAt(now)
  for (const step of [present, present - 1]) if (otpOf(key, generation, step) === otp) return { kind: 'good', step }
  // A code that was right once, was refreshed away or is not due yet is no guess: it is refused without being counted.
  for (let g = generation; g >= Math.max(0, generation - 3); g--)
    for (let step = present + memberPolicy.codeStepsAhead; step > present - memberPolicy.codeHistorySteps; step--)
      if (otpOf(key, g, step) === otp) return { kind: 'stale' }
  return { kind: 'wrong' }
}

/** An offline code that is not of this half hour is merely old: a phone shows what it has. A wrong one is counted like any guess. */
const readOffline = (key: string, generation: number, otp: string, now: number): Reading => {
  const step = offlineStep(key, generation, otp, now)
  if (step !== null) return { kind: 'good', step }
  const halfDays = Array.from({ length: 2 * memberPolicy.offlineSteps }, (_, i) => i - memberPolicy.offlineSteps)
  const known = halfDays.some(
    (i) => offlineStep(key, generation, otp, now + i * memberPolicy.offlineStepSeconds * 1000) !== null,
  )
  return { kind: known ? 'stale' : 'wrong' }
}

/** A scan at the counter. */
export interface ScannedCode {
  code: string
  storeId: string
  operatorId: string
  now: number
}

/**
 * Whose code this is, and spends it. The refusal is returned, so that its row in code_refusal and the counted guess stay. The handle's row
 * is locked first: of fifty scans of one code at once one succeeds, and guesses at one handle are counted one by one.
 */
export const resolveCode = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  { code, storeId, operatorId, now }: ScannedCode,
): Promise<{ memberId: string; via: 'code' | 'offline' } | AppError> => {
  const parts = readCode(code)
  const [handle] = parts
    ? await tx.read<CodeHandle>(`SELECT * FROM code_handle WHERE handle = ?${tx.lock}`, [parts.handle])
    : []
  const no = (refusal: AppError): AppError => {
    tx.insert('code_refusal', [
      {
        id: newId(now),
        at: now,
        memberId: handle?.memberId ?? null,
        storeId,
        operatorId,
        refusal: refusal.code,
        handle: parts?.handle ?? null,
      },
    ])
    return refusal
  }
  if (!parts) return no(refuse('member_code_invalid'))
  const { codeGuessesOfOperator: ofOperator, codeGuessesOfHandle: ofHandle } = memberPolicy
  const lockedFor = Math.max(
    await checkLock(tx, ofHandle, parts.handle, now),
    await checkLock(tx, ofOperator, operatorId, now),
  )
  if (lockedFor) return no(refuse('member_code_locked', { retryAfterSeconds: lockedFor }))
  const reading: Reading = handle
    ? (parts.offline ? readOffline : read)(deps.keys.open(handle.keySealed), handle.generation, parts.otp, now)
    : { kind: 'wrong' }
  if (!handle || reading.kind === 'wrong') {
    if (handle) await countFailure(tx, ofHandle, parts.handle, now)
    await countFailure(tx, ofOperator, operatorId, now)
    return no(refuse('member_code_invalid'))
  }
  if (!(await isSessionOpen(tx, handle.sessionId, now))) return no(refuse('member_code_invalid'))
  if (reading.kind === 'stale') return no(refuse('member_code_expired'))
  const { memberId, generation } = handle
  if ((await requireMember(tx, memberId)).status !== 'active') return no(refuse('member_inactive'))
  const fresh = await tx.insertNew('code_use', [
    { handle: handle.handle, generation, step: reading.step, at: now, storeId },
  ])
  return fresh ? { memberId, via: parts.offline ? 'offline' : 'code' } : no(refuse('member_code_used'))
}
