// Running other programs for the commands of this folder: visible progress, whole output on failure, signals passed on.
// Only node: modules may be imported here, because on a fresh clone nothing is installed yet.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

const HEARTBEAT_MS = 10_000
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** '840 ms', '12.3 s', '2 min 5 s'. */
export function describeDuration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
}

export function say(line = '') {
  process.stdout.write(`${line}\n`)
}

/** A failure whose message is meant for the person at the terminal: printed without a stack. */
export function refuse(message) {
  return Object.assign(new Error(message), { isForPeople: true })
}

/** Runs the whole of a command; what it throws ends the process with code 1 and a readable message. */
export async function runCommand(main) {
  try {
    await main()
  } catch (error) {
    process.stderr.write(`\n✗ ${error?.isForPeople ? error.message : (error?.stack ?? error)}\n`)
    process.exitCode = error?.exitCode || 1
  }
}

/**
 * Runs a program quietly: prints what begins, a heartbeat every ten seconds and how long it took; on failure its whole
 * output. `progress` adds a word to the heartbeat. With HUIYUAN_VERBOSE=1 the output is shown as it comes.
 */
export async function runStep(title, program, args, { env, shell = false, progress } = {}) {
  const started = Date.now()
  const verbose = process.env.HUIYUAN_VERBOSE === '1'
  say(`  … ${title}`)
  const output = []
  const heartbeat = setInterval(() => {
    const note = progress?.()
    say(`    still at it, ${describeDuration(Date.now() - started)}${note ? `, ${note}` : ''}`)
  }, HEARTBEAT_MS)
  try {
    const code = await new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: ROOT,
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        shell,
      })
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => {
          output.push(chunk)
          if (verbose) process.stdout.write(chunk)
        })
      // Whoever stops this command wants the compiler behind it stopped too; the step then fails by itself.
      const stop = () => child.kill('SIGTERM')
      for (const signal of STOP_SIGNALS) process.once(signal, stop)
      child.on('error', reject)
      child.on('close', (exitCode, signal) => {
        for (const name of STOP_SIGNALS) process.off(name, stop)
        resolve(signal ? 143 : exitCode)
      })
    })
    const text = Buffer.concat(output).toString()
    if (code !== 0) {
      if (!verbose) process.stderr.write(`${text}\n`)
      throw Object.assign(
        refuse(`${title}: failed with code ${code} after ${describeDuration(Date.now() - started)}`),
        { exitCode: code },
      )
    }
    say(`  ✓ ${title} (${describeDuration(Date.now() - started)})`)
    return text
  } finally {
    clearInterval(heartbeat)
  }
}

/**
 * Runs a program in the foreground: it owns the terminal, our signals reach it, and its exit code comes back.
 * Ctrl-C at a terminal reaches the whole process group by itself; sending it once more would be read as "stop at once".
 */
export function runForeground(program, args, { env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: 'inherit' })
    const handlers = STOP_SIGNALS.map((signal) => {
      const handler = () => {
        if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
      }
      process.on(signal, handler)
      return [signal, handler]
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      for (const [name, handler] of handlers) process.off(name, handler)
      resolve(signal === 'SIGINT' ? 130 : signal ? 143 : (code ?? 1))
    })
  })
}

/** Whether a process of that id is running. */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Lets one process at a time do the work, so that `npm start` and `npm test` beside each other do not build into one folder. */
export async function withLock(folder, name, work) {
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, `${name}.lock`)
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      const owner = Number(readIfThere(file))
      if (owner && !isAlive(owner)) {
        rmSync(file, { force: true })
        continue
      }
      if (!waited)
        say(`  … waiting for process ${owner || 'unknown'}, which is busy with ${name} (${path.relative(ROOT, file)})`)
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

/** The text of a file, or '' when there is none. */
export function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return ''
    throw error
  }
}
