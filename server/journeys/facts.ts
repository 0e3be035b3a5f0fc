import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'

/** Read-only SQL over other modules' tables: gifts given and messages sent, for outcomes and reports. */

/** Who of some members has a gift of an occasion for a civil day. */
export const giftsGiven = async (
  db: Reader,
  occasion: string,
  day: string,
  memberIds: readonly string[],
): Promise<Set<string>> => {
  const rows = await db.read<{ memberId: string }>(
    `SELECT memberId FROM care_gift WHERE memberId IN ${marks(memberIds)} AND kind = ? AND onDay = ?`,
    [...memberIds, occasion, day],
  )
  return new Set(rows.map((r) => r.memberId))
}

/** Which of some things a definition names are there. */
export const present = async (
  db: Reader,
  table: string,
  where: string,
  ids: readonly string[],
): Promise<Set<string>> => {
  if (!ids.length) return new Set()
  const rows = await db.read<{ id: string }>(`SELECT id FROM ${table} WHERE id IN ${marks(ids)}${where}`, [...ids])
  return new Set(rows.map((r) => r.id))
}
