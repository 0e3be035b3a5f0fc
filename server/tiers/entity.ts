import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { big, body, code, codeOrNull, day, dayOrNull, id, int, intOrNull, line, time } from '../db/columns'

/** One level of a track. Benefits are data: JSON of contract benefit[], plus the points multiplier as basis points. */
@Entity('tier')
export class Tier {
  @PrimaryColumn(id) trackId!: string
  @PrimaryColumn({ type: 'int' }) level!: number
  @Column(line) name!: string
  /** Growth from which the level is reached. */
  @Column(int) threshold!: number
  /** Points per yuan, in basis points: 10000 is 1×. */
  @Column(int) multiplierBp!: number
  @Column(body) benefits!: string
}

/** member × track: the growth that counts now, the level held and until when. The row is the lock. */
@Entity('growth_account')
@Index('growth_account_review', ['validUntil', 'memberId'])
export class GrowthAccount {
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn(id) trackId!: string
  @Column(big) growth!: number
  @Column(int) seq!: number
  @Column(int) level!: number
  /** Civil day the level was last reached or kept. */
  @Column(day) since!: string
  /** Last civil day the level is certain; null at level 0. */
  @Column(dayOrNull) validUntil!: string | null
  /** Growth earned up to this civil day has left the window. */
  @Column(dayOrNull) expiredThrough!: string | null
}

/** One movement of growth; insert only. earnedOn is the day the window counts it from (a refund carries its purchase's day). */
@Entity('growth_entry')
@Index('growth_entry_window', ['earnedOn', 'memberId'])
export class GrowthEntry {
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn(id) trackId!: string
  @PrimaryColumn({ type: 'int' }) seq!: number
  @Column(time) at!: number
  @Column(day) earnedOn!: string
  @Column(big) amount!: number
  @Column(big) growthAfter!: number
  /** earn, clawback, expire. */
  @Column(code) kind!: string
  @Column(code) sourceType!: string
  @Column(codeOrNull) sourceId!: string | null
}

/** Every move between levels, with the reason in words. */
@Entity('tier_change')
@Index('tier_change_member', ['memberId', 'id'])
export class TierChange {
  @PrimaryColumn(id) id!: string
  @Column(id) memberId!: string
  @Column(id) trackId!: string
  @Column(time) at!: number
  @Column(intOrNull) fromLevel!: number | null
  @Column({ type: 'int' }) toLevel!: number
  /** join, up, down, keep. */
  @Column(code) direction!: string
  @Column(line) reason!: string
  @Column(dayOrNull) validUntil!: string | null
}
