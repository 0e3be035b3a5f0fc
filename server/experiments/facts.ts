import type { Bindable } from '../db/statement'
import type { Reader } from '../db/transaction'

/** Read-only SQL over journeys, messages and purchases: who was assigned what, and what they bought before and after. */

/** A SELECT that answers memberId, arm (text) and at (epoch ms): one row a member, by assignment. */
export interface Assignment {
  text: string
  params: Bindable[]
}

/** Members of a journey: those it treats and those it holds back, from their first occasion on. */
export const journeyAssignment = (journeyId: string): Assignment => ({
  text: `SELECT memberId, CASE WHEN MAX(CASE WHEN state = 'held' THEN 1 ELSE 0 END) = 1 THEN 'held' ELSE 'treated' END AS arm,
    MIN(enteredAt) AS at FROM journey_run WHERE journeyId = ? GROUP BY memberId`,
  params: [journeyId],
})

/** Members that a node of a journey divided, by the arm they went. */
export const splitAssignment = (journeyId: string, nodeId: string): Assignment => ({
  text: `SELECT r.memberId AS memberId, MIN(s.outcome) AS arm, MIN(s.at) AS at FROM journey_step s JOIN journey_run r ON r.id = s.runId
    WHERE s.journeyId = ? AND s.nodeId = ? AND s.outcome LIKE 'arm:%' GROUP BY r.memberId`,
  params: [journeyId, nodeId],
})

/** Members a campaign was meant for; that a message did not get out does not change who was meant. */
export const campaignAssignment = (campaignId: string): Assignment => ({
  text: `SELECT memberId, CASE WHEN MAX(CASE WHEN reason = 'holdout' THEN 1 ELSE 0 END) = 1 THEN 'held' ELSE 'treated' END AS arm,
    MIN(createdAt) AS at FROM message WHERE source = ? GROUP BY memberId`,
  params: [`campaign:${campaignId}`],
})

/** Sums of one arm over its members. `Before` is the same length of time before the assignment; products are outcome × before. */
export interface ArmSums {
  arm: string
  members: number
  firstAt: number
  buyers: number
  orders: number
  ordersSquared: number
  ordersBefore: number
  ordersBeforeSquared: number
  ordersProduct: number
  revenue: number
  revenueSquared: number
  revenueBefore: number
  revenueBeforeSquared: number
  revenueProduct: number
}

/**
 * What the arms' members bought within `windowMs` of their assignment, for those whose window has passed by `now`. A purchase taken back as
 * a whole is no order; revenue is what was paid and kept. Squares are floating point: they would overflow integers.
 */
export const sumsByArm = async (
  db: Reader,
  { text, params }: Assignment,
  windowMs: number,
  now: number,
): Promise<ArmSums[]> => {
  const rows = await db.read<Record<keyof ArmSums, number | string | null>>(
    `SELECT m.arm AS arm, COUNT(*) AS members, MIN(m.at) AS firstAt,
       SUM(CASE WHEN m.orders > 0 THEN 1 ELSE 0 END) AS buyers,
       SUM(m.orders) AS orders, SUM(1.0 * m.orders * m.orders) AS ordersSquared,
       SUM(m.ordersBefore) AS ordersBefore, SUM(1.0 * m.ordersBefore * m.ordersBefore) AS ordersBeforeSquared,
       SUM(1.0 * m.orders * m.ordersBefore) AS ordersProduct,
       SUM(m.revenue) AS revenue, SUM(1.0 * m.revenue * m.revenue) AS revenueSquared,
       SUM(m.revenueBefore) AS revenueBefore, SUM(1.0 * m.revenueBefore * m.revenueBefore) AS revenueBeforeSquared,
       SUM(1.0 * m.revenue * m.revenueBefore) AS revenueProduct
     FROM (
       SELECT a.memberId, a.arm AS arm, a.at AS at,
         SUM(CASE WHEN p.at >= a.at AND p.status <> 'refunded' THEN 1 ELSE 0 END) AS orders,
         SUM(CASE WHEN p.at < a.at AND p.status <> 'refunded' THEN 1 ELSE 0 END) AS ordersBefore,
         COALESCE(SUM(CASE WHEN p.at >= a.at THEN p.paidFen - p.refundedFen ELSE 0 END), 0) AS revenue,
         COALESCE(SUM(CASE WHEN p.at < a.at THEN p.paidFen - p.refundedFen ELSE 0 END), 0) AS revenueBefore
       FROM (${text}) a
       LEFT JOIN purchase p ON p.memberId = a.memberId AND p.at >= a.at - ? AND p.at < a.at + ?
       WHERE a.at <= ?
       GROUP BY a.memberId, a.arm, a.at
     ) m GROUP BY m.arm`,
    [...params, windowMs, windowMs, now - windowMs],
  )
  return rows.map((row) => {
    const { arm, ...numbers } = row
    return {
      arm: String(arm),
      ...Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, Number(value ?? 0)])),
    } as ArmSums
  })
}

/** Members assigned too recently for their window to have passed. */
export const countWaiting = async (
  db: Reader,
  { text, params }: Assignment,
  windowMs: number,
  now: number,
): Promise<number> => {
  const [{ n }] = await db.read<{ n: number }>(`SELECT COUNT(*) AS n FROM (${text}) a WHERE a.at > ?`, [
    ...params,
    now - windowMs,
  ])
  return Number(n)
}

