import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { code, codeOrNull, day, dayOrNull, id, idOrNull, int, line, lineOrNull, time, timeOrNull } from '../db/columns'

/** One person. Phone and birthday are sealed (AES-256-GCM); their keyed hashes find them without opening anything. */
@Entity('member')
@Index('member_card', ['cardNo'], { unique: true })
@Index('member_phone', ['phoneHash'], { unique: true })
@Index('member_birthday', ['birthdayKey', 'id'])
@Index('member_joined', ['joinedAt', 'id'])
@Index('member_anniversary', ['joinedMonthDay', 'id'])
@Index('member_tier', ['tierLevel', 'joinedAt', 'id', 'status'])
@Index('member_store', ['joinedStoreId', 'joinedAt', 'id'])
@Index('member_name', ['name', 'id'])
export class Member {
  @PrimaryColumn(id) id!: string
  @Column(id) groupId!: string
  /** 8 digits, shown on the card; identifies to people, opens nothing. */
  @Column(code) cardNo!: string
  @Column(line) name!: string
  @Column(lineOrNull) avatar!: string | null
  @Column(code) gender!: string
  @Column(lineOrNull) phoneHash!: string | null
  @Column(lineOrNull) phoneSealed!: string | null
  /** Last four digits' keyed hash is not kept: a phone is looked up whole. */
  @Column(lineOrNull) birthdaySealed!: string | null
  /** Keyed hash of calendar, month and day: the birthday job asks for the keys of a civil day. */
  @Column(codeOrNull) birthdayKey!: string | null
  @Column(dayOrNull) birthdayChangedOn!: string | null
  @Column(time) joinedAt!: number
  @Column(day) joinedOn!: string
  /** MM-DD of joinedOn, for the anniversary. */
  @Column({ type: 'varchar', length: 5 }) joinedMonthDay!: string
  @Column(idOrNull) joinedStoreId!: string | null
  /** wechat, phone, staff or import. */
  @Column(code) joinedBy!: string
  /** active or inactive. */
  @Column(code) status!: string
  /** Level on the group's tier track, kept by tiers so that points and coupons can read it. */
  @Column(int) tierLevel!: number
  @Column({ ...int, default: 1 }) personalised!: number
}

/** Everything that points at one member: openid, unionid, phone, external ids. */
@Entity('member_identity')
@Index('member_identity_member', ['memberId'])
export class MemberIdentity {
  @PrimaryColumn(code) kind!: string
  @PrimaryColumn(line) valueHash!: string
  @Column(id) memberId!: string
  @Column({ type: 'varchar', length: 500 }) valueSealed!: string
  @Column(time) createdAt!: number
}

@Entity('sms_code')
@Index('sms_code_phone', ['phoneHash', 'createdAt'])
export class SmsCode {
  @PrimaryColumn(id) id!: string
  @Column(line) phoneHash!: string
  @Column(code) codeHash!: string
  @Column(time) createdAt!: number
  @Column(time) expiresAt!: number
  @Column(int) attempts!: number
  @Column(timeOrNull) usedAt!: number | null
}

/** The random nine-digit handle of one signed-in device, and the sealed key its codes are made with; good while the session is. */
@Entity('code_handle')
@Index('code_handle_session', ['sessionId'], { unique: true })
@Index('code_handle_member', ['memberId'])
export class CodeHandle {
  @PrimaryColumn({ type: 'varchar', length: 9 }) handle!: string
  @Column(id) memberId!: string
  @Column(id) sessionId!: string
  @Column(line) keySealed!: string
  @Column(time) createdAt!: number
  /** Goes up when the member refreshes by hand or takes a screenshot: every code shown before is then refused. */
  @Column(int) generation!: number
}

/** A code is used once: (handle, generation, step) names it, and inserting the row is the check. */
@Entity('code_use')
export class CodeUse {
  @PrimaryColumn({ type: 'varchar', length: 9 }) handle!: string
  @PrimaryColumn({ type: 'int' }) generation!: number
  @PrimaryColumn({ type: 'int' }) step!: number
  @Column(time) at!: number
  @Column(id) storeId!: string
}

/** A refused member code: old, reused or wrong. The code itself is kept only by its handle. */
@Entity('code_refusal')
@Index('code_refusal_at', ['at'])
export class CodeRefusal {
  @PrimaryColumn(id) id!: string
  @Column(time) at!: number
  @Column(idOrNull) memberId!: string | null
  @Column(id) storeId!: string
  @Column(id) operatorId!: string
  @Column(code) refusal!: string
  @Column(codeOrNull) handle!: string | null
}

/** The three minutes at the counter that follow a scan; everything staff do to a member names one. */
@Entity('scan')
@Index('scan_member', ['memberId', 'id'])
export class Scan {
  @PrimaryColumn(id) id!: string
  @Column(id) memberId!: string
  @Column(id) storeId!: string
  @Column(id) operatorId!: string
  /** code, phone, or offline (the code of a phone without network: earning only). */
  @Column(code) via!: string
  @Column(time) createdAt!: number
  @Column(time) expiresAt!: number
}
