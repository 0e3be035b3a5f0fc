import { lastDue, nextDue, slotOf } from '../../server/jobs/cron'
import { schedule } from '../../server/schedule'

/** A moment on the shop's clock. */
const shanghai = (text: string): number => Date.parse(`${text.replace(' ', 'T')}+08:00`)

describe('when a job is due, on the wall clock of Shanghai', () => {
  test.each([
    ['5 0 * * *', '2026-11-22 10:00', '2026-11-22 00:05', '2026-11-23 00:05'],
    ['5 0 * * *', '2026-11-22 00:04:59', '2026-11-21 00:05', '2026-11-22 00:05'],
    ['5 0 * * *', '2026-11-22 00:05', '2026-11-22 00:05', '2026-11-23 00:05'],
    ['* * * * *', '2026-11-22 10:00:30', '2026-11-22 10:00', '2026-11-22 10:01'],
    ['*/15 9-10 * * *', '2026-11-22 11:00', '2026-11-22 10:45', '2026-11-23 09:00'],
    ['0 3 29 2 *', '2026-11-22 10:00', null, null],
    ['0 3 1 * *', '2026-11-22 10:00', '2026-11-01 03:00', '2026-12-01 03:00'],
    ['30 8 * * 1', '2026-11-22 10:00', '2026-11-16 08:30', '2026-11-23 08:30'],
    ['30 8 * * 7', '2026-11-22 10:00', '2026-11-22 08:30', '2026-11-29 08:30'],
  ])('%s at %s: last %s, next %s', (expression, now, last, next) => {
    const show = (at: number | null): string | null => (at === null ? null : slotOf(at))
    expect([show(lastDue(expression, shanghai(now))), show(nextDue(expression, shanghai(now)))]).toEqual([last, next])
  })

  test('the schedule: unique names, readable lines, expressions that are due within a week', () => {
    const now = shanghai('2026-11-22 10:00')
    expect(new Set(schedule.map((j) => j.name)).size).toBe(schedule.length)
    for (const job of schedule) {
      expect(job.name).toMatch(/^[a-z]+\.[a-z-]+$/)
      expect(job.title).toMatch(/\p{Script=Han}/u)
      expect(job.why.length).toBeGreaterThan(8)
      expect(job.limit).toBeGreaterThan(0)
      expect((nextDue(job.cron, now) ?? Infinity) - now).toBeLessThanOrEqual(7 * 86_400_000)
    }
  })
})
