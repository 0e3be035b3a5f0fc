import { DAY_MS } from '../../shared/time'
import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { settingsOf as experimentSettings, globalHoldoutSalt, isHeld } from '../experiments/service'
import type { Live } from './load'
import { type Candidate, factsFor } from './member-facts'
import { holds, isProfileBased, journeyPolicy } from './rules'

export interface Entered {
  entered: number
  held: number
  refused: number
}

interface Standing {
  id: string
  status: string
  personalised: number
}

/** Members who may not enter again yet: who is on the journey now, or entered it within the pause it asks for. */
const tooSoon = async (tx: Tx, live: Live, memberIds: readonly string[], now: number): Promise<Set<string>> => {
  const { reentry } = live.definition
  if (reentry.kind !== 'after') return new Set()
  const since = now - reentry.days * DAY_MS
  const rows = await tx.read<{ memberId: string }>(
    `SELECT DISTINCT memberId FROM journey_run WHERE journeyId = ? AND memberId IN ${marks(memberIds)} AND (state = 'active' OR enteredAt > ?)`,
    [live.journeyId, ...memberIds, since],
  )
  return new Set(rows.map((r) => r.memberId))
}

/**
 * Lets members onto a journey, at most 500: the audience is asked, the control group is held back, and the unique key of journey, member
 * and occasion lets nobody in twice for the same thing. Where a pause between two entries is asked for, the members' rows are locked, so that two
 * occasions at once cannot both find that none was before.
 */
export const enterMembers = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  live: Live,
  candidates: readonly Candidate[],
  now: number,
): Promise<Entered> => {
  const { definition } = live
  const keyed = new Map(candidates.map((c) => [`${c.memberId}/${c.entryKey}`, c]))
  const ids = [...new Set(candidates.map((c) => c.memberId))].sort()
  if (!ids.length) return { entered: 0, held: 0, refused: 0 }
  const lock = definition.reentry.kind === 'after' ? tx.lock : ''
  const members = await tx.read<Standing>(
    `SELECT id, status, personalised FROM member WHERE id IN ${marks(ids)} ORDER BY id${lock}`,
    ids,
  )
  const standing = new Map(members.map((m) => [m.id, m]))
  const soon = await tooSoon(tx, live, ids, now)
  const facts = definition.audience ? await factsFor(tx, deps, ids, [definition.audience], now) : null
  const { holdoutPercent } = await experimentSettings(tx)
  const taken = new Set<string>()
  const rows = [...keyed.values()].flatMap((c) => {
    const member = standing.get(c.memberId)
    if (member?.status !== 'active' || soon.has(c.memberId)) return []
    // A pause between two entries also holds within a batch.
    if (definition.reentry.kind === 'after' && taken.has(c.memberId)) return []
    if (!member.personalised && isProfileBased(definition.trigger)) return []
    const known = facts?.get(c.memberId)
    if (definition.audience && !(known && holds(definition.audience, withVars(known, c.vars)))) return []
    taken.add(c.memberId)
    const held =
      isHeld(journeyPolicy.holdoutSalt(live.journeyId), c.memberId, definition.holdout.percent) ||
      (definition.holdout.percent > 0 && isHeld(globalHoldoutSalt, c.memberId, holdoutPercent))
    return [
      {
        id: newId(now),
        journeyId: live.journeyId,
        version: live.version,
        memberId: c.memberId,
        entryKey: definition.reentry.kind === 'once' ? 'once' : c.entryKey,
        state: held ? 'held' : 'active',
        nodeId: held ? null : definition.start,
        dueAt: held ? null : now,
        waitEvent: null,
        waitSince: null,
        waitMet: 0,
        vars: JSON.stringify(c.vars),
        enteredAt: now,
        endedAt: null,
        endReason: null,
        goalAt: null,
        goalUntil: definition.goal ? now + definition.goal.days * DAY_MS : null,
      },
    ]
  })
  const entering = rows.filter((r) => r.state === 'active')
  const holding = rows.filter((r) => r.state === 'held')
  const entered = await tx.insertNew('journey_run', entering)
  const held = await tx.insertNew('journey_run', holding)
  return { entered, held, refused: keyed.size - entered - held }
}

/** The facts with what the trigger knew beside them. */
export const withVars = <T extends { fields: Record<string, number | string | boolean> }>(
  facts: T,
  vars: Record<string, string>,
): T => ({
  ...facts,
  fields: { ...facts.fields, ...Object.fromEntries(Object.entries(vars).map(([k, v]) => [`trigger.${k}`, v])) },
})
