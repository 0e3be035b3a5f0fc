import type { Output } from '@shared/contract'
import { call, signOut } from './api'
import { thisDevice, wechatLoginCode } from './platform'
import { keepSession, sessionOf } from './session'

type SignedIn = Output<'POST /auth/wechat'>

function enter(session: SignedIn): SignedIn {
  keepSession('member', session)
  return session
}

/** WeChat: one tap, and the first time it makes the member. */
export async function joinWithWechat(): Promise<SignedIn> {
  return enter(await call('POST /auth/wechat', { code: await wechatLoginCode(), device: thisDevice() }))
}

/** Anywhere: a telephone number and the code that was sent to it. */
export async function joinWithSms(phone: string, code: string): Promise<SignedIn> {
  return enter(await call('POST /auth/sms', { phone, code, device: thisDevice() }))
}

/** A staff session for the member on this phone, whose number belongs to a staff account. */
export async function openStaffSession(): Promise<void> {
  keepSession('staff', await call('POST /auth/staff'))
}

/** Signs in as one of the people of the demonstration; the server has them only in demo mode. */
export async function joinDemo(as: 'member' | 'staff'): Promise<void> {
  const { member, operator } = await call('POST /demo/sessions', { as, device: thisDevice() })
  signOut('member')
  if (member) keepSession('member', member)
  if (operator) keepSession('staff', operator)
}

/** Ends the member's session here and on the server; a server that cannot be reached lets it run out by itself. */
export async function leave(): Promise<void> {
  const tokens = [sessionOf('staff'), sessionOf('member')].flatMap((session) => (session ? [session.refreshToken] : []))
  signOut('member')
  await Promise.allSettled(tokens.map((refreshToken) => call('POST /auth/logout', { refreshToken })))
}
