import type { Output, Parsed } from '../../shared/contract'
import { civilDay, DAY_MS, monthKey } from '../../shared/time'
import type { Reader, Tx } from '../db/transaction'
import { AppError, refuse } from '../errors'
import { execute } from '../http/command'
import { maskName } from '../mask'
import { namesOf, requireMember, withPhone } from '../members/service'
import { queueMessages } from '../messages/service'
import { awardPoints } from '../points/service'
import { purchasesSince } from '../purchases/service'
import type { Referral } from './entity'
import { planOf } from './plan'
import { type Bought, type Flag, firstKept, flagsOf, type Plan, referralPolicy, type State, stateTexts } from './rules'

/** Invitations that may have come to something, after `cursor`, in the order of the friends. */
export const openReferrals = (db: Reader, cursor: string, limit: number, now: number): Promise<Referral[]> =>
  db.read<Referral>(
    "SELECT * FROM referral WHERE state IN ('joined', 'bought') AND friendId > ? AND boundAt >= ? ORDER BY friendId LIMIT ?",
    [cursor, now - referralPolicy.waitDays * DAY_MS, limit],
  )

/**
 * Pays both sides of one invitation. The inviter's code row is the lock, so that the month's limit is counted one by one, whoever pays;
 * the state is looked at under it, so that nobody is paid twice.
 */
const payOne = async (
  tx: Tx,
  plan: Plan,
  friendId: string,
  purchaseId: string,
  now: number,
  from: readonly string[],
): Promise<boolean> => {
  const [peek] = await tx.read<Referral>('SELECT inviterId FROM referral WHERE friendId = ?', [friendId])
  await tx.read(`SELECT memberId FROM referral_code WHERE memberId = ?${tx.lock}`, [peek.inviterId])
  const [r] = await tx.read<Referral>(`SELECT * FROM referral WHERE friendId = ?${tx.lock}`, [friendId])
  if (!from.includes(r.state)) return false
  const month = monthKey(civilDay(now))
  const [{ n }] = await tx.read<{ n: number }>(
    'SELECT COUNT(*) AS n FROM referral WHERE inviterId = ? AND paidMonth = ?',
    [r.inviterId, month],
  )
  const capped = Number(n) >= plan.perMonth
  const source = (note: string) => ({ type: 'referral', id: friendId, note })
  const wanted = [
    ...(capped || !plan.inviterPoints
      ? []
      : [{ memberId: r.inviterId, points: plan.inviterPoints, source: source('好友首次消费') }]),
    ...(plan.friendPoints ? [{ memberId: friendId, points: plan.friendPoints, source: source('受邀首次消费') }] : []),
  ]
  const results = await execute(tx, awardPoints, wanted, now)
  // Somebody who has left meanwhile gets nothing; the other side is paid all the same.
  const got = (memberId: string): number =>
    wanted.reduce((sum, w, i) => sum + (w.memberId === memberId && !(results[i] instanceof AppError) ? w.points : 0), 0)
  const inviterPoints = got(r.inviterId)
  const friendPoints = got(friendId)
  tx.write(
    'UPDATE referral SET state = ?, inviterPoints = ?, friendPoints = ?, purchaseId = ?, paidAt = ?, paidMonth = ? WHERE friendId = ?',
    [capped ? 'capped' : 'paid', inviterPoints, friendPoints, purchaseId, now, capped ? null : month, friendId],
  )
  tell(tx, r, { inviterPoints, friendPoints }, now)
  return true
}

const tell = (tx: Tx, r: Referral, paid: { inviterPoints: number; friendPoints: number }, now: number): void =>
  queueMessages(
    tx,
    [
      { memberId: r.inviterId, points: paid.inviterPoints, text: '你邀请的好友完成了首次消费' },
      { memberId: r.friendId, points: paid.friendPoints, text: '受邀后的首次消费已过退款期' },
    ].flatMap(({ memberId, points, text }) =>
      points
        ? [
            {
              memberId,
              kind: 'notice' as const,
              title: '邀请奖励已到账',
              text: `${text}，${points} 积分已到账。`,
              page: 'packages/referral/index',
              dedupeKey: `referral:${r.friendId}:${memberId}`,
              channels: ['inbox' as const],
            },
          ]
        : [],
    ),
    now,
  )

const bindsAround = async (tx: Tx, r: Referral): Promise<number> => {
  const [{ n }] = await tx.read<{ n: number }>(
    'SELECT COUNT(*) AS n FROM referral WHERE inviterId = ? AND boundAt > ? AND boundAt < ?',
    [r.inviterId, r.boundAt - referralPolicy.burstMs, r.boundAt + referralPolicy.burstMs],
  )
  return Number(n)
}

