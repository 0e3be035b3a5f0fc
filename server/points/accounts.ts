import { marks, type Row, sql } from '../db/statement'
import type { Tx } from '../db/transaction'
import { type Standing, selectStanding } from '../members/service'
import { type Account, groupWallet, type Lot, type Reversible } from './rules'

/** Accounts of a batch under lock, with what their members' standing allows. */
export interface Accounts {
  byMember: Map<string, Account>
  standing: Map<string, Standing>
}
interface AccountRow {
  memberId: string
  walletId: string
  balance: number
  debt: number
  seq: number
}

const fresh = (row: AccountRow, lots: Lot[] | null): Account => ({
  memberId: row.memberId,
  walletId: row.walletId,
  balance: row.balance,
  debt: row.debt,
  seq: row.seq,
  lots,
  entries: [],
  newLots: [],
  touched: new Set(),
  moves: [],
  reversals: [],
})

/**
 * Locks and loads the accounts of some members, making those that do not exist yet.
 * @param lots whether anything in the batch may take points away; pure awards skip the lots
 */
export const loadAccounts = async (
  tx: Tx,
  memberIds: readonly string[],
  { lots, now }: { lots: boolean; now: number },
): Promise<Accounts> => {
  const ids = [...new Set(memberIds)].sort()
  const selectAccounts = sql(
    `SELECT memberId, walletId, balance, debt, seq FROM points_account WHERE memberId IN ${marks(ids)} AND walletId = ? ORDER BY memberId${tx.lock}`,
    [...ids, groupWallet],
  )
  const selectLots = sql(
    `SELECT memberId, seq, amount, remaining, expiresOn FROM points_lot WHERE memberId IN ${marks(ids)} AND walletId = ? AND remaining > 0 ORDER BY memberId, COALESCE(expiresOn, '9'), seq`,
    [...ids, groupWallet],
  )
  const statements = [selectAccounts, selectStanding(ids), ...(lots ? [selectLots] : [])]
  let [accountRows, standingRows, lotRows = []] = await tx.readAll(statements)
  const standing = new Map((standingRows as unknown as Standing[]).map((s) => [s.id, s]))
  const have = new Set(accountRows.map((r) => r.memberId))
  const missing = ids.filter((id) => standing.has(id) && !have.has(id))
  if (missing.length) {
    await tx.insertNew(
      'points_account',
      missing.map((memberId) => ({ memberId, walletId: groupWallet, balance: 0, debt: 0, seq: 0, updatedAt: now })),
    )
    ;[accountRows, , lotRows = []] = await tx.readAll(statements)
  }
  const lotsOf = new Map<string, Lot[]>()
  for (const row of lotRows as unknown as (Lot & { memberId: string })[]) {
    const { memberId, ...lot } = row
    const list = lotsOf.get(memberId)
    if (list) list.push(lot)
    else lotsOf.set(memberId, [lot])
  }
  const byMember = new Map(
    (accountRows as unknown as AccountRow[]).map((row) => [
      row.memberId,
      fresh(row, lots ? (lotsOf.get(row.memberId) ?? []) : null),
    ]),
  )
  return { byMember, standing }
}

/** Loads entries that are to be reversed, once their accounts are locked. Answers them by `memberId/seq`. */
export const loadReversibles = async (
  tx: Tx,
  accounts: Accounts,
  wanted: { memberId: string; seq: number }[],
): Promise<Map<string, Reversible>> => {
  const out = new Map<string, Reversible>()
  for (const { memberId, seq } of wanted) {
    const key = [memberId, groupWallet, seq]
    const [entries, moves, reversed] = await tx.readAll([
      sql('SELECT amount, kind FROM points_entry WHERE memberId = ? AND walletId = ? AND seq = ?', key),
      sql('SELECT seq, lotSeq, delta FROM points_lot_move WHERE memberId = ? AND walletId = ? AND seq = ?', key),
      sql('SELECT bySeq FROM points_reversal WHERE memberId = ? AND walletId = ? AND seq = ?', key),
    ])
    if (!entries.length) continue
    const moved = moves as unknown as Reversible['moves']
    const lotSeqs = [...new Set([seq, ...moved.map((m) => m.lotSeq)])]
    const rows = (await tx.read<Lot>(
      `SELECT seq, amount, remaining, expiresOn FROM points_lot WHERE memberId = ? AND walletId = ? AND seq IN ${marks(lotSeqs)}`,
      [memberId, groupWallet, ...lotSeqs],
    )) as Lot[]
    // One lot must be one object, or two requests of a batch would each change their own copy; emptied lots join the list too.
    const known = accounts.byMember.get(memberId)?.lots ?? []
    const lots = rows.map((row) => {
      const same = known.find((lot) => lot.seq === row.seq)
      if (!same) known.push(row)
      return same ?? row
    })
    out.set(`${memberId}/${seq}`, {
      seq,
      ...(entries[0] as { amount: number; kind: string }),
      moves: moved,
      lots,
      reversed: reversed.length > 0,
    })
  }
  return out
}

/** Writes what a batch changed: one statement per table. Rows are spelled out, because this is where a busy till's time goes. */
export const writeAccounts = (tx: Tx, accounts: Accounts, now: number): void => {
  const entries: Row[] = []
  const newLots: Row[] = []
  const touchedLots: Row[] = []
  const moves: Row[] = []
  const reversals: Row[] = []
  const balances: Row[] = []
  for (const a of accounts.byMember.values()) {
    if (!a.entries.length) continue
    const { memberId, walletId } = a
    for (const e of a.entries)
      entries.push({
        memberId,
        walletId,
        seq: e.seq,
        at: e.at,
        onDay: e.onDay,
        amount: e.amount,
        balanceAfter: e.balanceAfter,
        kind: e.kind,
        sourceType: e.source.type,
        sourceId: e.source.id,
        note: e.source.note,
      })
    for (const l of a.newLots)
      newLots.push({ memberId, walletId, seq: l.seq, amount: l.amount, remaining: l.remaining, expiresOn: l.expiresOn })
    for (const l of a.touched)
      if (!a.newLots.includes(l))
        touchedLots.push({
          memberId,
          walletId,
          seq: l.seq,
          amount: l.amount,
          remaining: l.remaining,
          expiresOn: l.expiresOn,
        })
    for (const m of a.moves) moves.push({ memberId, walletId, seq: m.seq, lotSeq: m.lotSeq, delta: m.delta })
    for (const r of a.reversals) reversals.push({ memberId, walletId, seq: r.seq, bySeq: r.bySeq })
    balances.push({ memberId, walletId, balance: a.balance, debt: a.debt, seq: a.seq, updatedAt: now })
  }
  tx.insert('points_entry', entries)
  tx.insert('points_lot', newLots)
  tx.upsert('points_lot', ['memberId', 'walletId', 'seq'], ['remaining'], touchedLots)
  tx.insert('points_lot_move', moves)
  tx.insert('points_reversal', reversals)
  tx.upsert('points_account', ['memberId', 'walletId'], ['balance', 'debt', 'seq', 'updatedAt'], balances)
}
