/**
 * The hot path: earn, spend, claim and redeem through the whole HTTP API, beside hand-written transactions of the same earn and spend, in
 * one run and in turns, so that whatever else the machine does falls on all alike. Read the ratios before the rates.
 */
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:net'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { openDb } from '../../server/db/data-source'
import type { BenchOptions } from './index'
import { type Acknowledged, checkInvariants } from './invariants'
import { cpuMicros, type Figure, median, printTable, type Report, type Stretch } from './measure'
import {
  envOf,
  type Ground,
  newSecret,
  prepareGround,
  seedReference,
  seedServer,
  settingsOf,
  signTokens,
} from './setup'
import type { Operation, Order } from './shape'

const rounds = 6
const callerCounts = [32, 256] as const
const warmUpSeconds = 1
/** Points of every earn and spend, as the driver sends them. */
const pointsEach = 10
/** Coupons to redeem: more than the fastest server seen could use up. */
const redemptionsPerSecond = 12_000

/** Who does the work: the server, the reference behind the server's own route, behind a bare Koa route, or without HTTP. */
type Party = 'server' | 'R2' | 'R3' | 'R'
interface Path {
  party: Party
  operation: Operation
}
const pathsOf = (database: 'mariadb' | 'sqlite'): Path[] => [
  ...(database === 'mariadb' ? [{ party: 'R', operation: 'earn' } as const] : []),
  { party: 'R2', operation: 'earn' },
  { party: 'server', operation: 'earn' },
  { party: 'R3', operation: 'earn' },
  { party: 'R2', operation: 'spend' },
  { party: 'server', operation: 'spend' },
  { party: 'server', operation: 'claim' },
  { party: 'server', operation: 'redeem' },
]
const named = (p: Path): string => (p.party === 'server' ? p.operation : `${p.party}-${p.operation}`)

interface Worker {
  pid: number
  ports: Partial<Record<Party, number>>
  order(order: Order): Promise<Stretch>
  stop(): Promise<void>
}
const ended = (child: ChildProcess): Promise<void> =>
  new Promise((done) =>
    child.exitCode === null && child.signalCode === null ? child.once('exit', () => done()) : done(),
  )
const end = async (child: ChildProcess): Promise<void> => {
  const gone = ended(child)
  child.kill('SIGTERM')
  await gone
}

/** The memory for short-lived objects that `npm start` gives the server; the references get it too. */
const youngSpace = '--max-semi-space-size=64'

/** Starts a worker file with IPC and waits until it says it is ready. */
const startWorker = async (file: string, args: string[] = []): Promise<Worker> => {
  const child = fork(join(__dirname, file), args, { execArgv: [...process.execArgv, youngSpace] })
  process.once('exit', () => child.kill('SIGKILL'))
  const next = <T>(): Promise<T> =>
    new Promise((done, fail) => {
      const died = (code: number | null): void => fail(new Error(`${file} ended with ${code}`))
      child.once('exit', died)
      child.once('message', (m) => {
        child.removeListener('exit', died)
        done(m as T)
      })
    })
  const { ports = {} } = await next<{ ports?: Worker['ports'] }>()
  return {
    pid: child.pid as number,
    ports,
    order: async (order) => {
      const answered = next<{ result?: Stretch; error?: string }>()
      child.send(order)
      const { result, error } = await answered
      if (!result) throw new Error(error)
      return result
    },
    stop: () => end(child),
  }
}

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => done(port))
    })
  })

/** What production runs: the compiled server, made anew where the sources have changed. */
const buildServer = (): void => {
  execFileSync(process.execPath, [join(__dirname, '../../config/build.mjs'), 'server'], { stdio: 'ignore' })
}

