import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import {
  big,
  bigOrNull,
  body,
  bodyOrNull,
  code,
  codeOrNull,
  day,
  dayOrNull,
  id,
  idOrNull,
  int,
  intOrNull,
  line,
  lineOrNull,
  time,
  timeOrNull,
} from '../db/columns'

/**
 * What a member did, kept up by the job scores.facts and equal to a rebuild at any time. Shares are lists as JSON, largest first:
 * [{ key, share }] with `share` in basis points of the member's spend.
 */
@Entity('member_facts')
@Index('member_facts_category', ['topCategory', 'memberId'])
@Index('member_facts_influence', ['influence', 'memberId'])
export class MemberFacts {
  @PrimaryColumn(id) memberId!: string
  /** The civil day the 30- and 90-day windows end on, and when the row was written. */
  @Column(day) onDay!: string
  @Column(time) updatedAt!: number
  @Column(int) products!: number
  @Column(int) categories!: number
  @Column(int) stores!: number
  @Column(codeOrNull) topCategory!: string | null
  @Column(body) categoryShares!: string
  /** Quarter, half and three quarters of the prices paid per piece, in fen. */
  @Column(bigOrNull) priceLowFen!: number | null
  @Column(bigOrNull) priceMidFen!: number | null
  @Column(bigOrNull) priceHighFen!: number | null
  @Column(idOrNull) topStoreId!: string | null
  @Column(body) storeShares!: string
  /** morning, noon, afternoon, evening or night; of the most purchases. */
  @Column(codeOrNull) topDaypart!: string | null
  @Column(body) daypartShares!: string
  /** Where the purchases came from (staff, pos, an import's mapping): the channel. */
  @Column(body) channelShares!: string
  /** How the purchases were paid (cash, wechat, alipay, card, other). */
  @Column(body) payShares!: string
  @Column(int) couponsUsed!: number
  @Column(big) couponSavedFen!: number
  @Column(big) pointsEarned!: number
  @Column(big) pointsSpent!: number
  @Column(int) interactions30!: number
  @Column(int) interactions90!: number
  @Column(timeOrNull) lastInteractionAt!: number | null
  @Column(int) shares!: number
  @Column(int) referrals!: number
  @Column(int) reviews!: number
  /** Weighted sum of shares, referrals and reviews (rules.ts), 0 for who did none. */
  @Column(int) influence!: number
}

/** One night's scoring, or one asked for by hand. `onDay` is the civil day it holds for: everything known when it ran. */
@Entity('score_run')
@Index('score_run_day', ['onDay', 'startedAt'])
@Index('score_run_kind', ['kind', 'state', 'startedAt'])
export class ScoreRun {
  @PrimaryColumn(id) id!: string
  @Column(day) onDay!: string
  /** stages (RFM and life cycle) or forecasts (churn, value, next purchase, groups). */
  @Column(code) kind!: string
  /** full or changed: everybody, or those for whom something changed since the last run. */
  @Column(code) mode!: string
  /** running, done, blocked (the data did not pass the gate), failed. */
  @Column(code) state!: string
  @Column(time) startedAt!: number
  @Column(timeOrNull) finishedAt!: number | null
  /** Members looked at, rows written, changes of stage. */
  @Column(int) members!: number
  @Column(int) written!: number
  @Column(int) moved!: number
  /** Cut points of the quantiles in force, JSON. */
  @Column(body) thresholds!: string
  /** Settings in force, JSON. */
  @Column(body) settings!: string
  /** Milliseconds of each part, JSON. */
  @Column(body) timings!: string
  @Column(lineOrNull) note!: string | null
}

