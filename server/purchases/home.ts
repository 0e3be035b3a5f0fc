import type { Output } from '../../shared/contract'
import { civilDay } from '../../shared/time'
import { bannersFor, giftsOf } from '../campaigns/service'
import { checkinState } from '../checkins/service'
import { claimableFor, couponCounts, endingToday, heldCoupons } from '../coupons/service'
import type { Reader } from '../db/transaction'
import type { Deps } from '../deps'
import { memberSelf, requireMember } from '../members/service'
import { inboxOf } from '../messages/service'
import { allStores } from '../operators/service'
import { accountOf } from '../points/service'
import { profileState } from '../profiles/service'
import { recommendTo, recommendToVisitor } from '../recommendations/service'
import { rewardTeaser } from '../rewards/service'
import { progressOf } from '../tiers/service'

type Home = Output<'GET /me/home'>

const shownGoods = 6

/** Goods with their reasons, and what the list says about itself; `personalised` decides what it is made of, see recommendations. */
const goodsOf = (list: Awaited<ReturnType<typeof recommendTo>>): Pick<Home, 'goods' | 'recommendation'> => ({
  goods: list.items.map(({ id, name, category, priceFen, reason }) => ({
    id,
    name,
    category,
    priceFen: priceFen ?? 0,
    reason,
  })),
  recommendation: { traceId: list.traceId, basis: list.basis, note: list.note },
})

/** The newest message while it is unread: one line on the home page. A gift has a place of its own there. */
const noticeOf = (message: Output<'GET /me/messages'>['items'][number] | undefined): Home['notice'] =>
  message && !message.read && !/birthday|anniversary/.test(message.kind)
    ? { id: message.id, title: message.title, page: message.page }
    : null

/** Everything the home page shows, in one answer. */
export const homeOf = async (db: Reader, deps: Deps, memberId: string, now: number): Promise<Home> => {
  const today = civilDay(now)
  const member = await requireMember(db, memberId)
  const [self, tier, points, usable, counts, expiringTodayCount, claimable, gifts, list, inbox] = await Promise.all([
    memberSelf(db, deps.keys, member, today),
    progressOf(db, memberId),
    accountOf(db, memberId, today),
    heldCoupons(db, memberId, { tab: 'usable', limit: 3 }, now),
    couponCounts(db, memberId, now),
    endingToday(db, memberId, now),
    claimableFor(db, member, now),
    giftsOf(db, memberId, now),
    recommendTo(db, deps, memberId, { slot: 'home', limit: shownGoods }, now),
    inboxOf(db, memberId, { limit: 1 }),
  ])
  const [checkin, rewards, profile, banners] = await Promise.all([
    checkinState(db, memberId, today),
    rewardTeaser(db, { tierLevel: member.tierLevel, balance: points.balance }, now),
    profileState(db, member),
    bannersFor(db, member, now),
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
    ...goodsOf(list),
    checkin,
    profile,
    banners,
    rewards,
    unreadMessages: inbox.unread,
    notice: noticeOf(inbox.items[0]),
  }
}

/** What a visitor sees before joining. */
export const visitorHome = async (db: Reader, deps: Deps, now: number): Promise<Output<'GET /home'>> => {
  const [stores, claimable, list, banners] = await Promise.all([
    allStores(db),
    claimableFor(db, null, now),
    recommendToVisitor(db, deps, { limit: shownGoods }, now),
    bannersFor(db, null, now),
  ])
  return {
    now,
    shop: deps.env.SHOP_NAME,
    joinGift: '入会即享生日礼、周年礼与会员专属券',
    goods: goodsOf(list).goods,
    stores: stores.slice(0, 10),
    claimableCount: claimable.items.filter((c) => c.blocked === null).length,
    banners,
  }
}
