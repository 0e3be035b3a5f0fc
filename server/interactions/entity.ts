import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { code, codeOrNull, day, id, int, intOrNull, lineOrNull, time } from '../db/columns'

/** 互动: what a member did, as the client or the server saw it; insert only. (member, eventId) is unique, so a resent batch adds nothing. */
@Entity('interaction')
@Index('interaction_type_member', ['type', 'onDay', 'memberId'])
@Index('interaction_target', ['type', 'onDay', 'page', 'target', 'memberId'])
@Index('interaction_id', ['id'])
export class Interaction {
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn(code) eventId!: string
  @Column(id) id!: string
  @Column(code) type!: string
  /** Version of the event's shape. */
  @Column({ ...int, default: 1 }) version!: number
  @Column(time) at!: number
  @Column(day) onDay!: string
  @Column(time) receivedAt!: number
  @Column(codeOrNull) page!: string | null
  @Column(lineOrNull) target!: string | null
  @Column(intOrNull) x!: number | null
  @Column(intOrNull) y!: number | null
  /** Width of the window in CSS pixels, where the client says so: what x is measured against. */
  @Column(intOrNull) width!: number | null
  /** client or server. */
  @Column(code) origin!: string
}