/** Moves invitations on: a first purchase is noted, one that outlived its refund days pays, one that looks odd waits for a person. */
export const settleReferrals = async (tx: Tx, rows: readonly Referral[], now: number): Promise<number> => {
  const { plan } = await planOf(tx)
  if (!plan.active || !rows.length) return 0
  const friends = rows.map((r) => r.friendId)
  const purchases = await purchasesSince(tx, friends, Math.min(...rows.map((r) => r.boundAt)))
  const phones = await withPhone(tx, friends)
  let changed = 0
  for (const r of rows) {
    const own: Bought[] = purchases.filter((p) => p.memberId === r.friendId)
    const { kept, refundedBefore } = firstKept(plan, r.boundAt, own)
    if (!kept) {
      // What was bought has gone back: wait for the next one.
      if (r.state === 'bought')
        changed += await tx.run(
          "UPDATE referral SET state = 'joined', purchaseId = NULL, paysAt = NULL WHERE friendId = ? AND state = 'bought'",
          [r.friendId],
        )
      continue
    }
    const paysAt = kept.at + plan.keepDays * DAY_MS
    if (now < paysAt) {
      if (r.state !== 'bought' || r.purchaseId !== kept.id)
        changed += await tx.run(
          "UPDATE referral SET state = 'bought', purchaseId = ?, paysAt = ? WHERE friendId = ? AND state IN ('joined', 'bought')",
          [kept.id, paysAt, r.friendId],
        )
      continue
    }
    const flags = flagsOf({
      boundWithin: await bindsAround(tx, r),
      refundedBefore,
      hasPhone: phones.has(r.friendId),
    })
    if (flags.length)
      changed += await tx.run(
        "UPDATE referral SET state = 'held', flags = ?, purchaseId = ?, paysAt = ? WHERE friendId = ? AND state IN ('joined', 'bought')",
        [JSON.stringify(flags), kept.id, paysAt, r.friendId],
      )
    else changed += Number(await payOne(tx, plan, r.friendId, kept.id, now, ['joined', 'bought']))
  }
  return changed
}

type AdminRow = Output<'GET /admin/referrals'>['items'][number]
const view = async (db: Reader, rows: readonly Referral[]): Promise<AdminRow[]> => {
  const names = await namesOf(db, [...new Set(rows.flatMap((r) => [r.friendId, r.inviterId]))])
  const masked = (id: string): string => maskName(names.get(id) ?? '')
  return rows.map((r) => ({
    id: r.friendId,
    friendId: r.friendId,
    nameMasked: masked(r.friendId),
    joinedAt: r.boundAt,
    state: r.state as State,
    stateText: stateTexts[r.state as State],
    points: r.inviterPoints + r.friendPoints,
    paysAt: r.paysAt,
    inviterId: r.inviterId,
    inviterNameMasked: masked(r.inviterId),
    flags: JSON.parse(r.flags) as Flag[],
    inviterPoints: r.inviterPoints,
    friendPoints: r.friendPoints,
    purchaseId: r.purchaseId,
  }))
}

/** Invitations for the operators, by friend id downwards: newest members first. */
export const listReferrals = async (
  db: Reader,
  { cursor, limit, state }: Parsed<'GET /admin/referrals'>,
): Promise<Output<'GET /admin/referrals'>> => {
  const rows = await db.read<Referral>(
    `SELECT * FROM referral WHERE friendId < ?${state ? ' AND state = ?' : ''} ORDER BY friendId DESC LIMIT ?`,
    [cursor ?? '~', ...(state ? [state] : []), limit + 1],
  )
  const shown = rows.slice(0, limit)
  return {
    items: await view(db, shown),
    nextCursor: rows.length > limit ? shown[shown.length - 1].friendId : null,
  }
}

/** A person has looked at what seemed odd: it pays now, or never. */
export const decideReferral = async (
  tx: Tx,
  { friendId, decision }: Parsed<'POST /admin/referrals/:friendId/decisions'>,
  now: number,
): Promise<AdminRow> => {
  const [r] = await tx.read<Referral>('SELECT * FROM referral WHERE friendId = ?', [friendId])
  if (!r) throw refuse('referral_not_found')
  if (r.state !== 'held' || !r.purchaseId) throw refuse('referral_bad_state', { state: stateTexts[r.state as State] })
  await requireMember(tx, friendId)
  const { plan } = await planOf(tx)
  const done =
    decision === 'release'
      ? await payOne(tx, plan, friendId, r.purchaseId, now, ['held'])
      : (await tx.run("UPDATE referral SET state = 'rejected' WHERE friendId = ? AND state = 'held'", [friendId])) > 0
  if (!done) throw refuse('referral_bad_state', { state: '已处理' })
  const rows = await tx.read<Referral>('SELECT * FROM referral WHERE friendId = ?', [friendId])
  return (await view(tx, rows))[0]
}
