import type { Output, Parsed } from '../../shared/contract'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { type AppError, refuse } from '../errors'
import type { MemberActor } from '../http/actor'
import {
  allStores,
  type Device,
  deviceOf,
  openOperatorSession,
  openSession,
  operatorByPhoneHash,
} from '../operators/service'
import { type Joined, joinMember } from './join'
import { requireMember } from './lookup'
import { openHandle } from './member-code'
import { spendSmsCode } from './sms-codes'

type Session = Output<'POST /auth/wechat'>
interface Caller {
  tx: Tx
  deps: Deps
  now: number
}

/** A session for a member, with a handle for the member codes of this device. */
export const openMemberSession = async (
  { tx, deps, now }: Caller,
  { memberId, joined }: Joined,
  device: Device,
): Promise<Session> => {
  const opened = await openSession(tx, deps, { kind: 'member', subjectId: memberId, device, now, joined })
  await openHandle(tx, deps, { memberId, sessionId: opened.sessionId, now })
  return opened
}

/** Signs in whoever WeChat has named, as a new member the first time. */
export const signInByWechat = async (
  c: Caller & { input: Parsed<'POST /auth/wechat'>; fetched: { openid: string; unionid: string | null } },
): Promise<Session> => {
  const invitedBy = c.input.inviteStoreId
  const store = invitedBy ? (await allStores(c.tx)).find((s) => s.id === invitedBy) : undefined
  const joined = await joinMember(c.tx, c.deps, { via: 'wechat', ...c.fetched, storeId: store?.id, at: c.now })
  return openMemberSession(c, joined, c.input.device)
}

/** Signs in by phone and SMS code, as a new member the first time. */
export const signInBySms = async (c: Caller & { input: Parsed<'POST /auth/sms'> }): Promise<Session | AppError> => {
  const { phone, code, device } = c.input
  const refusal = await spendSmsCode(c.tx, c.deps, { phone, code, now: c.now })
  if (refusal) return refusal
  return openMemberSession(c, await joinMember(c.tx, c.deps, { via: 'phone', phone, at: c.now }), device)
}

/** A staff session for a member whose proven phone belongs to an account. */
export const signInAsStaff = async (
  c: Caller & { actor: MemberActor; ip: string; requestId: string },
): Promise<Session> => {
  const member = await requireMember(c.tx, c.actor.memberId)
  const operator = await operatorByPhoneHash(c.tx, member.phoneHash)
  if (!operator) throw refuse('not_staff')
  return openOperatorSession(c.tx, c, operator, await deviceOf(c.tx, c.actor.sessionId), 'POST /auth/staff')
}
