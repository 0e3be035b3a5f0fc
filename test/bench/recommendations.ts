import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readEnv } from '../../config/env'
import { createApp } from '../../server/app'
import { migrate, openDb } from '../../server/db/data-source'
import type { Row } from '../../server/db/statement'
import type { Db } from '../../server/db/transaction'
import type { Deps } from '../../server/deps'
import { signAccess } from '../../server/http/auth'
import { createLog } from '../../server/http/log'
import { createDeps } from '../../server/process'
import { bestItems, createScorer, only } from '../../server/recommendations/models/blend'
import { packHistory, packModel } from '../../server/recommendations/models/codec'
import { contentNeighbours } from '../../server/recommendations/models/content'
import { easeItems, easeNeighbours, gramOf } from '../../server/recommendations/models/ease'
import {
  type History,
  historyOf,
  joinHistories,
  rebuyShares,
  supportOf,
} from '../../server/recommendations/models/histories'
import { cosineNeighbours } from '../../server/recommendations/models/neighbours'
import { bestOf, onScale } from '../../server/recommendations/models/popularity'
import { publishModel } from '../../server/recommendations/publish'
import { recommendTo } from '../../server/recommendations/service'
import { DAY_MS } from '../../shared/time'
import { createDatabase, findMariadbd, startMariadb } from '../support/mariadb'
import type { GetOrder, GetResult } from './get-driver'
import type { BenchOptions } from './index'
import { type Figure, printTable, type Report, summarise } from './measure'

/** Sizes of the shop; members are a million unless --members says otherwise. */
const size = {
  items: 5_000,
  learnt: 20_000,
  requests: 20_000,
  warmUp: 2_000,
  sessions: 5_000,
  httpRequests: 4_000,
} as const
const memberId = (i: number): string => `m${String(i).padStart(12, '0')}`
const goal = 5

/** Park and Miller's generator. */
const draws = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/**
 * Histories with the shape of real ones: how much a member bought and how often an item is bought are both skewed, and members keep to a
 * few of fifty circles of goods, so that there is something to learn.
 */
const historyMaker = (items: number, today: number) => {
  const random = draws(20_261_122)
  const circles = 50
  return (): History => {
    const visits = 1 + Math.floor(12 * random() ** 2 * 3)
    const home = Math.floor(random() * circles)
    const bought: { item: number; day: number }[] = []
    for (let v = 0; v < visits; v++) {
      const day = today - 1 - Math.floor(random() * 360)
      for (let l = 0; l < 1 + Math.floor(random() * 3); l++) {
        const rank = Math.floor((items / circles) * random() ** 2)
        const circle = random() < 0.8 ? home : Math.floor(random() * circles)
        bought.push({ item: rank * circles + circle, day })
      }
    }
    return historyOf(bought)
  }
}

const insertMany = async (db: Db, table: string, count: number, rows: (i: number) => Row): Promise<void> => {
  for (let from = 0; from < count; from += 20_000)
    await db.tx(async (tx) =>
      tx.insert(
        table,
        Array.from({ length: Math.min(20_000, count - from) }, (_, i) => rows(from + i)),
      ),
    )
}

