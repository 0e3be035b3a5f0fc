import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { axeProblems, clippedTexts, smallTargets } from '../support/access'
import { contextFor, openInState } from '../support/app-states'
import { type DemoPeople, type Stop, tourOf } from '../support/app-tour'
import { meetPeople, stockReward } from './app-people'
import { openBrowser } from './browser'
import { describeWith, distRoot } from './requirements'
import { openShop, type Shop } from './shop'

describeWith(['chromium', 'h5', 'weapp'], 'Every page for everybody', () => {
  let browser: Browser
  let shop: Shop
  let people: DemoPeople

  beforeAll(async () => {
    browser = await openBrowser()
    shop = await openShop('sqlite')
    await stockReward(shop)
    people = await meetPeople(shop, 'h5')
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await shop?.server.stop()
  })

  type Opened = NonNullable<Awaited<ReturnType<typeof openInState>>>
  const stops = tourOf(join(distRoot, 'weapp'))

  /** Opens a stop on a phone and asks something of it; every finding is told with the name of the page. */
  const look = async (stop: Stop, large: boolean, ask: (page: Opened) => Promise<string[]>): Promise<string[]> => {
    const context = await contextFor(browser, stop, 'ready', people, people.member, large)
    try {
      const page = await openInState(context, shop.server.url, stop, 'ready', people)
      if (!page) return [`${stop.name}: nothing to show in this shop`]
      return (await ask(page)).map((finding) => `${stop.name}: ${finding}`)
    } finally {
      await context.close()
    }
  }
  /** All pages, a few at a time: a browser waits more than it works. */
  const lookAtAll = async (large: boolean, ask: (page: Opened) => Promise<string[]>): Promise<string[]> => {
    const waiting = [...stops]
    const found: string[] = []
    const worker = async (): Promise<void> => {
      for (let stop = waiting.shift(); stop; stop = waiting.shift()) found.push(...(await look(stop, large, ask)))
    }
    await Promise.all([worker(), worker(), worker()])
    return found
  }

  test('axe finds nothing serious or critical, and a thumb finds every target', async () => {
    expect(
      await lookAtAll(false, async (page) => [...(await axeProblems(page)), ...(await smallTargets(page))]),
    ).toEqual([])
  }, 400_000)

  test('large text is neither cut off nor pushed out on a small phone', async () => {
    const clipped = async (page: Opened): Promise<string[]> => {
      await page.setViewportSize({ width: 360, height: 640 })
      await page.locator('.page--large').first().waitFor()
      return clippedTexts(page)
    }
    expect(await lookAtAll(true, clipped)).toEqual([])
  }, 400_000)
})
