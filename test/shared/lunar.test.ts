import { leapMonths } from '../../shared/leap-months'
import {
  type Birthday,
  birthdayInYear,
  birthdayKeysOn,
  birthdayOn,
  civilDayOfLunar,
  isBirthday,
  leapMonthOf,
  lunarDateOf,
  lunarMonthLength,
  nextBirthday,
} from '../../shared/lunar'
import { addDays, civilDayFrom, daysBetween, monthLength } from '../../shared/time'

// Published by the Hong Kong Observatory in its Gregorian-lunar conversion tables.
const NEW_YEARS = `
2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09 2006-01-29 2007-02-18 2008-02-07 2009-01-26
2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31 2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05
2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13
2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24
2040-02-12 2041-02-01 2042-01-22 2043-02-10 2044-01-30 2045-02-17 2046-02-06 2047-01-26 2048-02-14 2049-02-02
2050-01-23`
  .trim()
  .split(/\s+/)

const LEAP_MONTHS: Record<number, number> = {
  2001: 4,
  2004: 2,
  2006: 7,
  2009: 5,
  2012: 4,
  2014: 9,
  2017: 6,
  2020: 4,
  2023: 2,
  2025: 6,
  2028: 5,
  2031: 3,
  2033: 11,
  2036: 6,
  2039: 5,
  2042: 2,
  2044: 7,
  2047: 5,
  2050: 3,
}

const FIRST_DAYS_OF_LEAP_MONTHS = [
  ['2020-05-23', 2020, 4],
  ['2023-03-22', 2023, 2],
  ['2025-07-25', 2025, 6],
  ['2028-06-23', 2028, 5],
  ['2031-04-22', 2031, 3],
  ['2033-12-22', 2033, 11],
] as const

const MID_AUTUMN = [
  '2020-10-01',
  '2021-09-21',
  '2022-09-10',
  '2023-09-29',
  '2024-09-17',
  '2025-10-06',
  '2026-09-25',
  '2027-09-15',
]
const DRAGON_BOAT = [
  '2020-06-25',
  '2021-06-14',
  '2022-06-03',
  '2023-06-22',
  '2024-06-10',
  '2025-05-31',
  '2026-06-19',
  '2027-06-09',
]

describe('the calendar, against published tables', () => {
  test.each(NEW_YEARS)('New Year on %s', (day) => {
    expect(lunarDateOf(day)).toEqual({ year: Number(day.slice(0, 4)), month: 1, leap: false, day: 1 })
    expect(lunarDateOf(addDays(day, -1))).toMatchObject({ year: Number(day.slice(0, 4)) - 1, month: 12 })
  })

  test('leap months of 2000-2050, and no others', () => {
    for (let year = 2000; year <= 2050; year++)
      expect([year, leapMonthOf(year)]).toEqual([year, LEAP_MONTHS[year] ?? null])
  })

  test.each(FIRST_DAYS_OF_LEAP_MONTHS)('%s begins a leap month', (day, year, month) => {
    expect(lunarDateOf(day)).toEqual({ year, month, leap: true, day: 1 })
    expect(civilDayOfLunar({ year, month, leap: true, day: 1 })).toBe(day)
  })

  test.each([...MID_AUTUMN.map((day) => [day, 8, 15]), ...DRAGON_BOAT.map((day) => [day, 5, 5])] as [
    string,
    number,
    number,
  ][])('%s is the festival of %d/%d', (day, month, dayOfMonth) =>
    expect(lunarDateOf(day)).toMatchObject({ month, day: dayOfMonth, leap: false }),
  )

  test('both ways agree on every day, and no day is left out, 1930-2060', () => {
    for (let day = '1930-01-01'; day < '2060-01-01'; day = addDays(day, 1))
      if (civilDayOfLunar(lunarDateOf(day)) !== day) throw new Error(`${day} comes back as another day`)
  })

  test('what does not exist is null, and years beyond the table are refused', () => {
    expect(civilDayOfLunar({ year: 2026, month: 6, leap: true, day: 1 })).toBeNull()
    expect(civilDayOfLunar({ year: 2026, month: 1, leap: false, day: 31 })).toBeNull()
    expect(() => lunarDateOf('1850-01-01')).toThrow(RangeError)
  })
})

