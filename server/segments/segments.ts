import type { Output, Parsed } from '../../shared/contract'
import { isDuplicate } from '../db/dialect'
import { newId } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import type { Keys } from '../keys'
import type { Segment, SegmentSize } from './entity'
import { fieldOf } from './field-rules'
import type { Node, Tree } from './leaf-rules'
import { leavesOf } from './rules'
import { compileSegment, namesFor } from './terms'
import { refuseCircle, releaseSegments, replaceUses, type User, usersOf } from './uses'
import { type Names, sentenceOf } from './words'

type View = Output<'GET /admin/segments'>['items'][number]
/** Days of a segment's history that its page shows. */
const sizeDays = 60

export const treeOf = (row: { tree: string }): Tree => JSON.parse(row.tree) as Tree
const profilingOf = (tree: Tree): boolean => leavesOf(tree as Node).some((l) => fieldOf(l.field)?.profiling)

const viewOf = (row: Segment, names: Names, users: readonly User[]): View => ({
  id: row.id,
  name: row.name,
  description: row.description,
  tree: treeOf(row),
  sentence: sentenceOf(treeOf(row), names),
  tracked: row.tracked === 1,
  profiling: profilingOf(treeOf(row)),
  version: row.version,
  members: row.members,
  refreshedAt: row.refreshedAt && Number(row.refreshedAt),
  createdAt: Number(row.createdAt),
  updatedAt: Number(row.updatedAt),
  usedBy: [...users],
})

/** A segment's row, or a refusal. Pass `lock` (tx.lock) to hold it. */
export const segmentById = async (db: Reader, id: string, lock = ''): Promise<Segment> => {
  const [row] = await db.read<Segment>(`SELECT * FROM segment WHERE id = ?${lock}`, [id])
  if (!row) throw refuse('segment_not_found')
  return row
}
const lockVersion = async (tx: Tx, id: string, version: number): Promise<Segment> => {
  const row = await segmentById(tx, id, tx.lock)
  if (row.version !== version) throw refuse('segment_conflict')
  return row
}

const viewAll = async (db: Reader, rows: readonly Segment[]): Promise<View[]> => {
  const [names, users] = [
    await namesFor(db, rows.map(treeOf)),
    await usersOf(
      db,
      'segment',
      rows.map((r) => r.id),
    ),
  ]
  return rows.map((r) => viewOf(r, names, users.get(r.id) ?? []))
}

/** One page of segments, newest first. */
export const listSegments = async (
  db: Reader,
  { cursor, limit, q }: Parsed<'GET /admin/segments'>,
): Promise<Output<'GET /admin/segments'>> => {
  const rows = await db.read<Segment>(
    `SELECT * FROM segment WHERE id < ?${q ? " AND name LIKE ? ESCAPE '!'" : ''} ORDER BY id DESC LIMIT ?`,
    [cursor ?? '~', ...(q ? [`%${q.replace(/[%_!]/g, '!$&')}%`] : []), limit + 1],
  )
  const shown = rows.slice(0, limit)
  return { items: await viewAll(db, shown), nextCursor: rows.length > limit ? shown[shown.length - 1].id : null }
}

/** One segment with its size day by day. */
export const showSegment = async (db: Reader, id: string): Promise<Output<'GET /admin/segments/:segmentId'>> => {
  const [view] = await viewAll(db, [await segmentById(db, id)])
  const sizes = await db.read<SegmentSize>(
    'SELECT * FROM segment_size WHERE segmentId = ? ORDER BY onDay DESC LIMIT ?',
    [id, sizeDays],
  )
  return {
    ...view,
    sizes: sizes.reverse().map((s) => ({ on: s.onDay, members: s.members, entered: s.entered, left: s.exited })),
  }
}

/** Makes a segment; its members are found by the next refresh. */
export const createSegment = async (
  tx: Tx,
  keys: Keys,
  input: Parsed<'POST /admin/segments'>,
  { operatorId, now }: { operatorId: string | null; now: number },
): Promise<View> => {
  const compiled = compileSegment(keys, input.tree, now)
  const id = newId(now)
  const made = await tx.insertNew('segment', [
    {
      id,
      name: input.name,
      description: input.description,
      tree: JSON.stringify(input.tree),
      tracked: Number(input.tracked),
      version: 1,
      refreshedVersion: null,
      refreshedAt: null,
      members: null,
      createdAt: now,
      createdBy: operatorId,
      updatedAt: now,
    },
  ])
  if (!made) throw refuse('segment_name_taken', { name: input.name })
  await replaceUses(tx, { kind: 'segment', id, name: input.name }, compiled)
  return (await viewAll(tx, [await segmentById(tx, id)]))[0]
}

/** Changes what is given of a segment. Changed conditions take effect with the next refresh, which says so in its events. */
export const updateSegment = async (
  tx: Tx,
  keys: Keys,
  { segmentId, version, ...input }: Parsed<'PATCH /admin/segments/:segmentId'>,
  now: number,
): Promise<View> => {
  const before = await lockVersion(tx, segmentId, version)
  if (input.tracked === false && before.tracked) await refuseUsed(tx, segmentId)
  if (input.tree) {
    const compiled = compileSegment(keys, input.tree, now)
    await refuseCircle(tx, { kind: 'segment', id: segmentId }, compiled)
    await replaceUses(tx, { kind: 'segment', id: segmentId, name: input.name ?? before.name }, compiled)
  }
  try {
    await tx.run(
      'UPDATE segment SET name = ?, description = ?, tree = ?, tracked = ?, version = version + 1, updatedAt = ? WHERE id = ?',
      [
        input.name ?? before.name,
        input.description ?? before.description,
        input.tree ? JSON.stringify(input.tree) : before.tree,
        input.tracked === undefined ? before.tracked : Number(input.tracked),
        now,
        segmentId,
      ],
    )
  } catch (error) {
    if (isDuplicate(error)) throw refuse('segment_name_taken', { name: input.name })
    throw error
  }
  return (await viewAll(tx, [await segmentById(tx, segmentId)]))[0]
}

const refuseUsed = async (tx: Tx, id: string): Promise<void> => {
  const users = (await usersOf(tx, 'segment', [id])).get(id)
  if (users?.length) throw refuse('segment_in_use', { users: users.map((u) => `“${u.name}”`).join('、') })
}

/** Deletes a segment nobody needs, with its membership; snapshots and events stay as what was. */
export const deleteSegment = async (
  tx: Tx,
  { segmentId, version }: Parsed<'DELETE /admin/segments/:segmentId'>,
): Promise<{ ok: true }> => {
  await lockVersion(tx, segmentId, version)
  await refuseUsed(tx, segmentId)
  releaseSegments(tx, { kind: 'segment', id: segmentId })
  tx.write('DELETE FROM segment_member WHERE segmentId = ?', [segmentId])
  tx.write('DELETE FROM segment_size WHERE segmentId = ?', [segmentId])
  tx.write('DELETE FROM segment WHERE id = ?', [segmentId])
  return { ok: true }
}
