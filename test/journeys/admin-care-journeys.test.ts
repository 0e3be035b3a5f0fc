import { ensureBuiltIns, publishBuiltIns } from '../../server/journeys/service'
import { runJob, template } from '../care/shop'
import { signInByPhone } from '../support/people'
import { type Desk, openAdmin } from './desk'
import { describeWith } from './requirements'
import { stepsOf } from './steps'

const phone = '13911116601'
const name = '周末回访'
/** More than the wait of the journey, less than a signed-in page may sit idle. */
const aWhile = 5 * 60_000

interface JourneyRow {
  id: string
  state: string
  version: number
  draft: string
  builtIn: string | null
}

describeWith(['chromium', 'admin'], 'An operator runs a journey', () => {
  let desk: Desk
  let memberId = ''
  beforeAll(async () => {
    desk = await openAdmin('care-journeys')
    const { server, owner } = desk.shop
    memberId = (await signInByPhone(server, phone)).id
    await template(server, owner, {
      inbox: { title: '周末上新', text: '新货到了', page: null },
      sms: { template: 'care', text: '新货到了', params: [] },
    })
    await server.deps.db.tx((tx) => ensureBuiltIns(tx, server.clock.now()))
  })
  afterAll(() => desk?.close())
  const step = stepsOf('care-journeys', () => [desk])
  const row = async (): Promise<JourneyRow> =>
    (await desk.rows<JourneyRow>('SELECT * FROM journey WHERE name = ?', [name]))[0]
  const tab = (label: string) => desk.page.getByRole('tab', { name: label, exact: true }).click()
  const palette = (kind: string) =>
    desk.page.getByRole('toolbar', { name: '节点，拖到线上' }).getByRole('button', { name: kind, exact: true })
  const pickMember = async (): Promise<void> => {
    await desk.page.getByRole('combobox', { name: '会员', exact: true }).fill(phone)
    await desk.page.locator('.ant-select-item-option').filter({ hasText: '青叶会员' }).first().click()
  }

  step('a built-in journey is taken as the beginning of an own one', async () => {
    await desk.go('/journeys')
    await desk.page.getByRole('row', { name: /欢迎与首单引导/ }).waitFor()
    await desk.look('list')
    await desk.button('新建旅程').click()
    await desk.page.locator('.ant-segmented-item').filter({ hasText: '照现成的改' }).click()
    await desk.choose('照哪个旅程', '欢迎与首单引导')
    await desk.picture('care-journeys-copy')
    await desk.button('开始画').click()
    await desk.page.getByRole('heading', { name: '欢迎与首单引导（副本）' }).waitFor()
    await desk.look('copy')
    const [copy, original] = [
      await desk.rows<JourneyRow>("SELECT * FROM journey WHERE name = '欢迎与首单引导（副本）'"),
      await desk.rows<JourneyRow>("SELECT * FROM journey WHERE builtIn = 'welcome'"),
    ]
    expect(copy).toMatchObject([{ builtIn: null, state: 'draft', version: 0, draft: original[0].draft }])
  })

  step('a journey is drawn, may not go out without a reason for no control group, and is published', async () => {
    await desk.go('/journeys')
    await desk.button('新建旅程').click()
    await desk.fill('名字', name)
    await desk.choose('什么时候开始', '手动加入')
    await desk.button('开始画').click()
    await palette('等待一段时间').click()
    await desk.choose('单位', '分钟')
    await palette('送积分').click()
    await desk.fill('说明', '周末回访')
    await palette('发消息').click()
    await desk.choose('消息模板', /^模板$/)
    await desk.closeDrawer()
    await desk.button('开始与目标').click()
    await desk.fill('对照组', '0')
    await desk.dialog().getByText('不留对照组要说明原因，否则无法知道旅程是否有效').first().waitFor()
    expect(await desk.button('发布').isDisabled()).toBe(true)
    await desk.fill('不留对照组的原因', '只有几位会员')
    await desk.closeDrawer()
    await desk.expects('可以发布')
    await desk.button('发布').click()
    await desk
      .dialog()
      .getByText(/发布后，符合条件的会员会自动进入/)
      .waitFor()
    await desk.confirm('发布')
    await desk.expects('旅程现在运行中')
    await desk.expects('第 1 版')
    expect(await row()).toMatchObject({ state: 'published', version: 1 })
    const versions = await desk.rows(
      'SELECT v.version FROM journey_version v JOIN journey j ON j.id = v.journeyId WHERE j.name = ?',
      [name],
    )
    expect(versions).toEqual([{ version: 1 }])
  })

  step('one member is walked through it in virtual time, and nothing happens to them', async () => {
    await tab('推演')
    await pickMember()
    await desk.button('推演').click()
    await desk.expects('会进入')
    await desk.page.locator('.journey-steps').getByText('旅程结束').waitFor()
    await desk.look('simulate')
    expect(await desk.page.locator('.journey-steps').innerText()).toContain('送积分')
    expect(await desk.rows('SELECT id FROM journey_run')).toEqual([])
    expect(await desk.rows("SELECT id FROM message WHERE source LIKE 'journey:%'")).toEqual([])
  })

  step('the forecast says per channel whom its message would reach', async () => {
    await tab('预估触达')
    const table = desk.page.getByRole('table', { name: '各渠道' })
    await table.waitFor()
    await desk.look('forecast')
    expect(await desk.page.locator('.journey-figures').innerText()).toMatch(/能触达\s*1/)
    await desk.button('重新预估').click()
    await table.waitFor()
  })

  step('a member is let in by hand and stands at the first wait', async () => {
    await desk.button('手动加入').click()
    await pickMember()
    await desk.confirm('加入')
    await desk.expects(/加入 1 位/)
    expect(await desk.rows('SELECT memberId, state FROM journey_run')).toEqual([{ memberId, state: 'active' }])
    await runJob(desk.shop.server, 'journeys.run')
    await desk.page.reload()
    await tab('谁在里面')
    await desk.page.getByRole('row', { name: /进行中.*等待一段时间/ }).waitFor()
    await desk.look('runs')
  })

  step('it is paused and nothing goes on; resumed it goes on where it stood', async () => {
    await desk.button('暂停').click()
    await desk.confirm('暂停')
    await desk.expects('旅程现在已暂停')
    expect((await row()).state).toBe('paused')
    desk.shop.server.clock.advance(aWhile)
    await runJob(desk.shop.server, 'journeys.run')
    expect(await desk.rows('SELECT state FROM journey_run')).toEqual([{ state: 'active' }])
    await desk.button('继续').click()
    await desk.confirm('继续')
    await desk.expects('旅程现在运行中')
    await runJob(desk.shop.server, 'journeys.run')
    expect(await desk.rows('SELECT state FROM journey_run')).toEqual([{ state: 'done' }])
    const given = await desk.rows<{ amount: number }>("SELECT amount FROM points_entry WHERE note = '周末回访'")
    expect(given).toHaveLength(1)
  })

  step('every step of the member is told', async () => {
    await desk.page.reload()
    await desk.page.getByRole('row', { name: /走完/ }).click()
    await desk.dialog().getByText('送积分：已发放').waitFor()
    await desk
      .dialog()
      .getByText(/发消息：由站内消息发出/)
      .waitFor()
    await desk.look('run')
    await desk.closeDrawer()
  })

  step('a change becomes a second version', async () => {
    await tab('画布')
    await desk.page.getByLabel(/^送积分：/).click()
    await desk.fill('送多少', '80')
    await desk.closeDrawer()
    await desk.expects('改动未保存')
    await desk.button('发布改动').click()
    await desk.confirm('发布')
    await desk.expects('第 2 版')
    expect(await row()).toMatchObject({ state: 'published', version: 2 })
    await desk.page.locator('.ant-segmented-item').filter({ hasText: '线上版本' }).click()
    await desk.expects('新进入的会员走这一版')
    await desk.expects('80 积分，周末回访')
    await desk.look('live')
  })

  step('the report tells of each version step by step, with the effect and its cost', async () => {
    await tab('报告')
    await desk.choose('哪个版本', /第 1 版/)
    const steps = desk.page.getByRole('table', { name: '每个节点' })
    await steps.getByText('已发放').waitFor()
    await steps.getByText('由站内消息发出').waitFor()
    await desk.expects(/花了：送 50 积分/)
    await desk.page
      .getByRole('region', { name: '参与组比对照组' })
      .getByText('人数还太少，没有结论', { exact: false })
      .waitFor()
    await desk.page.getByRole('region', { name: '账' }).getByText('多出的毛利').waitFor()
    await desk.look('report')
  })

  step('the calendar shows what goes out by itself, and to how many', async () => {
    const { deps, clock } = desk.shop.server
    await deps.db.tx((tx) => publishBuiltIns(tx, clock.now()))
    await desk.go('/journey-calendar')
    await desk.button(/^还有 \d+ 项$/).click()
    await desk.dialog().getByText('积分到期提醒').waitFor()
    await desk.look('calendar-day')
    await desk.closeDrawer()
    await desk.press('下个月')
    await desk.expects('2026 年 12 月')
    await desk.look('calendar')
  })

  step('it is ended for good', async () => {
    const { id } = await row()
    await desk.go(`/journeys/${id}`)
    await desk.button('结束').click()
    await desk
      .dialog()
      .getByText(/结束后不能再恢复/)
      .waitFor()
    await desk.confirm('结束')
    await desk.expects('旅程现在已结束')
    expect((await row()).state).toBe('ended')
    await desk.button('保存草稿').waitFor({ state: 'detached' })
  })

  step('nothing went wrong on the page', async () => {
    expect(desk.problems).toEqual([])
  })
})
