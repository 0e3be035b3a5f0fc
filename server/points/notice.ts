import { addDays, civilDay, daysBetween, describeDay } from '../../shared/time'
import type { Batched } from '../jobs/batch'
import { queueMessages } from '../messages/service'
import { groupWallet } from './rules'

export const noticePolicy = {
  /** Days before the last day on which a member is told. */
  daysAhead: [30, 7, 1],
  /** Civil days of an outage that are made up for. */
  catchUpDays: 31,
} as const

/**
 * The last days to speak of in a run: those that came within a horizon since the run before. A day that came within several, during an
 * outage, is spoken of once, at the nearest.
 * @param previousAt when the run before was due (epoch ms), null at the first
 */
export const noticesDue = (
  horizons: readonly number[],
  previousAt: number | null,
  now: number,
): { on: string; daysAhead: number }[] => {
  const today = civilDay(now)
  const missed = previousAt === null ? 1 : daysBetween(civilDay(previousAt), today)
  const days = Math.min(Math.max(missed, 1), noticePolicy.catchUpDays)
  const nearest = new Map<string, number>()
  for (const daysAhead of [...horizons].sort((a, b) => a - b)) {
    for (let back = days - 1; back >= 0; back--) {
      const on = addDays(today, daysAhead - back)
      if (on >= today && !nearest.has(on)) nearest.set(on, daysAhead)
    }
  }
  return [...nearest].map(([on, daysAhead]) => ({ on, daysAhead }))
}

/** Tells everybody whose points end with a day; the day and the horizon name the message, so nobody is told twice. */
export const tellExpiring = (on: string, daysAhead: number): Batched<{ memberId: string; points: number }> => ({
  next: (tx, cursor, limit) =>
    tx.read(
      `SELECT l.memberId, SUM(l.remaining) AS points FROM points_lot l JOIN member m ON m.id = l.memberId
       WHERE l.walletId = ? AND l.remaining > 0 AND l.expiresOn = ? AND l.memberId > ? AND m.status = 'active'
       GROUP BY l.memberId ORDER BY l.memberId LIMIT ?`,
      [groupWallet, on, cursor, limit],
    ),
  keyOf: (row) => row.memberId,
  treat: async (tx, rows, now) => {
    const day = describeDay(on, civilDay(now))
    queueMessages(
      tx,
      rows.map(({ memberId, points }) => ({
        memberId,
        kind: 'points_expiring',
        title: '积分即将到期',
        text: `你有 ${Number(points)} 积分将在 ${day}到期，记得用掉。`,
        page: 'packages/points/index',
        data: { what: `${Number(points)} 积分`, on, tip: '过期后不能恢复，记得用掉' },
        dedupeKey: `points_expiring:${memberId}:${on}:${daysAhead}`,
        channels: ['inbox', 'subscribe'],
      })),
      now,
    )
    return { processed: rows.length }
  },
})
