import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import {
  body,
  bodyOrNull,
  code,
  codeOrNull,
  id,
  idOrNull,
  int,
  line,
  lineOrNull,
  time,
  timeOrNull,
} from '../db/columns'

/** The outbox, written in the business transaction and sent by a job. A row of channel `inbox` is also what the member reads. */
@Entity('message')
@Index('message_dedupe', ['dedupeKey'], { unique: true })
@Index('message_due', ['status', 'nextAttemptAt'])
@Index('message_by_status', ['status', 'id'])
@Index('message_inbox', ['memberId', 'channel', 'id'])
@Index('message_external', ['externalId'])
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
  /**
   * pending -> sending -> sent, skipped, failed or unknown. `sending` means that the network call has begun: when its sender dies, nobody
   * knows whether the message went out, so it becomes unknown and is never sent again.
   */
  @Column(code) status!: string
  /** Why it was skipped or failed, as a code. */
  @Column(lineOrNull) reason!: string | null
  @Column(int) attempts!: number
  @Column(time) nextAttemptAt!: number
  /** The sender that holds the row until leaseUntil. */
  @Column(codeOrNull) claimedBy!: string | null
  @Column(timeOrNull) leaseUntil!: number | null
  /** What the channel calls it: WeChat's template and message id. */
  @Column(codeOrNull) templateId!: string | null
  @Column(codeOrNull) externalId!: string | null
  @Column(time) createdAt!: number
  @Column(timeOrNull) sentAt!: number | null
  @Column(timeOrNull) readAt!: number | null
}

/** One right to send one subscribe message: banked by an accept, consumed by a send, given back on a clear failure. */
@Entity('subscribe_grant')
@Index('subscribe_grant_open', ['memberId', 'templateId', 'status'])
@Index('subscribe_grant_source', ['sourceKey'], { unique: true })
@Index('subscribe_grant_echo', ['echoKey'], { unique: true })
export class SubscribeGrant {
  @PrimaryColumn(id) id!: string
  @Column(id) memberId!: string
  @Column(code) templateId!: string
  /** Names the accept it came from: `push:…` WeChat's event, `report:…` what the mini-program told us. */
  @Column(line) sourceKey!: string
  /** The other account of the same accept, once it has come in: one tap must not count twice. */
  @Column(lineOrNull) echoKey!: string | null
  /** open, consumed, void. */
  @Column(code) status!: string
  @Column(time) grantedAt!: number
  @Column(timeOrNull) consumedAt!: number | null
  @Column(idOrNull) messageId!: string | null
}

/** Small values all replicas share and may lose, such as the WeChat access token (sealed). */
@Entity('shared_value')
export class SharedValue {
  @PrimaryColumn(code) name!: string
  @Column(body) value!: string
  @Column(time) expiresAt!: number
}
