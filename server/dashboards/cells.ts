import type { Reader } from '../db/transaction'
import type { DashCell } from './entity'

/** The cells of a figure of the night. Primary key. */
export const cellsOf = (db: Reader, figure: string): Promise<DashCell[]> =>
  db.read('SELECT * FROM dash_cell WHERE figure = ?', [figure])
