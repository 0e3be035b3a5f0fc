/**
 * RFM and life-cycle stages of everybody, from stored purchases to stored scores, at the size of a large chain: `npm run bench -- scoring
 * [--members 1000000] [--purchases 10000000] [--database sqlite|mariadb] [--json]`. The nightly job is held against the same definitions in
 * one SQL statement on the same database, its arithmetic alone against DuckDB on the same rows; the sums of all must agree.
 *
 * What is compared: the job begins with no score stored, so that it writes every row, its history and its sums, after its look at the data.
 * It reads the figures that the till keeps per member in each purchase's own transaction; the statement reads the purchases, as somebody
 * without such figures must. The statement stores its result under the keys and indexes that pages need (`sql`); what it takes to leave it
 * in a bare table, which no page could use, is printed beside it (`sql.bare`). `again` is a run over everybody that finds every score as
 * it should be: what happens once a week. Then one member in a hundred buys, and the job treats those (`one-percent-day`); then another
 * one in a hundred, and a night passes, so that the job also finds everybody whose stage or recency moves on with time (`next-night`).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { readEnv } from '../../config/env'
import { migrate, openDb } from '../../server/db/data-source'
import { createDeps } from '../../server/process'
import { quantileThresholds, scoreByThresholds } from '../../server/scores/models/rfm'
import { defaultStageRules, stageOf } from '../../server/scores/stage-rules'
import { civilDay, DAY_MS, HOUR_MS, serialOfDay } from '../../shared/time'
import { mariadbLoader, sqliteLoader } from './dashboards-load'
import { type Ground, prepareDatabase } from './ground'
import type { BenchOptions } from './index'
import { type Figure, median, printTable, type Report } from './measure'
import { comeAgain, forgetScores, load, runStages, say, scoreEverybody, tableLikeScores, timed } from './scoring-night'
import { p99, serve, startProbe } from './scoring-probe'
import { loadsOf, type Purchases, purchasesOf, type Sums, sumsOf } from './scoring-shape'
import { checkSql, scoringSql, stageNames, storingSql, tongues } from './scoring-sql'
import { newSecret, settingsOf } from './setup'

const repeats = 3
const goals = { compute: 1.25, job: 0.25, day: 0.05, memoryMb: 1024, p99: 2 }
const rounded = (value: number): number => Math.round(value * 1000) / 1000

/** The sums that must agree: r, f, m, and the members of the five stages. */
type Check = number[]
const checkOf = (row: Record<string, unknown>): Check =>
  ['r', 'f', 'm', 's0', 's1', 's2', 's3', 's4'].map((name) => Number(row[name]))
const agree = (a: Check, b: Check): boolean => a.every((value, i) => value === b[i])

/** The arithmetic alone: from columns of purchases to columns of scores. */
const compute = (made: Purchases, today: number): { sums: Sums; check: Check } => {
  const sums = sumsOf(made)
  const buyers = Int32Array.from(
    { length: sums.purchases.reduce((n, count) => n + (count ? 1 : 0), 0) },
    (() => {
      let m = -1
      return () => {
        do m++
        while (!sums.purchases[m])
        return m
      }
    })(),
  )
  const column = (values: ArrayLike<number>): Float64Array => Float64Array.from(buyers, (m) => values[m])
  const columns = [column(sums.last), column(sums.purchases), column(sums.fen)]
  const scores = columns.map((values) => scoreByThresholds(values, quantileThresholds(values)))
  const check = scores.map((list) => list.reduce((sum, score) => sum + score, 0))
  const stages = [made.members - buyers.length, 0, 0, 0, 0]
  for (const m of buyers)
    stages[stageOf(defaultStageRules, sums.days[m], sums.last[m] - sums.first[m], today - sums.last[m])]++
  return { sums, check: [...check, ...stages] }
}

