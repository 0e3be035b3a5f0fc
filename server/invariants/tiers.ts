import type { Check } from './check'

/** Growth, levels, and the remembered answers of the API. */
export const tierChecks: Check[] = [
  {
    name: 'growth.balance-is-entries',
    holds: 'A member’s growth is the sum of its entries, and its number is that of the last one',
    slicedBy: 'member',
    sql: (
      within,
    ) => `SELECT a.memberId, a.trackId, a.growth, a.seq, COALESCE(e.total, 0) AS entries, COALESCE(e.numbers, 0) AS entryCount FROM growth_account a
      LEFT JOIN (SELECT memberId, trackId, SUM(amount) AS total, COUNT(*) AS numbers, MAX(seq) AS top FROM growth_entry
        WHERE ${within('memberId')} GROUP BY memberId, trackId) e ON e.memberId = a.memberId AND e.trackId = a.trackId
      WHERE ${within('a.memberId')}
        AND (a.growth <> COALESCE(e.total, 0) OR a.seq <> COALESCE(e.numbers, 0) OR a.seq <> COALESCE(e.top, 0))
      UNION ALL
      SELECT e.memberId, e.trackId, 0, 0, SUM(e.amount), COUNT(*) FROM growth_entry e
      LEFT JOIN growth_account a ON a.memberId = e.memberId AND a.trackId = e.trackId
      WHERE ${within('e.memberId')} AND a.memberId IS NULL GROUP BY e.memberId, e.trackId`,
  },
  {
    name: 'growth.chain',
    holds: 'Entries of growth are numbered 1, 2, 3 …, and each sum is the one before plus the amount',
    slicedBy: 'member',
    sql: (
      within,
    ) => `SELECT e.memberId, e.trackId, e.seq, e.amount, e.growthAfter, p.growthAfter AS growthBefore FROM growth_entry e
      LEFT JOIN growth_entry p ON p.memberId = e.memberId AND p.trackId = e.trackId AND p.seq = e.seq - 1
      WHERE ${within('e.memberId')}
        AND ((e.seq = 1 AND e.growthAfter <> e.amount) OR (e.seq <> 1 AND (p.seq IS NULL OR p.growthAfter + e.amount <> e.growthAfter)))`,
  },
  {
    name: 'tiers.level-on-member',
    holds: 'The level on the member’s row is that of the growth account, and it exists',
    slicedBy: 'member',
    sql: (within) => `SELECT m.id AS memberId, m.tierLevel, a.level FROM member m
      LEFT JOIN growth_account a ON a.memberId = m.id AND a.trackId = 'group'
      LEFT JOIN tier t ON t.trackId = 'group' AND t.level = m.tierLevel
      WHERE ${within('m.id')} AND (m.tierLevel <> COALESCE(a.level, 0) OR (m.tierLevel <> 0 AND t.level IS NULL))`,
  },
  {
    name: 'idempotency.answered',
    holds: 'Every remembered key has its answer',
    slicedBy: null,
    sql: () => `SELECT id, endpoint, createdAt FROM idempotency WHERE status < 200 OR response = ''`,
  },
]
