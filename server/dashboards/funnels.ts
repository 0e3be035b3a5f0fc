import type { Output, Parsed } from '../../shared/contract'
import { figureWords } from '../../shared/figure-words'
import { addDays, civilDay } from '../../shared/time'
import { newId } from '../db/id'
import type { Reader, Tx } from '../db/transaction'
import { refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import { storeById } from '../operators/service'
import { holdSegment, releaseSegments } from '../segments/service'
import type { Annotation, Funnel } from './entity'
import { type FunnelStep, funnelEvents, stepLabel } from './funnel-rules'
import { shareOf } from './rules'
import { groupOnly } from './scope'

type FunnelView = Output<'GET /admin/funnels'>['items'][number]
type AnnotationView = Output<'POST /admin/annotations'>

const stepsOf = (f: Funnel): FunnelStep[] => JSON.parse(f.steps) as FunnelStep[]
const viewFunnel = (f: Funnel): FunnelView => ({
  id: f.id,
  name: f.name,
  steps: stepsOf(f),
  windowHours: f.windowHours,
  days: f.days,
  segmentId: f.segmentId,
  version: f.version,
  state: f.result && f.countedAt ? 'ready' : 'waiting',
  countedAt: f.countedAt && Number(f.countedAt),
})

const funnelById = async (db: Reader, id: string, lock = ''): Promise<Funnel> => {
  const [f] = await db.read<Funnel>(`SELECT * FROM funnel WHERE id = ?${lock}`, [id])
  if (!f) throw refuse('not_found')
  return f
}

/** What steps there are: events with their names, and the pages that were tapped or seen. */
export const eventsView = async (db: Reader): Promise<Output<'GET /admin/funnel-events'>> => {
  const pages = await db.read<{ page: string }>('SELECT DISTINCT page FROM dash_tap ORDER BY page LIMIT 200')
  return { events: [...funnelEvents], pages: pages.map((p) => p.page) }
}

/** Every funnel, newest first, at most 100. */
export const listFunnels = async (db: Reader): Promise<{ items: FunnelView[] }> => ({
  items: (await db.read<Funnel>('SELECT * FROM funnel ORDER BY id DESC LIMIT 100')).map(viewFunnel),
})

const checkSteps = (steps: readonly FunnelStep[]): void => {
  const wrong = steps.findIndex((s) => !funnelEvents.some((e) => e.event === s.event))
  if (wrong >= 0)
    throw refuse('invalid_input', { reason: `没有“${steps[wrong].event}”这种步骤`, field: `steps.${wrong}.event` })
}
const follow = async (tx: Tx, id: string, name: string, segmentId: string | null): Promise<void> => {
  releaseSegments(tx, { kind: 'funnel', id })
  if (segmentId) await holdSegment(tx, segmentId, { kind: 'funnel', id, name })
}

/** Makes a funnel; it is counted within a minute. */
export const createFunnel = async (
  tx: Tx,
  input: Parsed<'POST /admin/funnels'>,
  { operatorId, now }: { operatorId: string | null; now: number },
): Promise<FunnelView> => {
  checkSteps(input.steps)
  const id = newId(now)
  await follow(tx, id, input.name, input.segmentId)
  tx.insert('funnel', [
    {
      id,
      name: input.name,
      steps: JSON.stringify(input.steps),
      windowHours: input.windowHours,
      days: input.days,
      segmentId: input.segmentId,
      version: 1,
      countedAt: null,
      countedOn: '',
      result: null,
      createdAt: now,
      createdBy: operatorId,
    },
  ])
  return viewFunnel(await funnelById(tx, id))
}

const lockFunnel = async (tx: Tx, id: string, version: number): Promise<Funnel> => {
  const f = await funnelById(tx, id, tx.lock)
  if (f.version !== version) throw refuse('dashboard_conflict')
  return f
}

/** Changes a funnel; its result goes until it is counted anew. */
export const updateFunnel = async (
  tx: Tx,
  { funnelId, version, ...input }: Parsed<'PATCH /admin/funnels/:funnelId'>,
): Promise<FunnelView> => {
  checkSteps(input.steps)
  await lockFunnel(tx, funnelId, version)
  await follow(tx, funnelId, input.name, input.segmentId)
  await tx.run(
    'UPDATE funnel SET name = ?, steps = ?, windowHours = ?, days = ?, segmentId = ?, version = version + 1, countedAt = NULL, result = NULL WHERE id = ?',
    [input.name, JSON.stringify(input.steps), input.windowHours, input.days, input.segmentId, funnelId],
  )
  return viewFunnel(await funnelById(tx, funnelId))
}

/** Deletes a funnel with its result. */
export const deleteFunnel = async (
  tx: Tx,
  { funnelId, version }: Parsed<'DELETE /admin/funnels/:funnelId'>,
): Promise<{ ok: true }> => {
  await lockFunnel(tx, funnelId, version)
  releaseSegments(tx, { kind: 'funnel', id: funnelId })
  tx.write('DELETE FROM funnel_member WHERE funnelId = ?', [funnelId])
  tx.write('DELETE FROM funnel WHERE id = ?', [funnelId])
  return { ok: true }
}

/** A funnel with what was counted last. */
export const showFunnel = async (
  db: Reader,
  actor: OperatorActor,
  funnelId: string,
  now: number,
): Promise<Output<'GET /admin/funnels/:funnelId'>> => {
  groupOnly(actor)
  const f = await funnelById(db, funnelId)
  const counted = f.result ? (JSON.parse(f.result) as { members: number; medianSeconds: number | null }[]) : []
  const to = f.countedOn || civilDay(now)
  return {
    definition: figureWords.funnel,
    period: { from: addDays(to, 1 - f.days), to },
    funnel: viewFunnel(f),
    steps: counted.map((c, i) => ({
      label: stepLabel(stepsOf(f)[i]),
      members: c.members,
      rate: shareOf(c.members, counted[0].members),
      stepRate: i ? shareOf(c.members, counted[i - 1].members) : shareOf(c.members, c.members),
      medianSeconds: c.medianSeconds,
      drill: { figure: 'funnel', row: f.id, col: String(i + 1) },
    })),
  }
}

const viewAnnotation = (a: Annotation): AnnotationView => ({
  id: a.id,
  from: a.fromDay,
  to: a.toDay,
  title: a.title,
  kind: a.kind as AnnotationView['kind'],
  storeId: a.storeId,
  version: a.version,
})

/** Notes that touch some days: of the group, and of the stores looked at (null: of every store). Index annotation_days. */
export const annotationsBetween = async (
  db: Reader,
  from: string,
  to: string,
  stores: readonly string[] | null,
): Promise<AnnotationView[]> => {
  const rows = await db.read<Annotation>(
    'SELECT * FROM annotation WHERE fromDay <= ? AND toDay >= ? ORDER BY fromDay, id LIMIT 500',
    [to, from],
  )
  return rows.filter((a) => !a.storeId || !stores || stores.includes(a.storeId)).map(viewAnnotation)
}

const checkDays = (input: { from: string; to: string }): void => {
  if (input.from > input.to) throw refuse('invalid_input', { reason: '开始不能晚于结束', field: 'to' })
}
const annotationById = async (tx: Tx, id: string, version: number): Promise<Annotation> => {
  const [a] = await tx.read<Annotation>(`SELECT * FROM annotation WHERE id = ?${tx.lock}`, [id])
  if (!a) throw refuse('not_found')
  if (a.version !== version) throw refuse('dashboard_conflict')
  return a
}

/** Makes a note. */
export const createAnnotation = async (
  tx: Tx,
  input: Parsed<'POST /admin/annotations'>,
  { operatorId, now }: { operatorId: string | null; now: number },
): Promise<AnnotationView> => {
  checkDays(input)
  if (input.storeId) await storeById(tx, input.storeId)
  const { from, to, ...rest } = input
  const row: Annotation = {
    ...rest,
    fromDay: from,
    toDay: to,
    id: newId(now),
    version: 1,
    createdAt: now,
    createdBy: operatorId,
  }
  tx.insert('annotation', [{ ...row }])
  return viewAnnotation(row)
}

/** Changes a note. */
export const updateAnnotation = async (
  tx: Tx,
  { annotationId, version, ...input }: Parsed<'PATCH /admin/annotations/:annotationId'>,
): Promise<AnnotationView> => {
  checkDays(input)
  const before = await annotationById(tx, annotationId, version)
  if (input.storeId) await storeById(tx, input.storeId)
  const { from, to, ...rest } = input
  await tx.run(
    'UPDATE annotation SET fromDay = ?, toDay = ?, title = ?, kind = ?, storeId = ?, version = version + 1 WHERE id = ?',
    [from, to, rest.title, rest.kind, rest.storeId, annotationId],
  )
  return viewAnnotation({ ...before, ...rest, fromDay: from, toDay: to, version: version + 1 })
}

/** Deletes a note. */
export const deleteAnnotation = async (
  tx: Tx,
  { annotationId, version }: Parsed<'DELETE /admin/annotations/:annotationId'>,
): Promise<{ ok: true }> => {
  await annotationById(tx, annotationId, version)
  tx.write('DELETE FROM annotation WHERE id = ?', [annotationId])
  return { ok: true }
}
