import type { JourneyNode } from '../../shared/journey'
import { addDays, civilDay } from '../../shared/time'
import { giveGifts, placesFor } from '../campaigns/service'
import { grantCoupons } from '../coupons/service'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { AppError } from '../errors'
import { execute } from '../http/command'
import {
  type Planned,
  queueHooks,
  type ScheduledContent,
  scheduleMessages,
  templateContents,
} from '../messages/service'
import { awardPoints } from '../points/service'
import { tagMembers, untagMembers } from '../segments/service'
import { addGrowth, levelsOf, loadGrowth, writeGrowth } from '../tiers/service'
import { giftsGiven } from './facts'
import { storesOfMembers } from './member-facts'

/** A member at an action. */
export interface At<Kind extends JourneyNode['kind'] = JourneyNode['kind']> {
  runId: string
  journeyId: string
  memberId: string
  priority: number
  /** The journey is aimed by who the member is. */
  personal: boolean
  vars: Record<string, string>
  node: Extract<JourneyNode, { kind: Kind }>
}

/** What an action of one batch answers: the outcome of each, and, for the operators, what could not be done. */
export interface Acted {
  outcomes: string[]
  troubles: string[]
}
type Context = { tx: Tx; deps: Deps; now: number }

/** Names an effect for good: whatever repeats it, the row it leaves exists already. */
export const effectKey = (at: { runId: string; node: { id: string } }): string => `${at.runId}:${at.node.id}`

const outcomeOf = (result: unknown): string => (result instanceof AppError ? `refused:${result.code}` : 'given')
const plain = (outcomes: string[]): Acted => ({ outcomes, troubles: [] })

const giveCoupons = async ({ tx, now }: Context, ats: readonly At<'coupon'>[]): Promise<Acted> => {
  const requests = ats.map((at) => ({
    memberId: at.memberId,
    templateId: at.node.templateId,
    source: 'grant' as const,
    sourceId: effectKey(at),
    at: now,
  }))
  return plain((await execute(tx, grantCoupons, requests, now)).map(outcomeOf))
}

const givePoints = async ({ tx, now }: Context, ats: readonly At<'points'>[]): Promise<Acted> => {
  const requests = ats.map((at) => ({
    memberId: at.memberId,
    points: at.node.points,
    source: { type: 'journey', id: effectKey(at), note: at.node.note },
    kind: 'gift' as const,
  }))
  return plain((await execute(tx, awardPoints, requests, now)).map(outcomeOf))
}

const giveGrowth = async ({ tx, now }: Context, ats: readonly At<'growth'>[]): Promise<Acted> => {
  const today = civilDay(now)
  const accounts = await loadGrowth(
    tx,
    ats.map((at) => at.memberId),
    today,
  )
  const levels = await levelsOf(tx)
  for (const at of ats) {
    const account = accounts.get(at.memberId)
    if (account) addGrowth(account, at.node.growth, now, today, { type: 'journey', id: effectKey(at) }, levels)
  }
  writeGrowth(tx, accounts, now)
  return plain(ats.map((at) => (accounts.has(at.memberId) ? 'given' : 'refused:member_not_found')))
}

/** Journeys tag like an operator of the whole shop. */
const tagger = { operatorId: 'journey', storeIds: null }

const giveTags = async ({ tx, now }: Context, ats: readonly At<'tag'>[]): Promise<Acted> => {
  for (const { tagId, remove } of new Map(ats.map(({ node }) => [`${node.tagId}/${node.remove}`, node])).values()) {
    const memberIds = ats.filter(({ node }) => node.tagId === tagId && node.remove === remove).map((at) => at.memberId)
    if (remove) await untagMembers(tx, tagger, { tagId, memberIds })
    else await tagMembers(tx, tagger, { tagId, memberIds, cardNos: [] }, now)
  }
  return plain(ats.map(({ node }) => (node.remove ? 'removed' : 'given')))
}

const give = async ({ tx, now }: Context, ats: readonly At<'gift'>[]): Promise<Acted> => {
  const outcomes = ats.map(() => 'refused:no_occasion')
  const troubles: string[] = []
  const groups = new Map<string, number[]>()
  for (const [i, { node, vars }] of ats.entries())
    if (vars.day) groups.set(`${node.occasion}/${vars.day}`, [...(groups.get(`${node.occasion}/${vars.day}`) ?? []), i])
  for (const indexes of groups.values()) {
    const { node, vars } = ats[indexes[0]]
    const memberIds = indexes.map((i) => ats[i].memberId)
    const tiers = new Map(
      (
        await tx.read<{ id: string; tierLevel: number }>(
          `SELECT id, tierLevel FROM member WHERE id IN ${marks(memberIds)}`,
          memberIds,
        )
      ).map((m) => [m.id, m.tierLevel]),
    )
    const celebrants = indexes.map((i) => ({
      memberId: ats[i].memberId,
      tierLevel: tiers.get(ats[i].memberId) ?? 0,
      giftYear: Number(ats[i].vars.giftYear),
      years: Number(ats[i].vars.years ?? 0),
    }))
    const { refusals } = await giveGifts(tx, node.occasion, vars.day, celebrants, now)
    if (refusals.length) troubles.push(...refusals)
    const given = await giftsGiven(tx, node.occasion, vars.day, memberIds)
    for (const i of indexes) outcomes[i] = given.has(ats[i].memberId) ? 'given' : 'refused:gift_already'
  }
  return { outcomes, troubles }
}

