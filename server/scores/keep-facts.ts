import { marks, type Row } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import type { MemberFacts } from './entity'
import { memberFacts, windowFacts } from './member-facts'

/** Columns that say when a row was written, not what it says. */
const stamps = ['memberId', 'onDay', 'updatedAt']
/** What a member has of whom nothing is known: no row is kept for that. */
const isEmpty = (row: Row): boolean =>
  Object.entries(row).every(([key, value]) => stamps.includes(key) || value === 0 || value === null || value === '[]')

/**
 * Counts the facts of some members and writes those that changed. Answers how many did.
 * @param ids at most 500
 */
export const keepFacts = async (tx: Tx, ids: readonly string[], today: string, now: number): Promise<number> => {
  const held = new Map(
    (await tx.read<MemberFacts>(`SELECT * FROM member_facts WHERE memberId IN ${marks(ids)}`, [...ids])).map((row) => [
      row.memberId,
      row,
    ]),
  )
  const rows = (await memberFacts(tx, ids, today)).filter((row) => {
    const was = held.get(row.memberId as string)
    if (!was) return !isEmpty(row)
    return Object.keys(row).some((key) => row[key] !== was[key as keyof MemberFacts])
  })
  tx.upsert(
    'member_facts',
    ['memberId'],
    ['onDay', 'updatedAt', ...Object.keys(rows[0] ?? {}).filter((key) => key !== 'memberId')],
    rows.map((row) => ({ onDay: today, updatedAt: now, ...row })),
  )
  return rows.length
}

/** Members whose windows of 30 and 90 days have moved since they were counted. One pass over the facts. */
export const movedWindows = (
  db: Reader,
  after: string,
  limit: number,
  today: string,
): Promise<{ memberId: string }[]> =>
  db.read(
    'SELECT memberId FROM member_facts WHERE memberId > ? AND interactions90 > 0 AND onDay < ? ORDER BY memberId LIMIT ?',
    [after, today, limit],
  )

/** Brings only the windows of some members up to date. */
export const moveWindows = async (tx: Tx, ids: readonly string[], today: string): Promise<number> => {
  for (const { memberId, interactions30, interactions90 } of await windowFacts(tx, ids, today))
    tx.write('UPDATE member_facts SET interactions30 = ?, interactions90 = ?, onDay = ? WHERE memberId = ?', [
      interactions30,
      interactions90,
      today,
      memberId,
    ])
  return ids.length
}
