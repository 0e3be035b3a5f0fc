import { civilDay } from '../../shared/time'
import type { Tx } from '../db/transaction'
import { AppError, refuse } from '../errors'
import { type Command, executeOne } from '../http/command'
import { type Accounts, loadAccounts, loadReversibles, writeAccounts } from './accounts'
import { type Account, earn, lotExpiry, type NewEntry, type Reversible, reverse, type Source, spend } from './rules'

export { type Accounts, loadAccounts, writeAccounts } from './accounts'
export { expireLots, expiringAccounts } from './expire'
export { noticesDue } from './notice'
export { accountOf, entriesOf, monthSums } from './queries'
export { clawBack, earn, groupWallet, lotExpiry, pointsFor, pointsPolicy, spend, spendable } from './rules'
export { earningRules } from './views'

/** Gives points. `at` is when it was earned; expiry follows from it unless given. */
export interface Award {
  memberId: string
  points: number
  source: Source
  kind?: 'earn' | 'gift' | 'adjust'
}
export interface Spend {
  memberId: string
  points: number
  source: Source
  kind?: 'spend' | 'adjust'
}
export interface Reversal {
  memberId: string
  seq: number
  source: Source
}
/** A movement that happened. */
export interface Moved {
  entryId: string
  amount: number
  balance: number
}

interface State {
  accounts: Accounts
  now: number
}
const moved = (entry: NewEntry | AppError): Moved | AppError =>
  entry instanceof AppError ? entry : { entryId: String(entry.seq), amount: entry.amount, balance: entry.balanceAfter }

/** The account a request may move, or why it may not. */
export const usableAccount = (accounts: Accounts, memberId: string): Account | AppError => {
  const standing = accounts.standing.get(memberId)
  if (!standing) return refuse('member_not_found')
  if (standing.status !== 'active') return refuse('member_inactive')
  const account = accounts.byMember.get(memberId)
  if (!account) throw new Error(`Account of ${memberId} was not loaded`)
  return account
}

/** Gives points to members; a batch may name one member several times. */
export const awardPoints: Command<Award, State, Moved> = {
  load: async (tx, requests, now) => ({
    accounts: await loadAccounts(
      tx,
      requests.map((r) => r.memberId),
      { lots: false, now },
    ),
    now,
  }),
  decide: ({ accounts }, requests, now) => {
    const when = { at: now, onDay: civilDay(now) }
    return requests.map((r) => {
      const account = usableAccount(accounts, r.memberId)
      if (account instanceof AppError) return account
      return moved(earn(account, { amount: r.points, expiresOn: lotExpiry(when.onDay), kind: r.kind }, when, r.source))
    })
  },
  write: (tx, { accounts, now }) => writeAccounts(tx, accounts, now),
}

/** Takes points from members, soonest expiry first. */
export const spendPoints: Command<Spend, State, Moved> = {
  load: async (tx, requests, now) => ({
    accounts: await loadAccounts(
      tx,
      requests.map((r) => r.memberId),
      { lots: true, now },
    ),
    now,
  }),
  decide: ({ accounts }, requests, now) => {
    const when = { at: now, onDay: civilDay(now) }
    return requests.map((r) => {
      const account = usableAccount(accounts, r.memberId)
      return account instanceof AppError ? account : moved(spend(account, r.points, when, r.source, r.kind))
    })
  },
  write: (tx, { accounts, now }) => writeAccounts(tx, accounts, now),
}

/** Reverses entries by their number; each at most once. */
export const reversePoints: Command<Reversal, State & { targets: Map<string, Reversible> }, Moved> = {
  load: async (tx, requests, now) => {
    const accounts = await loadAccounts(
      tx,
      requests.map((r) => r.memberId),
      { lots: true, now },
    )
    return { accounts, now, targets: await loadReversibles(tx, accounts, [...requests]) }
  },
  decide: ({ accounts, targets }, requests, now) => {
    const when = { at: now, onDay: civilDay(now) }
    return requests.map((r) => {
      const account = usableAccount(accounts, r.memberId)
      if (account instanceof AppError) return account
      const target = targets.get(`${r.memberId}/${r.seq}`)
      if (!target) return refuse('points_entry_not_found')
      const entry = reverse(account, target, when, r.source)
      // Two reversals of one entry in a batch share the target: the second is refused.
      if (!(entry instanceof AppError)) target.reversed = true
      return moved(entry)
    })
  },
  write: (tx, { accounts, now }) => writeAccounts(tx, accounts, now),
}

/** A manual adjustment: positive points are given, negative ones taken; answers the balance. */
export const adjust = async (
  tx: Tx,
  memberId: string,
  points: number,
  source: Source,
  now: number,
): Promise<number> => {
  const request = { memberId, points: Math.abs(points), source, kind: 'adjust' as const }
  const moved =
    points > 0 ? await executeOne(tx, awardPoints, request, now) : await executeOne(tx, spendPoints, request, now)
  return moved.balance
}
