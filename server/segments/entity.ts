import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { big, body, bodyOrNull, code, day, id, idOrNull, int, intOrNull, line, time, timeOrNull } from '../db/columns'
import { anyCategory } from './category-bit-rules'
import { anyReturn } from './return-bit-rules'

/**
 * One flat row per active member with everything a segment may compare: a copy, kept by the jobs segments.follow and segments.facts, so that
 * counting a million members is one pass over one narrow table. Nothing is null: 0, -1 and '' say that there is none, which keeps NOT
 * free of three-valued logic. One index only: a count reads the table from end to end, which is ten times faster than hopping through an
 * index that half of the members match.
 */
@Entity('segment_fact')
@Index('segment_fact_return', ['firstAt', 'memberId', 'secondAt', 'returnBits'])
export class SegmentFact {
  @PrimaryColumn(id) memberId!: string
  @Column(code) gender!: string
  @Column({ ...time, default: 0 }) joinedAt!: number
  @Column(code) joinedBy!: string
  @Column({ ...id, default: '' }) joinedStoreId!: string
  @Column(int) tierLevel!: number
  @Column(int) hasPhone!: number
  @Column(int) hasBirthday!: number
  @Column(int) personalised!: number
  @Column(int) purchases!: number
  @Column(big) spendFen!: number
  @Column(big) refundFen!: number
  /** Rounded spend per purchase; 0 without one. */
  @Column(big) averageFen!: number
  @Column(big) firstAt!: number
  /** Time of the second purchase that was not handed back whole; 0 before it. */
  @Column(big) secondAt!: number
  @Column(big) lastAt!: number
  @Column({ ...id, default: '' }) lastStoreId!: string
  /** Purchases that were not handed back whole, and paid minus refunded, of the 30, 90 and 365 days that end with `onDay`. */
  @Column(int) orders30!: number
  @Column(big) spend30Fen!: number
  @Column(int) orders90!: number
  @Column(big) spend90Fen!: number
  @Column(int) orders365!: number
  @Column(big) spend365Fen!: number
  @Column(big) balance!: number
  @Column(big) growth!: number
  @Column(int) couponsHeld!: number
  @Column(int) couponsUsed!: number
  /** Life-cycle stage and RFM group of the last scoring; '' before the first. */
  @Column({ ...code, default: '' }) stage!: string
  @Column({ ...code, default: '' }) rfm!: string
  @Column({ ...int, default: -1 }) churnBp!: number
  @Column({ ...big, default: -1 }) clvFen!: number
  @Column({ ...int, default: 0 }) groupNo!: number
  /** Expected day of the next purchase; ''. */
  @Column({ ...day, default: '' }) nextOn!: string
  @Column(int) interactions30!: number
  @Column(big) lastInteractionAt!: number
  @Column(int) influence!: number
  @Column({ ...code, default: '' }) topCategory!: string
  /** What was bought of, of the 90 and 365 days that end with `onDay` and in all, as bits (category-bit-rules.ts); all bits: not looked at yet. */
  @Column({ ...big, default: anyCategory }) categories90!: number
  @Column({ ...big, default: anyCategory }) categories365!: number
  @Column({ ...big, default: anyCategory }) categoriesEver!: number
  /** In which months after the first purchase the member bought again (return-bit-rules.ts); all bits: not looked at yet. */
  @Column({ ...big, default: anyReturn }) returnBits!: number
  /** The civil day the windows end on. */
  @Column(day) onDay!: string
}

/** What a member bought of a category, returned goods left out; kept with segment_fact. */
@Entity('segment_category')
@Index('segment_category_member', ['memberId'])
@Index('segment_category_last', ['category', 'lastDay', 'memberId'])
export class SegmentCategory {
  @PrimaryColumn(code) category!: string
  @PrimaryColumn(id) memberId!: string
  @Column(day) lastDay!: string
  /** Purchases in all, and of the 90 and 365 days that end with the fact's `onDay`. */
  @Column(int) orders!: number
  @Column(int) orders90!: number
  @Column(int) orders365!: number
}

