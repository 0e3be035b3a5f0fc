import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { big, code, codeOrNull, day, id, idOrNull, int, line, time, timeOrNull } from '../db/columns'

/** 消费. (source, externalNo) is unique: a till's number is settled once, whoever sends it and how often. */
@Entity('purchase')
@Index('purchase_external', ['source', 'externalNo'], { unique: true })
@Index('purchase_member', ['memberId', 'at'])
@Index('purchase_store', ['storeId', 'at'])
@Index('purchase_recorded', ['operatorId', 'recordedAt'])
@Index('purchase_day', ['onDay', 'storeId', 'at', 'paidFen', 'pointsEarned'])
export class Purchase {
  @PrimaryColumn(id) id!: string
  /** staff, pos or the import's mapping name. */
  @Column(code) source!: string
  @Column(code) externalNo!: string
  /** Hash of what was settled, so that a repeat with other content is told apart from a repeat. */
  @Column(code) contentHash!: string
  @Column(id) memberId!: string
  @Column(id) storeId!: string
  @Column(idOrNull) operatorId!: string | null
  @Column(time) at!: number
  @Column(day) onDay!: string
  @Column(big) amountFen!: number
  @Column(big) discountFen!: number
  @Column(big) paidFen!: number
  @Column(big) refundedFen!: number
  @Column(int) multiplierBp!: number
  @Column(int) pointsEarned!: number
  @Column(int) pointsTakenBack!: number
  /** seq of the points entry; 0 when nothing was earned. */
  @Column(int) pointsSeq!: number
  @Column(int) growthEarned!: number
  @Column(int) growthTakenBack!: number
  /** settled, part_refunded, refunded. */
  @Column(code) status!: string
  @Column(timeOrNull) refundedAt!: number | null
  /** cash, wechat, alipay, card or other. */
  @Column({ ...code, default: 'other' }) payKind!: string
  /** When the server wrote it; later than `at` for the offline queue and imports. */
  @Column({ ...time, default: 0 }) recordedAt!: number
  /** 1: came in through a till's offline queue. */
  @Column(int) offline!: number
}

@Entity('purchase_line')
@Index('purchase_line_product', ['productId'])
export class PurchaseLine {
  @PrimaryColumn(id) purchaseId!: string
  @PrimaryColumn({ type: 'int' }) lineNo!: number
  @Column(code) productId!: string
  @Column(line) name!: string
  @Column(code) category!: string
  @Column(int) quantity!: number
  @Column(big) unitFen!: number
  /** quantity × unit price, rounded half up where the source prices in fractions of a fen. */
  @Column(big) amountFen!: number
  @Column(int) refundedQuantity!: number
}

/** 退款. (source, externalNo) is unique like a purchase's. */
@Entity('refund')
@Index('refund_external', ['source', 'externalNo'], { unique: true })
@Index('refund_purchase', ['purchaseId'])
@Index('refund_member', ['memberId', 'at'])
@Index('refund_operator', ['operatorId', 'at'])
@Index('refund_day', ['onDay'])
export class Refund {
  @PrimaryColumn(id) id!: string
  @Column(code) source!: string
  @Column(code) externalNo!: string
  @Column(id) purchaseId!: string
  @Column(id) memberId!: string
  @Column(id) storeId!: string
  @Column(idOrNull) operatorId!: string | null
  @Column(time) at!: number
  @Column(day) onDay!: string
  @Column(big) amountFen!: number
  @Column(int) pointsTakenBack!: number
  @Column(int) pointsOwed!: number
  @Column(int) growthTakenBack!: number
  @Column(line) reason!: string
}

@Entity('refund_line')
export class RefundLine {
  @PrimaryColumn(id) refundId!: string
  @PrimaryColumn({ type: 'int' }) lineNo!: number
  @Column(int) quantity!: number
  @Column(big) amountFen!: number
}

/** What the shop sells, learnt from purchase lines and the seed. */
@Entity('product')
export class Product {
  @PrimaryColumn(code) id!: string
  @Column(line) name!: string
  @Column(code) category!: string
  @Column(big) priceFen!: number
  @Column(int) active!: number
}

/** Sums of one member's purchases, kept in the purchase's own transaction; equal to a rebuild at any time. */
@Entity('member_stats')
@Index('member_stats_spend', ['spendFen', 'memberId'])
@Index('member_stats_last', ['lastPurchaseAt', 'memberId', 'lastStoreId'])
@Index('member_stats_store', ['lastStoreId', 'memberId'])
@Index('member_stats_updated', ['updatedAt', 'memberId'])
export class MemberStats {
  @PrimaryColumn(id) memberId!: string
  @Column(int) purchases!: number
  /** Paid minus refunded. */
  @Column(big) spendFen!: number
  @Column(big) refundFen!: number
  @Column(big) savedFen!: number
  @Column(time) firstPurchaseAt!: number
  @Column(time) lastPurchaseAt!: number
  @Column(codeOrNull) lastStoreId!: string | null
  /** Distinct civil days with a purchase, and the sum of the squares of the days between neighbours of them. */
  @Column(int) purchaseDays!: number
  @Column(big) gapSquares!: number
  /** Paid on the first of these days, minus refunds. */
  @Column(big) firstDayFen!: number
  @Column(int) weekendPurchases!: number
  /** From 20:00 to 6:00. */
  @Column(int) nightPurchases!: number
  @Column(int) couponPurchases!: number
  @Column(int) refunds!: number
  /** When the row last changed; 0 while a purchase that came in late waits for its days to be counted again. */
  @Column(big) updatedAt!: number
}

/** A purchase of a till's offline queue that could not be settled as it stood. (operator, clientId) is unique: sent again, it stays one row. */
@Entity('offline_conflict')
@Index('offline_conflict_item', ['operatorId', 'clientId'], { unique: true })
@Index('offline_conflict_store', ['storeId', 'id'])
export class OfflineConflict {
  @PrimaryColumn(id) id!: string
  @Column(id) storeId!: string
  @Column(id) operatorId!: string
  @Column(code) clientId!: string
  /** When the till recorded it, by its own clock. */
  @Column(time) at!: number
  @Column(time) recordedAt!: number
  @Column(big) amountFen!: number
  /** The refusal's code and sentence. */
  @Column(code) refusal!: string
  @Column(line) reason!: string
  @Column(timeOrNull) resolvedAt!: number | null
  @Column(line) note!: string
}
