import { printTable } from '../bench/measure'

/** One figure of an evaluation. */
export interface Figure {
  name: string
  value: number
  unit: string
  /** The value to reach, or null where none was set. */
  goal: number | null
  /** Which side of the goal is the good one; `within` holds by a tolerance. */
  better?: 'higher' | 'lower' | { within: number }
  /** What the figure stands beside: a base rate, a naive baseline, an actual value. Printed, not part of the JSON. */
  beside?: string
}
/** What one evaluation found. */
export interface Report {
  name: string
  figures: Figure[]
  /** Whether everything that must hold held; a missed goal is only reported. */
  sound: boolean
}

/** An error of what was handed in (file, column, flag): printed without a stack, exit code 2. */
export const badInput = (message: string): Error => Object.assign(new Error(message), { name: 'BadInput' })

const meets = ({ value, goal, better = 'higher' }: Figure): boolean => {
  if (goal === null) return true
  if (typeof better === 'object') return Math.abs(value - goal) <= better.within
  return better === 'higher' ? value >= goal : value <= goal
}
const goalText = ({ goal, better = 'higher' }: Figure): string => {
  if (goal === null) return ''
  if (typeof better === 'object') return `${goal} ± ${better.within}`
  return `${better === 'higher' ? '≥' : '≤'} ${goal}`
}
const digits = (value: number): string =>
  Number.isInteger(value) || Math.abs(value) >= 100_000
    ? value.toLocaleString('en', { maximumFractionDigits: 2 })
    : value.toFixed(Math.abs(value) >= 100 ? 3 : 4)

/** Prints the figures as a table; a tick or a cross stands before those that have a goal. */
export const printFigures = (figures: Figure[]): void =>
  printTable(
    ['figure', 'value', 'unit', 'goal', '', 'beside'],
    figures.map((f) => [
      f.name,
      digits(f.value),
      f.unit,
      goalText(f),
      f.goal === null ? '' : meets(f) ? '✓' : '✗',
      f.beside ?? '',
    ]),
    1,
  )
