import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { chromiumArguments, findChromium } from './chromium'
import { freePort, startServerProcess, stopServerProcess } from './process'

/**
 * `npm run screenshots`: starts the demo shop in a fresh SQLite file, opens the pages in Chromium and writes the pictures the README shows
 * to client/screenshots. `-- --all [folder]` takes every page at both sizes instead (default dist/screenshots), for looking at.
 * Needs built clients (npm run build) and Chromium.
 */
interface Shot {
  name: string
  as: 'member' | 'staff' | 'operator' | null
  path: string
  readme?: boolean
}
const phone = { width: 390, height: 844 }
const smallPhone = { width: 360, height: 640 }
const desk = { width: 1440, height: 900 }
const smallDesk = { width: 1024, height: 768 }

const shots: Shot[] = [
  { name: 'landing', as: null, path: '/', readme: true },
  { name: 'visitor', as: null, path: '/m/#/pages/home/index' },
  { name: 'home', as: 'member', path: '/m/#/pages/home/index', readme: true },
  { name: 'rewards', as: 'member', path: '/m/#/pages/rewards/index' },
  { name: 'code', as: 'member', path: '/m/#/pages/code/index', readme: true },
  { name: 'coupons', as: 'member', path: '/m/#/pages/coupons/index', readme: true },
  { name: 'me', as: 'member', path: '/m/#/pages/me/index' },
  { name: 'points', as: 'member', path: '/m/#/packages/points/index', readme: true },
  { name: 'tier', as: 'member', path: '/m/#/packages/tier/index' },
  { name: 'birthday', as: 'member', path: '/m/#/packages/birthday/index' },
  { name: 'profile', as: 'member', path: '/m/#/packages/profile/index' },
  { name: 'purchases', as: 'member', path: '/m/#/packages/profile/purchases' },
  { name: 'inbox', as: 'member', path: '/m/#/packages/inbox/index' },
  { name: 'login', as: null, path: '/m/#/packages/login/index' },
  { name: 'staff', as: 'staff', path: '/m/#/packages/staff/index', readme: true },
  { name: 'admin-overview', as: 'operator', path: '/admin/', readme: true },
  { name: 'admin-members', as: 'operator', path: '/admin/members' },
  { name: 'admin-coupons', as: 'operator', path: '/admin/coupons' },
  { name: 'admin-coupon-form', as: 'operator', path: '/admin/coupons/new', readme: true },
  { name: 'admin-tiers', as: 'operator', path: '/admin/tiers' },
  { name: 'admin-stores', as: 'operator', path: '/admin/stores' },
  { name: 'admin-operators', as: 'operator', path: '/admin/operators' },
  { name: 'admin-jobs', as: 'operator', path: '/admin/jobs' },
  { name: 'admin-audits', as: 'operator', path: '/admin/audits' },
]

const isDesk = (shot: Shot): boolean => shot.path === '/' || shot.path.startsWith('/admin')
const settleMs = 2500

const withDemo = (shot: Shot): string => {
  if (!shot.as) return shot.path
  const [path, hash] = shot.path.split('#')
  return `${path}?demo=${shot.as}${hash ? `#${hash}` : ''}`
}

const take = async (
  browser: Browser,
  url: string,
  shot: Shot,
  viewport: { width: number; height: number },
  file: string,
): Promise<string[]> => {
  const context = await browser.newContext({
    viewport,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    deviceScaleFactor: 1,
    reducedMotion: 'reduce',
  })
  const page: Page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(url + withDemo(shot))
  // The demo sign-in replaces the page's address; a deep link is opened again once the tokens are there.
  await page.waitForTimeout(settleMs)
  if (shot.as && shot.path.includes('#')) {
    await page.goto(url + shot.path)
    await page.waitForTimeout(settleMs)
  }
  await page.screenshot({ path: file, type: 'jpeg', quality: 82 })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  if (wide > 0) complaints.push(`${wide} px wider than the screen`)
  await context.close()
  return complaints
}

const main = async (): Promise<void> => {
  const all = process.argv.includes('--all')
  const given = process.argv[process.argv.indexOf('--all') + 1]
  const folder = all
    ? resolve(given && !given.startsWith('-') ? given : 'dist/screenshots')
    : resolve('client/screenshots')
  const program = findChromium()
  if (!program)
    throw new Error('Chromium was not found: apt-get install chromium fonts-noto-cjk, or set HUIYUAN_CHROMIUM')
  mkdirSync(folder, { recursive: true })
  const data = mkdtempSync(join(tmpdir(), 'huiyuan-shots-'))
  const { url, child } = await startServerProcess(
    { DATABASE_URL: `sqlite:${join(data, 'shop.sqlite')}`, DEMO: '1' },
    await freePort(),
  )
  const browser = await chromium.launch({ executablePath: program, args: chromiumArguments })
  let complained = false
  try {
    for (const shot of shots.filter((s) => all || s.readme)) {
      const sizes = isDesk(shot) ? [desk, smallDesk] : [phone, smallPhone]
      for (const size of all ? sizes : sizes.slice(0, 1)) {
        const file = join(folder, `${shot.name}${all ? `-${size.width}` : ''}.jpg`)
        const complaints = await take(browser, url, shot, size, file)
        complained ||= complaints.length > 0
        process.stdout.write(`${file}${complaints.map((c) => `\n  ! ${c}`).join('')}\n`)
      }
    }
  } finally {
    await browser.close()
    await stopServerProcess(child)
    rmSync(data, { recursive: true, force: true })
  }
  if (complained) process.exitCode = 1
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
