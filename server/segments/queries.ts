import type { Output, Parsed } from '../../shared/contract'
import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import type { Keys } from '../keys'
import { maskName } from '../mask'
import { phoneMaskedOf } from '../members/service'
import { tiersOf } from '../tiers/service'
import { unhurried } from './count'
import { cardRows, factsAsOf, productOptions } from './facts'
import { catalogue, fieldOf } from './field-rules'
import { opWords } from './field-shape-rules'
import type { Compiled } from './rules'
import { choicesOf, compileSegment, within } from './terms'

export type Card = Output<'POST /admin/segments/preview'>['items'][number]

/** Masked members in the order of the ids given, at most 500. */
export const memberCards = async (db: Reader, keys: Keys, ids: readonly string[]): Promise<Card[]> => {
  const [rows, tiers] = await Promise.all([cardRows(db, ids), tiersOf(db)])
  const names = new Map(tiers.map((t) => [t.level, t.name]))
  const byId = new Map(rows.map((r) => [r.id, r]))
  return ids.flatMap((id) => {
    const m = byId.get(id)
    if (!m) return []
    return [
      {
        id: m.id,
        cardNo: m.cardNo,
        nameMasked: maskName(m.name),
        phoneMasked: phoneMaskedOf(keys, m),
        tierLevel: m.tierLevel,
        tierName: names.get(m.tierLevel) ?? `等级 ${m.tierLevel}`,
        purchases: m.purchases ?? 0,
        spendFen: Number(m.spendFen ?? 0),
        lastPurchaseAt: m.lastPurchaseAt ? Number(m.lastPurchaseAt) : null,
        joinedAt: Number(m.joinedAt),
      },
    ]
  })
}

/** A page of masked members from ids read one further than the page is long. */
export const cardPage = async (
  db: Reader,
  keys: Keys,
  ids: readonly string[],
  limit: number,
): Promise<{ items: Card[]; nextCursor: string | null }> => {
  const shown = ids.slice(0, limit)
  return { items: await memberCards(db, keys, shown), nextCursor: ids.length > limit ? shown[shown.length - 1] : null }
}

/** The field catalogue with the choices of the day. */
export const fieldsView = async (db: Reader): Promise<Output<'GET /admin/segment-fields'>> => {
  const lists = new Map<string, { value: string; label: string }[] | null>()
  for (const list of new Set(catalogue.flatMap((f) => (f.choices ? [f.choices] : []))))
    lists.set(list, await choicesOf(db, list))
  return {
    fields: catalogue.map(({ answer, ops, options, choices, unit = '', ...field }) => ({
      ...field,
      unit,
      ops: ops.map((op) => {
        const { label, needs } = opWords[op]
        // Between two days asks for two days, between two numbers for two numbers.
        const range = field.type === 'day' && op === 'between'
        return { op, label, needs: range ? ['day' as const] : [...needs] }
      }),
      options: options ? [...options] : choices ? (lists.get(choices) ?? null) : [],
    })),
    asOf: await factsAsOf(db),
  }
}

/** Choices of a field by name, or the names of some. */
export const fieldOptions = async (
  db: Reader,
  { field: name, q = '', ids = '' }: Parsed<'GET /admin/segment-fields/:field/options'>,
): Promise<Output<'GET /admin/segment-fields/:field/options'>> => {
  const field = fieldOf(name)
  if (!field) throw refuse('not_found')
  const wanted = ids.split(',').filter(Boolean).slice(0, 100)
  if (field.choices === 'products') return { options: await productOptions(db, q, wanted) }
  const all = field.options ?? (field.choices ? ((await choicesOf(db, field.choices)) ?? []) : [])
  return {
    options: all.filter((o) => (wanted.length ? wanted.includes(o.value) : o.label.includes(q))).slice(0, 100),
  }
}

/** Ids a condition holds for after one, in order. */
export const idsOfCompiled = async (
  db: Reader,
  compiled: Pick<Compiled, 'text' | 'params'>,
  scope: readonly string[] | null,
  { cursor = '', limit }: { cursor?: string; limit: number },
): Promise<string[]> => {
  const home = within(scope)
  const rows = await db.read<{ memberId: string }>(
    `SELECT f.memberId FROM segment_fact f WHERE f.memberId > ? AND ${compiled.text}${home.text} ORDER BY f.memberId LIMIT ?`,
    [cursor, ...compiled.params, ...home.params, limit],
  )
  return rows.map((r) => r.memberId)
}

/** A masked page of whom a tree holds for. */
export const previewTree = async (
  deps: Deps,
  actor: OperatorActor,
  { tree, cursor, limit }: Parsed<'POST /admin/segments/preview'>,
  now: number,
): Promise<Output<'POST /admin/segments/preview'>> => {
  const compiled = compileSegment(deps.keys, tree, now)
  const ids = await unhurried(deps, (db) => idsOfCompiled(db, compiled, actor.storeIds, { cursor, limit: limit + 1 }))
  return cardPage(deps.db, deps.keys, ids, limit)
}

/** Tags of a member and the tracked segments he is in. Primary key of member_tag, index segment_member_member. */
export const tagsOfMember = async (
  db: Reader,
  memberId: string,
): Promise<Output<'GET /admin/members/:memberId/tags'>> => {
  const [tags, segments] = await Promise.all([
    db.read<Output<'GET /admin/members/:memberId/tags'>['tags'][number]>(
      `SELECT t.id, t.name, t.category, t.color, t.kind, x.at AS taggedAt FROM member_tag x JOIN tag t ON t.id = x.tagId
       WHERE x.memberId = ? ORDER BY t.category, t.name`,
      [memberId],
    ),
    db.read<{ id: string; name: string; enteredAt: number }>(
      `SELECT s.id, s.name, x.since AS enteredAt FROM segment_member x JOIN segment s ON s.id = x.segmentId
       WHERE x.memberId = ? AND x.inside = 1 ORDER BY s.name`,
      [memberId],
    ),
  ])
  return {
    tags: tags.map((t) => ({ ...t, taggedAt: Number(t.taggedAt) })),
    segments: segments.map((s) => ({ ...s, enteredAt: Number(s.enteredAt) })),
  }
}

/** Names of some segments or tags, by id; what is missing is not there any more. */
export const existing = async (db: Reader, table: 'segment' | 'tag', ids: readonly string[]): Promise<Set<string>> =>
  new Set(
    (await db.read<{ id: string }>(`SELECT id FROM ${table} WHERE id IN ${marks(ids)}`, [...ids])).map((r) => r.id),
  )
