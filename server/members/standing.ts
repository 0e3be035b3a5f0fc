import { marks, type Statement, sql } from '../db/statement'
import type { Reader } from '../db/transaction'

/** What value-moving commands must know of a member. */
export interface Standing {
  id: string
  status: string
  tierLevel: number
  birthdayKey: string | null
}

/** The standing of some members, for the packet that loads a command's state. Ids at most 500. */
export const selectStanding = (ids: readonly string[]): Statement =>
  sql(`SELECT id, status, tierLevel, birthdayKey FROM member WHERE id IN ${marks(ids)}`, [...ids])

/** The counter sessions of some scans, for the packet that loads a command's state. */
export const selectScans = (ids: readonly string[]): Statement =>
  sql(`SELECT * FROM scan WHERE id IN ${marks(ids)}`, [...ids])

/** Which of some members have proved a phone. Ids at most 500. */
export const withPhone = async (db: Reader, ids: readonly string[]): Promise<Set<string>> => {
  const rows = await db.read<{ id: string }>(
    `SELECT id FROM member WHERE id IN ${marks(ids)} AND phoneHash IS NOT NULL`,
    [...ids],
  )
  return new Set(rows.map((r) => r.id))
}
