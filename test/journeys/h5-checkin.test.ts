import type { Browser } from 'playwright-core'
import { DAY_MS } from '../../shared/time'
import { openBrowser, openPhone, phoneWidths, type Visitor } from './browser'
import { signInOnPhone } from './people'
import { describeWith } from './requirements'
import { openShop, type Shop } from './shop'
import { stepsOf } from './steps'
import { openPage, problemsBeside, sellTo } from './till'

const memberPhone = '13911112202'

describeWith(['chromium', 'h5'], 'Checking in', () => {
  let browser: Browser
  let shop: Shop
  let member: Visitor
  beforeAll(async () => {
    browser = await openBrowser()
    shop = await openShop('sqlite')
    member = await openPhone(browser, shop.server)
    await signInOnPhone(member, memberPhone)
    await member.expects('青叶会员')
    await sellTo(shop, memberPhone, 10_000)
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.server.stop()
  })
  const step = stepsOf('checkin', () => [member])
  const look = async (name: string): Promise<void> => {
    await member.fits(phoneWidths)
    await member.picture(`checkin-${name}`)
  }
  const checkIn = async (): Promise<void> => {
    await openPage(member, 'packages/checkin/index')
    await member.expects(/^今天签到得/)
    await member.sees('签到').click()
  }

  step('the first day gives its points and tomorrow’s are told', async () => {
    await openPage(member, 'packages/checkin/index')
    await member.expects('今天签到得 2 积分')
    await look('before')
    await checkIn()
    await member.expects('签到成功，得 2 积分')
    await member.expects('今天已签')
    await member.expects('明天来，得 2 积分')
    await look('after')
  })

  step('a day is missed: the streak begins again', async () => {
    shop.server.clock.advance(2 * DAY_MS)
    await checkIn()
    await member.expects('今天已签')
    await member.expects(/^已连签\s*1\s*天$/)
    await member.expects('有 1 天可以补签')
  })

  step('a make-up card, bought with points, joins the days together again', async () => {
    await member.press('补签 23 日')
    await member.expects('还没有补签卡，用积分换一张吧')
    await member.tap('换一张')
    await member.expects('扣 30 积分')
    await member.tap('换一张')
    await member.expects('换好了，现在有 1 张')
    await member.press('补签 23 日')
    await member.expects('用一张补签卡？')
    await member.tap('补签')
    await member.expects('补上了，连签 3 天')
    await member.expects(/^已连签\s*3\s*天$/)
    await member.expects('没有漏签的日子')
    await look('joined')
  })

  step('the home page counts along', async () => {
    await openPage(member, 'pages/home/index')
    await member.expects('已连签 3 天')
    // The session grew old with the days and was renewed by itself.
    expect(problemsBeside(member, [/401/])).toEqual([])
  })
})
