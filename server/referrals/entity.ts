import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { body, code, codeOrNull, id, idOrNull, int, time, timeOrNull } from '../db/columns'

/** A member's invite code; made when first asked for. The row is the lock of what its owner is paid. */
@Entity('referral_code')
@Index('referral_code_code', ['code'], { unique: true })
export class ReferralCode {
  @PrimaryColumn(id) memberId!: string
  @Column(code) code!: string
}

/** 邀请. One row a friend: somebody is attributed once, for good. */
@Entity('referral')
@Index('referral_inviter', ['inviterId', 'boundAt', 'friendId'])
@Index('referral_state', ['state', 'friendId'])
@Index('referral_month', ['inviterId', 'paidMonth'])
export class Referral {
  @PrimaryColumn(id) friendId!: string
  @Column(id) inviterId!: string
  @Column(time) boundAt!: number
  /** joined, bought, paid, capped, held, rejected. */
  @Column(code) state!: string
  /** JSON: what looked odd when it came to paying. */
  @Column(body) flags!: string
  @Column(int) inviterPoints!: number
  @Column(int) friendPoints!: number
  /** The first purchase that is kept. */
  @Column(idOrNull) purchaseId!: string | null
  @Column(timeOrNull) paysAt!: number | null
  @Column(timeOrNull) paidAt!: number | null
  /** YYYY-MM in which the inviter was paid, for the month's limit. */
  @Column(codeOrNull) paidMonth!: string | null
}

/** The rules of inviting, one row: JSON of the contract's referralPlan. */
@Entity('referral_plan')
export class ReferralPlan {
  @PrimaryColumn(id) id!: string
  @Column(body) plan!: string
  @Column(int) version!: number
  @Column(time) changedAt!: number
}
