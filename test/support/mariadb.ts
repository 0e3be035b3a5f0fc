import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createConnection } from 'mysql2/promise'

/** A MariaDB of our own: data below the temporary directory, a random port on the loopback, gone after `stop`. */
export interface PrivateMariadb {
  /** mysql://root@127.0.0.1:<port>; a database's name is appended by `createDatabase`. */
  server: string
  /** Process id, for measuring what it costs. */
  pid: number
  stop(): Promise<void>
}

const folders = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/sbin',
  '/usr/local/sbin',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/mariadb/bin',
  '/usr/local/opt/mariadb/bin',
]
const findProgram = (name: string, near: string[] = []): string | null =>
  [...near, ...folders].map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null

/** Where the MariaDB server program is, or null; HUIYUAN_MARIADBD names another one. */
export const findMariadbd = (): string | null => process.env.HUIYUAN_MARIADBD || findProgram('mariadbd')

const freePort = (): Promise<number> =>
  new Promise((done, fail) => {
    const probe = createServer().once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => done(port))
    })
  })

const answers = async (server: string, child: ChildProcess): Promise<void> => {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 100) {
    if (child.exitCode !== null) throw new Error(`mariadbd ended with ${child.exitCode} before it answered`)
    try {
      await (await createConnection(server)).end()
      return
    } catch {
      await new Promise((r) => setTimeout(r, 100))
    }
  }
  throw new Error('mariadbd did not answer within a minute')
}

/**
 * Starts a private MariaDB.
 * @param durable false: commits are not flushed to the disk, which tests that do not kill the database do not need
 * @param bufferPool memory for its pages
 */
export const startMariadb = async (
  program: string,
  { durable, bufferPool = '256M' }: { durable: boolean; bufferPool?: string },
): Promise<PrivateMariadb> => {
  const root = mkdtempSync(join(tmpdir(), 'huiyuan-mariadb-'))
  const dataDir = join(root, 'data')
  const installer = findProgram('mariadb-install-db', [dirname(program), join(dirname(program), '../bin')])
  if (!installer) throw new Error('mariadb-install-db was not found beside mariadbd')
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : []
  const made = spawnSync(
    installer,
    [
      '--no-defaults',
      ...asRoot,
      `--datadir=${dataDir}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
    ],
    // A starting server sweeps temporary tables out of its folder: in a shared one it would sweep those of another.
    { encoding: 'utf8', env: { ...process.env, TMPDIR: root } },
  )
  if (made.status !== 0) throw new Error(`mariadb-install-db failed: ${made.stderr || made.stdout}`)
  const port = await freePort()
  const child = spawn(
    program,
    [
      '--no-defaults',
      ...asRoot,
      `--datadir=${dataDir}`,
      `--tmpdir=${root}`,
      `--socket=${join(root, 'my.sock')}`,
      `--pid-file=${join(root, 'my.pid')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--skip-log-bin',
      '--skip-name-resolve',
      '--max-connections=500',
      '--character-set-server=utf8mb4',
      '--collation-server=utf8mb4_bin',
      '--default-time-zone=+00:00',
      `--innodb-buffer-pool-size=${bufferPool}`,
      ...(durable ? [] : ['--innodb-flush-log-at-trx-commit=0', '--innodb-flush-method=nosync']),
    ],
    { stdio: 'ignore' },
  )
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  const server = `mysql://root@127.0.0.1:${port}`
  await answers(server, child)
  return {
    server,
    pid: child.pid as number,
    stop: async () => {
      process.removeListener('exit', kill)
      const gone = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      await gone
      rmSync(root, { recursive: true, force: true })
    },
  }
}

let made = 0
/** Makes an empty database on a server and answers its URL and how to drop it. */
export const createDatabase = async (server: string): Promise<{ url: string; drop(): Promise<void> }> => {
  const name = `test_${process.pid}_${Date.now().toString(36)}_${++made}`
  const run = async (text: string): Promise<void> => {
    const connection = await createConnection(server)
    await connection.query(text)
    await connection.end()
  }
  await run(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`)
  return { url: `${server}/${name}`, drop: () => run(`DROP DATABASE ${name}`) }
}

/** Where the run's MariaDB is, as the set-up leaves it for the workers; empty where there is none. */
export const mariadbVariable = 'HUIYUAN_TEST_MARIADB'
