import type { Output } from '../../shared/contract'
import { formatYuan, formatYuanShort } from '../../shared/money'
import { clockTime } from '../../shared/time'
import type { Keys } from '../keys'
import { maskName } from '../mask'
import { phoneMaskedOf } from '../members/service'
import type { Happening } from './facts'
import type { MemberRow } from './member-facts'
import type { Stretch } from './rules'
import type { TimeRow } from './timeline-facts'

type ListRow = Output<'GET /admin/members'>['items'][number]
type TimeItem = Output<'GET /admin/members/:memberId/timeline'>['items'][number]
type Activity = Output<'GET /admin/overview'>['activity'][number]
/** Names by id or level. */
export interface Names {
  stores: ReadonlyMap<string, string>
  tiers: ReadonlyMap<number, string>
}

const tierName = (names: Names, level: number): string => names.tiers.get(level) ?? `等级 ${level}`

/** A row of the member list; name and phone are masked. */
export const memberView = (keys: Keys, names: Names, m: MemberRow): ListRow => ({
  id: m.id,
  cardNo: m.cardNo,
  nameMasked: maskName(m.name),
  phoneMasked: phoneMaskedOf(keys, m),
  tierName: tierName(names, m.tierLevel),
  tierLevel: m.tierLevel,
  points: Math.max(0, m.balance ?? 0),
  spendFen: m.spendFen ?? 0,
  purchases: m.purchases ?? 0,
  lastPurchaseAt: m.lastPurchaseAt,
  joinedAt: m.joinedAt,
  joinedStore: m.joinedStoreId && (names.stores.get(m.joinedStoreId) ?? null),
  status: m.status === 'active' ? 'active' : 'inactive',
})

const joinedVia: Record<string, string> = {
  wechat: '微信小程序入会',
  phone: '手机号入会',
  staff: '店员办理入会',
  import: '历史数据导入',
}
const movements: Record<string, string> = {
  earn: '获得积分',
  spend: '使用积分',
  reverse: '积分冲正',
  expire: '积分到期',
  clawback: '收回积分',
  adjust: '客服调整积分',
  gift: '获赠积分',
}
const claims: Record<string, string> = {
  claim: '领取优惠券',
  grant: '收到优惠券',
  welcome: '收到入会礼券',
  tier: '收到等级礼券',
}
const couponEvents: Record<string, string> = {
  redeem: '核销优惠券',
  reverse: '优惠券退回',
  expire: '优惠券过期',
  void: '优惠券作废',
}
const directions: Record<string, string> = { up: '升级为', down: '降级为', keep: '保级成功：' }
const deliveries: Record<string, string> = {
  pending: '等待发送',
  sending: '正在发送',
  sent: '已送达',
  skipped: '未发送',
  failed: '发送失败',
  unknown: '结果未知',
}
const signed = (points: number | null, sign: 1 | -1): number | null => (points ? sign * points : null)

/** What an event says, source by source. */
const tell: Record<
  TimeRow['source'],
  (r: TimeRow, names: Names) => Pick<TimeItem, 'kind' | 'title' | 'detail'> & Partial<TimeItem>
> = {
  joined: (r) => ({ kind: 'joined', title: '成为会员', detail: joinedVia[r.state ?? ''] ?? '' }),
  purchase: (r) => ({
    kind: 'purchase',
    title: `消费 ${formatYuan(r.amountFen ?? 0)}`,
    detail: [
      `单号 ${r.name}`,
      ...(Number(r.detail) > 0 ? [`用券减 ${formatYuanShort(Number(r.detail))}`] : []),
      ...(r.state === 'refunded' ? ['已全额退款'] : r.state === 'part_refunded' ? ['部分已退'] : []),
    ].join('，'),
    amountFen: r.amountFen,
    points: signed(r.points, 1),
  }),
  refund: (r) => ({
    kind: 'refund',
    title: `退款 ${formatYuan(r.amountFen ?? 0)}`,
    detail: r.detail ?? '',
    amountFen: -(r.amountFen ?? 0),
    points: signed(r.points, -1),
  }),
  points: (r) => ({
    kind: 'points',
    title: movements[r.state ?? ''] ?? '积分变动',
    detail: r.detail ?? '',
    points: r.points,
  }),
  claim: (r) => ({ kind: 'coupon', title: claims[r.state ?? ''] ?? '获得优惠券', detail: r.name ?? '' }),
  coupon: (r) => ({
    kind: 'coupon',
    title: couponEvents[r.state ?? ''] ?? '优惠券变动',
    detail: [
      r.name,
      ...(r.state === 'redeem' && r.amountFen ? [`减 ${formatYuanShort(r.amountFen)}`] : []),
      ...(r.state === 'reverse' && r.detail ? [r.detail] : []),
    ].join('，'),
  }),
  tier: (r, names) => ({
    kind: 'tier',
    title: `${directions[r.state ?? ''] ?? ''}${tierName(names, Number(r.name))}`,
    detail: r.detail ?? '',
  }),
  gift: (r) => ({
    kind: 'gift',
    title: r.state === 'birthday' ? '生日礼已发放' : `入会 ${r.name} 周年礼已发放`,
    detail: r.detail ? '已拆开' : '还没拆开',
    points: signed(r.points, 1),
  }),
  message: (r) => ({
    kind: 'message',
    title: `${r.detail === 'subscribe' ? '订阅消息' : '站内消息'}${deliveries[r.state ?? ''] ?? ''}`,
    detail: r.name ?? '',
  }),
  scan: (r) => ({ kind: 'scan', title: r.state === 'phone' ? '到店，报手机号' : '到店，出示会员码', detail: '' }),
}

/** One event of a member's timeline. */
export const timeView = (r: TimeRow, names: Names): TimeItem => ({
  at: r.at,
  amountFen: null,
  points: null,
  storeName: r.storeId && (names.stores.get(r.storeId) ?? null),
  ...tell[r.source](r, names),
})

const happenings: Record<Happening['kind'], (h: Happening, names: Names) => string> = {
  purchase: (h) => `消费 ${formatYuan(h.amountFen ?? 0)}`,
  refund: (h) => `退款 ${formatYuan(h.amountFen ?? 0)}`,
  joined: (h) => joinedVia[h.text ?? ''] ?? '成为会员',
  coupon: (h) => `核销「${h.text}」`,
  tier: (h, names) => `${directions[h.text ?? ''] ?? ''}${tierName(names, h.amountFen ?? 0)}`,
}
/** One line of what just happened: who (masked) and where. */
export const activityView = (h: Happening, names: Names, name: string): Activity => ({
  at: h.at,
  kind: h.kind,
  title: happenings[h.kind](h, names),
  detail: [maskName(name), ...(h.storeId ? [names.stores.get(h.storeId) ?? ''] : [])].filter(Boolean).join(' · '),
})

/** What each tile counts, as its information mark says. */
export const tileDefinitions = (
  s: Stretch,
  whole: boolean,
): Record<'sales' | 'orders' | 'average' | 'joined' | 'points' | 'redeemed', string> => {
  const span = whole ? '全天，与上周同一天全天相比' : `截至 ${clockTime(s.until)}，与上周同一天同一时刻相比`
  return {
    sales: `会员实付合计，减去当天退款；${span}`,
    orders: `会员消费笔数，退掉的也算；${span}`,
    average: `会员销售额 ÷ 消费笔数；${span}`,
    joined: `新入会人数；${span}`,
    points: `消费发放的积分，未扣收回的；${span}`,
    redeemed: `核销的优惠券张数，撤销的不算；${span}`,
  }
}
