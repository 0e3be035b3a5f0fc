import type { Reader } from '../db/transaction'
import { refuse } from '../errors'
import type { Member } from './entity'

/** The member, or a refusal. */
export const requireMember = async (db: Reader, memberId: string): Promise<Member> => {
  const [member] = await db.read<Member>('SELECT * FROM member WHERE id = ?', [memberId])
  if (!member) throw refuse('member_not_found')
  return member
}
