import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { takeAppPictures } from './app-pictures'
import { chromiumArguments, findChromium } from './chromium'
import { freePort, startServerProcess, stopServerProcess } from './process'

/**
 * `npm run screenshots`: starts the demo shop in a fresh SQLite file, opens the pages in Chromium and writes the pictures the README shows
 * to client/screenshots, and into dist/screenshots, for looking at: every page of the member app in each of its states and the admin
 * pages, each at two sizes. `-- --readme` takes the README's alone, `-- --app [page …]` the member app's.
 * Needs built clients (npm run build) and Chromium.
 */
interface Shot {
  name: string
  as: 'member' | 'staff' | 'operator' | null
  path: string
  readme?: boolean
}
const phone = { width: 390, height: 844 }
const desk = { width: 1440, height: 900 }
const smallDesk = { width: 1024, height: 768 }

const shots: Shot[] = [
  { name: 'landing', as: null, path: '/', readme: true },
  { name: 'home', as: 'member', path: '/m/#/pages/home/index', readme: true },
  { name: 'code', as: 'member', path: '/m/#/pages/code/index', readme: true },
  { name: 'coupons', as: 'member', path: '/m/#/pages/coupons/index', readme: true },
  { name: 'points', as: 'member', path: '/m/#/packages/points/index', readme: true },
  { name: 'staff', as: 'staff', path: '/m/#/packages/staff/index', readme: true },
  { name: 'rewards', as: 'member', path: '/m/#/pages/rewards/index', readme: true },
  { name: 'checkin', as: 'member', path: '/m/#/packages/checkin/index', readme: true },
  { name: 'community', as: 'member', path: '/m/#/packages/community/index', readme: true },
  { name: 'admin-stages', as: 'operator', path: '/admin/dashboards?tab=stages', readme: true },
  { name: 'admin-insights', as: 'operator', path: '/admin/scores', readme: true },
  { name: 'admin-journeys', as: 'operator', path: '/admin/journeys' },
  { name: 'admin-segments', as: 'operator', path: '/admin/segments' },
  { name: 'admin-experiments', as: 'operator', path: '/admin/experiments' },
  { name: 'admin-recommendations', as: 'operator', path: '/admin/recommendations' },
  { name: 'admin-messages', as: 'operator', path: '/admin/messages' },
  { name: 'admin-rewards', as: 'operator', path: '/admin/rewards' },
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
  return `${path}${path.includes('?') ? '&' : '?'}demo=${shot.as}${hash ? `#${hash}` : ''}`
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
  if (shot.as && /[#?]/.test(shot.path)) {
    await page.goto(url + shot.path)
    await page.waitForTimeout(settleMs)
  }
  await page.screenshot({ path: file, type: 'jpeg', quality: 82 })
  process.stdout.write(`${file}\n`)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  if (wide > 0) complaints.push(`${wide} px wider than the screen`)
  await context.close()
  return complaints.map((complaint) => `${shot.name}: ${complaint}`)
}

/** What the README shows, one size each, into a folder that is committed. */
const takeReadme = async (browser: Browser, url: string): Promise<string[]> => {
  const folder = resolve('client/screenshots')
  mkdirSync(folder, { recursive: true })
  const complaints: string[] = []
  for (const shot of shots.filter((one) => one.readme))
    complaints.push(...(await take(browser, url, shot, isDesk(shot) ? desk : phone, join(folder, `${shot.name}.jpg`))))
  return complaints
}

/** The landing page and the admin pages at two sizes each. */
const takeDesks = async (browser: Browser, url: string, folder: string): Promise<string[]> => {
  mkdirSync(folder, { recursive: true })
  const complaints: string[] = []
  for (const shot of shots.filter(isDesk))
    for (const size of [desk, smallDesk])
      complaints.push(...(await take(browser, url, shot, size, join(folder, `${shot.name}-${size.width}.jpg`))))
  return complaints
}

const main = async (): Promise<void> => {
  const args = process.argv.slice(2)
  const program = findChromium()
  if (!program)
    throw new Error('Chromium was not found: apt-get install chromium fonts-noto-cjk, or set HUIYUAN_CHROMIUM')
  const full = resolve('dist/screenshots')
  const data = mkdtempSync(join(tmpdir(), 'huiyuan-shots-'))
  const { url, child } = await startServerProcess(
    { DATABASE_URL: `sqlite:${join(data, 'shop.sqlite')}`, DEMO: '1' },
    await freePort(),
  )
  const browser = await chromium.launch({ executablePath: program, args: chromiumArguments })
  const complaints: string[] = []
  try {
    if (!args.includes('--app')) complaints.push(...(await takeReadme(browser, url)))
    if (!args.includes('--app') && !args.includes('--readme')) complaints.push(...(await takeDesks(browser, url, full)))
    if (!args.includes('--readme'))
      complaints.push(
        ...(await takeAppPictures(
          browser,
          url,
          full,
          args.filter((arg) => !arg.startsWith('-')),
        )),
      )
  } finally {
    await browser.close()
    await stopServerProcess(child)
    rmSync(data, { recursive: true, force: true })
  }
  for (const complaint of complaints) process.stdout.write(`  ! ${complaint}\n`)
  if (complaints.length > 0) process.exitCode = 1
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
