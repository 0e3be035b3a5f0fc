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

/** What became of the messages of a journey, by channel, status and reason. */
export const journeyMessages = (db: Reader, journeyId: string) =>
  db.read<{ channel: string; status: string; reason: string | null; count: number }>(
    'SELECT channel, status, reason, COUNT(*) AS count FROM message WHERE source = ? GROUP BY channel, status, reason ORDER BY channel, status, reason',
    [`journey:${journeyId}`],
  )

/** Messages by the day they went out, or are to go out, and who had them sent. */
export const messagesByDay = (db: Reader, from: number, to: number) =>
  db.read<{ source: string | null; status: string; bucket: number; n: number }>(
    `SELECT source, status, FLOOR((nextAttemptAt - ?) / 86400000) AS bucket, COUNT(*) AS n FROM message
     WHERE status = 'pending' AND nextAttemptAt >= ? AND nextAttemptAt < ? GROUP BY source, status, FLOOR((nextAttemptAt - ?) / 86400000)`,
    [from, from, to, from],
  )

/** Runs by the day their waiting ends. */
export const runsByDay = (db: Reader, from: number, to: number) =>
  db.read<{ journeyId: string; bucket: number; n: number }>(
    `SELECT journeyId, FLOOR((dueAt - ?) / 86400000) AS bucket, COUNT(*) AS n FROM journey_run
     WHERE state = 'active' AND dueAt >= ? AND dueAt < ? GROUP BY journeyId, FLOOR((dueAt - ?) / 86400000)`,
    [from, from, to, from],
  )

/** How many members have each of some birthday keys, or joined on each of some days of the year. */
export const countByKey = async (
  db: Reader,
  column: 'birthdayKey' | 'joinedMonthDay',
  keys: readonly string[],
): Promise<Map<string, number>> => {
  const rows = keys.length
    ? await db.read<{ k: string; n: number }>(
        `SELECT ${column} AS k, COUNT(*) AS n FROM member WHERE ${column} IN ${marks(keys)} AND status = 'active' GROUP BY ${column}`,
        [...keys],
      )
    : []
  return new Map(rows.map((r) => [r.k, Number(r.n)]))
}

/** What a canvas can choose from. */
export const choices = async (db: Reader) => ({
  coupons: await db.read<{ id: string; name: string }>(
    "SELECT id, name FROM coupon_template WHERE state = 'published' ORDER BY id DESC LIMIT 200",
  ),
  segments: await db.read<{ id: string; name: string }>('SELECT id, name FROM segment ORDER BY name LIMIT 500'),
  tags: await db.read<{ id: string; name: string }>(
    "SELECT id, name FROM tag WHERE kind IN ('manual', 'imported') ORDER BY name LIMIT 500",
  ),
  endpoints: await db.read<{ id: string; name: string; channel: string }>(
    'SELECT id, name, channel FROM message_endpoint WHERE active = 1 ORDER BY name LIMIT 200',
  ),
})
