import { newId } from '../db/id'
import type { Tx } from '../db/transaction'
import { type NewEvent, rowOf } from './rules'

export { believable, type NewEvent } from './rules'

/**
 * Records what members did; answers how many were new. (member, eventId) is unique, so a batch sent again adds nothing. The rows go in
 * key order, so that two equal batches at once wait for each other instead of deadlocking.
 */
export const recordEvents = async (tx: Tx, events: readonly NewEvent[], now: number): Promise<number> => {
  const rows = events
    .map((event) => ({ id: newId(now), ...rowOf(event, now) }))
    .sort((a, b) => (a.memberId + a.eventId < b.memberId + b.eventId ? -1 : 1))
  return tx.insertNew('interaction', rows)
}

/**
 * Records what the server itself saw, with the next packet of the transaction: for commands, whose writes wait for nothing. Event ids
 * name the thing that happened, so that a repeat adds nothing.
 */
export const appendEvents = (tx: Tx, events: readonly NewEvent[], now: number): void =>
  tx.insert(
    'interaction',
    events.map((event) => ({ id: newId(now), ...rowOf(event, now) })),
    { ignore: true },
  )

/** Takes the words that a member typed (searches) out of the log when they leave; what happened stays, under an id that names nobody. */
export const forgetWords = (tx: Tx, memberId: string): void =>
  tx.write("UPDATE interaction SET target = NULL WHERE memberId = ? AND type = 'search'", [memberId])
