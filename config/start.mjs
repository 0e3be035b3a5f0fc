// `npm start`: from a bare clone to a running shop. Installs, builds and serves; the server itself migrates its database
// and, when that is empty and DEMO is on (the default outside production), seeds the demo shop.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { build } from './build.mjs'
import { describeDuration, ROOT, runCommand, runForeground, say } from './process.mjs'
import { ensureInstalled } from './setup.mjs'

// Most of what a request makes is gone with its answer: a larger young generation spares a tenth of the processor time.
const serverFlags = ['--enable-source-maps', '--max-semi-space-size=64']

await runCommand(async () => {
  const started = Date.now()
  say('Huiyuan 惠员')
  say('1/3 packages')
  await ensureInstalled()
  say('  ✓ packages are in place')
  say('2/3 build')
  await build(['server', 'h5', 'admin'])
  say(`3/3 serve (ready to start after ${describeDuration(Date.now() - started)})`)
  const database = process.env.DATABASE_URL?.replace(/\/\/.*@/, '//***@') ?? 'sqlite:data/huiyuan.sqlite'
  const isFirst = !process.env.DATABASE_URL && !existsSync(path.join(ROOT, 'data', 'huiyuan.sqlite'))
  say(`  database ${database}${isFirst ? ', new: it is migrated and filled first, which takes a little while' : ''}`)
  say(`  address  http://localhost:${process.env.PORT || 3000}  (Ctrl-C stops)`)
  say()
  process.exitCode = await runForeground(process.execPath, [...serverFlags, 'dist/server/server/main.js'])
})
