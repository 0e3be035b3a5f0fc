import { Worker } from 'node:worker_threads'
import type { Bindable } from './statement'

type Rows = Record<string, unknown>[]

/**
 * Reads that may take a second, on a thread with a connection of its own: SQLite answers where it is asked, so such a read on the main
 * thread would keep everybody else waiting. One thread, one read at a time.
 */
export interface SlowReader {
  /** Rows of one SELECT. Throws an error `isTooSlow` knows when they are not there after `limitMs`, waiting for the thread included. */
  read(text: string, params: Bindable[], limitMs: number): Promise<Rows>
  close(): Promise<void>
}

/**
 * The thread's program, as text because a thread cannot read TypeScript and this one needs nothing but the driver. Other than the server's
 * own connections it may map the file into memory and keeps what a statement makes on the way there too: a pass over a million rows took
 * a third less.
 */
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const Sqlite = require('node:module').createRequire(workerData.from)('better-sqlite3')
const db = new Sqlite(workerData.file)
for (const text of ['query_only = ON', 'busy_timeout = 5000', 'temp_store = MEMORY', 'cache_size = -131072', 'mmap_size = 2147418112'])
  db.pragma(text)
parentPort.on('message', ({ text, params }) => {
  try {
    parentPort.postMessage({ rows: db.prepare(text).all(...params) })
  } catch (error) {
    parentPort.postMessage({ message: error.message, code: error.code })
  }
})`

interface Ask {
  text: string
  params: Bindable[]
  done(rows: Rows): void
  fail(error: Error): void
}

const tooSlow = 'READ_TOO_SLOW'
/** Whether a slow read took longer than it may: our own error, MariaDB's 1969, MySQL's and TiDB's 3024. */
export const isTooSlow = (error: unknown): boolean => {
  const e = error as { code?: string; errno?: number; driverError?: { errno?: number } }
  const errno = e?.errno ?? e?.driverError?.errno
  return e?.code === tooSlow || errno === 1969 || errno === 3024
}

/** Opens no thread before the first read. */
export const createSlowReader = (file: string): SlowReader => {
  let worker: Worker | null = null
  let asked: Ask | null = null
  const queue: Ask[] = []

  const next = (): void => {
    if (asked || !queue.length) {
      if (!asked) worker?.unref()
      return
    }
    asked = queue.shift() as Ask
    worker ??= open()
    worker.ref()
    worker.postMessage({ text: asked.text, params: asked.params })
  }
  const answered = (settle: (ask: Ask) => void): void => {
    const ask = asked
    asked = null
    if (ask) settle(ask)
    next()
  }
  const open = (): Worker => {
    const made = new Worker(program, { eval: true, execArgv: [], workerData: { file, from: __filename } })
    made.on('message', (m: { rows: Rows } | { message: string; code: string }) =>
      answered((ask) =>
        'rows' in m ? ask.done(m.rows) : ask.fail(Object.assign(new Error(m.message), { code: m.code })),
      ),
    )
    made.on('error', (error) => {
      worker = null
      answered((ask) => ask.fail(error))
    })
    return made
  }
  return {
    read: (text, params, limitMs) =>
      new Promise((done, fail) => {
        const timer = setTimeout(() => {
          const at = queue.indexOf(ask)
          // What the thread has begun it ends: SQLite's driver has no way to stop it. Whoever comes next waits for that, or is told the same.
          if (at >= 0) queue.splice(at, 1)
          fail(Object.assign(new Error(`No answer within ${limitMs} ms`), { code: tooSlow }))
        }, limitMs)
        const ask: Ask = {
          text,
          params,
          done: (rows) => {
            clearTimeout(timer)
            done(rows)
          },
          fail: (error) => {
            clearTimeout(timer)
            fail(error)
          },
        }
        queue.push(ask)
        next()
      }),
    close: async () => {
      const open = worker
      worker = null
      for (const ask of [...(asked ? [asked] : []), ...queue.splice(0)]) ask.fail(new Error('The database was closed'))
      asked = null
      await open?.terminate()
    },
  }
}
