import type { Output, Parsed } from '../../shared/contract'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import { countCompiled, unhurried } from './count'
import type { Segment, SegmentEvent, SegmentSnapshot } from './entity'
import { cardPage, idsOfCompiled, memberCards } from './queries'
import { segmentById, treeOf } from './segments'
import { compileSegment, describeTree, within } from './terms'

/** Ids of the members inside a tracked segment as of its last refresh, after one, in order. Index segment_member_inside. */
export const membersOf = async (db: Reader, segmentId: string, cursor: string, limit: number): Promise<string[]> =>
  (
    await db.read<{ memberId: string }>(
      'SELECT memberId FROM segment_member WHERE segmentId = ? AND inside = 1 AND memberId > ? ORDER BY memberId LIMIT ?',
      [segmentId, cursor, limit],
    )
  ).map((r) => r.memberId)

/** Whether a member was inside a tracked segment at its last refresh. Primary key. */
export const isMember = async (db: Reader, segmentId: string, memberId: string): Promise<boolean> => {
  const [row] = await db.read<{ inside: number }>(
    'SELECT inside FROM segment_member WHERE segmentId = ? AND memberId = ?',
    [segmentId, memberId],
  )
  return row?.inside === 1
}

/** Which of some members were inside at the last refresh. Ids at most 500. */
export const membersAmong = async (db: Reader, segmentId: string, ids: readonly string[]): Promise<Set<string>> => {
  const rows = await db.read<{ memberId: string }>(
    `SELECT memberId FROM segment_member WHERE segmentId = ? AND inside = 1 AND memberId IN ${marks(ids)}`,
    [segmentId, ...ids],
  )
  return new Set(rows.map((r) => r.memberId))
}

/** A masked page of whom a segment holds for now. */
export const segmentMembers = async (
  db: Reader,
  deps: Deps,
  actor: OperatorActor,
  { segmentId, cursor, limit }: Parsed<'GET /admin/segments/:segmentId/members'>,
  now: number,
): Promise<Output<'GET /admin/segments/:segmentId/members'>> => {
  const compiled = compileSegment(deps.keys, treeOf(await segmentById(db, segmentId)), now)
  const ids = await unhurried(deps, (slow) =>
    idsOfCompiled(slow, compiled, actor.storeIds, { cursor, limit: limit + 1 }),
  )
  return cardPage(db, deps.keys, ids, limit)
}

/** Who entered and left, newest first. Index segment_event_segment. */
export const segmentEvents = async (
  db: Reader,
  deps: Deps,
  actor: OperatorActor,
  { segmentId, cursor = '~', limit }: Parsed<'GET /admin/segments/:segmentId/events'>,
): Promise<Output<'GET /admin/segments/:segmentId/events'>> => {
  await segmentById(db, segmentId)
  const home = within(actor.storeIds)
  const scoped = actor.storeIds ? ' JOIN segment_fact f ON f.memberId = e.memberId' : ''
  const rows = await db.read<SegmentEvent>(
    `SELECT e.* FROM segment_event e${scoped} WHERE e.segmentId = ? AND e.id < ?${home.text} ORDER BY e.id DESC LIMIT ?`,
    [segmentId, cursor, ...home.params, limit + 1],
  )
  const shown = rows.slice(0, limit)
  const cards = await memberCards(
    db,
    deps.keys,
    shown.map((e) => e.memberId),
  )
  const byId = new Map(cards.map((c) => [c.id, c]))
  return {
    items: shown.flatMap((e) => {
      const member = byId.get(e.memberId)
      return member ? [{ id: e.id, at: Number(e.at), kind: e.kind as 'enter' | 'exit', member }] : []
    }),
    nextCursor: rows.length > limit ? shown[shown.length - 1].id : null,
  }
}

/** How many members some segments share, counted live, outside any transaction. */
export const overlapOf = async (
  deps: Deps,
  actor: OperatorActor,
  { segmentIds }: Parsed<'POST /admin/segments/overlap'>,
  now: number,
): Promise<Output<'POST /admin/segments/overlap'>> => {
  const ids = [...new Set(segmentIds)]
  if (ids.length < 2) throw refuse('invalid_input', { reason: '请选两个不同的人群', field: 'segmentIds' })
  const segments: Segment[] = []
  for (const id of ids) segments.push(await segmentById(deps.db, id))
  const compiled = segments.map((s) => compileSegment(deps.keys, treeOf(s), now))
  // One pass: every member gets the pattern of segments he is in as bits, and the patterns are counted.
  const pattern = compiled.map((c, i) => `(CASE WHEN ${c.text} THEN ${2 ** i} ELSE 0 END)`).join(' + ')
  const home = within(actor.storeIds)
  const rows = await unhurried(deps, (db) =>
    db.read<{ bits: number; n: number }>(
      `SELECT bits, COUNT(*) AS n FROM (SELECT ${pattern} AS bits FROM segment_fact f WHERE 1 = 1${home.text}) p WHERE bits > 0 GROUP BY bits`,
      [...compiled.flatMap((c) => c.params), ...home.params],
    ),
  )
  const having = (wanted: number): number =>
    rows.filter((r) => (Number(r.bits) & wanted) === wanted).reduce((n, r) => n + Number(r.n), 0)
  const pairs = ids.flatMap((a, i) => ids.slice(i + 1).map((b, k) => ({ a, b, bits: 2 ** i + 2 ** (i + 1 + k) })))
  return {
    segments: segments.map((s, i) => ({ id: s.id, name: s.name, members: having(2 ** i) })),
    pairs: pairs.map(({ a, b, bits }) => ({ a, b, members: having(bits) })),
    all: having(2 ** ids.length - 1),
    any: rows.reduce((n, r) => n + Number(r.n), 0),
  }
}

