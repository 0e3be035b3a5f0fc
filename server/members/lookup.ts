import { type Birthday, birthdayKeysOn } from '../../shared/lunar'
import { marks } from '../db/statement'
import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import type { Keys } from '../keys'
import { maskPhone } from '../mask'
import { phoneHashOf } from '../operators/service'
import type { Member } from './entity'

/** The member, or a refusal. */
export const requireMember = async (db: Reader, memberId: string): Promise<Member> => {
  const [member] = await db.read<Member>('SELECT * FROM member WHERE id = ?', [memberId])
  if (!member) throw refuse('member_not_found')
  return member
}

/** The member with this phone, whole: there is no search by parts of one. */
export const findByPhone = async (db: Reader, keys: Keys, phone: string): Promise<Member | null> =>
  (await db.read<Member>('SELECT * FROM member WHERE phoneHash = ?', [phoneHashOf(keys, phone)]))[0] ?? null

/** What points at a member besides the phone. */
export interface Identity {
  /** openid, unionid, or the name of an outside system. */
  kind: string
  value: string
}
/** The keyed hash an identity is found by. */
export const identityHashOf = (keys: Keys, { kind, value }: Identity): string => keys.blind(`identity:${kind}`, value)

/** The id of the member an identity points at, or null. */
export const memberOfIdentity = async (db: Reader, keys: Keys, identity: Identity): Promise<string | null> => {
  const [row] = await db.read<{ memberId: string }>(
    'SELECT memberId FROM member_identity WHERE kind = ? AND valueHash = ?',
    [identity.kind, identityHashOf(keys, identity)],
  )
  return row?.memberId ?? null
}

/** The openid WeChat messages go to, or null for a member who never came by WeChat. */
export const openIdOf = async (db: Reader, keys: Keys, memberId: string): Promise<string | null> => {
  const [row] = await db.read<{ valueSealed: string }>(
    "SELECT valueSealed FROM member_identity WHERE memberId = ? AND kind = 'openid' ORDER BY createdAt DESC LIMIT 1",
    [memberId],
  )
  return row ? keys.open(row.valueSealed) : null
}

/** 138****1234, or null while no phone is bound. */
export const phoneMaskedOf = (keys: Keys, member: Pick<Member, 'phoneSealed'>): string | null =>
  member.phoneSealed && maskPhone(keys.open(member.phoneSealed))

/** The birthday as the member gave it. */
export const birthdayOf = (keys: Keys, member: Pick<Member, 'birthdaySealed'>): Birthday | null =>
  member.birthdaySealed ? JSON.parse(keys.open(member.birthdaySealed)) : null

/** The keyed hash that members with this birthday share. */
export const birthdayKeyOf = (keys: Keys, { calendar, month, day }: Birthday): string =>
  keys.blind('birthday', `${calendar}-${month}-${day}`)

/** The columns a birthday fills. */
export const birthdayColumns = (
  keys: Keys,
  birthday: Birthday | undefined,
): Pick<Member, 'birthdaySealed' | 'birthdayKey'> => {
  if (!birthday) return { birthdaySealed: null, birthdayKey: null }
  const { calendar, month, day, leap } = birthday
  return {
    birthdaySealed: keys.seal(JSON.stringify({ calendar, month, day, ...(leap ? { leap } : {}) })),
    birthdayKey: birthdayKeyOf(keys, birthday),
  }
}

/** Whether the member's birthday is celebrated on a civil day. */
export const isBirthday = (keys: Keys, member: Pick<Member, 'birthdayKey'>, civilDay: string): boolean =>
  !!member.birthdayKey && birthdayKeysOn(civilDay).some((b) => birthdayKeyOf(keys, b) === member.birthdayKey)

/** The names of some members, at most 500. */
export const namesOf = async (db: Reader, ids: readonly string[]): Promise<Map<string, string>> => {
  const rows = await db.read<{ id: string; name: string }>(`SELECT id, name FROM member WHERE id IN ${marks(ids)}`, [
    ...ids,
  ])
  return new Map(rows.map((r) => [r.id, r.name]))
}

/** What others may see of a member, before masking. */
export interface Face {
  id: string
  name: string
  avatar: string | null
  gender: string
  tierLevel: number
  status: string
}
/** The faces of some members, at most 500. */
export const facesOf = async (db: Reader, ids: readonly string[]): Promise<Map<string, Face>> => {
  const rows = await db.read<Face>(
    `SELECT id, name, avatar, gender, tierLevel, status FROM member WHERE id IN ${marks(ids)}`,
    [...ids],
  )
  return new Map(rows.map((r) => [r.id, r]))
}
