import { randomBytes } from 'node:crypto'
import type { Output } from '../../shared/contract'
import { civilDay } from '../../shared/time'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { appLink } from '../http/links'
import { appendEvents } from '../interactions/service'
import { maskName } from '../mask'
import { namesOf, requireMember } from '../members/service'
import { queueMessages } from '../messages/service'
import type { Coupon, CouponGift } from './entity'
import { viewCoupons } from './queries'
import { couponPolicy, giftRefusal } from './rules'
import { namingOf, templatesByIds } from './templates'
import { ticketFace } from './views'

type Held = Output<'GET /me/coupons/:couponId'>

/** The coupon is the lock of everything that happens to its gift; it comes before the gift's own row. */
const lockCoupon = async (tx: Tx, couponId: string): Promise<Coupon> =>
  (await tx.read<Coupon>(`SELECT * FROM coupon WHERE id = ?${tx.lock}`, [couponId]))[0]

const event = (tx: Tx, couponId: string, kind: string, note: string, now: number): void =>
  tx.insert('coupon_event', [{ id: newId(now), couponId, at: now, kind, operatorId: null, note }])

const sharePathOf = (token: string): string => `packages/gift/coupon?token=${token}`

/** Puts a coupon into a link. Until a friend takes it its owner can use it no more, but can take it back. */
export const giveCoupon = async (
  tx: Tx,
  deps: Pick<Deps, 'env'>,
  { memberId, couponId, note }: { memberId: string; couponId: string; note: string },
  now: number,
): Promise<Output<'POST /me/coupons/:couponId/gifts'>> => {
  const coupon = await lockCoupon(tx, couponId)
  if (!coupon || coupon.memberId !== memberId) throw refuse('coupon_not_found')
  const refusal = giftRefusal(coupon, now)
  if (refusal) throw refusal
  const gift: CouponGift = {
    id: newId(now),
    couponId,
    fromMemberId: memberId,
    toMemberId: null,
    newCouponId: null,
    state: 'waiting',
    token: randomBytes(18).toString('base64url'),
    note,
    createdAt: now,
    closesAt: Math.min(now + couponPolicy.giftMs, coupon.validTo),
    closedAt: null,
  }
  tx.write("UPDATE coupon SET status = 'giving' WHERE id = ?", [couponId])
  tx.insert('coupon_gift', [{ ...gift }])
  event(tx, couponId, 'give', '', now)
  const sharePath = sharePathOf(gift.token)
  return { giftId: gift.id, token: gift.token, sharePath, link: appLink(deps.env, sharePath), closesAt: gift.closesAt }
}

const lockGift = async (tx: Tx, peek: CouponGift): Promise<{ coupon: Coupon; gift: CouponGift }> => {
  const coupon = await lockCoupon(tx, peek.couponId)
  const [gift] = await tx.read<CouponGift>(`SELECT * FROM coupon_gift WHERE id = ?${tx.lock}`, [peek.id])
  return { coupon, gift }
}

/**
 * A friend takes the coupon out of a link, once. The giver's coupon stays as a row that says where it went; the friend gets one of the
 * same template, numbered under the template's lock, that ends when the first one would have.
 */
export const claimGift = async (tx: Tx, memberId: string, token: string, now: number): Promise<Held> => {
  const [peek] = await tx.read<CouponGift>('SELECT * FROM coupon_gift WHERE token = ?', [token])
  if (!peek) throw refuse('gift_not_found')
  if (peek.fromMemberId === memberId) throw refuse('gift_self')
  if ((await requireMember(tx, memberId)).status !== 'active') throw refuse('member_inactive')
  const { coupon, gift } = await lockGift(tx, peek)
  if (gift.state !== 'waiting' || now > gift.closesAt || coupon.status !== 'giving') throw refuse('gift_closed')
  await tx.read(`SELECT id FROM coupon_template WHERE id = ?${tx.lock}`, [coupon.templateId])
  const [{ top }] = await tx.read<{ top: number | null }>(
    'SELECT MAX(ordinal) AS top FROM coupon WHERE templateId = ? AND memberId = ?',
    [coupon.templateId, memberId],
  )
  const id = newId(now)
  const received: Coupon = {
    ...coupon,
    id,
    memberId,
    ordinal: Number(top ?? 0) + 1,
    status: 'held',
    source: 'gift',
    sourceId: `gift:${gift.id}`,
    claimedAt: now,
    claimedOn: civilDay(now),
  }
  tx.insert('coupon', [{ ...received }])
  tx.write("UPDATE coupon SET status = 'given' WHERE id = ?", [coupon.id])
  tx.write("UPDATE coupon_gift SET state = 'claimed', toMemberId = ?, newCouponId = ?, closedAt = ? WHERE id = ?", [
    memberId,
    id,
    now,
    gift.id,
  ])
  event(tx, coupon.id, 'given', '', now)
  appendEvents(
    tx,
    [{ memberId, eventId: `coupon:${id}`, type: 'coupon_gift', at: now, target: coupon.templateId, origin: 'server' }],
    now,
  )
  queueMessages(
    tx,
    [
      {
        memberId: gift.fromMemberId,
        kind: 'notice',
        title: '券已被好友领取',
        text: `${maskName((await namesOf(tx, [memberId])).get(memberId) ?? '')} 领取了你送的券。`,
        page: 'pages/coupons/index',
        dedupeKey: `coupon_gift_taken:${gift.id}`,
        channels: ['inbox'],
      },
    ],
    now,
  )
  return (await viewCoupons(tx, [received], now))[0]
}

