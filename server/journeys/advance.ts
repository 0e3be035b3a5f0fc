import type { JourneyNode } from '../../shared/journey'
import { marks } from '../db/statement'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { assign } from '../experiments/service'
import { type At, act } from './actions'
import { withVars } from './enter'
import type { JourneyRun } from './entity'
import { type Live, liveVersions } from './load'
import { factsFor } from './member-facts'
import { isProfileBased, journeyPolicy, nextOf, outcomeOf, testsOf, waitUntil } from './rules'

/** What one batch did. */
export interface Advanced {
  /** Runs looked at; below the limit means that nothing more is due. */
  runs: number
  steps: number
  troubles: string[]
}

interface Walker {
  run: JourneyRun
  live: Live
  nodes: Map<string, JourneyNode>
  vars: Record<string, string>
  /** Standing still: it waits, or its journey is over. */
  rests: boolean
}
interface Step {
  runId: string
  nodeId: string
  journeyId: string
  version: number
  outcome: string
  at: number
}

const end = (walker: Walker, state: 'done' | 'exited' | 'failed', reason: string | null, now: number): void => {
  Object.assign(walker.run, { state, nodeId: null, dueAt: null, endedAt: now, endReason: reason, waitEvent: null })
  walker.rests = true
}

/** Writes a node down as passed and goes on to where its outcome leads. */
const pass = (walker: Walker, node: JourneyNode, outcome: string, steps: Step[], now: number): void => {
  const { run, live } = walker
  steps.push({ runId: run.id, nodeId: node.id, journeyId: run.journeyId, version: live.version, outcome, at: now })
  Object.assign(run, { waitEvent: null, waitSince: null, waitMet: 0, nodeId: nextOf(node, outcome) })
  if (node.kind === 'exit') end(walker, 'exited', node.reason || null, now)
  else if (run.nodeId === null) end(walker, 'done', null, now)
}

/** Goes on while nothing has to be asked of a database: splits, ends, and waits that begin or are over. Answers the node where something has. */
const glide = (walker: Walker, steps: Step[], now: number): JourneyNode | null => {
  for (;;) {
    if (walker.rests) return null
    const { run } = walker
    const node = walker.nodes.get(run.nodeId ?? '')
    if (!node) {
      end(walker, 'done', null, now)
      return null
    }
    if (node.kind === 'split') {
      const arm = assign(`journey:${run.journeyId}:${node.id}`, run.memberId, node.arms)
      pass(walker, node, `arm:${arm.key}`, steps, now)
    } else if (node.kind === 'exit') pass(walker, node, 'exit', steps, now)
    else if (node.kind === 'wait' || node.kind === 'wait_until' || node.kind === 'wait_event') {
      if (run.waitSince === null) {
        const until = waitUntil(node, now) as number
        const waitEvent = node.kind === 'wait_event' ? node.event : null
        Object.assign(run, { waitSince: now, dueAt: until, waitEvent })
        walker.rests = true
        return null
      }
      pass(walker, node, node.kind !== 'wait_event' ? 'next' : run.waitMet ? 'happened' : 'timeout', steps, now)
    } else return node
  }
}

const atOf = ({ run, live, vars }: Walker, node: JourneyNode): At => ({
  runId: run.id,
  journeyId: run.journeyId,
  memberId: run.memberId,
  priority: live.definition.priority,
  personal: isProfileBased(live.definition.trigger),
  vars,
  node,
})

const isCondition = (node: JourneyNode): node is Extract<JourneyNode, { kind: 'condition' | 'branch' }> =>
  node.kind === 'condition' || node.kind === 'branch'

