// Makes a clone ready to run: the right Node, the packages of the lock file, a working better-sqlite3. Every command of
// package.json begins here, because .npmrc switches install scripts off and npm then runs no pre- or post-scripts either.
// Only node: modules may be imported, because on a fresh clone nothing is installed yet.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT, readIfThere, refuse, runCommand, runStep, say, withLock } from './process.mjs'

const OLDEST_NODE = [20, 19]
const MODULES = path.join(ROOT, 'node_modules')
const STAMP = path.join(MODULES, '.huiyuan-setup')

/** Checks Node, installs packages and builds better-sqlite3, each only where needed. Quiet when nothing is to be done. */
export async function ensureInstalled() {
  checkNode()
  if (isReady()) return
  await withLock(path.join(ROOT, 'dist', '.stamps'), 'setup', async () => {
    // Another command may have finished the work while this one waited.
    if (isReady()) return
    await installPackages()
    await buildSqlite()
    writeFileSync(STAMP, currentStamp())
  })
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  throw refuse(
    `Node ${process.versions.node} is too old: Huiyuan needs ${OLDEST_NODE.join('.')} or newer. ` +
      'Get it from https://nodejs.org, or with nvm: nvm install 20',
  )
}

/** The lock file decides the packages; the ABI decides whether a compiled binary of another Node still fits. */
function currentStamp() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(ROOT, 'package-lock.json')))
    .digest('hex')
  return `${lock} abi ${process.versions.modules} ${process.platform}-${process.arch}\n`
}

function isReady() {
  return readIfThere(STAMP) === currentStamp() && sqliteFailure() === null
}

async function installPackages() {
  const missing = firstMissingPackage()
  if (missing === null) return
  say(
    existsSync(MODULES)
      ? `Packages differ from package-lock.json (${missing}).`
      : 'First run: no packages installed yet.',
  )
  try {
    // NODE_ENV=production in the shell would leave out the build tools; the set-up always needs them.
    await runNpm('installing packages with npm ci (1-4 minutes, about 1.3 GB)', ['ci', '--include=dev'], {
      progress: () => `${countPackages()} folders in node_modules`,
    })
  } catch (error) {
    if (error.code === 'ENOENT') throw refuse('npm was not found beside Node. Install Node from https://nodejs.org')
    throw refuse(
      `${error.message}\n  The output above is npm's. Most often the registry was out of reach: check the network, and ` +
        '`npm config get registry`; then run the same command again.',
    )
  }
}

/**
 * The first package that the lock asks for and node_modules lacks, or null when all are there. npm leaves its own record
 * of what it installed, so packages from a plain `npm install` count and are not installed again.
 */
function firstMissingPackage() {
  const record = readIfThere(path.join(MODULES, '.package-lock.json'))
  if (!record) return 'node_modules is missing'
  const installed = JSON.parse(record).packages
  const wanted = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')).packages
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === '' || entry.optional || entry.devOptional || entry.peer || entry.link) continue
    if (installed[name]?.version !== entry.version) return `${name} ${entry.version} is missing`
    if (!existsSync(path.join(ROOT, name))) return `${name} is missing`
  }
  return null
}

/** Runs the npm that started us, or the one on the PATH; on Windows that is a .cmd file, which only a shell can start. */
function runNpm(title, args, options) {
  const npm = process.env.npm_execpath
  if (npm?.endsWith('.js')) return runStep(title, process.execPath, [npm, ...args], options)
  return runStep(title, 'npm', args, { ...options, shell: process.platform === 'win32' })
}

function countPackages() {
  try {
    return readdirSync(MODULES).length
  } catch {
    return 0
  }
}

/** Why better-sqlite3 does not work, or null when it does. A process of its own: a bad binary can end the process. */
function sqliteFailure() {
  if (!existsSync(path.join(MODULES, 'better-sqlite3', 'build', 'Release', 'better_sqlite3.node')))
    return 'its binary has not been built yet'
  const script = "new (require('better-sqlite3'))(':memory:').prepare('SELECT 1').get()"
  const probe = spawnSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' })
  if (probe.status === 0) return null
  return /Error: .*/.exec(probe.stderr)?.[0] ?? `exit code ${probe.status}, signal ${probe.signal}`
}

async function buildSqlite() {
  const failure = sqliteFailure()
  if (failure === null) return
  say(`better-sqlite3 must be built: ${failure}.`)
  try {
    await runNpm(
      'building better-sqlite3 (seconds with a prebuilt binary, else 1-2 minutes)',
      ['rebuild', 'better-sqlite3', '--ignore-scripts=false'],
      { env: nodeHeaders() },
    )
  } catch {
    throw refuse(`better-sqlite3 could not be built. ${describeMissingCompiler()}`)
  }
  const still = sqliteFailure()
  if (still !== null)
    throw refuse(`better-sqlite3 was built and still does not load: ${still}. ${describeMissingCompiler()}`)
}

/** Headers that came with this Node spare node-gyp a download, and let it work without a network. */
function nodeHeaders() {
  const prefix = path.resolve(path.dirname(process.execPath), '..')
  const header = readIfThere(path.join(prefix, 'include', 'node', 'node_version.h'))
  const version = ['MAJOR', 'MINOR', 'PATCH'].map(
    (part) => new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(header)?.[1],
  )
  return version.join('.') === process.versions.node ? { npm_config_nodedir: prefix } : {}
}

function describeMissingCompiler() {
  const works = (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0
  const missing = [
    ['a C++ compiler (g++ or clang++)', works('g++') || works('c++') || works('clang++')],
    ['make', works('make')],
    ['python3', works('python3') || works('python')],
  ]
    .filter(([, found]) => !found)
    .map(([name]) => name)
  const how =
    {
      linux: 'Debian/Ubuntu: sudo apt-get install -y g++ make python3 · Alpine: apk add g++ make python3',
      darwin: 'macOS: xcode-select --install',
      win32: 'Windows: install "Visual Studio Build Tools" with the C++ workload, and Python 3',
    }[process.platform] ?? 'install g++, make and python3'
  if (process.platform !== 'win32' && missing.length === 0)
    return `A compiler, make and python3 are there, so the reason is in the output above (often: the Node headers could not be downloaded from nodejs.org).`
  return `Missing: ${missing.join(', ') || 'build tools'}.\n  ${how}\n  Then run the same command again.`
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await runCommand(async () => {
    await ensureInstalled()
    say('Set-up is complete.')
  })