/** What a journey or a campaign gave away and sent. */
export interface Spent {
  points: number
  sms: number
  couponsRedeemed: number
  couponDiscountFen: number
}

/**
 * What a journey's steps gave: they mark points and coupons by `<run>:<node>`. A campaign only sends.
 * @param source `journey:<id>` or `campaign:<id>`, as messages are marked
 */
export const spentBy = async (db: Reader, source: string): Promise<Spent> => {
  const one = async (text: string, params: Bindable[]): Promise<Record<string, number | null>> =>
    (await db.read<Record<string, number | null>>(text, params))[0] ?? {}
  const sent = await one("SELECT COUNT(*) AS n FROM message WHERE source = ? AND channel = 'sms' AND status = 'sent'", [
    source,
  ])
  const [kind, id] = source.split(':')
  if (kind !== 'journey') return { points: 0, sms: Number(sent.n), couponsRedeemed: 0, couponDiscountFen: 0 }
  const given = 'FROM journey_step s JOIN journey_run r ON r.id = s.runId'
  const mark = "CONCAT(s.runId, ':', s.nodeId)"
  const points = await one(
    `SELECT SUM(p.amount) AS n ${given} JOIN points_entry p ON p.sourceId = ${mark} AND p.sourceType = 'journey' AND p.amount > 0
     WHERE s.journeyId = ? AND s.outcome = 'given'`,
    [id],
  )
  const coupons = await one(
    `SELECT COUNT(*) AS n, SUM(c.savedFen) AS saved ${given} JOIN coupon c ON c.memberId = r.memberId AND c.status = 'used' AND c.sourceId = ${mark}
     WHERE s.journeyId = ? AND s.outcome = 'given'`,
    [id],
  )
  return {
    points: Number(points.n ?? 0),
    sms: Number(sent.n),
    couponsRedeemed: Number(coupons.n ?? 0),
    couponDiscountFen: Number(coupons.saved ?? 0),
  }
}

/** Journeys with members, by how many were treated and held. */
export const journeysWithMembers = (
  db: Reader,
): Promise<{ id: string; name: string; treated: number; held: number; firstAt: number }[]> =>
  db.read(
    `SELECT j.id AS id, j.name AS name, SUM(CASE WHEN r.state = 'held' THEN 0 ELSE 1 END) AS treated,
       SUM(CASE WHEN r.state = 'held' THEN 1 ELSE 0 END) AS held, MIN(r.enteredAt) AS firstAt
     FROM journey j JOIN journey_run r ON r.journeyId = j.id GROUP BY j.id, j.name ORDER BY j.id DESC LIMIT 200`,
  )

/** Campaigns that have begun. */
export const campaignsBegun = (
  db: Reader,
): Promise<{ id: string; name: string; treated: number; held: number; firstAt: number }[]> =>
  db.read(
    `SELECT id, name, audience - held AS treated, held, startedAt AS firstAt FROM campaign
     WHERE startedAt IS NOT NULL ORDER BY startedAt DESC LIMIT 200`,
  )

/** Nodes of journeys that divided members, with how many arms were gone. */
export const splitsOf = (db: Reader): Promise<{ journeyId: string; nodeId: string; arms: number }[]> =>
  db.read(
    "SELECT journeyId, nodeId, COUNT(DISTINCT outcome) AS arms FROM journey_step WHERE outcome LIKE 'arm:%' GROUP BY journeyId, nodeId",
  )

/** What the two kinds of subjects are called; null for one that does not exist. */
export const nameOf = async (db: Reader, table: 'journey' | 'campaign', id: string): Promise<string | null> =>
  (await db.read<{ name: string }>(`SELECT name FROM ${table} WHERE id = ?`, [id]))[0]?.name ?? null

/** What share a journey or campaign holds back now, in per cent; null where it cannot be read. */
export const plannedHoldout = async (db: Reader, table: 'journey' | 'campaign', id: string): Promise<number | null> => {
  if (table === 'campaign') {
    const [row] = await db.read<{ holdoutPercent: number }>('SELECT holdoutPercent FROM campaign WHERE id = ?', [id])
    return row?.holdoutPercent ?? null
  }
  const versions = await db.read<{ definition: string }>(
    'SELECT definition FROM journey_version WHERE journeyId = ? ORDER BY version',
    [id],
  )
  const shares = new Set(
    versions.map((v) => (JSON.parse(v.definition) as { holdout?: { percent?: number } }).holdout?.percent ?? 0),
  )
  // When versions held back different shares the planned ratio is a mixture that nobody planned.
  return shares.size === 1 ? [...shares][0] : null
}

/** The weights of a dividing node in the newest version, by arm key. */
export const plannedWeights = async (
  db: Reader,
  journeyId: string,
  nodeId: string,
): Promise<{ key: string; name: string; weight: number }[]> => {
  const [row] = await db.read<{ definition: string }>(
    'SELECT definition FROM journey_version WHERE journeyId = ? ORDER BY version DESC LIMIT 1',
    [journeyId],
  )
  const nodes = row
    ? (
        JSON.parse(row.definition) as {
          nodes: { id: string; kind: string; arms?: { key: string; name: string; weight: number }[] }[]
        }
      ).nodes
    : []
  return nodes.find((n) => n.id === nodeId && n.kind === 'split')?.arms ?? []
}