/** One wave: everybody who stands at a condition or an action passes it, kind by kind, with one query or command for all of a kind. */
const wave = async (
  tx: Tx,
  deps: Deps,
  standing: readonly { walker: Walker; node: JourneyNode }[],
  steps: Step[],
  now: number,
): Promise<string[]> => {
  const troubles: string[] = []
  const asked = standing.filter((s) => isCondition(s.node))
  const facts = await factsFor(
    tx,
    deps,
    asked.map((s) => s.walker.run.memberId),
    asked.flatMap((s) => testsOf({ ...s.walker.live.definition, audience: null, nodes: [s.node] })),
    now,
  )
  for (const { walker, node } of asked) {
    const known = facts.get(walker.run.memberId)
    if (!isCondition(node)) continue
    if (known) pass(walker, node, outcomeOf(node, withVars(known, walker.vars)), steps, now)
    else end(walker, 'exited', 'member_gone', now)
  }
  const acting = standing.filter((s) => !isCondition(s.node))
  for (const kind of new Set(acting.map((s) => s.node.kind))) {
    const mine = acting.filter((s) => s.node.kind === kind)
    const done = await act(
      { tx, deps, now },
      kind,
      mine.map(({ walker, node }) => atOf(walker, node)),
    )
    troubles.push(...done.troubles)
    for (const [i, { walker, node }] of mine.entries()) pass(walker, node, done.outcomes[i], steps, now)
  }
  return troubles
}

const runColumns = ['state', 'nodeId', 'dueAt', 'waitEvent', 'waitSince', 'waitMet', 'endedAt', 'endReason']

/** Ids of due runs of journeys that are not paused, longest due first. */
export const dueRuns = async (tx: Tx, limit: number, now: number): Promise<string[]> => {
  const rows = await tx.read<{ id: string }>(
    `SELECT r.id FROM journey_run r JOIN journey j ON j.id = r.journeyId
     WHERE r.state = 'active' AND r.dueAt <= ? AND j.state = 'published' ORDER BY r.dueAt LIMIT ?`,
    [now, limit],
  )
  return rows.map((r) => r.id)
}

/**
 * Moves runs on as far as they go. Their rows are locked and read again, so two engines never move one; state, steps and effects commit
 * together, and a step that was taken before breaks on its key and undoes the whole batch.
 */
export const advanceRuns = async (tx: Tx, deps: Deps, ids: readonly string[], now: number): Promise<Advanced> => {
  if (!ids.length) return { runs: 0, steps: 0, troubles: [] }
  const sorted = [...ids].sort()
  const runs = await tx.read<JourneyRun>(
    `SELECT * FROM journey_run WHERE id IN ${marks(sorted)} AND state = 'active' AND dueAt <= ? ORDER BY id${tx.lock}`,
    [...sorted, now],
  )
  const versions = new Map((await liveVersions(tx)).map((l) => [`${l.journeyId}/${l.version}`, l]))
  const walkers = runs.flatMap((run): Walker[] => {
    const live = versions.get(`${run.journeyId}/${run.version}`)
    if (!live) return []
    const nodes = new Map(live.definition.nodes.map((n) => [n.id, n]))
    return [{ run, live, nodes, vars: JSON.parse(run.vars ?? '{}') as Record<string, string>, rests: false }]
  })
  const steps: Step[] = []
  const troubles: string[] = []
  // A definition has no circles, so nobody passes more nodes than there are.
  for (let round = 0; round <= journeyPolicy.maxNodes; round++) {
    const standing = walkers.flatMap((walker) => {
      const node = glide(walker, steps, now)
      return node ? [{ walker, node }] : []
    })
    if (!standing.length) break
    troubles.push(...(await wave(tx, deps, standing, steps, now)))
  }
  tx.insert(
    'journey_step',
    steps.map((s) => ({ ...s })),
  )
  tx.upsert(
    'journey_run',
    ['id'],
    runColumns,
    walkers.map(({ run }) => ({ ...run })),
  )
  return { runs: runs.length, steps: steps.length, troubles }
}

/** Ends a run that cannot be moved on; what it had done stays done. */
export const failRun = async (tx: Tx, runId: string, reason: string, now: number): Promise<void> => {
  tx.write(
    "UPDATE journey_run SET state = 'failed', dueAt = NULL, endedAt = ?, endReason = ? WHERE id = ? AND state = 'active'",
    [now, reason.slice(0, 180), runId],
  )
}
