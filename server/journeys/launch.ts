import type { Output, Parsed } from '../../shared/contract'
import { forecastReach } from '../campaigns/service'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { type AppError, refuse } from '../errors'
import { listTemplates, templateContents } from '../messages/service'
import { membersOf } from '../segments/service'
import { enterMembers } from './enter'
import { choices } from './facts'
import { enteringVersions, liveVersions } from './load'
import { factsFor } from './member-facts'
import { holds, isProfileBased, journeyPolicy } from './rules'

/** What each message of a definition would reach if everybody it is for entered this moment. */
export const forecastJourney = async (
  tx: Tx,
  deps: Deps,
  { definition, segmentId, journeyId }: Parsed<'POST /admin/journeys/forecast'>,
  now: number,
): Promise<Output<'POST /admin/journeys/forecast'>> => {
  const { trigger, audience } = definition
  const whom = segmentId ?? (trigger.kind === 'segment' ? trigger.segmentId : null)
  const narrow = audience
    ? async (ids: readonly string[]): Promise<Set<string>> => {
        const facts = await factsFor(tx, deps, ids, [audience], now)
        return new Set([...facts.values()].filter((f) => holds(audience, f)).map((f) => f.memberId))
      }
    : undefined
  const items: Output<'POST /admin/journeys/forecast'>['items'] = []
  for (const node of definition.nodes) {
    if (node.kind !== 'message') continue
    const template = (await templateContents(tx, [node.templateId])).get(node.templateId)
    if (!template) continue
    const reach = await forecastReach(tx, deps, {
      segmentId: whom,
      template,
      channels: node.channels,
      personal: isProfileBased(trigger),
      priority: definition.priority,
      holdout: { salt: journeyPolicy.holdoutSalt(journeyId ?? 'draft'), percent: definition.holdout.percent },
      at: now,
      narrow,
    })
    items.push({ nodeId: node.id, ...reach })
  }
  return { items }
}

/** Lets named members, or those of a segment, onto a running journey whatever its trigger. Who may not enter again is counted as refused. */
export const enrol = async (
  tx: Tx,
  deps: Deps,
  { journeyId, memberIds, segmentId }: Parsed<'POST /admin/journeys/:journeyId/enrolments'>,
  { enrolment, now }: { enrolment: string; now: number },
): Promise<Output<'POST /admin/journeys/:journeyId/enrolments'> | AppError> => {
  const all = await liveVersions(tx)
  const live = enteringVersions(all).find((l) => l.journeyId === journeyId)
  if (!live) {
    const [known] = await tx.read('SELECT id FROM journey WHERE id = ?', [journeyId])
    throw known ? refuse('journey_bad_state', { state: '未在运行' }) : refuse('journey_not_found')
  }
  if (!memberIds && !segmentId) throw refuse('invalid_input', { reason: '请给出会员或人群' })
  const sum = { entered: 0, held: 0, refused: 0 }
  const add = async (ids: readonly string[]): Promise<void> => {
    const candidates = ids.map((memberId) => ({ memberId, entryKey: `manual:${enrolment}`, vars: {} }))
    const done = await enterMembers(tx, deps, live, candidates, now)
    sum.entered += done.entered
    sum.held += done.held
    sum.refused += done.refused
  }
  if (memberIds) await add(memberIds)
  for (let cursor = ''; segmentId; ) {
    const page = await membersOf(tx, segmentId, cursor, journeyPolicy.batch)
    await add(page)
    if (page.length < journeyPolicy.batch) break
    cursor = page[page.length - 1]
  }
  return sum
}

/** What the canvas offers in its lists. */
export const options = async (db: Reader): Promise<Output<'GET /admin/journey-options'>> => ({
  ...(await choices(db)),
  templates: (await listTemplates(db, false)).map(({ id, name, content }) => ({
    id,
    name,
    channels: Object.keys(content),
  })),
})
