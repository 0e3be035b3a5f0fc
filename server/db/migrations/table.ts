import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions, type TableOptions } from 'typeorm'

/**
 * On MySQL text compares by its bytes: ids that differ in case, or names that differ in an accent, are different. And its `text` ends at
 * 64 kB, which a stored answer to five hundred grants passes, so longer text gets 16 MB.
 */
const onMysql = (column: TableColumnOptions): TableColumnOptions => {
  const bytes = { charset: 'utf8mb4', collation: 'utf8mb4_bin' }
  if (column.type === 'text') return { ...column, ...bytes, type: 'mediumtext' }
  return column.type === 'varchar' ? { ...column, ...bytes } : column
}

/**
 * A migration that creates tables. Each is one CREATE TABLE IF NOT EXISTS, so a migration that MySQL cannot roll back can simply be run
 * again after a failure.
 */
export const createTables = (name: string, tables: TableOptions[]): (new () => MigrationInterface) => {
  const Migration = class implements MigrationInterface {
    name = name
    async up(runner: QueryRunner): Promise<void> {
      const mysql = runner.dataSource.options.type === 'mysql'
      for (const table of tables) {
        const columns = mysql ? table.columns?.map(onMysql) : table.columns
        await runner.createTable(new Table({ ...table, columns }), true, false, true)
      }
    }
    async down(): Promise<void> {
      throw new Error('Migrations only go forward; restore a backup instead.')
    }
  }
  Object.defineProperty(Migration, 'name', { value: name })
  return Migration
}
