import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import {
  big,
  body,
  bodyOrNull,
  code,
  codeOrNull,
  day,
  id,
  idOrNull,
  int,
  intOrNull,
  line,
  time,
  timeOrNull,
} from '../db/columns'

/** 礼品. What it costs and gives is frozen once published; stock and used change under this row's lock. */
@Entity('reward')
@Index('reward_shelf', ['state', 'sort', 'id'])
export class Reward {
  @PrimaryColumn(id) id!: string
  @Column(line) name!: string
  @Column(line) subtitle!: string
  @Column(body) description!: string
  /** goods or coupon. */
  @Column(code) kind!: string
  @Column(code) category!: string
  /** JSON: pictures, the first one is the cover. */
  @Column(body) pictures!: string
  @Column(int) points!: number
  @Column(big) cashFen!: number
  @Column(big) worthFen!: number
  @Column(idOrNull) couponTemplateId!: string | null
  @Column(int) stock!: number
  /** Orders that hold a piece; never above stock, and equal to the orders with holdsStock = 1. */
  @Column(int) used!: number
  @Column(int) perMember!: number
  @Column(int) minTierLevel!: number
  @Column(timeOrNull) saleFrom!: number | null
  @Column(timeOrNull) saleUntil!: number | null
  @Column(int) pickup!: number
  @Column(int) delivery!: number
  /** JSON: stores it can be collected in; empty: all. */
  @Column(body) storeIds!: string
  @Column(int) pickupDays!: number
  @Column(int) sort!: number
  /** draft, published, ended. */
  @Column(code) state!: string
  @Column(int) version!: number
  @Column(time) createdAt!: number
  @Column(idOrNull) createdBy!: string | null
  @Column(timeOrNull) publishedAt!: number | null
  @Column(timeOrNull) endedAt!: number | null
}

/**
 * 兑换. (reward, member, slot) is unique: slots are 1 … perMember and a closed order has none, so the per-member limit holds even against a
 * race that passed every check. The pick-up code is unique among all orders and works while the order is ready.
 */
@Entity('reward_order')
@Index('reward_order_slot', ['rewardId', 'memberId', 'slot'], { unique: true })
@Index('reward_order_code', ['pickupCode'], { unique: true })
@Index('reward_order_no', ['no'], { unique: true })
@Index('reward_order_member', ['memberId', 'id'])
@Index('reward_order_state', ['state', 'dueAt', 'id'])
@Index('reward_order_store', ['storeId', 'state', 'id'])
@Index('reward_order_handed', ['handedBy', 'handedAt'])
export class RewardOrder {
  @PrimaryColumn(id) id!: string
  @Column(code) no!: string
  @Column(id) rewardId!: string
  @Column(id) memberId!: string
  @Column(intOrNull) slot!: number | null
  /** pickup, delivery or coupon. */
  @Column(code) method!: string
  /** See the contract's rewardOrderState. */
  @Column(code) state!: string
  @Column(int) points!: number
  @Column(big) cashFen!: number
  /** seq of the points entry that paid it. */
  @Column(int) pointsSeq!: number
  /** 1 while a piece of the stock belongs to it. */
  @Column(int) holdsStock!: number
  @Column(idOrNull) couponId!: string | null
  @Column(codeOrNull) pickupCode!: string | null
  @Column(idOrNull) storeId!: string | null
  /** Sealed JSON of the address. */
  @Column(bodyOrNull) addressSealed!: string | null
  @Column(codeOrNull) carrier!: string | null
  @Column(codeOrNull) trackingNo!: string | null
  @Column(time) createdAt!: number
  @Column(day) createdOn!: string
  /** Unpaid: pay until; ready: collect until; shipped: counts as received after. */
  @Column(timeOrNull) dueAt!: number | null
  @Column(timeOrNull) handedAt!: number | null
  @Column(idOrNull) handedBy!: string | null
  @Column(timeOrNull) closedAt!: number | null
}

/** What happened to a reward's stock and to its orders; insert only. */
@Entity('reward_event')
@Index('reward_event_reward', ['rewardId', 'id'])
@Index('reward_event_order', ['orderId', 'id'])
export class RewardEvent {
  @PrimaryColumn(id) id!: string
  @Column(id) rewardId!: string
  @Column(idOrNull) orderId!: string | null
  @Column(time) at!: number
  /** redeem, pay, hand_out, undo, ship, receive, cancel, expire, refund, money_back, adjust. */
  @Column(code) kind!: string
  /** How it changed what is left in stock. */
  @Column(int) delta!: number
  @Column(idOrNull) operatorId!: string | null
  @Column(line) note!: string
}

/** The money of an order. An order has at most one; money that comes for a closed order goes back. */
@Entity('reward_payment')
@Index('reward_payment_order', ['orderId'], { unique: true })
@Index('reward_payment_transaction', ['transactionId'], { unique: true })
@Index('reward_payment_state', ['state', 'id'])
export class RewardPayment {
  @PrimaryColumn(id) id!: string
  @Column(id) orderId!: string
  @Column(id) memberId!: string
  @Column(big) amountFen!: number
  /** open, paid, closed, refunding, refunded. */
  @Column(code) state!: string
  /** The payer's number for it, once paid. */
  @Column(codeOrNull) transactionId!: string | null
  @Column(time) createdAt!: number
  @Column(timeOrNull) paidAt!: number | null
  @Column(timeOrNull) refundedAt!: number | null
}
