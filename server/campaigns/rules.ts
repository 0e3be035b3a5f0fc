import { addDays, daysBetween, isLeapYear, partsOf } from '../../shared/time'

export type CareKind = 'birthday' | 'anniversary'

/** Policy of the gifts. */
export const carePolicy = {
  /** Civil days of an outage that are made up for; older birthdays are let go. */
  catchUpDays: 31,
  /** No birthday gift within so many days of the last one: moving a birthday must not bring a second. */
  birthdayGapDays: 300,
  /** A gift without a coupon is shown for this many days; with one, as long as the coupon is valid. */
  shownDays: 30,
  /** Points by tier level; levels above the last get the last. */
  points: { birthday: [66, 88, 128, 188], anniversary: [50, 66, 88, 128] },
} as const

/** Points of a gift for a member of this tier level. */
export const giftPoints = (kind: CareKind, tierLevel: number): number => {
  const table = carePolicy.points[kind]
  return table[Math.min(Math.max(tierLevel, 0), table.length - 1)]
}

/**
 * The civil days a run has to treat, oldest first: every day since the last one treated, so that an outage costs nobody a gift.
 * @param treated the last civil day treated, null at the first run
 */
export const daysToTreat = (treated: string | null, today: string): string[] => {
  const missed = treated === null ? 1 : Math.max(1, daysBetween(treated, today))
  const days = Math.min(missed, carePolicy.catchUpDays)
  return Array.from({ length: days }, (_, i) => addDays(today, i + 1 - days))
}

/** Month-days whose joiners celebrate on a civil day: who joined on 29 February does so on the 28th of a common year. */
export const anniversariesOn = (day: string): string[] => {
  const { year } = partsOf(day)
  const monthDay = day.slice(5)
  return monthDay === '02-28' && !isLeapYear(year) ? [monthDay, '02-29'] : [monthDay]
}

/** Whole years of membership on an anniversary. */
export const yearsOn = (day: string, joinedOn: string): number => partsOf(day).year - partsOf(joinedOn).year

/** What is written on the parcel. */
export const giftTitle = (kind: CareKind, years: number): string =>
  kind === 'birthday' ? '生日快乐' : `入会 ${years} 周年`
