import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { createDatabase, findMariadbd, startMariadb } from '../support/mariadb'

/** An empty database for a bench; `file` is null on MariaDB. */
export interface Ground {
  url: string
  file: string | null
  drop(): Promise<void>
}

/** What a database of a million members is given in production, as far as this machine can: a quarter of its memory, 2 GB at most. */
const bufferPool = (): string => `${Math.min(2048, Math.floor(totalmem() / 2 ** 22))}M`

/**
 * A SQLite file or a private MariaDB. Null when mariadbd is not on this machine.
 * @param durable whether MariaDB flushes every commit, as production does
 */
export const prepareDatabase = async (
  database: 'mariadb' | 'sqlite',
  { durable }: { durable: boolean },
): Promise<Ground | null> => {
  if (database === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'huiyuan-bench-'))
    const file = join(folder, 'shop.sqlite')
    return { url: `sqlite:${file}`, file, drop: async () => rmSync(folder, { recursive: true, force: true }) }
  }
  const program = findMariadbd()
  if (!program) return null
  const mariadb = await startMariadb(program, { durable, bufferPool: bufferPool() })
  const { url } = await createDatabase(mariadb.server)
  return { url, file: null, drop: () => mariadb.stop() }
}
