import { civilDay } from '../../shared/time'
import { batch, steps } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import { memberIdsAfter, membersTouched } from './facts'
import { overlapMs, projectMembers } from './project'
import { finishRefresh, finishTag, type Page, refreshPage, refreshTagPage, ruledTags, trackedSegments } from './refresh'

/** How far the first look for changes reaches back, when nothing was ever followed. */
const firstLookMs = 24 * 3_600_000

/** Copies what happened to members since the last look into the flat rows that segments are counted on. */
export const followMembers = async (tick: Tick): Promise<void> => {
  const since = (tick.previousSlotAt ?? tick.slotAt - firstLookMs) - overlapMs
  const touched = await membersTouched(tick.deps.db, since, civilDay(since))
  await batch(tick, {
    next: async (_, cursor, limit) => touched.filter((id) => id > cursor).slice(0, limit),
    keyOf: (id) => id,
    treat: async (tx, ids, now) => ({ processed: await projectMembers(tx, ids, now) }),
  })
}

/** Looks through every member once a night: windows of days move on, and what leaves no trace (profile, scores) is found by comparing. */
export const copyFacts = (tick: Tick): Promise<void> =>
  batch(tick, {
    next: (tx, cursor, limit) => memberIdsAfter(tx, cursor, limit),
    keyOf: (id) => id,
    treat: async (tx, ids, now) => ({ processed: await projectMembers(tx, ids, now) }),
  })

const phases = ['exit', 'enter'] as const

/**
 * Refreshes rule tags and then tracked segments: who enters, who leaves. The cursor names where it is, `kind:id:version:phase:member`, so
 * a run that is taken over goes on there.
 */
export const refreshSegments = async (tick: Tick): Promise<void> => {
  const { db, keys } = tick.deps
  const list = [
    ...(await ruledTags(db)).map((t) => ({ kind: 'tag', id: t.id, version: 0 })),
    ...(await trackedSegments(db)).map((s) => ({ kind: 'segment', ...s })),
  ]
  const name = (i: number, phase: string, member: string): string =>
    `${list[i].kind}:${list[i].id}:${list[i].version}:${phase}:${member}`
  if (!list.length) return
  await steps(tick, async (tx, cursor, limit, now) => {
    const [kind, id, version, phase, member] = cursor.split(':')
    const at = cursor ? list.findIndex((x) => x.kind === kind && x.id === id) : 0
    // What was deleted or renumbered since is left; the next run looks at all of it again.
    if (at < 0 || (cursor && Number(version) !== list[at].version)) return { cursor: null, processed: 0 }
    const present = cursor ? (phase as (typeof phases)[number]) : 'exit'
    const target = list[at]
    const work = { phase: present, cursor: cursor ? member : '', limit, now }
    const page: Page =
      target.kind === 'tag'
        ? await refreshTagPage(tx, keys, { tagId: target.id, ...work })
        : await refreshPage(tx, keys, { segmentId: target.id, ...work })
    if (page.cursor !== null) return { cursor: name(at, present, page.cursor), processed: page.changed }
    if (present === 'exit') return { cursor: name(at, 'enter', ''), processed: page.changed }
    if (target.kind === 'tag') finishTag(tx, target.id, now)
    else await finishRefresh(tx, target.id, target.version, now)
    return { cursor: at + 1 < list.length ? name(at + 1, 'exit', '') : null, processed: page.changed }
  })
}
