import { createHash } from 'node:crypto'
import { formatYuan } from '../../shared/money'
import { type AppError, refuse } from '../errors'
import { pointsFor } from '../points/service'
import { growthFor } from '../tiers/service'

/** Policy numbers of purchases. */
export const purchasePolicy = {
  /** Time in which the till's undo button takes a purchase back. */
  undoMs: 60_000,
  /** What a till kept offline for longer must be settled by hand. */
  offlineMaxAgeMs: 7 * 24 * 60 * 60_000,
  /** An online purchase of the same member, store and amount this close may be the same one. */
  sameOrderMs: 10 * 60_000,
  /** How far a till's clock may run ahead. */
  futureToleranceMs: 5 * 60_000,
} as const

export interface Line {
  productId: string
  name: string
  category: string
  quantity: number
  unitFen: number
  /** What the till charged for the line; quantity × unit price unless the source prices in fractions of a fen. */
  amountFen: number
}

/** What was settled, for telling a repeat from another purchase under the same number. */
export const contentHash = (p: {
  memberId: string
  storeId: string
  amountFen: number
  lines: readonly Line[]
  couponIds: readonly string[]
}): string =>
  createHash('sha1')
    .update(
      JSON.stringify([
        p.memberId,
        p.storeId,
        p.amountFen,
        p.lines.map((l) => [l.productId, l.quantity, l.unitFen, l.amountFen]),
        [...p.couponIds].sort(),
      ]),
    )
    .digest('base64url')

/** The purchase as far as a refund changes it. */
export interface Refundable {
  amountFen: number
  paidFen: number
  refundedFen: number
  multiplierBp: number
  pointsEarned: number
  pointsTakenBack: number
  growthEarned: number
  growthTakenBack: number
  lines: { lineNo: number; name: string; quantity: number; amountFen: number; refundedQuantity: number }[]
}
export interface RefundPlan {
  refundFen: number
  pointsTakenBack: number
  growthTakenBack: number
  lines: { lineNo: number; quantity: number; amountFen: number }[]
  whole: boolean
}

/** Why the undo button takes this purchase back no more, or null. */
export const undoRefusal = (
  p: { operatorId: string | null; recordedAt: number; status: string },
  operatorId: string | null,
  now: number,
): AppError | null => {
  if (!operatorId || p.operatorId !== operatorId) return refuse('undo_not_yours')
  if (p.status !== 'settled') return refuse('purchase_refunded')
  return now > p.recordedAt + purchasePolicy.undoMs
    ? refuse('undo_too_late', { seconds: purchasePolicy.undoMs / 1000 })
    : null
}

/** What of a line's amount goes with some of its pieces; the last piece carries the rounding. */
const shareOf = (line: Refundable['lines'][number], quantity: number): number => {
  const upTo = (n: number): number => Math.round((line.amountFen * n) / line.quantity)
  return upTo(line.refundedQuantity + quantity) - upTo(line.refundedQuantity)
}

/**
 * What a refund gives back and takes back. Money goes back in the proportion in which it was paid after discounts. Points and growth are
 * what the purchase gave, less what the same rule gives for the rest that is kept: part after part, a refund of everything takes back
 * exactly everything.
 * @param want lines, an amount, or neither for all that is left
 */
export const planRefund = (
  p: Refundable,
  want: { lines?: { lineNo: number; quantity: number }[]; amountFen?: number; undo?: boolean },
): RefundPlan | AppError => {
  const refundable = p.paidFen - p.refundedFen
  const rest = p.lines
    .map((l) => ({ lineNo: l.lineNo, quantity: l.quantity - l.refundedQuantity }))
    .filter((l) => l.quantity > 0)
  let refundFen = refundable
  let taken = rest
  if (want.lines) {
    const byLine = new Map<number, number>()
    for (const l of want.lines) byLine.set(l.lineNo, (byLine.get(l.lineNo) ?? 0) + l.quantity)
    for (const [lineNo, quantity] of byLine) {
      const line = p.lines.find((l) => l.lineNo === lineNo)
      const left = line ? line.quantity - line.refundedQuantity : 0
      if (!line || quantity > left)
        return refuse('refund_line_exceeds', {
          item: line?.name ?? `第 ${lineNo} 行`,
          refundable: left,
          requested: quantity,
        })
    }
    taken = [...byLine].map(([lineNo, quantity]) => ({ lineNo, quantity }))
    const gross = taken.reduce(
      (s, t) => s + shareOf(p.lines.find((l) => l.lineNo === t.lineNo) as Refundable['lines'][number], t.quantity),
      0,
    )
    const everything = rest.every((r) => byLine.get(r.lineNo) === r.quantity)
    refundFen = everything
      ? refundable
      : Math.min(refundable, p.amountFen ? Math.round((p.paidFen * gross) / p.amountFen) : 0)
  } else if (want.amountFen !== undefined) {
    if (want.amountFen > refundable)
      return refuse('refund_exceeds', { refundable: formatYuan(refundable), requested: formatYuan(want.amountFen) })
    refundFen = want.amountFen
    taken = refundFen === refundable ? rest : []
  }
  // A purchase that coupons paid in full can be undone too: its coupons must come back.
  if (refundable <= 0 && !want.undo && !(want.lines && taken.length))
    return refuse('refund_exceeds', { refundable: formatYuan(0), requested: formatYuan(want.amountFen ?? p.paidFen) })
  const kept = p.paidFen - p.refundedFen - refundFen
  const whole = kept === 0
  const due = (earned: number, takenBack: number, keeps: number): number =>
    Math.max(0, earned - takenBack - (whole ? 0 : keeps))
  return {
    refundFen,
    pointsTakenBack: due(p.pointsEarned, p.pointsTakenBack, pointsFor(kept, p.multiplierBp)),
    growthTakenBack: due(p.growthEarned, p.growthTakenBack, growthFor(kept)),
    lines: taken.map((t) => ({
      ...t,
      amountFen: shareOf(p.lines.find((l) => l.lineNo === t.lineNo) as Refundable['lines'][number], t.quantity),
    })),
    whole,
  }
}
