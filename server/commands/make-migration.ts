import { writeFileSync } from 'node:fs'
import { Table } from 'typeorm'
import { readEnv } from '../../config/env'
import { openDb } from '../db/data-source'

/**
 * Writes a migration that creates the named tables as their entities stand now:
 * `npx tsx server/commands/make-migration.ts 1763800000000 core member points_account …` (no names: every table).
 * The result is a frozen literal; a released one is never edited: what a table gains later is a new migration (`gains` of table.ts).
 */
const main = async (): Promise<void> => {
  const [stamp, name, ...wanted] = process.argv.slice(2)
  const db = await openDb(readEnv({ ...process.env, DATABASE_URL: `sqlite:/tmp/make-migration-${process.pid}.sqlite` }))
  const metadata = db.dialect.writer.entityMetadatas.filter((m) => !wanted.length || wanted.includes(m.tableName))
  const tables = metadata.map((m) => {
    const t = Table.create(m, db.dialect.writer.driver)
    return {
      name: m.tableName,
      columns: m.columns.map((c) => ({
        name: c.databaseName,
        type: String(c.type),
        ...(c.length ? { length: c.length } : {}),
        isPrimary: c.isPrimary,
        isNullable: c.isNullable,
        ...(c.default === undefined
          ? {}
          : { default: typeof c.default === 'string' ? `'${c.default}'` : String(c.default) }),
      })),
      indices: t.indices.map((i) => ({ name: i.name, columnNames: i.columnNames, isUnique: i.isUnique })),
    }
  })
  const file = `server/db/migrations/${stamp}-${name}.ts`
  const body = JSON.stringify(tables, null, 1)
    .replace(/\{\s+"name": ("[^"]+"),\s+"type": ([^{}]+?)\s+\}/g, (m) => m.replace(/\s+/g, ' '))
    .replace(/\{\s+"name": ("[^"]+"),\s+"columnNames": ([^{}]+?)\s+\}/g, (m) => m.replace(/\s+/g, ' '))
  writeFileSync(
    file,
    `import { createTables } from './table'\n\nexport const ${name} = createTables('${name}${stamp}', ${body})\n`,
  )
  await db.close()
  process.stdout.write(`${file}: ${tables.length} tables\n`)
}

void main()
