import { marks } from '../db/statement'
import type { Tx } from '../db/transaction'
import type { JourneyRun } from './entity'
import type { Live } from './load'

/** Something that happened to a member. */
export interface Happening {
  memberId: string
  /** Names it for good. */
  eventId: string
  type: string
  at: number
  target: string | null
}

/** The types of events that some version starts with, waits for, aims at or ends by. */
export const watchedTypes = (live: readonly Live[]): Set<string> => {
  const types = new Set<string>()
  for (const { definition } of live) {
    if (definition.trigger.kind === 'event') types.add(definition.trigger.event)
    if (definition.goal) types.add(definition.goal.event)
    for (const exit of definition.exits) types.add(exit.event)
    for (const node of definition.nodes) if (node.kind === 'wait_event') types.add(node.event)
  }
  return types
}

const fits = (wanted: { event: string; target: string | null }, event: Happening): boolean =>
  wanted.event === event.type && (wanted.target === null || wanted.target === event.target)

/** Whether an event is the one a run waits for: it happened after the waiting began. */
const awaited = (run: JourneyRun, live: Live, event: Happening): boolean => {
  const node = live.definition.nodes.find((n) => n.id === run.nodeId)
  return (
    run.state === 'active' &&
    node?.kind === 'wait_event' &&
    run.waitSince !== null &&
    event.at > run.waitSince &&
    fits(node, event)
  )
}

const reached = (run: JourneyRun, live: Live, event: Happening): boolean => {
  const { goal } = live.definition
  return (
    !!goal && run.goalAt === null && event.at > run.enteredAt && event.at <= (run.goalUntil ?? 0) && fits(goal, event)
  )
}

/**
 * What events mean to those already on a journey: the wait is over, the goal is reached (also by the control group, and by who has walked
 * to the end), the journey is left. Applying an event twice changes nothing more.
 */
export const applyEvents = async (
  tx: Tx,
  live: readonly Live[],
  events: readonly Happening[],
  now: number,
): Promise<number> => {
  const memberIds = [...new Set(events.map((e) => e.memberId))].sort()
  if (!memberIds.length) return 0
  const runs = await tx.read<JourneyRun>(
    `SELECT * FROM journey_run WHERE memberId IN ${marks(memberIds)} AND (state = 'active' OR goalUntil >= ?) ORDER BY id${tx.lock}`,
    [...memberIds, Math.min(...events.map((e) => e.at))],
  )
  const versions = new Map(live.map((l) => [`${l.journeyId}/${l.version}`, l]))
  let changed = 0
  for (const run of runs) {
    const version = versions.get(`${run.journeyId}/${run.version}`)
    if (!version) continue
    const mine = events.filter((e) => e.memberId === run.memberId)
    const goal = mine.find((e) => reached(run, version, e))
    const exit = mine.find(
      (e) => run.state === 'active' && e.at > run.enteredAt && version.definition.exits.some((x) => x.event === e.type),
    )
    const leaves = run.state === 'active' && ((goal && version.definition.goal?.exit) || exit)
    if (goal) tx.write('UPDATE journey_run SET goalAt = ? WHERE id = ?', [goal.at, run.id])
    if (leaves)
      tx.write(
        "UPDATE journey_run SET state = 'exited', nodeId = NULL, dueAt = NULL, waitEvent = NULL, endedAt = ?, endReason = ? WHERE id = ?",
        [now, goal ? 'goal' : `event:${exit?.type}`, run.id],
      )
    else if (!run.waitMet && mine.some((e) => awaited(run, version, e)))
      tx.write('UPDATE journey_run SET waitMet = 1, dueAt = ? WHERE id = ?', [now, run.id])
    else if (!goal) continue
    changed++
  }
  return changed
}
