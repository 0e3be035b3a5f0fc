// `npm run check`: types, lint and format, architecture. Every step runs even when an earlier one fails, so that one run
// shows everything. --report=<file> writes the result of each step as JSON, for CI.
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describeDuration, ROOT, refuse, runCommand, say } from './process.mjs'
import { ensureInstalled } from './setup.mjs'

const modules = (...parts) => path.join(ROOT, 'node_modules', ...parts)
const tsc = modules('typescript', 'bin', 'tsc')

const STEPS = [
  { name: 'types of the server', args: [tsc, '-p', 'config/tsconfig.server.json', '--noEmit'] },
  { name: 'types of clients and tests', args: [tsc, '-p', 'tsconfig.json'] },
  { name: 'lint and format', args: [modules('@biomejs', 'biome', 'bin', 'biome'), 'ci', '--max-diagnostics=60', '.'] },
  {
    name: 'architecture',
    args: [modules('jest', 'bin', 'jest.js'), '--selectProjects', 'server', '--testPathPatterns', 'test/architecture'],
  },
]

function runQuietly(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    const output = []
    child.stdout.on('data', (chunk) => output.push(chunk))
    child.stderr.on('data', (chunk) => output.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => resolve({ passed: code === 0, output: Buffer.concat(output).toString() }))
  })
}

await runCommand(async () => {
  const report = process.argv.find((arg) => arg.startsWith('--report='))?.slice('--report='.length)
  await ensureInstalled()
  const results = []
  for (const { name, args } of STEPS) {
    const started = Date.now()
    const { passed, output } = await runQuietly(args)
    if (!passed) say(output.trimEnd())
    say(`${passed ? '✓' : '✗'} ${name} (${describeDuration(Date.now() - started)})`)
    results.push({ name, passed })
  }
  if (report) writeFileSync(report, JSON.stringify(results))
  const failed = results.filter((result) => !result.passed).map((result) => result.name)
  if (failed.length > 0) throw refuse(`failed: ${failed.join(', ')}`)
  say('Everything passed.')
})
