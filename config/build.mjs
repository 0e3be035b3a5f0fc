// Builds what is named on the command line: node config/build.mjs server h5 admin weapp [--force]
// A target whose inputs have not changed since its last build is left alone, so that `npm start` costs nothing twice.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { ROOT, readIfThere, refuse, runCommand, runStep, say, withLock } from './process.mjs'
import { ensureInstalled } from './setup.mjs'

const STAMPS = path.join(ROOT, 'dist', '.stamps')
const BIN = path.join(ROOT, 'node_modules')
const TARO = path.join(BIN, '@tarojs', 'cli', 'bin', 'taro')

const MINIAPP_INPUTS = ['client/miniapp', 'shared', 'config/index.ts', 'babel.config.js']

/** Per target: what it is made of, the file that proves it was made, and how it is made. */
const TARGETS = {
  server: {
    title: 'server',
    inputs: ['server', 'shared', 'config/env.ts', 'config/tsconfig.server.json'],
    proof: 'dist/server/server/main.js',
    build: buildServer,
  },
  h5: {
    title: 'member app for the browser',
    inputs: MINIAPP_INPUTS,
    proof: 'dist/h5/index.html',
    build: (title) => buildMiniapp(title, 'h5'),
  },
  weapp: {
    title: 'member app for WeChat',
    inputs: MINIAPP_INPUTS,
    // The address of the API is compiled into the package.
    settings: ['TARO_APP_API'],
    proof: 'dist/weapp/app.json',
    build: (title) => buildMiniapp(title, 'weapp'),
  },
  admin: {
    title: 'admin page',
    inputs: ['client/admin', 'shared', 'config/vite.admin.ts'],
    proof: 'dist/admin/index.html',
    build: buildAdmin,
  },
}

/** Builds targets one after the other, skipping what is up to date. */
export async function build(names, { force = false } = {}) {
  for (const name of names)
    if (!TARGETS[name]) throw refuse(`There is no target "${name}"; there are ${Object.keys(TARGETS).join(', ')}`)
  for (const name of names) await withLock(STAMPS, name, () => buildOne(name, force))
}

async function buildOne(name, force) {
  const { title, proof, build: make } = TARGETS[name]
  const stamp = path.join(STAMPS, name)
  // Read before the build: an edit made while it runs must lead to another build.
  const inputs = hashInputs(name)
  if (!force && readIfThere(stamp) === inputs && existsSync(path.join(ROOT, proof))) {
    say(`  ✓ ${title} is up to date`)
    return
  }
  rmSync(stamp, { force: true })
  await make(`building the ${title}`)
  if (!existsSync(path.join(ROOT, proof))) throw refuse(`The build of the ${title} ended without ${proof}`)
  mkdirSync(STAMPS, { recursive: true })
  writeFileSync(stamp, inputs)
}

/** A hash of the names and contents of everything a target is made of. */
function hashInputs(name) {
  const { inputs, settings = [] } = TARGETS[name]
  const hash = createHash('sha256')
  for (const input of [...inputs, 'package-lock.json', 'tsconfig.json', 'config/build.mjs'])
    for (const file of listFiles(path.join(ROOT, input)))
      hash
        .update(`${path.relative(ROOT, file)}\0`)
        .update(readFileSync(file))
        .update('\0')
  for (const setting of settings) hash.update(`${setting}=${process.env[setting] ?? ''}\0`)
  return `${hash.digest('hex')}\n`
}

function listFiles(start) {
  if (!existsSync(start)) return []
  const entries = readdirSync(path.dirname(start), { withFileTypes: true })
  if (entries.find((entry) => entry.name === path.basename(start))?.isFile()) return [start]
  return readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}

async function buildServer(title) {
  const out = path.join(ROOT, 'dist', 'server')
  // Compiled leftovers of a module that was deleted or renamed must not live on.
  rmSync(out, { recursive: true, force: true })
  await runStep(title, process.execPath, [
    path.join(BIN, 'typescript', 'bin', 'tsc'),
    '-p',
    'config/tsconfig.server.json',
  ])
  // What the server reads beside its code (demo data, pages of the sandbox) stays at the same place relative to it.
  for (const file of listFiles(path.join(ROOT, 'server')))
    if (!/\.tsx?$/.test(file)) cpSync(file, path.join(out, path.relative(ROOT, file)))
}

async function buildMiniapp(title, platform) {
  rmSync(path.join(ROOT, 'dist', platform), { recursive: true, force: true })
  const output = await runStep(title, process.execPath, [TARO, 'build', '--type', platform], {
    env: { NODE_ENV: 'production', TARO_ENV: platform },
  })
  // Taro ends with code 0 after some compilation errors.
  if (/\bERROR in |✖ (Webpack|编译失败)|Module not found:/.test(output)) {
    process.stderr.write(`${output}\n`)
    throw refuse(`${title}: the compiler reported errors`)
  }
  if (platform === 'h5') compressBelow(path.join(ROOT, 'dist', platform))
}

async function buildAdmin(title) {
  const vite = path.join(BIN, 'vite', 'bin', 'vite.js')
  await runStep(title, process.execPath, [vite, 'build', '--config', 'config/vite.admin.ts', '--logLevel', 'warn'], {
    // The configuration is TypeScript beside CommonJS packages, which Vite's present loader reads and only warns about.
    env: { NODE_ENV: 'production', VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true' },
  })
  compressBelow(path.join(ROOT, 'dist', 'admin'))
}

/** Lays a .br and a .gz beside every file that is worth it: compressed once here, and harder than a server could for each visitor. */
function compressBelow(dir) {
  for (const file of listFiles(dir)) {
    const content = /\.(js|css|svg|html|wasm|json)$/.test(file) ? readFileSync(file) : null
    if (!content || content.length < 1024) continue
    const params = { [constants.BROTLI_PARAM_QUALITY]: content.length > 500_000 ? 9 : 11 }
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params }))
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await runCommand(async () => {
    const args = process.argv.slice(2)
    const names = args.filter((arg) => !arg.startsWith('--'))
    await ensureInstalled()
    await build(names.length > 0 ? names : Object.keys(TARGETS), { force: args.includes('--force') })
  })
