import type { Bindable, Row } from '../db/statement'
import type { Tx } from '../db/transaction'

/** Rows a calculation wants written: overwritten where the key exists, or, with `update` empty, only where it does not. */
export interface Upsert {
  table: string
  key: string[]
  update: string[]
  rows: Row[]
}
/** What a calculation hands over for one transaction. Plain data: it may come from another thread. */
export interface Step {
  /** Members looked at in this step. */
  processed: number
  upserts: Upsert[]
  deletes?: { table: string; column: string; ids: string[] }[]
  /** Run before the rows are written. */
  statements?: { text: string; params: Bindable[] }[]
  /** Rows whose `add` columns are added to those of the rows that are there; sums that are kept up with what they sum. */
  adds?: { table: string; key: string[]; add: string[]; rows: Row[] }[]
  /** The calculation reads nothing of what this step writes, so in a thread it may go on while the database writes. */
  ahead?: boolean
}
/** What a calculation says at its end; `facts` goes into the row of the run. */
export interface Result {
  members: number
  written: number
  moved: number
  facts: Record<string, unknown>
}
/** A calculation: it reads by itself, yields what is to be written, and goes on when that is committed (but see `ahead`). */
export type Work = AsyncGenerator<Step, Result, void>

/** Writes a step in its transaction. */
export const applyStep = (tx: Tx, step: Step): void => {
  for (const { text, params } of step.statements ?? []) tx.write(text, params)
  for (const { table, key, update, rows } of step.upserts)
    if (update.length) tx.upsert(table, key, update, rows)
    else tx.insert(table, rows, { ignore: true })
  for (const { table, key, add, rows } of step.adds ?? []) tx.increment(table, key, add, rows)
  for (const { table, column, ids } of step.deletes ?? [])
    for (const id of ids) tx.write(`DELETE FROM ${table} WHERE ${column} = ?`, [id])
}

/** Lets whatever waits for this thread have its turn: a database inside the process answers without giving up the thread. */
export const breathe = (): Promise<void> => new Promise((turn) => setImmediate(turn))

/** Milliseconds per named part of a calculation. */
export const stopwatch = (): { lap(name: string): void; laps: Record<string, number> } => {
  const laps: Record<string, number> = {}
  let last = performance.now()
  return {
    laps,
    lap: (name) => {
      const at = performance.now()
      laps[name] = Math.round((laps[name] ?? 0) + at - last)
      last = at
    },
  }
}

/** A column of numbers whose length is not known before it ends. */
export interface Growing<A> {
  push(value: number): void
  /** The values so far; they share the column's memory. */
  values(): A
}
const growingOf = <A extends Float64Array | Int32Array>(make: (length: number) => A): Growing<A> => {
  let held = make(1024)
  let length = 0
  return {
    push: (value) => {
      if (length === held.length) {
        const larger = make(length * 2)
        larger.set(held)
        held = larger
      }
      held[length++] = value
    },
    values: () => held.subarray(0, length) as A,
  }
}
export const growingNumbers = (): Growing<Float64Array> => growingOf((length) => new Float64Array(length))
/** Whole numbers below 2^31: half the memory. */
export const growingIntegers = (): Growing<Int32Array> => growingOf((length) => new Int32Array(length))