/** Fills a database with members, their histories and figures, the goods, and a model learnt from some of them. */
const fill = async (
  db: Db,
  members: number,
  now: number,
): Promise<{ modelSeconds: number; modelBytes: number; averageItems: number }> => {
  const today = Math.floor((now + 8 * 3_600_000) / DAY_MS)
  const make = historyMaker(size.items, today)
  const learnFrom: History[] = []
  let entries = 0
  await migrate(db)
  await insertMany(db, 'member', members, (i) => ({
    id: memberId(i),
    groupId: 'group',
    cardNo: String(10_000_000 + i),
    name: '会员',
    gender: 'unknown',
    joinedAt: now,
    joinedOn: '2026-01-01',
    joinedMonthDay: '01-01',
    joinedBy: 'import',
    status: 'active',
    tierLevel: 0,
    personalised: 1,
    joinedStoreId: `s${i % 8}`,
  }))
  await insertMany(db, 'recommendation_history', members, (i) => {
    const h = make()
    if (i < size.learnt) learnFrom.push(h)
    entries += h.item.length
    return { memberId: memberId(i), visits: h.visits, entries: packHistory(h), updatedAt: now }
  })
  const goods = Array.from({ length: size.items }, (_, i) => ({
    id: `P${i}`,
    name: `商品 ${i}`,
    category: `品类 ${i % 50}`,
    priceFen: 1_000 + i,
    active: i % 40 ? 1 : 0,
  }))
  await insertMany(db, 'product', size.items, (i) => goods[i])
  await insertMany(db, 'recommendation_item', size.items, (i) => ({
    no: i,
    productId: `P${i}`,
    members: 0,
    changedAt: 0,
  }))
  const started = performance.now()
  const all = joinHistories(learnFrom, size.items)
  // A trial with few members is not about the model: its inverse would take longer than all the rest.
  const covered = easeItems(all, members < 100_000 ? 600 : undefined)
  const support = supportOf(all)
  const weights = only({
    ease: 0.5,
    neighbours: 0.2,
    content: 0.1,
    frequency: 0.5,
    recency: 0.1,
    rebuy: 0.3,
    popularity: 0.1,
  })
  const best = bestOf(support)
  const model = {
    items: size.items,
    ease: easeNeighbours(gramOf(all, covered), covered, size.items, 500),
    neighbours: cosineNeighbours(all),
    content: contentNeighbours(goods.map(({ name, category }) => ({ name, category }))),
    rebuy: rebuyShares(all),
    popular: onScale(support),
    weights: { discover: weights, all: weights },
    day: today,
    firstSold: new Uint16Array(size.items).fill(today - 300),
    best,
    bestByStore: Object.fromEntries(Array.from({ length: 8 }, (_, s) => [`s${s}`, best])),
  }
  const blob = packModel(model)
  const modelBytes = [model.ease, model.neighbours, model.content]
    .flatMap((n) => [n.start, n.item, n.weight])
    .concat(model.rebuy, model.popular)
    .reduce((sum, array) => sum + array.byteLength, 0)
  const modelSeconds = (performance.now() - started) / 1000
  await db.tx((tx) => publishModel(tx, { kind: 'full', dataAt: now, seconds: modelSeconds, card: {}, blob }, now))
  return { modelSeconds, modelBytes, averageItems: entries / members }
}

/** One request after the other for random members, in this process: what the handler itself costs, database included. */
const serve = async (deps: Deps, members: number, now: number): Promise<{ latencies: number[]; items: number }> => {
  const random = draws(7)
  const latencies: number[] = []
  let items = 0
  for (let i = 0; i < size.warmUp + size.requests; i++) {
    const id = memberId(Math.floor(random() * members))
    const started = performance.now()
    const { items: list } = await recommendTo(deps.db, deps, id, { slot: 'home', limit: 6 }, now)
    if (i >= size.warmUp) {
      latencies.push(performance.now() - started)
      items += list.length
    }
    // Requests come one by one through the event loop, never in one unbroken run.
    if (i % 50 === 0) await new Promise((done) => setImmediate(done))
  }
  return { latencies, items }
}

/** The same over HTTP: access token, session, contract and JSON included; the caller is a process of its own. */
const serveHttp = async (deps: Deps, members: number, now: number): Promise<GetResult> => {
  const random = draws(8)
  const ids = Array.from(new Set(Array.from({ length: size.sessions }, () => memberId(Math.floor(random() * members)))))
  await insertMany(deps.db, 'session', ids.length, (i) => ({
    id: ids[i],
    kind: 'member',
    subjectId: ids[i],
    deviceId: 'bench',
    platform: 'h5',
    refreshHash: ids[i],
    createdAt: now,
    refreshedAt: now,
    expiresAt: now + DAY_MS,
  }))
  const tokens = await Promise.all(
    ids.map((id) =>
      signAccess(deps, { kind: 'member', subjectId: id, sessionId: id, deviceId: 'bench' }, now + DAY_MS),
    ),
  )
  const server = createServer(createApp(deps).callback())
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const order = { port, path: '/api/me/recommendations?slot=home&limit=6', tokens, everyMs: 10 }
  const drive = (requests: number): Promise<GetResult> =>
    new Promise((done, fail) => {
      const child = fork(join(__dirname, 'get-driver.ts'), [], { execArgv: process.execArgv })
      child.once('message', (result) => done(result as GetResult))
      child.once('error', fail)
      child.once('exit', (code) => code && fail(new Error(`The driver ended with ${code}`)))
      child.send({ ...order, requests } satisfies GetOrder)
    })
  await drive(size.warmUp)
  const result = await drive(size.httpRequests)
  await new Promise((done) => server.close(done))
  return result
}