/** The same in DuckDB, on a table of the same rows, with its result stored as a table. */
const inDuckdb = async (made: Purchases, today: number): Promise<{ seconds: number; check: Check }> => {
  const folder = mkdtempSync(join(tmpdir(), 'huiyuan-duckdb-'))
  try {
    const file = join(folder, 'purchases.csv')
    const lines: string[] = []
    for (let i = 0; i < made.member.length; i++) lines.push(`${made.member[i]},${made.day[i]},${made.fen[i]}`)
    const chunk = 500_000
    for (let i = 0; i < lines.length; i += chunk)
      writeFileSync(file, `${lines.slice(i, i + chunk).join('\n')}\n`, { flag: i ? 'a' : 'w' })
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    await connection.run(
      `CREATE TABLE purchase AS SELECT column0::INTEGER AS m, column1::INTEGER AS day, column2::INTEGER AS fen FROM read_csv('${file}', header = false)`,
    )
    await connection.run(`CREATE TABLE member AS SELECT range::INTEGER AS m FROM range(${made.members})`)
    const sql = scoringSql(tongues.duckdb, 'SELECT m, day, fen FROM purchase', 'SELECT m FROM member', today)
    const seconds: number[] = []
    for (let i = 0; i < repeats; i++)
      seconds.push((await timed(() => connection.run(`CREATE OR REPLACE TABLE scored AS ${sql}`))).seconds)
    const rows = await connection.runAndReadAll(checkSql('scored', ['r', 'f', 'mm', 'stage'], [0, 1, 2, 3, 4]))
    const [row] = rows.getRowObjectsJson()
    connection.closeSync()
    return { seconds: median(seconds), check: checkOf(row) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Found {
  job: number
  sql: number
  bare: number
  again: number
  night: number
  day: number
  memoryMb: number
  p99: number
  idleP99: number
  agrees: boolean
}

const measure = async (
  database: 'mariadb' | 'sqlite',
  ground: Ground,
  made: Purchases,
  sums: Sums,
  expected: Check,
  now: number,
): Promise<Found> => {
  const env = readEnv({ ...settingsOf(ground.url, 0, newSecret()), RATE_LIMIT_PER_MINUTE: '1000000000' })
  const db = await openDb(env)
  await migrate(db)
  await db.close()
  const loading = await timed(async () => {
    const loader = ground.file ? sqliteLoader(ground.file) : await mariadbLoader(ground.url)
    for (const rows of loadsOf(made, sums, now)) await loader.fill(rows)
    await loader.done()
  })
  say(
    `${made.members.toLocaleString('en')} members and ${made.member.length.toLocaleString('en')} purchases in ${loading.seconds.toFixed(0)} s`,
  )
  let passed = 0
  const deps = await createDeps(env, { clock: { now: () => Date.now() + passed } })
  const today = serialOfDay(civilDay(now))
  const api = await serve(deps)
  try {
    const t = tongues[database]
    const day = t.whole('at + 28800000', '86400000')
    const sql = scoringSql(
      t,
      `SELECT memberId AS m, ${day} AS day, paidFen - refundedFen AS fen FROM purchase`,
      'SELECT id AS m FROM member',
      today,
    )
    const bare = await timed(async () => {
      await deps.db.dialect.writer.query(`CREATE TABLE scored_bare AS ${sql}`)
    })
    await tableLikeScores(deps, 'scored_by_sql')
    const bySql = await timed(async () => {
      await deps.db.dialect.writer.query(storingSql('scored_by_sql', sql, civilDay(now)))
    })
    const [sqlRow] = await deps.db.read<Record<string, unknown>>(
      checkSql('scored_by_sql', ['r', 'f', 'm', 'stage'], stageNames),
    )
    say(`one SQL statement: ${bySql.seconds.toFixed(1)} s, into a bare table ${bare.seconds.toFixed(1)} s, ${load()}`)
    // The first run also reckons the stages of the ninety days before, once in a shop's life.
    await runStages(deps)
    await forgetScores(deps)
    const idle = startProbe(api.url, api.token)
    await new Promise((done) => setTimeout(done, 5_000))
    const idleP99 = p99(await idle.stop())
    // Once by itself, as the statement ran by itself, and once while the API is asked without pause.
    const before = process.memoryUsage.rss()
    let peak = before
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss())
    }, 100)
    const job = await runStages(deps)
    clearInterval(watch)
    const [jobRow] = await deps.db.read<Record<string, unknown>>(
      checkSql('member_score', ['r', 'f', 'm', 'stage'], stageNames),
    )
    for (const [who, row] of Object.entries({ job: jobRow, SQL: sqlRow }))
      if (!agree(checkOf(row), expected)) say(`the sums of the ${who} are ${checkOf(row)}, not ${expected}`)
    await forgetScores(deps)
    const busy = startProbe(api.url, api.token)
    say('the API is asked without pause')
    await runStages(deps)
    const busyP99 = p99(await busy.stop())
    await scoreEverybody(deps)
    const again = await runStages(deps)
    await deps.db.tx(async (tx) => tx.write('UPDATE score_run SET onDay = ?', [civilDay(now)]))
    const bought = await comeAgain(deps, made, sums, deps.clock.now())
    say(`${bought.toLocaleString('en')} members have bought again`)
    const oneDay = await runStages(deps)
    passed = DAY_MS
    await comeAgain(deps, made, sums, deps.clock.now() - HOUR_MS)
    say('as many have bought the next day, and a night has passed for everybody')
    const night = await runStages(deps)
    return {
      job,
      sql: bySql.seconds,
      bare: bare.seconds,
      again,
      day: oneDay,
      night,
      memoryMb: (peak - before) / 2 ** 20,
      p99: busyP99,
      idleP99,
      agrees: [jobRow, sqlRow].every((row) => agree(checkOf(row), expected)),
    }
  } finally {
    api.stop()
    await deps.db.close()
  }
}

