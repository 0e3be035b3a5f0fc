import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { big, body, bodyOrNull, code, day, id, idOrNull, int, line, time, timeOrNull } from '../db/columns'

/**
 * What happened on a civil day in a store, or in the whole group (storeId ''). Reckoned anew from the sources whenever something of the
 * day changes, so it equals a recomputation at any time.
 */
@Entity('dash_day')
export class DashDay {
  @PrimaryColumn(id) storeId!: string
  @PrimaryColumn(day) onDay!: string
  @Column(int) orders!: number
  /** Different members who bought. */
  @Column(int) buyers!: number
  @Column(big) paidFen!: number
  @Column(big) discountFen!: number
  /** Money given back on this day, whenever the purchase was. */
  @Column(big) refundFen!: number
  @Column(int) joined!: number
  @Column(int) redeemed!: number
  @Column(big) savedFen!: number
  /** Of the group only: coupons issued, members who opened a page, points by what moved them (signed). */
  @Column(int) issued!: number
  @Column(int) visits!: number
  @Column(big) pointsIssued!: number
  @Column(big) pointsSpent!: number
  @Column(big) pointsExpired!: number
  @Column(big) pointsTakenBack!: number
  @Column(big) pointsOther!: number
}

/** Sales by hour of the day, refunds of the hour taken off. */
@Entity('dash_hour')
export class DashHour {
  @PrimaryColumn(id) storeId!: string
  @PrimaryColumn(day) onDay!: string
  @PrimaryColumn({ type: 'int' }) hour!: number
  @Column(int) orders!: number
  @Column(big) salesFen!: number
}

/** What a coupon template did on a day. */
@Entity('dash_coupon')
export class DashCoupon {
  @PrimaryColumn(day) onDay!: string
  @PrimaryColumn(id) templateId!: string
  @Column(int) issued!: number
  @Column(int) redeemed!: number
  @Column(big) savedFen!: number
  /** Paid in the purchases it was used on. */
  @Column(big) salesFen!: number
}

/** Taps on a page, in cells of a twentieth of the width and 40 CSS pixels of height. */
@Entity('dash_tap')
export class DashTap {
  @PrimaryColumn(code) page!: string
  @PrimaryColumn(day) onDay!: string
  /** narrow (below 375 px), usual (below 430), wide; unknown where the client did not say. */
  @PrimaryColumn(code) width!: string
  @PrimaryColumn({ type: 'int' }) x!: number
  @PrimaryColumn({ type: 'int' }) y!: number
  @Column(int) taps!: number
}

/** Taps by what was tapped. */
@Entity('dash_target')
export class DashTarget {
  @PrimaryColumn(code) page!: string
  @PrimaryColumn(day) onDay!: string
  @PrimaryColumn(line) target!: string
  @Column(int) taps!: number
}

/** A cell of a figure that is reckoned once a night from every member. */
@Entity('dash_cell')
export class DashCell {
  @PrimaryColumn(code) figure!: string
  @PrimaryColumn(code) rowKey!: string
  @PrimaryColumn(code) colKey!: string
  @Column(int) members!: number
  @Column(big) amount!: number
  @Column(big) extra!: number
}

/** When a group of figures was last reckoned. */
@Entity('dash_state')
export class DashState {
  @PrimaryColumn(code) name!: string
  @Column(time) asOf!: number
}

/** A note on the time line. */
@Entity('annotation')
@Index('annotation_days', ['fromDay', 'toDay'])
export class Annotation {
  @PrimaryColumn(id) id!: string
  @Column(day) fromDay!: string
  @Column(day) toDay!: string
  @Column(line) title!: string
  /** campaign, holiday, change, other. */
  @Column(code) kind!: string
  @Column(idOrNull) storeId!: string | null
  @Column(int) version!: number
  @Column(time) createdAt!: number
  @Column(idOrNull) createdBy!: string | null
}

@Entity('funnel')
export class Funnel {
  @PrimaryColumn(id) id!: string
  @Column(line) name!: string
  /** JSON of the contract's steps. */
  @Column(body) steps!: string
  @Column(int) windowHours!: number
  @Column(int) days!: number
  @Column(idOrNull) segmentId!: string | null
  @Column(int) version!: number
  /** The civil day it was counted for and when; null: waits. */
  @Column(timeOrNull) countedAt!: number | null
  @Column({ ...day, default: '' }) countedOn!: string
  /** JSON: per step { members, medianSeconds }. */
  @Column(bodyOrNull) result!: string | null
  @Column(time) createdAt!: number
  @Column(idOrNull) createdBy!: string | null
}

/** How far a member came in a funnel, as counted last. */
@Entity('funnel_member')
export class FunnelMember {
  @PrimaryColumn(id) funnelId!: string
  @PrimaryColumn(id) memberId!: string
  /** Steps reached, from 1. */
  @Column(int) reached!: number
}
