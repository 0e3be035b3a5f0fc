import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { body, code, codeOrNull, day, dayOrNull, id, int, time } from '../db/columns'

/** 签到. (member, day) is unique: a day is checked in once, by coming or by making it up. */
@Entity('checkin')
@Index('checkin_day', ['onDay', 'memberId'])
export class Checkin {
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn(day) onDay!: string
  /** day or make_up. */
  @Column(code) kind!: string
  /** Points it gave, milestones included; none for a day made up. */
  @Column(int) points!: number
  /** Days in a row it ended when it was written. */
  @Column(int) streak!: number
  @Column(time) at!: number
}

/** A member's streak and make-up cards; the row is the lock of both. */
@Entity('checkin_account')
export class CheckinAccount {
  @PrimaryColumn(id) memberId!: string
  /** Days in a row up to lastOn. */
  @Column(int) streak!: number
  @Column(int) longest!: number
  @Column(int) total!: number
  @Column(dayOrNull) lastOn!: string | null
  /** Make-up cards held. */
  @Column(int) cards!: number
  /** The month boughtInMonth counts, YYYY-MM. */
  @Column(codeOrNull) boughtMonth!: string | null
  @Column(int) boughtInMonth!: number
}

/** The rules of check-in, one row: JSON of the contract's checkinPlan. */
@Entity('checkin_plan')
export class CheckinPlan {
  @PrimaryColumn(id) id!: string
  @Column(body) plan!: string
  @Column(int) version!: number
  @Column(time) changedAt!: number
}