describe('birthdays', () => {
  test('29 February is celebrated on the 28th in a common year', () => {
    const birthday: Birthday = { calendar: 'solar', month: 2, day: 29 }
    expect(birthdayOn('2024-02-29', birthday)).toBe(2024)
    expect(birthdayOn('2024-02-28', birthday)).toBeNull()
    expect(birthdayOn('2025-02-28', birthday)).toBe(2025)
    expect(birthdayOn('2025-03-01', birthday)).toBeNull()
  })

  test('the lunar day 30 is celebrated on the 29th of a short month', () => {
    // Published widely: no 年三十 in five years running, the eves from January 2025 to February 2029.
    const lastDays = [2023, 2024, 2025, 2026, 2027, 2028, 2029].map((year) => lunarMonthLength(year, 12))
    expect(lastDays).toEqual([30, 29, 29, 29, 29, 29, 30])
    const eve: Birthday = { calendar: 'lunar', month: 12, day: 30 }
    expect(birthdayOn('2024-02-08', eve)).toBeNull()
    expect(birthdayOn('2024-02-09', eve)).toBe(2023)
    expect(birthdayOn('2025-01-28', eve)).toBe(2024)
    expect(birthdayOn('2026-02-16', eve)).toBe(2025)
  })

  test('a birthday in the twelfth lunar month belongs to the lunar year that is ending', () => {
    const birthday: Birthday = { calendar: 'lunar', month: 12, day: 8 }
    expect(birthdayOn('2025-01-07', birthday)).toBe(2024)
    expect(birthdayOn('2026-01-26', birthday)).toBe(2025)
  })

  test('a leap month is nobody’s birthday', () => {
    expect(birthdayOn('2025-06-25', { calendar: 'lunar', month: 6, day: 1 })).toBe(2025)
    expect(birthdayOn('2025-07-25', { calendar: 'lunar', month: 6, day: 1 })).toBeNull()
    expect(birthdayKeysOn('2025-07-25')).toEqual([{ calendar: 'solar', month: 7, day: 25, giftYear: 2025 }])
  })

  test('every birthday there is occurs exactly once in each of five gift years', () => {
    const birthdays: Birthday[] = []
    for (let month = 1; month <= 12; month++) {
      for (let day = 1; day <= monthLength(2024, month); day++) birthdays.push({ calendar: 'solar', month, day })
      for (let day = 1; day <= 30; day++) birthdays.push({ calendar: 'lunar', month, day })
    }
    expect(birthdays).toHaveLength(366 + 360)

    // 2023-2027 has leap second and sixth months and one 29 February; the sweep is wide enough to hold the whole of the
    // lunar years 2023 to 2027, and counts only gifts of those years.
    const occurrences = new Map<string, string[]>()
    for (let day = '2022-12-01'; day <= '2028-03-01'; day = addDays(day, 1))
      for (const { calendar, month, day: dayOfMonth, giftYear } of birthdayKeysOn(day)) {
        const key = `${giftYear} ${calendar} ${month}/${dayOfMonth}`
        occurrences.set(key, [...(occurrences.get(key) ?? []), day])
      }
    for (let giftYear = 2023; giftYear <= 2027; giftYear++)
      for (const birthday of birthdays) {
        const key = `${giftYear} ${birthday.calendar} ${birthday.month}/${birthday.day}`
        expect([key, occurrences.get(key)]).toEqual([key, [birthdayInYear(giftYear, birthday)]])
      }
    const ofTheseYears = [...occurrences.keys()].filter((key) => key >= '2023' && key < '2028')
    expect(ofTheseYears).toHaveLength(5 * birthdays.length)
  })

  test('the next celebration', () => {
    expect(nextBirthday('2026-11-22', { calendar: 'solar', month: 11, day: 22 })).toBe('2026-11-22')
    expect(nextBirthday('2026-11-22', { calendar: 'solar', month: 11, day: 21 })).toBe('2027-11-21')
    expect(nextBirthday('2026-11-22', { calendar: 'lunar', month: 10, day: 14 })).toBe('2026-11-22')
    const next = nextBirthday('2026-11-22', { calendar: 'lunar', month: 10, day: 13 })
    expect(lunarDateOf(next)).toEqual({ year: 2027, month: 10, leap: false, day: 13 })
    expect(daysBetween('2026-11-22', next)).toBeGreaterThan(300)
  })

  test('the leap months somebody alive may be born in are those that came between 1900 and 2026', () => {
    const years = Array.from({ length: 127 }, (_, i) => 1900 + i)
    const found = new Set(years.flatMap((year) => leapMonthOf(year) ?? []))
    expect([...found].sort((a, b) => a - b)).toEqual(leapMonths)
    for (const month of leapMonths) expect(isBirthday({ calendar: 'lunar', month, day: 30, leap: true })).toBe(true)
    expect(isBirthday({ calendar: 'lunar', month: 1, day: 1, leap: true })).toBe(false)
    expect(isBirthday({ calendar: 'solar', month: 4, day: 1, leap: true })).toBe(false)
    // It is celebrated in the ordinary month.
    const leap = { calendar: 'lunar', month: 6, day: 3, leap: true } as const
    expect(birthdayInYear(2025, leap)).toBe(birthdayInYear(2025, { calendar: 'lunar', month: 6, day: 3 }))
  })

  test('which birthdays a profile may keep', () => {
    expect(isBirthday({ calendar: 'solar', month: 2, day: 29 })).toBe(true)
    expect(isBirthday({ calendar: 'lunar', month: 2, day: 30 })).toBe(true)
    for (const [month, day] of [
      [2, 30],
      [4, 31],
      [13, 1],
      [0, 1],
      [1, 0],
      [1.5, 1],
    ] as const)
      expect(isBirthday({ calendar: 'solar', month, day })).toBe(false)
    expect(isBirthday({ calendar: 'lunar', month: 1, day: 31 })).toBe(false)
    expect(() => birthdayInYear(2026, { calendar: 'solar', month: 2, day: 30 })).toThrow(RangeError)
    expect(civilDayFrom(2026, 2, 28)).toBe(birthdayInYear(2026, { calendar: 'solar', month: 2, day: 29 }))
  })
})
