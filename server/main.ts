import type { Server } from 'node:http'
import type { Middleware } from 'koa'
import { readEnv } from '../config/env'
import { createApp, listen } from './app'
import { migrate } from './db/data-source'
import { seedWhenEmpty } from './demo/service'
import type { Deps } from './deps'
import { runnerOf } from './jobs/service'
import { createDeps, createProcessSandbox, usesSandbox } from './process'

/** How long requests under way may take to end after a stop was asked for. */
const drainMs = 10_000

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const stopServing = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done())
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), drainMs).unref()
  })

const serve = async (deps: Deps): Promise<() => Promise<void>> => {
  const { env } = deps
  const origin = `http://localhost:${env.PORT}`
  const sandbox = usesSandbox(env)
    ? createProcessSandbox(deps, { openLink: (page, query) => `${origin}/m/#/${page}?${query}` })
    : null
  const app = createApp(deps, sandbox ? [sandbox.router.routes() as unknown as Middleware] : [])
  const server = await listen(app, env.HOST, env.PORT)
  say(`Serving ${env.SHOP_NAME} on ${origin} (${deps.db.kind}, role ${env.ROLE}${sandbox ? ', WeChat sandbox' : ''})`)
  return async () => {
    sandbox?.stop()
    await stopServing(server)
  }
}

/** Starts the roles of this process and stops them in order: no new requests, jobs hand their runs over, then the database. */
const main = async (): Promise<void> => {
  const env = readEnv()
  const deps = await createDeps(env)
  for (const name of await migrate(deps.db)) say(`Migrated ${name}`)
  if (env.DEMO) await seedWhenEmpty(deps, say)
  const stops: (() => Promise<void>)[] = []
  if (env.ROLE !== 'jobs') stops.push(await serve(deps))
  // A process that only serves has a runner too, for the runs that operators start by hand.
  const runner = runnerOf(deps)
  if (env.ROLE !== 'api') runner.start()
  stops.push(() => runner.stop())
  let stopping = false
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return
    stopping = true
    deps.log.info({ signal }, 'stopping')
    for (const end of stops) await end()
    await deps.db.close()
    process.exit(0)
  }
  process.once('SIGTERM', () => void stop('SIGTERM'))
  process.once('SIGINT', () => void stop('SIGINT'))
  // A fault outside any request is a fault of ours: it is written down and the process makes room for a fresh one.
  process.on('unhandledRejection', (error) => {
    deps.log.fatal({ err: error }, 'unhandled')
    process.exitCode = 1
    void stop('unhandledRejection')
  })
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
