import { civilDay } from '../../shared/time'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Tx } from '../db/transaction'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import { inScope } from '../http/actor'
import type { Command } from '../http/command'
import { appendEvents } from '../interactions/service'
import { type Scan, type Standing, selectScans, selectStanding } from '../members/service'
import type { Coupon } from './entity'
import { couponPolicy, type Occasion, type Usable, wrongMoment, wrongPlace } from './rules'
import { namingOf, type Template, templatesByIds } from './templates'
import type { Naming } from './words'

/** Coupons under lock with the templates they were made of. */
export interface HeldCoupons {
  byId: Map<string, Coupon & { template: Template }>
}

/** Locks coupons in id order and reads their templates. */
export const lockCoupons = async (tx: Tx, ids: readonly string[]): Promise<HeldCoupons> => {
  const sorted = [...new Set(ids)].sort()
  if (!sorted.length) return { byId: new Map() }
  const rows = await tx.read<Coupon>(`SELECT * FROM coupon WHERE id IN ${marks(sorted)} ORDER BY id${tx.lock}`, sorted)
  const templates = await templatesByIds(tx, [...new Set(rows.map((c) => c.templateId))])
  return { byId: new Map(rows.map((c) => [c.id, { ...c, template: templates.get(c.templateId) as Template }])) }
}

/** A coupon as the rules take it. */
export const usableOf = (c: Coupon & { template: Template }): Usable => ({
  id: c.id,
  memberId: c.memberId,
  status: c.status,
  validFrom: c.validFrom,
  validTo: c.validTo,
  name: c.template.name,
  rule: c.template.rule,
})

/** A redemption that was decided. */
export interface Redeemed {
  couponId: string
  memberId: string
  at: number
  storeId: string
  operatorId: string | null
  purchaseId: string | null
  savedFen: number
}

/** Writes redemptions; the rows are under lock, so the status needs no second check. */
export const writeRedemptions = (tx: Tx, redeemed: readonly Redeemed[], now: number): void => {
  for (const r of redeemed)
    tx.write(
      "UPDATE coupon SET status = 'used', redeemedAt = ?, redeemedOn = ?, purchaseId = ?, storeId = ?, operatorId = ?, savedFen = ? WHERE id = ?",
      [r.at, civilDay(r.at), r.purchaseId, r.storeId, r.operatorId, r.savedFen, r.couponId],
    )
  tx.insert(
    'coupon_event',
    redeemed.map((r) => ({
      id: newId(now),
      couponId: r.couponId,
      at: r.at,
      kind: 'redeem',
      operatorId: r.operatorId,
      note: r.purchaseId ? `消费 ${r.purchaseId}` : '柜台核销',
    })),
  )
  appendEvents(
    tx,
    redeemed.map((r) => ({
      memberId: r.memberId,
      eventId: `redeem:${r.couponId}:${r.at}`,
      type: 'coupon_redeem',
      at: r.at,
      target: r.couponId,
      origin: 'server' as const,
    })),
    now,
  )
}

const giveBack = (tx: Tx, ids: readonly string[], operatorId: string | null, note: string, now: number): void => {
  for (const id of ids)
    tx.write(
      "UPDATE coupon SET status = 'held', redeemedAt = NULL, redeemedOn = NULL, purchaseId = NULL, storeId = NULL, operatorId = NULL, savedFen = 0 WHERE id = ? AND status = 'used'",
      [id],
    )
  tx.insert(
    'coupon_event',
    ids.map((couponId) => ({ id: newId(now), couponId, at: now, kind: 'reverse', operatorId, note })),
  )
}

/** Gives the coupons of a purchase that was taken back to their owner again; the purchase is under lock, which guards them. */
export const returnCoupons = (tx: Tx, couponIds: readonly string[], operatorId: string | null, now: number): void =>
  giveBack(tx, couponIds, operatorId, '消费已退', now)

/** Takes a counter redemption back within its window; a coupon used in a purchase comes back with the refund instead. */
export const reverseRedemption = async (
  tx: Tx,
  actor: OperatorActor,
  couponId: string,
  reason: string,
  now: number,
): Promise<{ couponId: string; status: string }> => {
  const [coupon] = await tx.read<Coupon>(`SELECT * FROM coupon WHERE id = ?${tx.lock}`, [couponId])
  if (!coupon) throw refuse('coupon_not_found')
  if (coupon.status !== 'used' || !coupon.redeemedAt) throw refuse('coupon_not_usable_status', { status: '没有核销过' })
  if (coupon.purchaseId) throw refuse('coupon_not_usable_status', { status: '随消费核销，请办理退款' })
  if (coupon.storeId) inScope(actor, coupon.storeId)
  if (now > coupon.redeemedAt + couponPolicy.reverseWindowDays * 86_400_000)
    throw refuse('coupon_reverse_window', { windowDays: couponPolicy.reverseWindowDays })
  giveBack(tx, [couponId], actor.operatorId, reason, now)
  return { couponId, status: now > coupon.validTo ? 'expired' : 'held' }
}

