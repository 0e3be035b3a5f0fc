import { Worker } from 'node:worker_threads'
import type { Bindable, Result } from './statement'

/** One text and the values of its runs, row after row: an INSERT of many rows runs `times` times, anything else once. */
export interface Run {
  sql: string
  params: Bindable[]
  times: number
}

/**
 * A connection to a SQLite file on a thread of its own: the driver answers where it is asked, so a commit of many rewards, the moving of
 * the log into the file, a night's batch or a count of everybody would hold up every other request for as long as it takes.
 */
export interface SqliteThread {
  /**
   * A caller with its transaction. `send` runs a packet in order up to the first error, which it throws; packets run in the order in which
   * they were sent. Should the thread have died since the caller's first packet, its transaction died with it, and so does all it sends.
   */
  session(): { send(runs: Run[]): Promise<Result[]> }
  /** Waits for what was sent, then closes the connection for good. */
  close(): Promise<void>
  /** Ends the thread in the middle of what it does, for reads only; what waits for it fails. */
  terminate(): Promise<void>
}

/**
 * The thread's program, as text because a thread cannot read TypeScript and this one needs nothing but the driver. The hot paths use few
 * texts, long IN lists many, hence the bound on the prepared statements.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const Sqlite = require('node:module').createRequire(workerData.from)('better-sqlite3')
const db = new Sqlite(workerData.file)
for (const text of workerData.pragmas) db.pragma(text)
const known = new Map()
const prepared = (text) => {
  let statement = known.get(text)
  if (!statement) {
    if (known.size > 500) known.clear()
    known.set(text, (statement = db.prepare(text)))
  }
  return statement
}
const run = ({ sql, params, times }) => {
  const statement = prepared(sql)
  if (statement.reader) return { rows: statement.all(...params), affected: 0 }
  const width = params.length / times
  let affected = 0
  for (let i = 0; i < times; i++) affected += statement.run(...params.slice(i * width, (i + 1) * width)).changes
  return { rows: [], affected }
}
parentPort.on('message', (runs) => {
  if (runs === 'close') {
    db.close()
    parentPort.close()
    return
  }
  try {
    parentPort.postMessage({ results: runs.map(run) })
  } catch (error) {
    parentPort.postMessage({ message: error.message, code: error.code })
  }
})`

const closed = 'The database was closed'

interface Sent {
  done(results: Result[]): void
  fail(error: Error): void
}

/** Opens no thread before the first packet; an idle thread does not keep the process alive. */
export const createSqliteThread = (file: string, pragmas: string[]): SqliteThread => {
  let worker: Worker | null = null
  let over = false
  const sent: Sent[] = []

  const open = (): Worker => {
    const made = new Worker(program, { eval: true, execArgv: [], workerData: { file, pragmas, from: __filename } })
    const lost = (error: Error): void => {
      if (worker === made) worker = null
      for (const s of sent.splice(0)) s.fail(error)
    }
    made.on('message', (m: { results: Result[] } | { message: string; code: string }) => {
      const first = sent.shift()
      if (!sent.length && !over) made.unref()
      if ('results' in m) first?.done(m.results)
      else first?.fail(Object.assign(new Error(m.message), { code: m.code }))
    })
    made.on('error', lost)
    made.on('exit', () => lost(new Error(closed)))
    return made
  }
  return {
    session: () => {
      let mine: Worker | null = null
      return {
        send: (runs) =>
          new Promise((done, fail) => {
            if (!mine && !over) mine = worker ??= open()
            if (!mine || mine !== worker) return fail(new Error(closed))
            if (!sent.length) mine.ref()
            sent.push({ done, fail })
            mine.postMessage(runs)
          }),
      }
    },
    close: async () => {
      over = true
      const made = worker
      worker = null
      if (!made) return
      made.ref()
      const gone = new Promise((done) => made.once('exit', done))
      made.postMessage('close')
      await gone
    },
    terminate: async () => {
      await worker?.terminate()
    },
  }
}
