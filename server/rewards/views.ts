import type { Output } from '../../shared/contract'
import { dateTime } from '../../shared/time'
import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import type { Keys } from '../keys'
import { maskName, maskPhone } from '../mask'
import { namesOf } from '../members/service'
import { allStores } from '../operators/service'
import type { Reward, RewardEvent, RewardOrder } from './entity'
import { shelfOf } from './redeem'
import {
  cancellableStates,
  type OrderState,
  redeemRefusal,
  rewardPolicy,
  rewardSentence,
  stateTexts,
  type Wish,
} from './rules'

export type Card = Output<'GET /rewards'>['items'][number]
export type OrderView = Output<'GET /me/reward-orders/:orderId'>
export type StaffOrder = Output<'POST /staff/reward-pickups'>
export type AdminOrder = Output<'GET /admin/reward-orders'>['items'][number]
export type AdminReward = Output<'POST /admin/rewards'>
type TierName = (level: number) => string

/** The pictures of a reward, the cover first. */
export const picturesOf = (row: Pick<Reward, 'pictures'>): string[] => JSON.parse(row.pictures) as string[]

/** A tile of the mall. `who` null: a visitor, to whom nothing is refused yet. */
export const cardOf = (row: Reward, who: Wish | null, now: number, tierName: TierName): Card => {
  const refusal = who && redeemRefusal(shelfOf(row), who, now, tierName)
  return {
    id: row.id,
    name: row.name,
    subtitle: row.subtitle,
    kind: row.kind as Card['kind'],
    category: row.category,
    picture: picturesOf(row)[0],
    points: row.points,
    cashFen: row.cashFen,
    worthFen: row.worthFen,
    stockLeft: row.stock - row.used,
    minTierLevel: row.minTierLevel,
    tierName: row.minTierLevel ? tierName(row.minTierLevel) : null,
    startsAt: row.saleFrom && row.saleFrom > now ? row.saleFrom : null,
    endsAt: row.saleUntil,
    blocked: refusal ? refusal.message : null,
  }
}

const stepTitles: Record<string, string> = {
  redeem: '兑换成功',
  pay: '已付款',
  hand_out: '门店已发出',
  undo: '门店撤销发出',
  ship: '已发货',
  receive: '已收货',
  cancel: '已取消，积分退回',
  expire: '超时，积分退回',
  refund: '已退，积分退回',
  money_back: '款项已退回',
}
const stepOf = (e: RewardEvent): OrderView['steps'][number] => ({
  at: e.at,
  title: stepTitles[e.kind] ?? e.kind,
  detail: e.note,
})

/** The address as it may be shown: whole for its owner's eyes but for the phone. */
const shownAddress = (keys: Keys, order: RewardOrder): OrderView['address'] => {
  if (!order.addressSealed) return null
  const { name, phone, region, detail } = JSON.parse(keys.open(order.addressSealed))
  return { name, phoneMasked: maskPhone(phone), region, detail }
}
const closedCodes: readonly string[] = ['handed', 'cancelled', 'expired', 'refunded']

interface Around {
  rewards: Map<string, Reward>
  stores: Output<'GET /stores'>['items']
  steps: Map<string, RewardEvent[]>
  names: Map<string, string>
}

/** What orders are shown with: four queries for any number of them. */
const around = async (db: Reader, orders: readonly RewardOrder[]): Promise<Around> => {
  const rewardIds = [...new Set(orders.map((o) => o.rewardId))]
  const orderIds = orders.map((o) => o.id)
  const [rewards, events, stores, names] = await Promise.all([
    db.read<Reward>(`SELECT * FROM reward WHERE id IN ${marks(rewardIds)}`, rewardIds),
    db.read<RewardEvent>(`SELECT * FROM reward_event WHERE orderId IN ${marks(orderIds)} ORDER BY id`, orderIds),
    allStores(db),
    namesOf(db, [...new Set(orders.map((o) => o.memberId))]),
  ])
  const steps = new Map<string, RewardEvent[]>()
  for (const e of events) steps.set(e.orderId as string, [...(steps.get(e.orderId as string) ?? []), e])
  return { rewards: new Map(rewards.map((r) => [r.id, r])), stores, steps, names }
}

/** Orders as their owner sees them. */
export const viewOrders = async (db: Reader, keys: Keys, orders: readonly RewardOrder[]): Promise<OrderView[]> => {
  if (!orders.length) return []
  const { rewards, stores, steps } = await around(db, orders)
  return orders.map((o) => {
    const reward = rewards.get(o.rewardId) as Reward
    const store = stores.find((s) => s.id === o.storeId)
    return {
      id: o.id,
      no: o.no,
      rewardId: o.rewardId,
      name: reward.name,
      picture: picturesOf(reward)[0],
      kind: reward.kind as OrderView['kind'],
      method: o.method as OrderView['method'],
      state: o.state as OrderState,
      stateText: stateTexts[o.state as OrderState],
      points: o.points,
      cashFen: o.cashFen,
      createdAt: o.createdAt,
      dueAt: o.state === 'unpaid' || o.state === 'ready' ? o.dueAt : null,
      store: store ? { id: store.id, name: store.name, address: store.address } : null,
      pickupCode: o.state === 'ready' ? o.pickupCode : null,
      couponId: o.couponId,
      carrier: o.carrier,
      trackingNo: o.trackingNo,
      address: shownAddress(keys, o),
      cancellable: cancellableStates.includes(o.state as OrderState),
      steps: (steps.get(o.id) ?? []).map(stepOf),
    }
  })
}

