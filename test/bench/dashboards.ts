/**
 * Dashboards and live counts of segments at the size of a large chain, over HTTP: `npm run bench -- dashboards [--members 1000000]
 * [--purchases 10000000] [--database sqlite|mariadb] [--json]`. The sources and the flat rows of segments are written straight into the
 * tables; the daily summaries and the figures of the night are made by the server's own jobs, which are timed. The lists of members behind the
 * figures are those that the answers themselves point to, a figure a kind.
 */
import { randomUUID } from 'node:crypto'
import { readEnv } from '../../config/env'
import { migrate, openDb } from '../../server/db/data-source'
import type { Deps } from '../../server/deps'
import { runnerOf } from '../../server/jobs/service'
import { createDeps } from '../../server/process'
import { schedule } from '../../server/schedule'
import { projectMembers } from '../../server/segments/service'
import { addDays } from '../../shared/time'
import { shopOf } from './dashboards-shape'
import { prepareDatabase } from './ground'
import type { BenchOptions } from './index'
import { type Figure, printTable, type Report } from './measure'
import { newSecret, settingsOf } from './setup'
import { at, fillShop, say, sayTime, serve, trees } from './shop-server'

const warmUps = 2
const repeats = 15
const goalMs = 300
const countGoalMs = 1000
/** Members whose flat rows are copied anew to say how fast that goes. */
const projected = 10_000

/** What is asked of each endpoint, in turns. */
const requestsOf = (today: string): [string, string[]][] => {
  const range = (days: number): string => `from=${addDays(today, 1 - days)}&to=${today}`
  const d = '/admin/dashboards'
  return [
    ['today', [`${d}/today`, `${d}/today?storeId=store3`]],
    [
      'trends',
      ['sales', 'buyers', 'joined', 'visits'].flatMap((f) => [
        `${d}/trends?figure=${f}&${range(30)}`,
        `${d}/trends?figure=${f}&${range(365)}`,
      ]),
    ],
    ['stages', [`${d}/stages?weeks=12`]],
    ['stage-moves', [`${d}/stage-moves?${range(30)}`]],
    ['repurchase', [`${d}/repurchase?months=12`]],
    ['cohorts', [`${d}/cohorts?months=12`]],
    ['churn', [`${d}/churn?months=12`]],
    ['clv', [`${d}/clv`]],
    ['rfm', [`${d}/rfm`]],
    ['taps', [`${d}/taps?${range(30)}`, `${d}/taps?${range(30)}&page=pages/home/index&width=usual`]],
    ['reward-mix', [`${d}/reward-mix?months=12`]],
    ['coupons', [`${d}/coupons?${range(90)}`]],
    ['points', [`${d}/points?months=12`]],
    ['stores', [`${d}/stores?${range(30)}`]],
    ['nps', [`${d}/nps?months=6`]],
    ['funnels', ['/admin/funnels']],
    ['segments', ['/admin/segments']],
    ['segment-fields', ['/admin/segment-fields']],
  ]
}

interface Cell {
  figure: string
  row: string
  col: string
}
/** Lists asked for per kind of figure: the first, the last and those between, so that old and new, small and large ones are among them. */
const cellsPerFigure = 5

/** Every cell of an answer that has members behind it. */
const cellsIn = (body: unknown): Cell[] => {
  if (!body || typeof body !== 'object') return []
  const { figure, row, col } = body as Partial<Cell>
  if (typeof figure === 'string' && typeof row === 'string' && typeof col === 'string') return [{ figure, row, col }]
  return Object.values(body).flatMap(cellsIn)
}
/** The lists to ask for, by kind of figure. */
const listsOf = (cells: Cell[]): [string, string[]][] => {
  const kinds = new Map<string, Set<string>>()
  for (const { figure, row, col } of cells) {
    const paths = kinds.get(figure) ?? new Set()
    kinds.set(figure, paths.add(`/admin/dashboards/members?${new URLSearchParams({ figure, row, col })}`))
  }
  return [...kinds].map(([figure, paths]) => {
    const all = [...paths]
    const step = Math.max(1, (all.length - 1) / (cellsPerFigure - 1))
    const picked = Array.from({ length: Math.min(all.length, cellsPerFigure) }, (_, i) => all[Math.round(i * step)])
    return [`members.${figure}`, picked]
  })
}

