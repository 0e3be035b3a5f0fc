import type { Browser } from 'playwright-core'
import { openBrowser, openPhone, phoneWidths, type Visitor } from './browser'
import { signInOnPhone, typeAmount } from './people'
import { describeWith } from './requirements'
import { openShop, type Shop } from './shop'
import { stepsOf } from './steps'
import { openPage, problemsBeside } from './till'

const memberPhone = '13911112208'

describeWith(['chromium', 'h5'], 'A shift at the counter', () => {
  let browser: Browser
  let shop: Shop
  let staff: Visitor
  let member: Visitor
  beforeAll(async () => {
    browser = await openBrowser()
    shop = await openShop('sqlite')
    staff = await openPhone(browser, shop.server)
    member = await openPhone(browser, shop.server)
    await signInOnPhone(member, memberPhone)
    await member.expects('青叶会员')
    await signInOnPhone(staff, shop.cashierPhone)
    await staff.expects('青叶会员')
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.server.stop()
  })
  const step = stepsOf('shift', () => [staff, member])
  const look = async (name: string, visitor = staff): Promise<void> => {
    await visitor.fits(phoneWidths)
    await visitor.picture(`shift-${name}`)
  }
  const find = async (): Promise<void> => {
    await openPage(staff, 'packages/staff/index')
    await staff.fill('会员码或手机号', memberPhone)
    await staff.tap('查找')
    await staff.expects('往来记录')
  }
  const addLine = async (name: string, price: string, quantity: string): Promise<void> => {
    await staff.fill('商品', name)
    await staff.fill('单价', price)
    await staff.fill('数量', quantity)
    await staff.tap('加这一行')
  }
  /** What stands beside a name in the totals. */
  const total = (name: string): Promise<string> =>
    staff.page
      .locator('.shift__line')
      .filter({ hasText: new RegExp(`^${name}`) })
      .filter({ visible: true })
      .innerText()

  step('a shift begins with what is in the drawer', async () => {
    await openPage(staff, 'packages/staff/index')
    await staff.tap('交班')
    await staff.expects('还没有开班')
    await staff.fill('备用金', '200')
    await look('open')
    await staff.tap('开班')
    await staff.expects('这一班')
    await staff.expects('应有现金')
  })

  step('a purchase with lines, paid in cash', async () => {
    await find()
    await staff.tap('现金')
    await staff.tap('加明细')
    await addLine('陶瓷手冲杯', '84', '2')
    await addLine('山茶香薰蜡烛', '128', '1')
    await look('lines')
    await staff.tap('合计 ¥296.00')
    await staff.press('确认¥296.00')
    await staff.expects('收款成功')
    await look('result')
  })

  step('one of two cups comes back: the member sees what was given back and what it took', async () => {
    await openPage(staff, 'packages/staff/index')
    await staff.tap('消费与退款')
    await staff.tap('已结清')
    await staff.tap('按商品')
    await staff.press('加一件')
    await staff.press('减一件')
    await staff.page.getByLabel('加一件').first().click()
    await staff.tap('商品有问题')
    await look('refund')
    await staff.sees('退款').click()
    await staff.expects('确认退款？')
    await staff.expects(/^退 1 件商品。/)
    await staff.sees('退款').click()
    await staff.expects('已退 ¥84.00，收回 84 积分')
    await staff.expects('部分退款')
    await openPage(member, 'packages/profile/purchases')
    await member.expects('已退 ¥84.00')
    await member.tap('陶瓷手冲杯')
    await member.expects('已退 1 件')
    await member.expects('共 ¥84.00')
    await member.expects(/商品有问题，收回 84 积分/)
    await look('order', member)
  })

  step('a second purchase, by WeChat, is undone within its minute', async () => {
    await find()
    await staff.tap('微信')
    await typeAmount(staff, '50')
    await staff.press('确认¥50.00')
    await staff.tap(/^撤销这一笔/)
    await staff.tap('撤销')
    await staff.expects('已撤销')
  })

  step('at the end everything is added up, the cash is counted and a word is left', async () => {
    await openPage(staff, 'packages/staff/shift')
    await staff.expects('这一班')
    expect(await total('现金')).toMatch(/1 笔，¥296\.00，退 ¥84\.00/)
    expect(await total('微信')).toMatch(/1 笔，¥50\.00，退 ¥50\.00/)
    expect(await total('退款')).toMatch(/2 笔，¥134\.00/)
    expect(await total('应有现金')).toMatch(/¥412\.00/)
    await staff.fill('清点现金', '410')
    await staff.expects('少 ¥2.00')
    await staff.fill('清点现金', '412')
    await staff.expects('一分不差')
    await staff.fill('交接话', '香薰蜡烛只剩两支')
    await look('close')
    await staff.sees('交班').click()
    await staff.expects('交班？')
    await staff.sees('交班').click()
    await staff.expects('还没有开班')
  })

  step('whoever comes next reads it', async () => {
    await openPage(staff, 'packages/staff/shift')
    await staff.expects('香薰蜡烛只剩两支')
    await staff.expects('交下现金 ¥412.00')
    await staff.expects(/2 笔/)
    await look('next')
    for (const one of [staff, member]) expect(problemsBeside(one, [])).toEqual([])
  })
})
