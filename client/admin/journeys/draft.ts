import type { Output } from '@shared/contract'
import {
  type JourneyDefinition,
  type JourneyNode,
  type JourneyProblem,
  type JourneyTest,
  journeyEvents,
  journeyFields,
  nodeWords,
  operators,
  waysOf,
} from '@shared/journey'
import { channelNames } from '@shared/message'

/** What the canvas offers in its lists: coupons, templates, segments, tags, endpoints. */
export type Options = Output<'GET /admin/journey-options'>
export type NodeKind = JourneyNode['kind']

/** A way in the definition: the start, or a way out of a node. */
export interface Way {
  nodeId: string | null
  field: string
}

const unitNames = { minute: '分钟', hour: '小时', day: '天' } as const
const nameIn = (list: readonly { id: string; name: string }[] | undefined, id: string) =>
  list?.find((one) => one.id === id)?.name ?? '（已停用）'

const describeOne = (test: JourneyTest['tests'][number], options: Options | undefined): string => {
  if (test.kind === 'segment')
    return `${test.inside ? '在' : '不在'}人群“${nameIn(options?.segments, test.segmentId)}”里`
  if (test.kind === 'tree') return `符合 ${test.tree.of.length} 个人群条件`
  const field = journeyFields[test.field]
  if (!field) return test.field
  if (field.type === 'flag') return `${test.value === (test.op === 'eq') ? '已' : '未'}${field.name}`
  const say = (value: unknown) => field.choices?.[String(value)] ?? String(value)
  const value = Array.isArray(test.value)
    ? test.value.map(say).join('、')
    : test.field === 'spendFen'
      ? `${Number(test.value) / 100} 元`
      : `${say(test.value)}${field.unit ? ` ${field.unit}` : ''}`
  return `${field.name}${operators[test.op]} ${value}`
}

/** A condition in words: `消费次数不少于 2 次，且 已绑定微信`. */
export const describeTest = (test: JourneyTest, options?: Options): string =>
  test.tests.map((one) => describeOne(one, options)).join(test.match === 'all' ? '，且 ' : '，或 ') || '还没有条件'

/** What a node does, in words a shop owner reads on the canvas. */
export const describeNode = (node: JourneyNode, options?: Options): string => {
  switch (node.kind) {
    case 'condition':
      return describeTest(node.test, options)
    case 'branch':
      return `${node.branches.length} 路，其余走“其他”`
    case 'split': {
      const sum = node.arms.reduce((total, arm) => total + arm.weight, 0)
      return node.arms.map((arm) => `${arm.name} ${Math.round((arm.weight / sum) * 100)} %`).join('，')
    }
    case 'wait':
      return `${node.amount} ${unitNames[node.unit]}`
    case 'wait_until': {
      const days = node.afterDays === 0 ? '' : `${node.afterDays} 天后`
      const week = node.weekdays.length ? `（周${node.weekdays.map((d) => '一二三四五六日'[d - 1]).join('、')}）` : ''
      return `${days}到 ${node.at}${week}`
    }
    case 'wait_event':
      return `${journeyEvents[node.event] ?? node.event}，最多等 ${node.amount} ${unitNames[node.unit]}`
    case 'coupon':
      return nameIn(options?.coupons, node.templateId)
    case 'points':
      return `${node.points.toLocaleString('zh-CN')} 积分，${node.note}`
    case 'growth':
      return `${node.growth.toLocaleString('zh-CN')} 成长值`
    case 'tag':
      return `${node.remove ? '去掉' : '打上'}“${nameIn(options?.tags, node.tagId)}”`
    case 'gift':
      return node.occasion === 'birthday' ? '生日礼，每年一次' : '周年礼，每年一次'
    case 'message':
      return `${nameIn(options?.templates, node.templateId)}：${node.channels.map((c) => channelNames[c]).join(' → ')}`
    case 'task':
      return `${node.title}，${node.dueDays === 0 ? '当天' : `${node.dueDays} 天内`}`
    case 'webhook':
      return nameIn(options?.endpoints, node.endpointId)
    case 'exit':
      return node.reason || '走到这里结束'
  }
}

/** The name a node goes by: its own, or that of its kind. */
export const titleOf = (node: JourneyNode): string => node.name || nodeWords[node.kind].name

const freshId = (definition: JourneyDefinition): string => {
  const taken = new Set(definition.nodes.map((node) => node.id))
  let next = definition.nodes.length + 1
  while (taken.has(`n${next}`)) next += 1
  return `n${next}`
}

