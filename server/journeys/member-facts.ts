import type { JourneyTest } from '../../shared/journey'
import { civilDay, DAY_MS, daysBetween } from '../../shared/time'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { groupWallet } from '../points/service'
import { compileSegment, membersAmong } from '../segments/service'
import { type Facts, testKey } from './rules'

/** Read-only SQL over other modules' tables: what conditions ask and texts say of members. */

interface Row {
  id: string
  name: string
  gender: string
  tierLevel: number
  joinedOn: string
  personalised: number
  phone: number
  wechat: string | null
  purchases: number | null
  spendFen: number | null
  lastPurchaseAt: number | null
  balance: number | null
  stage: string | null
  churnBp: number | null
  coupons: number | null
}

const rowsOf = (db: Reader, ids: readonly string[], now: number): Promise<Row[]> =>
  db.read(
    `SELECT m.id, m.name, m.gender, m.tierLevel, m.joinedOn, m.personalised, CASE WHEN m.phoneSealed IS NULL THEN 0 ELSE 1 END AS phone,
            s.purchases, s.spendFen, s.lastPurchaseAt, a.balance, c.stage, k.churnBp,
            (SELECT MIN(i.kind) FROM member_identity i WHERE i.memberId = m.id AND i.kind = 'openid') AS wechat,
            (SELECT COUNT(*) FROM coupon u WHERE u.memberId = m.id AND u.status = 'held' AND u.validTo >= ?) AS coupons
     FROM member m
     LEFT JOIN member_stats s ON s.memberId = m.id
     LEFT JOIN points_account a ON a.memberId = m.id AND a.walletId = ?
     LEFT JOIN member_score c ON c.memberId = m.id
     LEFT JOIN member_forecast k ON k.memberId = m.id
     WHERE m.id IN ${marks(ids)}`,
    [now, groupWallet, ...ids],
  )

const fieldsOf = (row: Row, now: number): Facts['fields'] => {
  const today = civilDay(now)
  return {
    tierLevel: row.tierLevel,
    joinedDays: daysBetween(row.joinedOn, today),
    purchases: Number(row.purchases ?? 0),
    spendFen: Number(row.spendFen ?? 0),
    ...(row.lastPurchaseAt ? { daysSincePurchase: daysBetween(civilDay(row.lastPurchaseAt), today) } : {}),
    pointsBalance: Number(row.balance ?? 0),
    couponsHeld: Number(row.coupons ?? 0),
    ...(row.churnBp === null ? {} : { churnPercent: row.churnBp / 100 }),
    ...(row.stage ? { stage: row.stage } : {}),
    gender: row.gender,
    hasPhone: !!row.phone,
    hasWechat: row.wechat !== null,
    personalised: !!row.personalised,
  }
}

/** Which of some members a segment builder's condition holds for. */
const amongTree = async (
  db: Reader,
  deps: Pick<Deps, 'keys'>,
  tree: Parameters<typeof compileSegment>[1],
  ids: readonly string[],
  now: number,
): Promise<Set<string>> => {
  const { text, params } = compileSegment(deps.keys, tree, now)
  const rows = await db.read<{ memberId: string }>(
    `SELECT f.memberId FROM segment_fact f WHERE f.memberId IN ${marks(ids)} AND ${text}`,
    [...ids, ...params],
  )
  return new Set(rows.map((r) => r.memberId))
}

/** What some conditions need to know of some members, at most 500. */
export const factsFor = async (
  db: Reader,
  deps: Pick<Deps, 'keys'>,
  memberIds: readonly string[],
  tests: readonly JourneyTest[],
  now: number,
): Promise<Map<string, Facts>> => {
  const ids = [...new Set(memberIds)]
  if (!ids.length) return new Map()
  const facts = new Map<string, Facts>(
    (await rowsOf(db, ids, now)).map((row) => [
      row.id,
      { memberId: row.id, fields: fieldsOf(row, now), inside: new Set<string>() },
    ]),
  )
  const asked = new Map(
    tests.flatMap((t) => t.tests).flatMap((t) => (t.kind === 'field' ? [] : [[testKey(t), t] as const])),
  )
  for (const [key, test] of asked) {
    const inside =
      test.kind === 'segment'
        ? await membersAmong(db, test.segmentId, ids)
        : await amongTree(db, deps, test.tree, ids, now)
    for (const id of inside) facts.get(id)?.inside.add(key)
  }
  return facts
}

