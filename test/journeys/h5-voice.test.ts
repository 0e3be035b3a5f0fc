import type { Browser } from 'playwright-core'
import { learnProducts } from '../../server/purchases/service'
import { photoFolder, png } from '../community/setup'
import { openBrowser, openPhone, phoneWidths, type Visitor } from './browser'
import { signInHere, signInOnPhone } from './people'
import { describeWith } from './requirements'
import { openShop, type Shop } from './shop'
import { stepsOf } from './steps'
import { openPage, problemsBeside, sellTo } from './till'

const memberPhone = '13911112205'
const readerPhone = '13911112206'
const cup = { productId: 'cup-1', name: '陶瓷手冲杯', category: '餐厨', quantity: 2, unitFen: 8_400 }

describeWith(['chromium', 'h5'], 'What members say', () => {
  let browser: Browser
  let shop: Shop
  let member: Visitor
  let reader: Visitor
  beforeAll(async () => {
    browser = await openBrowser()
    shop = await openShop('sqlite', { DATA_DIR: photoFolder() })
    member = await openPhone(browser, shop.server)
    reader = await openPhone(browser, shop.server)
    await signInOnPhone(member, memberPhone)
    await member.expects('青叶会员')
    // Only what is in the list of products can be named in a post.
    const { productId: id, name, category, unitFen: priceFen } = cup
    await shop.server.deps.db.tx(async (tx) => learnProducts(tx, [{ id, name, category, priceFen }]))
    await sellTo(shop, memberPhone, 16_800, { lines: [cup] })
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.server.stop()
  })
  const step = stepsOf('voice', () => [member, reader])
  const look = async (visitor: Visitor, name: string): Promise<void> => {
    await visitor.fits(phoneWidths)
    await visitor.picture(`voice-${name}`)
  }
  const asOwner = () => ({ as: shop.owner })
  const write = (label: string, words: string): Promise<void> =>
    member.page.locator(`[aria-label="${label}"] textarea`).filter({ visible: true }).last().fill(words)

  step('a post with a photo waits for somebody to look at it', async () => {
    await openPage(member, 'packages/community/index')
    await member.tap('写第一篇')
    await write('晒单', '新买的手冲杯，早上的第一杯咖啡就用它')
    const chooser = member.page.waitForEvent('filechooser')
    await member.press(/^添加照片/)
    await (await chooser).setFiles({ name: 'cup.png', mimeType: 'image/png', buffer: png(60, 40) })
    await member.press('删掉第 1 张照片')
    const again = member.page.waitForEvent('filechooser')
    await member.press(/^添加照片/)
    await (await again).setFiles({ name: 'cup.png', mimeType: 'image/png', buffer: png(60, 40) })
    await member.expects('1/9')
    await member.tap('陶瓷手冲杯')
    await look(member, 'write')
    await member.tap('发布晒单')
    await member.expects('已提交，审核后公开')
    await member.expects(/审核中/)
    await look(member, 'waiting')
    await openPage(reader, 'packages/community/index')
    await reader.expects('还没有人分享')
  })

  step('the operator lets it through; a visitor reads it, signs in and likes it', async () => {
    const waiting = await shop.server.call('GET /admin/community/posts', { state: 'pending' }, asOwner())
    const [post] = waiting.body.items
    expect(post.photos).toHaveLength(1)
    await shop.server.call(
      'POST /admin/community/posts/:postId/decision',
      { postId: post.id, decision: 'publish', reason: '图文相符' },
      asOwner(),
    )
    await openPage(reader, 'packages/community/index')
    await reader.expects('新买的手冲杯，早上的第一杯咖啡就用它')
    await reader.sees('奖励内容').waitFor()
    const drawn = await reader.page.locator('.wall__pic img').first().getAttribute('src')
    expect((await fetch(new URL(drawn ?? '', shop.server.url))).headers.get('content-type')).toMatch(/^image\//)
    await look(reader, 'feed')
    await reader.press(/^点赞/)
    await signInHere(reader, readerPhone)
    await reader.expects('写晒单')
    await reader.press('点赞，0 人赞过')
    await reader.press('点赞，1 人赞过')
    await reader.press('点赞，0 人赞过')
    await reader.page.getByLabel('点赞，1 人赞过').waitFor()
    await openPage(member, 'packages/community/mine')
    await member.expects(/^已公开，得 \d+ 积分，1 人赞过$/)
  })

  step('two taps say whether the member would recommend the shop and why', async () => {
    await openPage(member, 'packages/feedback/index')
    await look(member, 'feedback')
    await member.press('9 分')
    await member.expects('已记下 9 分')
    await member.tap('店员服务')
    const answers = async () => (await shop.server.call('GET /admin/nps/answers', {}, asOwner())).body.items
    for (let waitedMs = 0; waitedMs < 5000 && !(await answers())[0]?.reasons.length; waitedMs += 50)
      await member.page.waitForTimeout(50)
    expect((await answers())[0]).toMatchObject({ score: 9, kind: 'promoter', reasons: ['service'] })
    await look(member, 'nps')
    await member.tap('完成')
    await member.expects('谢谢你的意见')
    await openPage(member, 'packages/feedback/index')
    await member.expects('投诉与建议')
    expect(await member.page.getByText('你愿意把我们推荐给朋友吗').count()).toBe(0)
  })

  step('stars for the last purchase', async () => {
    await member.press('4 星，满意')
    await look(member, 'stars')
    await member.tap('提交')
    await member.expects('谢谢，已记下')
    const { satisfaction } = (await shop.server.call('GET /admin/nps', { days: 30 }, asOwner())).body
    expect(satisfaction).toMatchObject({ answers: 1, average: 4 })
  })

  step('a complaint is answered and goes on until it is settled', async () => {
    await openPage(member, 'packages/feedback/complaint')
    await member.tap('商品质量')
    await write('说明', '杯口有一处磕碰，想换一只')
    await look(member, 'complaint')
    await member.sees('提交').click()
    await member.expects('待受理')
    const [{ id: complaintId }] = (await shop.server.call('GET /admin/complaints', {}, asOwner())).body.items
    await shop.server.call(
      'POST /admin/complaints/:complaintId/replies',
      { complaintId, text: '对不起，带上杯子到店就给你换' },
      asOwner(),
    )
    await openPage(member, 'packages/inbox/index')
    await member.tap(/投诉/)
    await member.expects('对不起，带上杯子到店就给你换')
    await member.expects('处理中')
    await member.fill('补充说明', '好的，周六去')
    await member.tap('发送')
    await member.expects('好的，周六去')
    await look(member, 'case')
    await shop.server.call(
      'POST /admin/complaints/:complaintId/state',
      { complaintId, state: 'resolved', note: '已换新' },
      asOwner(),
    )
    await openPage(member, `packages/feedback/case?id=${complaintId}`)
    await member.expects('已办结')
    await member.expects('已换新')
  })

  step('nothing went wrong on either phone', () => {
    for (const one of [member, reader]) expect(problemsBeside(one, [])).toEqual([])
    return Promise.resolve()
  })
})