/** How many members one thread ranks in a second, history in hand: top 50 of all goods. */
const ranked = (now: number): number => {
  const today = Math.floor(now / DAY_MS)
  const make = historyMaker(size.items, today)
  const histories = Array.from({ length: 4_000 }, make)
  const all = joinHistories(histories, size.items)
  const lists = cosineNeighbours(all)
  const model = {
    items: size.items,
    ease: lists,
    neighbours: lists,
    content: lists,
    rebuy: rebuyShares(all),
    popular: onScale(supportOf(all)),
  }
  const scorer = createScorer(model)
  const weights = only({ ease: 1, frequency: 0.5, popularity: 0.1 })
  for (const h of histories.slice(0, 1_000)) bestItems(scorer.total(h, today, weights), 50)
  const started = performance.now()
  for (const h of histories) bestItems(scorer.total(h, today, weights), 50)
  return histories.length / ((performance.now() - started) / 1000)
}

const onDatabase = async (
  name: 'sqlite' | 'mariadb',
  url: string,
  members: number,
): Promise<{ row: string[]; figures: Figure[]; sound: boolean }> => {
  const env = readEnv({
    NODE_ENV: 'test',
    DATABASE_URL: url,
    LOG_LEVEL: 'error',
    APP_SECRET: 'the secret of a bench, 32 characters or more',
  })
  const now = Date.now()
  const db = await openDb(env)
  const { modelSeconds, modelBytes, averageItems } = await fill(db, members, now)
  const deps = await createDeps(env, { db, log: createLog(env) })
  const before = process.cpuUsage()
  const { latencies, items } = await serve(deps, members, now)
  const spent = process.cpuUsage(before)
  const http = await serveHttp(deps, members, now)
  await db.close()
  const { p50, p99 } = summarise(latencies, 1, 0, [])
  const overHttp = summarise(http.latencies, 1, 0, [])
  const held = modelBytes / 2 ** 20
  const cpu = (spent.user + spent.system) / 1000 / (size.warmUp + size.requests)
  const figures: Figure[] = [
    { name: `${name}.serve.p50`, value: p50, unit: 'ms', goal: null },
    { name: `${name}.serve.p99`, value: p99, unit: 'ms', goal },
    { name: `${name}.http.p50`, value: overHttp.p50, unit: 'ms', goal: null },
    { name: `${name}.http.p99`, value: overHttp.p99, unit: 'ms', goal: null },
    { name: `${name}.serve.cpu`, value: cpu, unit: 'ms', goal: null },
    { name: `${name}.model.seconds`, value: modelSeconds, unit: 's', goal: null },
    { name: `${name}.model.arrays`, value: held, unit: 'MB', goal: null },
  ]
  const row = [
    name,
    p50.toFixed(3),
    p99.toFixed(3),
    overHttp.p50.toFixed(2),
    overHttp.p99.toFixed(2),
    cpu.toFixed(3),
    (items / latencies.length).toFixed(1),
    averageItems.toFixed(1),
    modelSeconds.toFixed(1),
    held.toFixed(1),
  ]
  // Every request must come back with a full list; the time is a goal.
  return { row, figures, sound: items === latencies.length * 6 && http.errors === 0 }
}

/** Recommendations at the size of the goal: one indexed read and arrays in memory, on both databases. */
export const run = async ({ databases, members = 1_000_000 }: BenchOptions): Promise<Report> => {
  const rows: string[][] = []
  const figures: Figure[] = []
  let sound = true
  const keep = (r: Awaited<ReturnType<typeof onDatabase>>): void => {
    rows.push(r.row)
    figures.push(...r.figures)
    sound &&= r.sound
  }
  console.log(
    `${members.toLocaleString('en')} members, ${size.items.toLocaleString('en')} goods, model of ${size.learnt.toLocaleString('en')} members, ${size.requests.toLocaleString('en')} lists of six for random members`,
  )
  if (databases.includes('sqlite')) {
    const folder = mkdtempSync(join(tmpdir(), 'huiyuan-bench-'))
    keep(await onDatabase('sqlite', `sqlite:${join(folder, 'bench.sqlite')}`, members))
    rmSync(folder, { recursive: true, force: true })
  }
  const program = databases.includes('mariadb') ? findMariadbd() : null
  if (program) {
    const mariadb = await startMariadb(program, { durable: false })
    const { url } = await createDatabase(mariadb.server)
    keep(await onDatabase('mariadb', url, members))
    await mariadb.stop()
  } else if (databases.includes('mariadb')) console.log('mariadbd was not found: SQLite only')
  const perSecond = ranked(Date.now())
  figures.push({ name: 'rank.members-per-second', value: perSecond, unit: '/s', goal: 20_000 })
  printTable(
    ['database', 'p50 ms', 'p99 ms', 'http p50', 'http p99', 'cpu ms', 'items', 'bought', 'model s', 'arrays MB'],
    rows,
    1,
  )
  console.log(`top 50 of all goods: ${Math.round(perSecond).toLocaleString('en')} members a second on one thread`)
  return { name: 'recommendations', figures, sound }
}
