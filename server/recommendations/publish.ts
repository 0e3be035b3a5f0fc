import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { startThread } from '../thread'
import type { RecommendationItem, RecommendationModel } from './entity'
import { packNeighbours, unpackModel, unpackNeighbours } from './models/codec'
import { cosine, neighbourPolicy, withLists } from './models/neighbours'
import type { TrainingOrder, TrainingResult } from './train-thread'

/** Models whose arrays are kept, so that a replica that is loading finds what it began to read. */
const keptBlobs = 3

export interface Publication {
  kind: 'full' | 'neighbours'
  /** The data it was learnt from ends here. */
  dataAt: number
  seconds: number
  card: object
  blob: string
}

/** A model without its arrays. */
export type ModelHead = Omit<RecommendationModel, 'packed' | 'card'>
const headColumns = 'id, kind, version, dataAt, createdAt, seconds'

/** The model in use: the one with the newest data. Index recommendation_model_newest. */
export const newestModel = async (db: Reader, kind: Publication['kind']): Promise<ModelHead | undefined> =>
  (
    await db.read<ModelHead>(
      `SELECT ${headColumns} FROM recommendation_model WHERE kind = ? ORDER BY dataAt DESC, version DESC LIMIT 1`,
      [kind],
    )
  )[0]

/** One column of a model. */
export const partOfModel = async (db: Reader, id: string, part: 'packed' | 'card'): Promise<string> =>
  (await db.read<{ text: string }>(`SELECT ${part} AS text FROM recommendation_model WHERE id = ?`, [id]))[0]?.text ??
  ''

/**
 * Publishes a model; answers its version. Two at once get two versions, whoever commits first, and the one with the newer data is used:
 * a slow training that began earlier cannot push out a later one.
 */
export const publishModel = async (tx: Tx, p: Publication, now: number): Promise<number> => {
  for (;;) {
    const [{ top }] = await tx.read<{ top: number | null }>(
      'SELECT MAX(version) AS top FROM recommendation_model WHERE kind = ?',
      [p.kind],
    )
    const version = Number(top ?? 0) + 1
    const row = {
      id: newId(now),
      kind: p.kind,
      version,
      dataAt: p.dataAt,
      createdAt: now,
      seconds: Math.round(p.seconds),
    }
    // The unique key is the claim of the version: whoever comes second sees the first one's row on the next round.
    if (!(await tx.insertNew('recommendation_model', [{ ...row, card: JSON.stringify(p.card), packed: p.blob }])))
      continue
    const kept = await tx.read<{ id: string }>(
      'SELECT id FROM recommendation_model WHERE kind = ? ORDER BY dataAt DESC, version DESC LIMIT ?',
      [p.kind, keptBlobs],
    )
    const ids = kept.map((k) => k.id)
    if (p.kind === 'full')
      tx.write(`UPDATE recommendation_model SET packed = '' WHERE kind = 'full' AND id NOT IN ${marks(ids)}`, ids)
    else tx.write(`DELETE FROM recommendation_model WHERE kind = 'neighbours' AND id NOT IN ${marks(ids)}`, ids)
    return version
  }
}

/** Trains in a thread of its own; null when nobody has bought anything yet. */
export const trainAside = (deps: Deps, order: TrainingOrder): Promise<TrainingResult> =>
  new Promise((done, fail) => {
    const worker = startThread('./train-thread', __filename, { env: deps.env, order })
    worker.once('message', (result: TrainingResult) => {
      done(result)
      void worker.terminate()
    })
    worker.once('error', fail)
    worker.once('exit', () => fail(new Error('The training ended without a model')))
  })

/** Weights of the pairs of some items, as they stand now. */
const listsOf = async (
  db: Reader,
  items: readonly number[],
  members: ReadonlyMap<number, number>,
): Promise<Map<number, { item: number; weight: number }[]>> => {
  const lists = new Map(items.map((i) => [i, [] as { item: number; weight: number }[]]))
  const add = (from: number, to: number, together: number): void => {
    lists.get(from)?.push({ item: to, weight: cosine(together, members.get(from) ?? 0, members.get(to) ?? 0) })
  }
  for (let x = 0; x < items.length; x += 100) {
    const part = items.slice(x, x + 100)
    for (const r of await db.read<{ a: number; b: number; members: number }>(
      `SELECT a, b, members FROM recommendation_pair WHERE a IN ${marks(part)} AND members > 0`,
      part,
    ))
      add(r.a, r.b, r.members)
    for (const r of await db.read<{ a: number; b: number; members: number }>(
      `SELECT a, b, members FROM recommendation_pair WHERE b IN ${marks(part)} AND members > 0`,
      part,
    ))
      add(r.b, r.a, r.members)
  }
  for (const [item, list] of lists)
    lists.set(item, list.sort((a, b) => b.weight - a.weight || a.item - b.item).slice(0, neighbourPolicy.perItem))
  return lists
}

/**
 * Item-kNN with the lists of items renewed whose pairs changed since the last publication; null when none did, or when no full model is
 * there to renew. Reads only.
 */
export const renewNeighbours = async (db: Reader, now: number): Promise<(Publication & { items: number }) | null> => {
  const [full, last] = await Promise.all([newestModel(db, 'full'), newestModel(db, 'neighbours')])
  if (!full) return null
  const base = last && last.dataAt > full.dataAt ? last : full
  const rows = await db.read<RecommendationItem>('SELECT * FROM recommendation_item')
  const changed = rows.filter((r) => r.changedAt > base.dataAt).map((r) => r.no)
  if (!changed.length) return null
  const started = performance.now()
  const blob = await partOfModel(db, base.id, 'packed')
  const known = base.kind === 'full' ? (await unpackModel(blob)).neighbours : await unpackNeighbours(blob)
  const members = new Map(rows.map((r) => [r.no, r.members]))
  const items = rows.reduce((most, r) => Math.max(most, r.no + 1), 0)
  const renewed = withLists(known, items, await listsOf(db, changed, members))
  const seconds = (performance.now() - started) / 1000
  return { kind: 'neighbours', dataAt: now, seconds, card: {}, blob: packNeighbours(renewed), items: changed.length }
}
