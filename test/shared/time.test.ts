import fc from 'fast-check'
import {
  addDays,
  addMonths,
  civilDay,
  clockTime,
  dateTime,
  daysBetween,
  describeDay,
  describeExpiry,
  describeLapse,
  describeMoment,
  endOfDay,
  isCivilDay,
  lastDayOfMonth,
  monthKey,
  SHANGHAI,
  serialOfDay,
  startOfDay,
  weekday,
  weekdayName,
  type Zone,
} from '../../shared/time'

const at = (iso: string) => Date.parse(iso)

describe('civil days in Asia/Shanghai', () => {
  test('the day turns at midnight on the wall, which is 16:00 UTC', () => {
    expect(civilDay(at('2026-11-21T15:59:59.999Z'))).toBe('2026-11-21')
    expect(civilDay(at('2026-11-21T16:00:00.000Z'))).toBe('2026-11-22')
  })

  test('a day begins and ends with its own milliseconds', () => {
    expect(startOfDay('2026-11-22')).toBe(at('2026-11-22T00:00:00.000+08:00'))
    expect(endOfDay('2026-11-22')).toBe(at('2026-11-22T23:59:59.999+08:00'))
  })

  test('moments before 1970 belong to their day too', () => {
    expect(civilDay(at('1969-12-31T12:00:00+08:00'))).toBe('1969-12-31')
    expect(clockTime(at('1969-12-31T12:34:00+08:00'))).toBe('12:34')
  })

  test('agrees with the calendar of the runtime on every day from 1900 to 2100', () => {
    for (let ms = Date.UTC(1900, 0, 1); ms < Date.UTC(2101, 0, 1); ms += 86_400_000) {
      const expected = new Date(ms).toISOString().slice(0, 10)
      if (civilDay(ms, 0) !== expected || serialOfDay(expected) * 86_400_000 !== ms)
        throw new Error(`${civilDay(ms, 0)} is not ${expected}`)
    }
  })
})

describe('zones', () => {
  test('an offset east or west of UTC', () => {
    expect(civilDay(at('2026-11-22T03:00:00Z'), -300)).toBe('2026-11-21')
    expect(startOfDay('2026-11-22', -300)).toBe(at('2026-11-22T00:00:00-05:00'))
    expect(startOfDay('2026-11-22', 345)).toBe(at('2026-11-22T00:00:00+05:45'))
  })

  // New York 2026: clocks go from 02:00 to 03:00 on 8 March and back from 02:00 to 01:00 on 1 November.
  const newYork: Zone = (ms) => (ms >= at('2026-03-08T07:00:00Z') && ms < at('2026-11-01T06:00:00Z') ? -240 : -300)

  test('a resolver carries daylight saving time: days of 23 and of 25 hours', () => {
    const hours = (day: string) => (endOfDay(day, newYork) + 1 - startOfDay(day, newYork)) / 3_600_000
    expect(hours('2026-03-07')).toBe(24)
    expect(hours('2026-03-08')).toBe(23)
    expect(hours('2026-11-01')).toBe(25)
    expect(startOfDay('2026-07-01', newYork)).toBe(at('2026-07-01T00:00:00-04:00'))
  })

  test('where the clock jumps over midnight the day begins at the jump', () => {
    // São Paulo, 4 November 2018: 00:00 did not exist, the day began at 01:00 -02:00.
    const saoPaulo: Zone = (ms) => (ms >= at('2018-11-04T03:00:00Z') ? -120 : -180)
    const start = startOfDay('2018-11-04', saoPaulo)
    expect(start).toBe(at('2018-11-04T03:00:00Z'))
    expect(civilDay(start, saoPaulo)).toBe('2018-11-04')
    expect(civilDay(start - 1, saoPaulo)).toBe('2018-11-03')
  })

  test('every moment lies within the day it belongs to', () => {
    const zone = fc.constantFrom<Zone>(SHANGHAI, 0, -720, 840, 345, newYork)
    fc.assert(
      fc.property(fc.integer({ min: -2_000_000_000_000, max: 4_000_000_000_000 }), zone, (ms, z) => {
        const day = civilDay(ms, z)
        expect(startOfDay(day, z)).toBeLessThanOrEqual(ms)
        expect(endOfDay(day, z)).toBeGreaterThanOrEqual(ms)
      }),
    )
  })
})

