import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { type DemoPeople, meetDemoPeople, type Stop, tourOf } from '../support/app-tour'
import { chromiumArguments, findChromium } from '../support/chromium'
import { loadMiniProgram, type MiniProgram, requestsTo } from '../support/mini-vm'
import { freePort, startServerProcess, stopServerProcess } from '../support/process'
import { type Figure, median, printTable, type Report } from './measure'

/**
 * How fast the member app is: sizes of the packages of dist/weapp; what each page sends over WeChat's bridge, from the compiled app in the
 * vm against a real server with the demo shop; and for h5 the largest contentful paint and the total blocking time of a first visit in
 * Chromium with the processor slowed down four times. A figure over its budget is marked, never failed.
 */
const kB = 1024
const budgets = {
  'main.kB': 600,
  'total.kB': 1500,
  'home.first-setData.kB': 32,
  'worst-setData.kB': 64,
  'h5.lcp.ms': 2500,
  'h5.tbt.ms': 200,
} as const
type Budgeted = keyof typeof budgets
const weapp = resolve('dist/weapp')
const slowDown = 4
const visits = 5
/** Long enough for the pictures and the recommendations to have come, at the slow pace too. */
const restMs = 4000

/** Builds what is measured; what is up to date is left alone. */
const buildClients = (): void => {
  const built = spawnSync(process.execPath, ['config/build.mjs', 'weapp', 'h5'], { stdio: ['ignore', 2, 2] })
  if (built.status !== 0) throw new Error('The member app could not be built')
}

const weigh = (dir: string): number =>
  readdirSync(dir, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(dir, entry.name)
    return sum + (entry.isDirectory() ? weigh(path) : statSync(path).size)
  }, 0)

/** Bytes of the main package and of each subpackage, largest first. */
const weighPackages = (): { main: number; total: number; packages: { name: string; bytes: number }[] } => {
  const root = join(weapp, 'packages')
  const packages = readdirSync(root)
    .map((name) => ({ name, bytes: weigh(join(root, name)) }))
    .sort((a, b) => b.bytes - a.bytes)
  const total = weigh(weapp)
  return { main: total - packages.reduce((sum, one) => sum + one.bytes, 0), total, packages }
}

/** What one page sent over the bridge. */
interface Traffic {
  stop: Stop
  updates: number
  first: number
  worst: number
  sum: number
}

const bytesOf = (change: unknown): number => Buffer.byteLength(JSON.stringify(change))

/** Starts the compiled app as one of the people, with what their phone would have stored. */
const startAs = (as: Stop['as'], people: DemoPeople, url: string): MiniProgram => {
  const app = loadMiniProgram(weapp, { wx: { request: requestsTo(`${url}/api`) }, console: { error: () => undefined } })
  app.storage.device = people.device
  if (as === 'member') app.storage['session.member'] = people.member
  if (as === 'staff') {
    app.storage['session.member'] = people.staff.member
    app.storage['session.staff'] = people.staff.operator
    app.storage['staff.store'] = people.guides.storeId
  }
  app.boot()
  return app
}

const measurePage = async (stop: Stop, people: DemoPeople, url: string): Promise<Traffic | null> => {
  const query = stop.query ? await stop.query(people.guides) : ''
  if (query === null) return null
  const app = startAs(stop.as, people, url)
  const page = app.open(`${stop.page}${query ? `?${query}` : ''}`)
  await app.settle(250)
  const sizes = page.updates.map(bytesOf)
  // Leaving stops the timers of the page, which would keep this process alive.
  app.wx.reLaunch?.({ url: '/packages/login/document?name=terms' })
  await app.settle()
  app.hide()
  return {
    stop,
    updates: sizes.length,
    first: sizes[0] ?? 0,
    worst: Math.max(0, ...sizes),
    sum: sizes.reduce((a, b) => a + b, 0),
  }
}

/** What a browser saw of one first visit, in ms. */
interface Visit {
  lcp: number
  /** Blocked after the first contentful paint, when a person may already tap: what beyond 50 ms each long task took. */
  tbt: number
  /** The same before it, while the scripts are read and the first picture is made. */
  starting: number
}

/** Runs in the page before anything else: keeps what the browser reports. */
const watchPaints = (): void => {
  const paints = { fcp: 0, lcp: 0, tasks: [] as { from: number; to: number }[] }
  Object.assign(window, { paints })
  const watch = (type: string, note: (entry: PerformanceEntry) => void): void => {
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true })
  }
  watch('paint', (entry) => {
    if (entry.name === 'first-contentful-paint') paints.fcp = entry.startTime
  })
  watch('largest-contentful-paint', (entry) => {
    paints.lcp = entry.startTime
  })
  watch('longtask', ({ startTime, duration }) => {
    paints.tasks.push({ from: startTime, to: startTime + duration })
  })
}

/** Runs in the page at the end: the sums, as web.dev defines total blocking time. */
const sumPaints = (): Visit => {
  const { fcp, lcp, tasks } = (
    window as unknown as { paints: { fcp: number; lcp: number; tasks: { from: number; to: number }[] } }
  ).paints
  const over = (from: number, to: number): number => Math.max(0, to - from - 50)
  const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0)
  return {
    lcp,
    tbt: sum(tasks.filter((task) => task.to > fcp).map((task) => over(Math.max(task.from, fcp), task.to))),
    starting: sum(tasks.filter((task) => task.from < fcp).map((task) => over(task.from, Math.min(task.to, fcp)))),
  }
}

