import {
  type MigrationInterface,
  type QueryRunner,
  Table,
  TableColumn,
  type TableColumnOptions,
  TableIndex,
  type TableIndexOptions,
  type TableOptions,
} from 'typeorm'

/**
 * On MySQL text compares by its bytes: ids that differ in case, or names that differ in an accent, are different. And its `text` ends at
 * 64 kB, which a stored answer to five hundred grants passes, so longer text gets 16 MB.
 */
const onMysql = (column: TableColumnOptions): TableColumnOptions => {
  const bytes = { charset: 'utf8mb4', collation: 'utf8mb4_bin' }
  if (column.type === 'text') return { ...column, ...bytes, type: 'mediumtext' }
  return column.type === 'varchar' ? { ...column, ...bytes } : column
}

/** What an existing table gains. */
export interface Gain {
  table: string
  columns?: TableColumnOptions[]
  indices?: TableIndexOptions[]
  /** Indexes by name that one of the new ones replaces. */
  replaced?: string[]
}

/**
 * A migration that creates tables and widens existing ones. Each is one CREATE TABLE IF NOT EXISTS, so a migration that MySQL cannot roll back can simply be run
 * again after a failure; a column or an index that is there already is left alone for the same reason.
 */
export const createTables = (
  name: string,
  tables: TableOptions[],
  gains: Gain[] = [],
): (new () => MigrationInterface) => {
  const Migration = class implements MigrationInterface {
    name = name
    async up(runner: QueryRunner): Promise<void> {
      const mysql = runner.dataSource.options.type === 'mysql'
      for (const table of tables) {
        const columns = mysql ? table.columns?.map(onMysql) : table.columns
        await runner.createTable(new Table({ ...table, columns }), true, false, true)
      }
      for (const { table, columns = [], indices = [], replaced = [] } of gains) {
        for (const column of columns)
          if (!(await runner.hasColumn(table, column.name)))
            await runner.addColumn(table, new TableColumn(mysql ? onMysql(column) : column))
        const known = (await runner.getTable(table))?.indices.map((index) => index.name) ?? []
        for (const index of indices)
          if (!known.includes(index.name)) await runner.createIndex(table, new TableIndex(index))
        for (const name of replaced) if (known.includes(name)) await runner.dropIndex(table, name)
      }
    }
    async down(): Promise<void> {
      throw new Error('Migrations only go forward; restore a backup instead.')
    }
  }
  Object.defineProperty(Migration, 'name', { value: name })
  return Migration
}
