import { parentPort, workerData } from 'node:worker_threads'
import { openDb } from '../db/data-source'
import { packModel } from './models/codec'
import { bestOf, freshPopularity } from './models/popularity'
import { type Card, train } from './models/train'
import { readTrainingInput } from './training-data'

/** What the thread is asked for. */
export interface TrainingOrder {
  now: number
  easeItems: number
  /** Members to validate and test on. */
  tested: number
}
/** What comes back: the packed model and its back-test card; null when nobody has bought anything yet. */
export type TrainingResult = { blob: string; card: Card } | null

const neverSold = 65_535

/**
 * The body of a worker thread: reads with a connection of its own, learns, and packs the model, so that neither the reading nor the ten
 * seconds of an inverse hold up requests. It writes nothing; publishing is the main thread's.
 */
const run = async (): Promise<void> => {
  const port = parentPort
  if (!port) throw new Error('This file is the body of a worker thread')
  const { env, order } = workerData as { env: Parameters<typeof openDb>[0]; order: TrainingOrder }
  const db = await openDb(env)
  try {
    const input = await readTrainingInput(db, order)
    if (!input.histories.members) return port.postMessage(null satisfies TrainingResult)
    const { model, card, weights } = train(input)
    const firstSold = new Uint16Array(input.items).fill(neverSold)
    for (const s of input.sold) firstSold[s.item] = Math.min(firstSold[s.item], s.day)
    const stores = [...new Set(input.sold.map((s) => s.storeId))].sort()
    const popularIn = (storeId?: string): number[] =>
      bestOf(freshPopularity(input.sold, input.items, input.day, storeId))
    const blob = packModel({
      ...model,
      weights,
      day: input.day,
      firstSold,
      best: popularIn(),
      bestByStore: Object.fromEntries(stores.map((s) => [s, popularIn(s)])),
    })
    port.postMessage({ blob, card } satisfies TrainingResult)
  } finally {
    await db.close()
  }
}

void run()
