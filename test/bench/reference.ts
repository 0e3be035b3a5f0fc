/**
 * The references: the same earn and spend as somebody would write them by hand, one transaction a request. R2 stands behind the server's
 * own route: the same frame, token check, limits, validation and headers, so that only what happens between them differs (like for like).
 * R3 stands behind a bare Koa route with a body parser, a signature check and zod, as a first draft would have it; R has no HTTP, its
 * callers live in this process. They write entry, lot and balance (a spend: entry, move, lot and balance), but no idempotency record and no
 * operator: less than the server does.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
import BetterSqlite3 from 'better-sqlite3'
import Koa from 'koa'
import { createPool, type PoolConnection, type RowDataPacket } from 'mysql2/promise'
import { z } from 'zod'
import { openDb } from '../../server/db/data-source'
import type { Deps } from '../../server/deps'
import { admit } from '../../server/http/actor'
import { apiRouter } from '../../server/http/api'
import type { Route } from '../../server/http/bind'
import { frame } from '../../server/http/frame'
import { headers } from '../../server/http/headers'
import { createLog } from '../../server/http/log'
import { createMeter } from '../../server/http/metrics'
import { createKeys } from '../../server/keys'
import { contract } from '../../shared/contract'
import { addMonths, civilDay, lastDayOfMonth } from '../../shared/time'
import { summarise } from './measure'
import { envOf } from './setup'
import { memberCount, memberId, type Order } from './shape'

type Move = (memberId: string, points: number, reason: string) => Promise<{ ok: true }>
interface Reference {
  earn: Move
  spend: Move
}

const insertEntry =
  "INSERT INTO points_entry (memberId, walletId, seq, at, onDay, amount, balanceAfter, kind, sourceType, sourceId, note) SELECT memberId, walletId, seq, ?, ?, ?, balance, ?, 'pos', NULL, ? FROM points_account WHERE memberId = ? AND walletId = 'group'"
const insertLot =
  "INSERT INTO points_lot (memberId, walletId, seq, amount, remaining, expiresOn) SELECT memberId, walletId, seq, ?, ?, ? FROM points_account WHERE memberId = ? AND walletId = 'group'"
const addPoints =
  "UPDATE points_account SET balance = balance + ?, seq = seq + 1, updatedAt = ? WHERE memberId = ? AND walletId = 'group'"
const takePoints =
  "UPDATE points_account SET balance = balance - ?, seq = seq + 1, updatedAt = ? WHERE memberId = ? AND walletId = 'group' AND balance >= ?"
const openLot =
  "SELECT seq, remaining FROM points_lot WHERE memberId = ? AND walletId = 'group' AND remaining >= ? ORDER BY expiresOn, seq LIMIT 1"
const drainLot = "UPDATE points_lot SET remaining = remaining - ? WHERE memberId = ? AND walletId = 'group' AND seq = ?"
const insertMove =
  "INSERT INTO points_lot_move (memberId, walletId, seq, lotSeq, delta) SELECT memberId, walletId, seq, ?, ? FROM points_account WHERE memberId = ? AND walletId = 'group'"

/** Five round trips an earn: BEGIN, balance, entry, lot, COMMIT; seven a spend. */
const onMysql = (url: string, poolSize: number): Reference => {
  const pool = createPool({ uri: url, connectionLimit: poolSize })
  pool.on('connection', (c) => {
    c.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED')
  })
  const transaction = async (work: (c: PoolConnection) => Promise<void>): Promise<{ ok: true }> => {
    const connection = await pool.getConnection()
    try {
      await connection.query('BEGIN')
      await work(connection)
      await connection.query('COMMIT')
      return { ok: true }
    } catch (error) {
      await connection.query('ROLLBACK')
      throw error
    } finally {
      connection.release()
    }
  }
  return {
    earn: (member, points, reason) =>
      transaction(async (c) => {
        const now = Date.now()
        const today = civilDay(now)
        await c.query(addPoints, [points, now, member])
        await c.query(insertEntry, [now, today, points, 'earn', reason, member])
        await c.query(insertLot, [points, points, lastDayOfMonth(addMonths(today, 12)), member])
      }),
    spend: (member, points, reason) =>
      transaction(async (c) => {
        const now = Date.now()
        await c.query(takePoints, [points, now, member, points])
        const [lots] = await c.query<RowDataPacket[]>(openLot, [member, points])
        await c.query(drainLot, [points, member, lots[0].seq])
        await c.query(insertEntry, [now, civilDay(now), -points, 'spend', reason, member])
        await c.query(insertMove, [lots[0].seq, -points, member])
      }),
  }
}

