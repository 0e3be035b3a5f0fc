import type { JourneyDefinition, JourneyNode, JourneyTest, JourneyTrigger } from './contract/journey-shapes'

/** Words and rules of journeys that the server and the canvas share. */

export type { JourneyDefinition, JourneyNode, JourneyTest, JourneyTrigger } from './contract/journey-shapes'

export const stageWords: Record<string, string> = {
  new: '新客',
  active: '活跃',
  loyal: '忠诚',
  dormant: '沉睡',
  lost: '流失',
}

export const nodeWords: Record<JourneyNode['kind'], { name: string; group: 'condition' | 'wait' | 'action' | 'end' }> =
  {
    condition: { name: '条件判断', group: 'condition' },
    branch: { name: '多路分支', group: 'condition' },
    split: { name: 'A/B 分流', group: 'condition' },
    wait: { name: '等待一段时间', group: 'wait' },
    wait_until: { name: '等到某个时刻', group: 'wait' },
    wait_event: { name: '等待事件', group: 'wait' },
    coupon: { name: '发优惠券', group: 'action' },
    points: { name: '送积分', group: 'action' },
    growth: { name: '加成长值', group: 'action' },
    tag: { name: '打标签', group: 'action' },
    gift: { name: '关怀礼', group: 'action' },
    message: { name: '发消息', group: 'action' },
    task: { name: '店员待办', group: 'action' },
    webhook: { name: '调用 Webhook', group: 'action' },
    exit: { name: '结束', group: 'end' },
  }

export const triggerWords: Record<JourneyTrigger['kind'], string> = {
  event: '发生事件时',
  segment: '进入或离开人群时',
  date: '日期到来时',
  schedule: '定时',
  tier: '等级变化时',
  tier_risk: '即将降级时',
  stage: '生命周期变化时',
  churn: '流失风险升高时',
  expiring: '权益快到期时',
  repurchase: '超过本人复购间隔时',
  manual: '手动加入',
}

/** Events of the interaction log that a journey can wait for or start with. */
export const journeyEvents: Record<string, string> = {
  join: '入会',
  purchase: '消费',
  refund: '退款',
  coupon_claim: '领券',
  coupon_grant: '收到券',
  coupon_redeem: '用券',
  gift_opened: '拆开礼物',
  checkin: '签到',
  reward_redeem: '兑换礼品',
  review: '写评价',
  nps_given: '回答 NPS',
  satisfaction_given: '填满意度',
  complaint_opened: '提交投诉',
  referral: '邀请成功',
  share: '分享',
  search: '搜索',
  favourite: '收藏',
  page_view: '浏览页面',
  coupon_view: '看券',
  code_view: '出示会员码',
}

/** What a simple condition can ask, of the member as they are this moment. */
export const journeyFields: Record<
  string,
  { name: string; type: 'number' | 'text' | 'flag'; unit?: string; choices?: Record<string, string> }
> = {
  tierLevel: { name: '等级', type: 'number', unit: '级' },
  joinedDays: { name: '入会天数', type: 'number', unit: '天' },
  purchases: { name: '消费次数', type: 'number', unit: '次' },
  spendFen: { name: '累计消费', type: 'number', unit: '分' },
  daysSincePurchase: { name: '距上次消费', type: 'number', unit: '天' },
  pointsBalance: { name: '积分余额', type: 'number', unit: '分' },
  couponsHeld: { name: '可用券', type: 'number', unit: '张' },
  churnPercent: { name: '流失风险', type: 'number', unit: '%' },
  stage: { name: '生命周期', type: 'text', choices: stageWords },
  gender: { name: '性别', type: 'text', choices: { male: '男', female: '女', unknown: '未知' } },
  hasPhone: { name: '绑定手机', type: 'flag' },
  hasWechat: { name: '绑定微信', type: 'flag' },
  personalised: { name: '开启个性化', type: 'flag' },
  'trigger.target': { name: '触发事件的对象', type: 'text' },
}

export const operators: Record<'eq' | 'ne' | 'gte' | 'lte' | 'gt' | 'lt' | 'in', string> = {
  eq: '等于',
  ne: '不等于',
  gte: '不少于',
  lte: '不多于',
  gt: '大于',
  lt: '小于',
  in: '属于',
}

