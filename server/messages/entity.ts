import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import {
  body,
  bodyOrNull,
  code,
  codeOrNull,
  dayOrNull,
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
@Index('message_lane', ['status', 'channel', 'priority', 'nextAttemptAt'])
@Index('message_counts', ['memberId', 'countsOn'])
@Index('message_source', ['source', 'channel', 'status'])
export class Message {
  @PrimaryColumn(id) id!: string
  /** Made by the caller: `birthday:<member>:<year>:inbox`. A repeat adds nothing. */
  @Column(line) dedupeKey!: string
  @Column(id) memberId!: string
  /** inbox, subscribe, sms, email, wecom or webhook. */
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
  /** care, offer, reminder: marketing, which obeys caps, quiet hours and preferences; service does not. */
  @Column({ ...code, default: 'service' }) topic!: string
  /** 1 is worth most … 9 least: who goes first, and who gets the last credit. */
  @Column({ ...int, default: 5 }) priority!: number
  /** 1 when it was aimed by who the member is: not for those who switched personalisation off. */
  @Column(int) personal!: number
  /** After this it is old news (epoch ms); null: the policy's age. */
  @Column(timeOrNull) expiresAt!: number | null
  /** The civil day it counts against the caps of; null while it counts against none. */
  @Column(dayOrNull) countsOn!: string | null
  /** Who had it sent: `journey:<id>`, `campaign:<id>`; with sourceRef naming the node. */
  @Column(codeOrNull) source!: string | null
  @Column(codeOrNull) sourceRef!: string | null
  /** JSON of the channels still to be tried should this one fail, in order. */
  @Column(bodyOrNull) next!: string | null
  /** Where WeCom and webhook messages go. */
  @Column(idOrNull) endpointId!: string | null
}

/** One right to send one subscribe message: banked by an accept, reserved by a schedule, consumed by a send, given back on a clear failure. */
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
  /** open, reserved, consumed, void. */
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

/** 消息模板: what is said on each channel, with places for names and numbers. */
@Entity('message_template')
@Index('message_template_built_in', ['builtIn'], { unique: true })
export class MessageTemplate {
  @PrimaryColumn(id) id!: string
  @Column(line) name!: string
  /** Key of one that came with the system, null for the shop's own. */
  @Column(codeOrNull) builtIn!: string | null
  @Column(code) topic!: string
  /** JSON of contract templateContent. */
  @Column(body) content!: string
  @Column(int) version!: number
  @Column(int) archived!: number
  @Column(time) updatedAt!: number
}

/** 消息偏好: what a member said about a channel (`channel:sms`) or a topic (`topic:offer`); no row means the default. */
@Entity('message_preference')
export class MessagePreference {
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn(code) subject!: string
  @Column(int) allowed!: number
  @Column(time) at!: number
}

/** An address outside WeChat that the member gave and confirmed. */
@Entity('message_contact')
@Index('message_contact_value', ['valueHash'])
export class MessageContact {
  @PrimaryColumn(id) memberId!: string
  /** email. */
  @PrimaryColumn(code) kind!: string
  @Column(line) valueHash!: string
  @Column({ type: 'varchar', length: 500 }) valueSealed!: string
  @Column(timeOrNull) confirmedAt!: number | null
  /** Keyed hash of the code that was sent, until it was typed in. */
  @Column(lineOrNull) codeHash!: string | null
  @Column(timeOrNull) codeUntil!: number | null
  @Column(int) attempts!: number
  @Column(time) changedAt!: number
}

/** Where messages to the shop and its systems go: a WeCom group robot, a webhook. */
@Entity('message_endpoint')
export class MessageEndpoint {
  @PrimaryColumn(id) id!: string
  /** wecom or webhook. */
  @Column(code) channel!: string
  @Column(line) name!: string
  /** The address holds a key, so it is sealed; the host is what people see. */
  @Column({ type: 'varchar', length: 1000 }) urlSealed!: string
  @Column(line) host!: string
  @Column({ type: 'varchar', length: 500 }) secretSealed!: string
  @Column(int) active!: number
  @Column(time) createdAt!: number
}

/** One row: caps, quiet hours and rates as JSON of contract messageSettings. */
@Entity('message_settings')
export class MessageSettings {
  @PrimaryColumn(code) name!: string
  @Column(body) value!: string
  @Column(int) version!: number
}

/** How many messages a channel began in a minute; the row is the lock of its rate. */
@Entity('message_rate')
export class MessageRate {
  @PrimaryColumn(code) channel!: string
  @PrimaryColumn(time) minute!: number
  @Column(int) n!: number
}
