import { signInByPhone } from '../support/people'
import { type Desk, openAdmin } from './desk'
import { describeWith } from './requirements'
import { stepsOf } from './steps'

const phone = '13911115501'
interface TemplateRow {
  id: string
  version: number
  archived: number
  content: string
}

describeWith(['chromium', 'admin'], 'An operator and the messages of the shop', () => {
  let desk: Desk
  beforeAll(async () => {
    desk = await openAdmin('care-messages')
    await signInByPhone(desk.shop.server, phone)
  })
  afterAll(() => desk?.close())
  const step = stepsOf('care-messages', () => [desk])
  const template = async (): Promise<TemplateRow> =>
    (await desk.rows<TemplateRow>("SELECT * FROM message_template WHERE name = '周末上新'"))[0]
  const openTemplate = async (): Promise<void> => {
    await desk.page.getByRole('row', { name: /周末上新/ }).click()
    await desk.dialog().getByText('会员看到的样子').waitFor()
  }

  step('a template is written for every channel, and what a channel would refuse is said at the field', async () => {
    await desk.go('/messages?tab=templates')
    await desk.expects('还没有模板')
    await desk.look('templates-empty')
    await desk.button('新建模板').click()
    await desk.fill('模板名字', '周末上新')
    await desk.dialog().getByText('请写标题').waitFor()
    await desk.fill('站内标题', '这个周末有新货')
    await desk.fill('站内正文', '新到的香氛和烛台，')
    await desk.button('会员称呼').click()
    await desk.dialog().getByText('新到的香氛和烛台，林晓雨').waitFor()
    await desk.button('加上微信订阅消息').click()
    await desk.choose('微信里的模板', '优惠券到账通知')
    await desk.fill('事物 thing1', '一二三四五六七八九十一二三四五六七八九十一')
    await desk
      .dialog()
      .getByText(/最长 20 个字|不合微信 thing/)
      .waitFor()
    await desk.fill('事物 thing1', '周末上新')
    await desk.fill('日期 date3', '周末')
    await desk.dialog().getByText('“周末”不合微信 date 字段的格式').waitFor()
    await desk.fill('日期 date3', '{until}')
    await desk.button('加上短信').click()
    await desk.fill('短信正文', '{name}，这个周末有新货。')
    await desk
      .dialog()
      .getByText(/按 1 条计费/)
      .waitFor()
    await desk.button('加上邮件').click()
    await desk.fill('邮件标题', '{nobody}')
    await desk.fill('邮件正文', '这个周末有新货。')
    await desk.dialog().getByText('不认识的占位 {nobody}').waitFor()
    await desk.fill('邮件标题', '周末上新')
    await desk.button('加上企业微信群机器人').click()
    await desk.fill('群里的话', '周末上新，注意补货。')
    await desk.dialog().getByText('各渠道都能发').waitFor()
    await desk.look('template-form')
    await desk.button('保存').click()
    await desk.expects('模板已建好')
    await desk.page.getByRole('row', { name: /周末上新/ }).waitFor()
    const { content, version } = await template()
    expect(version).toBe(1)
    expect(JSON.parse(content)).toMatchObject({
      inbox: { title: '这个周末有新货', text: '新到的香氛和烛台，{name}' },
      subscribe: { template: 'coupon', fields: { thing1: '周末上新', date3: '{until}' } },
      sms: { text: '{name}，这个周末有新货。', params: ['name'] },
      email: { subject: '周末上新' },
      wecom: { text: '周末上新，注意补货。' },
    })
  })

  step('it is changed, and a channel is taken out', async () => {
    await openTemplate()
    await desk.press('去掉企业微信群机器人')
    await desk.fill('短信正文', '{name}，新货到了。')
    await desk.dialog().getByText('各渠道都能发').waitFor()
    await desk.button('保存').click()
    await desk.expects('已保存，下一条消息起按新的写')
    const { content, version } = await template()
    expect(version).toBe(2)
    expect(JSON.parse(content)).toMatchObject({ sms: { text: '{name}，新货到了。' } })
    expect(JSON.parse(content)).not.toHaveProperty('wecom')
  })

  step('a test goes to one member, and each channel says what became of it', async () => {
    await openTemplate()
    await desk.button('测试发送').click()
    await desk.page.getByRole('combobox', { name: '发给哪位会员' }).fill(phone)
    await desk.page.locator('.ant-select-item-option').filter({ hasText: '青叶会员' }).first().click()
    await desk.button('发给 TA').click()
    const results = desk.page.getByRole('list', { name: '测试结果' })
    await results.getByText('会员没有绑定微信').waitFor()
    const told = await results.innerText()
    for (const word of ['站内消息', '已发到', '短信', '正在发', '没有发', '会员没有确认过的邮箱'])
      expect(told).toContain(word)
    await desk.picture('care-messages-test-send')
    const sent = await desk.rows<{ channel: string; status: string }>(
      "SELECT channel, status FROM message WHERE source = 'test' ORDER BY channel",
    )
    expect(sent).toEqual([
      { channel: 'email', status: 'skipped' },
      { channel: 'inbox', status: 'sent' },
      { channel: 'sms', status: 'pending' },
      { channel: 'subscribe', status: 'skipped' },
    ])
    await desk.button('完成').click()
    await desk.closeDrawer()
  })

  step('the log tells of each message why it was not sent', async () => {
    await desk.go('/messages')
    await desk.button('只看测试').click()
    await desk.choose('结果', '未发送')
    await desk.page.getByRole('row', { name: /会员没有绑定微信/ }).click()
    await desk.dialog().getByText('会员没有绑定微信').waitFor()
    await desk.dialog().getByText('测试发送').waitFor()
    await desk.look('log')
    await desk.closeDrawer()
  })

  step('dead letters are sent again or let be', async () => {
    // What the carrier refused and what nobody knows about, as a sender leaves them.
    const [sms] = await desk.rows<{ id: string }>("SELECT id FROM message WHERE channel = 'sms' AND source = 'test'")
    const [other] = await desk.rows<{ id: string }>(
      "SELECT id FROM message WHERE channel = 'email' AND source = 'test'",
    )
    await desk.shop.server.deps.db.tx(async (tx) => {
      tx.write("UPDATE message SET status = 'failed', reason = 'sms:busy' WHERE id = ?", [sms.id])
      tx.write("UPDATE message SET status = 'unknown', reason = 'no_answer' WHERE id = ?", [other.id])
    })
    await desk.go('/messages?tab=dead')
    const list = desk.page.getByRole('row')
    await list.filter({ hasText: '短信服务商拒绝：busy' }).getByRole('checkbox').check()
    await desk.look('dead')
    await desk.button('重新发送').click()
    await desk.confirm('重新发送')
    await desk.expects('重新发送 1 条')
    await list.filter({ hasText: '不知道是否送达' }).getByRole('checkbox').check()
    await desk.button('不再处理').click()
    await desk.dialog().getByText('这些消息不会再发，记录和原因仍然保留。').waitFor()
    await desk.confirm('不再处理')
    await desk.expects('没有发不出去的消息')
    const left = await desk.rows<{ id: string; status: string }>('SELECT id, status FROM message WHERE id IN (?, ?)', [
      sms.id,
      other.id,
    ])
    expect(new Map(left.map((m) => [m.id, m.status]))).toEqual(
      new Map([
        [sms.id, 'pending'],
        [other.id, 'discarded'],
      ]),
    )
  })

  step('caps and quiet hours are set', async () => {
    await desk.go('/messages?tab=settings')
    await desk.fill('合计每天', '2')
    await desk.fill('短信每周', '1')
    await desk.look('settings')
    await desk.button('保存').click()
    await desk.expects('已保存，从下一条消息起按新的算')
    const [row] = await desk.rows<{ value: string }>('SELECT value FROM message_settings')
    expect(JSON.parse(row.value)).toMatchObject({ caps: { total: { day: 2 }, sms: { week: 1 } } })
  })

  step('a webhook is registered, its secret shown once, and switched off', async () => {
    await desk.go('/messages?tab=endpoints')
    await desk.choose('种类', 'Webhook')
    await desk.fill('名字', '订单系统')
    await desk.fill('地址', 'https://hooks.example.com/huiyuan?key=1')
    await desk.button('登记').click()
    await desk
      .dialog()
      .getByText(/请交给接收方保存，用来核对签名/)
      .waitFor()
    await desk.confirm('已保存')
    await desk.expects('hooks.example.com')
    await desk.look('endpoints')
    await desk.page.getByRole('switch', { name: '启用订单系统' }).click()
    await desk.page.getByRole('switch', { name: '启用订单系统', checked: false }).waitFor()
    expect(await desk.rows('SELECT name, active FROM message_endpoint')).toEqual([{ name: '订单系统', active: 0 }])
  })

  step('a template is archived and taken into use again', async () => {
    await desk.go('/messages?tab=templates')
    await openTemplate()
    await desk.button('归档').click()
    await desk.confirm('归档')
    await desk.expects('已归档')
    expect((await template()).archived).toBe(1)
    await desk.page.locator('.ant-segmented-item').filter({ hasText: '已归档' }).click()
    await openTemplate()
    await desk.button('重新启用').click()
    await desk.confirm('启用')
    await desk.expects('已重新启用')
    expect((await template()).archived).toBe(0)
  })

  step('nothing went wrong on the page', async () => {
    expect(desk.problems).toEqual([])
  })
})
