/**
 * The calendar months after the first purchase in which a member bought again, as bits of one number, so that who came back after k months
 * is told from an index instead of from the purchases of a whole cohort.
 */
export const returnMonths = 48

/** Every bit: not looked at yet. (Who really bought in each of four years has them too, and is looked up once more.) */
export const anyReturn = 2 ** returnMonths - 1

/** The bit of `after` months, from 1 to returnMonths. */
export const returnBit = (after: number): number => 2 ** (after - 1)

const monthNumber = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7))

/**
 * The bits of a member, a number below 2⁴⁸; months later than returnMonths are left out.
 * @param firstDay civil day of the first purchase
 * @param days civil days of all purchases that were not handed back
 */
export const returnBitsOf = (firstDay: string, days: Iterable<string>): number => {
  const first = monthNumber(firstDay)
  let sum = 0
  for (const after of new Set(Array.from(days, (day) => monthNumber(day) - first)))
    if (after >= 1 && after <= returnMonths) sum += returnBit(after)
  return sum
}