/** The ways out of a node, with the field that holds each; null leads to the end. */
export const waysOf = (node: JourneyNode): { field: string; label: string; to: string | null }[] => {
  switch (node.kind) {
    case 'condition':
      return [
        { field: 'yes', label: '是', to: node.yes },
        { field: 'no', label: '否', to: node.no },
      ]
    case 'branch':
      return [
        ...node.branches.map((b, i) => ({ field: `branches.${i}.next`, label: b.name, to: b.next })),
        { field: 'otherwise', label: '其他', to: node.otherwise },
      ]
    case 'split':
      return node.arms.map((a, i) => ({ field: `arms.${i}.next`, label: a.name, to: a.next }))
    case 'wait_event':
      return [
        { field: 'next', label: '发生了', to: node.next },
        { field: 'timeout', label: '超时', to: node.timeout },
      ]
    case 'exit':
      return []
    default:
      return [{ field: 'next', label: '', to: node.next }]
  }
}

/** Where something is wrong with a definition. */
export interface JourneyProblem {
  path: string
  nodeId: string | null
  message: string
}

const checkTest = (test: JourneyTest, path: string, nodeId: string | null): JourneyProblem[] => {
  const wrong: JourneyProblem[] = []
  if (!test.tests.length) wrong.push({ path, nodeId, message: '至少要有一个条件' })
  for (const [i, t] of test.tests.entries()) {
    if (t.kind !== 'field') continue
    const at = `${path}.tests.${i}`
    const field = journeyFields[t.field]
    if (!field) wrong.push({ path: `${at}.field`, nodeId, message: '没有这个字段' })
    else if (t.op === 'in' ? !Array.isArray(t.value) : Array.isArray(t.value))
      wrong.push({ path: `${at}.value`, nodeId, message: '“属于”要有一列值，其他只要一个值' })
    else if (field.type === 'number' && t.op !== 'in' && typeof t.value !== 'number')
      wrong.push({ path: `${at}.value`, nodeId, message: '请填数字' })
    else if (field.type === 'flag' && typeof t.value !== 'boolean')
      wrong.push({ path: `${at}.value`, nodeId, message: '请选是或否' })
    else if (field.type !== 'number' && !['eq', 'ne', 'in'].includes(t.op))
      wrong.push({ path: `${at}.op`, nodeId, message: '这个字段只能比较是否相等' })
  }
  return wrong
}

const checkTrigger = (trigger: JourneyTrigger): JourneyProblem[] => {
  const wrong: JourneyProblem[] = []
  const say = (field: string, message: string): void =>
    void wrong.push({ path: `trigger.${field}`, nodeId: null, message })
  if (trigger.kind === 'event' && !journeyEvents[trigger.event]) say('event', '没有这个事件')
  if (trigger.kind === 'schedule') {
    if (trigger.every === 'once' && !trigger.on) say('on', '请选日期')
    if (trigger.every === 'week' && !trigger.weekday) say('weekday', '请选星期几')
    if (trigger.every === 'month' && !trigger.monthDay) say('monthDay', '请选几号')
  }
  if (trigger.kind === 'expiring' && new Set(trigger.daysAhead).size !== trigger.daysAhead.length)
    say('daysAhead', '提前天数不能重复')
  return wrong
}

const checkNode = (node: JourneyNode, definition: JourneyDefinition): JourneyProblem[] => {
  const wrong: JourneyProblem[] = []
  const say = (field: string, message: string): void =>
    void wrong.push({ path: `nodes.${node.id}.${field}`, nodeId: node.id, message })
  const known = new Set(definition.nodes.map((n) => n.id))
  for (const { field, to } of waysOf(node)) if (to !== null && !known.has(to)) say(field, '连到了不存在的节点')
  if (node.kind === 'condition') wrong.push(...checkTest(node.test, `nodes.${node.id}.test`, node.id))
  if (node.kind === 'branch')
    for (const [i, b] of node.branches.entries())
      wrong.push(...checkTest(b.test, `nodes.${node.id}.branches.${i}.test`, node.id))
  if (node.kind === 'split' && new Set(node.arms.map((a) => a.key)).size !== node.arms.length)
    say('arms', '分组的编号不能重复')
  if (node.kind === 'message' && new Set(node.channels).size !== node.channels.length) say('channels', '渠道不能重复')
  if (node.kind === 'wait_event' && !journeyEvents[node.event]) say('event', '没有这个事件')
  if (node.kind === 'gift') {
    const { trigger } = definition
    if (trigger.kind !== 'date' || trigger.field !== node.occasion)
      say('occasion', '关怀礼只能用在同一个日期触发的旅程里')
  }
  return wrong
}

