import { jwtVerify, SignJWT } from 'jose'
import type { Role } from '../../shared/permissions'
import type { Deps } from '../deps'
import { AppError, refuse } from '../errors'
import type { Actor } from './actor'

/** Life of an access token. Short, because a replica believes it for up to `recheckMs` after the session was revoked elsewhere. */
export const accessTtlMs = 15 * 60_000
const recheckMs = 5_000
const cacheSize = 50_000

interface Claims {
  kind: 'member' | 'operator'
  subjectId: string
  sessionId: string
  deviceId: string
}

/** A signed access token for a session that was just opened or refreshed. */
export const signAccess = (deps: Pick<Deps, 'keys'>, claims: Claims, now: number): Promise<string> =>
  new SignJWT({ k: claims.kind, sid: claims.sessionId, dev: claims.deviceId })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(claims.subjectId)
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor((now + accessTtlMs) / 1000))
    .sign(deps.keys.tokenKey)

interface Known {
  actor: Actor
  expiresAt: number
  recheckAt: number
}
/** Answers who a bearer token belongs to; remembers it for five seconds, so that a busy caller costs no query a request. */
export interface Authenticator {
  authenticate(header: string | undefined, ip: string): Promise<Actor>
  /** Forgets what is remembered of a session that this process has just revoked. */
  forget(sessionId: string): void
}

export const createAuthenticator = (deps: Deps): Authenticator => {
  const known = new Map<string, Known>()
  const underWay = new Map<string, Promise<Actor>>()

  const load = async (claims: Claims): Promise<Actor> => {
    const [session] = await deps.db.read<{ revokedAt: number | null }>(
      'SELECT revokedAt FROM session WHERE id = ? AND subjectId = ?',
      [claims.sessionId, claims.subjectId],
    )
    if (!session || session.revokedAt) throw refuse('session_revoked')
    if (claims.kind === 'member') {
      const [member] = await deps.db.read<{ status: string }>('SELECT status FROM member WHERE id = ?', [
        claims.subjectId,
      ])
      if (member?.status !== 'active') throw refuse('member_inactive')
      return {
        kind: 'member',
        id: `m-${claims.subjectId}`,
        memberId: claims.subjectId,
        sessionId: claims.sessionId,
        deviceId: claims.deviceId,
      }
    }
    const [operator] = await deps.db.read<{ name: string; role: Role; active: number; allStores: number }>(
      'SELECT name, role, active, allStores FROM operator WHERE id = ?',
      [claims.subjectId],
    )
    if (!operator?.active) throw refuse('account_disabled')
    const stores = operator.allStores
      ? null
      : await deps.db.read<{ storeId: string }>('SELECT storeId FROM operator_store WHERE operatorId = ?', [
          claims.subjectId,
        ])
    return {
      kind: 'operator',
      id: `o-${claims.subjectId}`,
      operatorId: claims.subjectId,
      name: operator.name,
      role: operator.role,
      sessionId: claims.sessionId,
      storeIds: stores ? stores.map((s) => s.storeId) : null,
    }
  }
  const verify = async (token: string, now: number): Promise<{ claims: Claims; expiresAt: number }> => {
    try {
      const { payload } = await jwtVerify(token, deps.keys.tokenKey, {
        algorithms: ['HS256'],
        currentDate: new Date(now),
      })
      return {
        claims: {
          kind: payload.k as Claims['kind'],
          subjectId: String(payload.sub),
          sessionId: String(payload.sid),
          deviceId: String(payload.dev),
        },
        expiresAt: (payload.exp ?? 0) * 1000,
      }
    } catch {
      // Expired, forged or garbled: the caller gets a fresh one the same way.
      throw refuse('session_expired')
    }
  }
  const recheck = async (token: string, hit: Known | undefined, now: number): Promise<Actor> => {
    const { claims, expiresAt } =
      hit && hit.expiresAt > now ? { claims: claimsOf(hit.actor), expiresAt: hit.expiresAt } : await verify(token, now)
    try {
      const actor = await load(claims)
      if (known.size >= cacheSize) known.clear()
      known.set(token, { actor, expiresAt, recheckAt: now + recheckMs })
      return actor
    } catch (error) {
      if (error instanceof AppError) known.delete(token)
      throw error
    }
  }
  return {
    authenticate: async (header, ip) => {
      if (!header) return { kind: 'visitor', id: `v-${ip}` }
      const token = /^Bearer ([\w.-]{20,2000})$/.exec(header)?.[1]
      if (!token) throw refuse('unauthenticated')
      const now = deps.clock.now()
      const hit = known.get(token)
      if (hit && hit.expiresAt > now && hit.recheckAt > now) return hit.actor
      // A busy caller's token is looked up once, however many of its requests are waiting for the answer.
      const waiting = underWay.get(token)
      if (waiting) return waiting
      const asked = recheck(token, hit, now).finally(() => underWay.delete(token))
      underWay.set(token, asked)
      return asked
    },
    forget: (sessionId) => {
      for (const [token, k] of known)
        if (k.actor.kind !== 'visitor' && k.actor.sessionId === sessionId) known.delete(token)
    },
  }
}

const claimsOf = (actor: Actor): Claims => {
  if (actor.kind === 'visitor') throw refuse('unauthenticated')
  return actor.kind === 'member'
    ? { kind: 'member', subjectId: actor.memberId, sessionId: actor.sessionId, deviceId: actor.deviceId }
    : { kind: 'operator', subjectId: actor.operatorId, sessionId: actor.sessionId, deviceId: '' }
}
