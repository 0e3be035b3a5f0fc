import type { Tx } from '../db/transaction'

/** Deletes what was said to a member who leaves, their addresses and their choices, and voids the rights to write to them. */
export const forgetMessages = (tx: Tx, memberId: string, now: number): void => {
  for (const table of ['message', 'message_preference', 'message_contact'])
    tx.write(`DELETE FROM ${table} WHERE memberId = ?`, [memberId])
  tx.write(
    "UPDATE subscribe_grant SET status = 'void', consumedAt = ? WHERE memberId = ? AND status IN ('open', 'reserved')",
    [now, memberId],
  )
}
