import { templateContent } from '../../shared/contract/message-shapes'
import type { PersonChannel, Topic } from '../../shared/message'
import { placesOf } from '../../shared/message'
import { civilDay } from '../../shared/time'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { settingsOf as experimentSettings } from '../experiments/service'
import {
  loadReach,
  type Plans,
  plan,
  promiseRights,
  sayAll,
  settingsOf,
  templateContents,
  templateIds,
  templatesOf,
  type Which,
} from '../messages/service'
import { membersOf } from '../segments/service'
import type { Campaign } from './entity'
import { placesFor } from './facts'
import { isWithheld } from './forecast'

export const fanOutPolicy = {
  /** Members of one transaction: all members are read by a stretch of ids, those of a segment by a list. */
  stretch: 2000,
  list: 500,
} as const

/** The salt of a campaign's control group. */
export const campaignSalt = (campaignId: string): string => `campaign:${campaignId}`

interface Snapshot {
  topic: Topic
  content: ReturnType<typeof templateContent.parse>
}

/** Begins the sending: what the template says now is what everybody gets. */
const begin = async (tx: Tx, campaign: Campaign, now: number): Promise<string> => {
  const template = (await templateContents(tx, [campaign.templateId])).get(campaign.templateId)
  const content = JSON.stringify({ topic: template?.topic ?? 'offer', content: template?.content ?? {} })
  tx.write("UPDATE campaign SET state = 'sending', content = ?, startedAt = ? WHERE id = ?", [
    content,
    now,
    campaign.id,
  ])
  return content
}

const ownPlaces = new Set(['name', 'tier', 'points'])

/**
 * Puts one batch of a campaign into the outbox. The campaign's row is the lock and holds the cursor, and both are written with the
 * messages: whatever dies in between, nobody is told twice and nobody is left out.
 * @returns how many members were treated, or null when the campaign is done or not to be sent now
 */
export const fanOutOnce = async (
  tx: Tx,
  deps: Pick<Deps, 'env'>,
  campaignId: string,
  now: number,
): Promise<number | null> => {
  const [campaign] = await tx.read<Campaign>(`SELECT * FROM campaign WHERE id = ?${tx.lock}`, [campaignId])
  const due = campaign?.state === 'sending' || (campaign?.state === 'scheduled' && campaign.sendAt <= now)
  if (!campaign || !due) return null
  const stored = JSON.parse(campaign.content ?? (await begin(tx, campaign, now))) as Snapshot
  const content = templateContent.parse(stored.content)
  const channels = JSON.parse(campaign.channels) as PersonChannel[]
  const ids = templateIds(deps.env)
  // Addresses are only asked for where a channel needs one.
  const address = channels.some((c) => c === 'subscribe' || c === 'email')
  const rightsFor = channels.includes('subscribe') ? templatesOf([content], ids) : []
  const listed = campaign.segmentId
    ? await membersOf(tx, campaign.segmentId, campaign.position, fanOutPolicy.list)
    : null
  const reach = await loadReach(
    tx,
    listed ? { ids: listed } : { after: campaign.position, limit: fanOutPolicy.stretch },
    { now, templateIds: rightsFor, lock: true, address },
  )
  const page = listed ?? [...reach.keys()]
  const last = page.at(-1)
  if (last === undefined) {
    tx.write("UPDATE campaign SET state = 'sent', finishedAt = ? WHERE id = ?", [now, campaignId])
    return 0
  }
  const settings = await settingsOf(tx)
  const { holdoutPercent } = await experimentSettings(tx)
  const shared = { shop: deps.env.SHOP_NAME, today: civilDay(now), tip: '点击查看详情' }
  const personalText = placesOf(JSON.stringify(content)).some((p) => ownPlaces.has(p))
  const which: Which = listed ? { ids: listed } : { after: campaign.position, upTo: last }
  const places = personalText ? await placesFor(tx, which) : null
  const said = personalText ? undefined : sayAll({ content, channels, places: shared }, ids)
  const plans: Plans = { rows: [], rights: [] }
  const planning = { settings, ids, now }
  const source = campaignSalt(campaign.id)
  const holdout = { salt: source, percent: campaign.holdoutPercent }
  const counts = { audience: 0, held: 0, queued: 0, unsent: 0 }
  for (const [memberId, member] of reach) {
    if (member.status !== 'active') continue
    counts.audience++
    const withheld = isWithheld(memberId, holdout, holdoutPercent)
    const own = places?.get(memberId)
    const planned = plan(
      member,
      {
        memberId,
        dedupeKey: `${source}:${memberId}`,
        content,
        topic: stored.topic,
        channels,
        places: own ? { ...shared, ...own } : shared,
        personal: listed !== null,
        priority: campaign.priority,
        source,
        sourceRef: null,
        withheld: withheld ? 'holdout' : undefined,
        said,
      },
      planning,
      plans,
    )
    if (withheld) counts.held++
    else if (planned.channel) counts.queued++
    else counts.unsent++
  }
  tx.insert('message', plans.rows)
  promiseRights(tx, plans.rights)
  tx.write(
    'UPDATE campaign SET position = ?, audience = audience + ?, held = held + ?, queued = queued + ?, unsent = unsent + ? WHERE id = ?',
    [last, counts.audience, counts.held, counts.queued, counts.unsent, campaignId],
  )
  return page.length
}

/** Campaigns to be sent now, the worthiest first, so that they find caps and credits untouched. */
export const dueCampaigns = async (tx: Tx, now: number): Promise<string[]> => {
  const rows = await tx.read<{ id: string }>(
    "SELECT id FROM campaign WHERE state = 'sending' OR (state = 'scheduled' AND sendAt <= ?) ORDER BY priority, sendAt, id LIMIT 50",
    [now],
  )
  return rows.map((r) => r.id)
}
