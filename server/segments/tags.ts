import type { Output, Parsed } from '../../shared/contract'
import { isDuplicate } from '../db/dialect'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import type { Keys } from '../keys'
import type { Tag } from './entity'
import { membersNamed } from './facts'
import type { Tree } from './leaf-rules'
import { cardPage } from './queries'
import { compileSegment, namesFor, within } from './terms'
import { refuseCircle, releaseSegments, replaceUses, usersOf } from './uses'
import { sentenceOf } from './words'

type View = Output<'GET /admin/tags'>['items'][number]
const conditional = ['rule', 'model']

const treeOf = (tag: Tag): Tree | null => (tag.tree ? (JSON.parse(tag.tree) as Tree) : null)

const viewAll = async (db: Reader, tags: readonly Tag[]): Promise<View[]> => {
  const names = await namesFor(
    db,
    tags.flatMap((t) => treeOf(t) ?? []),
  )
  // Index member_tag_tag.
  const counts = await db.read<{ tagId: string; n: number }>(
    `SELECT tagId, COUNT(*) AS n FROM member_tag WHERE tagId IN ${marks(tags)} GROUP BY tagId`,
    tags.map((t) => t.id),
  )
  return tags.map((t) => {
    const tree = treeOf(t)
    return {
      id: t.id,
      name: t.name,
      category: t.category,
      description: t.description,
      kind: t.kind as View['kind'],
      tree,
      sentence: tree && sentenceOf(tree, names),
      color: t.color as View['color'],
      version: t.version,
      members: Number(counts.find((c) => c.tagId === t.id)?.n ?? 0),
      refreshedAt: t.refreshedAt && Number(t.refreshedAt),
      createdAt: Number(t.createdAt),
      updatedAt: Number(t.updatedAt),
    }
  })
}

/** A tag's row, or a refusal. */
export const tagById = async (db: Reader, id: string, lock = ''): Promise<Tag> => {
  const [tag] = await db.read<Tag>(`SELECT * FROM tag WHERE id = ?${lock}`, [id])
  if (!tag) throw refuse('tag_not_found')
  return tag
}

/** Tags by category and name, at most 500: a shop has tens. */
export const listTags = async (
  db: Reader,
  { category, kind, q }: Parsed<'GET /admin/tags'>,
): Promise<Output<'GET /admin/tags'>> => {
  const rows = await db.read<Tag>('SELECT * FROM tag ORDER BY category, name LIMIT 500')
  const shown = rows.filter(
    (t) => (!category || t.category === category) && (!kind || t.kind === kind) && (!q || t.name.includes(q)),
  )
  return { items: await viewAll(db, shown), categories: [...new Set(rows.map((t) => t.category))] }
}

const refuseKind = (kind: string, tree: Tree | undefined | null): void => {
  const needs = conditional.includes(kind)
  if (needs && !tree) throw refuse('invalid_input', { reason: '规则标签和模型标签要写条件', field: 'tree' })
  if (!needs && tree) throw refuse('invalid_input', { reason: '手工标签和导入标签没有条件', field: 'tree' })
}

/** Makes a tag; one with conditions is given out by the next refresh. */
export const createTag = async (
  tx: Tx,
  keys: Keys,
  input: Parsed<'POST /admin/tags'>,
  { operatorId, now }: { operatorId: string | null; now: number },
): Promise<View> => {
  refuseKind(input.kind, input.tree)
  const id = newId(now)
  const made = await tx.insertNew('tag', [
    {
      id,
      name: input.name,
      category: input.category,
      description: input.description,
      kind: input.kind,
      color: input.color,
      tree: input.tree ? JSON.stringify(input.tree) : null,
      version: 1,
      refreshedAt: null,
      createdAt: now,
      createdBy: operatorId,
      updatedAt: now,
    },
  ])
  if (!made) throw refuse('tag_name_taken', { name: input.name })
  if (input.tree) await replaceUses(tx, { kind: 'tag', id, name: input.name }, compileSegment(keys, input.tree, now))
  return (await viewAll(tx, [await tagById(tx, id)]))[0]
}

/** Changes what is given of a tag; its kind stays. */
export const updateTag = async (
  tx: Tx,
  keys: Keys,
  { tagId, version, ...input }: Parsed<'PATCH /admin/tags/:tagId'>,
  now: number,
): Promise<View> => {
  const before = await tagById(tx, tagId, tx.lock)
  if (before.version !== version) throw refuse('tag_conflict')
  if (input.tree) {
    refuseKind(before.kind, input.tree)
    const compiled = compileSegment(keys, input.tree, now)
    await refuseCircle(tx, { kind: 'tag', id: tagId }, compiled)
    await replaceUses(tx, { kind: 'tag', id: tagId, name: input.name ?? before.name }, compiled)
  }
  try {
    await tx.run(
      'UPDATE tag SET name = ?, category = ?, description = ?, color = ?, tree = ?, version = version + 1, updatedAt = ? WHERE id = ?',
      [
        input.name ?? before.name,
        input.category ?? before.category,
        input.description ?? before.description,
        input.color ?? before.color,
        input.tree ? JSON.stringify(input.tree) : before.tree,
        now,
        tagId,
      ],
    )
  } catch (error) {
    if (isDuplicate(error)) throw refuse('tag_name_taken', { name: input.name })
    throw error
  }
  return (await viewAll(tx, [await tagById(tx, tagId)]))[0]
}

