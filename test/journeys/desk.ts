import type { Locator } from 'playwright-core'
import { testPassword } from '../support/people'
import { deskWidths, openBrowser, openDesk, type Visitor } from './browser'
import { openShop, type Shop } from './shop'

/** Somebody at the admin page of a shop of their own, with the tools that its forms need. */
export interface Desk extends Visitor {
  shop: Shop
  /** Opens a page of the admin by its address. */
  go(path: string): Promise<void>
  /** The dialog or drawer in front. */
  dialog(): Locator
  /** A button by its exact name, in the dialog in front or on the page. */
  button(name: string | RegExp, within?: Locator): Locator
  /** Picks an option of the select with this label. */
  choose(label: string, option: string | RegExp, within?: Locator): Promise<void>
  /** Says yes in the question in front. */
  confirm(button: string): Promise<void>
  /** Closes the drawer in front. */
  closeDrawer(): Promise<void>
  /** Looks at the page at both widths, and keeps a picture when asked to. */
  look(name: string): Promise<void>
  rows<T extends object>(text: string, params?: (string | number)[]): Promise<T[]>
  /** Ends the browser and the shop. */
  close(): Promise<void>
}

/** The icon of a button that was busy a moment ago still stands in its name while it shrinks away. */
const exactly = (name: string): RegExp => new RegExp(`^(loading\\s*)?${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`)

/** Opens a shop on SQLite and its admin page, with the owner signed in. Close it in afterAll. */
export const openAdmin = async (prefix: string): Promise<Desk> => {
  const browser = await openBrowser()
  const shop = await openShop('sqlite')
  const visitor = await openDesk(browser, shop.server)
  const { page } = visitor
  // Nothing slides or fades, so that no click falls on what is still on its way.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const desk: Desk = {
    ...visitor,
    shop,
    go: async (path) => {
      await page.goto(`/admin${path}`)
    },
    dialog: () => page.getByRole('dialog').filter({ visible: true }).last(),
    button: (name, within) =>
      (within ?? page)
        .getByRole('button', { name: typeof name === 'string' ? exactly(name) : name })
        .filter({ visible: true })
        .last(),
    choose: async (label, option, within) => {
      const field = (within ?? page).getByRole('combobox', { name: label, exact: true }).filter({ visible: true })
      await field.last().click()
      // The list of a select that was used a moment ago may still be fading away.
      const list = await field.last().getAttribute('aria-controls')
      const options = page.locator('.ant-select-dropdown').filter({ has: page.locator(`[id="${list}"]`) })
      await options.locator('.ant-select-item-option').first().waitFor()
      const wanted = options.locator('.ant-select-item-option').filter({ hasText: option }).first()
      // A long list holds only what is in view.
      for (let turn = 0; turn < 20 && (await wanted.count()) === 0; turn++)
        await options.evaluate((list) => {
          for (const part of list.querySelectorAll('*'))
            if (part.scrollHeight > part.clientHeight + 1 && getComputedStyle(part).overflowY !== 'visible')
              part.scrollTop += 120
          return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
        })
      await wanted.click()
    },
    confirm: async (button) => {
      const asked = page.getByRole('dialog').filter({ visible: true }).last()
      await asked.getByRole('button', { name: exactly(button) }).click()
    },
    closeDrawer: async () => {
      const front = page.getByRole('dialog').filter({ visible: true }).last()
      await front.getByRole('button', { name: '关闭', exact: true }).click()
      await front.waitFor({ state: 'hidden' })
    },
    look: async (name) => {
      await visitor.fits(deskWidths)
      await visitor.picture(`${prefix}-${name}`)
    },
    rows: (text, params = []) => shop.server.deps.db.read(text, params),
    close: async () => {
      await browser.close()
      await shop.server.stop()
    },
  }
  await desk.go('/journeys')
  await desk.fill('登录名', shop.ownerName)
  await desk.fill('密码', testPassword)
  await desk.button('登录').click()
  await page.getByRole('heading', { name: '旅程', exact: true }).waitFor()
  return desk
}

/** Waits until a row says what it should: the page answers a moment before or after the transaction is read. */
export const until = async <T>(read: () => Promise<T>, done: (found: T) => boolean): Promise<T> => {
  for (let waitedMs = 0; ; waitedMs += 50) {
    const found = await read()
    if (done(found)) return found
    if (waitedMs >= 5000) throw new Error(`It stayed ${JSON.stringify(found)}`)
    await new Promise((wake) => setTimeout(wake, 50))
  }
}
