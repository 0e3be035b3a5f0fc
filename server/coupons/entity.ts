import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import {
  big,
  bigOrNull,
  body,
  code,
  codeOrNull,
  day,
  dayOrNull,
  id,
  idOrNull,
  int,
  intOrNull,
  line,
  time,
  timeOrNull,
} from '../db/columns'

/** 优惠券模板. The rule is frozen once published (scope aside); stock, issued and the day's count change under this row's lock. */
@Entity('coupon_template')
@Index('coupon_template_state', ['state', 'id'])
export class CouponTemplate {
  @PrimaryColumn(id) id!: string
  @Column(id) groupId!: string
  @Column(line) name!: string
  @Column(line) description!: string
  /** birthday or anniversary: what care hands out; null for the rest. */
  @Column(codeOrNull) purpose!: string | null
  /** JSON of contract couponRule. */
  @Column(body) rule!: string
  /** draft, published, paused, ended. */
  @Column(code) state!: string
  @Column(int) version!: number
  @Column(int) stock!: number
  /** Coupons ever made of it; never above stock. */
  @Column(int) issued!: number
  @Column(int) perMember!: number
  @Column(intOrNull) perDay!: number | null
  /** The civil day issuedToday counts. */
  @Column(dayOrNull) issuedDay!: string | null
  @Column(int) issuedToday!: number
  @Column(bigOrNull) budgetFen!: number | null
  @Column(int) claimable!: number
  @Column(timeOrNull) claimFrom!: number | null
  @Column(timeOrNull) claimUntil!: number | null
  @Column(time) createdAt!: number
  @Column(idOrNull) createdBy!: string | null
  @Column(timeOrNull) publishedAt!: number | null
  @Column(timeOrNull) endedAt!: number | null
}

/** 券. (template, member, ordinal) is unique: the per-member limit holds even against a race that passed every check. */
@Entity('coupon')
@Index('coupon_ordinal', ['templateId', 'memberId', 'ordinal'], { unique: true })
@Index('coupon_wallet', ['memberId', 'status', 'validTo'])
@Index('coupon_expiry', ['status', 'validTo'])
@Index('coupon_purchase', ['purchaseId'])
@Index('coupon_reward', ['source', 'redeemedOn', 'memberId'])
@Index('coupon_redeemed', ['redeemedOn', 'templateId'])
@Index('coupon_claimed', ['claimedOn', 'templateId'])
export class Coupon {
  @PrimaryColumn(id) id!: string
  @Column(id) templateId!: string
  @Column(id) memberId!: string
  /** 1 … perMember for claims and grants that count against the limit. */
  @Column({ type: 'int' }) ordinal!: number
  /** held, used, expired, void, giving (in a link), given (a friend has it). Coming and usable follow from the times. */
  @Column(code) status!: string
  @Column(time) validFrom!: number
  @Column(time) validTo!: number
  /** claim, grant, birthday, anniversary, welcome, tier, reward (redeemed for points), gift (from a friend). */
  @Column(code) source!: string
  @Column(codeOrNull) sourceId!: string | null
  @Column(time) claimedAt!: number
  @Column(day) claimedOn!: string
  @Column(timeOrNull) redeemedAt!: number | null
  @Column(dayOrNull) redeemedOn!: string | null
  @Column(idOrNull) purchaseId!: string | null
  @Column(idOrNull) storeId!: string | null
  @Column(idOrNull) operatorId!: string | null
  @Column(big) savedFen!: number
}

/** What happened to a coupon after it was made; insert only. */
@Entity('coupon_event')
@Index('coupon_event_coupon', ['couponId', 'id'])
export class CouponEvent {
  @PrimaryColumn(id) id!: string
  @Column(id) couponId!: string
  @Column(time) at!: number
  /** redeem, reverse, expire, void. */
  @Column(code) kind!: string
  @Column(idOrNull) operatorId!: string | null
  @Column(line) note!: string
}

/** 转赠: a coupon put into a link for a friend. While it waits the coupon's status is giving; the coupon's row is the lock. */
@Entity('coupon_gift')
@Index('coupon_gift_token', ['token'], { unique: true })
@Index('coupon_gift_from', ['fromMemberId', 'id'])
@Index('coupon_gift_state', ['state', 'closesAt', 'id'])
export class CouponGift {
  @PrimaryColumn(id) id!: string
  @Column(id) couponId!: string
  @Column(id) fromMemberId!: string
  @Column(idOrNull) toMemberId!: string | null
  /** The friend's coupon, once claimed. */
  @Column(idOrNull) newCouponId!: string | null
  /** waiting, claimed, revoked, returned. */
  @Column(code) state!: string
  @Column(code) token!: string
  @Column(line) note!: string
  @Column(time) createdAt!: number
  @Column(time) closesAt!: number
  @Column(timeOrNull) closedAt!: number | null
}
