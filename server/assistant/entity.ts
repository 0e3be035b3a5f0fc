import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { body, code, codeOrNull, id, idOrNull, int, intOrNull, line, lineOrNull, time, timeOrNull } from '../db/columns'

/** 常见问题: what the shop answers, in its own words. */
@Entity('faq')
@Index('faq_question', ['question'], { unique: true })
export class Faq {
  @PrimaryColumn(id) id!: string
  @Column(line) question!: string
  @Column(body) answer!: string
  /** Other wordings, separated by spaces. */
  @Column(line) keywords!: string
  @Column(code) category!: string
  @Column(lineOrNull) page!: string | null
  @Column(int) active!: number
  @Column(int) version!: number
  @Column(time) updatedAt!: number
  @Column(idOrNull) updatedBy!: string | null
}

/** A member's conversation; one a member, so that two first questions at once meet in one row. */
@Entity('conversation')
@Index('conversation_member', ['memberId'], { unique: true })
@Index('conversation_desk', ['state', 'handedAt'])
export class Conversation {
  @PrimaryColumn(id) id!: string
  @Column(id) memberId!: string
  /** bot, waiting (handed over, nobody has answered), handling, closed (handed back to the assistant). */
  @Column(code) state!: string
  @Column(time) startedAt!: number
  @Column(time) lastAt!: number
  @Column(timeOrNull) handedAt!: number | null
  @Column(idOrNull) handledBy!: string | null
  @Column(lineOrNull) handledByName!: string | null
  /** What the last answer was about, for 'and when do they expire?'. */
  @Column(codeOrNull) topic!: string | null
}

@Entity('assistant_message')
@Index('assistant_message_of', ['conversationId', 'id'])
@Index('assistant_message_kind', ['kind', 'at'])
@Index('assistant_message_member', ['memberId', 'at'])
@Index('assistant_message_topic', ['topic', 'at'])
export class AssistantMessage {
  @PrimaryColumn(id) id!: string
  @Column(id) conversationId!: string
  @Column(id) memberId!: string
  @Column(time) at!: number
  /** member, bot or staff. */
  @Column(code) sender!: string
  /** question, answer, unknown, handover, staff, note. */
  @Column(code) kind!: string
  @Column(body) text!: string
  @Column(codeOrNull) topic!: string | null
  /** JSON: links and chips. */
  @Column(body) more!: string
  /** 1, 0 or null while nothing was said. */
  @Column(intOrNull) helpful!: number | null
}
