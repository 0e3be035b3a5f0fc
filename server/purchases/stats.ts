import { marks } from '../db/statement'
import type { Tx } from '../db/transaction'
import type { MemberStats, Purchase } from './entity'

/** A member's figures while a batch is being decided. */
export interface Stats {
  row: MemberStats
  dirty: boolean
  addPurchase(p: Pick<Purchase, 'at' | 'paidFen' | 'discountFen' | 'storeId'>): void
  addRefund(refundFen: number): void
}

const statsOf = (row: MemberStats): Stats => {
  const stats: Stats = {
    row,
    dirty: false,
    addPurchase: (p) => {
      row.purchases += 1
      row.spendFen += p.paidFen
      row.savedFen += p.discountFen
      row.firstPurchaseAt = row.firstPurchaseAt ? Math.min(row.firstPurchaseAt, p.at) : p.at
      if (p.at >= row.lastPurchaseAt) {
        row.lastPurchaseAt = p.at
        row.lastStoreId = p.storeId
      }
      stats.dirty = true
    },
    addRefund: (refundFen) => {
      row.spendFen -= refundFen
      row.refundFen += refundFen
      stats.dirty = true
    },
  }
  return stats
}

/** Figures of some members; their accounts are locked already, which serialises these rows too. */
export const loadStats = async (tx: Tx, memberIds: readonly string[]): Promise<Map<string, Stats>> => {
  const rows = await tx.read<MemberStats>(`SELECT * FROM member_stats WHERE memberId IN ${marks(memberIds)}`, [
    ...memberIds,
  ])
  const known = new Map(rows.map((r) => [r.memberId, r]))
  return new Map(
    memberIds.map((memberId) => [
      memberId,
      statsOf(
        known.get(memberId) ?? {
          memberId,
          purchases: 0,
          spendFen: 0,
          refundFen: 0,
          savedFen: 0,
          firstPurchaseAt: 0,
          lastPurchaseAt: 0,
          lastStoreId: null,
        },
      ),
    ]),
  )
}

/** Writes the figures that changed. */
export const writeStats = (tx: Tx, stats: Map<string, Stats>): void =>
  tx.upsert(
    'member_stats',
    ['memberId'],
    ['purchases', 'spendFen', 'refundFen', 'savedFen', 'firstPurchaseAt', 'lastPurchaseAt', 'lastStoreId'],
    [...stats.values()].filter((s) => s.dirty).map((s) => ({ ...s.row })),
  )