describe('arithmetic', () => {
  test('days', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
    expect(addDays('2023-02-28', 1)).toBe('2023-03-01')
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
    expect(daysBetween('2024-02-01', '2024-03-01')).toBe(29)
    expect(daysBetween('2026-11-22', '2026-11-20')).toBe(-2)
  })

  test('months keep the day where there is one and stop at the end of a shorter month', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
    expect(addMonths('2024-01-31', 1)).toBe('2024-02-29')
    expect(addMonths('2026-11-22', 12)).toBe('2027-11-22')
    expect(addMonths('2026-01-15', -1)).toBe('2025-12-15')
    expect(addMonths('2024-02-29', 12)).toBe('2025-02-28')
    expect(lastDayOfMonth('2100-02-03')).toBe('2100-02-28')
    expect(monthKey('2026-11-22')).toBe('2026-11')
  })

  test('weekdays, 1 = Monday', () => {
    expect(weekday('2026-11-22')).toBe(7)
    expect(weekday('2026-11-23')).toBe(1)
    expect(weekday('1969-12-31')).toBe(3)
    expect(weekdayName('2026-11-22')).toBe('周日')
  })

  test('what is a civil day', () => {
    for (const day of ['2024-02-29', '2000-02-29', '2026-12-31']) expect(isCivilDay(day)).toBe(true)
    for (const day of ['2023-02-29', '1900-02-29', '2026-13-01', '2026-04-31', '2026-00-10', '2026-1-1', '', 'today'])
      expect(isCivilDay(day)).toBe(false)
    expect(() => addDays('2023-02-29', 1)).toThrow(RangeError)
  })
})

describe('sentences', () => {
  const now = at('2026-11-22T15:36:00+08:00')

  test('the end of a coupon counts midnights, not hours', () => {
    expect(describeExpiry(at('2026-11-22T18:00:00+08:00'), now)).toBe('今天 18:00 到期')
    expect(describeExpiry(at('2026-11-23T00:30:00+08:00'), now)).toBe('明天 00:30 到期')
    expect(describeExpiry(endOfDay('2026-12-06'), now)).toBe('还有 14 天')
    expect(describeExpiry(startOfDay('2026-11-24'), at('2026-11-22T23:59:00+08:00'))).toBe('还有 2 天')
    expect(describeExpiry(now, now)).toBe('今天 15:36 到期')
    expect(describeExpiry(now - 1, now)).toBe('已过期')
  })

  test('the end of points', () => {
    expect(describeLapse(endOfDay('2026-11-30'), now)).toBe('8 天后过期')
    expect(describeLapse(endOfDay('2026-11-22'), now)).toBe('今天过期')
    expect(describeLapse(endOfDay('2026-11-23'), now)).toBe('明天过期')
    expect(describeLapse(now - 1, now)).toBe('已过期')
  })

  test('days and moments', () => {
    expect(describeDay('2026-11-03', '2026-11-22')).toBe('11月3日')
    expect(describeDay('2027-01-03', '2026-11-22')).toBe('2027年1月3日')
    expect(describeMoment(at('2026-11-22T09:05:00+08:00'), now)).toBe('今天 09:05')
    expect(describeMoment(at('2026-11-21T23:59:00+08:00'), now)).toBe('昨天 23:59')
    expect(describeMoment(at('2026-11-03T18:00:00+08:00'), now)).toBe('11月3日 18:00')
    expect(dateTime(now)).toBe('2026-11-22 15:36')
  })
})
