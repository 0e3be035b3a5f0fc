import { join } from 'node:path'
import { testPassword } from '../support/people'
import { stockReward } from './app-people'
import { type MiniPhone, openMiniPhone } from './mini-phone'
import { describeWith, distRoot } from './requirements'
import { openShop, type Shop } from './shop'
import { sellTo } from './till'

const dist = join(distRoot, 'weapp')
/** Lin's number in the sandbox. */
const phoneOfLin = '13800000001'

describeWith(['weapp'], 'Rewards, check-in and a bad network in the compiled mini-program', () => {
  let shop: Shop
  let phone: MiniPhone
  let staff: MiniPhone
  let pickup = ''

  beforeAll(async () => {
    shop = await openShop('sqlite')
    await stockReward(shop)
    phone = openMiniPhone(dist, shop.server, 'lin')
    staff = openMiniPhone(dist, shop.server, 'sun')
    phone.app.boot()
    staff.app.boot()
  })
  afterAll(async () => {
    // Leaving the page in front and then the app stops every timer that would keep this process alive.
    for (const one of [phone, staff]) await one?.leave()
    await shop?.server.stop()
  })
  const balance = async (): Promise<number> =>
    (await shop.server.call('GET /me/points', {}, { as: phone.token('member') })).body.account.balance
  const paid = async (): Promise<number[]> => {
    const { body } = await shop.server.call('GET /staff/purchases', { storeId: shop.storeId }, { as: shop.cashier })
    return body.items.map((one) => one.paidFen).sort((a, b) => a - b)
  }

  test('joins, and the staff sign in on another phone', async () => {
    phone.app.open('packages/login/index')
    await phone.tapClass('consent')
    await phone.tap('微信一键登录')
    await phone.says('绑定后，店员输入手机号也能找到你')
    await phone.pressPhoneButton()
    await phone.says('青叶会员')
    await sellTo(shop, phoneOfLin, 100_000)
    staff.app.open('packages/staff/index')
    await staff.type('登录名', shop.cashierName)
    await staff.type('密码', testPassword)
    await staff.tap('登录')
    await staff.says('扫会员码')
  })

  test('checks in once a day', async () => {
    const before = await balance()
    phone.app.open('packages/checkin/index')
    await phone.says('今天签到得 2 积分')
    await phone.tap('签到')
    await phone.says('今天已签')
    expect(await balance()).toBe(before + 2)
  })

  test('redeems points for a reward and holds its code', async () => {
    const before = await balance()
    phone.app.wx.switchTab?.({ url: '/pages/rewards/index' })
    await phone.tap('看全部礼品')
    await phone.tap('亚麻隔热垫')
    await phone.tap('立即兑换')
    await phone.tap('确认兑换')
    pickup = (await phone.says(/66\d{2} \d{4} \d{4}/)).replace(/ /g, '')
    expect(await balance()).toBe(before - 300)
  })

  test('the staff scan the code, hand the reward over and take it back', async () => {
    staff.scans(pickup)
    await staff.tap('扫会员码')
    await staff.says('礼品发放')
    await staff.tap('查')
    await staff.tap('发出')
    await staff.says(/撤销（\d+ 秒）/)
    phone.app.wx.reLaunch?.({ url: '/packages/mall/orders' })
    await phone.tap('亚麻隔热垫')
    await phone.says('门店已发出')
    await staff.tap(/^撤销（\d+ 秒）$/)
    await staff.says('发出')
    phone.app.wx.reLaunch?.({ url: '/packages/mall/orders' })
    await phone.tap('亚麻隔热垫')
    await phone.says(/66\d{2} \d{4} \d{4}/)
  })

  test('without a network the member still holds codes, marked as such, and the staff note purchases', async () => {
    phone.app.wx.reLaunch?.({ url: '/pages/code/index' })
    await phone.code()
    phone.goesOffline(true)
    phone.app.wx.reLaunch?.({ url: '/pages/code/index' })
    await phone.says(/网络不给力，已取的码 \d\d:\d\d 前可用|离线码/)
    const shown = (await phone.code()).replace(/ /g, '')

    staff.goesOffline(true)
    staff.app.wx.reLaunch?.({ url: '/packages/staff/index' })
    const note = async (who: string, keys: string): Promise<void> => {
      await staff.type('会员码或手机号', who)
      await staff.tap('查找')
      await staff.says('断网时不能用券')
      for (const key of keys) await staff.tap(key)
      await staff.tap(`确认¥${keys}.00`)
      await staff.says('等待上传')
    }
    await note(shown, '36')
    await note(phoneOfLin, '58')
    await note('13911119999', '12')
    await staff.says('3 笔等待上传')
    expect(await paid()).toEqual([100_000])
  })

  test('what was noted goes up when the network is back, with a report of what could not be settled', async () => {
    phone.goesOffline(false)
    staff.goesOffline(false)
    await staff.says('1 笔没有入账')
    expect(await paid()).toEqual([3_600, 5_800, 100_000])
    await staff.tap('1 笔没有入账')
    await staff.says('没有等待上传的')
    await staff.says('¥12.00，手机尾号 9999')
    const open = await shop.server.call(
      'GET /staff/offline-conflicts',
      { storeId: shop.storeId, state: 'open' },
      { as: shop.cashier },
    )
    expect(open.body.items.map((one) => one.amountFen)).toEqual([1_200])
    await staff.tap('知道了')
    expect(staff.app.text()).not.toContain('知道了')
    expect(await paid()).toHaveLength(3)
  })

  test('wrote no error', () => {
    expect(phone.errors).toEqual([])
    expect(staff.errors).toEqual([])
  })
})
