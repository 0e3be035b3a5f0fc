import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { body, bodyOrNull, code, day, id, idOrNull, int, line, time, timeOrNull } from '../db/columns'

/** 关怀: a birthday or anniversary gift. (member, kind, gift year) is unique: whatever the clock does, one gift a year. */
@Entity('care_gift')
@Index('care_gift_once', ['memberId', 'kind', 'giftYear'], { unique: true })
@Index('care_gift_day', ['onDay', 'kind'])
export class CareGift {
  @PrimaryColumn(id) id!: string
  @Column(id) memberId!: string
  /** birthday or anniversary. */
  @Column(code) kind!: string
  @Column({ type: 'int' }) giftYear!: number
  /** The civil day celebrated. */
  @Column(day) onDay!: string
  @Column(day) until!: string
  @Column(int) points!: number
  /** JSON array of coupon ids. */
  @Column(bodyOrNull) couponIds!: string | null
  @Column(int) years!: number
  /** JSON of what the member unwraps (contract giftMoment.gifts), as it was when given: a later change of the template changes nothing. */
  @Column(body) contents!: string
  @Column(time) createdAt!: number
  @Column(timeOrNull) openedAt!: number | null
}

/** 群发活动: one message to many at one time. The row is the lock and the cursor of its fan-out. */
@Entity('campaign')
@Index('campaign_due', ['state', 'sendAt'])
export class Campaign {
  @PrimaryColumn(id) id!: string
  @Column(line) name!: string
  /** draft, scheduled, sending, paused, sent, ended. */
  @Column(code) state!: string
  @Column(int) version!: number
  /** Who gets it; null: every member. */
  @Column(idOrNull) segmentId!: string | null
  @Column(id) templateId!: string
  /** JSON array, in the order they are tried. */
  @Column(line) channels!: string
  @Column(time) sendAt!: number
  @Column(int) holdoutPercent!: number
  @Column(line) holdoutReason!: string
  @Column(int) priority!: number
  /** JSON of the template as it was when the sending began: a later edit changes nothing that is under way. */
  @Column(bodyOrNull) content!: string | null
  /** The last member treated. */
  @Column(line) position!: string
  @Column(int) audience!: number
  @Column(int) held!: number
  @Column(int) queued!: number
  @Column(int) unsent!: number
  @Column(time) createdAt!: number
  @Column(timeOrNull) startedAt!: number | null
  @Column(timeOrNull) finishedAt!: number | null
}

/**
 * That somebody who left has had their birthday gift, kept by the keyed hashes of what they could come back with (phone, openid), so that
 * leaving and joining again brings no second one. It says nothing else and goes when the year it guards is over.
 */
@Entity('gift_memory')
@Index('gift_memory_until', ['keptUntil'])
export class GiftMemory {
  @PrimaryColumn(line) hash!: string
  @Column({ type: 'int' }) giftYear!: number
  @Column(day) onDay!: string
  @Column(day) keptUntil!: string
}

/** 首页横幅: picture, words and a way on, for a stretch of time and a group of people. */
@Entity('banner')
@Index('banner_live', ['state', 'endsAt'])
export class Banner {
  @PrimaryColumn(id) id!: string
  /** draft, published, ended. */
  @Column(code) state!: string
  @Column(int) version!: number
  @Column(line) title!: string
  @Column(line) text!: string
  @Column(body) picture!: string
  /** Page of the member app; '' for none. */
  @Column(line) link!: string
  /** Who sees it; null: everybody. */
  @Column(idOrNull) segmentId!: string | null
  @Column(time) startsAt!: number
  @Column(time) endsAt!: number
  @Column(int) priority!: number
  @Column(time) createdAt!: number
}

/** That a member saw or tapped a banner on a day: the key is the counting, so a repeat counts nothing. */
@Entity('banner_event')
@Index('banner_event_member', ['memberId'])
export class BannerEvent {
  @PrimaryColumn(id) bannerId!: string
  @PrimaryColumn(day) onDay!: string
  /** exposure or tap. */
  @PrimaryColumn(code) kind!: string
  @PrimaryColumn(id) memberId!: string
  @Column(time) at!: number
}
