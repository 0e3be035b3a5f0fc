import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { body, bodyOrNull, code, codeOrNull, day, id, idOrNull, int, lineOrNull, time, timeOrNull } from '../db/columns'

/** When a member last answered: one row a member, so that two answers at once meet here and one is refused. */
@Entity('nps_turn')
export class NpsTurn {
  @PrimaryColumn(id) memberId!: string
  @Column(time) lastAt!: number
}

/** 推荐意愿 (NPS): one answer. */
@Entity('nps_answer')
@Index('nps_answer_day', ['onDay', 'score'])
@Index('nps_answer_member', ['memberId', 'id'])
@Index('nps_answer_kind', ['kind', 'id'])
export class NpsAnswer {
  @PrimaryColumn(id) id!: string
  @Column(id) memberId!: string
  @Column(int) score!: number
  /** promoter (9-10), passive (7-8), detractor (0-6). */
  @Column(code) kind!: string
  /** JSON array of reason codes. */
  @Column(body) reasons!: string
  @Column(bodyOrNull) comment!: string | null
  @Column(code) channel!: string
  @Column(time) at!: number
  @Column(day) onDay!: string
}

/** 满意度 after a purchase; the purchase is the key, so there is one. */
@Entity('satisfaction')
@Index('satisfaction_day', ['onDay', 'storeId'])
@Index('satisfaction_member', ['memberId', 'at'])
export class Satisfaction {
  @PrimaryColumn(id) purchaseId!: string
  @Column(id) memberId!: string
  @Column(id) storeId!: string
  @Column(int) stars!: number
  @Column(body) tags!: string
  @Column(bodyOrNull) comment!: string | null
  @Column(time) at!: number
  @Column(day) onDay!: string
}

/** 投诉. Its state moves by conditional updates: two operators at once cannot both take it. */
@Entity('complaint')
@Index('complaint_no', ['no'], { unique: true })
@Index('complaint_state', ['state', 'dueAt'])
@Index('complaint_member', ['memberId', 'id'])
@Index('complaint_store', ['storeId', 'state'])
export class Complaint {
  @PrimaryColumn(id) id!: string
  @Column(code) no!: string
  @Column(id) memberId!: string
  @Column(idOrNull) storeId!: string | null
  @Column(idOrNull) purchaseId!: string | null
  @Column(code) category!: string
  /** open, handling, resolved. */
  @Column(code) state!: string
  @Column(body) text!: string
  /** JSON of Photo. */
  @Column(body) photos!: string
  /** How the member wants to be reached, sealed. */
  @Column(bodyOrNull) contactSealed!: string | null
  /** By when the next answer is promised; null while nothing is owed. */
  @Column(timeOrNull) dueAt!: number | null
  @Column(time) openedAt!: number
  @Column(time) lastAt!: number
  @Column(timeOrNull) resolvedAt!: number | null
  @Column(bodyOrNull) resolution!: string | null
  @Column(idOrNull) handledBy!: string | null
  @Column(int) replies!: number
}

@Entity('complaint_reply')
@Index('complaint_reply_of', ['complaintId', 'id'])
export class ComplaintReply {
  @PrimaryColumn(id) id!: string
  @Column(id) complaintId!: string
  @Column(time) at!: number
  /** member or staff. */
  @Column(code) sender!: string
  @Column(codeOrNull) operatorId!: string | null
  @Column(lineOrNull) senderName!: string | null
  @Column(body) text!: string
  @Column(body) photos!: string
}
