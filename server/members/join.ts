import { randomInt } from 'node:crypto'
import type { Birthday } from '../../shared/lunar'
import { civilDay } from '../../shared/time'
import { newId } from '../db/id'
import type { Row } from '../db/statement'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import type { Keys } from '../keys'
import { groupId, phoneHashOf } from '../operators/service'
import type { Member } from './entity'
import { birthdayColumns, findByPhone, type Identity, identityHashOf, memberOfIdentity } from './lookup'

/** How somebody joins. At least one of phone, openid and externalId says who it is. */
export interface Joining {
  via: 'wechat' | 'phone' | 'staff' | 'import'
  phone?: string
  openid?: string
  unionid?: string | null
  externalId?: Identity
  name?: string
  storeId?: string | null
  birthday?: Birthday
  /** Epoch ms; may lie in the past for an import. */
  at: number
}
export interface Joined {
  memberId: string
  /** False when this person was a member before. */
  joined: boolean
}

const cardNumbers = 100_000_000
/** Eight digits at random: they identify to people and open nothing. A collision is found by the unique key. */
export const drawCardNo = (): string => String(randomInt(cardNumbers)).padStart(8, '0')
const cardDraws = 20

/** A member's row on the day of joining. */
export const memberRow = (keys: Keys, id: string, j: Omit<Joining, 'openid' | 'unionid' | 'externalId'>): Row => {
  const joinedOn = civilDay(j.at)
  const row: Member = {
    id,
    groupId,
    cardNo: drawCardNo(),
    name: j.name ?? '',
    avatar: null,
    gender: 'unknown',
    phoneHash: j.phone ? phoneHashOf(keys, j.phone) : null,
    phoneSealed: j.phone ? keys.seal(j.phone) : null,
    ...birthdayColumns(keys, j.birthday),
    birthdayChangedOn: null,
    joinedAt: j.at,
    joinedOn,
    joinedMonthDay: joinedOn.slice(5),
    joinedStoreId: j.storeId ?? null,
    joinedBy: j.via,
    status: 'active',
    tierLevel: 0,
    personalised: 1,
  }
  return { ...row }
}

/** An identity's row. */
export const identityRow = (keys: Keys, identity: Identity, memberId: string, now: number): Row => ({
  kind: identity.kind,
  valueHash: identityHashOf(keys, identity),
  memberId,
  valueSealed: keys.seal(identity.value),
  createdAt: now,
})

const identitiesOf = (j: Joining): Identity[] => [
  ...(j.openid ? [{ kind: 'openid', value: j.openid }] : []),
  ...(j.unionid ? [{ kind: 'unionid', value: j.unionid }] : []),
  ...(j.externalId ? [j.externalId] : []),
]

const known = async (tx: Tx, keys: Keys, j: Joining): Promise<string | null> => {
  for (const identity of identitiesOf(j)) {
    const memberId = await memberOfIdentity(tx, keys, identity)
    if (memberId) return memberId
  }
  return j.phone ? ((await findByPhone(tx, keys, j.phone))?.id ?? null) : null
}

const insertMember = async (tx: Tx, deps: Pick<Deps, 'keys'>, id: string, j: Joining): Promise<Joined> => {
  for (let draw = 0; draw < cardDraws; draw++) {
    if (await tx.insertNew('member', [memberRow(deps.keys, id, j)])) return { memberId: id, joined: true }
    // The row was refused by one of two unique keys: the phone, taken by somebody who joined just now, or the card number.
    const earlier = j.phone ? await findByPhone(tx, deps.keys, j.phone) : null
    if (earlier) return { memberId: earlier.id, joined: false }
  }
  throw new Error(`No free card number in ${cardDraws} draws`)
}

/**
 * Makes somebody a member, or finds the member they already are. Two joins of one person at once meet at the unique keys of
 * member_identity and of the phone, and both answer the same member. Throws member_inactive for somebody whose membership has ended.
 */
export const joinMember = async (tx: Tx, deps: Pick<Deps, 'keys'>, j: Joining): Promise<Joined> => {
  const { keys } = deps
  const identities = identitiesOf(j)
  const found = await known(tx, keys, j)
  let result: Joined = { memberId: found ?? newId(j.at), joined: !found }
  const [first] = identities
  if (!found && first) {
    // The first identity is the claim: whoever inserts it makes the member.
    const claimed = await tx.insertNew('member_identity', [identityRow(keys, first, result.memberId, j.at)])
    const earlier = claimed ? null : await memberOfIdentity(tx, keys, first)
    if (!claimed && !earlier) throw new Error('An identity that exists could not be read')
    if (earlier) result = { memberId: earlier, joined: false }
  }
  if (result.joined) {
    const own = result.memberId
    result = await insertMember(tx, deps, own, j)
    if (result.memberId !== own && first)
      tx.write('UPDATE member_identity SET memberId = ? WHERE kind = ? AND valueHash = ?', [
        result.memberId,
        first.kind,
        identityHashOf(keys, first),
      ])
  }
  tx.insert(
    'member_identity',
    identities.map((identity) => identityRow(keys, identity, result.memberId, j.at)),
    { ignore: true },
  )
  if (!result.joined) {
    const [member] = await tx.read<{ status: string }>('SELECT status FROM member WHERE id = ?', [result.memberId])
    if (member?.status !== 'active') throw refuse('member_inactive')
  }
  return result
}
