import { civilDay, DAY_MS, startOfDay } from '../../shared/time'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import type { RecommendationHistory, RecommendationItem } from './entity'
import { buyersAfter, linesOfMembers, membersOutOfStep, tail } from './facts'
import { packHistory, unpackHistory } from './models/codec'
import { type Bought, historyOf } from './models/histories'
import { countPairs, type PairCounts, pairedItems, pairOf } from './models/neighbours'

/**
 * Histories and pair counts follow the purchases. A purchase is found by its id, which grows with time; what is younger than this is left
 * for the next round, because a transaction with an older id may still commit.
 */
const settleMs = 60_000
/** Members recomputed with one statement. */
const membersAtOnce = 200

/** Days since 1970-01-01 of a civil day. */
export const dayNumberOf = (day: string): number => Math.round(startOfDay(day, 0) / DAY_MS)
/** The civil day of a day number. */
export const dayOfNumber = (number: number): string => civilDay(number * DAY_MS, 0)

/** The smallest id that could be made at a moment: ids begin with eight digits of time in base 36. */
const idAt = (epochMs: number): string => Math.max(0, epochMs).toString(36).padStart(8, '0')

/** Numbers of products; those that are new get the next ones. The caller holds the cursor's lock, so nobody else numbers. */
const numbersOf = async (tx: Tx, productIds: readonly string[]): Promise<Map<string, number>> => {
  const numbers = new Map<string, number>()
  for (let i = 0; i < productIds.length; i += 500) {
    const part = productIds.slice(i, i + 500)
    const rows = await tx.read<Pick<RecommendationItem, 'no' | 'productId'>>(
      `SELECT no, productId FROM recommendation_item WHERE productId IN ${marks(part)}`,
      [...part],
    )
    for (const r of rows) numbers.set(r.productId, r.no)
  }
  const fresh = productIds.filter((p) => !numbers.has(p)).sort()
  if (!fresh.length) return numbers
  const [{ free }] = await tx.read<{ free: number | null }>('SELECT MAX(no) + 1 AS free FROM recommendation_item')
  const first = Number(free ?? 0)
  for (const [i, productId] of fresh.entries()) numbers.set(productId, first + i)
  tx.insert(
    'recommendation_item',
    fresh.map((productId, i) => ({ no: first + i, productId, members: 0, changedAt: 0 })),
  )
  return numbers
}

const writePairs = (tx: Tx, counts: PairCounts, now: number): void => {
  const touched = new Map<number, number>()
  const pairs: { a: number; b: number; members: number }[] = []
  for (const [key, by] of counts.pair) {
    if (!by) continue
    const [a, b] = pairOf(key)
    pairs.push({ a, b, members: by })
    for (const i of [a, b]) if (!touched.has(i)) touched.set(i, 0)
  }
  for (const [item, by] of counts.single) if (by) touched.set(item, by)
  pairs.sort((x, y) => x.a - y.a || x.b - y.b)
  tx.increment('recommendation_pair', ['a', 'b'], ['members'], pairs)
  for (const [no, by] of [...touched].sort(([x], [y]) => x - y))
    tx.write('UPDATE recommendation_item SET members = members + ?, changedAt = ? WHERE no = ?', [by, now, no])
}

/**
 * Makes the histories of some members what their purchases say, and moves the pair counts by the difference. A function of the purchases
 * alone: done again, in another order, or after a refund, it gives what a rebuild gives. The caller holds the cursor's lock.
 */
const refreshMembers = async (tx: Tx, memberIds: readonly string[], now: number): Promise<void> => {
  const counts: PairCounts = { single: new Map(), pair: new Map() }
  for (let i = 0; i < memberIds.length; i += membersAtOnce) {
    const part = memberIds.slice(i, i + membersAtOnce)
    const lines = await linesOfMembers(tx, part)
    const numbers = await numbersOf(tx, [...new Set(lines.map((l) => l.productId))])
    const old = await tx.read<RecommendationHistory>(
      `SELECT * FROM recommendation_history WHERE memberId IN ${marks(part)}`,
      [...part],
    )
    const known = new Map(old.map((r) => [r.memberId, r]))
    const bought = new Map<string, Bought[]>()
    for (const l of lines) {
      const one = { item: numbers.get(l.productId) as number, day: dayNumberOf(l.onDay) }
      const own = bought.get(l.memberId)
      if (own) own.push(one)
      else bought.set(l.memberId, [one])
    }
    const rows: (Omit<RecommendationHistory, 'updatedAt'> & { updatedAt: number })[] = []
    const gone: string[] = []
    for (const memberId of part) {
      const before = known.get(memberId)
      const h = historyOf(bought.get(memberId) ?? [])
      const entries = packHistory(h)
      if (before ? before.entries === entries && before.visits === h.visits : !h.item.length) continue
      if (before) countPairs(counts, pairedItems(unpackHistory(before.entries, before.visits)), -1)
      countPairs(counts, pairedItems(h), 1)
      if (h.item.length) rows.push({ memberId, visits: h.visits, entries, updatedAt: now })
      else gone.push(memberId)
    }
    tx.upsert('recommendation_history', ['memberId'], ['visits', 'entries', 'updatedAt'], rows)
    if (gone.length) tx.write(`DELETE FROM recommendation_history WHERE memberId IN ${marks(gone)}`, gone)
  }
  writePairs(tx, counts, now)
}

