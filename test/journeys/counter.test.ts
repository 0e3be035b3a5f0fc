import type { Browser } from 'playwright-core'
import { describeEachDatabase } from '../support/databases'
import { openBrowser, openPhone, phoneWidths, type Visitor } from './browser'
import { openTab, readCode, refreshCode, signInOnPhone, typeAmount } from './people'
import { describeWith } from './requirements'
import { openShop, type Shop } from './shop'
import { stepsOf } from './steps'

const memberPhone = '13911112222'

describeWith(['chromium', 'h5'], 'A member and a cashier', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())

  describeEachDatabase('Counter journey', (database) => {
    let shop: Shop
    let member: Visitor
    let staff: Visitor
    let firstCode = ''
    beforeAll(async () => {
      shop = await openShop(database)
      member = await openPhone(browser, shop.server)
      staff = await openPhone(browser, shop.server)
    })
    afterAll(async () => {
      await member?.page.context().close()
      await staff?.page.context().close()
      await shop?.server.stop()
    })
    const step = stepsOf(`counter-${database}`, () => [member, staff])
    const look = async (visitor: Visitor, name: string): Promise<void> => {
      await visitor.fits(phoneWidths)
      await visitor.picture(`${database}-${name}`)
    }
    const expectStanding = async (points: string, gap: string): Promise<void> => {
      await openTab(member, '会员码')
      await openTab(member, '首页')
      await member.expects(new RegExp(`再得\\s*${gap}\\s*成长值`))
      const assets = member.page.locator('.assets__cell').filter({ visible: true }).first()
      await expect(assets.innerText()).resolves.toMatch(new RegExp(`^积分\\s+${points}\\s`))
    }

    step('a visitor looks around, joins with a phone and sees the card', async () => {
      await member.page.goto('/m/')
      await member.expects('欢迎来到拾光生活馆')
      await look(member, 'visitor')
      await signInOnPhone(member, memberPhone)
      await member.expects('青叶会员')
      await member.expects(/^No\. \d{8}$/)
      await member.expects(/再得\s*500\s*成长值/)
      await look(member, 'home-new')
    })

    step('the member claims a coupon in the claim centre', async () => {
      await openTab(member, '礼遇')
      await member.expects('家居香氛满减券')
      await look(member, 'rewards')
      await member.tap('领取')
      await member.expects('领到了，已放进卡券')
      await member.expects('去使用')
      await openTab(member, '卡券')
      await member.expects('家居香氛满减券')
      await member.expects('可用 1')
      await look(member, 'coupons')
    })

    step('the cashier signs in on another phone and reaches the counter', async () => {
      await signInOnPhone(staff, shop.cashierPhone)
      await staff.expects('青叶会员')
      await openTab(staff, '我的')
      await look(staff, 'me-staff')
      await staff.tap('核销台')
      await staff.expects(/静安寺店，店员/)
      await look(staff, 'desk')
    })

    step('the typed code opens the counter; the purchase takes the coupon and moves points and tier', async () => {
      await openTab(member, '会员码')
      firstCode = await readCode(member)
      expect(firstCode).toMatch(/^88\d{16}$/)
      await look(member, 'code')
      await staff.fill('会员码或手机号', firstCode)
      await staff.tap('查找')
      await staff.expects('先兑这些')
      await typeAmount(staff, '268')
      await staff.expects('已选最省的')
      await staff.expects('¥238.00')
      await look(staff, 'till')
      await staff.press('确认¥238.00')
      await staff.expects('收款成功')
      await staff.expects('+238')
      await staff.expects('还差 262 成长值')
      await look(staff, 'result')

      await expectStanding('238', '262')
      await look(member, 'home-after-purchase')
      await openTab(member, '卡券')
      await member.expects('现在没有可用的券')
      await member.tap('已使用')
      await member.expects('省了 ¥30.00')
      await look(member, 'coupons-used')
    })

    step('undoing it within the minute takes everything back', async () => {
      await staff.tap(/^撤销这一笔/)
      await staff.expects('撤销这笔消费？')
      await staff.tap('撤销')
      await staff.expects('已撤销')
      await look(staff, 'undone')
      await expectStanding('0', '500')
      await openTab(member, '卡券')
      await member.tap(/^可用/)
      await member.expects('家居香氛满减券')
    })

    step('the code that was used does not open the counter again', async () => {
      await staff.tap('下一位会员')
      await staff.fill('会员码或手机号', firstCode)
      await staff.tap('查找')
      await staff.expects(/会员码已被使用/)
      await look(staff, 'code-used')
      // The browser itself reports every refusal.
      const refusals = staff.problems.splice(0)
      expect(refusals).toHaveLength(2)
      for (const refusal of refusals) expect(refusal).toContain('409')
    })

    step('an exchange coupon is handed over at the next scan', async () => {
      await shop.publish({
        name: '手冲咖啡兑换券',
        description: '到店兑换',
        rule: { kind: 'exchange', item: '手冲咖啡 1 杯', validity: { kind: 'relative', days: 60 } },
        issue: { stock: 10, perMember: 1 },
      })
      await openTab(member, '礼遇')
      await member.expects('手冲咖啡兑换券')
      await member.tap('领取')
      await member.expects('领到了，已放进卡券')
      // The first code is spent; the next one comes with the next step of the clock.
      shop.server.clock.advance(60_000)
      await openTab(member, '会员码')
      const code = await refreshCode(member)
      await staff.fill('会员码或手机号', code)
      await staff.tap('查找')
      await staff.expects('手冲咖啡兑换券')
      await look(staff, 'till-exchange')
      await staff.tap('核销')
      await staff.expects('核销这张兑换券？')
      await staff.tap('核销')
      await staff.expects('已核销：手冲咖啡兑换券')
      await openTab(member, '卡券')
      await member.tap('已使用')
      await member.expects('手冲咖啡兑换券')
    })

    step('a later purchase is refunded whole from the list', async () => {
      await typeAmount(staff, '600.50')
      await staff.press('确认¥570.50')
      await staff.expects('收款成功')
      await staff.expects(/升级为银叶会员/)
      // The server's clock moved on by a minute and this phone's did not: what is left is told by the server's.
      await staff.expects(/^撤销这一笔（(60|5\d) 秒内）/)
      await look(staff, 'result-upgraded')
      await openTab(member, '首页')
      await member.expects('银叶会员')
      await look(member, 'home-silver')

      await staff.tap('下一位会员')
      await staff.tap('消费与退款')
      await look(staff, 'refunds')
      await staff.tap('已结清')
      await staff.expects('全部退')
      await look(staff, 'refund-sheet')
      await staff.tap('退 ¥570.50')
      await staff.expects('确认退款？')
      await staff.tap('退款')
      await staff.expects(/已退 ¥570\.50，收回 570 积分/)
      await expectStanding('0', '500')
      await member.expects('青叶会员')
      await openTab(member, '我的')
      await member.tap('订单与退款')
      await member.expects('已退款')
      await look(member, 'purchases')
    })

    step('nothing went wrong on either page', async () => {
      expect(member.problems).toEqual([])
      expect(staff.problems).toEqual([])
    })
  })
})
