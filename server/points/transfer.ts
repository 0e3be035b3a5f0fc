import { randomBytes } from 'node:crypto'
import { civilDay } from '../../shared/time'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { AppError, refuse } from '../errors'
import { type Command, executeOne } from '../http/command'
import type { Keys } from '../keys'
import { findByPhone, namesOf, requireMember } from '../members/service'
import { queueMessages } from '../messages/service'
import { type Accounts, loadAccounts, writeAccounts } from './accounts'
import type { PointsTransfer } from './entity'
import { type Account, earn, groupWallet, type NewEntry, pointsPolicy, spend, spendable } from './rules'
import { reversePoints, usableAccount } from './service'
import { type Given, linkClosesAt, nothingGiven, type Part, partsOfMoves, transferRefusal } from './transfer-rules'

/** Somebody gives points away: to a member, or to whoever opens a link. */
export interface Gift {
  fromMemberId: string
  toMemberId: string | null
  points: number
  note: string
}
/** A gift that was made. */
export interface Gave {
  transfer: PointsTransfer
  balance: number
}
interface State {
  now: number
  accounts: Accounts
  joinedAt: Map<string, number>
  given: Map<string, Given>
  made: Gave[]
}

/** The parts an entry took out of the lots of an account that is being decided. */
const partsOfEntry = (account: Account, entry: NewEntry, lots: readonly { seq: number; expiresOn: string | null }[]) =>
  partsOfMoves(
    account.moves
      .filter((m) => m.seq === entry.seq)
      .map((m) => ({ delta: m.delta, expiresOn: lots.find((l) => l.seq === m.lotSeq)?.expiresOn ?? null })),
  )

/** Puts received points into lots that end when the giver's would have. The caller has made sure that there is room. */
const receive = (account: Account, parts: readonly Part[], now: number, id: string): void => {
  const when = { at: now, onDay: civilDay(now) }
  for (const { points, expiresOn } of parts) {
    const source = { type: 'transfer', id, note: '好友转赠' }
    const entry = earn(account, { amount: points, expiresOn, kind: 'gift' }, when, source)
    if (entry instanceof AppError) throw new Error(`Room for ${points} points was checked before`)
  }
}
const hasRoom = (account: Account, points: number): boolean => account.balance + points <= pointsPolicy.maxBalance

const giveOne = (state: State, r: Gift): Gave | AppError => {
  const { now } = state
  const account = usableAccount(state.accounts, r.fromMemberId)
  if (account instanceof AppError) return account
  const onDay = civilDay(now)
  const given = state.given.get(r.fromMemberId) ?? nothingGiven
  const refusal = transferRefusal(
    {
      points: r.points,
      available: spendable(account, onDay),
      joinedAt: state.joinedAt.get(r.fromMemberId) ?? now,
      toSelf: r.toMemberId === r.fromMemberId,
    },
    given,
    now,
  )
  if (refusal) return refusal
  const to = r.toMemberId ? usableAccount(state.accounts, r.toMemberId) : null
  if (to instanceof AppError) return to
  if (to && !hasRoom(to, r.points)) return refuse('points_overflow')
  const id = newId(now)
  const lots = [...(account.lots ?? [])]
  const entry = spend(account, r.points, { at: now, onDay }, { type: 'transfer', id, note: r.note || '送给好友' })
  if (entry instanceof AppError) throw new Error(`Points of ${r.fromMemberId} changed under their lock`)
  const parts = partsOfEntry(account, entry, lots)
  if (to) receive(to, parts, now, id)
  state.given.set(r.fromMemberId, { count: given.count + 1, points: given.points + r.points, lastAt: now })
  const transfer: PointsTransfer = {
    id,
    fromMemberId: r.fromMemberId,
    toMemberId: r.toMemberId,
    points: r.points,
    via: to ? 'phone' : 'link',
    state: to ? 'done' : 'waiting',
    token: to ? null : randomBytes(18).toString('base64url'),
    note: r.note,
    fromSeq: entry.seq,
    createdAt: now,
    createdOn: onDay,
    closesAt: to ? null : linkClosesAt(parts, now),
    closedAt: to ? now : null,
  }
  const made = { transfer, balance: Math.max(0, account.balance) }
  state.made.push(made)
  return made
}

/** Gives points to friends: both accounts under lock, ids sorted, so that two members giving to each other never wait in a circle. */
export const givePoints: Command<Gift, State, Gave> = {
  load: async (tx, requests, now) => {
    const givers = [...new Set(requests.map((r) => r.fromMemberId))]
    const takers = requests.flatMap((r) => (r.toMemberId ? [r.toMemberId] : []))
    const accounts = await loadAccounts(tx, [...givers, ...takers], { lots: true, now })
    const rows = await tx.read<{ fromMemberId: string; n: number; points: number; lastAt: number }>(
      `SELECT fromMemberId, COUNT(*) AS n, SUM(points) AS points, MAX(createdAt) AS lastAt FROM points_transfer
       WHERE fromMemberId IN ${marks(givers)} AND createdOn = ? AND state IN ('waiting', 'done') GROUP BY fromMemberId`,
      [...givers, civilDay(now)],
    )
    const joinedAt = new Map<string, number>()
    for (const id of givers) if (accounts.standing.has(id)) joinedAt.set(id, (await requireMember(tx, id)).joinedAt)
    return {
      now,
      accounts,
      joinedAt,
      given: new Map(
        rows.map((r) => [r.fromMemberId, { count: Number(r.n), points: Number(r.points), lastAt: Number(r.lastAt) }]),
      ),
      made: [],
    }
  },
  decide: (state, requests) => requests.map((r) => giveOne(state, r)),
  write: (tx, { accounts, made, now }) => {
    writeAccounts(tx, accounts, now)
    tx.insert(
      'points_transfer',
      made.map(({ transfer }) => ({ ...transfer })),
    )
    tellReceivers(
      tx,
      made.map((m) => m.transfer).filter((t) => t.toMemberId),
      now,
    )
  },
}

