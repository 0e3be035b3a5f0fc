import type { FeatureTable } from './table'

/** How text columns become features. Plain data: it may be stored as JSON and used for new rows. */
export interface Encoding {
  columns: ({ name: string; kind: 'number' } | { name: string; kind: 'categories'; values: string[] })[]
}

/** Columns of text with more different values than this say who a row is rather than what it is like. */
const mostCategories = 50

const numberOf = (text: string): number => {
  const trimmed = text.trim()
  return /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(trimmed) ? Number(trimmed) : Number.NaN
}

/**
 * Decides for each column: numbers where every filled cell is one, otherwise one feature per value of at least `leastRows` rows. Columns
 * with one value only, and texts with very many, are left out.
 * @returns the encoding and the columns left out with the reason
 */
export const learnEncoding = (
  names: string[],
  rows: readonly (readonly string[])[],
  leastRows = 5,
): { encoding: Encoding; leftOut: { name: string; reason: string }[] } => {
  const columns: Encoding['columns'] = []
  const leftOut: { name: string; reason: string }[] = []
  names.forEach((name, c) => {
    const counts = new Map<string, number>()
    let numeric = true
    for (const row of rows) {
      const text = row[c].trim()
      counts.set(text, (counts.get(text) ?? 0) + 1)
      if (text && numeric) numeric = Number.isFinite(numberOf(text))
    }
    const filled = [...counts].filter(([text]) => text)
    if (filled.length === 0 || counts.size === 1) leftOut.push({ name, reason: 'has one value only' })
    else if (numeric) columns.push({ name, kind: 'number' })
    else if (filled.length > mostCategories) leftOut.push({ name, reason: `has ${filled.length} different texts` })
    else {
      const values = filled.filter(([, n]) => n >= leastRows).map(([text]) => text)
      if (values.length) columns.push({ name, kind: 'categories', values: values.sort() })
      else leftOut.push({ name, reason: 'has rare values only' })
    }
  })
  return { encoding: { columns }, leftOut }
}

/** Applies an encoding. An empty number is missing; an unknown or empty category has no feature set. */
export const encodeRows = (encoding: Encoding, names: string[], rows: readonly (readonly string[])[]): FeatureTable => {
  const table: FeatureTable = { names: [], rows: rows.length, columns: [] }
  for (const column of encoding.columns) {
    const at = names.indexOf(column.name)
    if (column.kind === 'number') {
      table.names.push(column.name)
      table.columns.push(Float64Array.from(rows, (row) => numberOf(row[at])))
      continue
    }
    // Of two values one feature says everything.
    const values = column.values.length === 2 ? column.values.slice(1) : column.values
    for (const value of values) {
      table.names.push(`${column.name}=${value}`)
      table.columns.push(Float64Array.from(rows, (row) => (row[at].trim() === value ? 1 : 0)))
    }
  }
  return table
}
