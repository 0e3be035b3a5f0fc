import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { body, code, id, int, time } from '../db/columns'

/** 完善资料. (member, field) is unique: a field is paid for once, whatever it is changed to or cleared and filled in again. */
@Entity('profile_reward')
export class ProfileReward {
  @PrimaryColumn(id) memberId!: string
  /** avatar, name, gender, birthday, phone or interests. */
  @PrimaryColumn(code) field!: string
  @Column(int) points!: number
  @Column(time) at!: number
}

/** What a member says to like, by its name in the catalogue; a name that left the catalogue is not shown any more. */
@Entity('member_interest')
@Index('member_interest_members', ['interest', 'memberId'])
export class MemberInterest {
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn(code) interest!: string
  @Column(time) at!: number
}

/** Points per field and the catalogue of interests, one row: JSON of the contract's profilePlan. */
@Entity('profile_plan')
export class ProfilePlan {
  @PrimaryColumn(id) id!: string
  @Column(body) plan!: string
  @Column(int) version!: number
  @Column(time) changedAt!: number
}
