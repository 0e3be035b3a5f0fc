import { addDays, civilDay, daysBetween } from '../../shared/time'

export const noticePolicy = {
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
