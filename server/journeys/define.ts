import type { Output, Parsed } from '../../shared/contract'
import { checkDefinition, describeTrigger, type JourneyDefinition, type JourneyProblem } from '../../shared/journey'
import { DAY_MS } from '../../shared/time'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Reader, Tx } from '../db/transaction'
import { type AppError, refuse } from '../errors'
import { templateContents } from '../messages/service'
import { holdSegment, releaseSegments } from '../segments/service'
import type { Journey, JourneyVersion } from './entity'
import { present } from './facts'
import { definitionOf } from './load'
import { isSearch, testsOf } from './rules'
import { searchCursor } from './searches'

type Row = Output<'GET /admin/journeys'>['items'][number]
type Show = Output<'GET /admin/journeys/:journeyId'>
type State = 'draft' | 'published' | 'paused' | 'ended'

export const stateNames: Record<string, string> = {
  draft: '草稿',
  published: '运行中',
  paused: '已暂停',
  ended: '已结束',
}

interface Counts {
  journeyId: string
  active: number
  entered30: number
  goals30: number
}

const countsOf = async (db: Reader, ids: readonly string[], now: number): Promise<Map<string, Counts>> => {
  const since = now - 30 * DAY_MS
  const rows = await db.read<Counts>(
    `SELECT journeyId, SUM(CASE WHEN state = 'active' THEN 1 ELSE 0 END) AS active,
            SUM(CASE WHEN enteredAt >= ? AND state <> 'held' THEN 1 ELSE 0 END) AS entered30,
            SUM(CASE WHEN enteredAt >= ? AND state <> 'held' AND goalAt IS NOT NULL THEN 1 ELSE 0 END) AS goals30
     FROM journey_run WHERE journeyId IN ${marks(ids)} GROUP BY journeyId`,
    [since, since, ...ids],
  )
  return new Map(rows.map((r) => [r.journeyId, r]))
}

const rowOf = (j: Journey, counts: Counts | undefined): Row => ({
  id: j.id,
  name: j.name,
  description: j.description,
  state: j.state as State,
  version: j.version,
  builtIn: j.builtIn,
  triggerText: describeTrigger(definitionOf(j.draft).trigger),
  updatedAt: j.updatedAt,
  publishedAt: j.publishedAt,
  active: Number(counts?.active ?? 0),
  entered30: Number(counts?.entered30 ?? 0),
  goals30: Number(counts?.goals30 ?? 0),
})

/** Journeys, running ones first; there are never many. */
export const listJourneys = async (db: Reader, state: State | undefined, now: number): Promise<{ items: Row[] }> => {
  const rows = await db.read<Journey>(
    `SELECT * FROM journey${state ? ' WHERE state = ?' : ''} ORDER BY id DESC LIMIT 500`,
    state ? [state] : [],
  )
  const counts = await countsOf(
    db,
    rows.map((r) => r.id),
    now,
  )
  const order = ['published', 'paused', 'draft', 'ended']
  return {
    items: rows.map((r) => rowOf(r, counts.get(r.id))).sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state)),
  }
}

/** Segments that a definition names. */
const segmentsOf = (definition: JourneyDefinition): string[] => [
  ...new Set([
    ...(definition.trigger.kind === 'segment' ? [definition.trigger.segmentId] : []),
    ...testsOf(definition).flatMap((t) => t.tests.flatMap((one) => (one.kind === 'segment' ? [one.segmentId] : []))),
  ]),
]

