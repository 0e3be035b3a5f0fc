import type { z } from 'zod'
import type { couponIssue, couponRule } from '../../shared/contract/coupons'
import { formatYuan } from '../../shared/money'
import { addDays, civilDay, clockTime, dateTime, endOfDay, HOUR_MS, startOfDay, weekday } from '../../shared/time'
import { type AppError, refuse } from '../errors'
import { weekdaysText } from './words'

export type CouponRule = z.output<typeof couponRule>
export type CouponIssue = z.output<typeof couponIssue>

/** Policy numbers of coupons. */
export const couponPolicy = {
  /** Days within which a redemption may be taken back. */
  reverseWindowDays: 7,
  /** How long a coupon in a link waits for a friend. */
  giftMs: 72 * HOUR_MS,
} as const

/** When a coupon made at `at` can be used: epoch ms, both ends inclusive. */
export const validityOf = (rule: CouponRule, at: number): { validFrom: number; validTo: number } => {
  const v = rule.validity
  if (v.kind === 'fixed') return { validFrom: Math.max(startOfDay(v.from), at), validTo: endOfDay(v.to) }
  const day = civilDay(at)
  return {
    validFrom: v.startAfterDays ? startOfDay(addDays(day, v.startAfterDays)) : at,
    validTo: endOfDay(addDays(day, v.startAfterDays + v.days)),
  }
}

/** The most one coupon can save, for the budget; null when nothing bounds it. */
export const largestSaving = (rule: CouponRule): number | null =>
  rule.kind === 'amount' ? (rule.amountFen ?? 0) : rule.kind === 'percent' ? (rule.capFen ?? null) : 0

/** What is wrong with a draft, field by field; an empty list may be published. */
export const checkTemplate = (
  rule: CouponRule,
  issue: CouponIssue,
  now: number,
): { field: string; message: string }[] => {
  const wrong: { field: string; message: string }[] = []
  const need = (ok: boolean, field: string, message: string): void => {
    if (!ok) wrong.push({ field, message })
  }
  if (rule.kind === 'amount') {
    need(!!rule.amountFen, 'rule.amountFen', '请填写立减金额')
    need(
      !rule.amountFen || !rule.minSpendFen || rule.amountFen <= rule.minSpendFen,
      'rule.amountFen',
      '立减金额不能超过门槛',
    )
  }
  if (rule.kind === 'percent') need(!!rule.percent, 'rule.percent', '请填写折扣')
  if (rule.kind === 'exchange') need(!!rule.item, 'rule.item', '请填写兑换的商品')
  if (rule.validity.kind === 'fixed') {
    need(rule.validity.from <= rule.validity.to, 'rule.validity', '开始日期不能晚于结束日期')
    need(rule.validity.to >= civilDay(now), 'rule.validity', '有效期已经过去')
  }
  if (rule.hours) need(rule.hours.from < rule.hours.to, 'rule.hours', '开始时间要早于结束时间')
  if (issue.claimFrom && issue.claimUntil)
    need(issue.claimFrom < issue.claimUntil, 'issue.claimUntil', '领取结束要晚于开始')
  if (issue.budgetFen !== null) {
    const largest = largestSaving(rule)
    need(largest !== null, 'rule.capFen', '设了预算的折扣券要有封顶金额')
    need(largest === null || issue.budgetFen >= largest, 'issue.budgetFen', '预算不够发一张')
  }
  need(issue.perMember <= issue.stock, 'issue.perMember', '每人限领不能超过总量')
  return wrong
}

/** A template under lock while a batch is being decided. */
export interface Stock {
  id: string
  name: string
  state: string
  rule: CouponRule
  issue: CouponIssue
  issued: number
  issuedDay: string | null
  issuedToday: number
  /** Largest ordinal of each member, and the source ids already granted. */
  ordinals: Map<string, number>
  granted: Set<string>
  dirty: boolean
}
export interface Issue {
  memberId: string
  templateId: string
  source: 'claim' | 'grant' | 'birthday' | 'anniversary' | 'welcome' | 'tier' | 'reward'
  /** Names the occasion; the same occasion never gives a member the same coupon twice. */
  sourceId: string | null
  /** When it counts from; imports and care may look back. */
  at: number
}
export interface NewCoupon {
  templateId: string
  memberId: string
  ordinal: number
  validFrom: number
  validTo: number
  source: string
  sourceId: string | null
  at: number
}

const stateNames: Record<string, string> = { draft: '草稿', published: '已发布', paused: '已暂停', ended: '已结束' }

/**
 * Makes one coupon, or names the rule that stands against it. Claims by members obey the claim window, the tier and both limits; gifts of
 * care obey stock and budget only, since the shop owes them.
 */
