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

/**
 * Runs in the page: what reaches over the right edge of the window, whether that could be scrolled to or is cut off. What a part
 * of the page scrolls or crops by itself (a row of chips, a wide table, the art on a card) is meant to.
 */
const tooWide = (): string[] => {
  const frames = 'html, body, #app, #root, .taro_router, .taro_page, .page, .admin, .main, #content, .ant-drawer-body'
  const framed = (element: Element): boolean => {
    for (let up = element.parentElement; up && !up.matches(frames); up = up.parentElement)
      if (getComputedStyle(up).overflowX !== 'visible') return false
    return true
  }
  return [...document.body.querySelectorAll('*')]
    .filter((element) => {
      const { right, width, height } = element.getBoundingClientRect()
      return width > 0 && height > 0 && right > window.innerWidth + 1 && framed(element)
    })
    .map((element) => `${element.tagName}.${element.getAttribute('class')} ${element.textContent?.slice(0, 30)}`)
    .slice(0, 5)
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
    // The room of a thumb around a small word belongs to what it stands in: that is what is tapped.
    tap: async (text) => {
      const words = visitor.sees(text)
      await words.waitFor()
      const tapped = words.locator('xpath=ancestor-or-self::*[contains(concat(" ", @class, " "), " tapped ")][1]')
      await ((await tapped.count()) > 0 ? tapped : words).click()
    },
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
        // A page that is sliding in or out is past the edge until it has come to rest.
        let over = await page.evaluate(tooWide)
        for (let waitedMs = 0; over.length > 0 && waitedMs < 2000; waitedMs += 100) {
          await page.waitForTimeout(100)
          over = await page.evaluate(tooWide)
        }
        if (over.length > 0) throw new Error(`${page.url()} is wider than ${at} px: ${over.join(' | ')}`)
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
