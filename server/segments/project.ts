import { civilDay, MINUTE_MS } from '../../shared/time'
import { marks, type Row } from '../db/statement'
import type { Tx } from '../db/transaction'
import { groupWallet } from '../points/service'
import { groupTrack } from '../tiers/service'
import type { SegmentCategory, SegmentFact } from './entity'
import { categoriesOf, factsOf } from './facts'

/** How far a look for changes reaches back before the last one: longer than any transaction takes from its first id to its commit. */
export const overlapMs = 10 * MINUTE_MS
/** Members read at once. */
export const projectAtOnce = 250

const same = <T extends object>(a: T | undefined, b: T): boolean =>
  !!a && (Object.keys(b) as (keyof T)[]).every((k) => String(a[k]) === String(b[k]))

const keyOf = (c: Pick<SegmentCategory, 'category' | 'memberId'>): string => `${c.category}|${c.memberId}`
/** Columns an upsert overwrites: all but the key. */
const columnsOf = (row: object, key: readonly string[]): string[] => Object.keys(row).filter((k) => !key.includes(k))

const projectSome = async (tx: Tx, ids: readonly string[], now: number): Promise<number> => {
  const today = civilDay(now)
  const bought = await categoriesOf(tx, ids, today)
  const wanted = await factsOf(tx, ids, bought, { walletId: groupWallet, trackId: groupTrack, today, now })
  const present = await tx.read<SegmentFact>(`SELECT * FROM segment_fact WHERE memberId IN ${marks(ids)}`, [...ids])
  const known = new Map(present.map((f) => [f.memberId, f]))
  const changed = wanted.filter((f) => !same(known.get(f.memberId), f))
  if (changed.length)
    tx.upsert('segment_fact', ['memberId'], columnsOf(changed[0], ['memberId']), changed as unknown as Row[])
  const active = new Set(wanted.map((f) => f.memberId))
  const left = present.filter((f) => !active.has(f.memberId)).map((f) => f.memberId)
  if (left.length) tx.write(`DELETE FROM segment_fact WHERE memberId IN ${marks(left)}`, left)

  const before = await tx.read<SegmentCategory>(`SELECT * FROM segment_category WHERE memberId IN ${marks(ids)}`, [
    ...ids,
  ])
  const held = new Map(before.map((c) => [keyOf(c), c]))
  const kept = new Set(bought.map(keyOf))
  const fresh = bought.filter((c) => !same(held.get(keyOf(c)), c))
  if (fresh.length)
    tx.upsert(
      'segment_category',
      ['category', 'memberId'],
      ['lastDay', 'orders', 'orders90', 'orders365'],
      fresh as unknown as Row[],
    )
  for (const gone of before.filter((c) => !kept.has(keyOf(c))))
    tx.write('DELETE FROM segment_category WHERE category = ? AND memberId = ?', [gone.category, gone.memberId])
  return changed.length + left.length
}

/**
 * Brings the flat rows of some members up to date with the tables they are copied from; answers how many changed. Only active
 * members have a row.
 */
export const projectMembers = async (tx: Tx, ids: readonly string[], now: number): Promise<number> => {
  let changed = 0
  for (let i = 0; i < ids.length; i += projectAtOnce)
    changed += await projectSome(tx, ids.slice(i, i + projectAtOnce), now)
  return changed
}
