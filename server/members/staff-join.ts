import type { Output, Parsed } from '../../shared/contract'
import { newId } from '../db/id'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import type { OperatorActor } from '../http/actor'
import { maskPhone } from '../mask'
import { recordAudit, requireStore } from '../operators/service'
import { joinMember } from './join'

/** Staff make a customer a member, who has agreed; the audit keeps who asked. Somebody who is one already stays as they are. */
export const joinByStaff = async (c: {
  tx: Tx
  deps: Deps
  actor: OperatorActor
  input: Parsed<'POST /staff/members'>
  now: number
  ip: string
  requestId: string
}): Promise<Output<'POST /staff/members'>> => {
  const { tx, deps, actor, input, now } = c
  await requireStore(tx, actor, input.storeId)
  const { phone, name, storeId } = input
  const joined = await joinMember(tx, deps, { via: 'staff', phone, name, storeId, at: now })
  recordAudit(tx, newId(now), c, 'POST /staff/members', joined.memberId)
  return { ...joined, phoneMasked: maskPhone(phone) }
}
