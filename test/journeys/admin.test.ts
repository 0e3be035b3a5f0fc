import type { Browser } from 'playwright-core'
import { signInByPhone, testPassword } from '../support/people'
import { deskWidths, openBrowser, openDesk, openPhone, phoneWidths, type Visitor } from './browser'
import { openTab, signInOnPhone } from './people'
import { describeWith } from './requirements'
import { openShop, type Shop } from './shop'
import { stepsOf } from './steps'

const memberPhone = '13911113333'

describeWith(['chromium', 'h5', 'admin'], 'An operator and a member', () => {
  let browser: Browser
  let shop: Shop
  let desk: Visitor
  let member: Visitor

  /** A member who bought once with a coupon, so that the admin page has something to tell. */
  const shopOnce = async (): Promise<void> => {
    const { server, storeId } = shop
    const known = await signInByPhone(server, memberPhone)
    const claimable = await server.call('GET /me/coupons/claimable', {}, { as: known.token })
    const { templateId } = claimable.body.items[0]
    const { couponId } = (await server.call('POST /me/coupons', { templateId }, { as: known.token })).body
    const [{ code }] = (await server.call('GET /me/code', {}, { as: known.token })).body.codes
    const { scanId } = (await server.call('POST /staff/scans', { storeId, code }, { as: shop.cashier })).body
    const bought = await server.call(
      'POST /staff/purchases',
      { scanId, amountFen: 26_800, couponIds: [couponId] },
      { as: shop.cashier },
    )
    expect(bought.status).toBe(200)
    // The member signs in again on another phone, and a second text to one number waits a minute.
    server.clock.advance(60_000)
  }
  const look = async (name: string): Promise<void> => {
    await desk.fits(deskWidths)
    await desk.picture(`admin-${name}`)
  }
  const menu = (title: string): Promise<void> =>
    desk.page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name: title, exact: true }).click()
  const dialog = () => desk.page.getByRole('dialog').filter({ visible: true })

  beforeAll(async () => {
    browser = await openBrowser()
    shop = await openShop('sqlite')
    await shopOnce()
    desk = await openDesk(browser, shop.server)
    member = await openPhone(browser, shop.server)
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.server.stop()
  })
  const step = stepsOf('admin', () => [desk, member])

  step('the owner signs in and sees today', async () => {
    await desk.page.goto('/admin/')
    await desk.expects('登录管理后台')
    await look('login')
    await desk.fill('登录名', shop.ownerName)
    await desk.fill('密码', testPassword)
    await desk.page.getByRole('button', { name: '登录', exact: true }).click()
    await desk.page.getByRole('heading', { name: '今天', exact: true }).waitFor()
    await desk.expects('¥238')
    await look('overview')
  })

  step('a coupon is made in the form and published', async () => {
    await menu('优惠券')
    await desk.expects('家居香氛满减券')
    await look('coupons')
    await desk.page.getByRole('button', { name: '新建优惠券' }).first().click()
    await desk.fill('券名称', '冬日暖饮满减券')
    await desk.fill('使用说明', '热饮可用')
    await desk.fill('立减', '15')
    await desk.fill('消费满', '88')
    await desk.fill('发行总量', '50')
    await desk.expects(/满 ?¥?88/)
    await look('coupon-form')
    await desk.page.getByRole('button', { name: '发布', exact: true }).click()
    await dialog().getByText('最多发 50 张，合计最多优惠 ¥750。').waitFor()
    await desk.picture('admin-coupon-publish')
    await dialog().getByRole('button', { name: '发布', exact: true }).click()
    await desk.expects('冬日暖饮满减券：正在发放')
    await desk.expects('发放中')
    await look('coupon-show')
  })

  step('the member finds it in the claim centre and takes it', async () => {
    await signInOnPhone(member, memberPhone)
    await member.expects('青叶会员')
    await openTab(member, '礼遇')
    await member.expects('冬日暖饮满减券')
    await member.expects('满 88 可用')
    await member.fits(phoneWidths)
    await member.picture('admin-member-rewards')
    await member.tap('领取')
    await member.expects('领到了，已放进卡券')
    await desk.page.reload()
    await desk.expects('库存剩 49')
    await look('coupon-issued')
  })

  step('the member page tells what happened', async () => {
    await menu('会员')
    await desk.page.getByPlaceholder('姓名、卡号，或完整的 11 位手机号').fill(memberPhone)
    await desk.expects(/1 位符合条件/)
    await look('members')
    await desk.page.getByText('139****3333').first().click()
    await desk.page.getByRole('heading', { name: '时间线', exact: true }).waitFor()
    const story = desk.page.locator('.timeline')
    await story.waitFor()
    const told = await story.innerText()
    for (const word of ['今天', '入会', '冬日暖饮满减券', '家居香氛满减券', '+238 分', '静安寺店'])
      expect(told).toContain(word)
    await look('member')
    for (const [tab, word] of [
      ['消费', '¥238.00'],
      ['积分流水', '+238'],
      ['券', '冬日暖饮满减券'],
    ]) {
      await desk.page.locator('.story .ant-segmented').getByText(tab, { exact: true }).click()
      await desk.page.locator('.story').getByText(word).first().waitFor()
    }
  })

  step('the full phone number needs a reason, and the audit keeps it', async () => {
    expect(await desk.text()).not.toContain(memberPhone)
    await desk.tap('查看手机号')
    await dialog().getByRole('button', { name: '查看', exact: true }).click()
    await desk.expects('请写明原因')
    expect(await desk.text()).not.toContain(memberPhone)
    await dialog().getByLabel('为什么要看').fill('核对快递地址')
    await desk.picture('admin-reveal')
    await dialog().getByRole('button', { name: '查看', exact: true }).click()
    await desk.expects(memberPhone)
    await menu('审计')
    await desk.expects(/核对快递地址/)
    const rows = desk.page.locator('tbody tr.ant-table-row')
    expect(await rows.count()).toBeGreaterThan(1)
    await desk.page.getByRole('combobox', { name: '按动作筛选' }).fill('手机号')
    await desk.page.locator('.ant-select-item-option').filter({ hasText: '手机号' }).first().click()
    await rows.nth(1).waitFor({ state: 'detached' })
    await desk.expects(/核对快递地址/)
    await look('audits')
  })

  step('a job runs when asked and its run is listed', async () => {
    await menu('任务')
    const row = desk.page.locator('tbody tr').filter({ hasText: '等级复核' })
    await row.getByText('还没运行过').waitFor()
    await look('jobs')
    await row.getByRole('button', { name: '现在运行' }).click()
    await dialog().getByRole('button', { name: '现在运行' }).click()
    await desk.expects(/“等级复核”运行完/)
    await row.getByText('完成', { exact: true }).waitFor()
    await row.getByText('等级复核').click()
    await desk.expects('等级复核的运行记录')
    await desk.expects(/^手动运行，准时/)
    await look('job-runs')
  })

  step('the other pages open', async () => {
    await desk.page.keyboard.press('Escape')
    for (const [title, word] of [
      ['等级与权益', '银叶会员'],
      ['门店', '静安寺店'],
      ['店员与账号', shop.ownerName],
    ] as const) {
      await menu(title)
      await desk.expects(new RegExp(word))
      await look(title)
    }
  })

  step('nothing went wrong on either page', async () => {
    expect(desk.problems).toEqual([])
    expect(member.problems).toEqual([])
  })
})
