import { isCivilDay } from '../../shared/time'
import type { Bindable } from '../db/statement'
import type { Band } from './member-rules'

/** How the lists of members behind figures are said. Pure. */

/** A list of ids: what it is called and the SELECT that gives `memberId`, to which a page's bounds are added. */
export interface MemberList {
  title: string
  /** SELECT … WHERE …, the id being `id` here. */
  select: string
  id: string
  params: Bindable[]
  /** Set where so many of all rows count that a page is full after the first few hundred members: they are gone through in order. */
  along?: true
  /** Whether one store can be asked for: the column that names it. */
  store?: string
}
/** Makes the list of a cell from its row and column; null for a cell there is none of. */
export type ListOf = (row: string, col: string) => MemberList | null

/** `2026-11-01..2026-11-22` as its two days; null when they are none. */
export const rangeOf = (text: string): [string, string] | null => {
  const found = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(text)
  return found && isCivilDay(found[1]) && isCivilDay(found[2]) ? [found[1], found[2]] : null
}
export const isMonth = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text)

/** Every member of some rows once. */
export const distinct = (table: string, where: string, id = 'memberId'): string =>
  `SELECT DISTINCT ${id} AS memberId FROM ${table} WHERE ${where}`

/** Whether a list comes from rows of a range, of which a member may have several. */
export const isGathered = (list: MemberList): boolean => !list.along && list.select.startsWith('SELECT DISTINCT ')

/** A list over a range of days in the column of the cell. */
export const inRange =
  (list: (from: string, to: string, row: string) => MemberList | null): ListOf =>
  (row, col) => {
    const range = rangeOf(col)
    return range && list(range[0], range[1], row)
  }

/** The members of a band. */
export const banded = (
  bands: readonly Band[],
  key: string,
  title: string,
  table: string,
  column: string,
): MemberList | null => {
  const band = bands.find((b) => b.key === key)
  return (
    (band && {
      title: `${title}：${band.label}`,
      select: `SELECT memberId FROM ${table} WHERE ${column} >= ?${band.to === null ? '' : ` AND ${column} < ?`}`,
      id: 'memberId',
      params: band.to === null ? [band.from] : [band.from, band.to],
    }) ??
    null
  )
}
