import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { type AppState, appStates, contextFor, joinFreshMember, openInState } from './app-states'
import { meetDemoPeople, tourOf } from './app-tour'

const sizes = [
  { width: 390, height: 844 },
  { width: 360, height: 640 },
]
/** Pages that are open at once: a browser waits more than it works. */
const atOnce = 3

/**
 * Takes a picture of every page of the member app in each of its states at two sizes, into `folder`. A file is named
 * <page>-<state>-<width>.jpg, and <page>-whole.jpg is all of it in one. Tells of every picture and gives what was wrong: errors of the page, something wider than the screen.
 * @param only takes these pages alone
 */
export const takeAppPictures = async (
  browser: Browser,
  url: string,
  folder: string,
  only: readonly string[] = [],
  states: readonly AppState[] = appStates,
): Promise<string[]> => {
  mkdirSync(folder, { recursive: true })
  const people = await meetDemoPeople(url, 'h5')
  const fresh = await joinFreshMember(url, people.device)
  const complaints: string[] = []
  const waiting = tourOf('dist/weapp').flatMap((stop) =>
    only.length > 0 && !only.includes(stop.name) ? [] : states.map((state) => ({ stop, state })),
  )
  const take = async ({ stop, state }: (typeof waiting)[number]): Promise<void> => {
    const context = await contextFor(browser, stop, state, people, fresh)
    try {
      const page = await openInState(context, url, stop, state, people)
      if (!page) return
      page.on('pageerror', (error) => complaints.push(`${stop.name} ${state}: ${error}`))
      for (const size of sizes) {
        await page.setViewportSize(size)
        await page.waitForTimeout(150)
        const path = join(folder, `${stop.name}-${state}-${size.width}.jpg`)
        await page.screenshot({ path, type: 'jpeg', quality: 70 })
        process.stdout.write(`${path}\n`)
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        if (wide > 0) complaints.push(`${stop.name} ${state}: ${wide} px wider than ${size.width}`)
      }
      if (state !== 'ready') return
      // The whole of a page at once: a window as tall as what it holds.
      const height = await page.evaluate(() => document.querySelector('.page')?.scrollHeight ?? 0)
      await page.setViewportSize({ width: 390, height: Math.min(4000, Math.max(844, height)) })
      await page.screenshot({ path: join(folder, `${stop.name}-whole.jpg`), type: 'jpeg', quality: 70 })
    } finally {
      await context.close()
    }
  }
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await take(next)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return complaints
}