/** Everything that stands against publishing: the shape, and what the nodes name that is not there. */
export const checkJourney = async (db: Reader, definition: JourneyDefinition): Promise<JourneyProblem[]> => {
  const wrong = checkDefinition(definition)
  const { nodes } = definition
  const coupons = await present(
    db,
    'coupon_template',
    " AND state = 'published'",
    nodes.flatMap((n) => (n.kind === 'coupon' ? [n.templateId] : [])),
  )
  const contents = await templateContents(db, [
    ...new Set(nodes.flatMap((n) => (n.kind === 'message' ? [n.templateId] : []))),
  ])
  const tags = await present(
    db,
    'tag',
    " AND kind IN ('manual', 'imported')",
    nodes.flatMap((n) => (n.kind === 'tag' ? [n.tagId] : [])),
  )
  const endpoints = await present(
    db,
    'message_endpoint',
    ' AND active = 1',
    nodes.flatMap((n) => (n.kind === 'webhook' ? [n.endpointId] : [])),
  )
  const segments = await present(db, 'segment', '', segmentsOf(definition))
  for (const node of nodes) {
    const say = (field: string, message: string): void =>
      void wrong.push({ path: `nodes.${node.id}.${field}`, nodeId: node.id, message })
    if (node.kind === 'coupon' && !coupons.has(node.templateId)) say('templateId', '请选一张已发布的券')
    if (node.kind === 'tag' && !tags.has(node.tagId)) say('tagId', '请选一个手工标签')
    if (node.kind === 'webhook' && !endpoints.has(node.endpointId)) say('endpointId', '请选一个启用的地址')
    if (node.kind !== 'message') continue
    const template = contents.get(node.templateId)
    if (!template) say('templateId', '请选一个消息模板')
    for (const channel of node.channels)
      if (template && !template.content[channel]) say('channels', `模板没有“${channel}”渠道的内容`)
  }
  for (const id of segmentsOf(definition))
    if (!segments.has(id)) wrong.push({ path: 'trigger.segmentId', nodeId: null, message: '选的人群不存在了' })
  return wrong
}

const load = async (db: Reader, journeyId: string, lock = ''): Promise<Journey> => {
  const [row] = await db.read<Journey>(`SELECT * FROM journey WHERE id = ?${lock}`, [journeyId])
  if (!row) throw refuse('journey_not_found')
  return row
}

/** A journey whole: what is edited, what runs, and what is wrong. */
export const showJourney = async (db: Reader, journeyId: string, now: number): Promise<Show> => {
  const row = await load(db, journeyId)
  const definition = definitionOf(row.draft)
  const [published] = await db.read<JourneyVersion>(
    'SELECT * FROM journey_version WHERE journeyId = ? AND version = ?',
    [journeyId, row.version],
  )
  return {
    ...rowOf(row, (await countsOf(db, [journeyId], now)).get(journeyId)),
    revision: row.revision,
    definition,
    published: published ? definitionOf(published.definition) : null,
    problems: await checkJourney(db, definition),
  }
}

/** Makes a draft. */
export const createJourney = async (
  tx: Tx,
  { name, description, definition }: Parsed<'POST /admin/journeys'>,
  now: number,
  builtIn: string | null = null,
): Promise<Show> => {
  const id = newId(now)
  const row: Journey = {
    id,
    builtIn,
    name,
    description,
    state: 'draft',
    version: 0,
    draft: JSON.stringify(definition),
    revision: 1,
    createdAt: now,
    updatedAt: now,
    publishedAt: null,
    endedAt: null,
    openSince: null,
  }
  tx.insert('journey', [{ ...row }])
  return showJourney(tx, id, now)
}

/** Saves the draft; the version that runs stays as it is until it is published again. */
export const updateJourney = async (
  tx: Tx,
  { journeyId, revision, name, description, definition }: Parsed<'PUT /admin/journeys/:journeyId'>,
  now: number,
): Promise<Show> => {
  const row = await load(tx, journeyId, tx.lock)
  if (row.revision !== revision) throw refuse('journey_conflict')
  if (row.state === 'ended') throw refuse('journey_bad_state', { state: stateNames.ended })
  tx.write(
    'UPDATE journey SET name = ?, description = ?, draft = ?, revision = revision + 1, updatedAt = ? WHERE id = ?',
    [name, description, JSON.stringify(definition), now, journeyId],
  )
  return showJourney(tx, journeyId, now)
}

/** Deletes a draft nobody has ever entered. */
export const deleteJourney = async (tx: Tx, journeyId: string): Promise<{ ok: true }> => {
  const row = await load(tx, journeyId, tx.lock)
  // One that came with the system would come again: it can be left unpublished.
  if (row.version > 0 || row.builtIn) throw refuse('journey_bad_state', { state: stateNames[row.state] })
  tx.write('DELETE FROM journey WHERE id = ?', [journeyId])
  return { ok: true }
}

