import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { body, bodyOrNull, code, id, int, line, lineOrNull, time, timeOrNull } from '../db/columns'

/** The outbox, written in the business transaction and sent by a job. A row of channel `inbox` is also what the member reads. */
@Entity('message')
@Index('message_dedupe', ['dedupeKey'], { unique: true })
@Index('message_due', ['status', 'nextAttemptAt'])
@Index('message_inbox', ['memberId', 'channel', 'id'])
export class Message {
  @PrimaryColumn(id) id!: string
  /** Made by the caller: `birthday:<member>:<year>:inbox`. A repeat adds nothing. */
  @Column(line) dedupeKey!: string
  @Column(id) memberId!: string
  /** inbox or subscribe. */
  @Column(code) channel!: string
  @Column(code) kind!: string
  @Column(line) title!: string
  @Column(body) text!: string
  @Column(lineOrNull) page!: string | null
  /** JSON of the template fields for channels that have them. */
  @Column(bodyOrNull) data!: string | null
  /** pending, sending, sent, skipped, failed, unknown. */
  @Column(code) status!: string
  /** Why it was skipped or failed, as a code. */
  @Column(lineOrNull) reason!: string | null
  @Column(int) attempts!: number
  @Column(time) nextAttemptAt!: number
  @Column(timeOrNull) leaseUntil!: number | null
  @Column(time) createdAt!: number
  @Column(timeOrNull) sentAt!: number | null
  @Column(timeOrNull) readAt!: number | null
}

/** One right to send one subscribe message: banked by an accept, consumed by a send, given back on a clear failure. */
@Entity('subscribe_grant')
@Index('subscribe_grant_open', ['memberId', 'templateId', 'status'])
@Index('subscribe_grant_source', ['sourceKey'], { unique: true })
export class SubscribeGrant {
  @PrimaryColumn(id) id!: string
  @Column(id) memberId!: string
  @Column(code) templateId!: string
  /** Names the accept (event or report) it came from. */
  @Column(line) sourceKey!: string
  /** open, consumed, void. */
  @Column(code) status!: string
  @Column(time) grantedAt!: number
  @Column(timeOrNull) consumedAt!: number | null
  @Column({ ...id, nullable: true }) messageId!: string | null
}

/** Small values all replicas share and may lose, such as the WeChat access token (sealed). */
@Entity('shared_value')
export class SharedValue {
  @PrimaryColumn(code) name!: string
  @Column(body) value!: string
  @Column(time) expiresAt!: number
}
