import { DAY_MS, endOfDay, HOUR_MS, MINUTE_MS } from '../../shared/time'
import { type AppError, refuse } from '../errors'

/** Policy numbers of giving points to a friend. */
export const transferPolicy = {
  minPoints: 10,
  maxPoints: 2000,
  /** Gifts of one member in a civil day, and the points in them. */
  perDay: 5,
  pointsPerDay: 3000,
  /** Pause after a gift before the next. */
  cooldownMs: MINUTE_MS / 2,
  /** Somebody who has just joined receives, but does not give on. */
  newMemberMs: DAY_MS,
  /** How long a link waits for a friend. */
  linkMs: 72 * HOUR_MS,
} as const

/** What a member has given today, revoked and returned gifts aside. */
export interface Given {
  count: number
  points: number
  lastAt: number
}
export const nothingGiven: Given = { count: 0, points: 0, lastAt: 0 }

/**
 * Why a gift may not be made, or null. That there are not enough points is said before any limit: it is what the member can see.
 */
export const transferRefusal = (
  g: { points: number; available: number; joinedAt: number; toSelf: boolean },
  given: Given,
  now: number,
): AppError | null => {
  const p = transferPolicy
  if (g.toSelf) return refuse('transfer_self')
  if (g.points < p.minPoints || g.points > p.maxPoints)
    return refuse('transfer_amount', { min: p.minPoints, max: p.maxPoints })
  if (g.available < g.points) return refuse('points_insufficient', { required: g.points, available: g.available })
  if (now - g.joinedAt < p.newMemberMs) return refuse('transfer_new_member', { hours: p.newMemberMs / HOUR_MS })
  if (given.count >= p.perDay) return refuse('transfer_day_limit', { limit: p.perDay })
  if (given.points + g.points > p.pointsPerDay)
    return refuse('transfer_day_points', { limit: p.pointsPerDay, left: p.pointsPerDay - given.points })
  const wait = given.lastAt + p.cooldownMs - now
  return given.lastAt && wait > 0 ? refuse('transfer_too_soon', { seconds: Math.ceil(wait / 1000) }) : null
}

/** Points of a gift with the day until which each part can be spent. */
export interface Part {
  points: number
  expiresOn: string | null
}

/** The parts of what left the lots, one for each last day, soonest first. */
export const partsOfMoves = (moves: readonly { delta: number; expiresOn: string | null }[]): Part[] => {
  const byDay = new Map<string, Part>()
  for (const { delta, expiresOn } of moves) {
    const part = byDay.get(expiresOn ?? '') ?? { points: 0, expiresOn }
    part.points -= delta
    byDay.set(expiresOn ?? '', part)
  }
  return [...byDay.values()]
    .filter((p) => p.points > 0)
    .sort((a, b) => (a.expiresOn ?? '9').localeCompare(b.expiresOn ?? '9'))
}

/** Until when a link can be taken: never past the last day of the points in it, so that nothing expires on the way. */
export const linkClosesAt = (parts: readonly Part[], now: number): number =>
  Math.min(now + transferPolicy.linkMs, ...parts.flatMap((p) => (p.expiresOn ? [endOfDay(p.expiresOn)] : [])))
