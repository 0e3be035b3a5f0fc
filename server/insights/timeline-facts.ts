import type { Bindable } from '../db/statement'
import type { Reader } from '../db/transaction'
import type { TimePosition } from './rules'

/** Read-only SQL about what happened to one member, source by source; see facts.ts. */

/** One kind of event of a timeline: its statement up to the WHERE, and the columns that order it. */
interface TimeSource {
  select: string
  where: string
  at: string
  tie: string
}
/** A row of any source; which fields are filled follows from the source. */
export interface TimeRow extends TimePosition {
  source: TimeSourceName
  name: string | null
  detail: string | null
  state: string | null
  amountFen: number | null
  points: number | null
  storeId: string | null
}
const row = (
  at: string,
  tie: string,
  fields: Partial<Record<'name' | 'detail' | 'state' | 'amountFen' | 'points' | 'storeId', string>>,
): string =>
  `SELECT ${at} AS at, ${tie} AS tie, ${['name', 'detail', 'state', 'amountFen', 'points', 'storeId']
    .map((f) => `${fields[f as 'name'] ?? 'NULL'} AS ${f}`)
    .join(', ')}`
const source = (
  at: string,
  tie: string,
  fields: Parameters<typeof row>[2],
  from: string,
  where: string,
): TimeSource => ({ select: `${row(at, tie, fields)} FROM ${from}`, where, at, tie })

/**
 * Every source of the timeline. What one event did is told once: points of a purchase, a refund or a gift stand on that event, and so do
 * a gift's coupons. A member's rows are found by the indexes purchase_member, refund_member, coupon_wallet, coupon_event_coupon,
 * tier_change_member, care_gift_once, message_inbox, scan_member and the primary keys of member and points_entry.
 */
export const timeSources = {
  joined: source('joinedAt', 'id', { state: 'joinedBy', storeId: 'joinedStoreId' }, 'member', 'id = ?'),
  purchase: source(
    'at',
    'id',
    {
      name: 'externalNo',
      state: 'status',
      detail: 'discountFen',
      amountFen: 'paidFen',
      points: 'pointsEarned',
      storeId: 'storeId',
    },
    'purchase',
    'memberId = ?',
  ),
  refund: source(
    'at',
    'id',
    { detail: 'reason', amountFen: 'amountFen', points: 'pointsTakenBack', storeId: 'storeId' },
    'refund',
    'memberId = ?',
  ),
  points: source(
    'at',
    'seq',
    { name: 'sourceType', detail: 'note', state: 'kind', points: 'amount' },
    'points_entry',
    "memberId = ? AND sourceType NOT IN ('purchase', 'refund', 'birthday', 'anniversary')",
  ),
  claim: source(
    'c.claimedAt',
    'c.id',
    { name: 't.name', state: 'c.source' },
    'coupon c JOIN coupon_template t ON t.id = c.templateId',
    "c.memberId = ? AND c.source NOT IN ('birthday', 'anniversary')",
  ),
  coupon: source(
    'e.at',
    'e.id',
    { name: 't.name', detail: 'e.note', state: 'e.kind', amountFen: 'c.savedFen', storeId: 'c.storeId' },
    'coupon c JOIN coupon_event e ON e.couponId = c.id JOIN coupon_template t ON t.id = c.templateId',
    'c.memberId = ?',
  ),
  tier: source(
    'at',
    'id',
    { name: 'toLevel', detail: 'reason', state: 'direction' },
    'tier_change',
    "memberId = ? AND direction <> 'join'",
  ),
  gift: source(
    'createdAt',
    'id',
    { name: 'years', detail: 'openedAt', state: 'kind', points: 'points' },
    'care_gift',
    'memberId = ?',
  ),
  message: source('createdAt', 'id', { name: 'title', detail: 'channel', state: 'status' }, 'message', 'memberId = ?'),
  scan: source('createdAt', 'id', { state: 'via', storeId: 'storeId' }, 'scan', 'memberId = ?'),
} as const satisfies Record<string, TimeSource>
export type TimeSourceName = keyof typeof timeSources

/** Up to `limit` rows of one source, newest first, after a position among all sources. */
export const timeRows = async (
  db: Reader,
  name: TimeSourceName,
  rank: number,
  memberId: string,
  after: TimePosition | null,
  limit: number,
): Promise<TimeRow[]> => {
  const s: TimeSource = timeSources[name]
  const params: Bindable[] = [memberId]
  let keyset = ''
  if (after && after.rank === rank) {
    keyset = ` AND ${s.at} <= ? AND (${s.at} < ? OR ${s.tie} < ?)`
    // The number of a points entry is compared as a number, ids as text.
    params.push(after.at, after.at, name === 'points' ? Number(after.tie) : after.tie)
  } else if (after) {
    keyset = ` AND ${s.at} ${rank < after.rank ? '<=' : '<'} ?`
    params.push(after.at)
  }
  const rows = await db.read<Omit<TimeRow, 'rank' | 'source' | 'tie'> & { tie: string | number }>(
    `${s.select} WHERE ${s.where}${keyset} ORDER BY ${s.at} DESC, ${s.tie} DESC LIMIT ?`,
    [...params, limit],
  )
  return rows.map((r) => ({ ...r, source: name, rank, tie: tieText(r.tie) }))
}

/** Numbers are padded, so that ties compare as text in the order their source has them. */
const tieText = (tie: string | number): string => (typeof tie === 'number' ? String(tie).padStart(10, '0') : tie)
