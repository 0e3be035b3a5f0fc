// Runs a TypeScript command of the server with the arguments after it:
//   npm run import -- sales.csv --dry-run   ->   node config/run.mjs server/commands/import.ts sales.csv --dry-run
import { existsSync } from 'node:fs'
import path from 'node:path'
import { ROOT, refuse, runCommand, runForeground } from './process.mjs'
import { ensureInstalled } from './setup.mjs'

await runCommand(async () => {
  const [file, ...args] = process.argv.slice(2)
  if (!file) throw refuse('Which file? node config/run.mjs <file.ts> [arguments]')
  if (!existsSync(path.join(ROOT, file))) throw refuse(`There is no ${file}`)
  await ensureInstalled()
  // npm starts us in the repository; a path that the caller typed is relative to the folder they typed it in.
  const calledFrom = process.env.INIT_CWD ?? ROOT
  const resolved = args.map((arg) => {
    const typed = path.resolve(calledFrom, arg)
    return calledFrom !== ROOT && !arg.startsWith('-') && existsSync(typed) ? typed : arg
  })
  process.exitCode = await runForeground(process.execPath, [
    '--import',
    'tsx',
    '--enable-source-maps',
    file,
    ...resolved,
  ])
})
