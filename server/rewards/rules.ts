import { formatYuanShort } from '../../shared/money'
import { dateTime, MINUTE_MS } from '../../shared/time'
import { type AppError, refuse } from '../errors'

/** Policy numbers of the rewards mall. */
export const rewardPolicy = {
  /** How long points and stock are held for a member who still has to pay. */
  payMinutes: 15,
  /** A parcel nobody confirmed counts as received after this many days. */
  receiveDays: 15,
  /** Time in which whoever handed a reward out may take it back. */
  undoMs: MINUTE_MS,
  /** Wrong pick-up codes typed by one operator. */
  codeGuesses: { scope: 'pickup-code', failures: 8, windowMinutes: 10, lockMinutes: 10 },
} as const

export type OrderState =
  | 'unpaid'
  | 'ready'
  | 'pending'
  | 'shipped'
  | 'handed'
  | 'received'
  | 'done'
  | 'cancelled'
  | 'expired'
  | 'refunded'
export type Method = 'pickup' | 'delivery' | 'coupon'

/** States as people read them. */
export const stateTexts: Record<OrderState, string> = {
  unpaid: '待付款',
  ready: '待取货',
  pending: '待发货',
  shipped: '已发货',
  handed: '已取货',
  received: '已收货',
  done: '券已到账',
  cancelled: '已取消',
  expired: '超时已退回',
  refunded: '已退',
}
/** States in which something is still to happen. */
export const openStates: readonly OrderState[] = ['unpaid', 'ready', 'pending', 'shipped']
/** States in which the member may still call the order off. */
export const cancellableStates: readonly OrderState[] = ['unpaid', 'ready', 'pending']

/** A reward as the decision needs it. */
export interface Shelf {
  id: string
  name: string
  kind: string
  points: number
  cashFen: number
  stock: number
  used: number
  perMember: number
  minTierLevel: number
  saleFrom: number | null
  saleUntil: number | null
  pickup: boolean
  delivery: boolean
  storeIds: string[]
  state: string
}

/** Who wants it: the tier, what was taken before, and the points that can be spent. */
export interface Wish {
  tierLevel: number
  taken: number
  available: number
}

/**
 * Why a reward cannot be redeemed now, or null. The order is that of what a person would want to know first: whether it can be had at all,
 * then by whom, then for how much.
 */
export const redeemRefusal = (
  r: Shelf,
  who: Wish,
  now: number,
  tierName: (level: number) => string,
): AppError | null => {
  if (r.state !== 'published') return refuse('reward_not_on_sale')
  if (r.saleFrom && now < r.saleFrom) return refuse('reward_not_started', { startsAt: dateTime(r.saleFrom) })
  if (r.saleUntil && now > r.saleUntil) return refuse('reward_over', { endedAt: dateTime(r.saleUntil) })
  if (r.used >= r.stock) return refuse('reward_out_of_stock', { stock: r.stock })
  if (who.tierLevel < r.minTierLevel)
    return refuse('reward_tier_required', { required: tierName(r.minTierLevel), actual: tierName(who.tierLevel) })
  if (who.taken >= r.perMember) return refuse('reward_member_limit', { limit: r.perMember, taken: who.taken })
  if (who.available < r.points) return refuse('points_insufficient', { required: r.points, available: who.available })
  return null
}

/** How it reaches the member: what was asked for, or the only way there is. */
export const methodOf = (
  r: Pick<Shelf, 'kind' | 'pickup' | 'delivery'>,
  asked: Method | undefined,
): Method | AppError => {
  const ways: Method[] =
    r.kind === 'coupon'
      ? ['coupon']
      : [...(r.pickup ? (['pickup'] as const) : []), ...(r.delivery ? (['delivery'] as const) : [])]
  if (!asked && ways.length === 1) return ways[0]
  return asked && ways.includes(asked) ? asked : refuse('reward_method_wrong')
}

/** The state an order begins in once nothing is left to pay. */
export const paidState = (method: Method): 'ready' | 'pending' | 'done' =>
  method === 'coupon' ? 'done' : method === 'pickup' ? 'ready' : 'pending'

/** The smallest slot that no open order of this member has, or null when all are taken. */
export const freeSlot = (taken: ReadonlySet<number>, perMember: number): number | null => {
  for (let slot = 1; slot <= perMember; slot++) if (!taken.has(slot)) return slot
  return null
}

/** What is wrong with a draft, field by field; an empty list may be published. */
export const checkReward = (
  d: Omit<Shelf, 'id' | 'used' | 'state'> & { couponTemplateId: string | null },
  now: number,
): { field: string; message: string }[] => {
  const wrong: { field: string; message: string }[] = []
  const need = (ok: boolean, field: string, message: string): void => {
    if (!ok) wrong.push({ field, message })
  }
  if (d.kind === 'coupon') {
    need(!!d.couponTemplateId, 'couponTemplateId', '请选择兑换的优惠券')
    need(!d.cashFen, 'cashFen', '券只能用积分兑换，不能加钱')
  } else need(d.pickup || d.delivery, 'pickup', '请至少选一种领取方式')
  need(d.perMember <= d.stock, 'perMember', '每人限兑不能超过库存')
  if (d.saleFrom && d.saleUntil) need(d.saleFrom < d.saleUntil, 'saleUntil', '结束时间要晚于开始')
  if (d.saleUntil) need(d.saleUntil > now, 'saleUntil', '结束时间已经过去')
  return wrong
}

/** 800 积分, 800 积分 + ¥9.90. */
export const priceText = (points: number, cashFen: number): string =>
  `${points.toLocaleString('en-US')} 积分${cashFen ? ` + ${formatYuanShort(cashFen)}` : ''}`

/** The whole rule in one Chinese sentence. */
export const rewardSentence = (
  d: Omit<Shelf, 'id' | 'used' | 'state'> & { pickupDays: number; couponName: string | null },
  naming: { tier(level: number): string; store(id: string): string },
): string => {
  const who = d.minTierLevel ? `${naming.tier(d.minTierLevel)}及以上会员` : '所有会员'
  const gives = d.kind === 'coupon' ? `兑换优惠券“${d.couponName ?? d.name}”` : `兑换“${d.name}”`
  const where = d.storeIds.length ? d.storeIds.map(naming.store).join('、') : '任一门店'
  const ways =
    d.kind === 'coupon'
      ? '兑换后立即到账'
      : [d.pickup ? `${where}自取，${d.pickupDays} 天内有效` : '', d.delivery ? '快递到家' : '']
          .filter(Boolean)
          .join('，或')
  const when = [
    d.saleFrom ? `${dateTime(d.saleFrom)} 开始` : '',
    d.saleUntil ? `${dateTime(d.saleUntil)} 结束` : '',
  ].filter(Boolean)
  return `${who}用 ${priceText(d.points, d.cashFen)}${gives}，${ways}。共 ${d.stock.toLocaleString('en-US')} 件，每人限 ${d.perMember} 件${when.length ? `，${when.join('，')}` : ''}。`
}