/** Starts the server as a process of its own and waits until its database answers too. */
const startServer = async (
  url: string,
  port: number,
  secret: string,
): Promise<{ pid: number; stop(): Promise<void> }> => {
  // The flags of `npm start`.
  const flags = ['--enable-source-maps', youngSpace]
  const child = spawn(process.execPath, [...flags, join(__dirname, '../../dist/server/server/main.js')], {
    env: { PATH: process.env.PATH, ...settingsOf(url, port, secret) },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  for (let waitedMs = 0; ; waitedMs += 100) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}`)
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      (r) => r.ok,
      () => false,
    )
    if (ready) break
    if (waitedMs > 60_000) throw new Error('The server was not ready within a minute')
    await new Promise((r) => setTimeout(r, 100))
  }
  return { pid: child.pid as number, stop: () => end(child) }
}

/** One measured stretch with the processor time a request cost, in microseconds. */
interface Measured extends Stretch {
  perSecond: number
  nodeMicros: number
  databaseMicros: number | null
}
type Results = Map<string, Measured[]>

const measured = async (
  run: () => Promise<Stretch>,
  nodePid: number,
  databasePid: number | null,
): Promise<Measured> => {
  const before = [cpuMicros(nodePid), databasePid && cpuMicros(databasePid)]
  const stretch = await run()
  const spent = (pid: number | null, was: number | null): number | null => {
    const is = pid ? cpuMicros(pid) : null
    return is === null || was === null ? null : (is - was) / Math.max(1, stretch.requests)
  }
  return {
    ...stretch,
    perSecond: (stretch.requests - stretch.errors) / stretch.seconds,
    nodeMicros: spent(nodePid, before[0]) ?? Number.NaN,
    databaseMicros: spent(databasePid, before[1]),
  }
}

/** Loads one database in turns; answers every stretch by path and callers. */
const loadDatabase = async (
  database: 'mariadb' | 'sqlite',
  ground: Ground,
  seconds: number,
): Promise<{ results: Results; holds: boolean }> => {
  const secret = newSecret()
  const port = await freePort()
  const env = envOf(ground.server, port, secret)
  const coupons = Math.ceil(redemptionsPerSecond * callerCounts.length * (rounds * seconds + warmUpSeconds))
  console.log(`\n${database}: preparing 10,000 members and ${coupons.toLocaleString('en')} coupons`)
  await seedReference(envOf(ground.reference, port, secret))
  const db = await openDb(env)
  await seedServer(db, coupons)
  const server = await startServer(ground.server, port, secret)
  const driver = await startWorker('driver.ts')
  const payload = Buffer.from('{"role":"pos"}').toString('base64url')
  const signature = createHmac('sha256', secret).update(payload).digest('base64url')
  const acked: Acknowledged = { earn: 0, spend: 0, claim: 0, redeem: 0 }
  const results: Results = new Map()
  let redeemedUpTo = 0
  const told = new Set<string>()
  try {
    for (const callers of callerCounts) {
      // As many connections as somebody would tune it to: no more of them are of use to the reference.
      const pool = String(callers === 32 ? 32 : 64)
      const bare = database === 'mariadb' ? await startWorker('reference.ts', [ground.reference, pool]) : null
      const behindHttp = await startWorker('reference.ts', [ground.reference, pool, secret])
      const tokens = await signTokens(env)
      const tokensOf = { earn: tokens.pos, spend: tokens.pos, claim: tokens.members, redeem: tokens.staff }
      const run = async (path: Path, length: number): Promise<Measured> => {
        const order: Order = { operation: path.operation, callers, seconds: length, from: redeemedUpTo }
        if (path.party === 'R' && bare) return measured(() => bare.order(order), bare.pid, ground.databasePid)
        const target =
          path.party === 'server'
            ? { port, prefix: '/api', tokens: tokensOf[path.operation] }
            : {
                port: behindHttp.ports[path.party] as number,
                prefix: '/api',
                tokens: path.party === 'R3' ? [`${payload}.${signature}`] : tokens.pos,
              }
        const pid = path.party === 'server' ? server.pid : behindHttp.pid
        const result = await measured(() => driver.order({ ...order, target }), pid, ground.databasePid)
        if (path.party === 'server') {
          acked[path.operation] += result.requests - result.errors
          if (path.operation === 'redeem') redeemedUpTo += result.requests
        }
        if (result.errors && !told.has(named(path))) {
          told.add(named(path))
          console.log(`  ${named(path)} is refused: ${result.samples[0]}`)
        }
        return result
      }
      for (const path of pathsOf(database)) await run(path, warmUpSeconds)
      for (let round = 1; round <= rounds; round++) {
        console.log(`${database}, ${callers} callers, round ${round} of ${rounds}`)
        // There and back again: a database that slows down or recovers within a round does so once before and once after each path.
        for (const path of round % 2 ? pathsOf(database) : pathsOf(database).reverse()) {
          const key = `${named(path)}.${callers}`
          results.set(key, [...(results.get(key) ?? []), await run(path, seconds)])
        }
      }
      await bare?.stop()
      await behindHttp.stop()
    }
    const invariants = await checkInvariants(db, acked, pointsEach)
    printResults(database, results)
    console.log(`\n${database}: what must hold`)
    for (const i of invariants) console.log(`  ${i.holds ? '✓' : '✗'} ${i.name}: ${i.figures}`)
    const errors = [...results.values()].flat().reduce((n, m) => n + m.errors, 0)
    console.log(`  ${errors ? '✗' : '✓'} requests that were not answered with success: ${errors}`)
    return { results, holds: invariants.every((i) => i.holds) && !errors }
  } finally {
    await Promise.all([driver.stop(), server.stop()])
    await db.close()
  }
}

const printResults = (database: string, results: Results): void => {
  console.log(`\n${database}: medians of ${rounds} rounds; µs of processor time a request`)
  const rows = callerCounts.flatMap((callers) =>
    [...results]
      .filter(([key]) => key.endsWith(`.${callers}`))
      .map(([key, list]) => {
        const of = (pick: (m: Measured) => number): number => median(list.map(pick))
        return [
          key.replace(/\.\d+$/, ''),
          String(callers),
          of((m) => m.perSecond).toFixed(0),
          list.map((m) => m.perSecond.toFixed(0)).join('/'),
          of((m) => m.p50).toFixed(1),
          of((m) => m.p99).toFixed(1),
          of((m) => m.nodeMicros).toFixed(0),
          list[0].databaseMicros === null ? '-' : of((m) => m.databaseMicros ?? 0).toFixed(0),
          String(list.reduce((n, m) => n + m.errors, 0)),
        ]
      }),
  )
  printTable(['path', 'callers', 'req/s', 'rounds', 'p50 ms', 'p99 ms', 'node µs', 'db µs', 'errors'], rows, 1)
}

/** A ratio that was promised: of which paths, at how many callers, and the goal. */
interface Promised {
  name: string
  of: string
  to: string
  goal: number | null
}
const promised: Record<'mariadb' | 'sqlite', Promised[]> = {
  mariadb: [
    { name: 'earn.ratio', of: 'earn.256', to: 'R-earn.256', goal: 1.5 },
    { name: 'earn.like-for-like', of: 'earn.256', to: 'R2-earn.256', goal: 3.5 },
    { name: 'spend.like-for-like', of: 'spend.256', to: 'R2-spend.256', goal: 3.5 },
    { name: 'earn.bare-route', of: 'earn.256', to: 'R3-earn.256', goal: null },
    { name: 'earn.ratio.32', of: 'earn.32', to: 'R-earn.32', goal: 1 },
    { name: 'earn.like-for-like.32', of: 'earn.32', to: 'R2-earn.32', goal: 2 },
    { name: 'spend.like-for-like.32', of: 'spend.32', to: 'R2-spend.32', goal: 2 },
  ],
  sqlite: [
    { name: 'earn.like-for-like', of: 'earn.256', to: 'R2-earn.256', goal: 3 },
    { name: 'earn.bare-route', of: 'earn.256', to: 'R3-earn.256', goal: null },
    { name: 'spend.like-for-like', of: 'spend.256', to: 'R2-spend.256', goal: null },
    { name: 'earn.like-for-like.32', of: 'earn.32', to: 'R2-earn.32', goal: null },
  ],
}
const rounded = (value: number): number => Math.round(value * 100) / 100

const figuresOf = (database: 'mariadb' | 'sqlite', results: Results): Figure[] => {
  console.log(`\n${database}: ratios, the median of the rounds (and their range)`)
  const ratios = promised[database].map((p): Figure => {
    const [of, to] = [results.get(p.of) ?? [], results.get(p.to) ?? []]
    const each = of.map((m, round) => m.perSecond / to[round].perSecond)
    const value = rounded(median(each))
    const verdict = p.goal === null ? '' : value >= p.goal ? `  ✓ goal ${p.goal}` : `  ✗ goal ${p.goal}`
    const range = `${rounded(Math.min(...each))}-${rounded(Math.max(...each))}`
    console.log(`  ${`${database}.${p.name}`.padEnd(32)} ${value.toFixed(2)} (${range})${verdict}`)
    return { name: `${database}.${p.name}`, value, unit: 'ratio', goal: p.goal }
  })
  // Foreign load takes turns from whoever has fewer threads; the processor time a request costs hardly feels it.
  console.log(`\n${database}: the same by processor time a request, server and database together`)
  const processor = promised[database].map((p): Figure => {
    const cost = (m: Measured): number => m.nodeMicros + (m.databaseMicros ?? 0)
    const value = rounded(median((results.get(p.to) ?? []).map(cost)) / median((results.get(p.of) ?? []).map(cost)))
    console.log(`  ${`${database}.${p.name}`.padEnd(32)} ${value.toFixed(2)}`)
    return { name: `${database}.${p.name}.cpu`, value, unit: 'ratio', goal: null }
  })
  const absolute = [...results].flatMap(([key, list]): Figure[] => {
    const figure = (name: string, unit: string, pick: (m: Measured) => number): Figure => ({
      name: `${database}.${key}.${name}`,
      value: rounded(median(list.map(pick))),
      unit,
      goal: null,
    })
    return [
      figure('rate', 'requests/s', (m) => m.perSecond),
      figure('p50', 'ms', (m) => m.p50),
      figure('p99', 'ms', (m) => m.p99),
      figure('cpu', 'µs/request', (m) => m.nodeMicros + (m.databaseMicros ?? 0)),
    ]
  })
  return [...ratios, ...processor, ...absolute]
}

/** Runs the bench on the databases asked for; one that is not on this machine is left out and said. */
export const run = async ({ seconds, databases }: BenchOptions): Promise<Report> => {
  const [load] = loadavg()
  const busy = load > 0.5
  console.log(
    `${cpus().length} processors, load ${load.toFixed(1)}${busy ? ': busy with other work, so read the processor times' : ''}`,
  )
  buildServer()
  const figures: Figure[] = []
  let sound = true
  for (const database of databases) {
    const ground = await prepareGround(database)
    if (!ground) {
      console.log(`${database}: left out, mariadbd was not found on this machine`)
      continue
    }
    try {
      const { results, holds } = await loadDatabase(database, ground, seconds)
      sound &&= holds
      figures.push(...figuresOf(database, results))
    } finally {
      await ground.drop()
    }
  }
  return { name: 'hot-path', figures, sound }
}
