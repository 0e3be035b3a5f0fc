import { DAY_MS } from '../../shared/time'
import type { Reader } from '../db/transaction'

/** Read-only SQL over coupons, rewards, journeys and campaigns for the nightly sums; see facts.ts. */

/** A reward counts as having brought somebody back when he bought on another day within so many days. */
export const returnDays = 60

/** Uses of one reward whose sixty days are over, and how many of them were followed by a purchase. */
export interface Returned {
  key: string
  matured: number
  returned: number
}
export interface CouponUse extends Returned {
  used: number
  savedFen: number
}
const numbers = <T extends object>(rows: T[]): T[] =>
  rows.map(
    (row) =>
      Object.fromEntries(
        Object.entries(row).map(([k, v]) => [k, k === 'key' || k === 'stage' ? v : Number(v ?? 0)]),
      ) as T,
  )

/** Whether a row's member bought on a later day within sixty days. Index purchase_member. */
const cameBack = (row: string, at: string, day: string): string =>
  `EXISTS (SELECT 1 FROM purchase p WHERE p.memberId = ${row}.memberId AND p.at > ${row}.${at}
    AND p.at <= ${row}.${at} + ${returnDays * DAY_MS}${day ? ` AND p.onDay > ${row}.${day}` : ''})`

/** Coupons redeemed since a day, by template. Index coupon_redeemed. */
export const couponsUsed = async (db: Reader, from: string, now: number): Promise<CouponUse[]> => {
  const until = now - returnDays * DAY_MS
  return numbers(
    await db.read<CouponUse>(
      `SELECT c.templateId AS \`key\`, COUNT(*) AS used, SUM(c.savedFen) AS savedFen,
         SUM(CASE WHEN c.redeemedAt <= ? THEN 1 ELSE 0 END) AS matured,
         SUM(CASE WHEN c.redeemedAt <= ? AND ${cameBack('c', 'redeemedAt', 'redeemedOn')} THEN 1 ELSE 0 END) AS returned
       FROM coupon c WHERE c.redeemedOn >= ? GROUP BY c.templateId`,
      [until, until, from],
    ),
  )
}
/** Coupons that lapsed unused since a moment, by template. Index coupon_expiry. */
export const couponsLapsed = async (db: Reader, since: number, now: number): Promise<Returned[]> =>
  numbers(
    await db.read<Returned>(
      `SELECT c.templateId AS \`key\`, COUNT(*) AS matured, SUM(CASE WHEN ${cameBack('c', 'validTo', '')} THEN 1 ELSE 0 END) AS returned
       FROM coupon c WHERE c.status = 'expired' AND c.validTo >= ? AND c.validTo <= ? GROUP BY c.templateId`,
      [since, now - returnDays * DAY_MS],
    ),
  )
/** Coupons given out since a day, by template, with the templates' names. Index coupon_claimed. */
export const couponsGiven = async (
  db: Reader,
  from: string,
): Promise<{ key: string; name: string; granted: number }[]> => {
  const rows = await db.read<{ key: string; name: string; granted: number }>(
    `SELECT t.id AS \`key\`, t.name, COUNT(c.id) AS granted FROM coupon_template t LEFT JOIN coupon c ON c.templateId = t.id AND c.claimedOn >= ?
     GROUP BY t.id, t.name`,
    [from],
  )
  return rows.map((row) => ({ ...row, granted: Number(row.granted) }))
}
/** Stages of those who redeemed, by template. Index coupon_redeemed. */
export const stagesOfUsers = async (
  db: Reader,
  from: string,
): Promise<{ key: string; stage: string; members: number }[]> =>
  numbers(
    await db.read<{ key: string; stage: string; members: number }>(
      `SELECT c.templateId AS \`key\`, s.stage, COUNT(DISTINCT c.memberId) AS members FROM coupon c JOIN member_score s ON s.memberId = c.memberId
       WHERE c.redeemedOn >= ? GROUP BY c.templateId, s.stage`,
      [from],
    ),
  )

/** Rewards taken for points since a moment, by reward. One pass over the orders. */
export const rewardsTaken = async (
  db: Reader,
  since: number,
  now: number,
): Promise<(Returned & { name: string; used: number; points: number })[]> => {
  const until = now - returnDays * DAY_MS
  const rows = await db.read<Returned & { name: string; used: number; points: number }>(
    `SELECT r.id AS \`key\`, r.name, COUNT(*) AS used, SUM(o.points) AS points, SUM(CASE WHEN o.createdAt <= ? THEN 1 ELSE 0 END) AS matured,
       SUM(CASE WHEN o.createdAt <= ? AND ${cameBack('o', 'createdAt', '')} THEN 1 ELSE 0 END) AS returned
     FROM reward_order o JOIN reward r ON r.id = o.rewardId WHERE o.createdAt >= ? AND o.closedAt IS NULL GROUP BY r.id, r.name`,
    [until, until, since],
  )
  return rows.map((row) => ({
    ...row,
    used: Number(row.used),
    points: Number(row.points),
    matured: Number(row.matured ?? 0),
    returned: Number(row.returned ?? 0),
  }))
}

