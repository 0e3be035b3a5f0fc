import type { Tx } from '../db/transaction'

/** Takes the addresses out of a leaving member's orders; the orders stay for the stock and the points. */
export const forgetAddresses = (tx: Tx, memberId: string): void =>
  tx.write('UPDATE reward_order SET addressSealed = NULL WHERE memberId = ?', [memberId])