/** Publishes the draft as a new version. Members on the way stay on theirs; the same draft again only resumes. */
const publish = async (tx: Tx, row: Journey, now: number): Promise<AppError | null> => {
  const definition = definitionOf(row.draft)
  const [problem] = await checkJourney(tx, definition)
  if (problem) return refuse('journey_invalid', { reason: problem.message, path: problem.path, nodeId: problem.nodeId })
  const [current] = await tx.read<JourneyVersion>('SELECT * FROM journey_version WHERE journeyId = ? AND version = ?', [
    row.id,
    row.version,
  ])
  const changed = current?.definition !== row.draft
  const version = changed ? row.version + 1 : row.version
  if (changed) {
    tx.insert('journey_version', [{ journeyId: row.id, version, definition: row.draft, publishedAt: now }])
    // A search that another definition was in the middle of means nothing to this one.
    tx.write("UPDATE journey_cursor SET position = '' WHERE name = ?", [searchCursor(row.id)])
  }
  releaseSegments(tx, { kind: 'journey', id: row.id })
  for (const segmentId of segmentsOf(definition))
    await holdSegment(tx, segmentId, { kind: 'journey', id: row.id, name: row.name })
  tx.write(
    "UPDATE journey SET state = 'published', version = ?, revision = revision + 1, publishedAt = ?, openSince = ?, updatedAt = ? WHERE id = ?",
    [
      version,
      changed ? now : (row.publishedAt ?? now),
      // New words for a journey that runs shut nobody out who is about to be let in.
      row.state === 'published' ? (row.openSince ?? row.publishedAt) : now,
      now,
      row.id,
    ],
  )
  // What a schedule missed while it stood still is not made up for; dates are, within a month.
  if (row.state === 'paused' && isSearch(definition.trigger) && definition.trigger.kind === 'schedule')
    tx.write("UPDATE journey_cursor SET position = '', treatedAt = ? WHERE name = ?", [now, searchCursor(row.id)])
  return null
}

/** Publishes, pauses, resumes or ends a journey. Ending lets go of everybody on the way. */
export const moveJourney = async (
  tx: Tx,
  { journeyId, revision, to }: Parsed<'POST /admin/journeys/:journeyId/state'>,
  now: number,
): Promise<Show | AppError> => {
  const row = await load(tx, journeyId, tx.lock)
  if (row.revision !== revision) throw refuse('journey_conflict')
  const allowed: Record<State, string[]> = {
    draft: ['published'],
    published: ['published', 'paused', 'ended'],
    paused: ['published', 'ended'],
    ended: [],
  }
  if (!allowed[row.state as State].includes(to)) throw refuse('journey_bad_state', { state: stateNames[row.state] })
  if (to === 'published') {
    const refused = await publish(tx, row, now)
    if (refused) throw refused
  } else {
    tx.write('UPDATE journey SET state = ?, revision = revision + 1, updatedAt = ?, endedAt = ? WHERE id = ?', [
      to,
      now,
      to === 'ended' ? now : null,
      journeyId,
    ])
    if (to === 'ended') {
      releaseSegments(tx, { kind: 'journey', id: journeyId })
      tx.write(
        "UPDATE journey_run SET state = 'exited', nodeId = NULL, dueAt = NULL, waitEvent = NULL, endedAt = ?, endReason = 'journey_ended' WHERE journeyId = ? AND state = 'active'",
        [now, journeyId],
      )
    }
  }
  return showJourney(tx, journeyId, now)
}

/** Publishes the built-in journeys that are still drafts and sound, for a shop that wants all of them; answers how many. */
export const publishBuiltIns = async (tx: Tx, now: number): Promise<number> => {
  const drafts = await tx.read<Journey>(
    "SELECT * FROM journey WHERE builtIn IS NOT NULL AND state = 'draft' ORDER BY id",
  )
  let published = 0
  for (const { id, draft, revision } of drafts) {
    if ((await checkJourney(tx, definitionOf(draft))).length) continue
    await moveJourney(tx, { journeyId: id, revision, to: 'published' }, now)
    published++
  }
  return published
}
