import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { big, body, code, codeOrNull, day, id, idOrNull, int, intOrNull, line, time, timeOrNull } from '../db/columns'

/** The number of an item: models are arrays, so each product gets the next number when it is first sold, and keeps it. */
@Entity('recommendation_item')
@Index('recommendation_item_product', ['productId'], { unique: true })
@Index('recommendation_item_changed', ['changedAt'])
export class RecommendationItem {
  @PrimaryColumn({ type: 'int' }) no!: number
  @Column(code) productId!: string
  /** Members in whose pairs it counts. */
  @Column(int) members!: number
  /** When one of its pairs last changed; 0: its neighbours are up to date. */
  @Column(time) changedAt!: number
}

/** How many members bought both items (a < b), kept by purchases and refunds; equal to a rebuild at any time. */
@Entity('recommendation_pair')
@Index('recommendation_pair_back', ['b', 'a'])
export class RecommendationPair {
  @PrimaryColumn({ type: 'int' }) a!: number
  @PrimaryColumn({ type: 'int' }) b!: number
  @Column(int) members!: number
}

/** What one member has bought, in one row: one indexed read serves a recommendation. Members who switched personalisation off have none. */
@Entity('recommendation_history')
export class RecommendationHistory {
  @PrimaryColumn(id) memberId!: string
  /** Days with a purchase. */
  @Column(int) visits!: number
  /** Packed entries, see models/codec.ts. */
  @Column(body) entries!: string
  @Column(time) updatedAt!: number
}

/** How far a tail has read: the id of the last purchase or refund treated. */
@Entity('recommendation_cursor')
export class RecommendationCursor {
  @PrimaryColumn(code) name!: string
  @Column(code) position!: string
}

/** A published model. The one in use is the one with the newest data, of equal ones the higher version. */
@Entity('recommendation_model')
@Index('recommendation_model_version', ['kind', 'version'], { unique: true })
@Index('recommendation_model_newest', ['kind', 'dataAt', 'version'])
export class RecommendationModel {
  @PrimaryColumn(id) id!: string
  /** full: everything; neighbours: item-kNN alone, published between the nights. */
  @Column(code) kind!: string
  @Column(int) version!: number
  /** The data it was learnt from ends here. */
  @Column(time) dataAt!: number
  @Column(time) createdAt!: number
  @Column(int) seconds!: number
  /** JSON: back-test card; '{}' for neighbours. */
  @Column(body) card!: string
  /** The model itself, see models/codec.ts; empty once it is old. */
  @Column(body) packed!: string
}

/** What operators decided: goods never shown, goods always shown, goods shown more or less. */
@Entity('recommendation_rule')
@Index('recommendation_rule_active', ['active', 'id'])
export class RecommendationRule {
  @PrimaryColumn(id) id!: string
  /** exclude, pin or weight. */
  @Column(code) kind!: string
  /** product or category. */
  @Column(code) scope!: string
  @Column(line) target!: string
  /** Only in this slot; null: in all. */
  @Column(codeOrNull) slot!: string | null
  /** Only for members of this store; null: all. */
  @Column(idOrNull) storeId!: string | null
  /** weight: the score is multiplied by 1 + percent / 100. */
  @Column(intOrNull) percent!: number | null
  /** pin: the place, from 1. */
  @Column(intOrNull) place!: number | null
  @Column(timeOrNull) fromAt!: number | null
  @Column(timeOrNull) untilAt!: number | null
  @Column(line) note!: string
  @Column(int) active!: number
  @Column(time) createdAt!: number
  @Column(time) updatedAt!: number
}

/** One row for the whole shop. */
@Entity('recommendation_setting')
export class RecommendationSetting {
  @PrimaryColumn(code) name!: string
  /** Share of members who get what sells instead of what fits, so that the difference can be measured. */
  @Column(int) controlPercent!: number
  /** How many of six shown goods may be of one category. */
  @Column(int) maxPerCategory!: number
  @Column(time) updatedAt!: number
}

/** A recommendation that a member saw or tapped; insert only. The event id is made of trace, kind and position: a repeat adds nothing. */
@Entity('recommendation_event')
@Index('recommendation_event_day', ['onDay', 'memberId'])
export class RecommendationEvent {
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn(code) eventId!: string
  @Column(code) traceId!: string
  /** exposure or click. */
  @Column(code) kind!: string
  @Column(code) slot!: string
  /** product, coupon or reward. */
  @Column(code) itemKind!: string
  @Column(code) itemId!: string
  @Column(int) position!: number
  @Column(int) modelVersion!: number
  /** personal, control, newcomer or off. */
  @Column(code) arm!: string
  @Column(time) at!: number
  @Column(day) onDay!: string
}

/**
 * Sums of one day, slot and arm over its units: a unit is one member who saw that slot on that day. Bought means a shown product was bought
 * within seven days after it was last seen. Rebuilt by the job for the days that can still change.
 */
@Entity('recommendation_day')
export class RecommendationDay {
  @PrimaryColumn(day) onDay!: string
  @PrimaryColumn(code) slot!: string
  @PrimaryColumn(code) arm!: string
  @Column(int) units!: number
  @Column(big) exposures!: number
  @Column(big) clicks!: number
  @Column(int) buyers!: number
  @Column(int) orders!: number
  @Column(big) revenueFen!: number
  /** Sums of squares and products over units, for the intervals; revenue in yuan. */
  @Column(big) exposuresSquared!: number
  @Column(big) clicksSquared!: number
  @Column(big) exposuresClicks!: number
  @Column(big) revenueYuanSquared!: number
}
