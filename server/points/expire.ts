import { civilDay } from '../../shared/time'
import type { Reader, Tx } from '../db/transaction'
import { loadAccounts, writeAccounts } from './accounts'
import { expire, groupWallet } from './rules'

/** Members after `cursor` with something to write off on `today`, at most `limit`, in id order. */
export const expiringAccounts = async (db: Reader, today: string, cursor: string, limit: number): Promise<string[]> => {
  const rows = await db.read<{ memberId: string }>(
    'SELECT DISTINCT memberId FROM points_lot WHERE walletId = ? AND remaining > 0 AND expiresOn < ? AND memberId > ? ORDER BY memberId LIMIT ?',
    [groupWallet, today, cursor, limit],
  )
  return rows.map((r) => r.memberId)
}

/** Writes off what has passed its last day for these members; answers what each lost. A second run finds nothing left. */
export const expireLots = async (tx: Tx, memberIds: readonly string[], now: number): Promise<Map<string, number>> => {
  const accounts = await loadAccounts(tx, memberIds, { lots: true, now })
  const lost = new Map<string, number>()
  for (const account of accounts.byMember.values()) {
    const entry = expire(account, { at: now, onDay: civilDay(now) })
    if (entry) lost.set(account.memberId, -entry.amount)
  }
  writeAccounts(tx, accounts, now)
  return lost
}
