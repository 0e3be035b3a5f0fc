import { addDays, civilDay, endOfDay, HOUR_MS, startOfDay } from '../../shared/time'
import type { Reader } from '../db/transaction'
import type { Tick } from '../jobs/job'
import { membersOf } from '../segments/service'
import type { Funnel } from './entity'
import { type FunnelStep, medianOf, type Walk, walkOf } from './funnel-rules'
import { daysFrom } from './rules'

/** Counting funnels in the background: a day of one step at a time, so that nobody waits for it. */

interface Hit {
  memberId: string
  at: number
}

/** Members and moments of a step on a civil day. Each is read from the index of its day. */
const hitsOn = (db: Reader, step: FunnelStep, onDay: string): Promise<Hit[]> => {
  const [kind, type] = step.event.split(':')
  if (kind === 'interaction')
    // Index interaction_type_member.
    return db.read(
      `SELECT memberId, at FROM interaction WHERE type = ? AND onDay = ?${step.page ? ' AND page = ?' : ''}${step.target ? ' AND target = ?' : ''}`,
      [type, onDay, ...(step.page ? [step.page] : []), ...(step.target ? [step.target] : [])],
    )
  if (kind === 'join')
    return db.read('SELECT id AS memberId, joinedAt AS at FROM member WHERE joinedAt >= ? AND joinedAt <= ?', [
      startOfDay(onDay),
      endOfDay(onDay),
    ])
  if (kind === 'coupon_claim')
    return db.read('SELECT memberId, claimedAt AS at FROM coupon WHERE claimedOn = ?', [onDay])
  if (kind === 'coupon_redeem')
    return db.read('SELECT memberId, redeemedAt AS at FROM coupon WHERE redeemedOn = ?', [onDay])
  if (kind === 'points_spend')
    return db.read("SELECT memberId, at FROM points_entry WHERE onDay = ? AND kind = 'spend'", [onDay])
  return db.read('SELECT memberId, at FROM purchase WHERE onDay = ?', [onDay])
}

const segmentIds = async (db: Reader, segmentId: string): Promise<Set<string>> => {
  const found = new Set<string>()
  for (let cursor = ''; ; ) {
    const ids = await membersOf(db, segmentId, cursor, 5000)
    for (const id of ids) found.add(id)
    if (ids.length < 5000) return found
    cursor = ids[ids.length - 1]
  }
}

/** Every member's furthest walk through a funnel, as of a moment. Null when the process wants to stop. */
export const walksOf = async (
  db: Reader,
  funnel: Pick<Funnel, 'steps' | 'windowHours' | 'days' | 'segmentId'>,
  now: number,
  stopping: () => boolean,
): Promise<Map<string, Walk> | null> => {
  const steps = JSON.parse(funnel.steps) as FunnelStep[]
  const today = civilDay(now)
  const from = addDays(today, 1 - funnel.days)
  const within = funnel.segmentId ? await segmentIds(db, funnel.segmentId) : null
  const times = new Map<string, number[][]>()
  for (const [i, step] of steps.entries())
    for (const onDay of daysFrom(from, today)) {
      if (stopping()) return null
      for (const hit of await hitsOn(db, step, onDay)) {
        if (within && !within.has(hit.memberId)) continue
        const own = times.get(hit.memberId) ?? []
        // Who has not taken the step before cannot take this one.
        if (i > 0 && !own[i - 1]) continue
        times.set(hit.memberId, own)
        own[i] ??= []
        own[i].push(Number(hit.at))
      }
      await new Promise<void>((next) => setImmediate(next))
    }
  const walks = new Map<string, Walk>()
  for (const [memberId, own] of times) {
    const sorted = steps.map((_, i) => (own[i] ?? []).sort((a, b) => a - b))
    const walk = walkOf(sorted, funnel.windowHours * HOUR_MS, endOfDay(today))
    if (walk.reached) walks.set(memberId, walk)
  }
  return walks
}

/** Funnels that have no result for their present version. */
export const funnelsWaiting = async (db: Reader): Promise<string[]> =>
  (await db.read<{ id: string }>('SELECT id FROM funnel WHERE countedAt IS NULL ORDER BY id')).map((f) => f.id)

/** Counts a funnel and puts the result in place, unless it was changed meanwhile. */
export const countFunnel = async (tick: Tick, id: string): Promise<void> => {
  const { db } = tick.deps
  const [funnel] = await db.read<Funnel>('SELECT * FROM funnel WHERE id = ?', [id])
  if (!funnel) return
  const now = tick.slotAt
  const walks = await walksOf(db, funnel, now, tick.stopping)
  if (!walks) return
  const steps = JSON.parse(funnel.steps) as FunnelStep[]
  const result = steps.map((_, i) => {
    const there = [...walks.values()].filter((w) => w.reached > i)
    return { members: there.length, medianSeconds: i ? medianOf(there.map((w) => w.seconds[i - 1])) : null }
  })
  await tick.step(async (tx) => {
    const changed = await tx.run(
      'UPDATE funnel SET result = ?, countedAt = ?, countedOn = ? WHERE id = ? AND version = ?',
      [JSON.stringify(result), now, civilDay(now), id, funnel.version],
    )
    if (changed) {
      tx.write('DELETE FROM funnel_member WHERE funnelId = ?', [id])
      tx.insert(
        'funnel_member',
        [...walks].map(([memberId, w]) => ({ funnelId: id, memberId, reached: w.reached })),
      )
    }
    return { cursor: `~funnel ${id}`, processed: walks.size }
  })
}
