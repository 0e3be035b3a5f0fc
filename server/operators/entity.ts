import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { body, code, dayOrNull, id, idOrNull, int, line, lineOrNull, time, timeOrNull } from '../db/columns'

/** The group: every brand belongs to it, and its wallet and tier track are the default ones. */
@Entity('brand_group')
export class BrandGroup {
  @PrimaryColumn(id) id!: string
  @Column(line) name!: string
}

/** 业态. Rules of its own come later; data already hang on it. */
@Entity('brand')
export class Brand {
  @PrimaryColumn(id) id!: string
  @Column(id) groupId!: string
  @Column(line) name!: string
}

@Entity('store')
@Index('store_code', ['code'], { unique: true })
export class Store {
  @PrimaryColumn(id) id!: string
  @Column(id) brandId!: string
  @Column(code) code!: string
  @Column(line) name!: string
  @Column(line) address!: string
  @Column(line) hours!: string
  @Column(line) phone!: string
  @Column(int) active!: number
  @Column(time) createdAt!: number
}

/** Staff, operators and till systems: whoever is not a member. */
@Entity('operator')
@Index('operator_username', ['username'], { unique: true })
@Index('operator_phone', ['phoneHash'], { unique: true })
export class Operator {
  @PrimaryColumn(id) id!: string
  @Column(code) username!: string
  @Column(line) name!: string
  @Column(code) role!: string
  @Column(line) passwordHash!: string
  @Column(lineOrNull) phoneHash!: string | null
  @Column(lineOrNull) phoneSealed!: string | null
  @Column(int) active!: number
  /** 1: every store, now and later; 0: the rows of operator_store. */
  @Column(int) allStores!: number
  @Column(time) createdAt!: number
  @Column(timeOrNull) lastSeenAt!: number | null
}

@Entity('operator_store')
@Index('operator_store_by_store', ['storeId'])
export class OperatorStore {
  @PrimaryColumn(id) operatorId!: string
  @PrimaryColumn(id) storeId!: string
}

/** A signed-in device. The refresh token is kept as a hash; the one before it too, so that a stolen, reused one revokes the session. */
@Entity('session')
@Index('session_refresh', ['refreshHash'], { unique: true })
@Index('session_previous', ['previousHash'])
@Index('session_subject', ['kind', 'subjectId'])
@Index('session_end', ['expiresAt'])
export class Session {
  @PrimaryColumn(id) id!: string
  /** member or operator. */
  @Column(code) kind!: string
  @Column(id) subjectId!: string
  @Column(code) deviceId!: string
  @Column(code) platform!: string
  @Column(code) refreshHash!: string
  @Column({ ...code, nullable: true }) previousHash!: string | null
  @Column(time) createdAt!: number
  @Column(time) refreshedAt!: number
  @Column(time) expiresAt!: number
  @Column(timeOrNull) revokedAt!: number | null
}

/** Failed guesses of one kind against one target (a username, a phone, a till): what a lock-out counts. */
@Entity('attempt')
@Index('attempt_age', ['windowStartedAt'])
export class Attempt {
  @PrimaryColumn(code) scope!: string
  @PrimaryColumn(line) target!: string
  @Column(int) failures!: number
  @Column(time) windowStartedAt!: number
  @Column(timeOrNull) lockedUntil!: number | null
}

/** Who did what to whom; insert only. Personal data in `detail` are masked before they come here. */
@Entity('audit')
@Index('audit_action', ['action', 'id'])
@Index('audit_operator', ['operatorId', 'id'])
@Index('audit_subject', ['subjectId', 'id'])
export class Audit {
  @PrimaryColumn(id) id!: string
  @Column(time) at!: number
  @Column(dayOrNull) onDay!: string | null
  @Column(idOrNull) operatorId!: string | null
  /** The contract key. */
  @Column(line) action!: string
  @Column(idOrNull) subjectId!: string | null
  @Column(body) detail!: string
  @Column(code) requestId!: string
  @Column(code) ip!: string
}
