import { civilDay, daysBetween, HOUR_MS, startOfDay, weekday } from '../../shared/time'
import { marks } from '../db/statement'
import type { Tx } from '../db/transaction'
import type { MemberStats, Purchase } from './entity'

/** Hours of the night on the shop's wall clock: from the first to before the second, over midnight. */
const nightFrom = 20
const nightUntil = 6

/** What a purchase and a refund say to a member's figures. */
type Bought = Pick<Purchase, 'at' | 'onDay' | 'paidFen' | 'discountFen' | 'storeId'>

/** A member's figures while a batch is being decided. */
export interface Stats {
  row: MemberStats
  dirty: boolean
  addPurchase(p: Bought): void
  addRefund(refundFen: number, ofDay: string): void
}

/** Whether a moment of a civil day falls into the night. */
const atNight = (at: number, onDay: string): boolean => {
  const hour = Math.floor((at - startOfDay(onDay)) / HOUR_MS)
  return hour >= nightFrom || hour < nightUntil
}

const emptyRow = (memberId: string): MemberStats => ({
  memberId,
  purchases: 0,
  spendFen: 0,
  refundFen: 0,
  savedFen: 0,
  firstPurchaseAt: 0,
  lastPurchaseAt: 0,
  lastStoreId: null,
  purchaseDays: 0,
  gapSquares: 0,
  firstDayFen: 0,
  weekendPurchases: 0,
  nightPurchases: 0,
  couponPurchases: 0,
  refunds: 0,
  updatedAt: 0,
})

/**
 * Adds a purchase to the row. Purchases that come in the order of their days keep everything exact; one that comes in later than a
 * younger one may fall between two known days, which sums cannot tell: the row is then marked, to be counted again from the purchases.
 * @param recount whether the purchases come in their order for certain, so that no mark is needed
 */
const addTo = (row: MemberStats, p: Bought, now: number): void => {
  const first = row.purchases === 0
  const lastDay = first ? '' : civilDay(row.lastPurchaseAt)
  const firstDay = first ? p.onDay : civilDay(row.firstPurchaseAt)
  const counted = first || row.updatedAt > 0
  if (first || p.onDay > lastDay) {
    row.purchaseDays += 1
    if (!first) row.gapSquares += daysBetween(lastDay, p.onDay) ** 2
  }
  if (p.onDay === firstDay) row.firstDayFen += p.paidFen
  row.purchases += 1
  row.spendFen += p.paidFen
  row.savedFen += p.discountFen
  row.weekendPurchases += weekday(p.onDay) > 5 ? 1 : 0
  row.nightPurchases += atNight(p.at, p.onDay) ? 1 : 0
  row.couponPurchases += p.discountFen > 0 ? 1 : 0
  row.firstPurchaseAt = first ? p.at : Math.min(row.firstPurchaseAt, p.at)
  if (p.at >= row.lastPurchaseAt) {
    row.lastPurchaseAt = p.at
    row.lastStoreId = p.storeId
  }
  row.updatedAt = counted && (first || p.onDay >= lastDay) ? now : 0
}

const takeFrom = (row: MemberStats, refundFen: number, ofDay: string, now: number): void => {
  row.spendFen -= refundFen
  row.refundFen += refundFen
  row.refunds += 1
  if (row.purchases > 0 && ofDay === civilDay(row.firstPurchaseAt)) row.firstDayFen -= refundFen
  if (row.updatedAt > 0) row.updatedAt = now
}

/** Figures of some members; their accounts are locked already, which serialises these rows too. */
export const loadStats = async (tx: Tx, memberIds: readonly string[], now: number): Promise<Map<string, Stats>> => {
  const rows = await tx.read<MemberStats>(`SELECT * FROM member_stats WHERE memberId IN ${marks(memberIds)}`, [
    ...memberIds,
  ])
  const known = new Map(rows.map((r) => [r.memberId, r]))
  return new Map(
    memberIds.map((memberId) => {
      const stats: Stats = {
        row: known.get(memberId) ?? emptyRow(memberId),
        dirty: false,
        addPurchase: (p) => {
          addTo(stats.row, p, now)
          stats.dirty = true
        },
        addRefund: (refundFen, ofDay) => {
          takeFrom(stats.row, refundFen, ofDay, now)
          stats.dirty = true
        },
      }
      return [memberId, stats]
    }),
  )
}

const updated = Object.keys(emptyRow('')).filter((column) => column !== 'memberId')

/** Writes the figures that changed. */
export const writeStats = (tx: Tx, stats: Map<string, Stats>): void => {
  const rows = [...stats.values()].filter((s) => s.dirty)
  tx.upsert(
    'member_stats',
    ['memberId'],
    updated,
    rows.map((s) => ({ ...s.row })),
  )
}

/** Purchases and refunds that a row is counted from, the oldest first. */
export interface Counted {
  purchases: Bought[]
  refunds: { amountFen: number; ofDay: string }[]
}

/** A member's row counted from nothing: what the row must be at any time. */
export const countStats = (memberId: string, { purchases, refunds }: Counted, now: number): MemberStats => {
  const row = emptyRow(memberId)
  for (const p of purchases) addTo(row, p, now)
  for (const r of refunds) takeFrom(row, r.amountFen, r.ofDay, now)
  row.updatedAt = now
  return row
}
