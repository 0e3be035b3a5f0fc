import type { Output } from '../../shared/contract'
import { civilDay } from '../../shared/time'
import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import { maskName } from '../mask'
import { namesOf } from '../members/service'
import type { PointsTransfer } from './entity'
import { transferPolicy } from './transfer-rules'

type List = Output<'GET /me/points/transfers'>

/** What a member may still give today. */
const limitsOf = async (db: Reader, memberId: string, now: number): Promise<List['limits']> => {
  const [row] = await db.read<{ n: number; points: number | null; lastAt: number | null }>(
    `SELECT COUNT(*) AS n, SUM(points) AS points, MAX(createdAt) AS lastAt FROM points_transfer
     WHERE fromMemberId = ? AND createdOn = ? AND state IN ('waiting', 'done')`,
    [memberId, civilDay(now)],
  )
  const { perDay, pointsPerDay, minPoints, maxPoints, cooldownMs } = transferPolicy
  const nextAt = Number(row.lastAt ?? 0) + cooldownMs
  return {
    perDay,
    pointsPerDay,
    leftToday: Math.max(0, perDay - Number(row.n)),
    pointsLeftToday: Math.max(0, pointsPerDay - Number(row.points ?? 0)),
    minPoints,
    maxPoints,
    nextAt: nextAt > now ? nextAt : null,
  }
}

/** What a member gave and got, newest first. A link past its time waits for the job, and is no longer shown as one to take. */
export const transfersOf = async (
  db: Reader,
  memberId: string,
  { cursor, limit }: { cursor?: string; limit: number },
  now: number,
): Promise<List> => {
  const before = cursor ?? '~'
  // Two index ranges merged here: an OR over both columns would read neither in order.
  const [sent, got] = await Promise.all([
    db.read<PointsTransfer>(
      'SELECT * FROM points_transfer WHERE fromMemberId = ? AND id < ? ORDER BY id DESC LIMIT ?',
      [memberId, before, limit + 1],
    ),
    db.read<PointsTransfer>('SELECT * FROM points_transfer WHERE toMemberId = ? AND id < ? ORDER BY id DESC LIMIT ?', [
      memberId,
      before,
      limit + 1,
    ]),
  ])
  const rows = [...sent, ...got].sort((a, b) => (a.id < b.id ? 1 : -1))
  const shown = rows.slice(0, limit)
  const others = shown.flatMap((t) => (t.fromMemberId === memberId ? (t.toMemberId ?? []) : t.fromMemberId))
  const names = await namesOf(db, [...new Set(others)])
  return {
    items: shown.map((t) => {
      const out = t.fromMemberId === memberId
      const other = out ? t.toMemberId : t.fromMemberId
      return {
        id: t.id,
        direction: out ? 'out' : 'in',
        points: t.points,
        state: t.state as List['items'][number]['state'],
        via: t.via as 'phone' | 'link',
        otherMasked: other ? maskName(names.get(other) ?? '') : null,
        note: t.note,
        createdAt: t.createdAt,
        closesAt: t.closesAt,
        token: out && t.state === 'waiting' ? t.token : null,
      }
    }),
    nextCursor: rows.length > limit ? shown[shown.length - 1].id : null,
    limits: await limitsOf(db, memberId, now),
  }
}

/** The masked name of a member, for the other side of a gift. */
export const maskedNameOf = async (db: Reader, memberId: string): Promise<string> =>
  maskName((await namesOf(db, [memberId])).get(memberId) ?? '')

/** What a link holds, for whoever opens it. */
export const giftByToken = async (
  db: Reader,
  token: string,
  now: number,
): Promise<Output<'GET /points-gifts/:token'>> => {
  const [gift] = await db.read<PointsTransfer>('SELECT * FROM points_transfer WHERE token = ?', [token])
  if (!gift) throw refuse('transfer_not_found')
  const over = gift.state === 'waiting' && now > (gift.closesAt ?? 0)
  return {
    fromMasked: await maskedNameOf(db, gift.fromMemberId),
    points: gift.points,
    note: gift.note,
    state: over ? 'returned' : (gift.state as 'waiting'),
    closesAt: gift.closesAt,
  }
}
