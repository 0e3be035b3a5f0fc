import { createHash, randomBytes } from 'node:crypto'
import type { Output } from '../../shared/contract'
import { DAY_MS } from '../../shared/time'
import { newId } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { type AppError, refuse } from '../errors'
import { accessTtlMs, signAccess } from '../http/auth'
import type { Session } from './entity'
import { signInPolicy } from './rules'

type SessionView = Output<'POST /auth/refresh'>
export interface Device {
  id: string
  platform: string
}
/** Who signs in, and from where. */
export interface Opening {
  kind: 'member' | 'operator'
  subjectId: string
  device: Device
  now: number
  joined?: boolean
}

/** A refresh token has 256 random bits, so a plain digest keeps it as safe as a slow one would. */
const digest = (token: string): string => createHash('sha256').update(token).digest('base64url')

const refreshDays = async (db: Reader, kind: string, subjectId: string): Promise<number> => {
  if (kind === 'member') return signInPolicy.memberRefreshDays
  const [operator] = await db.read<{ role: string }>('SELECT role FROM operator WHERE id = ?', [subjectId])
  return operator?.role === 'pos' ? signInPolicy.posRefreshDays : signInPolicy.operatorRefreshDays
}

const viewOf = async (
  deps: Pick<Deps, 'keys'>,
  session: Pick<Session, 'id' | 'kind' | 'subjectId' | 'deviceId' | 'expiresAt'>,
  refreshToken: string,
  { now, joined }: { now: number; joined: boolean },
): Promise<SessionView> => {
  const kind = session.kind === 'member' ? 'member' : 'operator'
  const claims = { kind, subjectId: session.subjectId, sessionId: session.id, deviceId: session.deviceId } as const
  return {
    accessToken: await signAccess(deps, claims, now),
    accessExpiresAt: now + accessTtlMs,
    refreshToken,
    refreshExpiresAt: session.expiresAt,
    kind,
    joined,
  }
}

/** Opens a session for somebody who has proved who they are; answers its tokens and its id. */
export const openSession = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  { kind, subjectId, device, now, joined = false }: Opening,
): Promise<SessionView & { sessionId: string }> => {
  const refreshToken = randomBytes(32).toString('base64url')
  const session: Session = {
    id: newId(now),
    kind,
    subjectId,
    deviceId: device.id,
    platform: device.platform,
    refreshHash: digest(refreshToken),
    previousHash: null,
    createdAt: now,
    refreshedAt: now,
    expiresAt: now + (await refreshDays(tx, kind, subjectId)) * DAY_MS,
    revokedAt: null,
  }
  tx.insert('session', [{ ...session }])
  return { ...(await viewOf(deps, session, refreshToken, { now, joined })), sessionId: session.id }
}

/** Whether whoever holds the session may still have one. */
const standing = async (tx: Tx, session: Session): Promise<boolean> => {
  const [row] =
    session.kind === 'operator'
      ? await tx.read<{ ok: number }>('SELECT active AS ok FROM operator WHERE id = ?', [session.subjectId])
      : [{ ok: 1 }]
  return row?.ok === 1
}

/**
 * Swaps a refresh token for a new pair. The old token is spent; when it turns up again somebody has a copy, and the whole session ends.
 * The refusal is returned, so that the revocation stays.
 */
export const refreshSession = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  { refreshToken, now }: { refreshToken: string; now: number },
): Promise<SessionView | AppError> => {
  const hash = digest(refreshToken)
  const [session] = await tx.read<Session>(`SELECT * FROM session WHERE refreshHash = ?${tx.lock}`, [hash])
  if (!session) {
    const stolen = await tx.run(
      'UPDATE session SET revokedAt = ? WHERE previousHash = ? AND revokedAt IS NULL AND refreshHash <> ?',
      [now, hash, hash],
    )
    return refuse(stolen ? 'session_revoked' : 'session_expired')
  }
  if (session.revokedAt || !(await standing(tx, session))) return refuse('session_revoked')
  if (session.expiresAt <= now) return refuse('session_expired')
  const next = randomBytes(32).toString('base64url')
  const expiresAt = now + (await refreshDays(tx, session.kind, session.subjectId)) * DAY_MS
  tx.write('UPDATE session SET refreshHash = ?, previousHash = ?, refreshedAt = ?, expiresAt = ? WHERE id = ?', [
    digest(next),
    hash,
    now,
    expiresAt,
    session.id,
  ])
  if (session.kind === 'operator') tx.write('UPDATE operator SET lastSeenAt = ? WHERE id = ?', [now, session.subjectId])
  return viewOf(deps, { ...session, expiresAt }, next, { now, joined: false })
}

/** Ends the session of a refresh token, the present or the last one; an unknown token changes nothing. */
export const closeSession = (tx: Tx, refreshToken: string, now: number): void => {
  const hash = digest(refreshToken)
  tx.write('UPDATE session SET revokedAt = ? WHERE (refreshHash = ? OR previousHash = ?) AND revokedAt IS NULL', [
    now,
    hash,
    hash,
  ])
}

/** Ends every session of one person. */
export const closeSessionsOf = (tx: Tx, kind: 'member' | 'operator', subjectId: string, now: number): void =>
  tx.write('UPDATE session SET revokedAt = ? WHERE kind = ? AND subjectId = ? AND revokedAt IS NULL', [
    now,
    kind,
    subjectId,
  ])

/** The device of a session. */
export const deviceOf = async (db: Reader, sessionId: string): Promise<Device> => {
  const [session] = await db.read<Session>('SELECT deviceId, platform FROM session WHERE id = ?', [sessionId])
  if (!session) throw refuse('session_revoked')
  return { id: session.deviceId, platform: session.platform }
}

/** Whether a session is neither revoked nor past its end. */
export const isSessionOpen = async (db: Reader, sessionId: string, now: number): Promise<boolean> => {
  const [session] = await db.read<Session>('SELECT revokedAt, expiresAt FROM session WHERE id = ?', [sessionId])
  return !!session && !session.revokedAt && session.expiresAt > now
}

/** Whether two members have ever signed in on one device. */
export const sharesDevice = async (db: Reader, memberId: string, otherId: string): Promise<boolean> => {
  const rows = await db.read(
    `SELECT a.id FROM session a JOIN session b ON b.deviceId = a.deviceId AND b.kind = 'member' AND b.subjectId = ?
     WHERE a.kind = 'member' AND a.subjectId = ? LIMIT 1`,
    [otherId, memberId],
  )
  return rows.length > 0
}
