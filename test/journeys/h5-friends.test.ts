import type { Browser } from 'playwright-core'
import { DAY_MS } from '../../shared/time'
import { openBrowser, openPhone, phoneWidths, type Visitor } from './browser'
import { signInHere, signInOnPhone } from './people'
import { describeWith } from './requirements'
import { openShop, type Shop } from './shop'
import { stepsOf } from './steps'
import { openPage, problemsBeside, runJob, sellTo, shareBy } from './till'

const memberPhone = '13911112203'
const friendPhone = '13911112204'

describeWith(['chromium', 'h5'], 'A member and a friend', () => {
  let browser: Browser
  let shop: Shop
  let member: Visitor
  let friend: Visitor
  beforeAll(async () => {
    browser = await openBrowser()
    shop = await openShop('sqlite')
    member = await openPhone(browser, shop.server)
    friend = await openPhone(browser, shop.server)
    await signInOnPhone(member, memberPhone)
    await member.expects('青叶会员')
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.server.stop()
  })
  const step = stepsOf('friends', () => [member, friend])
  const look = async (visitor: Visitor, name: string): Promise<void> => {
    await visitor.fits(phoneWidths)
    await visitor.picture(`friends-${name}`)
  }
  /** The page and its parameters in a link that was sent. */
  const pageIn = (link: string): string => link.slice(link.indexOf('#/') + 2)

  step('the friend follows the link, joins, and is the member’s from then on', async () => {
    await openPage(member, 'packages/referral/index')
    await member.expects('还没有邀请好友')
    await look(member, 'invite')
    const link = await shareBy(member, '邀请好友')
    expect(link).toMatch(/\/m\/#\/packages\/referral\/invite\?code=[0-9A-Z]{8}$/)
    await openPage(friend, pageIn(link))
    await friend.expects('送你 100 积分')
    await look(friend, 'landing')
    await friend.tap('去入会')
    await signInHere(friend, friendPhone)
    await friend.expects('青叶会员')
    await openPage(member, 'packages/referral/index')
    await member.expects('已加入，等首次消费')
  })

  step('the first purchase waits for its refund days, then both are paid', async () => {
    await sellTo(shop, friendPhone, 10_000)
    await runJob(shop.server, 'referrals.follow')
    await openPage(member, 'packages/referral/index')
    await member.expects('已消费，过了退款期发积分')
    shop.server.clock.advance(7 * DAY_MS + 60_000)
    await runJob(shop.server, 'referrals.follow')
    await openPage(member, 'packages/referral/index')
    await member.expects('+200 积分')
    await look(member, 'paid')
    await openPage(friend, 'packages/points/index')
    await friend.expects('+100')
    await openPage(member, 'packages/inbox/index')
    await member.expects(/200 积分/)
  })

  let link = ''
  step('a claimed coupon is given to the friend with a word', async () => {
    await openPage(member, 'pages/rewards/index')
    await member.tap('领取')
    await member.expects('领到了，已放进卡券')
    await openPage(member, 'pages/coupons/index')
    await member.press('看「家居香氛满减券」')
    await member.tap('送给朋友')
    await member.fill('留句话', '天冷了，点支蜡烛')
    await member.tap('生成链接')
    await member.expects('准备好了，发给朋友吧')
    await look(member, 'giving')
    link = await shareBy(member, '发给朋友')
    expect(link).toMatch(/#\/packages\/gift\/coupon\?token=/)
  })

  step('the friend takes it, once', async () => {
    await openPage(friend, pageIn(link))
    await friend.expects('“天冷了，点支蜡烛”')
    await look(friend, 'envelope')
    await friend.tap('收下这张券')
    await friend.expects('好友赠送')
    await look(friend, 'taken')
    await openPage(friend, 'pages/coupons/index')
    await friend.expects('家居香氛满减券')
    await openPage(member, 'pages/coupons/index')
    await member.expects('现在没有可用的券')
    await openPage(member, pageIn(link))
    await member.expects('已经被领走了')
  })

  step('nothing went wrong on either phone', () => {
    for (const one of [member, friend]) expect(problemsBeside(one, [/401/])).toEqual([])
    return Promise.resolve()
  })
})