const takeBack = async (tx: Tx, peek: CouponGift, to: 'revoked' | 'returned', now: number): Promise<Coupon> => {
  const { coupon, gift } = await lockGift(tx, peek)
  if (gift.state !== 'waiting') throw refuse('gift_closed')
  tx.write("UPDATE coupon SET status = 'held' WHERE id = ? AND status = 'giving'", [coupon.id])
  tx.write('UPDATE coupon_gift SET state = ?, closedAt = ? WHERE id = ?', [to, now, gift.id])
  event(tx, coupon.id, 'give_back', to === 'revoked' ? '收回' : '没人领取，退回', now)
  return { ...coupon, status: 'held' }
}

/** The giver takes the coupon back while nobody has it. */
export const revokeGift = async (tx: Tx, memberId: string, giftId: string, now: number): Promise<Held> => {
  const [gift] = await tx.read<CouponGift>('SELECT * FROM coupon_gift WHERE id = ? AND fromMemberId = ?', [
    giftId,
    memberId,
  ])
  if (!gift) throw refuse('gift_not_found')
  return (await viewCoupons(tx, [await takeBack(tx, gift, 'revoked', now)], now))[0]
}

/** Gives coupons back that nobody took in time; they are usable again, or expired if their own time is over too. */
export const returnGifts = async (tx: Tx, gifts: readonly CouponGift[], now: number): Promise<number> => {
  for (const gift of gifts) await takeBack(tx, gift, 'returned', now)
  return gifts.length
}

const faces = async (db: Reader, couponIds: readonly string[]) => {
  const coupons = await db.read<Coupon>(`SELECT * FROM coupon WHERE id IN ${marks(couponIds)}`, [...couponIds])
  const [templates, naming] = await Promise.all([
    templatesByIds(db, [...new Set(coupons.map((c) => c.templateId))]),
    namingOf(db),
  ])
  return new Map(
    coupons.flatMap((coupon) => {
      const template = templates.get(coupon.templateId)
      return template ? [[coupon.id, { coupon, face: ticketFace(template, naming) }] as const] : []
    }),
  )
}
const shownState = (gift: CouponGift, now: number): 'waiting' | 'claimed' | 'revoked' | 'returned' =>
  gift.state === 'waiting' && now > gift.closesAt ? 'returned' : (gift.state as 'waiting')

/** What a link holds, for whoever opens it. */
export const giftByToken = async (
  db: Reader,
  token: string,
  now: number,
): Promise<Output<'GET /coupon-gifts/:token'>> => {
  const [gift] = await db.read<CouponGift>('SELECT * FROM coupon_gift WHERE token = ?', [token])
  const shown = gift && (await faces(db, [gift.couponId])).get(gift.couponId)
  if (!gift || !shown) throw refuse('gift_not_found')
  return {
    fromMasked: maskName((await namesOf(db, [gift.fromMemberId])).get(gift.fromMemberId) ?? ''),
    face: shown.face,
    note: gift.note,
    validTo: shown.coupon.validTo,
    state: shownState(gift, now),
    closesAt: gift.closesAt,
  }
}

/** The coupons a member has given away or put into links, newest first. */
export const giftsOfMember = async (
  db: Reader,
  deps: Pick<Deps, 'env'>,
  memberId: string,
  { cursor, limit }: { cursor?: string; limit: number },
  now: number,
): Promise<Output<'GET /me/coupon-gifts'>> => {
  const rows = await db.read<CouponGift>(
    'SELECT * FROM coupon_gift WHERE fromMemberId = ? AND id < ? ORDER BY id DESC LIMIT ?',
    [memberId, cursor ?? '~', limit + 1],
  )
  const page = rows.slice(0, limit)
  const [shown, names] = await Promise.all([
    faces(
      db,
      page.map((g) => g.couponId),
    ),
    namesOf(db, [...new Set(page.flatMap((g) => g.toMemberId ?? []))]),
  ])
  return {
    items: page.flatMap((g) => {
      const face = shown.get(g.couponId)?.face
      const waiting = shownState(g, now) === 'waiting'
      return face
        ? [
            {
              id: g.id,
              couponId: g.couponId,
              face,
              state: shownState(g, now),
              otherMasked: g.toMemberId ? maskName(names.get(g.toMemberId) ?? '') : null,
              note: g.note,
              createdAt: g.createdAt,
              closesAt: g.closesAt,
              token: waiting ? g.token : null,
              sharePath: waiting ? sharePathOf(g.token) : null,
              link: waiting ? appLink(deps.env, sharePathOf(g.token)) : null,
            },
          ]
        : []
    }),
    nextCursor: rows.length > limit ? page[page.length - 1].id : null,
  }
}
