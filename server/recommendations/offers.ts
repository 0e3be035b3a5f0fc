import { formatYuan } from '../../shared/money'
import { DAY_MS } from '../../shared/time'
import { claimableFor, heldCoupons, templatesByIds } from '../coupons/service'
import type { Reader } from '../db/transaction'
import { requireMember } from '../members/service'
import { memberRewards } from '../rewards/service'
import { type Shopper, usualSpend } from './facts'
import { unpackHistory } from './models/codec'
import { shortName } from './rules'
import type { Serving } from './serve'

/** A coupon or a reward with its reason. */
export interface Offer {
  kind: 'coupon' | 'reward'
  id: string
  name: string
  category: string
  points: number | null
  priceFen: number | null
  reason: string
  action: 'claim' | 'use' | 'redeem'
  score: number
}

/** Which share of a member's purchases each category has; empty for who has bought nothing or keeps it to themselves. */
const tastesOf = (serving: Serving, who: Shopper): Map<string, number> => {
  if (who.personalised !== 1 || !who.entries) return new Map()
  const h = unpackHistory(who.entries, who.visits ?? 0)
  const tastes = new Map<string, number>()
  let all = 0
  for (let e = 0; e < h.item.length; e++) {
    const category = serving.goods.byNumber[h.item[e]]?.category
    if (!category) continue
    tastes.set(category, (tastes.get(category) ?? 0) + h.times[e])
    all += h.times[e]
  }
  for (const [category, times] of tastes) tastes.set(category, times / all)
  return tastes
}
const favourite = (tastes: ReadonlyMap<string, number>): string | null =>
  [...tastes].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null

/** How far along its last fourteen days something is: 0 while there is time, 1 when it ends now. */
const urgency = (endsAt: number | null, now: number): number =>
  endsAt === null ? 0 : Math.max(0, Math.min(1, 1 - (endsAt - now) / (14 * DAY_MS)))

/**
 * Coupons for a member: those held and usable, and those to be claimed, by how well goods and minimum spend fit what the member buys, how
 * much they save, and how soon they end. Without personalisation only saving and end count.
 */
export const chooseCoupons = async (
  db: Reader,
  serving: Serving,
  who: Shopper,
  { limit, now }: { limit: number; now: number },
): Promise<Offer[]> => {
  const member = await requireMember(db, who.id)
  const [held, open, spend] = await Promise.all([
    heldCoupons(db, who.id, { tab: 'usable', limit: 20 }, now),
    claimableFor(db, member, now),
    who.personalised === 1 ? usualSpend(db, who.id) : null,
  ])
  const tastes = tastesOf(serving, who)
  const best = favourite(tastes)
  const claimable = open.items.filter((c) => c.blocked === null)
  const templates = await templatesByIds(db, [
    ...new Set([...held.items.map((c) => c.templateId), ...claimable.map((c) => c.templateId)]),
  ])
  const judge = (templateId: string, endsAt: number | null) => {
    const rule = templates.get(templateId)?.rule
    if (!rule) return { score: 0, reason: '本店好券', category: '' }
    const categories = rule.categories.filter((c) => tastes.has(c))
    const share = rule.categories.length ? categories.reduce((sum, c) => sum + (tastes.get(c) ?? 0), 0) : 0.5
    const excluded = best && rule.excludedCategories.includes(best) ? 0.3 : 1
    const reachable = spend === null || !rule.minSpendFen ? 1 : Math.min(1, spend / rule.minSpendFen)
    const saving =
      rule.kind === 'amount'
        ? (rule.amountFen ?? 0)
        : rule.kind === 'percent'
          ? Math.min(rule.capFen ?? 5000, ((spend ?? 10_000) * (100 - (rule.percent ?? 100))) / 100)
          : 1500
    const ending = urgency(endsAt, now)
    const score = (tastes.size ? 0.2 + share * excluded : 0.5) * reachable * Math.log1p(saving / 100) + ending
    const fits = categories.sort((a, b) => (tastes.get(b) ?? 0) - (tastes.get(a) ?? 0))[0]
    const reason =
      ending > 0.85
        ? '就快到期，别错过'
        : fits
          ? `你常买${fits}`
          : spend !== null && rule.minSpendFen > 0 && spend >= rule.minSpendFen
            ? `你平均一单 ${formatYuan(spend)}，够用`
            : rule.minSpendFen === 0
              ? '没有门槛'
              : '全场好券'
    return { score, reason, category: rule.categories[0] ?? '' }
  }
  const own = held.items
    .filter((c) => c.blocked === null)
    .map((c): Offer => {
      const { score, reason, category } = judge(c.templateId, c.validTo)
      const shown = { kind: 'coupon', id: c.id, name: c.face.name, action: 'use' } as const
      return { ...shown, category, points: null, priceFen: null, reason, score: score + 0.3 }
    })
  const fresh = claimable.map((c): Offer => {
    const { score, reason, category } = judge(c.templateId, c.claimUntil)
    const shown = { kind: 'coupon', id: c.templateId, name: c.face.name, action: 'claim' } as const
    return { ...shown, category, points: null, priceFen: null, reason, score }
  })
  return [...own, ...fresh].sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)).slice(0, limit)
}

/**
 * Rewards for a member: what the points reach now, of the categories the member buys; then what comes nearest. Without personalisation
 * only points and worth count.
 */
export const chooseRewards = async (
  db: Reader,
  serving: Serving,
  who: Shopper,
  { limit, now }: { limit: number; now: number },
): Promise<Offer[]> => {
  const { items, balance } = await memberRewards(db, who.id, { sort: 'usual', limit: 60 }, now)
  const tastes = tastesOf(serving, who)
  return items
    .filter((r) => r.stockLeft > 0 && r.startsAt === null)
    .map((r): Offer => {
      const taste = tastes.get(r.category) ?? 0
      const within = r.blocked === null
      const value = r.points > 0 ? r.worthFen / r.points : 1
      const reach = Math.min(1, balance / Math.max(1, r.points))
      const score = (within ? 1 : 0.4 * reach) + taste + 0.1 * Math.min(2, value) + 0.5 * urgency(r.endsAt, now)
      const reason = !within
        ? (r.blocked ?? '')
        : taste > 0.1
          ? `你常买${r.category}，积分够换`
          : r.points >= balance * 0.6
            ? '积分刚好够换'
            : '积分够换'
      return {
        kind: 'reward',
        id: r.id,
        name: shortName(r.name),
        category: r.category,
        points: r.points,
        priceFen: r.cashFen || null,
        reason,
        action: 'redeem',
        score,
      }
    })
    .filter((o) => o.score > 0.3)
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
}
