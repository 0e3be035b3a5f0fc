import type { Tx } from '../db/transaction'
import { batch } from '../jobs/batch'
import type { Tick } from '../jobs/job'
import { allCounted, recountStats, waitingForRecount } from './recount'

const keyOf = (row: { memberId: string }): string => row.memberId
const treat = async (tx: Tx, rows: { memberId: string }[], now: number): Promise<{ processed: number }> => ({
  processed: await recountStats(tx, rows.map(keyOf), now),
})

/** Counts the figures of members again whose purchases came in out of their order. */
export const recountWaiting = (tick: Tick): Promise<void> => batch(tick, { next: waitingForRecount, keyOf, treat })

/** Counts everybody's figures again; counts as processed what was not as it should be. */
export const recountEverybody = (tick: Tick): Promise<void> => batch(tick, { next: allCounted, keyOf, treat })
