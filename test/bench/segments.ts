/**
 * Live counts of segments over HTTP at the size of a large chain, without what the dashboards need beside them:
 * `npm run bench -- segments [--members 1000000] [--purchases 3000000] [--database sqlite|mariadb] [--json]`. While a tree is counted
 * another caller asks for a small list, to see whether the count holds up anybody.
 */
import { readEnv } from '../../config/env'
import { migrate, openDb } from '../../server/db/data-source'
import { createDeps } from '../../server/process'
import { shopOf } from './dashboards-shape'
import { prepareDatabase } from './ground'
import type { BenchOptions } from './index'
import { type Figure, printTable, type Report } from './measure'
import { newSecret, settingsOf } from './setup'
import { at, fillShop, say, serve, trees } from './shop-server'

const goalMs = 1000
const counts = 12
/** The tables that conditions look at. */
const needed = new Set([
  'member',
  'purchase',
  'purchase_line',
  'coupon',
  'interaction',
  'segment_fact',
  'segment_category',
  'member_tag',
  'store',
  'tier',
  'product',
  'tag',
  'coupon_template',
])

const measure = async (
  database: 'mariadb' | 'sqlite',
  size: { members: number; purchases: number },
): Promise<{ figures: Figure[]; rows: string[][] } | null> => {
  const ground = await prepareDatabase(database, { durable: false })
  if (!ground) return null
  console.log(`${database}: ${size.members} members, ${size.purchases} purchases`)
  const now = Date.now()
  const env = readEnv(settingsOf(ground.url, 3999, newSecret()))
  const empty = await openDb(env)
  await migrate(empty)
  // A file that somebody has open keeps its journal; the rows go in faster without one.
  await empty.close()
  try {
    await fillShop(
      ground,
      shopOf({ ...size, now }).loads.filter((l) => needed.has(l.table)),
    )
    const deps = await createDeps(env, { clock: { now: () => now } })
    const { call, stop } = await serve(deps)
    const figures: Figure[] = []
    const rows: string[][] = []
    for (const [name, tree] of trees) {
      const values: number[] = []
      const beside: number[] = []
      let found = 0
      for (let i = 0; i <= counts; i++) {
        let counting = true
        const counted = call('POST', '/admin/segments/count', { tree }).finally(() => {
          counting = false
        })
        const others: number[] = []
        while (counting) {
          others.push((await call('GET', '/admin/tags')).ms)
          await new Promise((next) => setTimeout(next, 5))
        }
        const answer = await counted
        found = (answer.body as { count: number }).count
        // The first one opens connections and warms the cache.
        if (!i) continue
        values.push(answer.ms)
        beside.push(...others)
      }
      say(`segment ${name}: ${found} members`)
      const [p50, p95, other] = [at(values, 0.5), at(values, 0.95), at(beside, 0.95)]
      rows.push([database, name, p50.toFixed(0), p95.toFixed(0), other.toFixed(0)])
      figures.push(
        { name: `${database}.segment-count.${name}.p50.ms`, value: p50, unit: 'ms', goal: null },
        { name: `${database}.segment-count.${name}.p95.ms`, value: p95, unit: 'ms', goal: goalMs },
        { name: `${database}.segment-count.${name}.others.p95.ms`, value: other, unit: 'ms', goal: null },
      )
    }
    await stop()
    await deps.db.close()
    return { figures, rows }
  } finally {
    await ground.drop()
  }
}

export const run = async (options: BenchOptions): Promise<Report> => {
  const size = { members: options.members ?? 1_000_000, purchases: options.purchases ?? 3_000_000 }
  const figures: Figure[] = []
  const rows: string[][] = []
  for (const database of options.databases) {
    const found = await measure(database, size)
    if (!found) console.log(`${database}: skipped, mariadbd was not found`)
    else {
      figures.push(...found.figures)
      rows.push(...found.rows)
    }
  }
  printTable(['database', 'tree', 'p50 ms', 'p95 ms', 'others p95 ms'], rows, 2)
  return { name: 'segments', figures, sound: true }
}
