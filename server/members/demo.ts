import type { Output, Parsed } from '../../shared/contract'
import type { Tx } from '../db/transaction'
import { demoAccounts, demoMember, demoOperator, demoStaff } from '../demo/accounts'
import type { Deps } from '../deps'
import { refuse } from '../errors'
import { openOperatorSession, operatorByUsername } from '../operators/service'
import type { Member } from './entity'
import { findByPhone } from './lookup'
import { openMemberSession } from './sign-in'

const requireDemo = (deps: Deps): void => {
  if (!deps.env.DEMO || deps.env.NODE_ENV === 'production') throw refuse('demo_disabled')
}

/** Who a visitor may sign in as, for the landing page. */
export const demoOf = (deps: Deps): Output<'GET /demo'> => {
  requireDemo(deps)
  return { shop: deps.env.SHOP_NAME, accounts: demoAccounts.map((account) => ({ ...account })) }
}

const memberOf = async (tx: Tx, phoneHash: string | null): Promise<Member | undefined> =>
  phoneHash ? (await tx.read<Member>('SELECT * FROM member WHERE phoneHash = ?', [phoneHash]))[0] : undefined

/** Signs in as one of the demo's accounts; staff also get the session of a member, their own if they are one. */
export const openDemoSessions = async (c: {
  tx: Tx
  deps: Deps
  now: number
  ip: string
  requestId: string
  input: Parsed<'POST /demo/sessions'>
}): Promise<Output<'POST /demo/sessions'>> => {
  requireDemo(c.deps)
  const { as, device } = c.input
  const shopper = await findByPhone(c.tx, c.deps.keys, demoMember.phone)
  if (as === 'member') {
    if (!shopper) throw refuse('demo_disabled')
    return { member: await openMemberSession(c, { memberId: shopper.id, joined: false }, device) }
  }
  const account = await operatorByUsername(c.tx, (as === 'staff' ? demoStaff : demoOperator).username)
  if (!account) throw refuse('demo_disabled')
  const operator = await openOperatorSession(c.tx, c, account, device, 'POST /demo/sessions')
  if (as === 'operator') return { operator }
  const member = (await memberOf(c.tx, account.phoneHash)) ?? shopper
  return member
    ? { operator, member: await openMemberSession(c, { memberId: member.id, joined: false }, device) }
    : { operator }
}