/** One first visit of the home page as a member: nothing cached but the sign-in. */
const visitHome = async (browser: Browser, people: DemoPeople, url: string): Promise<Visit> => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
  })
  try {
    const page = await context.newPage()
    await page.addInitScript(
      (stored) => {
        for (const [name, data] of Object.entries(stored)) localStorage.setItem(name, JSON.stringify({ data }))
      },
      { device: people.device, 'session.member': people.member },
    )
    // tsx wraps functions in a helper that keeps their names; what runs in the page arrives without it.
    await page.addInitScript('window.__name = (wrapped) => wrapped')
    await page.addInitScript(watchPaints)
    const devtools = await context.newCDPSession(page)
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowDown })
    await page.goto(`${url}/m/`)
    await page.locator('.mcard').first().waitFor()
    await page.waitForTimeout(restMs)
    return await page.evaluate(sumPaints)
  } finally {
    await context.close()
  }
}

const inKB = (bytes: number): number => Math.round((bytes / kB) * 10) / 10

const figure = (name: Budgeted, value: number): Figure => ({
  name,
  value,
  unit: name.endsWith('.ms') ? 'ms' : 'kB',
  goal: budgets[name],
})

const measureWeapp = async (people: DemoPeople, url: string): Promise<Figure[]> => {
  const { main, total, packages } = weighPackages()
  console.log(`Packages: main ${inKB(main)} kB, all ${inKB(total)} kB`)
  printTable(
    ['subpackage', 'kB'],
    packages.map((one) => [one.name, String(inKB(one.bytes))]),
    1,
  )
  const traffic: Traffic[] = []
  for (const stop of tourOf(weapp)) {
    const measured = await measurePage(stop, people, url)
    if (measured) traffic.push(measured)
  }
  console.log('\nsetData per page, from opening it until it rests')
  printTable(
    ['page', 'calls', 'first kB', 'worst kB', 'all kB'],
    traffic.map((t) => [t.stop.name, String(t.updates), ...[t.first, t.worst, t.sum].map((b) => String(inKB(b)))]),
    1,
  )
  const home = traffic.find((t) => t.stop.name === 'home')
  if (!home) throw new Error('The home page was not measured')
  const pages = traffic.flatMap((t): Figure[] =>
    (['updates', 'first', 'worst', 'sum'] as const).map((what) => ({
      name: `${t.stop.name}.${what === 'updates' ? 'setData.calls' : `setData.${what}.kB`}`,
      value: what === 'updates' ? t.updates : inKB(t[what]),
      unit: what === 'updates' ? 'calls' : 'kB',
      goal: null,
    })),
  )
  return [
    figure('main.kB', inKB(main)),
    figure('total.kB', inKB(total)),
    figure('home.first-setData.kB', inKB(home.first)),
    figure('worst-setData.kB', inKB(Math.max(...traffic.map((t) => t.worst)))),
    ...pages,
  ]
}

const measureH5 = async (people: DemoPeople, url: string): Promise<Figure[]> => {
  const program = findChromium()
  if (!program) {
    console.log('\nh5 left out: Chromium was not found; install it or set HUIYUAN_CHROMIUM')
    return []
  }
  const browser = await chromium.launch({ executablePath: program, args: chromiumArguments })
  try {
    const seen: Visit[] = []
    for (let i = 0; i < visits; i++) seen.push(await visitHome(browser, people, url))
    const all = (what: keyof Visit): number[] => seen.map((one) => Math.round(one[what]))
    const [lcp, tbt, starting] = [all('lcp'), all('tbt'), all('starting')]
    console.log(`\nh5, home, ${visits} first visits with the processor slowed down ${slowDown} times, ms each`)
    console.log(`  largest contentful paint ${lcp.join(' ')}`)
    console.log(`  blocked after the first paint ${tbt.join(' ')}, before it ${starting.join(' ')}`)
    return [
      figure('h5.lcp.ms', median(lcp)),
      figure('h5.tbt.ms', median(tbt)),
      { name: 'h5.blocked-before-paint.ms', value: median(starting), unit: 'ms', goal: null },
    ]
  } finally {
    await browser.close()
  }
}

/** Measures dist/weapp and dist/h5 against a demo shop in a fresh SQLite file. */
export const run = async (): Promise<Report> => {
  buildClients()
  const data = mkdtempSync(join(tmpdir(), 'huiyuan-miniapp-'))
  const { url, child } = await startServerProcess(
    { DATABASE_URL: `sqlite:${join(data, 'shop.sqlite')}`, DEMO: '1' },
    await freePort(),
  )
  try {
    const figures = [
      ...(await measureWeapp(await meetDemoPeople(url, 'weapp'), url)),
      ...(await measureH5(await meetDemoPeople(url, 'h5'), url)),
    ]
    console.log('')
    printTable(
      ['figure', 'measured', 'budget', ''],
      figures
        .filter((one) => one.goal !== null)
        .map((one) => [one.name, String(one.value), String(one.goal), one.value <= Number(one.goal) ? '✓' : '✗ over']),
      1,
    )
    return { name: 'miniapp', figures, sound: true }
  } finally {
    await stopServerProcess(child)
    rmSync(data, { recursive: true, force: true })
  }
}