/** Purchases since a day by where they were entered. Index purchase_day. */
export const purchasesBySource = async (
  db: Reader,
  from: string,
): Promise<{ key: string; members: number; orders: number; spendFen: number }[]> =>
  numbers(
    await db.read<{ key: string; members: number; orders: number; spendFen: number }>(
      `SELECT source AS \`key\`, COUNT(DISTINCT memberId) AS members, COUNT(*) AS orders, SUM(paidFen - refundedFen) AS spendFen
       FROM purchase WHERE onDay >= ? GROUP BY source ORDER BY spendFen DESC`,
      [from],
    ),
  )

/** A journey or a campaign and the text in which it says whom it chooses. */
export interface Outreach {
  kind: 'journey' | 'campaign'
  id: string
  name: string
  text: string
}
/** What has been sent to somebody at some time, with its choice of members. Primary keys. */
export const outreaches = async (db: Reader): Promise<Outreach[]> => {
  const journeys = await db.read<{ id: string; name: string; text: string }>(
    'SELECT v.journeyId AS id, j.name, v.definition AS text FROM journey_version v JOIN journey j ON j.id = v.journeyId AND j.version = v.version',
  )
  const segments = new Map(
    (await db.read<{ id: string; tree: string }>('SELECT id, tree FROM segment')).map((s) => [s.id, s.tree]),
  )
  const campaigns = await db.read<{ id: string; name: string; segmentId: string | null }>(
    'SELECT id, name, segmentId FROM campaign WHERE startedAt IS NOT NULL',
  )
  // A journey names its segments by id: their trees are part of how it chooses.
  const treesIn = (text: string): string =>
    [...segments].flatMap(([id, tree]) => (text.includes(id) ? [tree] : [])).join()
  return [
    ...journeys.map(({ id, name, text }) => ({ kind: 'journey' as const, id, name, text: text + treesIn(text) })),
    ...campaigns.map(({ id, name, segmentId }) => ({
      kind: 'campaign' as const,
      id,
      name,
      text: segments.get(segmentId ?? '') ?? '',
    })),
  ]
}

/** How long after being chosen a purchase counts. */
export const effectDays = 30

/** Spend within thirty days of those a journey or campaign treated and those it held back, whose thirty days are over. */
export interface Effect {
  held: number
  members: number
  spendFen: number
  spendSquares: number
}
export const effectOf = async (db: Reader, { kind, id }: Outreach, now: number): Promise<Effect[]> => {
  const chosen =
    kind === 'journey'
      ? `SELECT memberId, MAX(CASE WHEN state = 'held' THEN 1 ELSE 0 END) AS held, MIN(enteredAt) AS at FROM journey_run WHERE journeyId = ? GROUP BY memberId`
      : `SELECT memberId, MAX(CASE WHEN reason = 'holdout' THEN 1 ELSE 0 END) AS held, MIN(createdAt) AS at FROM message WHERE source = ? GROUP BY memberId`
  return numbers(
    await db.read<Effect>(
      `SELECT held, COUNT(*) AS members, SUM(fen) AS spendFen, SUM(1.0 * fen * fen) AS spendSquares FROM (
         SELECT a.memberId, a.held, COALESCE(SUM(p.paidFen - p.refundedFen), 0) AS fen FROM (${chosen}) a
         LEFT JOIN purchase p ON p.memberId = a.memberId AND p.at >= a.at AND p.at < a.at + ${effectDays * DAY_MS}
         WHERE a.at <= ? GROUP BY a.memberId, a.held
       ) m GROUP BY held`,
      [kind === 'journey' ? id : `campaign:${id}`, now - effectDays * DAY_MS],
    ),
  )
}

/** What a journey or campaign gave away: coupons' savings and points at one fen each. */
export const costOf = async (db: Reader, { kind, id }: Outreach): Promise<number> => {
  const [coupons] = await db.read<{ fen: number | null }>(
    "SELECT SUM(savedFen) AS fen FROM coupon WHERE source = ? AND sourceId = ? AND status = 'used'",
    [kind, id],
  )
  const [points] = await db.read<{ points: number | null }>(
    'SELECT SUM(amount) AS points FROM points_entry WHERE sourceType = ? AND sourceId = ? AND amount > 0',
    [kind, id],
  )
  return Number(coupons?.fen ?? 0) + Number(points?.points ?? 0)
}

/** The shop's gross margin in percent, as its owner set it for experiments; null where nobody did. */
export const marginPercent = async (db: Reader): Promise<number | null> => {
  const [row] = await db.read<{ marginPercent: number }>('SELECT marginPercent FROM experiment_setting LIMIT 1')
  return row?.marginPercent ?? null
}