/** Deletes a tag that no conditions name, and takes it from every member. */
export const deleteTag = async (
  tx: Tx,
  { tagId, version }: Parsed<'DELETE /admin/tags/:tagId'>,
): Promise<{ ok: true }> => {
  const tag = await tagById(tx, tagId, tx.lock)
  if (tag.version !== version) throw refuse('tag_conflict')
  const users = (await usersOf(tx, 'tag', [tagId])).get(tagId)
  if (users?.length) throw refuse('tag_in_use', { users: users.map((u) => `“${u.name}”`).join('、') })
  releaseSegments(tx, { kind: 'tag', id: tagId })
  tx.write('DELETE FROM member_tag WHERE tagId = ?', [tagId])
  tx.write('DELETE FROM tag WHERE id = ?', [tagId])
  return { ok: true }
}

/** A tag that people give out; conditions keep the others. */
const handTag = async (tx: Tx, tagId: string): Promise<Tag> => {
  // The lock keeps a deletion from leaving members with a tag that is gone.
  const tag = await tagById(tx, tagId, tx.lock)
  if (conditional.includes(tag.kind)) throw refuse('tag_not_manual', { name: tag.name })
  return tag
}

/** Tags members by id or card number; who has the tag keeps it as it is. */
export const tagMembers = async (
  tx: Tx,
  actor: Pick<OperatorActor, 'storeIds'> & { operatorId: string | null },
  { tagId, memberIds, cardNos }: Parsed<'POST /admin/tags/:tagId/members'>,
  now: number,
): Promise<Output<'POST /admin/tags/:tagId/members'>> => {
  const tag = await handTag(tx, tagId)
  const named = await membersNamed(tx, memberIds, cardNos, actor.storeIds)
  const found = new Set(named.flatMap((m) => [m.id, m.cardNo]))
  const ids = [...new Set(named.map((m) => m.id))].sort()
  const tagged = await tx.insertNew(
    'member_tag',
    ids.map((memberId) => ({ memberId, tagId, source: tag.kind, at: now, operatorId: actor.operatorId })),
  )
  return {
    tagged,
    already: ids.length - tagged,
    unknown: [...new Set([...memberIds, ...cardNos])].filter((x) => !found.has(x)),
  }
}

/** Takes a tag from members; who does not have it is not counted. */
export const untagMembers = async (
  tx: Tx,
  actor: Pick<OperatorActor, 'storeIds'>,
  { tagId, memberIds }: Parsed<'POST /admin/tags/:tagId/removals'>,
): Promise<{ removed: number }> => {
  await handTag(tx, tagId)
  const ids = (await membersNamed(tx, memberIds, [], actor.storeIds)).map((m) => m.id)
  const removed = await tx.run(`DELETE FROM member_tag WHERE tagId = ? AND memberId IN ${marks(ids)}`, [tagId, ...ids])
  return { removed }
}

/** A masked page of the members with a tag. Index member_tag_tag. */
export const membersOfTag = async (
  db: Reader,
  deps: Deps,
  actor: OperatorActor,
  { tagId, cursor = '', limit }: Parsed<'GET /admin/tags/:tagId/members'>,
): Promise<Output<'GET /admin/tags/:tagId/members'>> => {
  await tagById(db, tagId)
  const home = within(actor.storeIds)
  const rows = await db.read<{ memberId: string; at: number; source: View['kind'] }>(
    `SELECT x.memberId, x.at, x.source FROM member_tag x JOIN segment_fact f ON f.memberId = x.memberId
     WHERE x.tagId = ? AND x.memberId > ?${home.text} ORDER BY x.memberId LIMIT ?`,
    [tagId, cursor, ...home.params, limit + 1],
  )
  const byId = new Map(rows.map((r) => [r.memberId, r]))
  const page = await cardPage(
    db,
    deps.keys,
    rows.map((r) => r.memberId),
    limit,
  )
  return {
    ...page,
    items: page.items.map((m) => {
      const row = byId.get(m.id)
      return { ...m, taggedAt: Number(row?.at ?? 0), source: row?.source ?? 'manual' }
    }),
  }
}