/** Where a member stands: RFM and life cycle. A row is written when it changes; the last done run says until when it holds. */
@Entity('member_score')
@Index('member_score_stage', ['stage', 'memberId'])
@Index('member_score_rfm', ['rfm', 'memberId'])
@Index('member_score_due', ['dueOn', 'memberId'])
export class MemberScore {
  @PrimaryColumn(id) memberId!: string
  /** The civil day from which this row holds. */
  @Column(day) sinceDay!: string
  /** new, active, loyal, dormant, lost. */
  @Column(code) stage!: string
  @Column(day) stageSince!: string
  @Column(codeOrNull) previousStage!: string | null
  /** 1 to 5 by quantiles, 5 best; 0 without a purchase. */
  @Column(int) r!: number
  @Column(int) f!: number
  @Column(int) m!: number
  /** 1 to 5 by fixed limits; 0 without a purchase. */
  @Column(int) rFixed!: number
  @Column(int) fFixed!: number
  @Column(int) mFixed!: number
  /** One of the eight segments by the method in the settings, or none. */
  @Column(code) rfm!: string
  @Column(int) purchases!: number
  @Column(big) spendFen!: number
  @Column(dayOrNull) lastDay!: string | null
  /** Mean days between purchase days; null below two purchase days. */
  @Column(intOrNull) intervalDays!: number | null
  /** The days on which, without another purchase, the member becomes dormant and lost. */
  @Column(dayOrNull) dormantOn!: string | null
  @Column(dayOrNull) lostOn!: string | null
  /** The next day on which something here changes without another purchase. */
  @Column(dayOrNull) dueOn!: string | null
}

/** What the models expect of a member; written by each forecast run. Probabilities in basis points. */
@Entity('member_forecast')
@Index('member_forecast_churn', ['churnBp', 'memberId'])
@Index('member_forecast_value', ['clvFen', 'memberId'])
@Index('member_forecast_next', ['nextOn', 'memberId'])
@Index('member_forecast_group', ['groupNo', 'memberId'])
export class MemberForecast {
  @PrimaryColumn(id) memberId!: string
  @Column(day) onDay!: string
  /** 1 − the probability of a purchase within 90 days, in basis points. */
  @Column(intOrNull) churnBp!: number | null
  /** low, mid or high. */
  @Column(codeOrNull) churnBand!: string | null
  /** The strongest contributions, `code:value:sign` joined by `|`; words in shared/score-words.ts. */
  @Column(lineOrNull) churnReasons!: string | null
  /** Expected spend of the next 12 months and its interval. */
  @Column(bigOrNull) clvFen!: number | null
  @Column(bigOrNull) clvLowFen!: number | null
  @Column(bigOrNull) clvHighFen!: number | null
  /** Place among all members by value: 100 = the top 1 %. */
  @Column(intOrNull) clvRankBp!: number | null
  /** Expected purchase days of the next 90 days × 1000. */
  @Column(intOrNull) buys90Milli!: number | null
  @Column(dayOrNull) nextOn!: string | null
  @Column(dayOrNull) nextLow!: string | null
  @Column(dayOrNull) nextHigh!: string | null
  /** Number of the K-means group, from 1; 0: none. */
  @Column(int) groupNo!: number
  @Column(intOrNull) influenceRankBp!: number | null
}

/** A member passed from one life-cycle stage to another; insert only. What journeys react to: they tail it by id. */
@Entity('stage_change')
@Index('stage_change_id', ['id'], { unique: true })
@Index('stage_change_day', ['onDay', 'fromStage', 'toStage'])
export class StageChange {
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn(day) onDay!: string
  /** Time-ordered. */
  @Column(id) id!: string
  /** The stage before; null at the first scoring. */
  @Column(codeOrNull) fromStage!: string | null
  @Column(code) toStage!: string
  @Column(time) createdAt!: number
  /** live, or past: computed afterwards from the purchases for a day before scoring began; nothing reacts to those. */
  @Column(code) origin!: string
}

/** Members and their spend in each stage at the end of a scoring. */
@Entity('stage_day')
export class StageDay {
  @PrimaryColumn(day) onDay!: string
  @PrimaryColumn(code) stage!: string
  @Column(int) members!: number
  @Column(big) spendFen!: number
}

/** Members who passed from one stage to another on a day: the sums of stage_change, for the matrix and the Sankey. */
@Entity('stage_move')
export class StageMove {
  @PrimaryColumn(day) onDay!: string
  @PrimaryColumn(code) fromStage!: string
  @PrimaryColumn(code) toStage!: string
  @Column(int) members!: number
}

/** One cell of the RFM grid: recency × frequency, by method. The newest day is the present one. */
@Entity('rfm_cell')
export class RfmCell {
  @PrimaryColumn(day) onDay!: string
  /** quantile or fixed. */
  @PrimaryColumn(code) method!: string
  @PrimaryColumn({ type: 'int' }) r!: number
  @PrimaryColumn({ type: 'int' }) f!: number
  @Column(int) members!: number
  @Column(big) spendFen!: number
  @Column(int) purchases!: number
}

