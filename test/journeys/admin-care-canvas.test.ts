import type { JourneyDefinition, JourneyNode } from '../../shared/journey'
import { template } from '../care/shop'
import { type Desk, openAdmin } from './desk'
import { describeWith } from './requirements'
import { stepsOf } from './steps'

describeWith(['chromium', 'admin'], 'An operator draws journeys', () => {
  let desk: Desk
  beforeAll(async () => {
    desk = await openAdmin('care-canvas')
    const { server, owner } = desk.shop
    await template(server, owner, {
      inbox: { title: '周末上新', text: '新货到了', page: null },
      sms: { template: 'care', text: '新货到了', params: [] },
    })
    await server.call('POST /admin/tags', { name: '爱香氛', category: '喜好', kind: 'manual' }, { as: owner })
    await server.call(
      'POST /admin/message-endpoints',
      { channel: 'webhook', name: '订单系统', url: 'https://hooks.example.com/in' },
      { as: owner },
    )
  })
  afterAll(() => desk?.close())
  const step = stepsOf('care-canvas', () => [desk])

  const palette = (kind: string) =>
    desk.page.getByRole('toolbar', { name: '节点，拖到线上' }).getByRole('button', { name: kind, exact: true })
  const box = (id: string) => desk.page.locator(`.react-flow__node[data-id="${id}"]`)
  const newJourney = async (name: string, trigger: string): Promise<void> => {
    await desk.go('/journeys')
    await desk.button('新建旅程').click()
    await desk.fill('名字', name)
    await desk.choose('什么时候开始', trigger)
    await desk.button('开始画').click()
    await desk.page.getByRole('heading', { name, exact: true }).waitFor()
    await palette('送积分').waitFor()
  }
  const save = async (): Promise<void> => {
    await desk.button('保存草稿').click()
    await desk.expects('草稿已保存')
    await desk.page.getByText('改动未保存').waitFor({ state: 'detached' })
  }
  const saved = async (name: string): Promise<JourneyDefinition> => {
    const [row] = await desk.rows<{ draft: string }>('SELECT draft FROM journey WHERE name = ?', [name])
    return JSON.parse(row.draft) as JourneyDefinition
  }

  step('nodes are dragged from the palette onto a way', async () => {
    await newJourney('拖出来的旅程', '手动加入')
    await desk.expects(/个问题：至少要有一个节点/)
    await desk.look('blank')
    await palette('条件判断').dragTo(desk.page.getByLabel('在这里之后加一步'))
    await desk.dialog().getByText('条件判断').waitFor()
    await desk.closeDrawer()
    await palette('送积分').dragTo(desk.page.getByLabel('在是之后加一步'))
    await desk.fill('说明', '')
    await desk.page.getByLabel(/^送积分：.*1 个问题$/).waitFor()
    await desk.dialog().getByText('请写积分的说明').first().waitFor()
    expect(await desk.button('发布').isDisabled()).toBe(true)
    await desk.fill('说明', '旅程送的')
    await desk.closeDrawer()
    await desk.expects('可以发布')
    await save()
    const { start, nodes } = await saved('拖出来的旅程')
    expect(start).toBe('n1')
    expect(nodes).toMatchObject([
      { id: 'n1', kind: 'condition', yes: 'n2', no: null },
      { id: 'n2', kind: 'points', note: '旅程送的', next: null },
    ])
  })

  step('a line drawn by hand makes a way lead elsewhere, undo takes it back', async () => {
    await desk.page.getByLabel('看全').click()
    const dot = box('n1').locator('.react-flow__handle.source[data-handleid="no"]')
    const draw = async (): Promise<void> => {
      await dot.hover()
      await desk.page.mouse.down()
      const target = await box('n2').boundingBox()
      if (!target) throw new Error('The box is not on the page')
      const [x, y] = [target.x + target.width / 2, target.y + 12]
      await desk.page.mouse.move(x + 40, y - 40, { steps: 5 })
      await desk.page.mouse.move(x, y, { steps: 5 })
      await desk.page.mouse.up()
      await desk.expects('改动未保存')
    }
    await draw()
    await desk.button('撤销').click()
    await desk.page.getByText('改动未保存').waitFor({ state: 'detached' })
    await draw()
    await desk.look('connected')
    await save()
    expect((await saved('拖出来的旅程')).nodes[0]).toMatchObject({ yes: 'n2', no: 'n2' })
  })

  step('a node that nothing leads to is marked, and a removed one gives its place to the next', async () => {
    await desk.page.getByLabel(/^条件判断：/).click()
    await desk.choose('“是”之后', '旅程结束')
    await desk.choose('“否”之后', '旅程结束')
    await desk.closeDrawer()
    await desk.page.getByLabel(/^送积分：.*1 个问题$/).waitFor()
    await box('n2').getByText('走不到这个节点').waitFor()
    await desk.page.getByLabel(/^条件判断：/).click()
    await desk.choose('“是”之后', '送积分')
    await desk.button(/^删除“条件判断”/).click()
    await desk.expects('可以发布')
    await save()
    expect(await saved('拖出来的旅程')).toMatchObject({ start: 'n2', nodes: [{ id: 'n2', next: null }] })
  })

  step('every kind of node is added and its form filled in', async () => {
    await newJourney('什么都有的旅程', '手动加入')
    const add = async (kind: string, title = kind): Promise<void> => {
      await palette(kind).click()
      await desk.dialog().getByText(title, { exact: true }).first().waitFor()
    }
    await add('等待一段时间')
    await desk.fill('数量', '3')
    await desk.choose('单位', '小时')
    await add('等到某个时刻')
    await desk.fill('几天以后', '2')
    await add('等待事件')
    await desk.choose('等什么', '用券')
    await desk.fill('只限', 'coupon-1')
    await add('条件判断')
    await desk.choose('第 1 个条件看什么', '累计消费')
    await desk.fill('值', '200')
    await add('多路分支')
    await desk.fill('第 1 路的名字', '常客')
    await desk.button('再加一路').click()
    await desk.fill('第 2 路的名字', '新客')
    await add('A/B 分流')
    await desk.fill('第 1 组的名字', '送券')
    await desk.fill('送券的份数', '70')
    await add('发优惠券')
    await desk.choose('哪种券', '家居香氛满减券')
    await add('送积分')
    await desk.fill('送多少', '66')
    await desk.fill('说明', '周末上新')
    await add('加成长值')
    await desk.fill('加多少', '12')
    await add('打标签')
    await desk.choose('做什么', '去掉')
    await add('发消息')
    await desk.dialog().getByText('站内消息').first().waitFor()
    await desk.look('message-node')
    await add('店员待办')
    await desk.fill('标题', '打个电话')
    await desk.fill('几天内做完', '5')
    await add('调用 Webhook')
    await add('结束')
    await desk.fill('原因', '走完了')
    await desk.closeDrawer()
    await desk.expects('可以发布')
    await desk.page.getByLabel('看全').click()
    await desk.look('every-kind')
    await save()
    const { nodes } = await saved('什么都有的旅程')
    const of = <K extends JourneyNode['kind']>(kind: K) => nodes.find((n) => n.kind === kind)
    expect(nodes).toHaveLength(14)
    expect(of('wait')).toMatchObject({ amount: 3, unit: 'hour' })
    expect(of('wait_until')).toMatchObject({ afterDays: 2, at: '10:00' })
    expect(of('wait_event')).toMatchObject({ event: 'coupon_redeem', target: 'coupon-1' })
    expect(of('condition')).toMatchObject({ test: { tests: [{ field: 'spendFen', op: 'gte', value: 20_000 }] } })
    expect(of('branch')).toMatchObject({ branches: [{ name: '常客' }, { name: '新客' }] })
    expect(of('split')).toMatchObject({
      arms: [
        { name: '送券', weight: 70 },
        { name: 'B 组', weight: 50 },
      ],
    })
    expect(of('points')).toMatchObject({ points: 66, note: '周末上新' })
    expect(of('growth')).toMatchObject({ growth: 12 })
    expect(of('tag')).toMatchObject({ remove: true })
    expect(of('message')).toMatchObject({ channels: ['inbox', 'sms'] })
    expect(of('task')).toMatchObject({ title: '打个电话', dueDays: 5 })
    expect(of('exit')).toMatchObject({ reason: '走完了' })
    for (const kind of ['coupon', 'webhook'] as const) expect(of(kind)).toBeDefined()
  })

  step('the gift of a birthday stands in a journey by date, and the table draws as well', async () => {
    await newJourney('生日旅程', '日期到来时')
    await desk.page.locator('.ant-segmented-item').filter({ hasText: '列表' }).click()
    await desk.button('加第一步').click()
    await desk.page.getByRole('menuitem', { name: /关怀礼/ }).click()
    await desk.choose('哪种礼', '周年礼')
    await desk.dialog().getByText('关怀礼只能用在同一个日期触发的旅程里').waitFor()
    await desk.choose('哪种礼', '生日礼')
    await desk.closeDrawer()
    await desk.button('开始与目标').click()
    await desk.fill('提前或推后', '-3')
    await desk.fill('对照组', '20')
    await desk.closeDrawer()
    await desk.look('table')
    await save()
    expect(await saved('生日旅程')).toMatchObject({
      trigger: { kind: 'date', field: 'birthday', days: -3 },
      holdout: { percent: 20 },
      nodes: [{ kind: 'gift', occasion: 'birthday' }],
    })
  })

  step('a draft that was never published is deleted', async () => {
    await desk.button('删除').click()
    await desk.dialog().getByText('这个草稿从未发布，删除后不能恢复。').waitFor()
    await desk.confirm('删除')
    await desk.page.getByRole('heading', { name: '旅程', exact: true }).waitFor()
    await desk.page.getByRole('row', { name: /生日旅程/ }).waitFor({ state: 'detached' })
    expect(await desk.rows("SELECT id FROM journey WHERE name = '生日旅程'")).toEqual([])
  })

  step('nothing went wrong on the page', async () => {
    expect(desk.problems).toEqual([])
  })
})