/** One transaction a request on the one connection, synchronous as the library is, WAL and synchronous=FULL as the server's. */
const onSqlite = (file: string): Reference => {
  const db = new BetterSqlite3(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  const s = {
    add: db.prepare(addPoints),
    take: db.prepare(takePoints),
    entry: db.prepare(insertEntry),
    lot: db.prepare(insertLot),
    open: db.prepare(openLot),
    drain: db.prepare(drainLot),
    move: db.prepare(insertMove),
  }
  const earn = db.transaction((member: string, points: number, reason: string) => {
    const now = Date.now()
    const today = civilDay(now)
    s.add.run(points, now, member)
    s.entry.run(now, today, points, 'earn', reason, member)
    s.lot.run(points, points, lastDayOfMonth(addMonths(today, 12)), member)
  })
  const spend = db.transaction((member: string, points: number, reason: string) => {
    const now = Date.now()
    s.take.run(points, now, member, points)
    const lot = s.open.get(member, points) as { seq: number }
    s.drain.run(points, member, lot.seq)
    s.entry.run(now, civilDay(now), -points, 'spend', reason, member)
    s.move.run(lot.seq, -points, member)
  })
  return {
    earn: async (...a) => {
      earn.immediate(...a)
      return { ok: true }
    },
    spend: async (...a) => {
      spend.immediate(...a)
      return { ok: true }
    },
  }
}

const listening = (app: Koa): Promise<number> =>
  new Promise((done) => {
    const server = app.listen(0, '127.0.0.1', () => done((server.address() as { port: number }).port))
  })

/** R2: the server's frame and routes, with the hand-written transactions where the server has its batched commands. */
const serveFramed = async (reference: Reference, url: string, secret: string): Promise<number> => {
  const env = envOf(url, 0, secret)
  const deps = {
    env,
    db: await openDb(env),
    clock: { now: () => Date.now() },
    keys: createKeys(env),
    log: createLog(env),
  } as Deps
  const route = (key: 'POST /points/awards' | 'POST /points/spends', move: Move): Route => ({
    key,
    endpoint: contract[key],
    serve: () => async (incoming) => {
      admit(incoming.actor, contract[key].allow)
      const input = contract[key].input.parse(incoming.input) as { memberId: string; points: number; reason: string }
      return { status: 200, body: await move(input.memberId, input.points, input.reason) }
    },
  })
  const app = new Koa()
  app.silent = true
  app.use(frame(deps, createMeter()))
  app.use(headers(env))
  for (const layer of apiRouter(deps, [
    route('POST /points/awards', reference.earn),
    route('POST /points/spends', reference.spend),
  ]))
    app.use(layer)
  return listening(app)
}

/** R3: the route of a first draft: body parser, a signature check, zod, the transaction, JSON. */
const serveBare = (reference: Reference, secret: string): Promise<number> => {
  const app = new Koa()
  app.silent = true
  const router = new Router({ prefix: '/api' })
  const input = z.strictObject({
    memberId: z.string().regex(/^[0-9a-z]{1,24}$/),
    points: z.int().min(1).max(100_000_000),
    reason: z.string().trim().min(2).max(100),
  })
  const check = (header: string): void => {
    const [payload, signature] = header.slice('Bearer '.length).split('.')
    const expected = createHmac('sha256', secret).update(payload).digest()
    const given = Buffer.from(signature ?? '', 'base64url')
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Error('unauthenticated')
  }
  const route = (path: string, move: Move): void => {
    router.post(path, async (ctx) => {
      check(ctx.get('authorization'))
      const body = input.parse(ctx.request.body)
      ctx.body = await move(body.memberId, body.points, body.reason)
    })
  }
  route('/points/awards', reference.earn)
  route('/points/spends', reference.spend)
  app.use(bodyParser({ enableTypes: ['json'] }))
  app.use(router.routes())
  return listening(app)
}

const runHere = async (reference: Reference, order: Order): Promise<unknown> => {
  const move = order.operation === 'spend' ? reference.spend : reference.earn
  const latencies: number[] = []
  const started = performance.now()
  const until = started + order.seconds * 1000
  const caller = async (): Promise<void> => {
    while (performance.now() < until) {
      const began = performance.now()
      await move(memberId(Math.floor(Math.random() * memberCount)), 10, '收银发放')
      latencies.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: order.callers }, caller))
  return summarise(latencies, (performance.now() - started) / 1000, 0, [])
}

/** How this process is to behave: arguments are the database's URL, the pool's size, and the secret when it is to serve HTTP. */
const main = async (): Promise<void> => {
  const [url, poolSize, secret] = process.argv.slice(2)
  const reference = url.startsWith('sqlite:') ? onSqlite(url.slice('sqlite:'.length)) : onMysql(url, Number(poolSize))
  const ports = secret ? { R2: await serveFramed(reference, url, secret), R3: await serveBare(reference, secret) } : {}
  process.on('message', (order: Order) => {
    runHere(reference, order).then(
      (result) => process.send?.({ result }),
      (error: Error) => process.send?.({ error: error.stack ?? String(error) }),
    )
  })
  process.send?.({ ready: true, ports })
}
void main()