const staffOrder = (o: RewardOrder, { rewards, stores, names }: Around, undoUntil: number | null): StaffOrder => {
  const reward = rewards.get(o.rewardId) as Reward
  return {
    id: o.id,
    no: o.no,
    name: reward.name,
    picture: picturesOf(reward)[0],
    state: o.state as OrderState,
    stateText: stateTexts[o.state as OrderState],
    points: o.points,
    cashFen: o.cashFen,
    createdAt: o.createdAt,
    dueAt: closedCodes.includes(o.state) ? null : o.dueAt,
    memberId: o.memberId,
    memberNameMasked: maskName(names.get(o.memberId) ?? ''),
    storeName: stores.find((s) => s.id === o.storeId)?.name ?? null,
    handedAt: o.handedAt,
    undoUntil,
  }
}

/** Orders as the staff see them; an operator may undo his own hand-outs for a minute. */
export const viewStaffOrders = async (
  db: Reader,
  orders: readonly RewardOrder[],
  operatorId: string,
  now: number,
): Promise<StaffOrder[]> => {
  if (!orders.length) return []
  const beside = await around(db, orders)
  return orders.map((o) => {
    const until = o.state === 'handed' && o.handedBy === operatorId ? (o.handedAt ?? 0) + rewardPolicy.undoMs : 0
    return staffOrder(o, beside, until > now ? until : null)
  })
}

/** Orders on the operators' desk. */
export const viewAdminOrders = async (
  db: Reader,
  keys: Keys,
  orders: readonly RewardOrder[],
): Promise<AdminOrder[]> => {
  if (!orders.length) return []
  const beside = await around(db, orders)
  return orders.map((o) => ({
    ...staffOrder(o, beside, null),
    rewardId: o.rewardId,
    method: o.method as AdminOrder['method'],
    carrier: o.carrier,
    trackingNo: o.trackingNo,
    address: shownAddress(keys, o),
    steps: (beside.steps.get(o.id) ?? []).map(stepOf),
  }))
}

/** What a reward has brought about so far. */
export type Figures = AdminReward['figures']
export const noFigures: Figures = { orders: 0, open: 0, points: 0, cashFen: 0, members: 0 }

/** A reward for the admin page. */
export const adminRewardOf = (
  row: Reward,
  figures: Figures,
  couponName: string | null,
  naming: { tier: TierName; store(id: string): string },
): AdminReward => {
  const shelf = shelfOf(row)
  return {
    id: row.id,
    name: row.name,
    subtitle: row.subtitle,
    description: row.description,
    kind: row.kind as AdminReward['kind'],
    category: row.category,
    pictures: picturesOf(row),
    points: row.points,
    cashFen: row.cashFen,
    worthFen: row.worthFen,
    couponTemplateId: row.couponTemplateId,
    couponName,
    stock: row.stock,
    used: row.used,
    stockLeft: row.stock - row.used,
    perMember: row.perMember,
    minTierLevel: row.minTierLevel,
    saleFrom: row.saleFrom,
    saleUntil: row.saleUntil,
    pickup: shelf.pickup,
    delivery: shelf.delivery,
    storeIds: shelf.storeIds,
    pickupDays: row.pickupDays,
    sort: row.sort,
    state: row.state as AdminReward['state'],
    version: row.version,
    createdAt: row.createdAt,
    publishedAt: row.publishedAt,
    endedAt: row.endedAt,
    sentence: rewardSentence({ ...shelf, pickupDays: row.pickupDays, couponName }, naming),
    figures,
  }
}

/** The conditions of a reward one by one, each with whether this member meets it. */
export const conditionsOf = (
  row: Reward,
  who: Wish | null,
  now: number,
  tierName: TierName,
): { title: string; detail: string; met: boolean }[] => {
  const at = (condition: boolean): boolean => !who || condition
  return [
    {
      title: '积分',
      detail: `需要 ${row.points} 积分${who ? `，现有 ${who.available}` : ''}`,
      met: at((who?.available ?? 0) >= row.points),
    },
    {
      title: '等级',
      detail: row.minTierLevel ? `${tierName(row.minTierLevel)}及以上` : '所有会员',
      met: at((who?.tierLevel ?? 0) >= row.minTierLevel),
    },
    {
      title: '限兑',
      detail: `每人限 ${row.perMember} 件${who ? `，已兑 ${who.taken} 件` : ''}`,
      met: at((who?.taken ?? 0) < row.perMember),
    },
    { title: '库存', detail: `剩 ${row.stock - row.used} 件`, met: row.used < row.stock },
    ...(row.saleFrom || row.saleUntil
      ? [
          {
            title: '时间',
            detail: [
              row.saleFrom ? `${dateTime(row.saleFrom)} 开始` : '',
              row.saleUntil ? `${dateTime(row.saleUntil)} 结束` : '',
            ]
              .filter(Boolean)
              .join('，'),
            met: (!row.saleFrom || now >= row.saleFrom) && (!row.saleUntil || now <= row.saleUntil),
          },
        ]
      : []),
  ]
}