const runJob = async (deps: Deps, name: string): Promise<void> => {
  const from = performance.now()
  const job = schedule.find((j) => j.name === name)
  const started = job && (await runnerOf(deps).runNow(job, randomUUID()))
  await started?.ended
  const [row] = await deps.db.read<{ state: string; errorSample: string | null; processed: number }>(
    'SELECT state, errorSample, processed FROM job_run WHERE slot = ?',
    [started?.slot ?? ''],
  )
  if (row?.state !== 'done') throw new Error(`${name}: ${row?.state} ${row?.errorSample}`)
  sayTime(`${name}: ${row.processed}`, from)
}

const measure = async (
  database: 'mariadb' | 'sqlite',
  size: { members: number; purchases: number },
): Promise<Figure[] | null> => {
  const ground = await prepareDatabase(database, { durable: false })
  if (!ground) return null
  console.log(`${database}: ${size.members} members, ${size.purchases} purchases`)
  const now = Date.now()
  const env = readEnv(settingsOf(ground.url, 3999, newSecret()))
  const empty = await openDb(env)
  await migrate(empty)
  // A file that somebody has open keeps its journal; the rows go in faster without one.
  await empty.close()
  let deps: Deps | null = null
  try {
    const from = performance.now()
    const shop = shopOf({ ...size, now })
    sayTime('reckoned what everybody bought', from)
    await fillShop(ground, shop.loads)
    const opened = await createDeps(env, { clock: { now: () => now } })
    deps = opened
    await runJob(opened, 'dashboards.days')
    await runJob(opened, 'dashboards.night')
    const copied = performance.now()
    for (let m = 0; m < projected; m += 250)
      await opened.db.tx((tx) =>
        projectMembers(
          tx,
          Array.from({ length: 250 }, (_, i) => shop.memberId(m + i)),
          now,
        ),
      )
    const perSecond = projected / ((performance.now() - copied) / 1000)
    say(`flat rows of ${projected} members copied at ${Math.round(perSecond)} members/s`)
    return await ask(opened, shop.today, database)
  } finally {
    await deps?.db.close()
    await ground.drop()
  }
}

const ask = async (deps: Deps, today: string, database: string): Promise<Figure[]> => {
  const { call, stop } = await serve(deps)
  const figures: Figure[] = []
  const all: number[] = []
  const table: string[][] = []
  const note = (name: string, values: number[], goal: number): void => {
    const [p50, p95] = [at(values, 0.5), at(values, 0.95)]
    table.push([name, p50.toFixed(1), p95.toFixed(1), String(goal)])
    for (const [key, value] of [
      ['p50', p50],
      ['p95', p95],
    ] as const)
      figures.push({
        name: `${database}.${name ? `${name}.` : ''}${key}.ms`,
        value: Math.round(value * 10) / 10,
        unit: 'ms',
        goal: key === 'p95' ? goal : null,
      })
  }
  const cells: Cell[] = []
  const askEach = async (lists: [string, string[]][]): Promise<void> => {
    for (const [name, paths] of lists) {
      const values: number[] = []
      for (const path of paths)
        for (let i = 0; i < warmUps; i++) {
          const { body } = await call('GET', path)
          if (i === 0) cells.push(...cellsIn(body))
        }
      for (let i = 0; i < Math.max(repeats, paths.length * 3); i++)
        values.push((await call('GET', paths[i % paths.length])).ms)
      all.push(...values)
      note(name, values, goalMs)
    }
  }
  await askEach(requestsOf(today))
  await askEach(listsOf(cells))
  note('', all, goalMs)
  for (const [name, tree] of trees) {
    const values: number[] = []
    let found = 0
    for (let i = 0; i < 9; i++) {
      const answer = await call('POST', '/admin/segments/count', { tree })
      if (i > 0) values.push(answer.ms)
      found = (answer.body as { count: number }).count
    }
    say(`segment ${name}: ${found} members`)
    note(`segment-count.${name}`, values, countGoalMs)
  }
  await stop()
  printTable(
    ['endpoint', 'p50 ms', 'p95 ms', 'goal'],
    table.map((r) => [r[0] || 'all dashboards', ...r.slice(1)]),
    1,
  )
  return figures
}

export const run = async (options: BenchOptions): Promise<Report> => {
  const size = { members: options.members ?? 1_000_000, purchases: options.purchases ?? 10_000_000 }
  const figures: Figure[] = []
  for (const database of options.databases) {
    const found = await measure(database, size)
    if (!found) console.log(`${database}: skipped, mariadbd was not found`)
    else figures.push(...found)
  }
  return { name: 'dashboards', figures, sound: true }
}
