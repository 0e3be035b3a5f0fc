import type { z } from 'zod'
import type { reachForecast } from '../../shared/contract/journeys'
import { type Channel, messagePlaces, type PersonChannel, reasonText, type Topic } from '../../shared/message'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { settingsOf as experimentSettings, globalHoldoutSalt, isHeld } from '../experiments/service'
import { loadReach, plan, type ScheduledContent, settingsOf, templateIds, templatesOf } from '../messages/service'
import { membersOf } from '../segments/service'
import { countMembers, memberIds, placesFor } from './facts'

type Forecast = z.output<typeof reachForecast>

export const forecastPolicy = {
  /** Members asked one by one; of more, the rest is reckoned from these. */
  exactUpTo: 100_000,
  batch: 500,
} as const

/** A launch that has not happened. */
export interface Launch {
  segmentId: string | null
  template: ScheduledContent
  channels: readonly PersonChannel[]
  personal: boolean
  priority: number
  /** Names the control group, and how large it is. */
  holdout: { salt: string; percent: number }
  /** When it would go out (epoch ms). */
  at: number
  /** Narrows the members further; a batch at a time. */
  narrow?: (ids: readonly string[]) => Promise<Set<string>>
}

/** Whether a member belongs to the control group of a launch, its own or the one that spans all. */
export const isWithheld = (
  memberId: string,
  { salt, percent }: { salt: string; percent: number },
  globalPercent: number,
): boolean => percent > 0 && (isHeld(salt, memberId, percent) || isHeld(globalHoldoutSalt, memberId, globalPercent))

const sampled = Object.fromEntries(Object.entries(messagePlaces).map(([name, { sample }]) => [name, sample]))

const words = (counts: ReadonlyMap<string, number>, scale: number) =>
  [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([reason, members]) => ({ reason, text: reasonText(reason), members: Math.round(members * scale) }))

const count = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1)

/**
 * What a launch would do this moment, without doing it: the very functions that plan the real messages are asked, member by member, so the
 * forecast is what then happens, as long as nobody changes their mind in between.
 */
export const forecastReach = async (tx: Tx, deps: Pick<Deps, 'env'>, launch: Launch): Promise<Forecast> => {
  const { template, channels, at } = launch
  const settings = await settingsOf(tx)
  const ids = templateIds(deps.env)
  const { holdoutPercent } = await experimentSettings(tx)
  const rights = channels.includes('subscribe') ? templatesOf([template.content], ids) : []
  const reasons = new Map<Channel, Map<string, number>>(channels.map((c) => [c, new Map()]))
  const reached = new Map<Channel, number>()
  const unreached = new Map<string, number>()
  let audience = 0
  let held = 0
  let delayed = 0
  let asked = 0
  for (let cursor = ''; asked < forecastPolicy.exactUpTo; ) {
    const page = launch.segmentId
      ? await membersOf(tx, launch.segmentId, cursor, forecastPolicy.batch)
      : await memberIds(tx, cursor, forecastPolicy.batch)
    if (!page.length) break
    cursor = page[page.length - 1]
    asked += page.length
    const reach = await loadReach(tx, { ids: page }, { now: at, templateIds: rights, lock: false })
    const places = await placesFor(tx, { ids: page })
    const narrowed = launch.narrow ? await launch.narrow(page) : null
    for (const memberId of page) {
      const member = reach.get(memberId)
      if (member?.status !== 'active' || (narrowed && !narrowed.has(memberId))) continue
      audience++
      if (isWithheld(memberId, launch.holdout, holdoutPercent)) {
        held++
        continue
      }
      const wanted = {
        memberId,
        dedupeKey: 'forecast',
        content: template.content,
        topic: template.topic as Topic,
        channels,
        places: { shop: deps.env.SHOP_NAME, ...samplePlacesOf(places.get(memberId)) },
        personal: launch.personal,
        priority: launch.priority,
        source: 'forecast',
        sourceRef: null,
      }
      const planned = plan(member, wanted, { settings, ids, now: at }, { rows: [], rights: [] })
      for (const { channel, reason } of planned.refusals) count(reasons.get(channel) ?? new Map(), reason)
      if (planned.channel) {
        reached.set(planned.channel, (reached.get(planned.channel) ?? 0) + 1)
        if (planned.sendAt > at) delayed++
      } else count(unreached, planned.refusals[0]?.reason ?? 'no_template')
    }
    if (page.length < forecastPolicy.batch) break
  }
  const exact = asked < forecastPolicy.exactUpTo
  const scale = exact ? 1 : (await countMembers(tx)) / Math.max(1, asked)
  const scaled = (n: number): number => Math.round(n * scale)
  return {
    exact,
    audience: scaled(audience),
    held: scaled(held),
    reached: scaled([...reached.values()].reduce((sum, n) => sum + n, 0)),
    channels: channels.map((channel) => ({
      channel,
      reached: scaled(reached.get(channel) ?? 0),
      reasons: words(reasons.get(channel) ?? new Map(), scale),
    })),
    delayed: scaled(delayed),
    unreached: words(unreached, scale),
  }
}

/** Places that only the moment of sending knows (what expires, which coupon) are stood in for, so that they are not taken for missing. */
const samplePlacesOf = (own: Record<string, string> | undefined): Record<string, string> => ({ ...sampled, ...own })
