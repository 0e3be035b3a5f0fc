// `npm test`: sets up, says which programs are missing and what is skipped without them, builds what the tests open, and
// runs Jest. Arguments go to Jest: npm test -- test/points, npm test -- --selectProjects client.
// HUIYUAN_REQUIRE_ALL=1 (as in CI) makes a missing program a failure instead of a skip.
import path from 'node:path'
import { build } from './build.mjs'
import { ROOT, refuse, runCommand, runForeground, say } from './process.mjs'
import { ensureInstalled } from './setup.mjs'
import { listTools } from './tools.mjs'

/** Folders of test/ whose tests open compiled programs. */
const NEEDS_BUILD = /journeys|weapp|process/

function reportTools() {
  const missing = []
  for (const { name, found, without, how } of listTools()) {
    say(found ? `  ✓ ${name}: ${found}` : `  ✗ ${name} is missing: ${without}\n      ${how}`)
    if (!found) missing.push(name)
  }
  if (missing.length > 0 && process.env.HUIYUAN_REQUIRE_ALL === '1')
    throw refuse(`HUIYUAN_REQUIRE_ALL=1 and missing: ${missing.join(', ')}`)
  return missing
}

await runCommand(async () => {
  const args = process.argv.slice(2)
  const patterns = args.filter((arg) => !arg.startsWith('-'))
  const isWholeRun = args.every((arg) => /^--(json|outputFile=.*|ci|runInBand|maxWorkers=.*|verbose)$/.test(arg))

  say('1/3 set-up')
  await ensureInstalled()
  const missing = reportTools()

  say('2/3 builds')
  if (isWholeRun || patterns.some((pattern) => NEEDS_BUILD.test(pattern)))
    await build(missing.includes('Chromium') ? ['server', 'weapp'] : ['server', 'h5', 'admin', 'weapp'])
  else say('  ✓ not needed for these tests')

  say('3/3 tests')
  const jest = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js')
  process.exitCode = await runForeground(process.execPath, [jest, ...args])
})
