import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import type { Keys } from '../keys'
import { identityHashOf } from './lookup'

/**
 * The members that these customers of an outside system are, by the customer's own number; customers who are no members are left out.
 * At most 500 values.
 */
export const membersByExternalId = async (
  db: Reader,
  keys: Keys,
  kind: string,
  values: readonly string[],
): Promise<Map<string, string>> => {
  const byHash = new Map(values.map((value) => [identityHashOf(keys, { kind, value }), value]))
  const rows = await db.read<{ valueHash: string; memberId: string }>(
    `SELECT valueHash, memberId FROM member_identity WHERE kind = ? AND valueHash IN ${marks([...byHash.keys()])}`,
    [kind, ...byHash.keys()],
  )
  return new Map(rows.map((r) => [byHash.get(r.valueHash) as string, r.memberId]))
}
