import type { Check } from './check'

/** Purchases and refunds against the ledgers of points and growth, and the figures kept beside them. */
export const purchaseChecks: Check[] = [
  {
    name: 'purchases.sums',
    holds: 'What was paid is the amount less the discount, and the amount is the sum of the lines where there are any',
    slicedBy: 'purchase',
    sql: (
      within,
    ) => `SELECT p.id AS purchaseId, p.amountFen, p.discountFen, p.paidFen, l.total AS lineSum FROM purchase p
      LEFT JOIN (SELECT purchaseId, SUM(amountFen) AS total FROM purchase_line WHERE ${within('purchaseId')} GROUP BY purchaseId) l ON l.purchaseId = p.id
      WHERE ${within('p.id')} AND (p.paidFen <> p.amountFen - p.discountFen OR p.paidFen < 0 OR p.discountFen < 0 OR COALESCE(l.total, p.amountFen) <> p.amountFen)`,
  },
  {
    name: 'purchases.refunds',
    holds:
      'What a purchase says was refunded and taken back is the sum of its refunds, at most what was paid and given',
    slicedBy: 'purchase',
    sql: (within) => `SELECT p.id AS purchaseId, p.status, p.paidFen, p.refundedFen, COALESCE(r.money, 0) AS refunds,
        p.pointsTakenBack, COALESCE(r.points, 0) AS refundedPoints, p.growthTakenBack, COALESCE(r.growth, 0) AS refundedGrowth
      FROM purchase p
      LEFT JOIN (SELECT purchaseId, SUM(amountFen) AS money, SUM(pointsTakenBack) AS points, SUM(growthTakenBack) AS growth FROM refund
        WHERE ${within('purchaseId')} GROUP BY purchaseId) r ON r.purchaseId = p.id
      WHERE ${within('p.id')} AND (p.refundedFen <> COALESCE(r.money, 0) OR p.refundedFen > p.paidFen
        OR p.pointsTakenBack <> COALESCE(r.points, 0) OR p.pointsTakenBack > p.pointsEarned
        OR p.growthTakenBack <> COALESCE(r.growth, 0) OR p.growthTakenBack > p.growthEarned
        OR (p.status = 'settled' AND r.purchaseId IS NOT NULL) OR (p.status <> 'settled' AND r.purchaseId IS NULL)
        OR (p.status = 'refunded' AND p.refundedFen <> p.paidFen))`,
  },
  {
    name: 'purchases.refunded-lines',
    holds: 'A line’s refunded quantity is the sum of its refund lines and at most what was bought',
    slicedBy: 'purchase',
    sql: (
      within,
    ) => `SELECT l.purchaseId, l.lineNo, l.quantity, l.refundedQuantity, COALESCE(r.quantity, 0) AS refunded FROM purchase_line l
      LEFT JOIN (SELECT f.purchaseId, x.lineNo, SUM(x.quantity) AS quantity FROM refund f JOIN refund_line x ON x.refundId = f.id
        WHERE ${within('f.purchaseId')} GROUP BY f.purchaseId, x.lineNo) r ON r.purchaseId = l.purchaseId AND r.lineNo = l.lineNo
      WHERE ${within('l.purchaseId')} AND (l.refundedQuantity <> COALESCE(r.quantity, 0) OR l.refundedQuantity > l.quantity OR l.refundedQuantity < 0)`,
  },
  {
    name: 'purchases.points-in-ledger',
    holds: 'The points a purchase gave are one entry of its member that names it',
    slicedBy: 'purchase',
    sql: (
      within,
    ) => `SELECT p.id AS purchaseId, p.memberId, p.pointsSeq, p.pointsEarned, e.amount AS entry FROM purchase p
      LEFT JOIN points_entry e ON e.memberId = p.memberId AND e.walletId = 'group' AND e.seq = p.pointsSeq AND e.sourceType = 'purchase' AND e.sourceId = p.id
      WHERE ${within('p.id')} AND (p.pointsEarned <> COALESCE(e.amount, 0) OR (p.pointsSeq > 0 AND e.seq IS NULL))`,
  },
  {
    name: 'purchases.refund-points-in-ledger',
    holds: 'The points a refund took back are one clawback that names it; what its moves do not cover is owed',
    slicedBy: 'purchase',
    sql: (
      within,
    ) => `SELECT f.id AS refundId, f.purchaseId, f.pointsTakenBack, f.pointsOwed, e.amount AS entry, COALESCE(m.moved, 0) AS moved FROM refund f
      LEFT JOIN points_entry e ON e.sourceId = f.id AND e.sourceType = 'refund' AND e.kind = 'clawback' AND e.memberId = f.memberId
      LEFT JOIN (SELECT x.memberId, x.walletId, x.seq, SUM(x.delta) AS moved FROM refund y
        JOIN points_entry z ON z.sourceId = y.id AND z.sourceType = 'refund'
        JOIN points_lot_move x ON x.memberId = z.memberId AND x.walletId = z.walletId AND x.seq = z.seq
        WHERE ${within('y.purchaseId')} GROUP BY x.memberId, x.walletId, x.seq) m ON m.memberId = e.memberId AND m.walletId = e.walletId AND m.seq = e.seq
      WHERE ${within('f.purchaseId')}
        AND (f.pointsTakenBack <> -COALESCE(e.amount, 0) OR f.pointsOwed <> f.pointsTakenBack + COALESCE(m.moved, 0))`,
  },
  {
    name: 'purchases.entries-have-purchase',
    holds: 'Every entry that says it comes from a purchase or a refund is the one that purchase or refund names',
    slicedBy: 'member',
    sql: (within) => `SELECT e.memberId, e.seq, e.sourceType, e.sourceId, e.amount FROM points_entry e
      LEFT JOIN purchase p ON e.sourceType = 'purchase' AND p.id = e.sourceId AND p.memberId = e.memberId AND p.pointsSeq = e.seq
      LEFT JOIN refund f ON e.sourceType = 'refund' AND f.id = e.sourceId AND f.memberId = e.memberId
      WHERE ${within('e.memberId')} AND ((e.sourceType = 'purchase' AND p.id IS NULL) OR (e.sourceType = 'refund' AND f.id IS NULL))`,
  },
  {
    name: 'purchases.growth-in-ledger',
    holds: 'The growth of purchases and refunds is in the growth ledger, once',
    slicedBy: 'member',
    sql: (within) => `SELECT x.memberId, SUM(x.bySales) AS bySales, SUM(x.byLedger) AS byLedger FROM (
        SELECT memberId, growthEarned - growthTakenBack AS bySales, 0 AS byLedger FROM purchase WHERE ${within('memberId')}
        UNION ALL
        SELECT memberId, 0 AS bySales, amount AS byLedger FROM growth_entry WHERE ${within('memberId')} AND sourceType IN ('purchase', 'refund')
      ) x GROUP BY x.memberId HAVING SUM(x.bySales) <> SUM(x.byLedger)`,
  },
  {
    name: 'purchases.stats',
    holds: 'The figures kept for each member are what a rebuild from the purchases gives',
    slicedBy: 'member',
    sql: (
      within,
    ) => `SELECT x.memberId, SUM(x.purchases) AS purchases, SUM(x.spendFen) AS spendFen, SUM(x.refundFen) AS refundFen,
        SUM(x.savedFen) AS savedFen, SUM(x.firstAt) AS firstAt, SUM(x.lastAt) AS lastAt FROM (
        SELECT memberId, COUNT(*) AS purchases, SUM(paidFen - refundedFen) AS spendFen, SUM(refundedFen) AS refundFen,
          SUM(discountFen) AS savedFen, MIN(at) AS firstAt, MAX(at) AS lastAt
        FROM purchase WHERE ${within('memberId')} GROUP BY memberId
        UNION ALL
        SELECT memberId, -purchases, -spendFen, -refundFen, -savedFen, -firstPurchaseAt, -lastPurchaseAt
        FROM member_stats WHERE ${within('memberId')}
      ) x GROUP BY x.memberId
      HAVING SUM(x.purchases) <> 0 OR SUM(x.spendFen) <> 0 OR SUM(x.refundFen) <> 0 OR SUM(x.savedFen) <> 0 OR SUM(x.firstAt) <> 0 OR SUM(x.lastAt) <> 0`,
  },
]
