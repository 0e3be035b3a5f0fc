import type { Output } from '../../shared/contract'
import { civilDay } from '../../shared/time'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import type { Keys } from '../keys'
import type { Segment, Tag } from './entity'
import { segmentById, treeOf } from './segments'
import { compileSegment } from './terms'

/**
 * Following who comes and goes. The state of a member in a segment is one row with the number of its last transition, so that a transition
 * found twice is still one event: its key is (segment, member, number), and state and event are written together.
 */

/** What one page of a refresh did; `cursor` null: the phase is over. */
export interface Page {
  cursor: string | null
  changed: number
}

interface State {
  memberId: string
  turn: number | null
}

/** Members the conditions hold for who are not inside yet. */
const entering = (
  tx: Tx,
  segment: Segment,
  keys: Keys,
  cursor: string,
  limit: number,
  now: number,
): Promise<State[]> => {
  const { text, params } = compileSegment(keys, treeOf(segment), now)
  return tx.read<State>(
    `SELECT f.memberId, x.turn FROM segment_fact f LEFT JOIN segment_member x ON x.segmentId = ? AND x.memberId = f.memberId
     WHERE f.memberId > ? AND (x.inside IS NULL OR x.inside = 0) AND ${text} ORDER BY f.memberId LIMIT ?`,
    [segment.id, cursor, ...params, limit],
  )
}
/** Members inside for whom the conditions hold no longer, or who are no longer active. Index segment_member_inside. */
const leaving = (
  tx: Tx,
  segment: Segment,
  keys: Keys,
  cursor: string,
  limit: number,
  now: number,
): Promise<State[]> => {
  const { text, params } = compileSegment(keys, treeOf(segment), now)
  return tx.read<State>(
    `SELECT x.memberId, x.turn FROM segment_member x LEFT JOIN segment_fact f ON f.memberId = x.memberId
     WHERE x.segmentId = ? AND x.inside = 1 AND x.memberId > ? AND (f.memberId IS NULL OR NOT ${text}) ORDER BY x.memberId LIMIT ?`,
    [segment.id, cursor, ...params, limit],
  )
}

/** Goes on with one phase of a segment's refresh after a member; what it finds, it writes down. */
export const refreshPage = async (
  tx: Tx,
  keys: Keys,
  {
    segmentId,
    phase,
    cursor,
    limit,
    now,
  }: { segmentId: string; phase: 'exit' | 'enter'; cursor: string; limit: number; now: number },
): Promise<Page> => {
  const [segment] = await tx.read<Segment>(`SELECT * FROM segment WHERE id = ?${tx.lock}`, [segmentId])
  if (!segment) return { cursor: null, changed: 0 }
  const found = await (phase === 'enter' ? entering : leaving)(tx, segment, keys, cursor, limit, now)
  const cause =
    segment.refreshedVersion === null ? 'first' : segment.refreshedVersion === segment.version ? 'data' : 'edited'
  const inside = phase === 'enter' ? 1 : 0
  const turned = found.map((s) => ({ memberId: s.memberId, turn: (s.turn ?? 0) + 1 }))
  tx.upsert(
    'segment_member',
    ['segmentId', 'memberId'],
    ['inside', 'turn', 'since'],
    turned.map((s) => ({ segmentId, ...s, inside, since: now })),
  )
  tx.insert(
    'segment_event',
    turned.map((s) => ({
      segmentId,
      ...s,
      id: newId(now),
      kind: phase,
      cause,
      segmentVersion: segment.version,
      at: now,
    })),
  )
  const onDay = civilDay(now)
  if (turned.length) {
    const row = { segmentId, onDay, members: segment.members ?? 0, entered: 0, exited: 0 }
    tx.insert('segment_size', [row], { ignore: true })
    const column = phase === 'enter' ? 'entered' : 'exited'
    tx.write(`UPDATE segment_size SET ${column} = ${column} + ? WHERE segmentId = ? AND onDay = ?`, [
      turned.length,
      segmentId,
      onDay,
    ])
  }
  return { cursor: found.length < limit ? null : (found.at(-1)?.memberId ?? null), changed: turned.length }
}

