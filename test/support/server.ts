import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Middleware } from 'koa'
import { readEnv } from '../../config/env'
import { createApp } from '../../server/app'
import { migrate } from '../../server/db/data-source'
import type { Deps } from '../../server/deps'
import { createLog } from '../../server/http/log'
import { createDeps, createProcessSandbox } from '../../server/process'
import type { Input, Key, Output } from '../../shared/contract'
import type { ErrorBody } from '../../shared/errors'
import type { DatabaseName } from './databases'
import { createDatabase, mariadbVariable } from './mariadb'

/** A Sunday morning in Shanghai, 2026-11-22 10:00; tests move it as they need. */
export const testNow = Date.UTC(2026, 10, 22, 2, 0, 0)

/** The clock of a test's server: it stands still until told otherwise. */
export interface TestClock {
  now(): number
  set(epochMs: number): void
  advance(ms: number): void
}
/** What came back. `body` is typed as the success; look at `error` for a refusal. */
export interface Answered<K extends Key> {
  status: number
  body: Output<K>
  /** The refusal, when the status says so. */
  error: ErrorBody | undefined
  headers: Headers
}
export interface CallOptions {
  /** Access token. */
  as?: string
  /** Made for each call unless given; null leaves the header out. */
  idempotencyKey?: string | null
  headers?: Record<string, string>
}
export interface TestServer {
  url: string
  deps: Deps
  clock: TestClock
  /** Calls an endpoint of the contract over HTTP. Fields named in the path go there, the rest into query or body. */
  call<K extends Key>(key: K, input: Input<K>, options?: CallOptions): Promise<Answered<K>>
  /** Plays the phone in the WeChat sandbox: `sandbox('login', { user: 'lin' })`. */
  sandbox<T = Record<string, unknown>>(command: string, body: object): Promise<T>
  /** Everything logged so far, one JSON line each. */
  logged(): string[]
  /** The file of a SQLite database, null on MariaDB. */
  file: string | null
  stop(): Promise<void>
}

/** Makes an empty database of the named kind; `file` is null on MariaDB. */
export const openTestDatabase = async (
  database: DatabaseName,
): Promise<{ url: string; file: string | null; drop: () => Promise<void> }> => {
  if (database === 'mariadb') {
    const server = process.env[mariadbVariable]
    if (!server) throw new Error('This run has no MariaDB; use describeEachDatabase')
    return { ...(await createDatabase(server)), file: null }
  }
  const dir = mkdtempSync(join(tmpdir(), 'huiyuan-test-'))
  const file = join(dir, 'test.sqlite')
  return { url: `sqlite:${file}`, file, drop: async () => rmSync(dir, { recursive: true, force: true }) }
}

/**
 * Starts the whole server on 127.0.0.1 with a fresh, migrated database and the WeChat sandbox mounted.
 * @param now epoch ms the clock stands at, `testNow` unless given
 * @param env settings beyond the tests' own (generous rate limits, logs kept in memory)
 */
export const startServer = async (options: {
  database: DatabaseName
  now?: number
  env?: Record<string, string>
}): Promise<TestServer> => {
  const opened = await openTestDatabase(options.database)
  // The port must be known before the WeChat client is made, because the sandbox it talks to is this very server.
  let handler: RequestListener = (_, res) => res.writeHead(503).end()
  const server = createServer((req, res) => handler(req, res))
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(0, '127.0.0.1', done)
  })
  const { port } = server.address() as AddressInfo
  let now = options.now ?? testNow
  const clock: TestClock = {
    now: () => now,
    set: (epochMs) => {
      now = epochMs
    },
    advance: (ms) => {
      now += ms
    },
  }
  const lines: string[] = []
  const env = readEnv({
    NODE_ENV: 'test',
    PORT: String(port),
    DATABASE_URL: opened.url,
    APP_SECRET: 'a secret that only tests use, 32 characters and more',
    RATE_LIMIT_PER_MINUTE: '1000000',
    RATE_LIMIT_AUTH_PER_MINUTE: '1000000',
    LOG_LEVEL: 'debug',
    ...options.env,
  })
  const log = createLog(env, { write: (line) => void lines.push(line) })
  const deps = await createDeps(env, { clock, log })
  await migrate(deps.db)
  const sandbox = createProcessSandbox(deps)
  handler = createApp(deps, [sandbox.router.routes() as unknown as Middleware]).callback()
  const url = `http://127.0.0.1:${port}`

  return {
    url,
    deps,
    clock,
    file: opened.file,
    logged: () => lines,
    call: async <K extends Key>(key: K, input: Input<K>, given: CallOptions = {}): Promise<Answered<K>> => {
      const [method, path] = key.split(' ')
      const rest: Record<string, unknown> = { ...(input as Record<string, unknown>) }
      const filled = path.replace(/:(\w+)/g, (_, name: string) => {
        const value = encodeURIComponent(String(rest[name]))
        delete rest[name]
        return value
      })
      const reads = method === 'GET'
      const fields = Object.entries(rest).filter(([, v]) => v !== undefined)
      const query = reads && fields.length ? `?${new URLSearchParams(fields.map(([k, v]) => [k, String(v)]))}` : ''
      const idempotencyKey = given.idempotencyKey === undefined ? randomUUID() : given.idempotencyKey
      const response = await fetch(`${url}/api${filled}${query}`, {
        method,
        headers: {
          ...(given.as ? { Authorization: `Bearer ${given.as}` } : {}),
          ...(reads
            ? {}
            : { 'Content-Type': 'application/json', ...(idempotencyKey ? { 'Idempotency-Key': idempotencyKey } : {}) }),
          ...given.headers,
        },
        ...(reads ? {} : { body: JSON.stringify(rest) }),
      })
      const body = (await response.json()) as Output<K>
      return {
        status: response.status,
        body,
        error: response.ok ? undefined : (body as { error: ErrorBody }).error,
        headers: response.headers,
      }
    },
    sandbox: async (command, body) => {
      const response = await fetch(`${url}/__wechat/__control/${command}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (!response.ok) throw new Error(`Sandbox ${command} answered ${response.status}: ${await response.text()}`)
      return response.json()
    },
    stop: async () => {
      sandbox.stop()
      await new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      })
      await deps.db.close()
      await opened.drop()
    },
  }
}
