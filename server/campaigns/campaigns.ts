import type { Output, Parsed } from '../../shared/contract'
import { type PersonChannel, reasonText } from '../../shared/message'
import { newId } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { templateContents } from '../messages/service'
import { holdSegment, releaseSegments } from '../segments/service'
import type { Campaign } from './entity'
import { outcomesOf, segmentNames, templateNames } from './facts'
import { campaignSalt } from './fan-out'
import { forecastReach } from './forecast'

type View = Output<'GET /admin/campaigns'>['items'][number]
type Body = Parsed<'POST /admin/campaigns'>

const stateNames: Record<string, string> = {
  draft: '草稿',
  scheduled: '待发送',
  sending: '发送中',
  paused: '已暂停',
  sent: '已发完',
  ended: '已结束',
}

const viewAll = async (db: Reader, rows: readonly Campaign[]): Promise<View[]> => {
  const segments = await segmentNames(
    db,
    rows.flatMap((c) => (c.segmentId ? [c.segmentId] : [])),
  )
  const templates = await templateNames(
    db,
    rows.map((c) => c.templateId),
  )
  return rows.map((c) => ({
    id: c.id,
    name: c.name,
    state: c.state as View['state'],
    version: c.version,
    segmentId: c.segmentId,
    segmentName: c.segmentId ? (segments.get(c.segmentId) ?? null) : null,
    templateId: c.templateId,
    templateName: templates.get(c.templateId) ?? '',
    channels: JSON.parse(c.channels) as PersonChannel[],
    at: c.sendAt || null,
    sendAt: c.sendAt,
    holdoutPercent: c.holdoutPercent,
    holdoutReason: c.holdoutReason,
    priority: c.priority,
    audience: c.audience,
    held: c.held,
    queued: c.queued,
    unsent: c.unsent,
    createdAt: c.createdAt,
    startedAt: c.startedAt,
    finishedAt: c.finishedAt,
  }))
}

/** Campaigns, newest first. */
export const listCampaigns = async (
  db: Reader,
  { state, cursor, limit }: Parsed<'GET /admin/campaigns'>,
): Promise<Output<'GET /admin/campaigns'>> => {
  const wheres: [string, string[]][] = []
  if (state) wheres.push(['state = ?', [state]])
  if (cursor) wheres.push(['id < ?', [cursor]])
  const where = wheres.length ? ` WHERE ${wheres.map(([text]) => text).join(' AND ')}` : ''
  const rows = await db.read<Campaign>(`SELECT * FROM campaign${where} ORDER BY id DESC LIMIT ?`, [
    ...wheres.flatMap(([, params]) => params),
    limit + 1,
  ])
  const shown = rows.slice(0, limit)
  return { items: await viewAll(db, shown), nextCursor: rows.length > limit ? shown[shown.length - 1].id : null }
}

const load = async (db: Reader, campaignId: string, lock = ''): Promise<Campaign> => {
  const [row] = await db.read<Campaign>(`SELECT * FROM campaign WHERE id = ?${lock}`, [campaignId])
  if (!row) throw refuse('campaign_not_found')
  return row
}

/** One campaign with what became of its messages. */
export const showCampaign = async (
  db: Reader,
  campaignId: string,
): Promise<Output<'GET /admin/campaigns/:campaignId'>> => {
  const [view] = await viewAll(db, [await load(db, campaignId)])
  const outcomes = await outcomesOf(db, campaignSalt(campaignId))
  return {
    ...view,
    outcomes: outcomes.map((o) => ({
      ...o,
      count: Number(o.count),
      text: o.status === 'sent' ? '' : reasonText(o.reason),
    })),
  }
}

const requireSound = async (tx: Tx, body: Body): Promise<void> => {
  const template = (await templateContents(tx, [body.templateId])).get(body.templateId)
  if (!template) throw refuse('message_template_not_found')
  const silent = body.channels.find((channel) => !template.content[channel])
  if (silent) throw refuse('campaign_invalid', { reason: `模板没有“${silent}”渠道的内容` })
  if (new Set(body.channels).size !== body.channels.length) throw refuse('campaign_invalid', { reason: '渠道重复了' })
  if (body.holdoutPercent === 0 && !body.holdoutReason)
    throw refuse('campaign_invalid', { reason: '不留对照组要说明原因，否则无法知道活动是否有效' })
}

const columns = (body: Body) => ({
  name: body.name,
  segmentId: body.segmentId,
  templateId: body.templateId,
  channels: JSON.stringify(body.channels),
  sendAt: body.at ?? 0,
  holdoutPercent: body.holdoutPercent,
  holdoutReason: body.holdoutReason,
  priority: body.priority,
})

