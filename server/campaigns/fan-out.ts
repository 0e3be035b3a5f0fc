import { templateContent } from '../../shared/contract/message-shapes'
import type { PersonChannel, Topic } from '../../shared/message'
import { placesOf } from '../../shared/message'
import { civilDay } from '../../shared/time'
import type { Row } from '../db/statement'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { settingsOf as experimentSettings } from '../experiments/service'
import {
  loadReach,
  plan,
  promiseRights,
  settingsOf,
  templateContents,
  templateIds,
  templatesOf,
  type Which,
} from '../messages/service'
import { membersOf } from '../segments/service'
import type { Campaign } from './entity'
import { memberIds, placesFor } from './facts'
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
  const limit = campaign.segmentId ? fanOutPolicy.list : fanOutPolicy.stretch
  const page = campaign.segmentId
    ? await membersOf(tx, campaign.segmentId, campaign.position, limit)
    : await memberIds(tx, campaign.position, limit)
  const last = page.at(-1)
  if (last === undefined) {
    tx.write("UPDATE campaign SET state = 'sent', finishedAt = ? WHERE id = ?", [now, campaignId])
    return 0
  }
  const which: Which = campaign.segmentId ? { ids: page } : { after: campaign.position, upTo: last }
  const ids = templateIds(deps.env)
  const rightsFor = channels.includes('subscribe') ? templatesOf([content], ids) : []
  // Addresses are only asked for where a channel needs one.
  const address = channels.some((c) => c === 'subscribe' || c === 'email')
  const reach = await loadReach(tx, which, { now, templateIds: rightsFor, lock: true, address })
  const settings = await settingsOf(tx)
  const { holdoutPercent } = await experimentSettings(tx)
  const personalText = placesOf(JSON.stringify(content)).some((p) => ownPlaces.has(p))
  const places = personalText ? await placesFor(tx, which) : null
  const shared = { shop: deps.env.SHOP_NAME, today: civilDay(now), tip: '点击查看详情' }
  const rows: Row[] = []
  const rights: { grantId: string; messageId: string }[] = []
  const holdout = { salt: campaignSalt(campaign.id), percent: campaign.holdoutPercent }
  const counts = { audience: 0, held: 0, queued: 0, unsent: 0 }
  for (const memberId of page) {
    const member = reach.get(memberId)
    if (member?.status !== 'active') continue
    counts.audience++
    const withheld = isWithheld(memberId, holdout, holdoutPercent)
    const own = places?.get(memberId)
    const wanted = {
      memberId,
      dedupeKey: `campaign:${campaign.id}:${memberId}`,
      content,
      topic: stored.topic,
      channels,
      places: own ? { ...shared, ...own } : shared,
      personal: campaign.segmentId !== null,
      priority: campaign.priority,
      source: campaignSalt(campaign.id),
      sourceRef: null,
      ...(withheld ? { withheld: 'holdout' } : {}),
    }
    const done = plan(member, wanted, { settings, ids, now })
    for (const row of done.rows) rows.push(row)
    for (const right of done.rights) rights.push(right)
    if (withheld) counts.held++
    else if (done.planned.channel) counts.queued++
    else counts.unsent++
  }
  tx.insert('message', rows)
  promiseRights(tx, rights)
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