/** Why a kind cannot be added now; null when it can. */
export const whyNot = (kind: NodeKind, definition: JourneyDefinition, options: Options | undefined): string | null => {
  if (definition.nodes.length >= 60) return '一个旅程最多 60 个节点'
  if (kind === 'coupon' && !options?.coupons.length) return '先发布一种优惠券'
  if (kind === 'message' && !options?.templates.some((t) => personChannelsOf(t.channels).length))
    return '先建一个消息模板'
  if (kind === 'tag' && !options?.tags.length) return '先建一个标签'
  if (kind === 'webhook' && !options?.endpoints.some((e) => e.channel === 'webhook')) return '先登记一个 Webhook 地址'
  if (kind === 'gift' && definition.trigger.kind !== 'date') return '只用在生日或周年触发的旅程里'
  return null
}

const personal = ['inbox', 'subscribe', 'sms', 'email'] as const
/** The channels of a template that reach a member, in the order they are tried by default: WeChat, then inbox, then paid ones. */
export const personChannelsOf = (channels: readonly string[]) =>
  (['subscribe', 'inbox', 'sms', 'email'] as const).filter((c) => channels.includes(c) && personal.includes(c))

const newNode = (kind: NodeKind, id: string, definition: JourneyDefinition, options: Options | undefined) => {
  const base = { id, name: '', x: 0, y: 0 }
  const test: JourneyTest = { match: 'all', tests: [{ kind: 'field', field: 'purchases', op: 'gte', value: 1 }] }
  const template = options?.templates.find((t) => personChannelsOf(t.channels).length)
  const { trigger } = definition
  const made: { [K in NodeKind]: () => Extract<JourneyNode, { kind: K }> } = {
    condition: () => ({ ...base, kind: 'condition', test, yes: null, no: null }),
    branch: () => ({
      ...base,
      kind: 'branch',
      branches: [{ name: '第一路', test, next: null }],
      otherwise: null,
    }),
    split: () => ({
      ...base,
      kind: 'split',
      arms: [
        { key: 'a', name: 'A 组', weight: 50, next: null },
        { key: 'b', name: 'B 组', weight: 50, next: null },
      ],
    }),
    wait: () => ({ ...base, kind: 'wait', amount: 1, unit: 'day', next: null }),
    wait_until: () => ({ ...base, kind: 'wait_until', at: '10:00', afterDays: 0, weekdays: [], next: null }),
    wait_event: () => ({
      ...base,
      kind: 'wait_event',
      event: 'purchase',
      target: null,
      amount: 7,
      unit: 'day',
      next: null,
      timeout: null,
    }),
    coupon: () => ({ ...base, kind: 'coupon', templateId: options?.coupons[0]?.id ?? '', next: null }),
    points: () => ({ ...base, kind: 'points', points: 50, note: '旅程赠送', next: null }),
    growth: () => ({ ...base, kind: 'growth', growth: 10, next: null }),
    tag: () => ({ ...base, kind: 'tag', tagId: options?.tags[0]?.id ?? '', remove: false, next: null }),
    gift: () => ({ ...base, kind: 'gift', occasion: trigger.kind === 'date' ? trigger.field : 'birthday', next: null }),
    message: () => ({
      ...base,
      kind: 'message',
      templateId: template?.id ?? '',
      channels: personChannelsOf(template?.channels ?? ['inbox']),
      next: null,
    }),
    task: () => ({ ...base, kind: 'task', title: '联系会员', note: '', dueDays: 3, next: null }),
    webhook: () => ({
      ...base,
      kind: 'webhook',
      endpointId: options?.endpoints.find((e) => e.channel === 'webhook')?.id ?? '',
      next: null,
    }),
    exit: () => ({ ...base, kind: 'exit', reason: '' }),
  }
  return made[kind]()
}

/** The node with one of its ways leading elsewhere. */
const withWay = (node: JourneyNode, field: string, to: string | null): JourneyNode => {
  const [list, index, last] = field.split('.')
  if (last === undefined) return { ...node, [field]: to } as JourneyNode
  if (node.kind === 'branch' && list === 'branches')
    return { ...node, branches: node.branches.map((b, i) => (i === Number(index) ? { ...b, next: to } : b)) }
  if (node.kind === 'split' && list === 'arms')
    return { ...node, arms: node.arms.map((a, i) => (i === Number(index) ? { ...a, next: to } : a)) }
  return node
}

/** The definition with one way leading elsewhere. */
export const setWay = (definition: JourneyDefinition, way: Way, to: string | null): JourneyDefinition =>
  way.nodeId === null
    ? { ...definition, start: to }
    : {
        ...definition,
        nodes: definition.nodes.map((node) => (node.id === way.nodeId ? withWay(node, way.field, to) : node)),
      }

const wayTarget = (definition: JourneyDefinition, way: Way): string | null => {
  if (way.nodeId === null) return definition.start
  const node = definition.nodes.find((n) => n.id === way.nodeId)
  return (node && waysOf(node).find((w) => w.field === way.field)?.to) ?? null
}

