import { randomUUID } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { seedWhenEmpty } from '../../server/demo/service'
import { createRunner } from '../../server/jobs/runner'
import { schedule } from '../../server/schedule'
import type { Input, Key } from '../../shared/contract'
import { DAY_MS, MINUTE_MS } from '../../shared/time'
import { startServer, type TestServer } from '../support/server'
import { deskWidths, openBrowser, openDesk, type Visitor } from './browser'
import { choose, exported, inFront, openPage } from './desk-steps'
import { describeWith } from './requirements'
import { stepsOf } from './steps'

/** Ten pages with their downloads in one step, on a machine that may be busy. */
jest.setTimeout(180_000)

describeWith(['chromium', 'admin'], 'An operator reads the insights of the demo shop and acts on them', () => {
  let browser: Browser
  let server: TestServer
  let desk: Visitor
  let owner: string
  const get = async <K extends Key>(key: K, input: Input<K>) => {
    const answer = await server.call(key, input, { as: owner })
    expect([key, answer.status, answer.error]).toEqual([key, 200, undefined])
    return answer.body
  }
  const run = async (name: string): Promise<void> => {
    const job = schedule.find((j) => j.name === name)
    if (!job) throw new Error(name)
    const started = await createRunner(server.deps, [], 'test').runNow(job, randomUUID())
    await started?.ended
  }
  const look = async (name: string): Promise<void> => {
    await desk.fits(deskWidths)
    await desk.picture(`insights-${name}`)
  }
  const panel = (name: string) => desk.page.getByRole('region', { name, exact: true })
  const close = async (): Promise<void> => {
    await inFront(desk).locator('.ant-drawer-close').click()
    await inFront(desk).waitFor({ state: 'hidden' })
  }

  beforeAll(async () => {
    browser = await openBrowser()
    server = await startServer({ database: 'sqlite' })
    await seedWhenEmpty(server.deps, () => undefined)
    const device = { id: 'a-desk-of-the-test', platform: 'admin' } as const
    const { body } = await server.call('POST /demo/sessions', { as: 'operator', device })
    owner = body.operator?.accessToken ?? ''
    desk = await openDesk(browser, server)
    desk.page.setDefaultTimeout(20_000)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  // Every step begins at an address of its own, so one that fails does not keep the others from being walked.
  const step = (title: string, walk: () => Promise<void>): void =>
    stepsOf(`admin-insights: ${title}`, () => [desk])(title, walk)

  step('the workbench shows the life cycle, and a stage opens its members', async () => {
    await desk.page.goto('/admin/?demo=operator')
    const stages = await get('GET /admin/dashboards/stages', { weeks: 12 })
    const loyal = stages.stages.find((s) => s.key === 'loyal')
    const mix = panel('生命周期构成')
    await mix.getByRole('button', { name: '忠诚：看会员' }).click()
    await inFront(desk).getByText('这个阶段的会员').waitFor()
    await desk.picture('insights-drill')
    const first = await get('GET /admin/dashboards/members', { figure: 'stage', row: 'loyal', col: '', limit: 50 })
    expect(loyal?.members).toBeGreaterThan(first.items.length)
    const { csv, excel, files } = await exported(desk, inFront(desk), /^导出/)
    expect(files.map((file) => file.replace(/^.*\./, ''))).toEqual(['csv', 'xlsx'])
    expect(csv[0]).toEqual(['卡号', '姓名', '手机', '等级', '消费次数', '累计消费（元）', '最近消费'])
    expect(csv.slice(1).map(([cardNo]) => cardNo)).toEqual(first.items.map((m) => m.cardNo))
    expect(excel).toEqual(csv)
    await close()
    await look('workbench')
  })

  step('a figure leads to its members, and one of them to his page', async () => {
    await openPage(desk, '/dashboards?tab=value')
    const rfm = await get('GET /admin/dashboards/rfm', {})
    const best = rfm.cells.find((c) => c.row === 0 && c.col === 4)
    const { csv, excel } = await exported(desk, panel('RFM：最近消费 × 次数'), '导出RFM：最近消费 × 次数')
    expect(excel).toEqual(csv)
    expect(csv.slice(1).map((row) => Number(row[2]))).toEqual(rfm.cells.map((c) => c.members))
    await panel('RFM：最近消费 × 次数')
      .getByRole('button', { name: new RegExp(`^7 天内、8 次以上：${best?.members} 人`) })
      .click()
    await inFront(desk).getByText('这一格的会员').waitFor()
    const list = await get('GET /admin/dashboards/members', { figure: 'rfm', row: '5:5', col: 'fixed', limit: 50 })
    expect(list.items.length).toBe(Math.min(50, best?.members ?? 0))
    await inFront(desk).locator('tbody tr.ant-table-row').first().click()
    await desk.page.getByRole('heading', { name: '五维画像' }).waitFor()
    expect(desk.page.url()).toContain(`/members/${list.items[0].id}`)
    const profile = await get('GET /admin/members/:memberId/profile', { memberId: list.items[0].id })
    await panel('五维画像').getByText(profile.dimensions[0].name, { exact: true }).first().waitFor()
    const shown = await panel('五维画像').innerText()
    for (const dimension of profile.dimensions) {
      expect(shown).toContain(dimension.name)
      for (const row of dimension.rows) if (row.value) expect(shown).toContain(row.value)
    }
    const scores = await get('GET /admin/members/:memberId/scores', { memberId: list.items[0].id })
    const reasons = [...(scores.churn?.reasons ?? []), ...(scores.value?.reasons ?? [])]
    // Each panel asks for its own data.
    if (reasons.length) await panel('评分与原因').getByText(reasons[0].text).first().waitFor()
    const told = await panel('评分与原因').innerText()
    for (const reason of reasons) expect(told).toContain(reason.text)
    for (const { why } of scores.suggestions) await panel('建议动作').getByText(why).first().waitFor()
    await look('member')
    await panel('评分与原因').getByRole('button', { name: '评分的变化' }).click()
    await inFront(desk).getByText('评分的变化').first().waitFor()
    await close()
  })

  step('every tab of the dashboards draws, says what it means and exports', async () => {
    for (const [tab, figure] of [
      ['today', '逐小时会员销售额'],
      ['trends', '会员销售额'],
      ['stages', '阶段流转'],
      ['retention', '留存：首购月 × 之后各月'],
      ['value', '未来 12 个月的价值'],
      ['taps', '点击热力图'],
      ['rewards', '哪些奖励带来了回头客'],
      ['points', '积分负债'],
      ['stores', '门店排行'],
      ['nps', '净推荐值'],
    ] as const) {
      await openPage(desk, `/dashboards?tab=${tab}`)
      const frame = panel(figure)
      await frame.getByRole('button', { name: new RegExp(`^${figure}怎么算：`) }).hover()
      await desk.page.getByRole('tooltip').filter({ visible: true }).first().waitFor()
      const { csv, excel } = await exported(desk, frame, `导出${figure}`)
      expect([tab, csv.length > 1, excel]).toEqual([tab, true, csv])
      await look(tab)
    }
    const nps = await get('GET /admin/dashboards/nps', {})
    await panel('净推荐值').locator('.bars button').first().click()
    await inFront(desk).locator('tbody tr.ant-table-row').first().waitFor()
    expect(await inFront(desk).locator('tbody tr.ant-table-row').count()).toBeLessThanOrEqual(
      nps.groups.find((g) => g.key === 'promoter')?.answers ?? 0,
    )
    await close()
  })

  step('the heat map names what was tapped, and by whom', async () => {
    await openPage(desk, '/dashboards?tab=taps')
    await panel('点击热力图').locator('.bars button').first().click()
    await inFront(desk)
      .getByText(/点过“.+”的会员/)
      .waitFor()
    await inFront(desk).locator('tbody tr.ant-table-row').first().waitFor()
    await close()
  })

  step('a funnel is built, counted, and its steps open their members', async () => {
    await openPage(desk, '/dashboards?tab=funnels')
    await desk.page.getByRole('button', { name: '新建漏斗' }).click()
    await desk.fill('漏斗的名字', '得到券到用券')
    await choose(desk, inFront(desk), '第 1 步', '得到券', '得到券')
    await choose(desk, inFront(desk), '第 2 步', '用券', '用券')
    await desk.fill('几小时内走完', '720')
    await desk.fill('看近几天', '90')
    await inFront(desk)
      .getByRole('button', { name: /保\s?存/ })
      .click()
    await desk.expects('正在计算，一分钟内就好')
    await run('dashboards.funnels')
    await desk.page.reload()
    const bars = panel('得到券到用券').locator('.bars button')
    await bars.nth(1).waitFor()
    const { items } = await get('GET /admin/funnels', {})
    const funnelId = items.find((f) => f.name === '得到券到用券')?.id ?? ''
    const counted = await get('GET /admin/funnels/:funnelId', { funnelId })
    expect(counted.steps[0].members).toBeGreaterThan(0)
    await bars.first().click()
    await inFront(desk).getByText('走到第 1 步的会员').waitFor()
    const rows = inFront(desk).locator('tbody tr.ant-table-row')
    await rows.first().waitFor()
    expect(await rows.count()).toBe(Math.min(50, counted.steps[0].members))
    await close()
    await look('funnel')
  })

  step('a segment is built with a live count, saved and used', async () => {
    await openPage(desk, '/segments/new')
    await desk.fill('人群的名字', '买过六次以上')
    await choose(desk, desk.page.locator('#content'), '按什么条件', '累计消费次数', '累计消费次数')
    await choose(desk, desk.page.locator('#content'), '累计消费次数怎么比较', '不少于')
    await desk.page.getByRole('spinbutton', { name: '累计消费次数', exact: true }).fill('6')
    const count = desk.page.locator('.segment-count')
    await count.waitFor()
    const members = Number((await count.innerText()).replace(/\D/g, ''))
    const [{ n }] = await server.deps.db.read<{ n: number }>(
      'SELECT COUNT(*) AS n FROM member_stats WHERE purchases >= 6',
    )
    expect(members).toBe(Number(n))
    await look('segment-form')
    await desk.page
      .getByRole('button', { name: /保\s?存/ })
      .first()
      .click()
    await desk.expects('已建好')
    await desk.page.getByRole('heading', { name: '买过六次以上' }).waitFor()
    await desk.page.getByRole('button', { name: '立即更新' }).click()
    await desk.expects(`现在 ${members} 位：进来 ${members}，离开 0`)
    const { csv, excel } = await exported(desk, desk.page.locator('#content'), '导出人群-买过六次以上')
    expect(excel).toEqual(csv)
    expect(csv.length).toBe(Math.min(50, members) + 1)
    await look('segment')
    await openPage(desk, '/dashboards?tab=funnels')
    await desk.page.getByRole('button', { name: /修\s?改/ }).click()
    await choose(desk, inFront(desk), '只看哪个人群', '买过六次以上')
    await inFront(desk)
      .getByRole('button', { name: /保\s?存/ })
      .click()
    await inFront(desk).waitFor({ state: 'hidden' })
    await openPage(desk, '/segments')
    await desk.page.getByText('买过六次以上').first().click()
    await desk.expects(/用在：.*得到券到用券/)
  })

  step('a tag is made, put on by hand and taken off on the member page', async () => {
    const { items } = await get('GET /admin/members', { limit: 2 })
    await openPage(desk, '/tags')
    await desk.page.getByRole('button', { name: '新建标签' }).first().click()
    await desk.fill('标签的名字', '过敏体质')
    await inFront(desk).getByLabel('标签的分类', { exact: true }).fill('关照')
    await inFront(desk)
      .getByRole('button', { name: /保\s?存/ })
      .click()
    await inFront(desk).waitFor({ state: 'hidden' })
    await desk.page.getByText('过敏体质').first().click()
    await inFront(desk)
      .getByLabel('会员卡号')
      .fill(items.map((m) => m.cardNo).join('，'))
    await inFront(desk).getByRole('button', { name: '给 2 位打上' }).click()
    await desk.expects('打上 2 位，原来就有 0 位')
    await openPage(desk, `/members/${items[0].id}`)
    await desk.page.locator('.member-head').getByText('过敏体质').waitFor()
    await desk.page.getByRole('button', { name: '摘下过敏体质' }).click()
    await desk.page.getByRole('button', { name: '摘下过敏体质' }).waitFor({ state: 'detached' })
    const left = await get('GET /admin/members/:memberId/tags', { memberId: items[0].id })
    expect(left.tags.map((t) => t.name)).not.toContain('过敏体质')
    await desk.page.locator('.member-head').getByRole('button', { name: '标签' }).click()
    await choose(desk, desk.page.locator('.ant-popover:visible'), '打哪个标签', '过敏体质')
    await desk.page.getByRole('button', { name: '摘下过敏体质' }).waitFor()
  })

  step('a rule pins one product and another leaves one out of what a member sees', async () => {
    const member = (await get('GET /admin/members', { limit: 30 })).items[7]
    const before = await get('GET /admin/members/:memberId/recommendations', {
      memberId: member.id,
      slot: 'home',
      limit: 10,
    })
    const [gone, , later] = before.items
    const rule = async (kind: '置顶' | '不推', name: string): Promise<void> => {
      await openPage(desk, '/recommendations?tab=rules')
      await desk.page.getByRole('button', { name: '新建规则' }).first().click()
      await inFront(desk).locator('.ant-segmented-item').filter({ hasText: kind }).click()
      await choose(desk, inFront(desk), '商品', name, name)
      if (kind === '置顶') await desk.fill('放在第几位', '1')
      await inFront(desk)
        .getByRole('button', { name: /保\s?存/ })
        .click()
      await inFront(desk).waitFor({ state: 'hidden' })
      await desk.page.locator('tbody tr.ant-table-row').filter({ hasText: name }).first().waitFor()
    }
    await rule('置顶', later.name)
    await rule('不推', gone.name)
    await look('rules')
    // The server keeps the rules in mind for some seconds of its own clock, which stands still here.
    server.clock.advance(2 * MINUTE_MS)
    await openPage(desk, `/recommendations?tab=preview&member=${member.id}&slot=home`)
    const rows = desk.page.locator('tbody tr.ant-table-row')
    await rows.first().waitFor()
    expect(await rows.first().innerText()).toContain(later.name)
    expect((await rows.allInnerTexts()).join()).not.toContain(gone.name)
    await look('preview')
    await openPage(desk, '/recommendations')
    await desk.page.getByRole('tab', { name: '效果' }).waitFor()
    await look('effect')
  })

  step('a model card shows its back-test beside the naive baseline', async () => {
    await openPage(desk, '/scores?tab=cards')
    const { items } = await get('GET /admin/model-cards', {})
    const churn = items.find((c) => c.model === 'churn')
    await desk.page
      .getByRole('button', { name: /流失概率/ })
      .first()
      .click()
    await inFront(desk)
      .getByText(churn?.verdict ?? '')
      .first()
      .waitFor()
    const text = await inFront(desk).innerText()
    for (const word of ['不用模型', '怎么测的', '说不准的地方', '历次回测']) expect(text).toContain(word)
    for (const figure of churn?.figures ?? []) expect(text).toContain(figure.name)
    await desk.picture('insights-card')
    await close()
  })

  step('the other pages of the insights say what they count', async () => {
    for (const [tab, words] of [
      ['overview', '流失风险'],
      ['groups', '点一群看名单'],
      ['benefit', '只算条件里写明用了评分的旅程和群发'],
      ['stores', '每位会员归到他买得最多的那家店'],
      ['settings', '多久没有新消费，就停止评分'],
    ] as const) {
      await openPage(desk, `/scores?tab=${tab}`)
      await desk.page.getByText(words).first().waitFor()
      await look(`scores-${tab}`)
    }
    // What is counted is named, and leads to its own effect.
    await openPage(desk, '/scores?tab=benefit')
    const { models } = await get('GET /admin/scores/benefit', {})
    const counted = models.flatMap((m) => m.counted)
    expect(counted.map((c) => c.name)).toContain('流失挽回')
    for (const { name, kind, id } of counted)
      expect(await desk.page.getByRole('link', { name, exact: true }).first().getAttribute('href')).toBe(
        `/admin/experiments/${kind}/${id}`,
      )
    await openPage(desk, '/scores?tab=stores')
    await desk.page
      .getByRole('row', { name: /静安寺店/ })
      .first()
      .click()
    await inFront(desk).getByText('常去这家门店的会员').waitFor()
    await inFront(desk).locator('tbody tr.ant-table-row').first().waitFor()
    await close()
  })

  step('a feed that breaks off raises an alarm, and every page says that its scores are old', async () => {
    // Signed out for the days between: tokens of last week would be refused.
    await desk.page.goto('about:blank')
    server.clock.advance(8 * DAY_MS)
    await run('scores.stages')
    const device = { id: 'a-desk-of-the-test', platform: 'admin' } as const
    const { body } = await server.call('POST /demo/sessions', { as: 'operator', device })
    owner = body.operator?.accessToken ?? ''
    await desk.page.context().clearCookies()
    await openPage(desk, '/?demo=operator')
    await openPage(desk, '/scores?tab=quality')
    const alarms = desk.page.getByRole('row').filter({ hasText: '停止评分' })
    await alarms.filter({ hasText: '新鲜度' }).first().waitFor()
    await desk.page.locator('.stale').filter({ hasText: '新鲜度' }).first().waitFor()
    await look('quality')
    await openPage(desk, '/dashboards?tab=value')
    await desk.page.getByText(/评分是旧的，截至 2026-11-2\d：/).waitFor()
    const { items } = await get('GET /admin/members', { limit: 1 })
    await openPage(desk, `/members/${items[0].id}`)
    await panel('评分与原因').getByText('数字是旧的').waitFor()
    await openPage(desk, '/scores?tab=quality')
    await alarms
      .filter({ hasText: '新鲜度' })
      .getByRole('button', { name: /确\s?认/ })
      .click()
    await inFront(desk).getByLabel('说明').fill('国庆闭店，数据没有问题')
    await inFront(desk).getByRole('checkbox').check()
    await inFront(desk)
      .getByRole('button', { name: /确\s?认/ })
      .click()
    await alarms
      .filter({ hasText: '新鲜度' })
      .getByText(/已确认/)
      .waitFor()
  })

  step('nothing went wrong on the page', async () => {
    expect(desk.problems).toEqual([])
  })
})
