import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { big, body, bodyOrNull, code, id, int, line, lineOrNull, time, timeOrNull } from '../db/columns'

/** 同意台账: every yes and no a member ever said; insert only. The latest row of a subject is what holds. */
@Entity('consent')
@Index('consent_member', ['memberId', 'subject', 'id'])
@Index('consent_subject', ['subject', 'version', 'given'])
export class Consent {
  @PrimaryColumn(id) id!: string
  @Column(id) memberId!: string
  /** terms, privacy or personalisation. */
  @Column(code) subject!: string
  @Column(int) version!: number
  /** 1 given, 0 withdrawn. */
  @Column(int) given!: number
  @Column(time) at!: number
  @Column(code) channel!: string
}

/** A copy of everything about a member, made on request; its content lies in parts and is deleted after the download or the term. */
@Entity('data_export')
@Index('data_export_state', ['state', 'id'])
@Index('data_export_member', ['memberId', 'id'])
@Index('data_export_term', ['expiresAt'])
export class DataExport {
  @PrimaryColumn(id) id!: string
  @Column(id) memberId!: string
  /** pending -> ready -> downloaded or expired; failed when it could not be made. */
  @Column(code) state!: string
  @Column(time) requestedAt!: number
  @Column(timeOrNull) readyAt!: number | null
  @Column(timeOrNull) expiresAt!: number | null
  @Column(timeOrNull) downloadedAt!: number | null
  @Column(big) bytes!: number
  /** JSON of the contract's summary. */
  @Column(body) summary!: string
}

/** A piece of an export, sealed; small enough for a text column of every database. */
@Entity('data_export_part')
export class DataExportPart {
  @PrimaryColumn(id) exportId!: string
  @PrimaryColumn({ type: 'int' }) no!: number
  @Column(body) sealed!: string
}

/** 注销申请. `openKey` is the member's id while the request stands and null after, so a member has one open request at most. */
@Entity('cancellation')
@Index('cancellation_open', ['openKey'], { unique: true })
@Index('cancellation_due', ['state', 'dueAt'])
@Index('cancellation_member', ['memberId', 'id'])
export class Cancellation {
  @PrimaryColumn(id) id!: string
  @Column(id) memberId!: string
  @Column(lineOrNull) openKey!: string | null
  /** requested -> withdrawn or done. */
  @Column(code) state!: string
  @Column(bodyOrNull) reason!: string | null
  @Column(time) requestedAt!: number
  @Column(time) dueAt!: number
  @Column(timeOrNull) closedAt!: number | null
  /** JSON: points, coupons and posts that went with the account. */
  @Column(line) outcome!: string
}
