/** A value that may be bound: never a Date, a boolean or an object, whose meaning differs between the databases. */
export type Bindable = string | number | null
/** A row to insert: column name -> value. */
export type Row = Record<string, Bindable>

/** One statement of a packet. Inserts stay structured, because each database writes many rows best in its own way. */
export type Statement =
  | { kind: 'sql'; sql: string; params: Bindable[] }
  | { kind: 'insert'; table: string; rows: Row[]; ignore: boolean; update: string[]; add?: string[]; key: string[] }

/** What one statement answers: the rows of a SELECT, or how many rows it wrote. */
export interface Result {
  rows: Record<string, unknown>[]
  affected: number
}

/** A plain statement. */
export const sql = (text: string, params: Bindable[] = []): Statement => ({ kind: 'sql', sql: text, params })

/** `(?, ?, ?)` for an IN list; an empty list matches nothing. Callers keep lists at 500 or below (MariaDB turns 1000 into a subquery). */
export const marks = (values: readonly unknown[]): string =>
  values.length ? `(${values.map(() => '?').join(',')})` : '(NULL)'