/** Takes a coupon that was not used out of its owner's wallet; refuses for one that was. Only once, whoever asks. */
export const voidCoupon = async (
  tx: Tx,
  couponId: string,
  operatorId: string | null,
  note: string,
  now: number,
): Promise<void> => {
  const changed = await tx.run("UPDATE coupon SET status = 'void' WHERE id = ? AND status IN ('held', 'expired')", [
    couponId,
  ])
  if (!changed) throw refuse('coupon_not_usable_status', { status: '已使用或已转赠' })
  tx.insert('coupon_event', [{ id: newId(now), couponId, at: now, kind: 'void', operatorId, note }])
}

/** A coupon to be redeemed at the counter without a purchase. */
export interface Redemption {
  scanId: string
  couponId: string
  actor: OperatorActor
}
interface State {
  scans: Map<string, Scan>
  standing: Map<string, Standing>
  coupons: HeldCoupons
  naming: Naming
  redeemed: Redeemed[]
  now: number
}

/** Redeems exchange coupons at the counter; one that takes money off belongs to a purchase. */
export const redeemCoupons: Command<
  Redemption,
  State,
  { couponId: string; redeemedAt: number; title: string; reversibleUntil: number }
> = {
  load: async (tx, requests, now) => {
    const [scanRows] = await tx.readAll([selectScans(requests.map((r) => r.scanId))])
    const scans = new Map((scanRows as unknown as Scan[]).map((s) => [s.id, s]))
    const [standingRows] = await tx.readAll([selectStanding([...new Set([...scans.values()].map((s) => s.memberId))])])
    return {
      scans,
      standing: new Map((standingRows as unknown as Standing[]).map((s) => [s.id, s])),
      coupons: await lockCoupons(
        tx,
        requests.map((r) => r.couponId),
      ),
      naming: await namingOf(tx),
      redeemed: [],
      now,
    }
  },
  decide: (state, requests, now) =>
    requests.map((r) => {
      const scan = state.scans.get(r.scanId)
      if (!scan || scan.operatorId !== r.actor.operatorId) return refuse('scan_not_found')
      if (now > scan.expiresAt) return refuse('scan_expired')
      if (scan.via === 'offline') return refuse('offline_earn_only')
      if (r.actor.storeIds && !r.actor.storeIds.includes(scan.storeId)) return refuse('store_out_of_scope')
      const coupon = state.coupons.byId.get(r.couponId)
      if (!coupon) return refuse('coupon_not_found')
      if (coupon.memberId !== scan.memberId) return refuse('coupon_wrong_member')
      const usable = usableOf(coupon)
      const wrong =
        wrongMoment(usable, now) ??
        wrongPlace(
          usable,
          occasionAt(scan.storeId, state.standing.get(scan.memberId)?.tierLevel ?? 0, state.naming, now),
        )
      if (wrong) return wrong
      if (usable.rule.kind !== 'exchange') return refuse('coupon_kind_needs_purchase')
      coupon.status = 'used'
      state.redeemed.push({
        couponId: coupon.id,
        memberId: coupon.memberId,
        at: now,
        storeId: scan.storeId,
        operatorId: r.actor.operatorId,
        purchaseId: null,
        savedFen: 0,
      })
      return {
        couponId: coupon.id,
        redeemedAt: now,
        title: usable.rule.item ?? usable.name,
        reversibleUntil: now + couponPolicy.reverseWindowDays * 86_400_000,
      }
    }),
  write: (tx, { redeemed, now }) => writeRedemptions(tx, redeemed, now),
}

/** The till a coupon is held against. */
export const occasionAt = (storeId: string, tierLevel: number, naming: Naming, at: number): Occasion => ({
  at,
  storeId,
  storeName: naming.store(storeId),
  channel: 'store',
  tierLevel,
  storeNames: (ids) => ids.map(naming.store).join('、'),
  tierName: naming.tier,
})

/** Marks coupons whose last moment has passed; answers the last id and how many. A second run finds nothing. */
export const expireCoupons = async (
  tx: Tx,
  cursor: string,
  limit: number,
  now: number,
): Promise<{ cursor: string | null; expired: number }> => {
  const rows = await tx.read<{ id: string; validTo: number }>(
    `SELECT id, validTo FROM coupon WHERE status = 'held' AND validTo < ? AND id > ? ORDER BY id LIMIT ?${tx.lock}`,
    [now, cursor, limit],
  )
  if (!rows.length) return { cursor: null, expired: 0 }
  const ids = rows.map((r) => r.id)
  tx.write(`UPDATE coupon SET status = 'expired' WHERE status = 'held' AND id IN ${marks(ids)}`, ids)
  tx.insert(
    'coupon_event',
    rows.map((r) => ({
      id: newId(now),
      couponId: r.id,
      at: r.validTo,
      kind: 'expire',
      operatorId: null,
      note: '到期未用',
    })),
  )
  return { cursor: rows.length < limit ? null : ids[ids.length - 1], expired: rows.length }
}
