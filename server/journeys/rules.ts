import type { JourneyDefinition, JourneyNode, JourneyTest, JourneyTrigger } from '../../shared/journey'
import {
  addDays,
  civilDay,
  DAY_MS,
  HOUR_MS,
  lastDayOfMonth,
  MINUTE_MS,
  partsOf,
  startOfDay,
  weekday,
} from '../../shared/time'

export const journeyPolicy = {
  /** Runs advanced, or members entered, in one transaction. */
  batch: 500,
  /** The tails of logs are read again from this long before their end: a row may commit after one with a later id. */
  overlapMs: 10 * MINUTE_MS,
  /** What happened longer ago starts no journey: an import of history is not news. */
  freshMs: 3 * DAY_MS,
  /** Civil days of an outage that a daily search makes up for. */
  catchUpDays: 31,
  /** Nodes of a definition, as the contract bounds them. */
  maxNodes: 60,
  holdoutSalt: (journeyId: string): string => `journey:${journeyId}`,
} as const

/** What conditions are asked of. */
export interface Facts {
  memberId: string
  fields: Record<string, number | string | boolean>
  /** Segments and trees the member was found in, by the key of the test. */
  inside: Set<string>
}

/** Names a test that a database had to answer. */
export const testKey = (test: { kind: 'segment'; segmentId: string } | { kind: 'tree'; tree: unknown }): string =>
  test.kind === 'segment' ? `segment:${test.segmentId}` : `tree:${JSON.stringify(test.tree)}`

const compare = (op: string, left: number | string | boolean, right: number | string | boolean | string[]): boolean => {
  if (Array.isArray(right)) return op === 'in' && right.includes(String(left))
  if (op === 'eq') return left === right
  if (op === 'ne') return left !== right
  if (typeof left !== 'number' || typeof right !== 'number') return false
  if (op === 'gte') return left >= right
  if (op === 'lte') return left <= right
  if (op === 'gt') return left > right
  return op === 'lt' && left < right
}

/** Whether a condition holds. A field nobody knows a value of (no purchase yet) holds for nothing but “not equal”. */
export const holds = (test: JourneyTest, facts: Facts): boolean => {
  const one = (t: JourneyTest['tests'][number]): boolean => {
    if (t.kind === 'segment') return facts.inside.has(testKey(t)) === t.inside
    if (t.kind === 'tree') return facts.inside.has(testKey(t))
    const value = facts.fields[t.field]
    return value === undefined ? t.op === 'ne' : compare(t.op, value, t.value)
  }
  return test.match === 'all' ? test.tests.every(one) : test.tests.some(one)
}

/** Every condition of a definition. */
export const testsOf = (definition: JourneyDefinition): JourneyTest[] => [
  ...(definition.audience ? [definition.audience] : []),
  ...definition.nodes.flatMap((n) =>
    n.kind === 'condition' ? [n.test] : n.kind === 'branch' ? n.branches.map((b) => b.test) : [],
  ),
]

const unitMs = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS }
const timeOfDay = (at: string): number => {
  const [hours, minutes] = at.split(':').map(Number)
  return hours * HOUR_MS + minutes * MINUTE_MS
}

/** Until when a node waits that was reached at `now` (epoch ms); null for a node that does not wait. */
export const waitUntil = (node: JourneyNode, now: number): number | null => {
  if (node.kind === 'wait' || node.kind === 'wait_event') return now + node.amount * unitMs[node.unit]
  if (node.kind !== 'wait_until') return null
  let day = addDays(civilDay(now), node.afterDays)
  const moment = (): number => startOfDay(day) + timeOfDay(node.at)
  if (moment() < now) day = addDays(day, 1)
  if (node.weekdays.length) while (!node.weekdays.includes(weekday(day))) day = addDays(day, 1)
  return moment()
}

/** Where a node leads to with an outcome. */
export const nextOf = (node: JourneyNode, outcome: string): string | null => {
  switch (node.kind) {
    case 'condition':
      return outcome === 'yes' ? node.yes : node.no
    case 'branch': {
      const index = /^branch:(\d+)$/.exec(outcome)?.[1]
      return index === undefined ? node.otherwise : node.branches[Number(index)].next
    }
    case 'split':
      return node.arms.find((a) => outcome === `arm:${a.key}`)?.next ?? null
    case 'wait_event':
      return outcome === 'happened' ? node.next : node.timeout
    case 'exit':
      return null
    default:
      return node.next
  }
}

/** The outcome of a condition or branch. */
export const outcomeOf = (node: Extract<JourneyNode, { kind: 'condition' | 'branch' }>, facts: Facts): string => {
  if (node.kind === 'condition') return holds(node.test, facts) ? 'yes' : 'no'
  const index = node.branches.findIndex((b) => holds(b.test, facts))
  return index < 0 ? 'otherwise' : `branch:${index}`
}

type Search = Exclude<JourneyTrigger, { kind: 'event' | 'segment' | 'tier' | 'stage' | 'manual' }>

/** Triggers that are looked for at a time of day, as against those that a log tells. */
export const isSearch = (trigger: JourneyTrigger): trigger is Search =>
  !['event', 'segment', 'tier', 'stage', 'manual'].includes(trigger.kind)

const scheduled = (trigger: Extract<JourneyTrigger, { kind: 'schedule' }>, day: string): boolean => {
  if (trigger.every === 'once') return day === trigger.on
  if (trigger.every === 'week') return weekday(day) === trigger.weekday
  if (trigger.every === 'month') {
    const last = partsOf(lastDayOfMonth(day)).day
    return partsOf(day).day === Math.min(trigger.monthDay ?? 1, last)
  }
  return true
}

/** The latest moment at or before `now` at which a search was due, or null when none is within the days that are made up for. */
export const slotOf = (trigger: Search, now: number): number | null => {
  for (let back = 0; back <= journeyPolicy.catchUpDays; back++) {
    const day = addDays(civilDay(now), -back)
    const slot = startOfDay(day) + timeOfDay(trigger.at)
    if (slot <= now && (trigger.kind !== 'schedule' || scheduled(trigger, day))) return slot
  }
  return null
}

/** The next moment after `now` at which a search is due, within `days` days; null when there is none. */
export const slotsBetween = (trigger: Search, from: string, days: number): number[] =>
  Array.from({ length: days }, (_, i) => addDays(from, i))
    .filter((day) => trigger.kind !== 'schedule' || scheduled(trigger, day))
    .map((day) => startOfDay(day) + timeOfDay(trigger.at))

/** Whether what the trigger says is drawn from who the member is; such a journey is not for those who switched personalisation off. */
export const isProfileBased = (trigger: JourneyTrigger): boolean =>
  ['segment', 'stage', 'churn', 'repurchase'].includes(trigger.kind)

/** The first id of a moment: ids are time-ordered, so a log is read from here. */
export const idFrom = (epochMs: number): string => Math.max(0, epochMs).toString(36).padStart(8, '0')
/** The moment of an id (epoch ms). */
export const timeOfId = (id: string): number => Number.parseInt(id.slice(0, 8), 36)