/** Runs the bench; a database or DuckDB that is not here is left out and said. */
export const run = async ({
  databases,
  members = 1_000_000,
  purchases = 10_000_000,
}: BenchOptions): Promise<Report> => {
  const now = Date.now()
  const today = serialOfDay(civilDay(now))
  const made = purchasesOf(members, purchases, civilDay(now))
  const seconds: number[] = []
  let ours = compute(made, today)
  for (let i = 0; i < repeats; i++) {
    const one = await timed(() => compute(made, today))
    seconds.push(one.seconds)
    ours = one.value
  }
  const computed = median(seconds)
  const duck = await inDuckdb(made, today)
  console.log(
    `arithmetic alone: ${computed.toFixed(2)} s on one thread, DuckDB ${duck.seconds.toFixed(2)} s; sums ${agree(duck.check, ours.check) ? 'agree' : `differ: ${ours.check} and ${duck.check}`}`,
  )
  const figures: Figure[] = [
    { name: 'compute.vs-duckdb', value: rounded(computed / duck.seconds), unit: 'ratio', goal: goals.compute },
    { name: 'compute.seconds', value: rounded(computed), unit: 's', goal: null },
    { name: 'duckdb.seconds', value: rounded(duck.seconds), unit: 's', goal: null },
  ]
  let sound = agree(duck.check, ours.check)
  const rows: string[][] = []
  for (const database of databases) {
    const ground = await prepareDatabase(database, { durable: true })
    if (!ground) {
      console.log(`${database}: left out, mariadbd was not found on this machine`)
      continue
    }
    console.log(`\n${database}, ${load()}`)
    try {
      const found = await measure(database, ground, made, ours.sums, ours.check, now)
      sound &&= found.agrees
      const figure = (name: string, value: number, unit: string, goal: number | null): Figure => ({
        name: `${database}.${name}`,
        value: rounded(value),
        unit,
        goal,
      })
      figures.push(
        figure('job.vs-sql', found.job / found.sql, 'ratio', database === 'mariadb' ? goals.job : null),
        figure('one-percent-day', found.day / found.job, 'ratio', goals.day),
        figure('memory', found.memoryMb, 'MB', goals.memoryMb),
        figure('api.p99.ratio', found.p99 / found.idleP99, 'ratio', goals.p99),
        figure('job.seconds', found.job, 's', null),
        figure('sql.seconds', found.sql, 's', null),
        figure('sql.bare.seconds', found.bare, 's', null),
        figure('again.seconds', found.again, 's', null),
        figure('day.seconds', found.day, 's', null),
        figure('next-night.seconds', found.night, 's', null),
        figure('api.p99.idle', found.idleP99, 'ms', null),
        figure('api.p99.busy', found.p99, 'ms', null),
      )
      rows.push([
        database,
        found.job.toFixed(1),
        found.sql.toFixed(1),
        found.bare.toFixed(1),
        found.again.toFixed(1),
        found.day.toFixed(2),
        found.night.toFixed(2),
        found.memoryMb.toFixed(0),
        found.idleP99.toFixed(1),
        found.p99.toFixed(1),
        found.agrees ? 'agree' : 'DIFFER',
      ])
    } finally {
      await ground.drop()
    }
  }
  console.log('')
  printTable(
    ['database', 'job s', 'SQL s', 'bare s', 'again s', '1 % s', 'night s', 'MB', 'p99 idle', 'p99 busy', 'sums'],
    rows,
    1,
  )
  return { name: 'scoring', figures, sound }
}