/** Puts a new node on a way; what stood after goes on from its first way out. */
export const insertNode = (
  definition: JourneyDefinition,
  way: Way,
  kind: NodeKind,
  options: Options | undefined,
): { definition: JourneyDefinition; id: string } => {
  const id = freshId(definition)
  const node = newNode(kind, id, definition, options)
  const after = wayTarget(definition, way)
  const first = waysOf(node)[0]
  const linked = first ? withWay(node, first.field, after) : node
  return {
    id,
    definition: dropUnreached(setWay({ ...definition, nodes: [...definition.nodes, linked] }, way, id), definition),
  }
}

/** Ids of the nodes that can be reached from the start. */
export const reachedFrom = (definition: JourneyDefinition): Set<string> => {
  const byId = new Map(definition.nodes.map((node) => [node.id, node]))
  const reached = new Set<string>()
  const open = [definition.start]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = id === null ? undefined : byId.get(id)
    if (!node || reached.has(node.id)) continue
    reached.add(node.id)
    for (const { to } of waysOf(node)) open.push(to)
  }
  return reached
}

/** Takes out nodes that an edit cut off; those that were loose before it stay, so nothing vanishes that the edit did not touch. */
const dropUnreached = (definition: JourneyDefinition, before: JourneyDefinition): JourneyDefinition => {
  const [was, is] = [reachedFrom(before), reachedFrom(definition)]
  return { ...definition, nodes: definition.nodes.filter((node) => is.has(node.id) || !was.has(node.id)) }
}

/** Takes a node out: what led to it leads on to its first way; ways behind its other exits go with it. */
export const removeNode = (definition: JourneyDefinition, id: string): JourneyDefinition => {
  const node = definition.nodes.find((n) => n.id === id)
  if (!node) return definition
  const on = waysOf(node)[0]?.to ?? null
  const rest: JourneyDefinition = {
    ...definition,
    start: definition.start === id ? on : definition.start,
    nodes: definition.nodes
      .filter((n) => n.id !== id)
      .map((n) => waysOf(n).reduce((kept, way) => (way.to === id ? withWay(kept, way.field, on) : kept), n)),
  }
  return dropUnreached(rest, definition)
}

export const replaceNode = (definition: JourneyDefinition, node: JourneyNode): JourneyDefinition =>
  dropUnreached({ ...definition, nodes: definition.nodes.map((n) => (n.id === node.id ? node : n)) }, definition)

/** Nodes in the order a reader meets them: from the start, first ways first; loose ones last. */
export const inReadingOrder = (definition: JourneyDefinition): JourneyNode[] => {
  const byId = new Map(definition.nodes.map((node) => [node.id, node]))
  const seen = new Set<string>()
  const visit = (id: string | null): void => {
    const node = id === null ? undefined : byId.get(id)
    if (!node || seen.has(node.id)) return
    seen.add(node.id)
    for (const { to } of waysOf(node)) visit(to)
  }
  visit(definition.start)
  return [...seen, ...definition.nodes.map((n) => n.id).filter((id) => !seen.has(id))].flatMap(
    (id) => byId.get(id) ?? [],
  )
}

/** Nodes a way out of `id` may lead to: all but those that lead back to it. */
export const targetsFor = (definition: JourneyDefinition, id: string): JourneyNode[] =>
  definition.nodes.filter((node) => node.id !== id && !reachedFrom({ ...definition, start: node.id }).has(id))

/** Texts that must not be empty. The server would refuse the whole definition for one of them, without naming the node. */
export const findGaps = (definition: JourneyDefinition): JourneyProblem[] =>
  definition.nodes.flatMap((node) => {
    const gap = (field: string, message: string) => [{ path: `nodes.${node.id}.${field}`, nodeId: node.id, message }]
    if (node.kind === 'points' && !node.note.trim()) return gap('note', '请写积分的说明')
    if (node.kind === 'task' && !node.title.trim()) return gap('title', '请写待办的标题')
    if (node.kind === 'message' && !node.channels.length) return gap('channels', '至少选一个渠道')
    if (node.kind === 'branch' && node.branches.some((b) => !b.name.trim())) return gap('branches', '每一路都要有名字')
    if (node.kind === 'split' && node.arms.some((a) => !a.name.trim())) return gap('arms', '每一组都要有名字')
    return []
  })

/** The definition a new journey starts with. */
export const blankDefinition = (): JourneyDefinition => ({
  trigger: { kind: 'event', event: 'join', target: null },
  audience: null,
  start: null,
  nodes: [],
  goal: { event: 'purchase', target: null, days: 14, exit: true },
  exits: [],
  reentry: { kind: 'once', days: 0 },
  holdout: { percent: 10, reason: '' },
  priority: 5,
})