/** The store a member belongs to, for tasks: where they bought last, or joined. */
export const storesOfMembers = async (
  db: Reader,
  memberIds: readonly string[],
): Promise<Map<string, string | null>> => {
  const rows = await db.read<{ id: string; storeId: string | null }>(
    `SELECT m.id, COALESCE(s.lastStoreId, m.joinedStoreId) AS storeId FROM member m LEFT JOIN member_stats s ON s.memberId = m.id
     WHERE m.id IN ${marks(memberIds)}`,
    [...memberIds],
  )
  return new Map(rows.map((r) => [r.id, r.storeId]))
}

export interface Candidate {
  memberId: string
  entryKey: string
  vars: Record<string, string>
}

/** Members and last days, for the searches: what expires, whose level is at risk, who is overdue. Each answers in the order of members. */
export const membersWithPointsEnding = async (tx: Tx, on: string, cursor: string, limit: number) =>
  tx.read<{ memberId: string; points: number }>(
    `SELECT l.memberId, SUM(l.remaining) AS points FROM points_lot l JOIN member m ON m.id = l.memberId
     WHERE l.walletId = ? AND l.remaining > 0 AND l.expiresOn = ? AND l.memberId > ? AND m.status = 'active'
     GROUP BY l.memberId ORDER BY l.memberId LIMIT ?`,
    [groupWallet, on, cursor, limit],
  )

export const membersWithCouponsEnding = async (
  tx: Tx,
  { from, to, cursor, limit }: { from: number; to: number; cursor: string; limit: number },
) =>
  tx.read<{ memberId: string; coupons: number; name: string }>(
    `SELECT c.memberId, COUNT(*) AS coupons, MIN(t.name) AS name FROM coupon c
     JOIN coupon_template t ON t.id = c.templateId JOIN member m ON m.id = c.memberId
     WHERE c.status = 'held' AND c.validTo >= ? AND c.validTo <= ? AND c.memberId > ? AND m.status = 'active'
     GROUP BY c.memberId ORDER BY c.memberId LIMIT ?`,
    [from, to, cursor, limit],
  )

export const membersAtTierRisk = async (
  tx: Tx,
  { from, to, cursor, limit }: { from: string; to: string; cursor: string; limit: number },
) =>
  tx.read<{ memberId: string; on: string; gap: number; tier: string }>(
    `SELECT g.memberId, g.validUntil AS \`on\`, t.threshold - g.growth AS gap, t.name AS tier FROM growth_account g
     JOIN tier t ON t.trackId = g.trackId AND t.level = g.level
     WHERE g.validUntil >= ? AND g.validUntil <= ? AND g.growth < t.threshold AND g.memberId > ? ORDER BY g.memberId LIMIT ?`,
    [from, to, cursor, limit],
  )

export const membersAboveChurn = async (
  tx: Tx,
  { aboveBp, cursor, limit }: { aboveBp: number; cursor: string; limit: number },
) =>
  tx.read<{ memberId: string }>(
    'SELECT memberId FROM member_forecast WHERE churnBp >= ? AND memberId > ? ORDER BY memberId LIMIT ?',
    [aboveBp, cursor, limit],
  )

