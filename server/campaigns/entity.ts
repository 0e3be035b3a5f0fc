import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { body, bodyOrNull, code, day, id, int, time, timeOrNull } from '../db/columns'

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
