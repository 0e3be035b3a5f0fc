import { defaultStageRules } from '../../server/scores/stage-rules'

export const stageNames = ['new', 'active', 'loyal', 'dormant', 'lost'] as const
const segmentNames = ['low', 'growth', 'hold', 'value', 'retain', 'develop', 'keep', 'champion'] as const

/** How three databases write the same arithmetic. */
export interface Tongue {
  /** Whole part of a quotient of whole numbers. */
  whole(a: string, b: string): string
  /** A number as floating point, so that a division is not cut off. */
  real(a: string): string
}
export const tongues: Record<'sqlite' | 'mariadb' | 'duckdb', Tongue> = {
  sqlite: { whole: (a, b) => `(${a}) / (${b})`, real: (a) => `(1.0 * (${a}))` },
  mariadb: { whole: (a, b) => `(${a}) DIV (${b})`, real: (a) => `(1e0 * (${a}))` },
  duckdb: { whole: (a, b) => `(${a}) // (${b})`, real: (a) => `CAST(${a} AS DOUBLE)` },
}

/**
 * RFM by fifths and the stage of every member, from the purchases, as one SELECT: what somebody would run every night without a job of
 * their own. The definitions are those of server/scores, so its sums must be the job's.
 * @param source a SELECT of m (member), day (days since 1970) and fen, one row a purchase
 * @param members a SELECT of m, everybody
 */
export const scoringSql = (t: Tongue, source: string, members: string, today: number): string => {
  const s = defaultStageRules
  const interval = `${t.real('b.lastDay - b.firstDay')} / (b.days - 1)`
  // MariaDB rounds a floating half to the even neighbour, so rounding is spelt out.
  const bounded = (times: number, low: number, high: number): string => {
    const days = `FLOOR(${times} * ${interval} + 0.5)`
    return `CASE WHEN ${days} < ${low} THEN ${low} WHEN ${days} > ${high} THEN ${high} ELSE ${days} END`
  }
  const dormant = `CASE WHEN b.days >= ${s.intervalFromPurchaseDays} THEN ${bounded(s.dormantIntervals, s.dormantMinDays, s.dormantMaxDays)} ELSE ${s.dormantDays} END`
  const lost = `CASE WHEN b.days >= ${s.intervalFromPurchaseDays} THEN ${bounded(s.lostIntervals, s.lostMinDays, s.lostMaxDays)} ELSE ${s.lostDays} END`
  const cuts = (column: string): string =>
    [1, 2, 3, 4]
      .map((k) => `MAX(CASE WHEN ${column}Rank = ${t.whole(`n * ${k} + 4`, '5')} THEN ${column} END) AS ${column}${k}`)
      .join(', ')
  const score = (column: string): string =>
    `1 ${[1, 2, 3, 4].map((k) => `+ CASE WHEN b.${column} > c.${column}${k} THEN 1 ELSE 0 END`).join(' ')}`
  return `WITH b AS (
  SELECT m, COUNT(*) AS orders, COUNT(DISTINCT day) AS days, MIN(day) AS firstDay, MAX(day) AS lastDay, SUM(fen) AS spend
  FROM (${source}) p GROUP BY m
), ranked AS (
  SELECT lastDay, orders, spend, COUNT(*) OVER () AS n, ROW_NUMBER() OVER (ORDER BY lastDay) AS lastDayRank,
    ROW_NUMBER() OVER (ORDER BY orders) AS ordersRank, ROW_NUMBER() OVER (ORDER BY spend) AS spendRank FROM b
), c AS (SELECT ${cuts('lastDay')}, ${cuts('orders')}, ${cuts('spend')} FROM ranked),
limits AS (SELECT b.*, ${dormant} AS dormantAfter, ${lost} AS lostOnly FROM b)
SELECT a.m AS m, COALESCE(b.orders, 0) AS orders, COALESCE(b.spend, 0) AS spend,
  CASE WHEN b.m IS NULL THEN 0 ELSE ${score('lastDay')} END AS r,
  CASE WHEN b.m IS NULL THEN 0 ELSE ${score('orders')} END AS f,
  CASE WHEN b.m IS NULL THEN 0 ELSE ${score('spend')} END AS mm,
  CASE WHEN b.m IS NULL THEN 0
    WHEN ${today} - b.lastDay > CASE WHEN b.lostOnly > b.dormantAfter THEN b.lostOnly ELSE b.dormantAfter + 1 END THEN 4
    WHEN ${today} - b.lastDay > b.dormantAfter THEN 3
    WHEN b.days >= ${s.loyalPurchaseDays} THEN 2 ELSE 1 END AS stage
FROM (${members}) a LEFT JOIN limits b ON b.m = a.m CROSS JOIN c`
}

/**
 * The same stored the way pages need it: into a table with the keys and indexes of member_score, with the stage and the segment by their
 * names. It still leaves out what the job stores beside (fixed scores, last day, own interval, days on which a member becomes dormant and
 * lost).
 */
export const storingSql = (table: string, scored: string, today: string): string =>
  `INSERT INTO ${table} (memberId, sinceDay, stage, stageSince, r, f, m, rfm, purchases, spendFen)
SELECT m, '${today}', ${stageNames.map((s, i) => `${i ? '' : 'CASE stage '}WHEN ${i} THEN '${s}' `).join('')}END, '${today}', r, f, mm,
  CASE WHEN r = 0 THEN 'none' ELSE CASE (r >= 4) + 2 * (f >= 4) + 4 * (mm >= 4) ${segmentNames.map((s, i) => `WHEN ${i} THEN '${s}' `).join('')}END END,
  orders, spend FROM (${scored}) scored`

/** The sums that must agree, whoever reckoned them: r, f, m and the members of each stage. */
export const checkSql = (
  table: string,
  columns: [string, string, string, string],
  stages: readonly (string | number)[],
): string =>
  `SELECT SUM(${columns[0]}) AS r, SUM(${columns[1]}) AS f, SUM(${columns[2]}) AS m, ${stages
    .map((s, i) => `SUM(CASE WHEN ${columns[3]} = ${typeof s === 'number' ? s : `'${s}'`} THEN 1 ELSE 0 END) AS s${i}`)
    .join(', ')} FROM ${table}`
