import { startOfDay } from '../../shared/time'
import type { Row } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { factsOfDay } from './facts'
import { type DaySummary, sumDay } from './rules'

/** Reckons a civil day from its sources. */
export const reckonDay = async (db: Reader, onDay: string): Promise<DaySummary> =>
  sumDay(onDay, startOfDay(onDay), await factsOfDay(db, onDay))

/** Reckons a civil day anew and puts it in the place of what the summaries said of it. */
export const renewDay = async (tx: Tx, onDay: string): Promise<void> => {
  const { days, hours, coupons, taps, targets } = await reckonDay(tx, onDay)
  const tables: [string, object[]][] = [
    ['dash_day', days],
    ['dash_hour', hours],
    ['dash_coupon', coupons],
    ['dash_tap', taps],
    ['dash_target', targets],
  ]
  for (const [table, rows] of tables) {
    tx.write(`DELETE FROM ${table} WHERE onDay = ?`, [onDay])
    tx.insert(table, rows as Row[])
  }
}

/** Notes when a group of figures was last brought up to date. */
export const stamp = (tx: Tx, name: string, asOf: number): void =>
  tx.upsert('dash_state', ['name'], ['asOf'], [{ name, asOf }])

/** When a group of figures was last brought up to date; null before the first time. */
export const asOfState = async (db: Reader, name: string): Promise<number | null> => {
  const [row] = await db.read<{ asOf: number }>('SELECT asOf FROM dash_state WHERE name = ?', [name])
  return row ? Number(row.asOf) : null
}
