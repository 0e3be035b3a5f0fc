import type { Output } from '../../shared/contract'
import { civilDay } from '../../shared/time'
import { giftsOf } from '../campaigns/service'
import { checkinState } from '../checkins/service'
import { claimableFor, couponCounts, endingToday, heldCoupons } from '../coupons/service'
import type { Reader } from '../db/transaction'
import type { Deps } from '../deps'
import { memberSelf, requireMember } from '../members/service'
import { inboxOf } from '../messages/service'
import { allStores } from '../operators/service'
import { accountOf } from '../points/service'
import { rewardTeaser } from '../rewards/service'
import { progressOf } from '../tiers/service'

type Home = Output<'GET /me/home'>
type Goods = Home['goods']

const shownGoods = 6

/** What sells most now, from the product list's own order; the reason says so. */
export const popularGoods = async (db: Reader, limit = shownGoods): Promise<Goods> => {
  const rows = await db.read<{ id: string; name: string; category: string; priceFen: number }>(
    `SELECT p.id, p.name, p.category, p.priceFen FROM product p JOIN (
       SELECT productId, COUNT(*) AS sold FROM purchase_line GROUP BY productId ORDER BY sold DESC LIMIT ?
     ) s ON s.productId = p.id WHERE p.active = 1 ORDER BY s.sold DESC LIMIT ?`,
    [limit * 3, limit],
  )
  return rows.map((r) => ({ ...r, reason: '店里卖得最好的' }))
}

/** Goods this member buys again and again, filled up with what everybody buys. Without personalisation only the latter. */
const goodsFor = async (db: Reader, memberId: string, personalised: boolean, popular: Goods): Promise<Goods> => {
  const own = personalised
    ? await db.read<{ id: string; name: string; category: string; priceFen: number; times: number }>(
        `SELECT p.id, p.name, p.category, p.priceFen, COUNT(DISTINCT l.purchaseId) AS times FROM purchase b
         JOIN purchase_line l ON l.purchaseId = b.id JOIN product p ON p.id = l.productId
         WHERE b.memberId = ? AND p.active = 1 GROUP BY p.id, p.name, p.category, p.priceFen HAVING COUNT(DISTINCT l.purchaseId) > 1 ORDER BY times DESC, p.id LIMIT ?`,
        [memberId, shownGoods - 2],
      )
    : []
  const chosen = own.map(({ times, ...p }) => ({ ...p, reason: `你买过 ${times} 次` }))
  return [...chosen, ...popular.filter((g) => !chosen.some((c) => c.id === g.id))].slice(0, shownGoods)
}

/** What sells most changes by the day, not by the request: remembered for ten minutes in each process. */
export const popularGoodsCache = (ttlMs = 600_000): ((db: Reader, now: number) => Promise<Goods>) => {
  let until = 0
  let goods: Promise<Goods> = Promise.resolve([])
  return (db, now) => {
    if (now >= until) {
      until = now + ttlMs
      goods = popularGoods(db).catch((error) => {
        until = 0
        throw error
      })
    }
    return goods
  }
}

/** The newest message while it is unread: one line on the home page. A gift has a place of its own there. */
const noticeOf = (message: Output<'GET /me/messages'>['items'][number] | undefined): Home['notice'] =>
  message && !message.read && !/birthday|anniversary/.test(message.kind)
    ? { id: message.id, title: message.title, page: message.page }
    : null

/** Everything the home page shows, in one answer. */
export const homeOf = async (db: Reader, deps: Deps, memberId: string, now: number, popular: Goods): Promise<Home> => {
  const today = civilDay(now)
  const member = await requireMember(db, memberId)
  const [self, tier, points, usable, counts, expiringTodayCount, claimable, gifts, goods, inbox] = await Promise.all([
    memberSelf(db, deps.keys, member, today),
    progressOf(db, memberId),
    accountOf(db, memberId, today),
    heldCoupons(db, memberId, { tab: 'usable', limit: 3 }, now),
    couponCounts(db, memberId, now),
    endingToday(db, memberId, now),
    claimableFor(db, member, now),
    giftsOf(db, memberId, now),
    goodsFor(db, memberId, member.personalised === 1, popular),
    inboxOf(db, memberId, { limit: 1 }),
  ])
  const [checkin, rewards] = await Promise.all([
    checkinState(db, memberId, today),
    rewardTeaser(db, { tierLevel: member.tierLevel, balance: points.balance }, now),
  ])
  return {
    now,
    shop: deps.env.SHOP_NAME,
    member: self,
    tier,
    points,
    usableCoupons: usable.items,
    usableCouponCount: counts.usable,
    expiringTodayCount,
    claimableCount: claimable.items.filter((c) => c.blocked === null).length,
    gifts: gifts.filter((g) => g.until >= today),
    goods,
    checkin,
    rewards,
    unreadMessages: inbox.unread,
    notice: noticeOf(inbox.items[0]),
  }
}

/** What a visitor sees before joining. */
export const visitorHome = async (
  db: Reader,
  deps: Deps,
  now: number,
  popular: Goods,
): Promise<Output<'GET /home'>> => {
  const [stores, claimable] = await Promise.all([allStores(db), claimableFor(db, null, now)])
  return {
    now,
    shop: deps.env.SHOP_NAME,
    joinGift: '入会即享生日礼、周年礼与会员专属券',
    goods: popular,
    stores: stores.slice(0, 10),
    claimableCount: claimable.items.filter((c) => c.blocked === null).length,
  }
}
