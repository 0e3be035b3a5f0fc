import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import { askerAt, type DemoPeople, type Session, type Stop } from './app-tour'

/**
 * The faces a page can show: what it is for, nothing yet (a member who has just joined), waiting for the first answer, an answer that is
 * an error, and old answers while the network is gone.
 */
export const appStates = ['ready', 'empty', 'loading', 'error', 'offline'] as const
export type AppState = (typeof appStates)[number]

/** Joins as somebody new, by the stand-in's SMS code: an account in which everything is still empty. */
export const joinFreshMember = async (url: string, device: string): Promise<Session> => {
  const ask = askerAt(url, null)
  const phone = `139${String(Date.now()).slice(-8)}`
  const { standInCode } = await ask('POST /auth/sms/codes', { phone })
  if (!standInCode) throw new Error('This server sends real messages')
  return ask('POST /auth/sms', { phone, code: standInCode, device: { id: device, platform: 'h5' } })
}

/** A browser in which somebody is signed in to the h5 app, as their phone would have kept it. */
export const contextAs = async (
  browser: Browser,
  who: { device: string; member?: Session; staff?: Session; storeId?: string },
  large = false,
): Promise<BrowserContext> => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    deviceScaleFactor: 1,
    isMobile: true,
    hasTouch: true,
    reducedMotion: 'reduce',
  })
  const stored = {
    device: who.device,
    ...(who.member ? { 'session.member': who.member } : {}),
    ...(who.staff ? { 'session.staff': who.staff, 'staff.store': who.storeId } : {}),
    ...(large ? { large: true } : {}),
  }
  // tsx wraps functions in a helper that keeps their names; what runs in the page arrives without it.
  await context.addInitScript('window.__name = (wrapped) => wrapped')
  await context.addInitScript((entries) => {
    if (localStorage.getItem('device')) return
    for (const [name, data] of Object.entries(entries)) localStorage.setItem(name, JSON.stringify({ data }))
  }, stored)
  return context
}

/** Who looks at a stop in a state. */
export const contextFor = (
  browser: Browser,
  stop: Stop,
  state: AppState,
  people: DemoPeople,
  fresh: Session,
  large = false,
): Promise<BrowserContext> => {
  const { device } = people
  if (stop.as === null) return contextAs(browser, { device }, large)
  if (stop.as === 'member')
    return contextAs(browser, { device, member: state === 'empty' ? fresh : people.member }, large)
  const { member, operator } = people.staff
  return contextAs(browser, { device, member, staff: operator, storeId: people.guides.storeId }, large)
}

const api = '**/api/**'
const refuse = (route: Route): Promise<void> =>
  route.fulfill({
    status: 500,
    json: { error: { code: 'internal', message: '服务出了点问题，请稍后再试' } },
  })
/** The same answer with nothing in its lists. */
const emptyLists = async (route: Route): Promise<void> => {
  const answer = await route.fetch()
  const body = (await answer.json()) as Record<string, unknown>
  await route.fulfill({ response: answer, json: 'items' in body ? { ...body, items: [], nextCursor: null } : body })
}

/** Long enough for the answers of a local server and for what slides in. */
const settleMs = 900

/** Opens a stop in a context and brings it into a state. Gives false where the stop has nothing to show yet. */
export const openInState = async (
  context: BrowserContext,
  url: string,
  stop: Stop,
  state: AppState,
  people: DemoPeople,
): Promise<Page | null> => {
  const query = stop.query ? await stop.query(people.guides) : ''
  if (query === null) return null
  const page = await context.newPage()
  const open = (): Promise<unknown> => page.goto(`${url}/m/#/${stop.page}${query ? `?${query}` : ''}`)
  if (state === 'loading') await page.route(api, () => undefined)
  if (state === 'error') await page.route(api, refuse)
  if (state === 'empty' && stop.as !== 'member')
    await page.route(api, (route) => (route.request().method() === 'GET' ? emptyLists(route) : route.continue()))
  await open()
  await page.waitForTimeout(settleMs)
  if (state === 'offline') {
    await page.route(api, (route) => route.abort('internetdisconnected'))
    await page.reload()
    // Three attempts are made before the network is given up.
    await page.waitForTimeout(settleMs + 1500)
  }
  return page
}
