import { Readable } from 'node:stream'
import BetterSqlite3 from 'better-sqlite3'
import { createConnection } from 'mysql2/promise'
import type { Cell, Load } from './dashboards-shape'

/** Puts rows into tables the fastest way each database has; secondary indexes of the large tables are made afterwards on SQLite. */
export interface Loader {
  fill(load: Load): Promise<void>
  done(): Promise<void>
}
const large = 100_000

/** Rows into a SQLite file: no journal, indexes last, statistics for the planner as the server itself leaves them (none). */
export const sqliteLoader = (file: string): Loader => {
  const db = new BetterSqlite3(file)
  for (const text of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -1000000', 'temp_store = MEMORY'])
    db.pragma(text)
  return {
    fill: async ({ table, columns, count, rows }) => {
      const indexes =
        count > large
          ? (db
              .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ?")
              .all(table) as { name: string; sql: string }[])
          : []
      for (const { name } of indexes) db.exec(`DROP INDEX "${name}"`)
      const insert = db.prepare(
        `INSERT INTO ${table} (${columns.join(',')}) VALUES (${columns.map(() => '?').join(',')})`,
      )
      db.exec('BEGIN')
      for (const row of rows()) insert.run(row)
      db.exec('COMMIT')
      for (const { sql } of indexes) db.exec(sql)
    },
    done: async () => {
      db.pragma('journal_mode = WAL')
      db.close()
    },
  }
}

const written = (cell: Cell): string => (cell === null ? '\\N' : String(cell))
/** Rows into MariaDB by LOAD DATA, with the checks off that the rows pass anyway. */
export const mariadbLoader = async (url: string): Promise<Loader> => {
  const connection = await createConnection({ uri: url, infileStreamFactory: () => source })
  let source = Readable.from([])
  await connection.query('SET SESSION unique_checks = 0, SESSION foreign_key_checks = 0')
  await connection.query('SET GLOBAL innodb_buffer_pool_size = 2147483648')
  const lines = function* (rows: Generator<Cell[]>): Generator<string> {
    let text = ''
    for (const row of rows) {
      text += `${row.map(written).join('\t')}\n`
      if (text.length > 1 << 18) {
        yield text
        text = ''
      }
    }
    if (text) yield text
  }
  return {
    fill: async ({ table, columns, rows }) => {
      source = Readable.from(lines(rows()), { objectMode: false })
      await connection.query(
        `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ${table} CHARACTER SET utf8mb4 (${columns.join(',')})`,
      )
    },
    done: () => connection.end(),
  }
}
