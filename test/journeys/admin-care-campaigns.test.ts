import { runJob, template } from '../care/shop'
import { signInByPhone } from '../support/people'
import { type Desk, openAdmin } from './desk'
import { describeWith } from './requirements'
import { stepsOf } from './steps'

const phones = Array.from({ length: 12 }, (_, i) => `139111177${String(i).padStart(2, '0')}`)

interface CampaignRow {
  id: string
  state: string
  version: number
  segmentId: string | null
  sendAt: number
  holdoutPercent: number
  audience: number
  held: number
  queued: number
  unsent: number
}

describeWith(['chromium', 'admin'], 'An operator writes to many', () => {
  let desk: Desk
  beforeAll(async () => {
    desk = await openAdmin('care-campaigns')
    const { server, owner } = desk.shop
    for (const phone of phones) await signInByPhone(server, phone, `device-${phone}`)
    await template(server, owner, {
      inbox: { title: '周末上新', text: '新货到了', page: null },
      sms: { template: 'care', text: '新货到了', params: [] },
    })
    const tree = { join: 'all' as const, of: [{ field: 'hasPhone', op: 'is' as const, value: true }] }
    const made = await server.call('POST /admin/segments', { name: '新来的人', tree }, { as: owner })
    expect(made.status).toBe(200)
    for (const job of ['segments.facts', 'segments.refresh']) await runJob(server, job)
  })
  afterAll(() => desk?.close())
  const step = stepsOf('care-campaigns', () => [desk])
  const row = async (name: string): Promise<CampaignRow> =>
    (await desk.rows<CampaignRow>('SELECT * FROM campaign WHERE name = ?', [name]))[0]
  const figures = () => desk.page.locator('.journey-figures').innerText()

  step('a draft says whom it would reach on each channel before anything is sent', async () => {
    await desk.go('/campaigns')
    await desk.expects('还没有群发')
    await desk.look('empty')
    await desk.button('新建群发').click()
    await desk.fill('名字', '周末上新')
    await desk.choose('消息模板', /^模板$/)
    const table = desk.page.getByRole('table', { name: '各渠道' })
    await table.getByText('短信').waitFor()
    expect(await figures()).toMatch(/符合条件\s*12/)
    await desk.look('form')
    await desk.button('保存草稿').click()
    await desk.expects('草稿已保存')
    await desk.page.waitForURL(/campaigns\/(?!new)\w+$/)
    expect(await row('周末上新')).toMatchObject({ state: 'draft', version: 1, segmentId: null, holdoutPercent: 10 })
    expect(await desk.rows('SELECT id FROM message')).toEqual([])
  })

  step('the draft is changed to a segment, and the forecast follows', async () => {
    await desk.choose('发给谁', '新来的人')
    const asked = desk.page.waitForResponse(
      (response) =>
        response.url().endsWith('/campaigns/forecast') &&
        response.request().postDataJSON().holdoutPercent === 50 &&
        response.request().postDataJSON().segmentId !== null,
    )
    await desk.fill('对照组', '50')
    const forecast = await (await asked).json()
    expect(forecast).toMatchObject({ audience: 12, reached: 12 - forecast.held })
    await desk.page.locator('.journey-figures').getByText(String(forecast.reached), { exact: true }).first().waitFor()
    await desk.button('保存草稿').click()
    await desk.expects('草稿已保存')
    const saved = await row('周末上新')
    expect(saved).toMatchObject({ version: 2, holdoutPercent: 50 })
    expect(saved.segmentId).not.toBeNull()
  })

  step('its words are tried on one member first', async () => {
    await desk.button('测试发送').click()
    await desk.page.getByRole('combobox', { name: '发给哪位会员' }).fill(phones[0])
    await desk.page.locator('.ant-select-item-option').filter({ hasText: '青叶会员' }).first().click()
    await desk.button('发给 TA').click()
    await desk.page.getByRole('list', { name: '测试结果' }).getByText('已发到').waitFor()
    expect(await desk.rows("SELECT id FROM message WHERE source = 'test'")).toHaveLength(2)
    await desk.button('完成').click()
  })

  step('it is scheduled, paused, goes on and is ended before its time', async () => {
    const at = desk.page.getByLabel('什么时候发', { exact: true })
    await at.click()
    await at.fill('2026-11-23 10:00')
    await at.press('Enter')
    await desk.button('定时发出').click()
    await desk.dialog().getByText('定在 2026-11-23 10:00 发出？').last().waitFor()
    await desk.confirm('定时')
    await desk.expects('已定时')
    expect(await row('周末上新')).toMatchObject({ state: 'scheduled', sendAt: Date.UTC(2026, 10, 23, 2, 0, 0) })
    await desk.look('scheduled')
    await desk.button('暂停').click()
    await desk.confirm('暂停')
    await desk.expects('已暂停')
    expect((await row('周末上新')).state).toBe('paused')
    await desk.button('继续').click()
    await desk.confirm('继续')
    await desk.expects('已定时')
    expect((await row('周末上新')).state).toBe('scheduled')
    await desk.button('结束').click()
    await desk.confirm('结束')
    await desk.expects('已结束')
    expect((await row('周末上新')).state).toBe('ended')
  })

  step('another goes out at once, and its report tells of the sent, the kept back and the reasons', async () => {
    await desk.go('/campaigns/new')
    await desk.fill('名字', '今晚闭店提醒')
    await desk.choose('消息模板', /^模板$/)
    await desk.fill('对照组', '25')
    await desk.page.getByRole('table', { name: '各渠道' }).getByText('短信').waitFor()
    const [, held, reach] = (await figures()).match(/留作对照\s*(\d+)[\s\S]*?能触达\s*(\d+)/) ?? []
    await desk.button('现在发出').click()
    await desk.confirm('发出')
    await desk.expects('已定时')
    await runJob(desk.shop.server, 'campaigns.send')
    await desk.page.reload()
    await desk.expects('已发完')
    await desk.page.getByRole('table', { name: '消息结果' }).getByText('站内消息').first().waitFor()
    const effect = desk.page.getByRole('region', { name: '收到的比留作对照的' })
    await effect.getByText('人数还太少，没有结论', { exact: false }).waitFor()
    await desk.look('report')
    const sent = await row('今晚闭店提醒')
    expect(sent).toMatchObject({ state: 'sent', audience: 12, queued: 12 - sent.held, unsent: 0 })
    expect(held).toMatch(/^\d+$/)
    expect(reach).toMatch(/^\d+$/)
    await desk.page.getByRole('link', { name: '每一条发给了谁、为什么没发' }).click()
    await desk.expects('一次群发发的')
    await desk.page
      .getByRole('row', { name: /站内消息/ })
      .first()
      .click()
    await desk.dialog().getByRole('link', { name: '群发活动' }).waitFor()
    await desk.closeDrawer()
  })

  step('a draft is deleted', async () => {
    await desk.go('/campaigns/new')
    await desk.fill('名字', '不要了')
    await desk.choose('消息模板', /^模板$/)
    await desk.button('保存草稿').click()
    await desk.expects('草稿已保存')
    await desk.button('删除').click()
    await desk.confirm('删除')
    await desk.page.getByRole('row', { name: /今晚闭店提醒/ }).waitFor()
    await desk.look('list')
    expect(await row('不要了')).toBeUndefined()
  })

  step('the experiment says plainly that there is no conclusion, and how many it would take', async () => {
    await desk.go('/experiments')
    await desk.page.getByRole('row', { name: /今晚闭店提醒/ }).waitFor()
    await desk.button('要多少人').click()
    await desk
      .dialog()
      .getByText(/要看出 12% 提升 10%，共需约/)
      .waitFor()
    await desk.fill('希望看出多大的提升', '30')
    await desk
      .dialog()
      .getByText(/要看出 12% 提升 30%，共需约/)
      .waitFor()
    await desk.picture('care-campaigns-power')
    await desk.closeDrawer()
    await desk.page.getByRole('row', { name: /今晚闭店提醒/ }).click()
    await desk.page.getByRole('heading', { name: '今晚闭店提醒' }).waitFor()
    await desk.page.locator('.conclusion').getByText('没有结论', { exact: false }).waitFor()
    await desk.page.locator('.ant-segmented-item').filter({ hasText: '7 天' }).click()
    await desk.expects('划不划算')
    await desk.look('experiment')
  })

  step('the control group of everything and the costs are set', async () => {
    await desk.go('/experiments')
    await desk.button('对照组与成本').click()
    await desk.fill('全局对照组占比', '5')
    await desk.fill('全局对照组的说明', '看全部营销的效果')
    await desk.fill('毛利率', '45')
    await desk.picture('care-campaigns-holdout')
    await desk.confirm('保存')
    await desk.expects('已保存')
    const [settings] = await desk.rows('SELECT holdoutPercent, holdoutReason, marginPercent FROM experiment_setting')
    expect(settings).toEqual({ holdoutPercent: 5, holdoutReason: '看全部营销的效果', marginPercent: 45 })
  })

  step('nothing went wrong on the page', async () => {
    expect(desk.problems).toEqual([])
  })
})
