/**
 * The lunar months that have come twice in a year somebody alive may be born in (1900-2026): 闰二月 to 闰十月. A member born in one
 * celebrates in the ordinary month of the same number (see lunar.ts); the profile keeps that it was the leap one, to call it by its name.
 */
export const leapMonths: readonly number[] = [2, 3, 4, 5, 6, 7, 8, 9, 10]
