import { newId } from '../db/id'
import { marks, type Row } from '../db/statement'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { phoneHashOf } from '../operators/service'
import { drawCardNo, identityRow, type Joining, memberRow } from './join'
import { type Identity, identityHashOf } from './lookup'

/** One customer of an outside system. */
export interface ImportedMember extends Pick<Joining, 'phone' | 'name' | 'storeId' | 'birthday' | 'at'> {
  externalId: Identity
}

/** How the answer of `importMembers` names a customer. */
export const externalKeyOf = ({ kind, value }: Identity): string => `${kind}:${value}`

/** Card numbers that are free and differ from each other. */
const freeCardNumbers = async (tx: Tx, count: number): Promise<string[]> => {
  const drawn = new Set<string>()
  while (drawn.size < count) {
    const more = new Set<string>()
    while (more.size < count - drawn.size) more.add(drawCardNo())
    const list = [...more]
    const taken = await tx.read<{ cardNo: string }>(`SELECT cardNo FROM member WHERE cardNo IN ${marks(list)}`, list)
    for (const t of taken) more.delete(t.cardNo)
    for (const cardNo of more) drawn.add(cardNo)
  }
  return [...drawn]
}

/**
 * Makes members of customers of an outside system, or finds those they already are, by external id and then by phone. At most 500 rows;
 * a second run changes nothing. Two imports of one customer at the same moment: the later one fails on the unique key as a whole and is
 * simply run again.
 * @returns member ids by `externalKeyOf`
 */
export const importMembers = async (
  tx: Tx,
  deps: Pick<Deps, 'keys'>,
  rows: readonly ImportedMember[],
): Promise<Map<string, string>> => {
  const { keys } = deps
  const out = new Map<string, string>()
  if (!rows.length) return out
  const byHash = new Map(rows.map((r) => [identityHashOf(keys, r.externalId), r]))
  const phones = new Map(rows.flatMap((r) => (r.phone ? [[phoneHashOf(keys, r.phone), r.phone]] : [])))
  const [identities, members] = await tx.readAll([
    {
      kind: 'sql',
      sql: `SELECT kind, valueHash, memberId FROM member_identity WHERE kind IN ${marks([...new Set(rows.map((r) => r.externalId.kind))])} AND valueHash IN ${marks([...byHash.keys()])}`,
      params: [...new Set(rows.map((r) => r.externalId.kind)), ...byHash.keys()],
    },
    {
      kind: 'sql',
      sql: `SELECT id, phoneHash FROM member WHERE phoneHash IN ${marks([...phones.keys()])}`,
      params: [...phones.keys()],
    },
  ])
  for (const found of identities as { valueHash: string; memberId: string }[]) {
    const row = byHash.get(found.valueHash)
    if (row) out.set(externalKeyOf(row.externalId), found.memberId)
  }
  const byPhone = new Map((members as { id: string; phoneHash: string }[]).map((m) => [m.phoneHash, m.id]))
  const missing = [...byHash.values()].filter((r) => !out.has(externalKeyOf(r.externalId)))
  const cardNumbers = await freeCardNumbers(tx, missing.length)
  const made: Row[] = []
  for (const row of missing) {
    const phoneHash = row.phone && phoneHashOf(keys, row.phone)
    const known = phoneHash && byPhone.get(phoneHash)
    const memberId = known || newId(row.at)
    if (!known) {
      const cardNo = cardNumbers[made.length]
      made.push({ ...memberRow(keys, memberId, { ...row, via: 'import' }), cardNo })
      if (phoneHash) byPhone.set(phoneHash, memberId)
    }
    out.set(externalKeyOf(row.externalId), memberId)
  }
  tx.insert('member', made)
  tx.insert(
    'member_identity',
    missing.map((r) => identityRow(keys, r.externalId, out.get(externalKeyOf(r.externalId)) as string, r.at)),
  )
  return out
}