export const issueCoupon = (
  stock: Stock,
  request: Issue,
  member: { tierLevel: number },
  tierName: (level: number) => string,
): NewCoupon | AppError => {
  const { issue, rule } = stock
  const claim = request.source === 'claim'
  if (stock.state !== 'published') return refuse('coupon_template_bad_state', { state: stateNames[stock.state] })
  if (request.sourceId && stock.granted.has(`${request.memberId}/${request.sourceId}`))
    return refuse('coupon_already_granted')
  if (claim && !issue.claimable) return refuse('coupon_not_claimable')
  if (claim && issue.claimFrom && request.at < issue.claimFrom)
    return refuse('coupon_not_started', { startsAt: dateTime(issue.claimFrom) })
  if (claim && issue.claimUntil && request.at > issue.claimUntil) return refuse('coupon_ended')
  if (rule.validity.kind === 'fixed' && civilDay(request.at) > rule.validity.to) return refuse('coupon_ended')
  if (claim && member.tierLevel < rule.minTierLevel)
    return refuse('coupon_tier_required', { required: tierName(rule.minTierLevel), actual: tierName(member.tierLevel) })
  const held = stock.ordinals.get(request.memberId) ?? 0
  if ((claim || request.source === 'grant') && held >= issue.perMember)
    return refuse('coupon_member_limit', { limit: issue.perMember, claimed: held })
  if (stock.issued >= issue.stock) return refuse('coupon_out_of_stock', { stock: issue.stock })
  const largest = largestSaving(rule)
  if (issue.budgetFen !== null && largest !== null && (stock.issued + 1) * largest > issue.budgetFen)
    return refuse('coupon_budget_used')
  const day = civilDay(request.at)
  const today = stock.issuedDay === day ? stock.issuedToday : 0
  if (claim && issue.perDay !== null && today >= issue.perDay)
    return refuse('coupon_day_limit', { limit: issue.perDay })
  stock.issued += 1
  stock.issuedDay = day
  stock.issuedToday = today + 1
  stock.ordinals.set(request.memberId, held + 1)
  if (request.sourceId) stock.granted.add(`${request.memberId}/${request.sourceId}`)
  stock.dirty = true
  return {
    templateId: stock.id,
    memberId: request.memberId,
    ordinal: held + 1,
    ...validityOf(rule, request.at),
    source: request.source,
    sourceId: request.sourceId,
    at: request.at,
  }
}

/** Where and when somebody wants to use a coupon. */
export interface Occasion {
  at: number
  storeId: string
  storeName: string
  channel: 'store' | 'miniapp' | 'delivery'
  tierLevel: number
  /** Names for the refusals. */
  storeNames: (ids: string[]) => string
  tierName: (level: number) => string
}
export interface Usable {
  id: string
  memberId: string
  status: string
  validFrom: number
  validTo: number
  name: string
  rule: CouponRule
}
const statusNames: Record<string, string> = {
  used: '已使用',
  expired: '已过期',
  void: '已作废',
  giving: '正在转赠',
  given: '已送给好友',
}
const channelNames = { store: '到店', miniapp: '小程序', delivery: '外卖' } as const

/** Why a coupon cannot be used at this moment, leaving place and basket aside; null when the moment is right. */
export const wrongMoment = (coupon: Usable, at: number): AppError | null => {
  const { rule } = coupon
  if (coupon.status !== 'held')
    return refuse('coupon_not_usable_status', { status: statusNames[coupon.status] ?? coupon.status })
  if (at < coupon.validFrom) return refuse('coupon_not_yet_valid', { validFrom: dateTime(coupon.validFrom) })
  if (at > coupon.validTo) return refuse('coupon_expired', { validTo: dateTime(coupon.validTo) })
  const day = civilDay(at)
  if (rule.blackoutDays.includes(day)) return refuse('coupon_blackout_day', { actual: day })
  if (rule.weekdays.length && !rule.weekdays.includes(weekday(day)))
    return refuse('coupon_wrong_weekday', {
      allowed: weekdaysText(rule.weekdays),
      actual: weekdaysText([weekday(day)]),
    })
  const clock = clockTime(at)
  if (rule.hours && (clock < rule.hours.from || clock >= rule.hours.to))
    return refuse('coupon_wrong_hour', { allowed: `${rule.hours.from}–${rule.hours.to}`, actual: clock })
  return null
}

