import { createHash } from 'node:crypto'
import { civilDay } from '../../shared/time'
import type { Reader } from '../db/transaction'
import { allProducts, firstSaleDay, linesOfMembers, soldOn } from './facts'
import { dayNumberOf, dayOfNumber, itemsByNumber } from './follow'
import { unpackHistory } from './models/codec'
import type { ItemText } from './models/content'
import { type History, joinHistories } from './models/histories'
import { popularityPolicy, type Sold } from './models/popularity'
import type { Lines, TrainingInput } from './models/train'

export const trainingPolicy = {
  /** Histories learnt from: above this a part of the members, drawn by their ids, stands for all. About 60 MB. */
  maxMembers: 200_000,
  /** Entries of histories in all; whichever bound is met first holds. */
  maxEntries: 8_000_000,
  /** Members whose purchases are read one by one for validation and test. */
  tested: 3000,
  /** Length of test and of validation, in days; a young shop gets shorter ones. */
  testDays: 60,
} as const

/** A number from 0 to 1 that an id always has: draws the same part of the members every night. */
const drawOf = (id: string): number => createHash('sha1').update(id).digest().readUInt32BE(0) / 2 ** 32

interface Read {
  ids: string[]
  histories: History[]
}

/** Histories in id order, a page at a time; when there are too many, those with the smallest draws. */
const readHistories = async (db: Reader): Promise<Read> => {
  const [{ n }] = await db.read<{ n: number }>('SELECT COUNT(*) AS n FROM recommendation_history')
  const share = Math.min(1, trainingPolicy.maxMembers / Math.max(1, Number(n)))
  const read: Read = { ids: [], histories: [] }
  let entries = 0
  for (let after = ''; entries < trainingPolicy.maxEntries; ) {
    const rows = await db.read<{ memberId: string; visits: number; entries: string }>(
      'SELECT memberId, visits, entries FROM recommendation_history WHERE memberId > ? ORDER BY memberId LIMIT 2000',
      [after],
    )
    for (const r of rows) {
      if (share < 1 && drawOf(r.memberId) >= share) continue
      const h = unpackHistory(r.entries, r.visits)
      entries += h.item.length
      read.ids.push(r.memberId)
      read.histories.push(h)
    }
    const last = rows.at(-1)
    if (rows.length < 2000 || !last) break
    after = last.memberId
  }
  return read
}

/** Purchases, one by one, of the members to test on: those with the smallest draws who came on two days or more. */
const readLines = async (
  db: Reader,
  { ids, histories }: Read,
  { numbers, tested }: { numbers: Map<string, number>; tested: number },
): Promise<Lines> => {
  const chosen = ids
    .map((id, row) => ({ id, row, draw: drawOf(`test/${id}`) }))
    .filter(({ row }) => histories[row].visits > 1)
    .sort((a, b) => a.draw - b.draw)
    .slice(0, tested)
  const own = new Map(chosen.map((c) => [c.id, [] as { item: number; day: number }[]]))
  for (let i = 0; i < chosen.length; i += 200)
    for (const l of await linesOfMembers(
      db,
      chosen.slice(i, i + 200).map((c) => c.id),
    )) {
      const item = numbers.get(l.productId)
      if (item !== undefined) own.get(l.memberId)?.push({ item, day: dayNumberOf(l.onDay) })
    }
  const lists = chosen.map((c) => own.get(c.id) ?? [])
  const start = new Int32Array(lists.length + 1)
  for (const [x, list] of lists.entries()) start[x + 1] = start[x] + list.length
  const flat = lists.flat()
  return {
    row: Int32Array.from(chosen, (c) => c.row),
    start,
    item: Uint32Array.from(flat, (b) => b.item),
    day: Uint16Array.from(flat, (b) => b.day),
  }
}

const readSold = async (db: Reader, from: number, to: number, numbers: Map<string, number>): Promise<Sold[]> => {
  const sold: Sold[] = []
  for (let day = from; day < to; day++)
    for (const r of await soldOn(db, dayOfNumber(day))) {
      const item = numbers.get(r.productId)
      if (item !== undefined) sold.push({ item, day, storeId: r.storeId, buyers: Number(r.buyers) })
    }
  return sold
}

/**
 * Reads what a training needs. Today itself does not count: it is not over.
 * @param easeItems the most items EASE may cover
 * @param tested members whose purchases are read one by one, for validation and test
 */
export const readTrainingInput = async (
  db: Reader,
  { now, easeItems, tested }: { now: number; easeItems: number; tested: number },
): Promise<TrainingInput> => {
  const day = dayNumberOf(civilDay(now))
  const [products, productIds, read, first] = await Promise.all([
    allProducts(db),
    itemsByNumber(db),
    readHistories(db),
    firstSaleDay(db),
  ])
  const byId = new Map(products.map((p) => [p.id, p]))
  const numbers = new Map(productIds.map((p, no) => [p, no]))
  const texts = Array.from(productIds, (id): ItemText | null => {
    const p = byId.get(id)
    return p ? { name: p.name, category: p.category } : null
  })
  // A shop that opened some weeks ago is tested on its last third.
  const age = first ? Math.max(1, day - dayNumberOf(first)) : 1
  const testDays = Math.max(1, Math.min(trainingPolicy.testDays, Math.floor(age / 3)))
  return {
    items: productIds.length,
    texts,
    histories: joinHistories(read.histories, productIds.length),
    lines: await readLines(db, read, { numbers, tested }),
    sold: await readSold(db, Math.max(day - age, day - 2 * testDays - popularityPolicy.windowDays), day, numbers),
    day,
    testDays,
    validationDays: testDays,
    easeItems,
  }
}
