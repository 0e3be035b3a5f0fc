import { addDays, civilDay } from '../../shared/time'
import type { Bindable } from '../db/statement'
import type { Deps } from '../deps'
import { steps, sweep } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import { openDays, sumDay } from './effect'
import type { RecommendationDay } from './entity'
import { followStep, reconcileStep } from './follow'
import { defaultEaseItems } from './models/train'
import { type Publication, publishModel, renewNeighbours, trainAside } from './publish'
import type { TrainingOrder } from './train-thread'
import { trainingPolicy } from './training-data'

/** Exposures older than this have been summed up long ago. */
const keptEventDays = 120

/** Keeps histories and pair counts up with purchases and refunds. */
export const followPurchases = (tick: Tick): Promise<void> =>
  steps(tick, async (tx, _cursor, limit, now) => {
    const { members, more } = await followStep(tx, limit, now)
    return { cursor: more ? 'more' : null, processed: members }
  })

/** Learns a model from all purchases before today, in a thread; null when there are none. */
const learn = async (deps: Deps, size: Omit<TrainingOrder, 'now'>): Promise<Publication | null> => {
  const dataAt = deps.clock.now()
  const started = performance.now()
  const result = await trainAside(deps, { now: dataAt, ...size })
  return result && { kind: 'full', dataAt, seconds: (performance.now() - started) / 1000, ...result }
}

/** Nightly: takes out who switched personalisation off, then learns, back-tests and publishes a model. */
export const trainModel = async (tick: Tick): Promise<void> => {
  await steps(tick, reconcileStep)
  if (tick.stopping()) return
  const learnt = await learn(tick.deps, { easeItems: defaultEaseItems, tested: trainingPolicy.tested })
  if (learnt)
    await tick.step(async (tx, now) => {
      await publishModel(tx, learnt, now)
      return { cursor: 'published', processed: 1 }
    })
}

/** Everything at once, for a shop whose purchases have just come in: histories, then a model with a smaller inverse. */
export const learnNow = async (deps: Deps, size: Omit<TrainingOrder, 'now'>): Promise<void> => {
  for (let more = true; more; ) more = (await deps.db.tx((tx) => followStep(tx, 500, deps.clock.now()))).more
  const learnt = await learn(deps, size)
  if (learnt) await deps.db.tx((tx) => publishModel(tx, learnt, deps.clock.now()))
}

/** Between the nights: publishes item-kNN with the lists of what was bought since. */
export const refreshNeighbours = async (tick: Tick): Promise<void> => {
  const renewed = await renewNeighbours(tick.deps.db, tick.deps.clock.now())
  if (!renewed) return
  await tick.step(async (tx, now) => {
    await publishModel(tx, renewed, now)
    return { cursor: 'published', processed: renewed.items }
  })
}

/** Sums up what the recommendations of the last days brought, and forgets exposures that were summed up long ago. */
export const sumUpEffect = async (tick: Tick): Promise<void> => {
  for (const day of openDays(tick.deps.clock.now())) {
    if (tick.stopping()) return
    const rows = await sumDay(tick.deps.db, day)
    await tick.step(async (tx) => {
      tx.write('DELETE FROM recommendation_day WHERE onDay = ?', [day])
      tx.insert(
        'recommendation_day',
        rows.map((r: RecommendationDay) => ({ ...r }) as Record<string, Bindable>),
      )
      return { cursor: day, processed: rows.reduce((sum, r) => sum + r.units, 0) }
    })
  }
  await sweep(tick, {
    table: 'recommendation_event',
    key: ['memberId', 'eventId'],
    where: 'onDay < ?',
    params: [addDays(civilDay(tick.deps.clock.now()), -keptEventDays)],
  })
}
