import { type Dialect, isContention, type Session } from './dialect'
import { type Bindable, type Result, type Row, type Statement, sql } from './statement'

/** Anything that can be read from: the reader outside a transaction, or a transaction. */
export interface Reader {
  /** Rows of one SELECT. Pass `lock` to hold the rows until the transaction ends. */
  read<T = Record<string, unknown>>(text: string, params?: Bindable[]): Promise<T[]>
}

/**
 * One transaction as the commands see it. It begins with its first statement and what is written is held back until something is read
 * or the work is done, so that a whole command costs two packets on MySQL: `BEGIN; locks and loads` and `writes; COMMIT`.
 */
export interface Tx extends Reader {
  /** Several SELECTs in one packet, in order: locks first, loads after, so that the loads see what the locks waited for. */
  readAll(statements: Statement[]): Promise<Record<string, unknown>[][]>
  /** A statement to append to the next packet that reads; answers its rows. */
  alongside(statement: Statement): Promise<Record<string, unknown>[]>
  /** Writes without waiting; an error surfaces at the next read or at the commit, and undoes everything. */
  write(text: string, params?: Bindable[]): void
  /** Inserts rows without waiting. `ignore` skips rows whose key exists. */
  insert(table: string, rows: Row[], options?: { ignore?: boolean }): void
  /** Inserts rows or overwrites `update` of those whose `key` exists, without waiting. */
  upsert(table: string, key: string[], update: string[], rows: Row[]): void
  /** Inserts rows, or adds their `add` columns to those of the rows whose `key` exists, without waiting. */
  increment(table: string, key: string[], add: string[], rows: Row[]): void
  /** Writes now and answers how many rows changed: for conditional updates that decide. */
  run(text: string, params?: Bindable[]): Promise<number>
  /** Inserts now, skipping rows whose key exists; answers how many were new. */
  insertNew(table: string, rows: Row[]): Promise<number>
  /** Runs `fn` so that what it writes is undone alone when it throws, and lost or kept with this transaction otherwise. */
  savepoint<T>(fn: () => Promise<T>): Promise<T>
  /** ' FOR UPDATE' where the database needs it. */
  readonly lock: string
}

/** The database handed to services and frames. */
export interface Db extends Reader {
  readonly kind: Dialect['kind']
  /** Whether the database works inside this process (SQLite): reads outside a transaction hold up the thread that asks. */
  readonly inProcess: boolean
  readonly dialect: Dialect
  /**
   * Runs `fn` in one transaction. On SQLite transactions queue, first come first served; on MySQL each takes a pooled connection. A
   * deadlock or lock time-out runs `fn` again, so it must not touch anything outside. Never call it inside a transaction: on SQLite the
   * inner one would wait for the outer one forever; hand the `tx` on, and use its `savepoint` where a part must be undone alone. (Finding
   * out by AsyncLocalStorage that we are inside cost a fifth of the processor time of a hot request on Node 20.)
   */
  tx<T>(fn: (tx: Tx) => Promise<T>): Promise<T>
  /**
   * A reader for SELECTs that may take a second, such as a count of a million members: they hold up nobody else, and end after `limitMs`
   * with an error that `isTooSlow` (slow-reader.ts) knows.
   */
  aside(limitMs: number): Reader
  close(): Promise<void>
}

const contentionRetries = 8
const pause = (ms: number): Promise<void> => new Promise((r) => setTimeout(r, ms))

interface Unit {
  tx: Tx
  commit(): Promise<void>
  rollback(): Promise<boolean>
}

