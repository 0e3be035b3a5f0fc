import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { big, code, codeOrNull, day, dayOrNull, id, idOrNull, int, line, time, timeOrNull } from '../db/columns'

/** member × wallet. balance + debt = what is left in the lots, and balance = the sum of the entries; the row is the lock of both. */
@Entity('points_account')
export class PointsAccount {
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn(id) walletId!: string
  /** Negative only while debt is owed. */
  @Column(big) balance!: number
  /** Owed after a refund took back more than was left; the next award pays it first. Then balance = −debt. */
  @Column(big) debt!: number
  /** Number of the last entry: entries of an account are 1, 2, 3 … without a gap. */
  @Column(int) seq!: number
  @Column(time) updatedAt!: number
}

/** One movement; insert only. A mistake is reversed by another entry that names it. */
@Entity('points_entry')
@Index('points_entry_source', ['sourceId', 'sourceType'])
@Index('points_entry_day', ['onDay', 'at', 'kind', 'amount'])
export class PointsEntry {
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn(id) walletId!: string
  @PrimaryColumn({ type: 'int' }) seq!: number
  @Column(time) at!: number
  @Column(day) onDay!: string
  @Column(big) amount!: number
  @Column(big) balanceAfter!: number
  /** earn, spend, reverse, expire, clawback, adjust, gift. */
  @Column(code) kind!: string
  /** purchase, refund, birthday, anniversary, operator, pos, … */
  @Column(code) sourceType!: string
  @Column(codeOrNull) sourceId!: string | null
  @Column(line) note!: string
}

/** What one earning entry brought in and what of it is left. Spent soonest-expiry-first. */
@Entity('points_lot')
@Index('points_lot_expiry', ['expiresOn', 'memberId'])
export class PointsLot {
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn(id) walletId!: string
  /** seq of the entry that made it. */
  @PrimaryColumn({ type: 'int' }) seq!: number
  @Column(big) amount!: number
  @Column(big) remaining!: number
  /** Last civil day it can be spent; null: never expires. */
  @Column(dayOrNull) expiresOn!: string | null
}

/** How an entry changed a lot made earlier: − spent, expired, taken back; + restored. remaining = amount + the sum of these. */
@Entity('points_lot_move')
export class PointsLotMove {
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn(id) walletId!: string
  @PrimaryColumn({ type: 'int' }) seq!: number
  @PrimaryColumn({ type: 'int' }) lotSeq!: number
  @Column(big) delta!: number
}

/** An entry is reversed at most once: the key is the proof. */
@Entity('points_reversal')
export class PointsReversal {
  @PrimaryColumn(id) memberId!: string
  @PrimaryColumn(id) walletId!: string
  @PrimaryColumn({ type: 'int' }) seq!: number
  @Column(int) bySeq!: number
}

/** 积分转赠: points one member gave another, or put into a link. The token opens one gift, the row is the lock of its end. */
@Entity('points_transfer')
@Index('points_transfer_token', ['token'], { unique: true })
@Index('points_transfer_from', ['fromMemberId', 'createdOn'])
@Index('points_transfer_sent', ['fromMemberId', 'id'])
@Index('points_transfer_got', ['toMemberId', 'id'])
@Index('points_transfer_state', ['state', 'closesAt', 'id'])
export class PointsTransfer {
  @PrimaryColumn(id) id!: string
  @Column(id) fromMemberId!: string
  @Column(idOrNull) toMemberId!: string | null
  @Column(int) points!: number
  /** phone or link. */
  @Column(code) via!: string
  /** waiting, done, revoked, returned. */
  @Column(code) state!: string
  @Column(codeOrNull) token!: string | null
  @Column(line) note!: string
  /** seq of the giver's entry, whose moves say which lots the points came from. */
  @Column(int) fromSeq!: number
  @Column(time) createdAt!: number
  @Column(day) createdOn!: string
  @Column(timeOrNull) closesAt!: number | null
  @Column(timeOrNull) closedAt!: number | null
}
