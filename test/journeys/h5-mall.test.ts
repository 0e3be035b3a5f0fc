import type { Browser } from 'playwright-core'
import { stockReward } from './app-people'
import { openBrowser, openPhone, phoneWidths, type Visitor } from './browser'
import { openTab, signInOnPhone } from './people'
import { describeWith } from './requirements'
import { openShop, type Shop } from './shop'
import { stepsOf } from './steps'
import { openPage, problemsBeside, sellTo } from './till'

const memberPhone = '13911112201'

describeWith(['chromium', 'h5'], 'The rewards mall on two phones', () => {
  let browser: Browser
  let shop: Shop
  let member: Visitor
  let staff: Visitor
  let code = ''
  beforeAll(async () => {
    browser = await openBrowser()
    shop = await openShop('sqlite')
    await stockReward(shop)
    await stockReward(shop, { name: '手冲壶礼盒', subtitle: '含一包咖啡豆', points: 500, cashFen: 990 })
    member = await openPhone(browser, shop.server)
    staff = await openPhone(browser, shop.server)
    await signInOnPhone(member, memberPhone)
    await member.expects('青叶会员')
    await sellTo(shop, memberPhone, 200_000)
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.server.stop()
  })
  const step = stepsOf('mall', () => [member, staff])
  const look = async (visitor: Visitor, name: string): Promise<void> => {
    await visitor.fits(phoneWidths)
    await visitor.picture(`mall-${name}`)
  }
  const codeOnPage = async (): Promise<string> =>
    (await member.sees(/^66\d{2} \d{4} \d{4}$/).innerText()).replace(/\D/g, '')
  const balance = async (): Promise<number> => {
    const token = await member.page.evaluate(() => JSON.parse(localStorage.getItem('session.member') ?? '{}').data)
    const { body } = await shop.server.call('GET /me/points', {}, { as: token.accessToken })
    return body.account.balance
  }
  const redeem = async (name: string): Promise<void> => {
    await openPage(member, 'packages/mall/index')
    await member.tap(name)
    await member.tap('立即兑换')
    await member.tap(/^确认兑换(，再付|$)/)
  }

  step('points buy a reward that waits in the shop under a code of twelve digits', async () => {
    const before = await balance()
    await openTab(member, '礼遇')
    await member.expects('亚麻隔热垫')
    await member.tap('看全部礼品')
    await look(member, 'shelf')
    await member.tap('亚麻隔热垫')
    await member.expects('每人限兑')
    await look(member, 'reward')
    await member.tap('立即兑换')
    await member.expects(/扣 300 积分，兑后剩/)
    await look(member, 'confirm')
    await member.sees('确认兑换').last().click()
    await member.expects('取货门店')
    code = await codeOnPage()
    expect(code).toMatch(/^66\d{10}$/)
    expect(await balance()).toBe(before - 300)
    await look(member, 'pass')
  })

  step('the cashier finds it by the code and hands it over once', async () => {
    await signInOnPhone(staff, shop.cashierPhone)
    await staff.expects('青叶会员')
    await openPage(staff, 'packages/staff/index')
    await staff.tap('礼品发放')
    await staff.fill('取货码', code)
    await staff.tap('查')
    await staff.expects('亚麻隔热垫')
    await look(staff, 'found')
    await staff.sees('发出').click()
    await staff.expects('发出这件礼品？')
    await staff.sees('发出').click()
    await staff.expects('已发出')
    await openPage(member, 'packages/mall/orders')
    await member.tap('亚麻隔热垫')
    await member.expects('门店已发出')
    expect(await member.page.getByText(/^66\d{2} \d{4} \d{4}$/).count()).toBe(0)
  })

  step('within a minute it can be taken back, and then the same code counts again', async () => {
    await staff.tap(/^撤销（\d+ 秒）$/)
    await staff.expects('已撤销，礼品收回')
    await openPage(member, 'packages/mall/orders')
    await member.tap('亚麻隔热垫')
    expect(await codeOnPage()).toBe(code)
    await staff.sees('发出').click()
    await staff.sees('发出').click()
    await staff.expects(/^撤销（\d+ 秒）$/)
  })

  step('a code that was used opens nothing', async () => {
    shop.server.clock.advance(61_000)
    await openPage(staff, 'packages/staff/pickups')
    await staff.fill('取货码', code)
    await staff.tap('查')
    await staff.expects(/已(领取|发出|使用|取走)|不能/)
    await look(staff, 'used')
    expect(await staff.page.getByText('发出', { exact: true }).count()).toBe(0)
  })

  step('points plus money: nothing is had before it is paid, and the payment stand-in pays', async () => {
    await redeem('手冲壶礼盒')
    await member.expects('付款 ¥9.90')
    await look(member, 'unpaid')
    expect(await member.page.getByText(/^66\d{2} \d{4} \d{4}$/).count()).toBe(0)
    await member.tap('付款 ¥9.90')
    await member.expects('演示付款')
    await member.tap('付款')
    await member.expects('取货门店')
    expect(await codeOnPage()).not.toBe(code)
    await look(member, 'paid')
  })

  step('who does not pay can take it back and has the points again', async () => {
    const before = await balance()
    await redeem('手冲壶礼盒')
    await member.tap('付款 ¥9.90')
    await member.tap('再想想')
    expect(await balance()).toBe(before - 500)
    await member.tap('取消兑换')
    await member.expects('取消这次兑换？')
    await member.tap('取消兑换')
    await member.expects('已取消，退回 500 积分')
    expect(await balance()).toBe(before)
  })

  step('nothing went wrong beside the code that was used', () => {
    expect(problemsBeside(member, [])).toEqual([])
    expect(problemsBeside(staff, [/40\d|409/])).toEqual([])
    return Promise.resolve()
  })
})
