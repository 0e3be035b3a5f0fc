import type { Browser } from 'playwright-core'
import { openBrowser, openPhone, phoneWidths, type Visitor } from './browser'
import { signInOnPhone, typeAmount } from './people'
import { describeWith } from './requirements'
import { openShop, type Shop } from './shop'
import { stepsOf } from './steps'
import { openPage, problemsBeside, sellTo } from './till'

const memberPhone = '13911112209'
const strangerPhone = '13911119999'

describeWith(['chromium', 'h5'], 'The counter without a network', () => {
  let browser: Browser
  let shop: Shop
  let staff: Visitor
  let member: Visitor
  beforeAll(async () => {
    browser = await openBrowser()
    shop = await openShop('sqlite')
    member = await openPhone(browser, shop.server)
    staff = await openPhone(browser, shop.server)
    await signInOnPhone(member, memberPhone)
    await member.expects('青叶会员')
    await signInOnPhone(staff, shop.cashierPhone)
    await staff.expects('青叶会员')
    await sellTo(shop, memberPhone, 8_800, { payKind: 'cash' })
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.server.stop()
  })
  const step = stepsOf('offline', () => [staff, member])
  const look = async (name: string): Promise<void> => {
    await staff.fits(phoneWidths)
    await staff.picture(`offline-${name}`)
  }
  const note = async (phone: string, amount: string): Promise<void> => {
    await staff.fill('会员码或手机号', phone)
    await staff.tap('查找')
    await staff.expects('网络不给力，先把这一笔记下来；断网时不能用券')
    await typeAmount(staff, amount)
    await staff.press(/^确认¥/)
    await staff.expects('扫会员码').catch(() => staff.expects('礼品发放'))
  }
  const purchases = async (): Promise<number[]> => {
    const { body } = await shop.server.call('GET /staff/purchases', { storeId: shop.storeId }, { as: shop.cashier })
    return body.items.map((one) => one.paidFen).sort((a, b) => a - b)
  }

  step('purchases are noted while the network is gone', async () => {
    await openPage(staff, 'packages/staff/index')
    await staff.expects('礼品发放')
    await staff.page.context().setOffline(true)
    await note(memberPhone, '36')
    // The same amount as the purchase a moment ago, and somebody who is no member.
    await note(memberPhone, '88')
    await note(strangerPhone, '12.5')
    await staff.expects('3 笔等待上传')
    await look('waiting')
    expect(await purchases()).toEqual([8_800])
  })

  step('when it is back they go up by themselves; what could not be settled says why', async () => {
    await staff.page.context().setOffline(false)
    await staff.expects('断网时的 1 笔已入账，2 笔要处理')
    expect(await purchases()).toEqual([3_600, 8_800])
    await staff.tap('2 笔没有入账')
    await staff.expects('没有等待上传的')
    await staff.expects(/已有一笔同样金额的消费/)
    await staff.expects(/^(没有|没找到|找不到).*会员/)
    await look('report')
    await openPage(member, 'packages/profile/purchases')
    await member.expects('¥36.00')
  })

  step('the one that really was another purchase is sent again, once', async () => {
    await staff.tap('是另一笔，再传')
    await staff.expects('上传 1 笔')
    await staff.tap('上传 1 笔')
    await staff.expects('入账 1 笔')
    expect(await purchases()).toEqual([3_600, 8_800, 8_800])
  })

  step('the shop closes what is left with a word', async () => {
    await staff.sees('知道了').click()
    await openPage(staff, 'packages/staff/offline')
    await staff.expects('本店待处理')
    await staff.tap(/¥12\.50/)
    await staff.fill('怎么处理的', '顾客已入会，补录好了')
    await look('resolve')
    await staff.tap('处理好了')
    await staff.expects('已记为处理好')
    await look('resolved')
    const open = await shop.server.call(
      'GET /staff/offline-conflicts',
      { storeId: shop.storeId, state: 'open' },
      { as: shop.cashier },
    )
    expect(open.body.items.map((one) => one.amountFen)).not.toContain(1_250)
    expect(problemsBeside(staff, [/ERR_INTERNET_DISCONNECTED/])).toEqual([])
    expect(problemsBeside(member, [])).toEqual([])
  })
})