type Position = 'purchase' | 'refund' | 'rebuild'
const positions: readonly Position[] = ['purchase', 'refund', 'rebuild']
const done = 'done'

/** Where each tail stands, locked until the transaction ends: one process at a time follows. */
const lockPositions = async (tx: Tx, now: number): Promise<Record<Position, string>> => {
  const rows = await tx.read<{ name: Position; position: string }>(
    `SELECT name, position FROM recommendation_cursor ORDER BY name${tx.lock}`,
  )
  if (rows.length === positions.length)
    return Object.fromEntries(rows.map((r) => [r.name, r.position])) as Record<Position, string>
  // The first round: purchases so far are read member by member, later ones as they come.
  const start = { purchase: idAt(now - settleMs), refund: idAt(now - settleMs), rebuild: '' }
  await tx.insertNew(
    'recommendation_cursor',
    positions.map((name) => ({ name, position: start[name] })),
  )
  return start
}
const move = (tx: Tx, name: Position, position: string): void =>
  tx.write('UPDATE recommendation_cursor SET position = ? WHERE name = ?', [position, name])

/**
 * One step of following: members of the first rebuild, then purchases and refunds that came since. Answers how many members were looked at
 * and whether there is more to do.
 */
export const followStep = async (tx: Tx, limit: number, now: number): Promise<{ members: number; more: boolean }> => {
  const at = await lockPositions(tx, now)
  if (at.rebuild !== done) {
    const members = await buyersAfter(tx, at.rebuild, limit)
    await refreshMembers(tx, members, now)
    move(tx, 'rebuild', members.length < limit ? done : (members.at(-1) as string))
    return { members: members.length, more: true }
  }
  const before = idAt(now - settleMs)
  const found = await Promise.all([
    tail(tx, 'purchase', { after: at.purchase, before, limit }),
    tail(tx, 'refund', { after: at.refund, before, limit }),
  ])
  const members = [...new Set(found.flat().map((f) => f.memberId))]
  await refreshMembers(tx, members, now)
  for (const [i, name] of (['purchase', 'refund'] as const).entries()) {
    const last = found[i].at(-1)
    if (last) move(tx, name, last.id)
  }
  return { members: members.length, more: found.some((f) => f.length === limit) }
}

/**
 * One step of the nightly pass that takes members out who switched personalisation off or left, and those in who switched it on again.
 * @param cursor the last member looked at, '' at the start
 */
export const reconcileStep = async (
  tx: Tx,
  cursor: string,
  limit: number,
  now: number,
): Promise<{ cursor: string | null; processed: number }> => {
  await lockPositions(tx, now)
  const rows = await membersOutOfStep(tx, cursor, limit)
  const wrong = rows.filter((r) => Number(r.wrong)).map((r) => r.memberId)
  await refreshMembers(tx, wrong, now)
  return { cursor: rows.length < limit ? null : (rows.at(-1)?.memberId ?? null), processed: wrong.length }
}

/** Deletes what is kept of one member: history and what was shown. Pair counts name nobody and move with the next step. */
export const forgetRecommendations = async (tx: Tx, memberId: string, now: number): Promise<void> => {
  await lockPositions(tx, now)
  const [known] = await tx.read<RecommendationHistory>('SELECT * FROM recommendation_history WHERE memberId = ?', [
    memberId,
  ])
  if (known) {
    const counts: PairCounts = { single: new Map(), pair: new Map() }
    countPairs(counts, pairedItems(unpackHistory(known.entries, known.visits)), -1)
    writePairs(tx, counts, now)
  }
  tx.write('DELETE FROM recommendation_history WHERE memberId = ?', [memberId])
  tx.write('DELETE FROM recommendation_event WHERE memberId = ?', [memberId])
}

/** Numbers and products of all items, by number. */
export const itemsByNumber = async (db: Reader): Promise<string[]> => {
  const rows = await db.read<{ no: number; productId: string }>('SELECT no, productId FROM recommendation_item')
  const list: string[] = []
  for (const r of rows) list[r.no] = r.productId
  return list
}