/** Nodes that can be reached from the start, and the first node found on a circle. */
const walk = (definition: JourneyDefinition): { reached: Set<string>; circle: string | null } => {
  const byId = new Map(definition.nodes.map((n) => [n.id, n]))
  const reached = new Set<string>()
  const open = new Set<string>()
  let circle: string | null = null
  const visit = (id: string | null): void => {
    const node = id === null ? undefined : byId.get(id)
    if (!node) return
    if (open.has(node.id)) circle ??= node.id
    if (reached.has(node.id)) return
    reached.add(node.id)
    open.add(node.id)
    for (const { to } of waysOf(node)) visit(to)
    open.delete(node.id)
  }
  visit(definition.start)
  return { reached, circle }
}

/**
 * What stands against publishing a definition, by the path of the field. Pure: whether the coupons, templates and segments it names are
 * there is asked by the server.
 */
export const checkDefinition = (definition: JourneyDefinition): JourneyProblem[] => {
  const wrong: JourneyProblem[] = [...checkTrigger(definition.trigger)]
  const say = (path: string, message: string, nodeId: string | null = null): void =>
    void wrong.push({ path, nodeId, message })
  if (definition.audience) wrong.push(...checkTest(definition.audience, 'audience', null))
  const ids = definition.nodes.map((n) => n.id)
  if (!definition.nodes.length) say('nodes', '至少要有一个节点')
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) say(`nodes.${id}`, '节点编号重复', id)
  if (definition.nodes.length && (definition.start === null || !ids.includes(definition.start)))
    say('start', '请从触发条件连出第一个节点')
  for (const node of definition.nodes) wrong.push(...checkNode(node, definition))
  const { reached, circle } = walk(definition)
  if (circle) say(`nodes.${circle}`, '连成了圈：旅程不能回到走过的节点，再次进入由“重复进入”决定', circle)
  for (const id of new Set(ids)) if (!reached.has(id) && definition.start) say(`nodes.${id}`, '走不到这个节点', id)
  if (definition.goal && !journeyEvents[definition.goal.event]) say('goal.event', '没有这个事件')
  for (const [i, exit] of definition.exits.entries())
    if (!journeyEvents[exit.event]) say(`exits.${i}.event`, '没有这个事件')
  if (definition.reentry.kind === 'after' && definition.reentry.days < 1) say('reentry.days', '请填间隔天数')
  if (definition.holdout.percent === 0 && !definition.holdout.reason)
    say('holdout.reason', '不留对照组要说明原因，否则无法知道旅程是否有效')
  return wrong
}

const clockWords = (at: string): string => ` ${at}`

/** A trigger in words: `生日当天 00:35`. */
export const describeTrigger = (t: JourneyTrigger): string => {
  switch (t.kind) {
    case 'event':
      return `${journeyEvents[t.event] ?? t.event}时`
    case 'segment':
      return t.change === 'enter' ? '进入人群时' : '离开人群时'
    case 'date': {
      const what = t.field === 'birthday' ? '生日' : '入会周年'
      const when = t.days === 0 ? '当天' : t.days < 0 ? `前 ${-t.days} 天` : `后 ${t.days} 天`
      return `${what}${when}${clockWords(t.at)}`
    }
    case 'schedule': {
      const every = {
        once: t.on ?? '',
        day: '每天',
        week: `每周${'一二三四五六日'[(t.weekday ?? 1) - 1]}`,
        month: `每月 ${t.monthDay} 日`,
      }
      return `${every[t.every]}${clockWords(t.at)}`
    }
    case 'tier':
      return { up: '升级时', down: '降级时', keep: '保级时' }[t.direction]
    case 'tier_risk':
      return `等级到期前 ${t.daysAhead} 天内且成长值不够${clockWords(t.at)}`
    case 'stage':
      return `变为${stageWords[t.to]}时`
    case 'churn':
      return `流失风险达到 ${Math.round(t.above * 100)} %${clockWords(t.at)}`
    case 'expiring':
      return `${t.what === 'points' ? '积分' : '券'}到期前 ${t.daysAhead.map((d) => (d === 0 ? '当' : d)).join('、')} 天${clockWords(t.at)}`
    case 'repurchase':
      return `超过本人消费间隔的 ${t.percent} %${clockWords(t.at)}`
    case 'manual':
      return '手动加入'
  }
}
