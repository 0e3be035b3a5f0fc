import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { chromiumArguments, findChromium } from '../support/chromium'
import type { TestServer } from '../support/server'

/** Starts Chromium. Close it in afterAll. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium() ?? undefined, args: chromiumArguments })

/** One person in front of a screen of their own: cookies and storage are not shared with the others. */
export interface Visitor {
  page: Page
  /** Everything that went wrong so far: console errors, uncaught errors, failed requests, answers of 400 and above. */
  problems: string[]
  /** What the person can see that reads exactly so, on the page in front. */
  sees(text: string | RegExp): Locator
  /** Taps what reads exactly so. */
  tap(text: string | RegExp): Promise<void>
  /** Taps what carries this label for screen readers. */
  press(label: string | RegExp): Promise<void>
  fill(label: string, value: string): Promise<void>
  /** Waits until the page says this. */
  expects(text: string | RegExp): Promise<void>
  /** All the text on the page in front. */
  text(): Promise<string>
  /** Fails when the page in front can be pushed sideways at one of these widths (px); leaves it at the first. */
  fits(widths: readonly number[]): Promise<void>
  /** Keeps a picture when HUIYUAN_JOURNEY_PICTURES names a folder. */
  picture(name: string): Promise<void>
}

const pictures = process.env.HUIYUAN_JOURNEY_PICTURES

/** Runs in the page: its clock starts at the server's, which stands still, and then runs on. */
const startClockAt = (start: number): void => {
  const Real = Date
  const shift = start - Real.now()
  class Shifted extends Real {
    constructor(...args: unknown[]) {
      if (args.length === 0) super(Real.now() + shift)
      else super(...(args as [number]))
    }
    static override now(): number {
      return Real.now() + shift
    }
  }
  window.Date = Shifted as unknown as DateConstructor
}

/** Runs in the page: what reaches out of the window sideways, the window itself or a part that would scroll. */
const tooWide = (): string[] => {
  const scrolls = (element: Element): boolean => {
    const { overflowX, display } = getComputedStyle(element)
    return display !== 'none' && overflowX !== 'hidden' && overflowX !== 'clip'
  }
  const roots = [
    document.documentElement,
    document.body,
    ...document.querySelectorAll('.taro_page, #content, .ant-drawer-body'),
  ]
  return roots
    .filter((element) => scrolls(element) && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
    .map((element) => `${element.tagName}.${element.className} is ${element.scrollWidth} of ${element.clientWidth} px`)
}

/** Opens a page for a new person. `wait` is the most any step may take, in ms. */
export const openVisitor = async (
  browser: Browser,
  server: TestServer,
  { width, height, phone }: { width: number; height: number; phone: boolean },
): Promise<Visitor> => {
  const context = await browser.newContext({
    viewport: { width, height },
    baseURL: server.url,
    isMobile: phone,
    hasTouch: phone,
    deviceScaleFactor: phone ? 2 : 1,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  })
  await context.addInitScript(startClockAt, server.clock.now())
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const problems: string[] = []
  page.on('console', (message) => message.type() === 'error' && problems.push(`console: ${message.text()}`))
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.stack ?? error}`))
  // Leaving a page takes back what it was still asking; that is no failure.
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? ''
    if (why !== 'net::ERR_ABORTED') problems.push(`request: ${request.method()} ${request.url()} ${why}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`answer: ${response.status()} ${response.url()}`)
  })
  // Pages below the one in front stay in the document, unseen.
  const seen = (found: Locator): Locator => found.filter({ visible: true }).last()
  const visitor: Visitor = {
    page,
    problems,
    sees: (text) => seen(page.getByText(text, { exact: typeof text === 'string' })),
    tap: (text) => visitor.sees(text).click(),
    press: (label) => seen(page.getByLabel(label, { exact: typeof label === 'string' })).click(),
    // In h5 the label stands on the element around the field, in the admin page in a <label> of its own.
    fill: (label, value) =>
      seen(
        page
          .locator(`[aria-label="${label}"] input`)
          .or(page.getByLabel(label, { exact: true }).and(page.locator('input, textarea'))),
      ).fill(value),
    expects: (text) => visitor.sees(text).waitFor(),
    text: () => page.locator('body').innerText(),
    fits: async (widths) => {
      for (const at of [...widths.slice(1), ...widths.slice(0, 1)]) {
        await page.setViewportSize({ width: at, height })
        expect({ width: at, at: page.url(), tooWide: await page.evaluate(tooWide) }).toEqual({
          width: at,
          at: page.url(),
          tooWide: [],
        })
      }
    },
    picture: async (name) => {
      if (!pictures) return
      mkdirSync(pictures, { recursive: true })
      // Toasts and slides come to rest first.
      await page.waitForTimeout(400)
      await page.screenshot({ path: join(pictures, `${name}.png`) })
    },
  }
  return visitor
}

/** The widths a member's phone may have. */
export const phoneWidths = [390, 360] as const
/** A person with a phone. */
export const openPhone = (browser: Browser, server: TestServer): Promise<Visitor> =>
  openVisitor(browser, server, { width: phoneWidths[0], height: 844, phone: true })

/** The widths an operator's window may have. */
export const deskWidths = [1440, 1024] as const
/** A person at a computer. */
export const openDesk = (browser: Browser, server: TestServer): Promise<Visitor> =>
  openVisitor(browser, server, { width: deskWidths[0], height: 900, phone: false })
