import { batch, steps } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import { executeCancellation } from './cancel'
import type { Cancellation, DataExport } from './entity'
import { expireExports, produceExport } from './exports'

/** Makes the copies that members asked for. One that cannot be made is counted with its error and tried again by the next run. */
export const produceExports = (tick: Tick): Promise<void> =>
  batch<DataExport>(tick, {
    next: (tx, cursor, limit) =>
      tx.read<DataExport>(
        `SELECT * FROM data_export WHERE state = 'pending' AND id > ? ORDER BY id LIMIT ?${tx.lock}`,
        [cursor, limit],
      ),
    keyOf: (request) => request.id,
    treat: async (tx, requests, now) => {
      for (const request of requests) await produceExport(tx, tick.deps, request, now)
      return { processed: requests.length }
    },
  })

/** Deletes the copies whose term is over. */
export const expireOldExports = (tick: Tick): Promise<void> =>
  steps(tick, async (tx, _, limit, now) => {
    const processed = await expireExports(tx, limit, now)
    return { cursor: processed === limit ? 'more' : null, processed }
  })

/** Erases the accounts whose cooling-off days are over. */
export const executeCancellations = (tick: Tick): Promise<void> =>
  batch<Cancellation>(tick, {
    next: (tx, cursor, limit) =>
      tx.read<Cancellation>(
        "SELECT * FROM cancellation WHERE state = 'requested' AND dueAt <= ? AND id > ? ORDER BY id LIMIT ?",
        [tick.deps.clock.now(), cursor, limit],
      ),
    keyOf: (request) => request.id,
    treat: async (tx, requests, now) => {
      let processed = 0
      for (const request of requests) if (await executeCancellation(tx, request, now)) processed++
      return { processed }
    },
  })