const unitOf = (dialect: Dialect, session: Session): Unit => {
  let begun = false
  let savepoints = 0
  let pending: Statement[] = []
  let riders: { statement: Statement; done: (rows: Record<string, unknown>[]) => void; fail: (e: unknown) => void }[] =
    []

  const flush = async (last: Statement[]): Promise<Result[]> => {
    const head = begun ? [] : [sql(dialect.begin)]
    const written = pending
    const passengers = riders
    pending = []
    riders = []
    begun = true
    try {
      const results = await session.send([...head, ...written, ...last, ...passengers.map((p) => p.statement)])
      const start = head.length + written.length
      for (const [i, p] of passengers.entries()) p.done(results[start + last.length + i].rows)
      return results.slice(start, start + last.length)
    } catch (error) {
      for (const p of passengers) p.fail(error)
      throw error
    }
  }
  const tx: Tx = {
    lock: dialect.forUpdate,
    read: async <T>(text: string, params: Bindable[] = []) => (await flush([sql(text, params)]))[0].rows as T[],
    readAll: async (statements) => (await flush(statements)).map((r) => r.rows),
    alongside: (statement) => new Promise((done, fail) => riders.push({ statement, done, fail })),
    write: (text, params = []) => {
      pending.push(sql(text, params))
    },
    insert: (table, rows, { ignore = false } = {}) => {
      if (rows.length) pending.push({ kind: 'insert', table, rows, ignore, update: [], key: [] })
    },
    upsert: (table, key, update, rows) => {
      if (rows.length) pending.push({ kind: 'insert', table, rows, ignore: false, update, key })
    },
    increment: (table, key, add, rows) => {
      if (rows.length) pending.push({ kind: 'insert', table, rows, ignore: false, update: [], add, key })
    },
    run: async (text, params = []) => (await flush([sql(text, params)]))[0].affected,
    insertNew: async (table, rows) =>
      rows.length ? (await flush([{ kind: 'insert', table, rows, ignore: true, update: [], key: [] }]))[0].affected : 0,
    savepoint: async (fn) => {
      const name = `s${++savepoints}`
      await tx.run(`SAVEPOINT ${name}`)
      try {
        const result = await fn()
        await tx.run(`RELEASE SAVEPOINT ${name}`)
        return result
      } catch (error) {
        // What was written without waiting has not left yet, or has failed: neither may be sent after the way back.
        pending = []
        await tx.run(`ROLLBACK TO SAVEPOINT ${name}`)
        throw error
      }
    },
  }
  return {
    tx,
    commit: async () => {
      if (begun || pending.length) await flush([sql('COMMIT')])
    },
    rollback: async () => {
      if (!begun) return true
      try {
        await session.send([sql('ROLLBACK')])
        return true
      } catch {
        // The connection is beyond use; the server undoes its transaction when it goes away.
        return false
      }
    },
  }
}

/** Makes the one door to the database. */
export const createDb = (dialect: Dialect): Db => {
  let tail: Promise<unknown> = Promise.resolve()

  const once = async <T>(fn: (tx: Tx) => Promise<T>): Promise<T> => {
    const session = await dialect.session()
    const unit = unitOf(dialect, session)
    let broken = false
    try {
      const result = await fn(unit.tx)
      await unit.commit()
      return result
    } catch (error) {
      broken = !(await unit.rollback())
      throw error
    } finally {
      await session.release(broken)
    }
  }
  const retried = async <T>(fn: (tx: Tx) => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(fn)
      } catch (error) {
        if (!isContention(error) || attempt > contentionRetries) throw error
        await pause(Math.random() * 5 * 2 ** attempt)
      }
    }
  }
  return {
    kind: dialect.kind,
    inProcess: dialect.kind === 'sqlite',
    dialect,
    read: <T>(text: string, params: Bindable[] = []) => dialect.query(text, params) as Promise<T[]>,
    tx: (fn) => {
      if (dialect.kind === 'mysql') return retried(fn)
      // One SQLite connection writes, so transactions that would interleave wait for each other here.
      const mine = tail.then(() => retried(fn))
      tail = mine.catch(() => undefined)
      return mine
    },
    aside: (limitMs) => ({
      read: <T>(text: string, params: Bindable[] = []) => dialect.queryAside(text, params, limitMs) as Promise<T[]>,
    }),
    close: () => dialect.close(),
  }
}
