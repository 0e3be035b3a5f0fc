import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { levelsOf } from '../tiers/service'
import { enterMembers } from './enter'
import type { JourneyCursor } from './entity'
import { applyEvents, type Happening, watchedTypes } from './events'
import { enteringVersions, type Live, liveVersions } from './load'
import {
  type Candidate,
  readInteractions,
  readJoins,
  readSegmentEvents,
  readStageChanges,
  readTierChanges,
} from './member-facts'
import { idFrom, journeyPolicy, timeOfId } from './rules'

/** A log that journeys follow: what it told of after a position. */
interface Tail {
  name: string
  /** Reads on from a position; `rows` is how many there were, `position` the last of them. */
  read(
    tx: Tx,
    live: readonly Live[],
    after: string,
    limit: number,
  ): Promise<{ rows: number; position: string; entries: { live: Live; candidate: Candidate }[]; events: Happening[] }>
}

const fresh = (live: Live, at: number, now: number): boolean => at >= live.openSince && at > now - journeyPolicy.freshMs

const interactions = (now: number): Tail => ({
  name: 'log:interaction',
  read: async (tx, live, after, limit) => {
    const types = [...watchedTypes(live)]
    const rows = types.length ? await readInteractions(tx, types, after, limit) : []
    const entries = enteringVersions(live).flatMap((l) => {
      const { trigger } = l.definition
      if (trigger.kind !== 'event') return []
      return rows
        .filter(
          (r) => r.type === trigger.event && (!trigger.target || r.target === trigger.target) && fresh(l, r.at, now),
        )
        .map((r) => ({
          live: l,
          candidate: {
            memberId: r.memberId,
            entryKey: `event:${r.eventId}`,
            vars: r.target ? { target: r.target } : ({} as Record<string, string>),
          },
        }))
    })
    return { rows: rows.length, position: rows.at(-1)?.id ?? after, entries, events: rows }
  },
})

const segments = (now: number): Tail => ({
  name: 'log:segment',
  read: async (tx, live, after, limit) => {
    const wanted = enteringVersions(live).flatMap((l) =>
      l.definition.trigger.kind === 'segment' ? [{ live: l, trigger: l.definition.trigger }] : [],
    )
    const rows = wanted.length
      ? await readSegmentEvents(tx, [...new Set(wanted.map((w) => w.trigger.segmentId))], after, limit)
      : []
    const entries = wanted.flatMap(({ live: l, trigger }) =>
      rows
        .filter((r) => r.segmentId === trigger.segmentId && r.kind === trigger.change && fresh(l, r.at, now))
        .map((r) => ({ live: l, candidate: { memberId: r.memberId, entryKey: `segment:${r.id}`, vars: {} } })),
    )
    return { rows: rows.length, position: rows.at(-1)?.id ?? after, entries, events: [] }
  },
})

const stages = (now: number): Tail => ({
  name: 'log:stage',
  read: async (tx, live, after, limit) => {
    const wanted = enteringVersions(live).filter((l) => l.definition.trigger.kind === 'stage')
    const rows = wanted.length ? await readStageChanges(tx, after, limit) : []
    const entries = wanted.flatMap((l) =>
      rows
        .filter(
          (r) =>
            l.definition.trigger.kind === 'stage' &&
            r.toStage === l.definition.trigger.to &&
            fresh(l, r.createdAt, now),
        )
        .map((r) => ({ live: l, candidate: { memberId: r.memberId, entryKey: `stage:${r.id}`, vars: {} } })),
    )
    return { rows: rows.length, position: rows.at(-1)?.id ?? after, entries, events: [] }
  },
})

