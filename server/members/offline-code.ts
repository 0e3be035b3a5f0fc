import { createHmac } from 'node:crypto'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { type AppError, refuse } from '../errors'
import type { CodeHandle } from './entity'
import { requireMember } from './lookup'
import { composeCode, memberPolicy, type ReadCode, readCode } from './rules'

const onlineMs = memberPolicy.codeStepSeconds * 1000
const offlineMs = memberPolicy.offlineStepSeconds * 1000

/** Five digits of one step under a device's key. Codes for a phone without network have a label of their own. */
export const otpOf = (key: string, generation: number, step: number, offline = false): string => {
  const text = offline ? `offline:${generation}:${step}` : `${generation}:${step}`
  return String(createHmac('sha256', key).update(text).digest().readUInt32BE(0) % 100_000).padStart(5, '0')
}

/** What a phone keeps for the time without network: one code for each half hour of the next day. They identify and earn, no more. */
export const offlineCodes = (handle: CodeHandle, key: string, now: number) => {
  const first = Math.floor(now / offlineMs)
  return {
    stepSeconds: memberPolicy.offlineStepSeconds,
    from: first * offlineMs,
    codes: Array.from({ length: memberPolicy.offlineSteps }, (_, i) =>
      composeCode({
        handle: handle.handle,
        otp: otpOf(key, handle.generation, first + i, true),
        offline: true,
      }),
    ),
  }
}

/** The step of an offline code at a moment, the one before counting too; null when it is no code of that time. */
export const offlineStep = (key: string, generation: number, otp: string, at: number): number | null => {
  const present = Math.floor(at / offlineMs)
  return [present, present - 1].find((step) => otpOf(key, generation, step, true) === otp) ?? null
}

/** A code of the till's offline queue that proved right, to be spent when its purchase is settled. */
export interface QueuedCode {
  memberId: string
  use: { handle: string; generation: number; step: number }
}

/** Steps around the till's clock that are believed: it cannot have asked the server what time it was. */
const skewSteps = { online: [0, -1, 1, -2, 2], offline: [0, -1, 1] }
/** Refreshes since the scan that are looked through: the member went on using the phone. */
const generationsBack = 20

const match = (parts: ReadCode, handle: CodeHandle, key: string, at: number): QueuedCode['use'] | null => {
  const present = Math.floor(at / (parts.offline ? offlineMs : onlineMs))
  const skews = parts.offline ? skewSteps.offline : skewSteps.online
  for (let g = handle.generation; g >= Math.max(0, handle.generation - generationsBack); g--)
    for (const skew of skews)
      if (otpOf(key, g, present + skew, parts.offline) === parts.otp)
        return { handle: handle.handle, generation: g, step: present + skew }
  return null
}

/**
 * Whose code a till scanned while it had no network, held against the time of the scan. Nothing is spent yet; the handle's row is locked,
 * so that what is unused now is unused when `spendQueued` writes.
 */
export const resolveQueued = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  code: string,
  at: number,
): Promise<QueuedCode | AppError> => {
  const parts = readCode(code)
  const [handle] = parts
    ? await tx.read<CodeHandle>(`SELECT * FROM code_handle WHERE handle = ?${tx.lock}`, [parts.handle])
    : []
  if (!parts || !handle) return refuse('member_code_invalid')
  const use = match(parts, handle, deps.keys.open(handle.keySealed), at)
  if (!use) return refuse('member_code_expired')
  const used = await tx.read('SELECT step FROM code_use WHERE handle = ? AND generation = ? AND step = ?', [
    use.handle,
    use.generation,
    use.step,
  ])
  if (used.length) return refuse('member_code_used')
  if ((await requireMember(tx, handle.memberId)).status !== 'active') return refuse('member_inactive')
  return { memberId: handle.memberId, use }
}

/** Spends codes whose purchases were settled. */
export const spendQueued = (tx: Tx, codes: readonly { use: QueuedCode['use']; at: number; storeId: string }[]): void =>
  tx.insert(
    'code_use',
    codes.map(({ use, at, storeId }) => ({ ...use, at, storeId })),
  )
