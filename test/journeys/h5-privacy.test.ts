import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { DAY_MS } from '../../shared/time'
import { openBrowser, openPhone, phoneWidths, type Visitor } from './browser'
import { signInOnPhone } from './people'
import { describeWith } from './requirements'
import { openShop, type Shop } from './shop'
import { stepsOf } from './steps'
import { openPage, problemsBeside, runJob, sellTo } from './till'

const memberPhone = '13911112207'
const candle = { productId: 'candle-1', name: '山茶香薰蜡烛', category: '香氛', quantity: 1, unitFen: 12_800 }

describeWith(['chromium', 'h5'], 'What is the member’s own', () => {
  let browser: Browser
  let shop: Shop
  let member: Visitor
  beforeAll(async () => {
    browser = await openBrowser()
    shop = await openShop('sqlite')
    member = await openPhone(browser, shop.server)
    await signInOnPhone(member, memberPhone)
    await member.expects('青叶会员')
    await sellTo(shop, memberPhone, 12_800, { lines: [candle] })
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.server.stop()
  })
  const step = stepsOf('privacy', () => [member])
  const look = async (name: string): Promise<void> => {
    await member.fits(phoneWidths)
    await member.picture(`privacy-${name}`)
  }
  const turnedOn = (label: RegExp): Promise<string | null> =>
    member.page.getByRole('switch', { name: label }).filter({ visible: true }).last().getAttribute('aria-checked')
  const turn = (label: RegExp): Promise<void> =>
    member.page.getByRole('switch', { name: label }).filter({ visible: true }).last().click()

  step('personal recommendations can be switched off, and then are off on the server', async () => {
    await openPage(member, 'packages/privacy/index')
    await member.expects('你的信息由你决定')
    await look('centre')
    expect(await turnedOn(/^个性化推荐/)).toBe('true')
    await turn(/^个性化推荐/)
    await member.expects('已关闭，推荐不再参考你的消费')
    await openPage(member, 'packages/privacy/ledger')
    await member.expects('撤回')
    await look('ledger')
    const [{ personalised }] = await shop.server.deps.db.read<{ personalised: number }>(
      'SELECT personalised FROM member WHERE phoneHash IS NOT NULL',
    )
    expect(personalised).toBe(0)
  })

  step('a copy of everything is made by the job, told in the inbox and fetched once', async () => {
    await openPage(member, 'packages/privacy/export')
    await member.tap('申请导出')
    await member.expects('正在整理，好了会发消息')
    await runJob(shop.server, 'privacy.exports')
    await openPage(member, 'packages/inbox/index')
    await member.expects(/^\d+ 条未读$/)
    await look('inbox')
    await member.tap('数据导出已备好')
    await member.expects('已备好，可以下载')
    await member.expects('消费明细')
    await look('export')
    const download = member.page.waitForEvent('download')
    await member.tap('下载数据文件')
    const copy = JSON.parse(await readFile(await (await download).path(), 'utf8')) as {
      data: { table: string; rows: Record<string, unknown>[] }[]
    }
    const of = (table: string) => copy.data.find((one) => one.table === table)?.rows ?? []
    expect(of('member')[0]).toMatchObject({ phone: memberPhone })
    expect(of('purchase_line').map((line) => line.name)).toEqual(['山茶香薰蜡烛'])
    await openPage(member, 'packages/privacy/export')
    await member.expects('已下载')
    await openPage(member, 'packages/inbox/index')
    await member.expects('数据导出已备好')
    expect(await member.page.getByLabel('未读').count()).toBe(0)
  })

  step('leaving has days to think, in which it can be taken back', async () => {
    await openPage(member, 'packages/privacy/cancel')
    await member.expects('注销意味着')
    await look('cancel')
    await member.sees('申请注销').dispatchEvent('click')
    expect(await member.page.getByText('申请注销账户？').count()).toBe(0)
    await member.press('我已了解注销的后果')
    await member.tap('申请注销')
    await member.expects('申请注销账户？')
    await member.tap('申请注销')
    await member.expects('冷静期中')
    await look('cooling')
    await member.tap('撤回注销申请')
    await member.expects('已撤回，一切照旧')
    shop.server.clock.advance(9 * DAY_MS)
    await runJob(shop.server, 'privacy.cancellations')
    await openPage(member, 'pages/home/index')
    await member.expects('青叶会员')
  })

  step('asked again and not taken back, the account goes after its days', async () => {
    await openPage(member, 'packages/privacy/cancel')
    await member.press('我已了解注销的后果')
    await member.tap('申请注销')
    await member.tap('申请注销')
    await member.expects('冷静期中')
    shop.server.clock.advance(9 * DAY_MS)
    await runJob(shop.server, 'privacy.cancellations')
    const [{ left }] = await shop.server.deps.db.read<{ left: number }>(
      'SELECT COUNT(*) AS left FROM member WHERE phoneHash IS NOT NULL',
    )
    expect(Number(left)).toBe(0)
    await openPage(member, 'pages/home/index')
    await member.expects('欢迎来到拾光生活馆')
    await look('gone')
    expect(problemsBeside(member, [/401|403/])).toEqual([])
  })
})
