/**
 * `npm run evaluate -- <name> [--data <file>] [--json] [flags of its own]`: how well the models do, on the shipped data or on a file of
 * the same shape. Prints a table, and with --json one JSON object as its last line. Exits with 1 when something that must hold did not,
 * with 2 for input that cannot be used; a missed goal is only reported.
 */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { badInput, printFigures, type Report } from './report'

type Options = NonNullable<ParseArgsConfig['options']>
/** The text flags of a command line by name, without the dashes. */
export type Flags = Record<string, string | undefined>

/** What every file of this table exports. */
interface Evaluation {
  /** One line per flag of its own, for the usage. */
  usage: string
  /** Flags beside --data and --json; each takes a value. */
  flags: string[]
  /** Runs and prints whatever explains the figures; the figures themselves are printed here. */
  run(flags: Flags): Promise<Report>
}

/** One line per evaluation: the file it lives in. */
const evaluations: Record<string, () => Promise<Evaluation>> = {
  recommendations: () => import('./recommendations'),
  assistant: () => import('./assistant'),
  clv: () => import('./clv'),
  churn: () => import('./churn'),
  repeat: () => import('./repeat'),
  experiments: () => import('./experiments'),
}

const usage = (): string =>
  `Usage: npm run evaluate -- <${Object.keys(evaluations).join('|')}> [--data <file>] [--json] [flags]`

const readFlags = (args: string[], own: string[]): { flags: Flags; json: boolean } => {
  const options: Options = { json: { type: 'boolean' }, data: { type: 'string' } }
  for (const name of own) options[name] = { type: 'string' }
  try {
    const { values } = parseArgs({ args, options, strict: true })
    const { json, ...flags } = values
    return { flags: flags as Flags, json: json === true }
  } catch (error) {
    throw badInput((error as Error).message)
  }
}

const main = async (): Promise<void> => {
  const [name, ...args] = process.argv.slice(2)
  const load = Object.hasOwn(evaluations, name ?? '') ? evaluations[name] : null
  if (!load) {
    console.error(usage())
    process.exitCode = 2
    return
  }
  const evaluation = await load()
  if (args.includes('--help')) {
    console.log(`${usage()}\n\n${name}:\n${evaluation.usage}`)
    return
  }
  const { flags, json } = readFlags(args, evaluation.flags)
  const report = await evaluation.run(flags)
  console.log('')
  printFigures(report.figures)
  if (json) {
    const figures = report.figures.map(({ name, value, unit, goal }) => ({ name, value, unit, goal }))
    console.log(JSON.stringify({ name: report.name, figures }))
  }
  if (!report.sound) process.exitCode = 1
}

void main().catch((error: Error) => {
  const expected = error.name === 'BadInput'
  console.error(expected ? error.message : error)
  process.exitCode = expected ? 2 : 1
})