/** Ends a segment's refresh: its size, now and for the day. `version` is the one the pages were made with. */
export const finishRefresh = async (tx: Tx, segmentId: string, version: number, now: number): Promise<number> => {
  const [{ n }] = await tx.read<{ n: number }>(
    'SELECT COUNT(*) AS n FROM segment_member WHERE segmentId = ? AND inside = 1',
    [segmentId],
  )
  const members = Number(n)
  // A version saved in between has not been looked at: the next refresh will.
  tx.write('UPDATE segment SET members = ?, refreshedAt = ?, refreshedVersion = ? WHERE id = ?', [
    members,
    now,
    version,
    segmentId,
  ])
  tx.upsert(
    'segment_size',
    ['segmentId', 'onDay'],
    ['members'],
    [{ segmentId, onDay: civilDay(now), members, entered: 0, exited: 0 }],
  )
  return members
}

/** Refreshes a segment at once, in the caller's transaction. */
export const refreshSegment = async (
  tx: Tx,
  keys: Keys,
  segmentId: string,
  now: number,
): Promise<Output<'POST /admin/segments/:segmentId/refresh'>> => {
  const { version } = await segmentById(tx, segmentId, tx.lock)
  const counts = { exit: 0, enter: 0 }
  for (const phase of ['exit', 'enter'] as const)
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page = await refreshPage(tx, keys, { segmentId, phase, cursor, limit: 5000, now })
      counts[phase] += page.changed
      cursor = page.cursor
    }
  const members = await finishRefresh(tx, segmentId, version, now)
  return { members, entered: counts.enter, left: counts.exit, refreshedAt: now }
}

/** Segments whose entries and exits are followed, by id after one. */
export const trackedSegments = (db: Reader): Promise<Pick<Segment, 'id' | 'version'>[]> =>
  db.read('SELECT id, version FROM segment WHERE tracked = 1 ORDER BY id')

/** Tags that conditions keep. */
export const ruledTags = (db: Reader): Promise<Pick<Tag, 'id'>[]> =>
  db.read('SELECT id FROM tag WHERE tree IS NOT NULL ORDER BY id')

/** Goes on with one phase of a rule tag's refresh: members who gain it, or lose it. Answers where to go on. */
export const refreshTagPage = async (
  tx: Tx,
  keys: Keys,
  {
    tagId,
    phase,
    cursor,
    limit,
    now,
  }: { tagId: string; phase: 'exit' | 'enter'; cursor: string; limit: number; now: number },
): Promise<Page> => {
  const [tag] = await tx.read<Tag>(`SELECT * FROM tag WHERE id = ?${tx.lock}`, [tagId])
  if (!tag?.tree) return { cursor: null, changed: 0 }
  const { text, params } = compileSegment(keys, treeOf({ tree: tag.tree }), now)
  const found =
    phase === 'enter'
      ? await tx.read<{ memberId: string }>(
          `SELECT f.memberId FROM segment_fact f WHERE f.memberId > ? AND ${text}
           AND NOT EXISTS (SELECT 1 FROM member_tag x WHERE x.memberId = f.memberId AND x.tagId = ?) ORDER BY f.memberId LIMIT ?`,
          [cursor, ...params, tagId, limit],
        )
      : await tx.read<{ memberId: string }>(
          `SELECT x.memberId FROM member_tag x LEFT JOIN segment_fact f ON f.memberId = x.memberId
           WHERE x.tagId = ? AND x.memberId > ? AND (f.memberId IS NULL OR NOT ${text}) ORDER BY x.memberId LIMIT ?`,
          [tagId, cursor, ...params, limit],
        )
  const ids = found.map((r) => r.memberId)
  if (phase === 'enter')
    tx.insert(
      'member_tag',
      ids.map((memberId) => ({ memberId, tagId, source: tag.kind, at: now, operatorId: null })),
      { ignore: true },
    )
  else
    for (let i = 0; i < ids.length; i += 500) {
      const some = ids.slice(i, i + 500)
      tx.write(`DELETE FROM member_tag WHERE tagId = ? AND memberId IN ${marks(some)}`, [tagId, ...some])
    }
  return { cursor: ids.length < limit ? null : (ids.at(-1) ?? null), changed: ids.length }
}

/** Notes that a tag's conditions have been looked at. */
export const finishTag = (tx: Tx, tagId: string, now: number): void =>
  tx.write('UPDATE tag SET refreshedAt = ? WHERE id = ?', [now, tagId])
