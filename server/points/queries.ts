import type { Output } from '../../shared/contract'
import { addDays } from '../../shared/time'
import type { Reader } from '../db/transaction'
import type { PointsEntry } from './entity'
import { groupWallet, pointsPolicy } from './rules'
import { entryView } from './views'

type AccountView = Output<'GET /me/points'>['account']

/** Balance, debt and what expires within 30 days of `today`. */
export const accountOf = async (db: Reader, memberId: string, today: string): Promise<AccountView> => {
  const [account] = await db.read<{ balance: number; debt: number }>(
    'SELECT balance, debt FROM points_account WHERE memberId = ? AND walletId = ?',
    [memberId, groupWallet],
  )
  const lots = await db.read<{ expiresOn: string; points: number }>(
    'SELECT expiresOn, SUM(remaining) AS points FROM points_lot WHERE memberId = ? AND walletId = ? AND remaining > 0 AND expiresOn >= ? AND expiresOn <= ? GROUP BY expiresOn ORDER BY expiresOn LIMIT 5',
    [memberId, groupWallet, today, addDays(today, pointsPolicy.expiringSoonDays)],
  )
  return {
    balance: Math.max(0, account?.balance ?? 0),
    debt: account?.debt ?? 0,
    expiring: lots.map((l) => ({ on: l.expiresOn, points: Number(l.points) })),
  }
}

/** One page of the ledger, newest first. The cursor is the number of the last entry shown. */
export const entriesOf = async (
  db: Reader,
  memberId: string,
  { cursor, limit, kind, month }: { cursor?: string; limit: number; kind?: 'in' | 'out'; month?: string },
): Promise<Output<'GET /me/points/entries'>> => {
  const before = /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : 2_000_000_000
  const direction = kind === 'in' ? ' AND e.amount > 0' : kind === 'out' ? ' AND e.amount < 0' : ''
  const inMonth = month ? ' AND e.onDay >= ? AND e.onDay <= ?' : ''
  const rows = await db.read<PointsEntry & { expiresOn: string | null }>(
    `SELECT e.*, l.expiresOn FROM points_entry e LEFT JOIN points_lot l ON l.memberId = e.memberId AND l.walletId = e.walletId AND l.seq = e.seq
     WHERE e.memberId = ? AND e.walletId = ? AND e.seq < ?${direction}${inMonth} ORDER BY e.seq DESC LIMIT ?`,
    [memberId, groupWallet, before, ...(month ? [`${month}-01`, `${month}-31`] : []), limit + 1],
  )
  const items = rows.slice(0, limit)
  return { items: items.map(entryView), nextCursor: rows.length > limit ? String(items[items.length - 1].seq) : null }
}

/** What came in and went out in the month of `day` so far. */
export const monthSums = async (
  db: Reader,
  memberId: string,
  today: string,
): Promise<{ earned: number; spent: number }> => {
  const [sums] = await db.read<{ earned: number | null; spent: number | null }>(
    `SELECT SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS earned, SUM(CASE WHEN amount < 0 THEN -amount ELSE 0 END) AS spent
     FROM points_entry WHERE memberId = ? AND walletId = ? AND onDay >= ? AND onDay <= ?`,
    [memberId, groupWallet, `${today.slice(0, 7)}-01`, today],
  )
  return { earned: Number(sums?.earned ?? 0), spent: Number(sums?.spent ?? 0) }
}
