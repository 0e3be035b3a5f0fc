import type { Browser } from 'playwright-core'
import { openBrowser, openPhone, phoneWidths, type Visitor } from './browser'
import { signInOnPhone } from './people'
import { describeWith } from './requirements'
import { openShop, type Shop } from './shop'
import { stepsOf } from './steps'
import { openPage, problemsBeside } from './till'

const memberPhone = '13911112210'

describeWith(['chromium', 'h5'], 'How the app speaks to a member', () => {
  let browser: Browser
  let shop: Shop
  let member: Visitor
  beforeAll(async () => {
    browser = await openBrowser()
    shop = await openShop('sqlite')
    member = await openPhone(browser, shop.server)
    await signInOnPhone(member, memberPhone)
    await member.expects('青叶会员')
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.server.stop()
  })
  const step = stepsOf('settings', () => [member])
  const look = async (name: string): Promise<void> => {
    await member.fits(phoneWidths)
    await member.picture(`settings-${name}`)
  }
  const turnedOn = (label: RegExp): Promise<string | null> =>
    member.page.getByRole('switch', { name: label }).filter({ visible: true }).last().getAttribute('aria-checked')
  const turn = (label: RegExp): Promise<void> =>
    member.page.getByRole('switch', { name: label }).filter({ visible: true }).last().click()
  const sizeOf = (text: string): Promise<number> =>
    member.sees(text).evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize))

  step('large text makes every word larger and keeps to the screen', async () => {
    await openPage(member, 'packages/profile/settings')
    const before = await sizeOf('文字放大，更容易看清')
    await turn(/^大字模式/)
    await member.page.locator('.page--large').first().waitFor()
    expect(await sizeOf('文字放大，更容易看清')).toBeGreaterThan(before * 1.15)
    await openPage(member, 'pages/home/index')
    await member.expects('青叶会员')
    await look('large-home')
    await openPage(member, 'packages/profile/settings')
    expect(await turnedOn(/^大字模式/)).toBe('true')
    await turn(/^大字模式/)
    await member.page.locator('.page--large').first().waitFor({ state: 'detached' })
    expect(await sizeOf('文字放大，更容易看清')).toBe(before)
  })

  step('what is sent and by which way is the member’s choice; what the account needs is not', async () => {
    await openPage(member, 'packages/inbox/preferences')
    await member.expects('想收到什么')
    await look('preferences')
    const free = member.page.locator('[role="switch"][aria-checked="true"][aria-disabled="false"]').first()
    const label = (await free.getAttribute('aria-label'))?.split('，')[0] ?? ''
    await free.click()
    await member.page.locator(`[role="switch"][aria-label^="${label}"][aria-checked="false"]`).waitFor()
    await openPage(member, 'packages/inbox/preferences')
    await member.expects('想收到什么')
    expect(await turnedOn(new RegExp(`^${label}`))).toBe('false')
    const locked = member.page.locator('[role="switch"][aria-label*="总会告诉你"]').first()
    // A finger may tap it all the same.
    await locked.dispatchEvent('click')
    expect(await locked.getAttribute('aria-checked')).toBe('true')
    expect(problemsBeside(member, [])).toEqual([])
  })
})
