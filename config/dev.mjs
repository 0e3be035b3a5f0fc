// `npm run dev`: the server restarts on every change; the member app (h5) and the admin page reload in place, each on the
// port of its own compiler, which passes /api on to the server. One terminal; every line says whose it is.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { ROOT, runCommand, say } from './process.mjs'
import { ensureInstalled } from './setup.mjs'

const PORT = process.env.PORT || '3000'
const STOP_GRACE_MS = 5_000
const modules = (...parts) => path.join(ROOT, 'node_modules', ...parts)

const PROGRAMS = [
  {
    name: 'server',
    colour: 32,
    args: [modules('tsx', 'dist', 'cli.mjs'), 'watch', '--clear-screen=false', 'server/main.ts'],
  },
  {
    name: 'h5',
    colour: 36,
    args: [modules('@tarojs', 'cli', 'bin', 'taro'), 'build', '--type', 'h5', '--watch'],
    env: { NODE_ENV: 'development', TARO_ENV: 'h5' },
  },
  {
    name: 'admin',
    colour: 35,
    args: [modules('vite', 'bin', 'vite.js'), '--config', 'config/vite.admin.ts', '--clearScreen', 'false'],
    env: { VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' },
  },
]

/** Writes a child's output line by line, so that lines of three programs do not run into each other. */
function prefixLines(stream, label) {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()
    for (const line of lines) if (line.trim()) say(`${label} ${line}`)
  })
  stream.on('end', () => {
    if (rest.trim()) say(`${label} ${rest}`)
  })
}

await runCommand(async () => {
  await ensureInstalled()
  say(`server  http://127.0.0.1:${PORT}`)
  say('h5      http://127.0.0.1:10086  (once it has been compiled)')
  say('admin   http://127.0.0.1:5173/admin/')
  say()

  const children = PROGRAMS.map(({ name, colour, args, env }) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, PORT, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const label = process.stdout.isTTY ? `\u001b[${colour}m${name.padEnd(6)}\u001b[0m |` : `${name.padEnd(6)} |`
    prefixLines(child.stdout, label)
    prefixLines(child.stderr, label)
    return { name, child }
  })

  // The first program that ends takes the others with it: half a development set-up only confuses.
  await new Promise((resolve) => {
    let isStopping = false
    const stop = () => {
      isStopping = true
      for (const { child } of children) child.kill('SIGTERM')
      setTimeout(() => {
        for (const { child } of children) child.kill('SIGKILL')
      }, STOP_GRACE_MS).unref()
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop)
    for (const { name, child } of children)
      child.once('exit', (code) => {
        if (code && !isStopping) {
          say(`${name} ended with code ${code}`)
          process.exitCode = code
        }
        stop()
      })
  })
})
