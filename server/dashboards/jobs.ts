import { addDays, civilDay } from '../../shared/time'
import type { Row } from '../db/statement'
import { batch } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import { renewDay, stamp } from './days'
import { daysKnown, daysTouched, redemptionsUndone } from './facts'
import { countFunnel, funnelsWaiting } from './funnel-count'
import { cellsOfMembers, expiringCell, rewardCells, rewardDays } from './nightly'
import { daysFrom } from './rules'

/** How far a look for changes reaches back before the last one: longer than a transaction takes from its first id to its commit. */
const overlapMs = 2 * 60_000
/** Days that are reckoned anew each night, whether or not a change was seen. */
const nightlyDays = 40

const renewDays = async (tick: Tick, days: readonly string[]): Promise<void> => {
  await batch(tick, {
    // One day is one transaction: a busy one has tens of thousands of rows.
    next: async (_, cursor) => days.filter((d) => d > cursor).slice(0, 1),
    keyOf: (d) => d,
    treat: async (tx, [onDay]) => {
      await renewDay(tx, onDay)
      return { processed: 1 }
    },
  })
}

/** Brings today and every day that something came in for up to date. */
export const followDays = async (tick: Tick): Promise<void> => {
  const { db } = tick.deps
  const today = civilDay(tick.slotAt)
  if (tick.previousSlotAt === null) {
    const known = await daysKnown(db)
    await everyDay(tick, known ? daysFrom(known.from, known.to > today ? known.to : today) : [today])
  } else {
    const since = tick.previousSlotAt - overlapMs
    const undone = (await redemptionsUndone(db, since)).map((r) => civilDay(Number(r.at)))
    const days = new Set([...(await daysTouched(db, since)), ...undone, today])
    if (civilDay(since) !== today) days.add(civilDay(since))
    await everyDay(tick, [...days].sort())
  }
  await tick.step(async (tx, now) => {
    stamp(tx, 'days', now)
    return { cursor: '~', processed: 0 }
  })
}

/** `batch` stops after a page shorter than its limit, so a day is a page of its own. */
const everyDay = (tick: Tick, days: readonly string[]): Promise<void> =>
  renewDays({ ...tick, job: { ...tick.job, limit: 1 } }, days)

/** The night's figures: the last days anew, every member once, rewards, and every funnel. */
export const reckonNight = async (tick: Tick): Promise<void> => {
  const { db } = tick.deps
  const now = tick.slotAt
  const today = civilDay(now)
  await everyDay(tick, daysFrom(addDays(today, -nightlyDays), today))
  const cells = await cellsOfMembers(db, tick.stopping)
  if (!cells || tick.stopping()) return
  const expiring = await expiringCell(db, now)
  await tick.step(async (tx) => {
    tx.write("DELETE FROM dash_cell WHERE figure NOT IN ('reward', 'reward-back')")
    tx.insert('dash_cell', [...cells, expiring] as unknown as Row[])
    stamp(tx, 'members', now)
    return { cursor: '~members', processed: cells.length }
  })
  const [known] = await db.read<{ asOf: number }>("SELECT asOf FROM dash_state WHERE name = 'rewards'")
  for (const onDay of rewardDays(now, known ? today : null)) {
    if (tick.stopping()) return
    const rows = await rewardCells(db, onDay, now)
    await tick.step(async (tx) => {
      tx.write("DELETE FROM dash_cell WHERE figure IN ('reward', 'reward-back') AND colKey = ?", [onDay])
      tx.insert('dash_cell', rows as unknown as Row[])
      return { cursor: `~rewards ${onDay}`, processed: rows.length }
    })
  }
  await tick.step(async (tx) => {
    stamp(tx, 'rewards', now)
    tx.write('UPDATE funnel SET countedAt = NULL WHERE countedOn <> ?', [today])
    return { cursor: '~rewards', processed: 0 }
  })
  await countFunnels(tick)
}

/** Counts the funnels that wait: new ones, changed ones, and all of them once a night. */
export const countFunnels = async (tick: Tick): Promise<void> => {
  for (const id of await funnelsWaiting(tick.deps.db)) {
    if (tick.stopping()) return
    await countFunnel(tick, id)
  }
}
