import { existsSync } from 'node:fs'
import { basename, isAbsolute, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readEnv } from '../../config/env'
import { systemClock } from '../clock'
import { migrate } from '../db/data-source'
import type { Deps } from '../deps'
import {
  builtInMappings,
  databaseTarget,
  describeSummary,
  dryTarget,
  importFile,
  loadMapping,
  problemFile,
  progressLine,
} from '../imports/service'
import { createDeps } from '../process'

const usage = `npm run import -- <file.csv|file.csv.gz> [--mapping ${builtInMappings.join('|')}|<file.json>] [--dry-run] [--json] [--report <file.csv>]`

/** A path as the caller typed it: npm starts commands in the repository, not where the caller stands. */
const typed = (path: string): string =>
  isAbsolute(path) ? path : resolve(process.env.HUIYUAN_CALLED_FROM ?? '.', path)

const readArguments = () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      mapping: { type: 'string', default: 'online-retail' },
      'dry-run': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      report: { type: 'string' },
    },
  })
  const [file, ...others] = positionals
  if (!file || others.length) throw new Error(usage)
  const path = typed(file)
  if (!existsSync(path)) throw new Error(`There is no file ${path}`)
  const builtIn = (builtInMappings as readonly string[]).includes(values.mapping)
  return {
    file: path,
    mapping: loadMapping(builtIn ? values.mapping : typed(values.mapping)),
    dryRun: values['dry-run'],
    json: values.json,
    report: values.report ? typed(values.report) : join('data', 'imports', `${basename(path)}.report.csv`),
  }
}

/** Examples shown on the screen; all of them are in the report file. */
const shownProblems = 10

const main = async (): Promise<void> => {
  const { file, mapping, dryRun, json, report } = readArguments()
  const env = readEnv()
  let deps: Deps | null = null
  if (!dryRun) {
    deps = await createDeps({ ...env, LOG_LEVEL: 'warn' })
    await migrate(deps.db)
  }
  const problems = problemFile(report)
  const shown = new Map<string, number>()
  const examples: string[] = []
  const progress = progressLine(process.stderr)
  try {
    console.log(`Importing ${file} with the mapping ${mapping.name}: ${mapping.title}`)
    const summary = await importFile({
      file,
      mapping,
      dryRun,
      target: deps ? databaseTarget(deps, mapping) : dryTarget(),
      context: { shopZoneMinutes: env.TIME_ZONE_OFFSET_MINUTES, now: systemClock.now() },
      onProblem: (line, reason, detail) => {
        problems.add(line, reason, detail)
        const times = (shown.get(reason) ?? 0) + 1
        shown.set(reason, times)
        if (times <= shownProblems) examples.push(`  line ${line}: ${reason}${detail ? ` (${detail})` : ''}`)
      },
      onProgress: progress.show,
    })
    progress.end()
    await problems.close()
    if (examples.length) {
      console.log(`Left out, the first ${shownProblems} of each kind; every one is in ${report}:`)
      console.log(examples.join('\n'))
    }
    console.log(describeSummary(summary))
    if (json) console.log(JSON.stringify(summary))
  } finally {
    await deps?.db.close()
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
