import type { Check } from './check'

const account = 'a.memberId, a.walletId'

/** The ledger of points: entries, lots, moves and balances tell one story. */
export const pointsChecks: Check[] = [
  {
    name: 'points.balance-is-entries',
    holds: 'An account’s balance is the sum of its entries, and its number is that of its last entry',
    slicedBy: 'member',
    sql: (
      within,
    ) => `SELECT ${account}, a.balance, a.seq, COALESCE(e.total, 0) AS entries, COALESCE(e.numbers, 0) AS entryCount
      FROM points_account a
      LEFT JOIN (SELECT memberId, walletId, SUM(amount) AS total, COUNT(*) AS numbers, MAX(seq) AS top FROM points_entry
        WHERE ${within('memberId')} GROUP BY memberId, walletId) e ON e.memberId = a.memberId AND e.walletId = a.walletId
      WHERE ${within('a.memberId')}
        AND (a.balance <> COALESCE(e.total, 0) OR a.seq <> COALESCE(e.numbers, 0) OR a.seq <> COALESCE(e.top, 0))`,
  },
  {
    name: 'points.balance-is-lots',
    holds: 'Balance and debt together are what is left in the lots',
    slicedBy: 'member',
    sql: (within) => `SELECT ${account}, a.balance, a.debt, COALESCE(l.remaining, 0) AS lots
      FROM points_account a
      LEFT JOIN (SELECT memberId, walletId, SUM(remaining) AS remaining FROM points_lot
        WHERE ${within('memberId')} GROUP BY memberId, walletId) l ON l.memberId = a.memberId AND l.walletId = a.walletId
      WHERE ${within('a.memberId')} AND (a.debt < 0 OR a.balance + a.debt <> COALESCE(l.remaining, 0))`,
  },
  {
    name: 'points.entries-have-account',
    holds: 'Every entry belongs to an account, every account to a member',
    slicedBy: 'member',
    sql: (within) => `SELECT e.memberId, e.walletId, e.seq AS entry FROM points_entry e
      LEFT JOIN points_account a ON a.memberId = e.memberId AND a.walletId = e.walletId
      WHERE ${within('e.memberId')} AND a.memberId IS NULL
      UNION ALL
      SELECT a.memberId, a.walletId, 0 AS entry FROM points_account a LEFT JOIN member m ON m.id = a.memberId
      WHERE ${within('a.memberId')} AND m.id IS NULL`,
  },
  {
    name: 'points.chain',
    holds: 'Entries are numbered 1, 2, 3 …, and each balance is the one before plus the amount',
    slicedBy: 'member',
    sql: (within) => `SELECT e.memberId, e.walletId, e.seq, e.amount, e.balanceAfter, p.balanceAfter AS balanceBefore
      FROM points_entry e
      LEFT JOIN points_entry p ON p.memberId = e.memberId AND p.walletId = e.walletId AND p.seq = e.seq - 1
      WHERE ${within('e.memberId')}
        AND ((e.seq = 1 AND e.balanceAfter <> e.amount) OR (e.seq <> 1 AND (p.seq IS NULL OR p.balanceAfter + e.amount <> e.balanceAfter)))`,
  },
  {
    name: 'points.lot-is-moves',
    holds: 'What is left of a lot is what came in plus its moves, never below zero nor above the whole',
    slicedBy: 'member',
    sql: (within) => `SELECT l.memberId, l.walletId, l.seq, l.amount, l.remaining, COALESCE(m.moved, 0) AS moved
      FROM points_lot l
      LEFT JOIN (SELECT memberId, walletId, lotSeq, SUM(delta) AS moved FROM points_lot_move
        WHERE ${within('memberId')} GROUP BY memberId, walletId, lotSeq) m ON m.memberId = l.memberId AND m.walletId = l.walletId AND m.lotSeq = l.seq
      WHERE ${within('l.memberId')}
        AND (l.remaining <> l.amount + COALESCE(m.moved, 0) OR l.remaining < 0 OR l.remaining > l.amount)`,
  },
  {
    name: 'points.entry-is-lots',
    holds:
      'What an entry brought is its lot; what it took or gave back is the sum of its moves; a clawback may owe the rest',
    slicedBy: 'member',
    // An award may pay a debt at once: then its own lot has a move under its own number, which is no spending.
    sql: (
      within,
    ) => `SELECT e.memberId, e.walletId, e.seq, e.kind, e.amount, l.amount AS lot, COALESCE(m.moved, 0) AS moved
      FROM points_entry e
      LEFT JOIN points_lot l ON l.memberId = e.memberId AND l.walletId = e.walletId AND l.seq = e.seq
      LEFT JOIN (SELECT memberId, walletId, seq, SUM(delta) AS moved FROM points_lot_move
        WHERE ${within('memberId')} GROUP BY memberId, walletId, seq) m ON m.memberId = e.memberId AND m.walletId = e.walletId AND m.seq = e.seq
      WHERE ${within('e.memberId')} AND (
        CASE
          WHEN e.kind IN ('earn', 'gift') OR (e.kind = 'adjust' AND e.amount > 0)
            THEN (CASE WHEN l.amount = e.amount AND COALESCE(m.moved, 0) BETWEEN -e.amount AND 0 THEN 0 ELSE 1 END)
          WHEN l.amount IS NOT NULL THEN 1
          WHEN e.kind = 'clawback'
            THEN (CASE WHEN COALESCE(m.moved, 0) BETWEEN e.amount AND 0 THEN 0 ELSE 1 END)
          ELSE (CASE WHEN COALESCE(m.moved, 0) = e.amount THEN 0 ELSE 1 END)
        END) = 1`,
  },
  {
    name: 'points.moves-have-entry',
    holds: 'Every lot and every move belongs to an entry, every move to a lot',
    slicedBy: 'member',
    sql: (within) => `SELECT l.memberId, l.walletId, l.seq, l.seq AS lotSeq FROM points_lot l
      LEFT JOIN points_entry e ON e.memberId = l.memberId AND e.walletId = l.walletId AND e.seq = l.seq
      WHERE ${within('l.memberId')} AND e.seq IS NULL
      UNION ALL
      SELECT m.memberId, m.walletId, m.seq, m.lotSeq FROM points_lot_move m
      LEFT JOIN points_entry e ON e.memberId = m.memberId AND e.walletId = m.walletId AND e.seq = m.seq
      LEFT JOIN points_lot l ON l.memberId = m.memberId AND l.walletId = m.walletId AND l.seq = m.lotSeq
      WHERE ${within('m.memberId')} AND (e.seq IS NULL OR l.seq IS NULL)`,
  },
  {
    name: 'points.reversals',
    holds: 'A reversal names an entry and is its exact opposite; there is no reversing entry without one',
    slicedBy: 'member',
    sql: (
      within,
    ) => `SELECT r.memberId, r.walletId, r.seq, r.bySeq, e.amount, b.amount AS reversedBy FROM points_reversal r
      LEFT JOIN points_entry e ON e.memberId = r.memberId AND e.walletId = r.walletId AND e.seq = r.seq
      LEFT JOIN points_entry b ON b.memberId = r.memberId AND b.walletId = r.walletId AND b.seq = r.bySeq
      WHERE ${within('r.memberId')}
        AND (e.seq IS NULL OR b.seq IS NULL OR b.kind <> 'reverse' OR b.amount <> -e.amount OR r.bySeq <= r.seq)
      UNION ALL
      SELECT b.memberId, b.walletId, 0 AS seq, b.seq AS bySeq, 0 AS amount, b.amount AS reversedBy FROM points_entry b
      LEFT JOIN points_reversal r ON r.memberId = b.memberId AND r.walletId = b.walletId AND r.bySeq = b.seq
      WHERE ${within('b.memberId')} AND b.kind = 'reverse' AND r.seq IS NULL`,
  },
]
