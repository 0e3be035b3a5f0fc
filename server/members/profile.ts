import type { Output, Parsed } from '../../shared/contract'
import type { Birthday } from '../../shared/lunar'
import { roles } from '../../shared/permissions'
import { civilDay } from '../../shared/time'
import { isDuplicate } from '../db/dialect'
import type { Reader, Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { type AppError, refuse } from '../errors'
import type { MemberActor } from '../http/actor'
import type { Keys } from '../keys'
import { operatorByPhoneHash, phoneHashOf } from '../operators/service'
import type { Member } from './entity'
import { birthdayColumns, birthdayOf, phoneMaskedOf, requireMember } from './lookup'
import { birthdayChangeableOn, birthdayRefusal } from './rules'
import { spendSmsCode } from './sms-codes'

type Self = Output<'GET /me'>

/** The member as the member sees it. */
export const memberSelf = async (db: Reader, keys: Keys, member: Member, today: string): Promise<Self> => {
  const operator = await operatorByPhoneHash(db, member.phoneHash)
  return {
    id: member.id,
    cardNo: member.cardNo,
    // Somebody who has not given a name is called by the end of the card number.
    name: member.name || `会员${member.cardNo.slice(-4)}`,
    avatar: member.avatar,
    gender: member.gender as Self['gender'],
    phoneMasked: phoneMaskedOf(keys, member),
    birthday: birthdayOf(keys, member),
    birthdayChangeableOn: birthdayChangeableOn(member.birthdayChangedOn, today),
    joinedOn: member.joinedOn,
    personalised: member.personalised === 1,
    staff: operator?.active ? { name: operator.name, role: roles[operator.role as keyof typeof roles].name } : null,
  }
}

/** The member's row, held until the transaction ends, or a refusal. */
export const lockMember = async (tx: Tx, memberId: string): Promise<Member> => {
  const [member] = await tx.read<Member>(`SELECT * FROM member WHERE id = ?${tx.lock}`, [memberId])
  if (!member) throw refuse('member_not_found')
  return member
}
const sameDay = (a: Birthday | null, b: Birthday): boolean =>
  a?.calendar === b.calendar && a.month === b.month && a.day === b.day && a.leap === b.leap

/** Changes what is given of the member's own profile. */
export const updateProfile = async (
  tx: Tx,
  keys: Keys,
  memberId: string,
  input: Omit<Parsed<'PATCH /me'>, 'interests'>,
  now: number,
): Promise<Self> => {
  const today = civilDay(now)
  const member = await lockMember(tx, memberId)
  const next: Member = {
    ...member,
    name: input.name ?? member.name,
    gender: input.gender ?? member.gender,
  }
  const present = birthdayOf(keys, member)
  if (input.birthday && !sameDay(present, input.birthday)) {
    const refusal = birthdayRefusal(input.birthday, present, member.birthdayChangedOn, today)
    if (refusal) throw refusal
    Object.assign(next, birthdayColumns(keys, input.birthday), { birthdayChangedOn: today })
  }
  tx.write(
    'UPDATE member SET name = ?, gender = ?, birthdaySealed = ?, birthdayKey = ?, birthdayChangedOn = ? WHERE id = ?',
    [next.name, next.gender, next.birthdaySealed, next.birthdayKey, next.birthdayChangedOn, memberId],
  )
  return memberSelf(tx, keys, next, today)
}

/**
 * Binds the phone that the member has just proved to own: `fetched` from WeChat's button, or the one of an SMS code. A phone of another
 * member is refused, whatever that member holds: joining two people is an act of its own, with evidence.
 */
export const bindPhone = async ({
  tx,
  deps,
  actor,
  input,
  now,
  fetched,
}: {
  tx: Tx
  deps: Deps
  actor: MemberActor
  input: Parsed<'POST /me/phone'>
  now: number
  fetched: string | null
}): Promise<Self | AppError> => {
  if (!fetched) {
    if (!input.phone || !input.smsCode)
      throw refuse('invalid_input', { reason: '请用微信手机号按钮，或填写手机号和验证码', field: 'phone' })
    const refusal = await spendSmsCode(tx, deps, { phone: input.phone, code: input.smsCode, now })
    if (refusal) return refusal
  }
  const phone = fetched ?? (input.phone as string)
  const phoneHash = phoneHashOf(deps.keys, phone)
  const member = await lockMember(tx, actor.memberId)
  if (member.phoneHash === phoneHash) return memberSelf(tx, deps.keys, member, civilDay(now))
  const phoneSealed = deps.keys.seal(phone)
  try {
    await tx.run('UPDATE member SET phoneHash = ?, phoneSealed = ? WHERE id = ?', [phoneHash, phoneSealed, member.id])
  } catch (error) {
    throw isDuplicate(error) ? refuse('phone_taken') : error
  }
  return memberSelf(tx, deps.keys, { ...member, phoneHash, phoneSealed }, civilDay(now))
}

/** The whole phone and the name, for an operator who has given a reason; the frame writes the reveal into the audit. */
export const revealPhone = async (
  db: Reader,
  keys: Keys,
  memberId: string,
): Promise<Output<'POST /admin/members/:memberId/phone-reveals'>> => {
  const member = await requireMember(db, memberId)
  return { phone: member.phoneSealed && keys.open(member.phoneSealed), name: member.name }
}
