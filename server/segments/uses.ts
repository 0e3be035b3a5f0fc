import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import type { SegmentUse } from './entity'
import type { Compiled } from './rules'

/** Who needs a segment or a tag. A row is written under the target's lock, and a deletion looks for rows under the same lock. */

export type TargetKind = 'segment' | 'tag'
export interface User {
  /** segment, tag, funnel, journey, campaign, experiment, … */
  kind: string
  id: string
  name: string
}

const lockTargets = async (tx: Tx, kind: TargetKind, ids: readonly string[]): Promise<Set<string>> => {
  if (!ids.length) return new Set()
  const sorted = [...ids].sort()
  const rows = await tx.read<{ id: string }>(
    `SELECT id FROM ${kind} WHERE id IN ${marks(sorted)} ORDER BY id${tx.lock}`,
    sorted,
  )
  return new Set(rows.map((r) => r.id))
}

/**
 * Notes that somebody needs a segment, so that it cannot be deleted, and has its entries and exits followed from now on. A repeat changes
 * the name only. Throws `segment_not_found`.
 */
export const holdSegment = async (tx: Tx, segmentId: string, user: User): Promise<void> => {
  if (!(await lockTargets(tx, 'segment', [segmentId])).has(segmentId)) throw refuse('segment_not_found')
  tx.write('UPDATE segment SET tracked = 1 WHERE id = ?', [segmentId])
  const row = { targetKind: 'segment', targetId: segmentId, userKind: user.kind, userId: user.id, name: user.name }
  tx.upsert('segment_use', ['targetKind', 'targetId', 'userKind', 'userId'], ['name'], [row])
}

/** Takes back every hold of a user on segments and tags; a repeat changes nothing. */
export const releaseSegments = (tx: Tx, user: Pick<User, 'kind' | 'id'>): void =>
  tx.write('DELETE FROM segment_use WHERE userKind = ? AND userId = ?', [user.kind, user.id])

/** Replaces what a user's conditions refer to. Throws `invalid_input` for what is not there (any more). */
export const replaceUses = async (
  tx: Tx,
  user: User,
  { tags, segments }: Pick<Compiled, 'tags' | 'segments'>,
): Promise<void> => {
  // One order for everybody: segments before tags, ids sorted.
  const known = { segment: await lockTargets(tx, 'segment', segments), tag: await lockTargets(tx, 'tag', tags) }
  if (segments.some((id) => !known.segment.has(id)))
    throw refuse('invalid_input', { reason: '条件里用到的人群已经不在了', field: 'tree' })
  if (tags.some((id) => !known.tag.has(id)))
    throw refuse('invalid_input', { reason: '条件里用到的标签已经不在了', field: 'tree' })
  releaseSegments(tx, user)
  const row = (targetKind: TargetKind) => (targetId: string) => ({
    targetKind,
    targetId,
    userKind: user.kind,
    userId: user.id,
    name: user.name,
  })
  tx.insert('segment_use', [...segments.map(row('segment')), ...tags.map(row('tag'))])
  if (segments.length) tx.write(`UPDATE segment SET tracked = 1 WHERE id IN ${marks(segments)}`, segments)
}

/** Throws `segment_circular` when conditions would, through what they refer to, come back to the segment or tag they belong to. */
export const refuseCircle = async (
  db: Reader,
  own: { kind: TargetKind; id: string },
  { tags, segments }: Pick<Compiled, 'tags' | 'segments'>,
): Promise<void> => {
  const edges = await db.read<SegmentUse>("SELECT * FROM segment_use WHERE userKind IN ('segment', 'tag')")
  const seen = new Set<string>()
  const queue = [...segments.map((id) => `segment:${id}`), ...tags.map((id) => `tag:${id}`)]
  for (const node of queue) {
    if (node === `${own.kind}:${own.id}`) throw refuse('segment_circular')
    if (seen.has(node)) continue
    seen.add(node)
    for (const e of edges) if (`${e.userKind}:${e.userId}` === node) queue.push(`${e.targetKind}:${e.targetId}`)
  }
}

/** Who needs some segments or tags. */
export const usersOf = async (db: Reader, kind: TargetKind, ids: readonly string[]): Promise<Map<string, User[]>> => {
  const rows = ids.length
    ? await db.read<SegmentUse>(
        `SELECT * FROM segment_use WHERE targetKind = ? AND targetId IN ${marks(ids)} ORDER BY userKind, name`,
        [kind, ...ids],
      )
    : []
  const found = new Map<string, User[]>()
  for (const r of rows)
    found.set(r.targetId, [...(found.get(r.targetId) ?? []), { kind: r.userKind, id: r.userId, name: r.name }])
  return found
}
