import type { Output, Parsed } from '../../shared/contract'
import { addDays, civilDay, describeDay } from '../../shared/time'
import { forgetConversations } from '../assistant/service'
import { rememberGift } from '../campaigns/service'
import { forgetPosts } from '../community/service'
import { couponCounts, heldCoupons, voidCoupon } from '../coupons/service'
import { newId } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import { forgetFeedback, openComplaints } from '../feedback/service'
import { forgetAnswers } from '../http/idempotency'
import { removePhotosOf } from '../http/uploads'
import { forgetWords } from '../interactions/service'
import { eraseMember } from '../members/service'
import { forgetMessages, queueMessages } from '../messages/service'
import { accountOf, adjust, expireLots } from '../points/service'
import { forgetProfile } from '../profiles/service'
import { forgetRecommendations } from '../recommendations/service'
import { forgetAddresses } from '../rewards/service'
import { progressOf } from '../tiers/service'
import type { Cancellation } from './entity'
import { erasureAt, privacyPolicy } from './rules'

type View = Output<'POST /me/cancellation'>

/** Coupons taken away in one read; a wallet has few. */
const couponsAtOnce = 200

export const cancellationView = (c: Cancellation): View => ({
  id: c.id,
  state: c.state as View['state'],
  requestedAt: c.requestedAt,
  dueOn: civilDay(c.dueAt),
  dueAt: c.dueAt,
})

/** The request that stands, or null. */
export const openCancellation = async (db: Reader, memberId: string): Promise<Cancellation | null> =>
  (await db.read<Cancellation>('SELECT * FROM cancellation WHERE openKey = ?', [memberId]))[0] ?? null

/** What a member gives up by leaving, and what is not settled yet. */
export const cancellationOutlook = async (
  db: Reader,
  memberId: string,
  now: number,
): Promise<Output<'GET /me/cancellation'>> => {
  const [request, account, coupons, tier, complaints] = await Promise.all([
    openCancellation(db, memberId),
    accountOf(db, memberId, civilDay(now)),
    couponCounts(db, memberId, now),
    progressOf(db, memberId),
    openComplaints(db, memberId),
  ])
  return {
    cancellation: request && cancellationView(request),
    coolingDays: privacyPolicy.coolingDays,
    losses: {
      points: account.balance,
      coupons: coupons.usable + coupons.coming,
      tierName: tier.name,
      growth: tier.growth,
    },
    openComplaints: complaints,
  }
}

/** Asks to leave. The unique key of the open request decides when two ask at once. */
export const requestCancellation = async (
  tx: Tx,
  memberId: string,
  { reason }: Parsed<'POST /me/cancellation'>,
  now: number,
): Promise<View> => {
  const row: Cancellation = {
    id: newId(now),
    memberId,
    openKey: memberId,
    state: 'requested',
    reason: reason ?? null,
    requestedAt: now,
    dueAt: erasureAt(now),
    closedAt: null,
    outcome: '',
  }
  if (!(await tx.insertNew('cancellation', [{ ...row }]))) throw refuse('cancellation_open')
  const lastDay = describeDay(addDays(civilDay(row.dueAt), -1), civilDay(now))
  queueMessages(
    tx,
    [
      {
        memberId,
        kind: 'notice',
        title: '已收到注销申请',
        text: `${lastDay}前随时可以在隐私中心撤回；之后账户、积分和券将被清除，无法恢复。`,
        page: 'packages/privacy/cancel',
        dedupeKey: `cancellation:${row.id}`,
        channels: ['inbox'],
      },
    ],
    now,
  )
  return cancellationView(row)
}

/** Takes the request back. */
export const withdrawCancellation = async (tx: Tx, memberId: string, now: number): Promise<{ ok: true }> => {
  const changed = await tx.run(
    "UPDATE cancellation SET state = 'withdrawn', openKey = NULL, closedAt = ? WHERE openKey = ? AND state = 'requested'",
    [now, memberId],
  )
  if (!changed) throw refuse('cancellation_none')
  return { ok: true }
}

/** Writes off what is left on the points account, by entries like any other; answers how much. */
const forfeitPoints = async (tx: Tx, memberId: string, now: number): Promise<number> => {
  // What has passed its last day goes as expired, so that the rest can be taken whole.
  await expireLots(tx, [memberId], now)
  const { balance } = await accountOf(tx, memberId, civilDay(now))
  if (balance) await adjust(tx, memberId, -balance, { type: 'cancellation', id: null, note: '账户注销，积分作废' }, now)
  return balance
}

const forfeitCoupons = async (tx: Tx, memberId: string, now: number): Promise<number> => {
  let taken = 0
  for (const tab of ['usable', 'coming'] as const)
    for (;;) {
      const { items } = await heldCoupons(tx, memberId, { tab, limit: couponsAtOnce }, now)
      for (const coupon of items) await voidCoupon(tx, coupon.id, null, '账户注销', now)
      taken += items.length
      if (items.length < couponsAtOnce) break
    }
  return taken
}

/**
 * Erases the account of a request that is due, in one transaction: value goes through the ledgers, words and photos are deleted, whoever
 * it was is taken out of the rows that stay for the books. A request that was taken back meanwhile is left alone; answers whether it ran.
 */
export const executeCancellation = async (tx: Tx, request: Cancellation, now: number): Promise<boolean> => {
  const { id, memberId } = request
  const [still] = await tx.read<Cancellation>(`SELECT * FROM cancellation WHERE id = ?${tx.lock}`, [id])
  if (still?.state !== 'requested' || still.dueAt > now) return false
  const outcome = {
    points: await forfeitPoints(tx, memberId, now),
    coupons: await forfeitCoupons(tx, memberId, now),
    posts: await forgetPosts(tx, memberId, now),
  }
  await rememberGift(tx, memberId)
  await forgetFeedback(tx, memberId)
  await forgetConversations(tx, memberId)
  await forgetRecommendations(tx, memberId, now)
  removePhotosOf(tx, memberId, now)
  forgetAddresses(tx, memberId)
  forgetProfile(tx, memberId)
  forgetWords(tx, memberId)
  forgetMessages(tx, memberId, now)
  forgetAnswers(tx, `m-${memberId}`)
  tx.write('DELETE FROM data_export_part WHERE exportId IN (SELECT id FROM data_export WHERE memberId = ?)', [memberId])
  tx.write(
    "UPDATE data_export SET state = 'expired', summary = '[]' WHERE memberId = ? AND state IN ('pending', 'ready')",
    [memberId],
  )
  await eraseMember(tx, memberId, now)
  tx.write(
    "UPDATE cancellation SET state = 'done', openKey = NULL, reason = NULL, closedAt = ?, outcome = ? WHERE id = ?",
    [now, JSON.stringify(outcome), id],
  )
  return true
}
