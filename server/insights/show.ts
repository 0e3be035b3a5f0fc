import type { Output } from '../../shared/contract'
import { civilDay, startOfDay } from '../../shared/time'
import type { Reader } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import { maskName } from '../mask'
import { birthdayOf, phoneMaskedOf, requireMember } from '../members/service'
import { accountOf } from '../points/service'
import { progressOf } from '../tiers/service'
import { namesOf } from './list'
import { couponFigures, favouriteCategoriesOf, statsOf, visitsOf } from './member-facts'
import { averageOf, favouriteCategories, habitPurchases, hourOf, mostFrequent } from './rules'

/** The member, unless he is at home in none of this operator's stores: then he is not found, as if he did not exist. */
export const memberInScope = async (db: Reader, actor: OperatorActor, memberId: string) => {
  const [member, stats] = await Promise.all([requireMember(db, memberId), statsOf(db, memberId)])
  const homes = [member.joinedStoreId, stats?.lastStoreId]
  if (actor.storeIds && !actor.storeIds.some((id) => homes.includes(id))) throw refuse('member_not_found')
  return { member, stats }
}

/** Everything the member page shows above its timeline. */
export const showMember = async (
  db: Reader,
  deps: Deps,
  actor: OperatorActor,
  memberId: string,
  now: number,
): Promise<Output<'GET /admin/members/:memberId'>> => {
  const { member, stats } = await memberInScope(db, actor, memberId)
  const [points, tier, coupons, favourites, visits, names] = await Promise.all([
    accountOf(db, memberId, civilDay(now)),
    progressOf(db, memberId),
    couponFigures(db, memberId, now),
    favouriteCategoriesOf(db, memberId, favouriteCategories),
    visitsOf(db, memberId, habitPurchases),
    namesOf(db),
  ])
  const favouriteStore = mostFrequent(visits.map((v) => v.storeId))
  return {
    id: member.id,
    cardNo: member.cardNo,
    nameMasked: maskName(member.name),
    phoneMasked: phoneMaskedOf(deps.keys, member),
    gender: member.gender as 'female' | 'male' | 'unknown',
    birthday: birthdayOf(deps.keys, member),
    joinedAt: member.joinedAt,
    joinedStore: member.joinedStoreId && (names.stores.get(member.joinedStoreId) ?? null),
    joinedBy: member.joinedBy as 'wechat' | 'phone' | 'staff' | 'import',
    status: member.status === 'active' ? 'active' : 'inactive',
    points,
    tier,
    figures: {
      spendFen: stats?.spendFen ?? 0,
      purchases: stats?.purchases ?? 0,
      averageFen: averageOf(stats?.spendFen ?? 0, stats?.purchases ?? 0),
      refundFen: stats?.refundFen ?? 0,
      lastPurchaseAt: stats?.lastPurchaseAt ?? null,
      couponsHeld: coupons.held,
      couponsRedeemed: coupons.redeemed,
      couponSavedFen: coupons.savedFen,
    },
    favourites,
    favouriteStore: favouriteStore && (names.stores.get(favouriteStore) ?? null),
    favouriteHour: mostFrequent(visits.map((v) => hourOf(v.at, startOfDay(civilDay(v.at))))),
  }
}
