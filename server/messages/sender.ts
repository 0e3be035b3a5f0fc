import { MINUTE_MS } from '../../shared/time'
import { newId } from '../db/id'
import { marks, sql } from '../db/statement'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import type { Outcome } from './closing'
import type { Message } from './entity'
import { messagePolicy } from './rules'
import { putBack, sendOne } from './send'
import { settingsOf } from './settings'
import type { Halt } from './transmit'

/** How many messages of a round ended how. */
export type Round = Record<Outcome, number>

/** Channels that go over the network, each with its own claims, rate and halts: one that is down holds up no other. */
const sentChannels = ['subscribe', 'sms', 'email', 'wecom', 'webhook'] as const
type SentChannel = (typeof sentChannels)[number]

/** What is claimed, rated and halted by itself: a channel, or one WeCom robot, since each robot has a rate of its own. */
interface Lane {
  channel: SentChannel
  /** Of `wecom` only; null: of messages that no robot was given for. */
  robot?: string | null
}

const rateKey = ({ channel, robot }: Lane): string => (robot ? `${channel}:${robot}` : channel)

/** The lanes of a channel that have something due. */
const lanesOf = async (deps: Deps, channel: SentChannel): Promise<Lane[]> => {
  if (channel !== 'wecom') return [{ channel }]
  const robots = await deps.db.read<{ endpointId: string | null }>(
    "SELECT DISTINCT endpointId FROM message WHERE status = 'pending' AND channel = 'wecom' AND nextAttemptAt <= ?",
    [deps.clock.now()],
  )
  return robots.map(({ endpointId }) => ({ channel, robot: endpointId }))
}

/**
 * Messages that were being sent when their sender died: nobody knows whether they went out, so they are not sent again. A webhook names
 * its delivery, so its receiver can tell a repeat, and it is sent again.
 */
const giveUpInterrupted = (deps: Deps): Promise<number> =>
  deps.db.tx(async (tx) => {
    const now = deps.clock.now()
    // WeChat's event came, the answer did not: it is out.
    tx.write(
      "UPDATE message SET status = 'sent', reason = NULL, sentAt = ?, leaseUntil = NULL WHERE status = 'sending' AND channel = 'subscribe' AND externalId IS NOT NULL AND leaseUntil < ?",
      [now, now],
    )
    tx.write(
      "UPDATE message SET status = 'pending', claimedBy = NULL, leaseUntil = NULL WHERE status = 'sending' AND channel = 'webhook' AND leaseUntil < ?",
      [now],
    )
    return tx.run(
      "UPDATE message SET status = 'unknown', reason = 'interrupted', leaseUntil = NULL WHERE status = 'sending' AND channel <> 'webhook' AND leaseUntil < ?",
      [now],
    )
  })

/** Due messages of a lane, the worthiest first; one exact stretch of the index for each priority. */
const dueOf = async (tx: Tx, { channel, robot }: Lane, limit: number, now: number): Promise<string[]> => {
  const own = robot === undefined ? '' : robot === null ? ' AND endpointId IS NULL' : ' AND endpointId = ?'
  const found = await tx.readAll(
    Array.from({ length: 9 }, (_, i) =>
      sql(
        `SELECT id FROM message WHERE status = 'pending' AND channel = ? AND priority = ? AND nextAttemptAt <= ?
         AND (leaseUntil IS NULL OR leaseUntil < ?)${own} ORDER BY nextAttemptAt, id LIMIT ?`,
        [channel, i + 1, now, now, ...(robot ? [robot] : []), limit],
      ),
    ),
  )
  return found
    .flat()
    .map((r) => String(r.id))
    .slice(0, limit)
}

/** What the lane has begun this minute. The row is locked: whoever claims from the lane waits here for the one before. */
const begunThisMinute = async (tx: Tx, lane: Lane, minute: number): Promise<number> => {
  const channel = rateKey(lane)
  if (await tx.insertNew('message_rate', [{ channel, minute, n: 0 }]))
    tx.write('DELETE FROM message_rate WHERE channel = ? AND minute < ?', [channel, minute - 60 * MINUTE_MS])
  const [{ n }] = await tx.read<{ n: number }>(
    `SELECT n FROM message_rate WHERE channel = ? AND minute = ?${tx.lock}`,
    [channel, minute],
  )
  return n
}

/**
 * Takes due messages of a lane, at most `limit`, for this sender, and counts them against its rate. A lease that ran out before the call
 * began is free again. What the rate leaves behind says so. The lock comes before the look: two that looked first would see the same
 * messages, and the second would use up the rate for what the first has taken.
 */
const claim = async (deps: Deps, lane: Lane, sender: string, limit: number): Promise<Message[]> => {
  const now = deps.clock.now()
  if (!(await deps.db.tx((tx) => dueOf(tx, lane, 1, now))).length) return []
  return deps.db.tx(async (tx) => {
    const minute = now - (now % MINUTE_MS)
    const begun = await begunThisMinute(tx, lane, minute)
    const { rates } = await settingsOf(tx)
    const due = await dueOf(tx, lane, limit, now)
    const allowed = Math.max(0, rates[lane.channel] - begun)
    const ids = due.slice(0, allowed).sort()
    const left = due.slice(allowed).sort()
    if (left.length)
      tx.write(
        `UPDATE message SET reason = 'rate' WHERE id IN ${marks(left)} AND status = 'pending' AND reason IS NULL`,
        left,
      )
    if (!ids.length) return []
    tx.write('UPDATE message_rate SET n = n + ? WHERE channel = ? AND minute = ?', [ids.length, rateKey(lane), minute])
    await tx.run(
      `UPDATE message SET claimedBy = ?, leaseUntil = ? WHERE id IN ${marks(ids)} AND status = 'pending' AND (leaseUntil IS NULL OR leaseUntil < ?)`,
      [sender, now + messagePolicy.leaseMs, ...ids, now],
    )
    return tx.read<Message>(
      `SELECT * FROM message WHERE id IN ${marks(ids)} AND status = 'pending' AND claimedBy = ? ORDER BY priority, nextAttemptAt, id`,
      [...ids, sender],
    )
  })
}

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
 * Sends what is due, lane by lane and batch by batch, until nothing is left, the other side refuses everything or its rate is used up,
 * or the process stops.
 * @param limit messages taken at once; keep it small enough to be sent well within the lease
 */
export const sendDue = async (
  deps: Deps,
  { limit, stopping = () => false }: { limit: number; stopping?: () => boolean },
): Promise<Round> => {
  const round: Round = { sent: 0, skipped: 0, failed: 0, unknown: 0, postponed: 0, lost: 0 }
  round.unknown += await giveUpInterrupted(deps)
  for (const channel of sentChannels)
    for (const lane of await lanesOf(deps, channel))
      while (!stopping()) {
        const sender = newId(deps.clock.now())
        const messages = await claim(deps, lane, sender, limit)
        if (!messages.length || (await deliver(deps, messages, sender, round, stopping))) break
      }
  return round
}
