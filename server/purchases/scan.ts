import type { Parsed } from '../../shared/contract'
import { newId } from '../db/id'
import type { Tx } from '../db/transaction'
import type { Deps } from '../deps'
import { AppError, refuse } from '../errors'
import type { OperatorActor } from '../http/actor'
import { findByPhone, openScan, resolveCode, type Scan } from '../members/service'
import { recordAudit, requireStore } from '../operators/service'
import { counterOf } from './counter'

type Shown = Awaited<ReturnType<typeof counterOf>>
interface AtTheTill<Input> {
  tx: Tx
  deps: Deps
  actor: OperatorActor
  input: Input
  now: number
  ip: string
  requestId: string
}

const open = async (
  c: AtTheTill<{ storeId: string }>,
  memberId: string,
  via: 'code' | 'phone' | 'offline',
): Promise<Shown> => {
  const scan = await openScan(c.tx, {
    memberId,
    storeId: c.input.storeId,
    operatorId: c.actor.operatorId,
    via,
    now: c.now,
  })
  return counterOf(c.tx, c.deps, scan, { amountFen: 0, chosen: [] }, c.now)
}

/** Redeems a member code for three minutes at the counter. A refused code is answered, and stays written down. */
export const scanCode = async (c: AtTheTill<Parsed<'POST /staff/scans'>>): Promise<Shown | AppError> => {
  const { tx, deps, actor, input, now } = c
  await requireStore(tx, actor, input.storeId)
  const found = await resolveCode(tx, deps, {
    code: input.code,
    storeId: input.storeId,
    operatorId: actor.operatorId,
    now,
  })
  return found instanceof AppError ? found : open(c, found.memberId, found.via)
}

/** Finds a member by the whole phone number; every look-up is audited, also one that finds nobody. */
export const lookUp = async (c: AtTheTill<Parsed<'POST /staff/lookups'>>): Promise<Shown | AppError> => {
  const { tx, deps, actor, input, now } = c
  await requireStore(tx, actor, input.storeId)
  const member = await findByPhone(tx, deps.keys, input.phone)
  recordAudit(tx, newId(now), c, 'POST /staff/lookups', member?.id)
  if (!member) return refuse('member_not_found')
  return member.status === 'active' ? open(c, member.id, 'phone') : refuse('member_inactive')
}

/** Throws when a scan of an offline code is to do more than earn. */
export const requireRights = (scan: Scan, couponIds: readonly string[]): void => {
  if (scan.via === 'offline' && couponIds.length) throw refuse('offline_earn_only')
}