/** Why a coupon cannot be used at this till; null when it can. */
export const wrongPlace = (coupon: Usable, o: Occasion): AppError | null => {
  const { rule } = coupon
  if (rule.storeIds.length && !rule.storeIds.includes(o.storeId))
    return refuse('coupon_wrong_store', { allowed: o.storeNames(rule.storeIds), actual: o.storeName })
  if (rule.channels.length && !rule.channels.includes(o.channel))
    return refuse('coupon_wrong_channel', {
      allowed: rule.channels.map((c) => channelNames[c]).join('、'),
      actual: channelNames[o.channel],
    })
  if (o.tierLevel < rule.minTierLevel)
    return refuse('coupon_tier_required', { required: o.tierName(rule.minTierLevel), actual: o.tierName(o.tierLevel) })
  return null
}

/** A line of the basket with what is still to pay for it. An empty product id: an amount typed without lines. */
export interface BasketLine {
  productId: string
  category: string
  restFen: number
}

const inScope = (rule: CouponRule, line: BasketLine): boolean => {
  // An amount without lines: the cashier, who sees the goods, vouches for them.
  if (!line.productId) return true
  if (rule.excludedCategories.includes(line.category)) return false
  if (rule.productIds.length && !rule.productIds.includes(line.productId)) return false
  return !rule.categories.length || rule.categories.includes(line.category)
}

/** Spreads a saving over lines in proportion, whole fen, the rounding going to the largest line. */
const takeOff = (lines: BasketLine[], total: number, saving: number): void => {
  let left = saving
  for (const line of lines) {
    const part = Math.floor((saving * line.restFen) / total)
    line.restFen -= part
    left -= part
  }
  for (const line of [...lines].sort((a, b) => b.restFen - a.restFen)) {
    const part = Math.min(left, line.restFen)
    line.restFen -= part
    left -= part
  }
}

/** Applies one coupon to what is left to pay; answers what it saves, or the failing rule with both values. Changes `lines`. */
export const applyCoupon = (coupon: Usable, o: Occasion, lines: BasketLine[]): number | AppError => {
  const wrong = wrongMoment(coupon, o.at) ?? wrongPlace(coupon, o)
  if (wrong) return wrong
  const { rule } = coupon
  if (rule.kind === 'exchange') return 0
  const eligible = lines.filter((l) => inScope(rule, l))
  const sum = eligible.reduce((s, l) => s + l.restFen, 0)
  if (!eligible.length || !sum) return refuse('coupon_no_item_in_scope')
  if (sum < rule.minSpendFen)
    return refuse('coupon_min_spend', { required: formatYuan(rule.minSpendFen), actual: formatYuan(sum) })
  const off = rule.kind === 'amount' ? (rule.amountFen ?? 0) : sum - Math.round((sum * (rule.percent ?? 100)) / 100)
  const saving = Math.min(sum, rule.kind === 'percent' && rule.capFen ? Math.min(off, rule.capFen) : off)
  takeOff(eligible, sum, saving)
  return saving
}

/** Percentages first, so that a threshold is held against what is really paid; then amounts; exchanges last. */
const rank = { percent: 0, amount: 1, exchange: 2 } as const

/**
 * Applies several coupons to one basket.
 * @returns what each saves, or the first refusal; nothing is half applied, since the caller drops the lines on a refusal
 */
export const applyCoupons = (
  coupons: readonly Usable[],
  o: Occasion,
  lines: BasketLine[],
): { coupon: Usable; savedFen: number }[] | AppError => {
  const alone = coupons.find((c) => !c.rule.stackable)
  if (coupons.length > 1 && alone)
    return refuse('coupon_not_stackable', { coupon: alone.name, other: coupons.find((c) => c !== alone)?.name })
  const out: { coupon: Usable; savedFen: number }[] = []
  for (const coupon of [...coupons].sort((a, b) => rank[a.rule.kind] - rank[b.rule.kind])) {
    const saved = applyCoupon(coupon, o, lines)
    if (typeof saved !== 'number') return saved
    out.push({ coupon, savedFen: saved })
  }
  return out
}

/** Where a coupon may come from to be given on: what care gives is meant for one person, and a gift is not passed around. */
const giftable: readonly string[] = ['claim', 'grant', 'reward']

/** Why a coupon cannot be given to a friend, or null. */
export const giftRefusal = (
  coupon: { status: string; source: string; validTo: number },
  now: number,
): AppError | null => {
  if (coupon.status !== 'held')
    return refuse('coupon_not_usable_status', { status: statusNames[coupon.status] ?? coupon.status })
  if (now > coupon.validTo) return refuse('coupon_expired', { validTo: dateTime(coupon.validTo) })
  if (giftable.includes(coupon.source)) return null
  return refuse('coupon_not_giftable', {
    reason: coupon.source === 'gift' ? '好友送的券不能再转送' : '这张券是专门送给你的，不能转送',
  })
}