/**
 * How a member's scores were: a row whenever the stage, the RFM segment or the churn band changed. The first one is written when it ends: until
 * then member_score says it, and the first night need not write everybody twice.
 */
@Entity('score_history')
@Index('score_history_day', ['onDay', 'memberId'])
export class ScoreHistory {
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn(day) onDay!: string
  @Column(code) stage!: string
  @Column(code) rfm!: string
  @Column(int) r!: number
  @Column(int) f!: number
  @Column(int) m!: number
  @Column(intOrNull) churnBp!: number | null
  @Column(bigOrNull) clvFen!: number | null
}

/** The groups K-means found, with the names read from their centres. */
@Entity('score_group')
export class ScoreGroup {
  @PrimaryColumn(day) onDay!: string
  @PrimaryColumn({ type: 'int' }) groupNo!: number
  @Column(line) name!: string
  @Column(line) explanation!: string
  @Column(int) members!: number
  @Column(big) spendFen!: number
  /** Mean recency in days, purchases, spend per purchase in fen …, JSON. */
  @Column(body) centre!: string
}

/** How well a model did on the members' own past, per run. Figures as JSON (shared/contract/scores.ts names them). */
@Entity('model_card')
@Index('model_card_model', ['model', 'onDay'])
export class ModelCard {
  @PrimaryColumn(id) id!: string
  /** churn, value, next, groups, stages, rfm. */
  @Column(code) model!: string
  @Column(day) onDay!: string
  /** model, baseline (the model lost to it) or too_little (not enough history to test). */
  @Column(code) used!: string
  @Column(code) method!: string
  @Column(line) verdict!: string
  @Column(body) figures!: string
  /** The fitted parameters, JSON; what scoring used. */
  @Column(bodyOrNull) fitted!: string | null
  @Column(time) createdAt!: number
}

/** One check of the data-quality gate in one run. */
@Entity('data_check')
@Index('data_check_day', ['onDay', 'code'])
export class DataCheck {
  @PrimaryColumn(id) runId!: string
  @PrimaryColumn(code) code!: string
  @Column(day) onDay!: string
  /** passed, warned or failed; failed stops the scoring. */
  @Column(code) result!: string
  @Column(line) measured!: string
  @Column(line) expected!: string
  @Column(line) explanation!: string
  /** What the next run compares with, JSON. */
  @Column(bodyOrNull) baseline!: string | null
}

/** What a day's purchases looked like when the gate last counted them: it counts a day again when something of it came in later. */
@Entity('gate_day')
export class GateDay {
  @PrimaryColumn(day) onDay!: string
  @Column(int) orders!: number
  /** Purchases by bin of amounts and by hour, JSON. */
  @Column(body) amounts!: string
  @Column(body) hours!: string
  @Column(time) countedAt!: number
}

/** A check failed: open until it passes again; an operator may acknowledge it. One open alarm per check. */
@Entity('data_alarm')
@Index('data_alarm_open', ['openKey'], { unique: true })
@Index('data_alarm_since', ['since'])
export class DataAlarm {
  @PrimaryColumn(id) id!: string
  @Column(code) code!: string
  /** The check's code while the alarm is open, its own id afterwards. */
  @Column(code) openKey!: string
  /** warned or failed. */
  @Column(code) severity!: string
  @Column(line) explanation!: string
  @Column(time) since!: number
  @Column(time) lastSeenAt!: number
  @Column(timeOrNull) endedAt!: number | null
  @Column(timeOrNull) acknowledgedAt!: number | null
  @Column(idOrNull) acknowledgedBy!: string | null
  @Column(lineOrNull) note!: string | null
  /** 1: whoever acknowledged it says that the data is right, so it no longer stops the scoring. */
  @Column(int) proceed!: number
}

/** The thresholds an operator set; one row. */
@Entity('score_setting')
export class ScoreSetting {
  @PrimaryColumn(code) key!: string
  @Column(body) value!: string
  @Column(int) version!: number
  @Column(time) updatedAt!: number
  @Column(idOrNull) updatedBy!: string | null
}

/** Sums that take too long for a page, reckoned once a night: reward-mix, stores, benefit. The newest of a key counts. */
@Entity('score_summary')
export class ScoreSummary {
  @PrimaryColumn(code) key!: string
  @PrimaryColumn(day) onDay!: string
  @Column(body) value!: string
}