/** The outcome of a message node: the channel it goes by, or what stood against the first channel. */
const messageOutcome = (planned: Planned): string =>
  planned.channel ? `sent:${planned.channel}` : `unsent:${planned.refusals[0]?.reason ?? 'repeat'}`.slice(0, 60)

const say = async ({ tx, deps, now }: Context, ats: readonly At<'message'>[]): Promise<Acted> => {
  const contents: Map<string, ScheduledContent> = await templateContents(tx, [
    ...new Set(ats.map((at) => at.node.templateId)),
  ])
  const places = await placesFor(tx, { ids: [...new Set(ats.map((at) => at.memberId))] })
  const planned = await scheduleMessages(
    tx,
    deps.env,
    ats.map((at) => {
      const template = contents.get(at.node.templateId)
      return {
        memberId: at.memberId,
        dedupeKey: `journey:${effectKey(at)}`,
        content: template?.content ?? {},
        topic: template?.topic ?? ('offer' as const),
        channels: at.node.channels,
        places: { today: civilDay(now), ...places.get(at.memberId), ...at.vars },
        personal: at.personal,
        priority: at.priority,
        source: `journey:${at.journeyId}`,
        sourceRef: at.node.id,
      }
    }),
    now,
  )
  return plain(planned.map(messageOutcome))
}

const assignTasks = async ({ tx, now }: Context, ats: readonly At<'task'>[]): Promise<Acted> => {
  const stores = await storesOfMembers(
    tx,
    ats.map((at) => at.memberId),
  )
  tx.insert(
    'staff_task',
    ats.map((at) => ({
      id: newId(now),
      effectKey: effectKey(at),
      memberId: at.memberId,
      storeId: stores.get(at.memberId) ?? null,
      title: at.node.title,
      note: at.node.note,
      dueOn: addDays(civilDay(now), at.node.dueDays),
      state: 'open',
      createdAt: now,
      doneAt: null,
      doneBy: null,
      result: null,
    })),
    { ignore: true },
  )
  return plain(ats.map(() => 'given'))
}

const callHooks = async ({ tx, now }: Context, ats: readonly At<'webhook'>[]): Promise<Acted> => {
  const ids = [...new Set(ats.map((at) => at.node.endpointId))]
  const endpoints = await tx.read<{ id: string; channel: 'wecom' | 'webhook' }>(
    `SELECT id, channel FROM message_endpoint WHERE id IN ${marks(ids)}`,
    ids,
  )
  const channelOf = new Map(endpoints.map((e) => [e.id, e.channel]))
  const hooks = ats.flatMap((at) => {
    const channel = channelOf.get(at.node.endpointId)
    if (!channel) return []
    const title = at.node.name || '旅程通知'
    const event = {
      type: 'journey',
      journeyId: at.journeyId,
      runId: at.runId,
      nodeId: at.node.id,
      memberId: at.memberId,
    }
    return [
      {
        endpointId: at.node.endpointId,
        channel,
        memberId: at.memberId,
        title,
        text:
          channel === 'webhook'
            ? JSON.stringify({ ...event, at: now, data: at.vars })
            : `${title}：会员 ${at.memberId}`,
        dedupeKey: `journey:${effectKey(at)}`,
        source: `journey:${at.journeyId}`,
        sourceRef: at.node.id,
      },
    ]
  })
  queueHooks(tx, hooks, now)
  return plain(ats.map((at) => (channelOf.has(at.node.endpointId) ? 'queued' : 'refused:endpoint_off')))
}

/** Does one kind of action for a batch of members, at most 500, with one command each; answers the outcomes in their order. */
export const act = (context: Context, kind: JourneyNode['kind'], ats: readonly At[]): Promise<Acted> => {
  switch (kind) {
    case 'coupon':
      return giveCoupons(context, ats as At<'coupon'>[])
    case 'points':
      return givePoints(context, ats as At<'points'>[])
    case 'growth':
      return giveGrowth(context, ats as At<'growth'>[])
    case 'tag':
      return giveTags(context, ats as At<'tag'>[])
    case 'gift':
      return give(context, ats as At<'gift'>[])
    case 'message':
      return say(context, ats as At<'message'>[])
    case 'task':
      return assignTasks(context, ats as At<'task'>[])
    case 'webhook':
      return callHooks(context, ats as At<'webhook'>[])
    default:
      throw new Error(`${kind} is no action`)
  }
}
