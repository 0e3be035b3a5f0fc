import { isContention } from '../db/dialect'
import type { Bindable } from '../db/statement'
import type { Tx } from '../db/transaction'
import { isLostRun, type Tick } from './job'

/** Work that goes through rows in the order of a key. */
export interface Batched<Item> {
  /** The rows after `cursor` ('' at the start), in key order, at most `limit`. */
  next(tx: Tx, cursor: string, limit: number): Promise<Item[]>
  /** The row's key. */
  keyOf(item: Item): string
  /** Treats rows; what it writes commits together with the cursor. Answers how many it changed and, if it likes, what went wrong. */
  treat(tx: Tx, items: Item[], now: number): Promise<{ processed: number; failed?: number; error?: string }>
}

/** Why a row could not be treated, short enough for the operators' page. */
export const describeError = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 500)

/**
 * Goes through all rows batch by batch. When a batch fails, its rows are treated one at a time: the poison row is counted with its error
 * and the rest still happens. A database that cannot be reached fails the run instead, to go on from the cursor later.
 * @param prefix put before the row's key in the run's cursor, for jobs that go through several lists
 */
export const batch = async <Item>(tick: Tick, work: Batched<Item>, prefix = ''): Promise<void> => {
  const { limit } = tick.job
  let cursor = tick.cursor?.startsWith(prefix) ? tick.cursor.slice(prefix.length) : ''
  /** Rows of a failed batch that are still to be treated alone. */
  let alone = 0
  for (;;) {
    if (tick.stopping()) return
    let taken: Item[] = []
    try {
      await tick.step(async (tx, now) => {
        taken = await work.next(tx, cursor, alone ? 1 : limit)
        const last = taken.at(-1)
        if (last === undefined) return { cursor: `${prefix}${cursor}`, processed: 0 }
        const done = await work.treat(tx, taken, now)
        return { cursor: `${prefix}${work.keyOf(last)}`, ...done }
      })
    } catch (error) {
      if (!taken.length || isContention(error) || isLostRun(error)) throw error
      if (taken.length > 1) {
        alone = taken.length
        continue
      }
      const key = work.keyOf(taken[0])
      const sample = `${key}: ${describeError(error)}`
      await tick.step(async () => ({ cursor: `${prefix}${key}`, processed: 0, failed: 1, error: sample }))
    }
    const last = taken.at(-1)
    if (last === undefined) return
    cursor = work.keyOf(last)
    if (alone) alone--
    else if (taken.length < limit) return
  }
}

/** Goes through several lists in their order; a run that is taken over goes on in the list it had reached. Keys hold no '|'. */
export const batchEach = async <Item>(
  tick: Tick,
  lists: readonly { key: string; work: Batched<Item> }[],
): Promise<void> => {
  const reached = lists.findIndex((list) => tick.cursor?.startsWith(`${list.key}|`))
  for (const { key, work } of lists.slice(Math.max(0, reached))) {
    if (tick.stopping()) return
    await batch(tick, work, `${key}|`)
  }
}

/** Repeats a step that chooses its own rows, until it answers no further cursor. */
export const steps = async (
  tick: Tick,
  work: (tx: Tx, cursor: string, limit: number, now: number) => Promise<{ cursor: string | null; processed: number }>,
): Promise<void> => {
  let cursor: string | null = tick.cursor ?? ''
  while (cursor !== null && !tick.stopping()) {
    const from: string = cursor
    await tick.step(async (tx, now) => {
      const done = await work(tx, from, tick.job.limit, now)
      cursor = done.cursor
      return { cursor: done.cursor ?? from, processed: done.processed }
    })
  }
}

/**
 * Deletes old rows in small transactions, so that nobody waits for a long one.
 * @param key the primary key's columns
 * @param where which rows have had their time, with its parameters
 */
export const sweep = async (
  tick: Tick,
  { table, key, where, params }: { table: string; key: string[]; where: string; params: Bindable[] },
): Promise<void> => {
  for (let found = tick.job.limit; found === tick.job.limit && !tick.stopping(); ) {
    await tick.step(async (tx) => {
      const rows = await tx.read<Record<string, Bindable>>(
        `SELECT ${key.join(', ')} FROM ${table} WHERE ${where} LIMIT ?`,
        [...params, tick.job.limit],
      )
      found = rows.length
      const same = `(${key.map((column) => `${column} = ?`).join(' AND ')})`
      if (found)
        tx.write(
          `DELETE FROM ${table} WHERE ${rows.map(() => same).join(' OR ')}`,
          rows.flatMap((row) => key.map((column) => row[column])),
        )
      return { cursor: table, processed: found }
    })
  }
}
