import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type BetterSqlite3 from 'better-sqlite3'
import { DataSource, type DataSourceOptions, type QueryRunner } from 'typeorm'
import type { Env } from '../../config/env'
import { createSlowReader } from './slow-reader'
import { createSqliteThread, type Run } from './sqlite-thread'
import type { Bindable, Result, Statement } from './statement'

/**
 * The only file that knows which database it talks to. A `Session` is one connection with a transaction that has not begun yet;
 * transaction.ts decides when it begins, is flushed and ends.
 */
export interface Session {
  /** Sends statements as one packet (MySQL) or one after the other (SQLite); answers the rows of each, or its affected count. */
  send(statements: Statement[]): Promise<Result[]>
  /** Gives the connection back; `broken` ones are thrown away. */
  release(broken: boolean): Promise<void>
}
export interface Dialect {
  kind: 'sqlite' | 'mysql'
  /** Appended to a SELECT that must lock what it reads; on SQLite the writer queue is the lock. */
  forUpdate: string
  begin: string
  writer: DataSource
  reader: DataSource
  session(): Promise<Session>
  /** Reads outside any transaction. */
  query(text: string, params: Bindable[]): Promise<Record<string, unknown>[]>
  /** The same for one SELECT that may take long: never on the event loop, and no longer than `limitMs` (slow-reader.ts, `isTooSlow`). */
  queryAside(text: string, params: Bindable[], limitMs: number): Promise<Record<string, unknown>[]>
  /** Runs work that only one process of this database may do at a time; the others wait for their turn. */
  alone<T>(work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}
interface MysqlConnection {
  query(text: string, params: Bindable[], done: (error: Error | null, result: unknown) => void): void
  destroy(): void
}
type SqliteHandle = BetterSqlite3.Database

const quote = (columns: string[]): string => columns.map((c) => `\`${c}\``).join(',')

/** Rows of one multi-row INSERT: enough to save round trips, small enough to stay far below max_allowed_packet. */
const rowsPerInsert = 500

const insertHead = (s: Extract<Statement, { kind: 'insert' }>, mysql: boolean): string =>
  `INSERT ${s.ignore ? (mysql ? 'IGNORE ' : 'OR IGNORE ') : ''}INTO \`${s.table}\` (${quote(Object.keys(s.rows[0]))}) VALUES `

const insertTail = (s: Extract<Statement, { kind: 'insert' }>, mysql: boolean): string => {
  const { update, add = [], key } = s
  if (!update.length && !add.length) return ''
  const given = (c: string): string => (mysql ? `VALUES(\`${c}\`)` : `excluded.\`${c}\``)
  const changes = [
    ...update.map((c) => `\`${c}\`=${given(c)}`),
    ...add.map((c) => `\`${c}\`=\`${c}\`+${given(c)}`),
  ].join(',')
  return mysql ? ` ON DUPLICATE KEY UPDATE ${changes}` : ` ON CONFLICT(${quote(key)}) DO UPDATE SET ${changes}`
}

/** TypeORM must not open a transaction of its own inside ours: a second BEGIN would commit it. */
const markInTransaction = (runner: QueryRunner, active: boolean): void => {
  ;(runner as { isTransactionActive: boolean }).isTransactionActive = active
}

const mysqlText = (statements: Statement[]): { text: string; params: Bindable[]; counts: number[] } => {
  const parts: string[] = []
  const params: Bindable[] = []
  const counts: number[] = []
  for (const s of statements) {
    if (s.kind === 'sql') {
      parts.push(s.sql)
      for (const p of s.params) params.push(p)
      counts.push(1)
      continue
    }
    const columns = s.rows.length ? Object.keys(s.rows[0]) : []
    const tuple = `(${columns.map(() => '?').join(',')})`
    let made = 0
    for (let i = 0; i < s.rows.length; i += rowsPerInsert) {
      const rows = s.rows.slice(i, i + rowsPerInsert)
      parts.push(insertHead(s, true) + rows.map(() => tuple).join(',') + insertTail(s, true))
      for (const row of rows) for (const c of columns) params.push(row[c])
      made++
    }
    counts.push(made)
  }
  return { text: parts.join(';'), params, counts }
}

const mysqlSession = async (writer: DataSource): Promise<Session> => {
  const runner: QueryRunner = writer.createQueryRunner('master')
  const connection = (await runner.connect()) as MysqlConnection
  markInTransaction(runner, true)
  return {
    send: (statements) =>
      new Promise((done, fail) => {
        const { text, params, counts } = mysqlText(statements)
        connection.query(text, params, (error, result) => {
          if (error) return fail(error)
          // One statement answers a bare result, several an array of results; a row list is itself an array.
          const total = counts.reduce((a, b) => a + b, 0)
          const list = total === 1 ? [result] : (result as unknown[])
          let at = 0
          done(
            counts.map((count) => {
              const out: Result = { rows: [], affected: 0 }
              for (let i = 0; i < count; i++) {
                const r = list[at++]
                if (Array.isArray(r)) out.rows = r as Record<string, unknown>[]
                else out.affected += (r as { affectedRows: number }).affectedRows
              }
              return out
            }),
          )
        })
      }),
    release: async (broken) => {
      markInTransaction(runner, false)
      if (broken) connection.destroy()
      else await runner.release()
    },
  }
}

/** Longest time a process waits for another one's migrations, in seconds. */
const aloneWaitSeconds = 600

/** A named lock lives as long as its connection, so a process that dies in the middle frees it. */
const aloneOnMysql = async <T>(writer: DataSource, work: () => Promise<T>): Promise<T> => {
  const runner = writer.createQueryRunner('master')
  try {
    const [{ got }] = await runner.query("SELECT GET_LOCK(CONCAT('huiyuan/', DATABASE()), ?) AS got", [
      aloneWaitSeconds,
    ])
    if (Number(got) !== 1) throw new Error('Another process has held the database for ten minutes')
    return await work()
  } finally {
    await runner.query("SELECT RELEASE_LOCK(CONCAT('huiyuan/', DATABASE()))")
    await runner.release()
  }
}

const openMysql = async (
  env: Env,
  lists: Pick<DataSourceOptions, 'entities' | 'migrations'>,
  url: string,
): Promise<Dialect> => {
  const options = (multipleStatements: boolean, poolSize: number): DataSourceOptions => ({
    type: 'mysql',
    url: url.replace(/^mariadb:/, 'mysql:'),
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: false,
    migrationsTransactionMode: 'none',
    multipleStatements,
    ...lists,
    // Objects are refused as bound values instead of being spread into SQL; sums come back as numbers.
    extra: { stringifyObjects: true, decimalNumbers: true, connectionLimit: poolSize, enableKeepAlive: true },
  })
  const open = async (o: DataSourceOptions): Promise<DataSource> => {
    const source = new DataSource(o)
    await source.initialize()
    const pool = (
      source.driver as unknown as { pool: { on(event: 'connection', f: (c: MysqlConnection) => void): void } }
    ).pool
    const settings = [
      'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
      "SET SESSION time_zone = '+00:00', SESSION innodb_lock_wait_timeout = 10",
    ]
    pool.on('connection', (c) => {
      for (const text of settings) c.query(text, [], (error) => error && c.destroy())
    })
    // TypeORM opened one connection before we could listen; it is the only idle one, so these statements reach it.
    for (const text of settings) await source.query(text)
    return source
  }
  const writer = await open(options(true, env.DATABASE_POOL))
  const reader = await open(options(false, env.DATABASE_POOL))
  return {
    kind: 'mysql',
    forUpdate: ' FOR UPDATE',
    begin: 'BEGIN',
    writer,
    reader,
    session: () => mysqlSession(writer),
    query: (text, params) => reader.query(text, params),
    // MariaDB reads the first comment, MySQL and TiDB the second; each takes the other's for a remark. Where a statement says EXISTS it means
    // to look up the few rows that are left: MariaDB would make the whole list first.
    queryAside: (text, params, limitMs) =>
      reader.query(
        `/*M! SET STATEMENT max_statement_time=${limitMs / 1000}, optimizer_switch='exists_to_in=off' FOR */ ${text.replace(/^SELECT/, `SELECT /*+ MAX_EXECUTION_TIME(${limitMs}) */`)}`,
        params,
      ),
    alone: (work) => aloneOnMysql(writer, work),
    close: async () => {
      await Promise.all([writer.destroy(), reader.destroy()])
    },
  }
}

/** Prepared statements of one SQLite connection; the hot paths use few texts, long IN lists many, hence the bound. */
const prepared = (handle: SqliteHandle): ((text: string) => BetterSqlite3.Statement) => {
  const cache = new Map<string, BetterSqlite3.Statement>()
  return (text) => {
    const known = cache.get(text)
    if (known) return known
    if (cache.size > 500) cache.clear()
    const made = handle.prepare(text)
    cache.set(text, made)
    return made
  }
}

/** Of the one connection that writes. */
const sqliteWriterPragmas = [
  'journal_mode = WAL',
  // A sale that was acknowledged survives a power cut; micro-batches make it as cheap as NORMAL.
  'synchronous = FULL',
  'busy_timeout = 5000',
  'cache_size = -65536',
  // Moving the log into the file lengthens the commit it falls on. At the default of 1,000 pages that was every third batch; at 16,000 (64 MB)
  // a page that changes often is moved once for many changes, and a commit of 128 rewards took half the time.
  'wal_autocheckpoint = 16000',
]

const openSqlite = async (
  lists: Pick<DataSourceOptions, 'entities' | 'migrations'>,
  file: string,
): Promise<Dialect> => {
  const path = resolve(file)
  mkdirSync(dirname(path), { recursive: true })
  const open = async (more: Partial<DataSourceOptions>): Promise<[DataSource, SqliteHandle]> => {
    const source = new DataSource({ type: 'better-sqlite3', database: path, ...lists, ...more } as DataSourceOptions)
    await source.initialize()
    return [source, (source.driver as unknown as { databaseConnection: SqliteHandle }).databaseConnection]
  }
  // Migrations and descriptions of tables only: what the server writes goes through the thread.
  const [writer, handle] = await open({ enableWAL: true })
  handle.pragma('busy_timeout = 5000')
  const [reader, readHandle] = await open({ migrations: [] })
  readHandle.pragma('query_only = ON')
  readHandle.pragma('busy_timeout = 5000')
  const prepareRead = prepared(readHandle)
  const slow = createSlowReader(path)
  const writing = createSqliteThread(path, sqliteWriterPragmas)
  const runOf = (s: Statement): Run => {
    if (s.kind === 'sql') return { sql: s.sql, params: s.params, times: 1 }
    if (!s.rows.length) return { sql: 'SELECT 1 WHERE 0', params: [], times: 1 }
    const columns = Object.keys(s.rows[0])
    const params: Bindable[] = []
    for (const row of s.rows) for (const c of columns) params.push(row[c])
    const text = `${insertHead(s, false)}(${columns.map(() => '?').join(',')})${insertTail(s, false)}`
    return { sql: text, params, times: s.rows.length }
  }
  return {
    kind: 'sqlite',
    forUpdate: '',
    begin: 'BEGIN IMMEDIATE',
    writer,
    reader,
    session: async () => {
      const { send } = writing.session()
      return { send: (statements) => send(statements.map(runOf)), release: async () => undefined }
    },
    query: async (text, params) => prepareRead(text).all(...params) as Record<string, unknown>[],
    queryAside: (text, params, limitMs) => slow.read(text, params, limitMs),
    // A SQLite file belongs to one process.
    alone: (work) => work(),
    close: async () => {
      await Promise.all([slow.close(), writing.close()])
      await Promise.all([writer.destroy(), reader.destroy()])
    },
  }
}

/** Opens the database that the settings name; does not migrate. */
export const openDialect = (env: Env, lists: Pick<DataSourceOptions, 'entities' | 'migrations'>): Promise<Dialect> =>
  env.database.kind === 'sqlite' ? openSqlite(lists, env.database.file) : openMysql(env, lists, env.database.url)

/** An id was inserted twice: MySQL 1062, SQLite's unique and primary key constraints. */
export const isDuplicate = (error: unknown): boolean => {
  const e = error as { errno?: number; code?: string; driverError?: { errno?: number; code?: string } }
  const code = e?.code ?? e?.driverError?.code
  return (
    e?.errno === 1062 ||
    e?.driverError?.errno === 1062 ||
    code === 'SQLITE_CONSTRAINT_UNIQUE' ||
    code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
  )
}

/** The database chose this transaction as a deadlock's victim, or it waited too long for a lock: running it again is right. */
export const isContention = (error: unknown): boolean => {
  const e = error as { errno?: number; code?: string }
  return e?.errno === 1213 || e?.errno === 1205 || e?.code === 'SQLITE_BUSY'
}
