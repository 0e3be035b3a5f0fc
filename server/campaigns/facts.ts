import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import type { Which } from '../messages/service'
import { groupWallet } from '../points/service'
import { levelsOf } from '../tiers/service'

/** Read-only SQL over other modules' tables: whom a campaign is for, what texts say of members, and what became of messages. */

/** What texts may say of some members: name, level, balance. */
export const placesFor = async (db: Reader, which: Which): Promise<Map<string, Record<string, string>>> => {
  const where = 'ids' in which ? `m.id IN ${marks(which.ids)}` : 'm.id > ? AND m.id <= ?'
  const params = 'ids' in which ? [...which.ids] : [which.after, which.upTo]
  const levels = await levelsOf(db)
  const rows = await db.read<{ id: string; name: string; tierLevel: number; balance: number | null }>(
    `SELECT m.id, m.name, m.tierLevel, a.balance FROM member m LEFT JOIN points_account a ON a.memberId = m.id AND a.walletId = ?
     WHERE ${where}`,
    [groupWallet, ...params],
  )
  return new Map(
    rows.map((r) => [
      r.id,
      {
        name: r.name || '会员',
        tier: levels.find((l) => l.level === r.tierLevel)?.name ?? '会员',
        points: String(Number(r.balance ?? 0)),
        tip: '点击查看详情',
      },
    ]),
  )
}

/** Members after a cursor, in order. */
export const memberIds = async (db: Reader, cursor: string, limit: number): Promise<string[]> =>
  (await db.read<{ id: string }>('SELECT id FROM member WHERE id > ? ORDER BY id LIMIT ?', [cursor, limit])).map(
    (r) => r.id,
  )

export const countMembers = async (db: Reader): Promise<number> =>
  Number((await db.read<{ n: number }>("SELECT COUNT(*) AS n FROM member WHERE status = 'active'"))[0].n)

export const segmentNames = async (db: Reader, ids: readonly string[]): Promise<Map<string, string>> => {
  const rows = ids.length
    ? await db.read<{ id: string; name: string }>(`SELECT id, name FROM segment WHERE id IN ${marks(ids)}`, [...ids])
    : []
  return new Map(rows.map((r) => [r.id, r.name]))
}

export const templateNames = async (db: Reader, ids: readonly string[]): Promise<Map<string, string>> => {
  const rows = ids.length
    ? await db.read<{ id: string; name: string }>(`SELECT id, name FROM message_template WHERE id IN ${marks(ids)}`, [
        ...ids,
      ])
    : []
  return new Map(rows.map((r) => [r.id, r.name]))
}

/** What became of the messages of a source, by channel, status and reason. */
export const outcomesOf = (db: Reader, source: string) =>
  db.read<{ channel: string; status: string; reason: string | null; count: number }>(
    'SELECT channel, status, reason, COUNT(*) AS count FROM message WHERE source = ? GROUP BY channel, status, reason ORDER BY channel, status, reason',
    [source],
  )
