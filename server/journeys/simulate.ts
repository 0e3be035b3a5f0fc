import type { Output, Parsed } from '../../shared/contract'
import { describeTrigger, type JourneyNode, journeyEvents, nodeWords } from '../../shared/journey'
import { channelNames, reasonText } from '../../shared/message'
import { DAY_MS, dateTime, HOUR_MS } from '../../shared/time'
import { placesFor } from '../campaigns/service'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { assign } from '../experiments/service'
import {
  loadReach,
  type Plans,
  plan,
  settingsOf,
  templateContents,
  templateIds,
  templatesOf,
} from '../messages/service'
import { factsFor } from './member-facts'
import { outcomeText } from './report'
import { holds, isProfileBased, nextOf, outcomeOf, testsOf, waitUntil } from './rules'

type Input = Parsed<'POST /admin/journeys/simulate'>
type Trace = Output<'POST /admin/journeys/simulate'>

/** Nodes that one walk may pass; a definition without circles has fewer. */
const longest = 200

/** What a message node would do at a moment, by the functions that plan the real ones. */
const wouldSay = async (
  tx: Tx,
  deps: Deps,
  {
    node,
    memberId,
    definition,
  }: { node: Extract<JourneyNode, { kind: 'message' }>; memberId: string; definition: Input['definition'] },
  now: number,
): Promise<string> => {
  const template = (await templateContents(tx, [node.templateId])).get(node.templateId)
  if (!template) return '模板不存在，不会发送'
  const ids = templateIds(deps.env)
  const reach = await loadReach(
    tx,
    { ids: [memberId] },
    { now, templateIds: templatesOf([template.content], ids), lock: false },
  )
  const places = (await placesFor(tx, { ids: [memberId] })).get(memberId)
  const plans: Plans = { rows: [], rights: [] }
  const planned = plan(
    reach.get(memberId),
    {
      memberId,
      dedupeKey: 'simulation',
      content: template.content,
      topic: template.topic,
      channels: node.channels,
      places: { shop: deps.env.SHOP_NAME, ...places },
      personal: isProfileBased(definition.trigger),
      priority: definition.priority,
      source: 'simulation',
      sourceRef: null,
    },
    { settings: await settingsOf(tx), ids, now },
    plans,
  )
  const passed = planned.refusals.map((r) => `${channelNames[r.channel]}不行（${reasonText(r.reason)}）`)
  if (!planned.channel) return `不会发送：${passed.join('，')}`
  const when = planned.sendAt > now ? `，${dateTime(planned.sendAt)} 送出` : ''
  return `${passed.length ? `${passed.join('，')}，改` : ''}由${channelNames[planned.channel]}发出${when}：${String(plans.rows.at(-1)?.text ?? '').slice(0, 60)}`
}

const wouldDo = (node: JourneyNode): string => {
  switch (node.kind) {
    case 'coupon':
      return '发一张券'
    case 'points':
      return `送 ${node.points} 积分（${node.note}）`
    case 'growth':
      return `加 ${node.growth} 成长值`
    case 'tag':
      return node.remove ? '移除标签' : '打标签'
    case 'gift':
      return '送关怀礼：积分、券和祝福'
    case 'task':
      return `给门店建待办：${node.title}`
    case 'webhook':
      return '调用外部地址'
    default:
      return ''
  }
}

/**
 * Walks one member through a definition by virtual time and tells what would happen; nothing does. Facts and rights are the member's of
 * today, except for the events that are supposed to happen on the way.
 */
export const simulate = async (
  tx: Tx,
  deps: Deps,
  { definition, memberId, at, events }: Input,
  now: number,
): Promise<Trace> => {
  let time = at ?? now
  const facts = (await factsFor(tx, deps, [memberId], testsOf(definition), time)).get(memberId)
  if (!facts) throw refuse('member_not_found')
  const supposed = events
    .map((e) => ({ event: e.event, at: time + e.afterHours * HOUR_MS }))
    .sort((a, b) => a.at - b.at)
  if (definition.audience && !holds(definition.audience, facts))
    return { enters: false, why: '不符合进入条件', steps: [], endedAt: null }
  if (isProfileBased(definition.trigger) && facts.fields.personalised === false)
    return { enters: false, why: '会员关闭了个性化，这类旅程不进入', steps: [], endedAt: null }
  const steps: Trace['steps'] = [{ at: time, nodeId: null, text: `进入：${describeTrigger(definition.trigger)}` }]
  const nodes = new Map(definition.nodes.map((n) => [n.id, n]))
  const entered = time
  const goalBy = definition.goal ? entered + definition.goal.days * DAY_MS : 0
  const goalAt = supposed.find((e) => e.event === definition.goal?.event && e.at > entered && e.at <= goalBy)?.at
  const tell = (node: JourneyNode, text: string): void =>
    void steps.push({ at: time, nodeId: node.id, text: `${node.name || nodeWords[node.kind].name}：${text}` })
  let id = definition.start
  for (let i = 0; i < longest && id !== null; i++) {
    const node = nodes.get(id)
    if (!node) break
    let outcome = 'next'
    if (node.kind === 'condition' || node.kind === 'branch') outcome = outcomeOf(node, facts)
    else if (node.kind === 'split') outcome = `arm:${assign(`journey:simulation:${node.id}`, memberId, node.arms).key}`
    const until = waitUntil(node, time)
    if (until !== null) {
      const happens =
        node.kind === 'wait_event'
          ? supposed.find((e) => e.event === node.event && e.at > time && e.at <= until)
          : undefined
      const then = happens?.at ?? until
      if (goalAt !== undefined && definition.goal?.exit && goalAt > time && goalAt <= then) {
        time = goalAt
        steps.push({ at: time, nodeId: node.id, text: `达成目标：${journeyEvents[definition.goal.event]}，离开旅程` })
        return { enters: true, why: '', steps, endedAt: time }
      }
      time = then
      outcome = node.kind !== 'wait_event' ? 'next' : happens ? 'happened' : 'timeout'
      tell(node, node.kind === 'wait_event' ? outcomeText(outcome, node) : `等到 ${dateTime(time)}`)
    } else if (node.kind === 'message') tell(node, await wouldSay(tx, deps, { node, memberId, definition }, time))
    else if (node.kind === 'exit') tell(node, node.reason || '离开旅程')
    else if (node.kind === 'condition' || node.kind === 'branch' || node.kind === 'split')
      tell(node, outcomeText(outcome, node))
    else tell(node, wouldDo(node))
    id = nextOf(node, outcome)
  }
  return { enters: true, why: '', steps, endedAt: time }
}
