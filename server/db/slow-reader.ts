import { createSqliteThread } from './sqlite-thread'
import type { Bindable, Result } from './statement'

type Rows = Result['rows']

/** Reads that may take a second, on a thread of their own (sqlite-thread.ts). One read at a time. */
export interface SlowReader {
  /** Rows of one SELECT. Throws an error `isTooSlow` knows when they are not there after `limitMs`, waiting for the thread included. */
  read(text: string, params: Bindable[], limitMs: number): Promise<Rows>
  close(): Promise<void>
}

/**
 * Other than the server's own connections this one may map the file into memory and keeps what a statement makes on the way there too: a
 * pass over a million rows took a third less.
 */
const pragmas = [
  'query_only = ON',
  'busy_timeout = 5000',
  'temp_store = MEMORY',
  'cache_size = -131072',
  'mmap_size = 2147418112',
]

interface Ask {
  text: string
  params: Bindable[]
  done(rows: Rows): void
  fail(error: unknown): void
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
  const thread = createSqliteThread(file, pragmas)
  const queue: Ask[] = []
  let busy = false

  const next = async (): Promise<void> => {
    const ask = busy ? undefined : queue.shift()
    if (!ask) return
    busy = true
    try {
      ask.done((await thread.session().send([{ sql: ask.text, params: ask.params, times: 1 }]))[0].rows)
    } catch (error) {
      ask.fail(error)
    }
    busy = false
    void next()
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
        void next()
      }),
    close: async () => {
      for (const ask of queue.splice(0)) ask.fail(new Error('The database was closed'))
      await thread.terminate()
    },
  }
}
