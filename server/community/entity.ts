import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { body, code, codeOrNull, day, id, idOrNull, int, intOrNull, lineOrNull, time, timeOrNull } from '../db/columns'

/** 评价 or 晒单. A purchase line is reviewed once: (purchaseId, lineNo) is unique, and stays so after the review is deleted. */
@Entity('post')
@Index('post_line', ['purchaseId', 'lineNo'], { unique: true })
@Index('post_feed', ['state', 'publishedAt', 'id'])
@Index('post_product', ['productId', 'state', 'publishedAt', 'id'])
@Index('post_member', ['memberId', 'id'])
@Index('post_reported', ['reports', 'state'])
export class Post {
  @PrimaryColumn(id) id!: string
  @Column(id) memberId!: string
  /** review or post. */
  @Column(code) kind!: string
  @Column(idOrNull) purchaseId!: string | null
  @Column(intOrNull) lineNo!: number | null
  @Column(codeOrNull) productId!: string | null
  @Column(intOrNull) stars!: number | null
  /** JSON array of tags. */
  @Column(body) tags!: string
  @Column(body) text!: string
  /** JSON of Photo. */
  @Column(body) photos!: string
  /** JSON array of product ids. */
  @Column(body) products!: string
  @Column(int) anonymous!: number
  /** pending -> published or rejected; either -> the other by an operator; any -> deleted by the author. */
  @Column(code) state!: string
  @Column(lineOrNull) stateReason!: string | null
  @Column(time) createdAt!: number
  @Column(timeOrNull) publishedAt!: number | null
  /** auto, or the operator. */
  @Column(codeOrNull) decidedBy!: string | null
  @Column(timeOrNull) decidedAt!: number | null
  @Column(int) likes!: number
  @Column(int) reports!: number
  @Column(int) rewardPoints!: number
  /** The ledger entry that paid it, so that it can be taken back. */
  @Column(int) rewardSeq!: number
}

/** A like; the key is the once-per-member rule. */
@Entity('post_like')
@Index('post_like_member', ['memberId'])
export class PostLike {
  @PrimaryColumn(id) postId!: string
  @PrimaryColumn(id) memberId!: string
  @Column(time) at!: number
}

@Entity('post_report')
@Index('post_report_member', ['memberId'])
export class PostReport {
  @PrimaryColumn(id) postId!: string
  @PrimaryColumn(id) memberId!: string
  @Column(code) reason!: string
  @Column(time) at!: number
}

/** One of a member's rewarded posts of a day: taking a free slot is the daily cap, whatever races. A post is paid once. */
@Entity('post_reward')
@Index('post_reward_post', ['postId'], { unique: true })
export class PostReward {
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn(day) onDay!: string
  @PrimaryColumn({ type: 'int' }) slot!: number
  @Column(id) postId!: string
}

/** One photo of a post at WeChat's check. The verdict may arrive before the post is stored, so either side makes the row. */
@Entity('media_check')
@Index('media_check_post', ['postId'])
export class MediaCheck {
  @PrimaryColumn(code) traceId!: string
  @Column(idOrNull) postId!: string | null
  /** pass, review, risky or failed; null while WeChat looks. */
  @Column(codeOrNull) verdict!: string | null
  @Column(time) at!: number
}