/** 人群. The tree is data; what it means is stated by the field catalogue (field-rules.ts). */
@Entity('segment')
@Index('segment_name', ['name'], { unique: true })
export class Segment {
  @PrimaryColumn(id) id!: string
  @Column(line) name!: string
  @Column(line) description!: string
  /** JSON of contract segmentTree. */
  @Column(body) tree!: string
  /** 1: entries and exits are followed by the job. */
  @Column(int) tracked!: number
  @Column(int) version!: number
  /** The version whose members segment_member holds; null before the first refresh. */
  @Column(intOrNull) refreshedVersion!: number | null
  @Column(timeOrNull) refreshedAt!: number | null
  @Column(intOrNull) members!: number | null
  @Column(time) createdAt!: number
  @Column(idOrNull) createdBy!: string | null
  @Column(time) updatedAt!: number
}

/** Whether a member is in a segment, as the last refresh found. `turn` counts the transitions, so each has a name of its own. */
@Entity('segment_member')
@Index('segment_member_inside', ['segmentId', 'inside', 'memberId'])
@Index('segment_member_member', ['memberId', 'inside'])
export class SegmentMember {
  @PrimaryColumn(id) segmentId!: string
  @PrimaryColumn(id) memberId!: string
  @Column(int) inside!: number
  @Column(int) turn!: number
  /** When the present state began. */
  @Column(time) since!: number
}

/** A member entered or left a segment; insert only, once per transition. Journeys tail it by id. */
@Entity('segment_event')
@Index('segment_event_id', ['id'], { unique: true })
@Index('segment_event_segment', ['segmentId', 'id'])
export class SegmentEvent {
  @PrimaryColumn(id) segmentId!: string
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn({ type: 'int' }) turn!: number
  /** Time-ordered. */
  @Column(id) id!: string
  /** enter or exit. */
  @Column(code) kind!: string
  /** data: something about the member changed; edited: the conditions did; first: the segment was filled for the first time. */
  @Column(code) cause!: string
  @Column(int) segmentVersion!: number
  @Column(time) at!: number
}

/** A segment's size day by day, and how many came and went. */
@Entity('segment_size')
export class SegmentSize {
  @PrimaryColumn(id) segmentId!: string
  @PrimaryColumn(day) onDay!: string
  @Column(int) members!: number
  @Column(int) entered!: number
  @Column(int) exited!: number
}

/** A list frozen at a moment. */
@Entity('segment_snapshot')
@Index('segment_snapshot_segment', ['segmentId', 'id'])
export class SegmentSnapshot {
  @PrimaryColumn(id) id!: string
  @Column(id) segmentId!: string
  @Column(int) segmentVersion!: number
  @Column(line) name!: string
  /** The conditions as they were, JSON, and in words. */
  @Column(body) tree!: string
  @Column(body) sentence!: string
  @Column(int) members!: number
  @Column(time) takenAt!: number
  @Column(idOrNull) takenBy!: string | null
}

@Entity('segment_snapshot_member')
export class SegmentSnapshotMember {
  @PrimaryColumn(id) snapshotId!: string
  @PrimaryColumn(id) memberId!: string
}

/** Who needs a segment or a tag: while there is a row, it cannot be deleted. */
@Entity('segment_use')
@Index('segment_use_user', ['userKind', 'userId'])
export class SegmentUse {
  /** segment or tag. */
  @PrimaryColumn(code) targetKind!: string
  @PrimaryColumn(id) targetId!: string
  /** segment, tag, funnel, journey, campaign, experiment, … */
  @PrimaryColumn(code) userKind!: string
  @PrimaryColumn(id) userId!: string
  @Column(line) name!: string
}

/** 标签. */
@Entity('tag')
@Index('tag_name', ['name'], { unique: true })
export class Tag {
  @PrimaryColumn(id) id!: string
  @Column(line) name!: string
  @Column(code) category!: string
  @Column(line) description!: string
  /** manual, rule, model, imported. */
  @Column(code) kind!: string
  @Column(code) color!: string
  /** JSON of contract segmentTree for rule and model. */
  @Column(bodyOrNull) tree!: string | null
  @Column(int) version!: number
  @Column(timeOrNull) refreshedAt!: number | null
  @Column(time) createdAt!: number
  @Column(idOrNull) createdBy!: string | null
  @Column(time) updatedAt!: number
}

/** A member has a tag, since when and from where. */
@Entity('member_tag')
@Index('member_tag_tag', ['tagId', 'memberId'])
export class MemberTag {
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn(id) tagId!: string
  /** manual, rule, model, imported. */
  @Column(code) source!: string
  @Column(time) at!: number
  @Column(idOrNull) operatorId!: string | null
}