const tiers = (now: number): Tail => ({
  name: 'log:tier',
  read: async (tx, live, after, limit) => {
    const wanted = enteringVersions(live).filter((l) => l.definition.trigger.kind === 'tier')
    const rows = wanted.length ? await readTierChanges(tx, after, limit) : []
    const levels = rows.length ? await levelsOf(tx) : []
    const entries = wanted.flatMap((l) =>
      rows
        .filter(
          (r) =>
            l.definition.trigger.kind === 'tier' &&
            r.direction === l.definition.trigger.direction &&
            fresh(l, r.at, now),
        )
        .map((r) => ({
          live: l,
          candidate: {
            memberId: r.memberId,
            entryKey: `tier:${r.id}`,
            vars: { tier: levels.find((v) => v.level === r.toLevel)?.name ?? '', reason: r.reason.slice(0, 60) },
          },
        })),
    )
    return { rows: rows.length, position: rows.at(-1)?.id ?? after, entries, events: [] }
  },
})

/** New members: the one happening that is a row of its own and no interaction. Its position is the time of joining and the id. */
const joins = (now: number): Tail => ({
  name: 'log:join',
  read: async (tx, live, after, limit) => {
    const rows = watchedTypes(live).has('join') ? await readJoins(tx, timeOfId(after), after.slice(9), limit) : []
    const events: Happening[] = rows.map((r) => ({
      memberId: r.id,
      eventId: 'join',
      type: 'join',
      at: r.joinedAt,
      target: null,
    }))
    const entries = enteringVersions(live).flatMap((l) => {
      const { trigger } = l.definition
      if (trigger.kind !== 'event' || trigger.event !== 'join') return []
      return events
        .filter((e) => fresh(l, e.at, now))
        .map((e) => ({ live: l, candidate: { memberId: e.memberId, entryKey: 'event:join', vars: {} } }))
    })
    const last = rows.at(-1)
    return { rows: rows.length, position: last ? `${idFrom(last.joinedAt)}/${last.id}` : after, entries, events }
  },
})

export const tailNames = ['log:interaction', 'log:segment', 'log:stage', 'log:tier', 'log:join'] as const
const tailOf = (name: string, now: number): Tail => {
  const tail = [interactions, segments, stages, tiers, joins].map((make) => make(now)).find((t) => t.name === name)
  if (!tail) throw new Error(`There is no tail ${name}`)
  return tail
}

/** The row of a cursor under lock, made at its first use. */
export const lockCursor = async (
  tx: Tx,
  name: string,
  position: string,
  treatedAt: number | null,
  now: number,
): Promise<JourneyCursor> => {
  const locked = () => tx.read<JourneyCursor>(`SELECT * FROM journey_cursor WHERE name = ?${tx.lock}`, [name])
  const [known] = await locked()
  if (known) return known
  // Inserting first, every time, would have two processes hold the row shared and both ask for it alone.
  await tx.insertNew('journey_cursor', [{ name, position, treatedAt, updatedAt: now }])
  const [made] = await locked()
  return made
}

/**
 * Reads one batch of a log: lets in whom it makes enter, and tells those on the way. The end of the log is read again for some minutes,
 * since a row may commit after one with a later id; keys and conditions make the second reading harmless.
 * @param from where this run of the job has got to in the log; null at its start
 * @returns where to go on, or null at the end
 */
export const followLog = async (
  tx: Tx,
  deps: Deps,
  { name, from, limit }: { name: string; from: string | null; limit: number },
  now: number,
): Promise<{ next: string | null; processed: number }> => {
  const cursor = await lockCursor(tx, name, idFrom(now), null, now)
  const overlap = idFrom(Math.min(timeOfId(cursor.position), now) - journeyPolicy.overlapMs)
  const after = from ?? (overlap < cursor.position ? overlap : cursor.position)
  const live = await liveVersions(tx)
  const told = await tailOf(name, now).read(tx, live, after, limit)
  let processed = await applyEvents(tx, live, told.events, now)
  for (const l of new Set(told.entries.map((e) => e.live))) {
    const mine = told.entries.filter((e) => e.live === l).map((e) => e.candidate)
    const { entered, held } = await enterMembers(tx, deps, l, mine, now)
    processed += entered + held
  }
  if (told.position > cursor.position)
    tx.write('UPDATE journey_cursor SET position = ?, updatedAt = ? WHERE name = ?', [told.position, now, name])
  return { next: told.rows < limit ? null : told.position, processed }
}