const tellReceivers = (tx: Tx, gifts: readonly PointsTransfer[], now: number): void =>
  queueMessages(
    tx,
    gifts.map((t) => ({
      memberId: t.toMemberId as string,
      kind: 'notice' as const,
      title: '收到好友送的积分',
      text: `好友送你 ${t.points} 积分${t.note ? `：${t.note}` : ''}。`,
      page: 'packages/points/index',
      dedupeKey: `points_gift:${t.id}`,
      channels: ['inbox' as const],
    })),
    now,
  )

const lockTransfer = async (tx: Tx, id: string): Promise<PointsTransfer> =>
  (await tx.read<PointsTransfer>(`SELECT * FROM points_transfer WHERE id = ?${tx.lock}`, [id]))[0]

/** Takes points out of a link, once: the receiver's account and then the gift's row are the locks. */
export const claimPoints = async (
  tx: Tx,
  memberId: string,
  token: string,
  now: number,
): Promise<{ points: number; balance: number; fromMemberId: string }> => {
  const [peek] = await tx.read<PointsTransfer>('SELECT * FROM points_transfer WHERE token = ?', [token])
  if (!peek) throw refuse('transfer_not_found')
  if (peek.fromMemberId === memberId) throw refuse('transfer_self')
  const accounts = await loadAccounts(tx, [memberId], { lots: false, now })
  const account = usableAccount(accounts, memberId)
  if (account instanceof AppError) throw account
  const gift = await lockTransfer(tx, peek.id)
  if (gift.state !== 'waiting' || now > (gift.closesAt ?? 0)) throw refuse('transfer_closed')
  if (!hasRoom(account, gift.points)) throw refuse('points_overflow')
  const moves = await tx.read<{ delta: number; expiresOn: string | null }>(
    `SELECT m.delta, l.expiresOn FROM points_lot_move m
     JOIN points_lot l ON l.memberId = m.memberId AND l.walletId = m.walletId AND l.seq = m.lotSeq
     WHERE m.memberId = ? AND m.walletId = ? AND m.seq = ?`,
    [gift.fromMemberId, groupWallet, gift.fromSeq],
  )
  receive(account, partsOfMoves(moves), now, gift.id)
  writeAccounts(tx, accounts, now)
  tx.write("UPDATE points_transfer SET state = 'done', toMemberId = ?, closedAt = ? WHERE id = ?", [
    memberId,
    now,
    gift.id,
  ])
  const name = (await namesOf(tx, [memberId])).get(memberId)
  queueMessages(
    tx,
    [
      {
        memberId: gift.fromMemberId,
        kind: 'notice',
        title: '积分已被好友领取',
        text: `${name ? `${[...name][0]}**` : '好友'}领取了你送的 ${gift.points} 积分。`,
        page: 'packages/points/index',
        dedupeKey: `points_gift_taken:${gift.id}`,
        channels: ['inbox'],
      },
    ],
    now,
  )
  return { points: gift.points, balance: Math.max(0, account.balance), fromMemberId: gift.fromMemberId }
}

/** Gives a waiting gift back to its giver, into the very lots it came from. Answers the balance. */
const takeBack = async (tx: Tx, id: string, to: 'revoked' | 'returned', now: number): Promise<number> => {
  const [peek] = await tx.read<PointsTransfer>('SELECT * FROM points_transfer WHERE id = ?', [id])
  const moved = await executeOne(
    tx,
    reversePoints,
    {
      memberId: peek.fromMemberId,
      seq: peek.fromSeq,
      source: { type: 'transfer', id, note: to === 'revoked' ? '收回送出的积分' : '好友没有领取，积分退回' },
    },
    now,
  ).catch((error) => {
    throw error?.code === 'points_already_reversed' ? refuse('transfer_closed') : error
  })
  const gift = await lockTransfer(tx, id)
  if (gift.state !== 'waiting') throw refuse('transfer_closed')
  tx.write('UPDATE points_transfer SET state = ?, closedAt = ? WHERE id = ?', [to, now, id])
  return Math.max(0, moved.balance)
}

/** The giver changes her mind while nobody has taken the gift. */
export const revokePoints = async (
  tx: Tx,
  memberId: string,
  transferId: string,
  now: number,
): Promise<{ transferId: string; state: 'revoked'; balance: number }> => {
  const [gift] = await tx.read<PointsTransfer>('SELECT * FROM points_transfer WHERE id = ? AND fromMemberId = ?', [
    transferId,
    memberId,
  ])
  if (!gift) throw refuse('transfer_not_found')
  if (gift.state !== 'waiting') throw refuse('transfer_closed')
  return { transferId, state: 'revoked', balance: await takeBack(tx, transferId, 'revoked', now) }
}

/** Returns gifts that nobody took in time. */
export const returnPoints = async (tx: Tx, gifts: readonly PointsTransfer[], now: number): Promise<number> => {
  for (const gift of gifts) await takeBack(tx, gift.id, 'returned', now)
  return gifts.length
}

/** Whom a phone number names; null where none was given, which makes a link. */
export const recipientOf = async (db: Reader, keys: Keys, phone: string | undefined): Promise<string | null> => {
  if (!phone) return null
  const member = await findByPhone(db, keys, phone)
  if (!member) throw refuse('member_not_found')
  return member.id
}