/** Members whose own mean interval, times `percent` of a hundred, has passed since the last purchase, and not more than two of them. */
export const membersOverdue = async (
  tx: Tx,
  {
    percent,
    minPurchases,
    now,
    cursor,
    limit,
  }: { percent: number; minPurchases: number; now: number; cursor: string; limit: number },
) =>
  tx.read<{ memberId: string; lastPurchaseAt: number; purchases: number; firstPurchaseAt: number }>(
    `SELECT memberId, lastPurchaseAt, firstPurchaseAt, purchases FROM member_stats
     WHERE purchases >= ? AND lastPurchaseAt > firstPurchaseAt
       AND (? - lastPurchaseAt) * (purchases - 1) * 100 >= ? * (lastPurchaseAt - firstPurchaseAt)
       AND (? - lastPurchaseAt) * (purchases - 1) <= 3 * (lastPurchaseAt - firstPurchaseAt)
       AND lastPurchaseAt < ? AND memberId > ? ORDER BY memberId LIMIT ?`,
    [minPurchases, now, percent, now, now - DAY_MS, cursor, limit],
  )

/** The logs that journeys tail, by id. */
export const readInteractions = (tx: Tx, types: readonly string[], after: string, limit: number) =>
  tx.read<{ id: string; memberId: string; eventId: string; type: string; at: number; target: string | null }>(
    `SELECT id, memberId, eventId, type, at, target FROM interaction WHERE id > ? AND type IN ${marks(types)} ORDER BY id LIMIT ?`,
    [after, ...types, limit],
  )
export const readSegmentEvents = (tx: Tx, segmentIds: readonly string[], after: string, limit: number) =>
  tx.read<{ id: string; memberId: string; segmentId: string; kind: string; at: number }>(
    `SELECT id, memberId, segmentId, kind, at FROM segment_event WHERE id > ? AND segmentId IN ${marks(segmentIds)} AND cause = 'data' ORDER BY id LIMIT ?`,
    [after, ...segmentIds, limit],
  )
export const readStageChanges = (tx: Tx, after: string, limit: number) =>
  tx.read<{ id: string; memberId: string; toStage: string; createdAt: number }>(
    "SELECT id, memberId, toStage, createdAt FROM stage_change WHERE id > ? AND origin = 'live' AND fromStage IS NOT NULL ORDER BY id LIMIT ?",
    [after, limit],
  )
export const readTierChanges = (tx: Tx, after: string, limit: number) =>
  tx.read<{ id: string; memberId: string; direction: string; toLevel: number; at: number; reason: string }>(
    'SELECT id, memberId, direction, toLevel, at, reason FROM tier_change WHERE id > ? ORDER BY id LIMIT ?',
    [after, limit],
  )
export const readJoins = (tx: Tx, since: number, afterId: string, limit: number) =>
  tx.read<{ id: string; joinedAt: number }>(
    'SELECT id, joinedAt FROM member WHERE joinedAt > ? OR (joinedAt = ? AND id > ?) ORDER BY joinedAt, id LIMIT ?',
    [since, since, afterId, limit],
  )

/** Members celebrating, as their profile's keyed hash tells, or by the day they joined. */
export const membersWithBirthday = (
  tx: Tx,
  { key, knownBefore, cursor, limit }: { key: string; knownBefore: string; cursor: string; limit: number },
) =>
  tx.read<{ memberId: string }>(
    `SELECT id AS memberId FROM member WHERE birthdayKey = ? AND id > ? AND status = 'active'
     AND joinedOn < ? AND (birthdayChangedOn IS NULL OR birthdayChangedOn < ?) ORDER BY id LIMIT ?`,
    [key, cursor, knownBefore, knownBefore, limit],
  )
export const membersJoinedOn = (
  tx: Tx,
  { monthDay, before, cursor, limit }: { monthDay: string; before: string; cursor: string; limit: number },
) =>
  tx.read<{ memberId: string; joinedOn: string }>(
    `SELECT id AS memberId, joinedOn FROM member WHERE joinedMonthDay = ? AND id > ? AND status = 'active' AND joinedOn < ? ORDER BY id LIMIT ?`,
    [monthDay, cursor, before, limit],
  )
export const activeMembers = (tx: Tx, cursor: string, limit: number) =>
  tx.read<{ memberId: string }>(
    "SELECT id AS memberId FROM member WHERE id > ? AND status = 'active' ORDER BY id LIMIT ?",
    [cursor, limit],
  )
