import { newId } from '../db/id'
import { marks } from '../db/statement'
import type { Deps } from '../deps'
import type { Message } from './entity'
import { messagePolicy } from './rules'
import { type Halt, type Outcome, putBack, sendOne } from './send'

/** How many messages of a round ended how. */
export type Round = Record<Outcome, number>

/** Messages that were being sent when their sender died: nobody knows whether they went out, so they are not sent again. */
const giveUpInterrupted = (deps: Deps): Promise<number> =>
  deps.db.tx((tx) =>
    tx.run(
      "UPDATE message SET status = 'unknown', reason = 'interrupted', leaseUntil = NULL WHERE status = 'sending' AND leaseUntil < ?",
      [deps.clock.now()],
    ),
  )

/** Takes due messages, at most `limit`, for this sender. A lease that ran out before the call began is free again. */
const claim = (deps: Deps, sender: string, limit: number): Promise<Message[]> =>
  deps.db.tx(async (tx) => {
    const now = deps.clock.now()
    const due = await tx.read<{ id: string }>(
      `SELECT id FROM message WHERE status = 'pending' AND nextAttemptAt <= ? AND (leaseUntil IS NULL OR leaseUntil < ?)
       ORDER BY nextAttemptAt, id LIMIT ?`,
      [now, now, limit],
    )
    if (!due.length) return []
    const ids = due.map((d) => d.id).sort()
    await tx.run(
      `UPDATE message SET claimedBy = ?, leaseUntil = ? WHERE id IN ${marks(ids)} AND status = 'pending' AND (leaseUntil IS NULL OR leaseUntil < ?)`,
      [sender, now + messagePolicy.leaseMs, ...ids, now],
    )
    return tx.read<Message>(
      `SELECT * FROM message WHERE id IN ${marks(ids)} AND status = 'pending' AND claimedBy = ? ORDER BY nextAttemptAt, id`,
      [...ids, sender],
    )
  })

/** One person's messages one after the other, several people side by side. Stops early when WeChat refuses everything. */
const deliver = async (
  deps: Deps,
  messages: readonly Message[],
  sender: string,
  round: Round,
  stopping: () => boolean,
): Promise<Halt | null> => {
  const people = new Map<string, Message[]>()
  for (const message of messages) people.set(message.memberId, [...(people.get(message.memberId) ?? []), message])
  const queue = [...people.values()]
  let halt: Halt | null = null
  const left: Message[] = []
  const work = async (): Promise<void> => {
    for (let mine = queue.shift(); mine; mine = queue.shift()) {
      for (const message of mine) {
        if (halt || stopping()) {
          left.push(message)
          continue
        }
        const { outcome, halt: stop } = await sendOne(deps, message, sender)
        round[outcome]++
        halt ??= stop ?? null
      }
    }
  }
  const workers = await Promise.allSettled(Array.from({ length: messagePolicy.concurrency }, work))
  if (left.length) {
    await putBack(deps, left, sender, halt)
    round.postponed += left.length
  }
  // A worker only breaks when the database does; its message keeps `sending` and is given up as unknown when the lease ends.
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason
  return halt
}

/**
 * Sends what is due, batch by batch, until nothing is left, WeChat refuses everything or the process stops.
 * @param limit messages taken at once; keep it small enough to be sent well within the lease
 */
export const sendDue = async (
  deps: Deps,
  { limit, stopping = () => false }: { limit: number; stopping?: () => boolean },
): Promise<Round> => {
  const round: Round = { sent: 0, skipped: 0, failed: 0, unknown: 0, postponed: 0, lost: 0 }
  round.unknown += await giveUpInterrupted(deps)
  while (!stopping()) {
    const sender = newId(deps.clock.now())
    const messages = await claim(deps, sender, limit)
    if (!messages.length || (await deliver(deps, messages, sender, round, stopping))) break
  }
  return round
}