const snapshotView = (s: SegmentSnapshot): Output<'POST /admin/segments/:segmentId/snapshots'> => ({
  id: s.id,
  segmentId: s.segmentId,
  segmentVersion: s.segmentVersion,
  name: s.name,
  members: s.members,
  sentence: s.sentence,
  takenAt: Number(s.takenAt),
})

/** Freezes whom a segment holds for now: conditions, their words and the list. */
export const takeSnapshot = async (
  tx: Tx,
  deps: Deps,
  { segmentId, name }: Parsed<'POST /admin/segments/:segmentId/snapshots'>,
  { operatorId, now }: { operatorId: string | null; now: number },
): Promise<Output<'POST /admin/segments/:segmentId/snapshots'>> => {
  const segment = await segmentById(tx, segmentId, tx.lock)
  const { text, params } = compileSegment(deps.keys, treeOf(segment), now)
  const id = newId(now)
  const members = await tx.run(
    `INSERT INTO segment_snapshot_member (snapshotId, memberId) SELECT ?, f.memberId FROM segment_fact f WHERE ${text}`,
    [id, ...params],
  )
  const row = {
    id,
    segmentId,
    segmentVersion: segment.version,
    name,
    tree: segment.tree,
    sentence: await describeTree(tx, treeOf(segment)),
    members,
    takenAt: now,
    takenBy: operatorId,
  }
  tx.insert('segment_snapshot', [row])
  return snapshotView(row)
}

/** Snapshots of a segment, newest first. */
export const listSnapshots = async (
  db: Reader,
  { segmentId, cursor = '~', limit }: Parsed<'GET /admin/segments/:segmentId/snapshots'>,
): Promise<Output<'GET /admin/segments/:segmentId/snapshots'>> => {
  await segmentById(db, segmentId)
  const rows = await db.read<SegmentSnapshot>(
    'SELECT * FROM segment_snapshot WHERE segmentId = ? AND id < ? ORDER BY id DESC LIMIT ?',
    [segmentId, cursor, limit + 1],
  )
  return {
    items: rows.slice(0, limit).map(snapshotView),
    nextCursor: rows.length > limit ? rows[limit - 1].id : null,
  }
}

/** A masked page of a snapshot's list. Primary key. */
export const snapshotMembers = async (
  db: Reader,
  deps: Deps,
  actor: OperatorActor,
  { snapshotId, cursor = '', limit }: Parsed<'GET /admin/segment-snapshots/:snapshotId/members'>,
): Promise<Output<'GET /admin/segment-snapshots/:snapshotId/members'>> => {
  const [known] = await db.read('SELECT id FROM segment_snapshot WHERE id = ?', [snapshotId])
  if (!known) throw refuse('not_found')
  const home = within(actor.storeIds)
  const scoped = actor.storeIds ? ' JOIN segment_fact f ON f.memberId = x.memberId' : ''
  const rows = await db.read<{ memberId: string }>(
    `SELECT x.memberId FROM segment_snapshot_member x${scoped} WHERE x.snapshotId = ? AND x.memberId > ?${home.text} ORDER BY x.memberId LIMIT ?`,
    [snapshotId, cursor, ...home.params, limit + 1],
  )
  return cardPage(
    db,
    deps.keys,
    rows.map((r) => r.memberId),
    limit,
  )
}

/** Ids in a snapshot after one, in order, for whoever sends to a frozen list. */
export const snapshotIds = async (db: Reader, snapshotId: string, cursor: string, limit: number): Promise<string[]> =>
  (
    await db.read<{ memberId: string }>(
      'SELECT memberId FROM segment_snapshot_member WHERE snapshotId = ? AND memberId > ? ORDER BY memberId LIMIT ?',
      [snapshotId, cursor, limit],
    )
  ).map((r) => r.memberId)

/** How many members a segment holds for now. */
export const segmentCount = async (
  db: Reader,
  deps: Pick<Deps, 'keys'>,
  segmentId: string,
  now: number,
): Promise<number> => countCompiled(db, compileSegment(deps.keys, treeOf(await segmentById(db, segmentId)), now), null)
