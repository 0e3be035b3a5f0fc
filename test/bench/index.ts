/**
 * `npm run bench -- <name> [--json] [--seconds N] [--database mariadb|sqlite] [--members N] [--purchases N]`: measures, prints a table, and with --json one JSON object
 * as its last line. Exits with 1 when something that must hold did not; a missed goal is only reported.
 */
import { parseArgs } from 'node:util'
import type { Report } from './measure'

/** What a bench is asked for. */
export interface BenchOptions {
  /** Length of one stretch. */
  seconds: number
  databases: ('mariadb' | 'sqlite')[]
  /** Size of the made-up shop, for the benches that make one; each has its own default. */
  members?: number
  purchases?: number
}
const benches: Record<string, () => Promise<{ run(options: BenchOptions): Promise<Report> }>> = {
  'hot-path': () => import('./hot-path'),
  'fan-out': () => import('./fan-out'),
  journeys: () => import('./journeys'),
  miniapp: () => import('./miniapp'),
  dashboards: () => import('./dashboards'),
  segments: () => import('./segments'),
  models: () => import('./models'),
  scoring: () => import('./scoring'),
  recommendations: () => import('./recommendations'),
}

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      seconds: { type: 'string' },
      database: { type: 'string' },
      members: { type: 'string' },
      purchases: { type: 'string' },
    },
  })
  const bench = benches[positionals[0] ?? '']
  const seconds = Number(values.seconds ?? 3)
  const known = ['mariadb', 'sqlite'] as const
  const databases = known.filter((d) => !values.database || d === values.database)
  if (!bench || !(seconds > 0) || !databases.length) {
    console.error(
      `Usage: npm run bench -- <${Object.keys(benches).join('|')}> [--json] [--seconds N] [--database mariadb|sqlite]`,
    )
    process.exitCode = 2
    return
  }
  const count = (typed: string | undefined): number | undefined => (Number(typed) > 0 ? Number(typed) : undefined)
  const sizes = { members: count(values.members), purchases: count(values.purchases) }
  const report = await (await bench()).run({ seconds, databases, ...sizes })
  if (values.json) console.log(JSON.stringify({ name: report.name, figures: report.figures }))
  if (!report.sound) process.exitCode = 1
}

// Ends the way a program ends, so that the servers it started end with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

void main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
