import { type Dirent, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { testPassword } from '../support/people'
import { type MiniPhone, openMiniPhone } from './mini-phone'
import { describeWith, distRoot } from './requirements'
import { openShop, type Shop } from './shop'

const dist = join(distRoot, 'weapp')
const kB = 1024

/** Bytes of the files below a folder. */
const weigh = (dir: string): number =>
  readdirSync(dir, { withFileTypes: true }).reduce((sum: number, entry: Dirent) => {
    const path = join(dir, entry.name)
    return sum + (entry.isDirectory() ? weigh(path) : statSync(path).size)
  }, 0)

describeWith(['weapp'], 'The compiled mini-program', () => {
  let shop: Shop
  let phone: MiniPhone
  let staff: MiniPhone

  beforeAll(async () => {
    shop = await openShop('sqlite')
    phone = openMiniPhone(dist, shop.server, 'lin')
    staff = openMiniPhone(dist, shop.server, 'sun')
  })
  afterAll(async () => {
    // Leaving the code page and then the app stops every timer that would keep this process alive.
    for (const one of [phone, staff]) {
      if (!one || one.app.stack.length === 0) continue
      one.app.wx.reLaunch?.({ url: '/pages/home/index' })
      await one.app.settle()
      one.app.hide()
      await one.app.settle()
    }
    await shop?.server.stop()
  })

  test('is small enough to start fast', () => {
    const whole = weigh(dist)
    const packages = weigh(join(dist, 'packages'))
    expect(whole - packages).toBeLessThanOrEqual(600 * kB)
    expect(whole).toBeLessThanOrEqual(1536 * kB)
  })

  test('boots, shows a visitor the shop and joins through WeChat with the phone button', async () => {
    phone.app.boot()
    phone.app.open('pages/home/index')
    await phone.says('欢迎来到拾光生活馆')
    await phone.tap('立即入会')
    await phone.says('微信一键登录')
    // Nobody joins without having agreed.
    await phone.tap('微信一键登录')
    expect(phone.app.storage['session.member']).toBeUndefined()
    await phone.tapClass('consent')
    await phone.tap('微信一键登录')
    await phone.says('绑定后，店员输入手机号也能找到你')
    await phone.pressPhoneButton()
    const me = await shop.server.call('GET /me', {}, { as: phone.token('member') })
    expect(me.body.phoneMasked).toBe('138****0001')
  })

  test("shows the member's name on the home page, within the budget of one setData", async () => {
    const named = await shop.server.call('PATCH /me', { name: '林晓雨' }, { as: phone.token('member') })
    expect(named.status).toBe(200)
    phone.app.wx.reLaunch?.({ url: '/pages/home/index' })
    await phone.says(/好，晓雨/)
    await phone.says('青叶会员')
    const first = phone.app.page().updates[0]
    expect(Buffer.byteLength(JSON.stringify(first))).toBeLessThanOrEqual(32 * kB)
  })

  test('claims a coupon', async () => {
    phone.app.wx.switchTab?.({ url: '/pages/rewards/index' })
    await phone.says('家居香氛满减券')
    await phone.tap('领取')
    await phone.says('去使用')
    phone.app.wx.switchTab?.({ url: '/pages/coupons/index' })
    await phone.says('可用 1')
    await phone.says('家居香氛满减券')
  })

  test('banks a credit when messages are accepted and none when they are refused', async () => {
    const credits = async (): Promise<number[]> =>
      (await shop.server.call('GET /me/subscriptions', {}, { as: phone.token('member') })).body.items.map(
        (t) => t.credits,
      )
    const none = await credits()
    expect(none.every((count) => count === 0)).toBe(true)
    phone.app.open('packages/inbox/index')
    await phone.says('在微信里提醒我一次')
    phone.answersSubscribe('reject')
    await phone.tap('开启')
    expect(await credits()).toEqual(none)
    // While the first answer is on its way to the server the button takes no second tap.
    for (let waitedMs = 0; waitedMs < 5000 && phone.app.byClass('busy').length > 0; waitedMs += 50)
      await phone.app.settle(50)
    phone.answersSubscribe('accept')
    await phone.tap('开启')
    // The answer is reported after the question has closed; a busy machine takes its time.
    for (let waitedMs = 0; waitedMs < 5000 && !(await credits()).some(Boolean); waitedMs += 50)
      await new Promise((done) => setTimeout(done, 50))
    expect((await credits()).slice(0, 3)).toEqual([1, 1, 1])
    expect(phone.app.calls.filter(({ api }) => api === 'requestSubscribeMessage')).toHaveLength(2)
  })

  test('shows a code of 18 digits beginning with 88 that changes after a minute', async () => {
    phone.app.wx.switchTab?.({ url: '/pages/code/index' })
    const first = await phone.code()
    await phone.says('亮度已调高')
    shop.server.clock.advance(60_000)
    const next = await phone.codeAfter(first)
    expect(next).toMatch(/^88/)
    expect(next).not.toBe(first)
    // What has gone by and was never scanned is still taken for one step, then no more.
    const scan = (code: string) =>
      shop.server.call(
        'POST /staff/scans',
        { storeId: shop.storeId, code: code.replace(/ /g, '') },
        { as: shop.cashier },
      )
    shop.server.clock.advance(120_000)
    await phone.codeAfter(next)
    expect((await scan(first)).error?.code).toBe('member_code_expired')
  })

  test('the staff scan the code, record the purchase with the coupon and undo it', async () => {
    const { server } = shop
    const claimedBefore = await server.call('GET /me/coupons', {}, { as: phone.token('member') })
    expect(claimedBefore.body.counts).toMatchObject({ usable: 1, used: 0 })

    staff.app.boot()
    staff.app.open('packages/staff/index')
    await staff.says('店员登录')
    await staff.type('登录名', shop.cashierName)
    await staff.type('密码', testPassword)
    await staff.tap('登录')
    await staff.says('扫会员码')
    // Closing the scanner is no error.
    staff.scans(null)
    await staff.tap('扫会员码')
    await staff.says('扫会员码')

    const known = await phone.code()
    await phone.tap('立即刷新')
    staff.scans((await phone.codeAfter(known)).replace(/ /g, ''))
    await staff.tap('扫会员码')
    await staff.says('先兑这些')
    for (const key of ['2', '6', '8']) await staff.tap(key)
    await staff.says('¥238.00')
    await staff.says('省 ¥30')
    await staff.tap('确认¥238.00')
    await staff.says('收款成功')
    await staff.says('+238')

    phone.app.wx.reLaunch?.({ url: '/pages/home/index' })
    await phone.says(/再得 ?262 ?成长值/)
    const after = await server.call('GET /me/coupons', {}, { as: phone.token('member') })
    expect(after.body.counts).toMatchObject({ usable: 0, used: 1 })

    await staff.tap('撤销这一笔（60 秒内）')
    await staff.says('已撤销')
    phone.app.wx.reLaunch?.({ url: '/pages/home/index' })
    await phone.says(/再得 ?500 ?成长值/)
    const undone = await server.call('GET /me/coupons', {}, { as: phone.token('member') })
    expect(undone.body.counts).toMatchObject({ usable: 1, used: 0 })
  })

  test('tells the server what was looked at when the app goes to the background', async () => {
    phone.app.hide()
    const seen = (): Promise<{ type: string; page: string }[]> =>
      shop.server.deps.db.read("SELECT type, page FROM interaction WHERE origin <> 'server'")
    for (let waitedMs = 0; waitedMs < 3000 && (await seen()).length === 0; waitedMs += 50)
      await new Promise((done) => setTimeout(done, 50))
    expect(await seen()).toEqual(
      expect.arrayContaining([
        { type: 'code_view', page: 'pages/code/index' },
        { type: 'page_view', page: 'pages/home/index' },
      ]),
    )
  })

  test('never sent more than 64 kB to a page at once and wrote no error', () => {
    for (const one of [phone, staff]) {
      expect(one.setDataBytes().length).toBeGreaterThan(10)
      expect(Math.max(...one.setDataBytes())).toBeLessThanOrEqual(64 * kB)
      expect(one.errors).toEqual([])
    }
  })
})
