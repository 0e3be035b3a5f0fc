/**
 * The lunar calendar and the rules by which a stored birthday falls on a civil day. Server only: the months come from
 * tyme4ts (300 kB), which computes new moons and solar terms, and is right where hand-copied tables and Intl's calendar are
 * known to be wrong (the leap eleventh month of 2033, new moons minutes from midnight). Our own part is the handful of
 * rules below; a test holds both against published dates.
 */
import { type LunarMonth, LunarYear } from 'tyme4ts'
import { leapMonths } from './leap-months'
import { addDays, civilDayFrom, daysBetween, isLeapYear, monthLength, partsOf } from './time'

export type LunarDate = { year: number; month: number; leap: boolean; day: number }

/**
 * A birthday as a profile keeps it: a day of the year without the year of birth. `leap` says that somebody was born in the leap month; it
 * is what the birthday is called, and changes nothing about the day on which it is celebrated.
 */
export type Birthday = { calendar: 'solar' | 'lunar'; month: number; day: number; leap?: true }

/** A birthday that falls on some civil day. One gift is due for each gift year. */
export type BirthdayKey = Birthday & { giftYear: number }

type Month = { month: number; leap: boolean; firstDay: string; length: number }

const FIRST_YEAR = 1900
const LAST_YEAR = 2100

const monthsOfYears = new Map<number, Month[]>()

/** The 12 or 13 months of a lunar year in order, computed once. Throws a RangeError outside 1900-2100. */
function monthsOf(lunarYear: number): Month[] {
  if (!Number.isInteger(lunarYear) || lunarYear < FIRST_YEAR || lunarYear > LAST_YEAR)
    throw new RangeError(`Lunar years are known from ${FIRST_YEAR} to ${LAST_YEAR}, not for ${lunarYear}`)
  const known = monthsOfYears.get(lunarYear)
  if (known) return known
  const months = LunarYear.fromYear(lunarYear)
    .getMonths()
    .map((month: LunarMonth) => {
      const first = month.getFirstJulianDay().getSolarDay()
      return {
        month: month.getMonth(),
        leap: month.isLeap(),
        firstDay: civilDayFrom(first.getYear(), first.getMonth(), first.getDay()),
        length: month.getDayCount(),
      }
    })
  monthsOfYears.set(lunarYear, months)
  return months
}

/** The leap month of a lunar year (6 = 闰六月), or null in a year of twelve months. */
export function leapMonthOf(lunarYear: number): number | null {
  return monthsOf(lunarYear).find((month) => month.leap)?.month ?? null
}

/** Days (29 or 30) of a month of a lunar year, or null where the year has no such month. */
export function lunarMonthLength(lunarYear: number, month: number, leap = false): number | null {
  return monthsOf(lunarYear).find((m) => m.month === month && m.leap === leap)?.length ?? null
}

/** The lunar date of a civil day. Throws a RangeError outside the lunar years 1900-2100. */
export function lunarDateOf(civilDay: string): LunarDate {
  const { year } = partsOf(civilDay)
  // The lunar year begins in January or February: before its first day the date belongs to the year before.
  const lunarYear = civilDay >= (monthsOf(year)[0] as Month).firstDay ? year : year - 1
  const month = [...monthsOf(lunarYear)].reverse().find((m) => m.firstDay <= civilDay) as Month
  return { year: lunarYear, month: month.month, leap: month.leap, day: daysBetween(month.firstDay, civilDay) + 1 }
}

/** The civil day of a lunar date, or null where that year has no such month or that month no such day. */
export function civilDayOfLunar(date: LunarDate): string | null {
  const month = monthsOf(date.year).find((m) => m.month === date.month && m.leap === date.leap)
  if (!month || date.day < 1 || date.day > month.length) return null
  return addDays(month.firstDay, date.day - 1)
}

/** Whether a profile may keep this birthday: 29 February and the lunar day 30 may be kept, 30 February may not. */
export function isBirthday({ calendar, month, day, leap }: Birthday): boolean {
  if (!Number.isInteger(month) || !Number.isInteger(day) || month < 1 || month > 12 || day < 1) return false
  if (leap && (calendar !== 'lunar' || !leapMonths.includes(month))) return false
  // A leap year has every solar day there is.
  return day <= (calendar === 'lunar' ? 30 : monthLength(2000, month))
}

/**
 * The stored birthdays that are celebrated on a civil day: two to four keys, fit for an indexed look-up.
 *
 * - 29 February is celebrated on 28 February in a common year.
 * - The lunar day 30 is celebrated on the 29th where the month has 29 days.
 * - A leap month is nobody's birthday: who was born in one celebrates in the ordinary month of the same number, so a
 *   year of thirteen months holds no birthday twice.
 * - The gift year is the calendar's own: the civil year for a solar birthday, the lunar year for a lunar one. A lunar
 *   birthday in the twelfth month can fall twice in one civil year, or not at all; it falls once in each lunar year.
 */
export function birthdayKeysOn(civilDay: string): BirthdayKey[] {
  const solar = partsOf(civilDay)
  const keys: BirthdayKey[] = [{ calendar: 'solar', month: solar.month, day: solar.day, giftYear: solar.year }]
  if (solar.month === 2 && solar.day === 28 && !isLeapYear(solar.year))
    keys.push({ calendar: 'solar', month: 2, day: 29, giftYear: solar.year })

  const lunar = lunarDateOf(civilDay)
  if (lunar.leap) return keys
  keys.push({ calendar: 'lunar', month: lunar.month, day: lunar.day, giftYear: lunar.year })
  if (lunar.day === 29 && lunarMonthLength(lunar.year, lunar.month) === 29)
    keys.push({ calendar: 'lunar', month: lunar.month, day: 30, giftYear: lunar.year })
  return keys
}

/** The gift year when a birthday is celebrated on this civil day, otherwise null. */
export function birthdayOn(civilDay: string, birthday: Birthday): number | null {
  const key = birthdayKeysOn(civilDay).find(
    (k) => k.calendar === birthday.calendar && k.month === birthday.month && k.day === birthday.day,
  )
  return key?.giftYear ?? null
}

/** The civil day on which a birthday is celebrated in a gift year. Throws a RangeError for an impossible birthday. */
export function birthdayInYear(giftYear: number, birthday: Birthday): string {
  if (!isBirthday(birthday)) throw new RangeError(`Not a birthday: ${JSON.stringify(birthday)}`)
  const { calendar, month, day } = birthday
  if (calendar === 'solar') return civilDayFrom(giftYear, month, Math.min(day, monthLength(giftYear, month)))
  const length = lunarMonthLength(giftYear, month) as number
  return civilDayOfLunar({ year: giftYear, month, leap: false, day: Math.min(day, length) }) as string
}

/** The first celebration on or after a civil day, for '还有 12 天生日'. */
export function nextBirthday(from: string, birthday: Birthday): string {
  const year = birthday.calendar === 'solar' ? partsOf(from).year : lunarDateOf(from).year
  const thisYear = birthdayInYear(year, birthday)
  return thisYear >= from ? thisYear : birthdayInYear(year + 1, birthday)
}