const use = (campaignId: string, name: string) => ({ kind: 'campaign', id: campaignId, name })

/** Makes a draft. */
export const createCampaign = async (tx: Tx, body: Body, now: number): Promise<View> => {
  await requireSound(tx, body)
  const row: Campaign = {
    id: newId(now),
    state: 'draft',
    version: 1,
    ...columns(body),
    content: null,
    position: '',
    audience: 0,
    held: 0,
    queued: 0,
    unsent: 0,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
  }
  if (body.segmentId) await holdSegment(tx, body.segmentId, use(row.id, body.name))
  tx.insert('campaign', [{ ...row }])
  return (await viewAll(tx, [row]))[0]
}

/** Changes a draft. */
export const updateCampaign = async (
  tx: Tx,
  { campaignId, version, ...body }: Parsed<'PUT /admin/campaigns/:campaignId'>,
): Promise<View> => {
  const row = await load(tx, campaignId, tx.lock)
  if (row.state !== 'draft') throw refuse('campaign_bad_state', { state: stateNames[row.state] })
  if (row.version !== version) throw refuse('campaign_conflict')
  await requireSound(tx, body)
  const changed: Campaign = { ...row, ...columns(body), version: version + 1 }
  releaseSegments(tx, use(campaignId, ''))
  if (body.segmentId) await holdSegment(tx, body.segmentId, use(campaignId, body.name))
  tx.upsert('campaign', ['id'], [...Object.keys(columns(body)), 'version'], [{ ...changed }])
  return (await viewAll(tx, [changed]))[0]
}

/** Deletes a draft. */
export const deleteCampaign = async (tx: Tx, campaignId: string): Promise<{ ok: true }> => {
  const row = await load(tx, campaignId, tx.lock)
  if (row.state !== 'draft') throw refuse('campaign_bad_state', { state: stateNames[row.state] })
  releaseSegments(tx, use(campaignId, ''))
  tx.write('DELETE FROM campaign WHERE id = ?', [campaignId])
  return { ok: true }
}

/** Schedules, pauses, goes on with or ends a campaign. What is in the outbox already goes out. */
export const moveCampaign = async (
  tx: Tx,
  { campaignId, version, to }: Parsed<'POST /admin/campaigns/:campaignId/state'>,
  now: number,
): Promise<View> => {
  const row = await load(tx, campaignId, tx.lock)
  if (row.version !== version) throw refuse('campaign_conflict')
  const allowed: Record<string, string[]> = {
    draft: ['scheduled'],
    scheduled: ['paused', 'ended'],
    sending: ['paused', 'ended'],
    paused: ['scheduled', 'ended'],
  }
  if (!(allowed[row.state] ?? []).includes(to)) throw refuse('campaign_bad_state', { state: stateNames[row.state] })
  // One that was in the middle goes on there; one that was to go out at once has waited long enough.
  const state = to === 'scheduled' && row.content !== null ? 'sending' : to
  const changed: Campaign = {
    ...row,
    state,
    version: version + 1,
    sendAt: to === 'scheduled' && !row.sendAt ? now : row.sendAt,
    finishedAt: to === 'ended' ? now : row.finishedAt,
  }
  tx.upsert('campaign', ['id'], ['state', 'version', 'sendAt', 'finishedAt'], [{ ...changed }])
  if (to === 'ended') releaseSegments(tx, use(campaignId, ''))
  return (await viewAll(tx, [changed]))[0]
}

/** What a campaign would reach. */
export const forecastCampaign = async (
  tx: Tx,
  deps: Pick<Deps, 'env'>,
  input: Parsed<'POST /admin/campaigns/forecast'>,
  now: number,
): Promise<Output<'POST /admin/campaigns/forecast'>> => {
  const template = (await templateContents(tx, [input.templateId])).get(input.templateId)
  if (!template) throw refuse('message_template_not_found')
  return forecastReach(tx, deps, {
    segmentId: input.segmentId,
    template,
    channels: input.channels,
    personal: input.segmentId !== null,
    priority: input.priority,
    holdout: { salt: campaignSalt(input.campaignId ?? 'draft'), percent: input.holdoutPercent },
    at: Math.max(now, input.at ?? now),
  })
}

/** Campaigns that go out, or went out, between two moments. */
export const campaignsBetween = (db: Reader, from: number, to: number): Promise<Campaign[]> =>
  db.read<Campaign>(
    "SELECT * FROM campaign WHERE state IN ('scheduled', 'sending', 'sent') AND sendAt >= ? AND sendAt < ? ORDER BY sendAt LIMIT 500",
    [from, to],
  )
