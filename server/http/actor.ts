import type { Permission, Role } from '../../shared/permissions'
import { roleAllows } from '../../shared/permissions'
import { refuse } from '../errors'

/** Nobody in particular. */
export interface Visitor {
  kind: 'visitor'
  id: string
}
export interface MemberActor {
  kind: 'member'
  id: string
  memberId: string
  sessionId: string
  deviceId: string
}
export interface OperatorActor {
  kind: 'operator'
  id: string
  operatorId: string
  name: string
  role: Role
  sessionId: string
  /** null: every store. */
  storeIds: string[] | null
}
export type Actor = Visitor | MemberActor | OperatorActor

/** Whoever the contract's `allow` lets in. */
export type ActorFor<A> = A extends 'public' ? Actor : A extends 'member' ? MemberActor : OperatorActor

/** Throws unless this caller is one the endpoint allows. */
export const admit = (actor: Actor, allow: 'public' | 'member' | Permission): void => {
  if (allow === 'public') return
  if (actor.kind === 'visitor') throw refuse('unauthenticated')
  if (allow === 'member') {
    if (actor.kind !== 'member') throw refuse('forbidden')
    return
  }
  if (actor.kind !== 'operator' || !roleAllows(actor.role, allow)) throw refuse('forbidden')
}

/** Throws unless this operator works in the store. */
export const inScope = (actor: OperatorActor, storeId: string): void => {
  if (actor.storeIds && !actor.storeIds.includes(storeId)) throw refuse('store_out_of_scope')
}
