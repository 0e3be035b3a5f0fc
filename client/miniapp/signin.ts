import type { Output } from '@shared/contract'
import { call, isFailure, isOffline, signOut } from './api'
import { forgetAgreed, giveConsents } from './consents'
import { readStored, thisDevice, wechatLoginCode, writeStored } from './platform'
import { keepSession, sessionOf } from './session'

type SignedIn = Output<'POST /auth/wechat'>

const INVITE = 'invite'
/** Remembers whose link was followed until the person has joined. */
export const keepInvite = (code: string): void => writeStored(INVITE, code)

/** Names the friend who invited. A code that no longer counts is no reason to trouble somebody who has just joined. */
async function enterInvite(): Promise<void> {
  const code = readStored<string>(INVITE)
  if (!code) return
  try {
    await call('POST /me/referrals/bindings', { code })
  } catch (thrown) {
    if (isOffline(thrown)) return
  }
  writeStored(INVITE, null)
}

/** Both sign-ins stand behind the box that says yes. Where the record cannot be made now, the privacy centre asks again. */
async function recordConsent(): Promise<void> {
  try {
    await giveConsents()
  } catch (thrown) {
    if (!isFailure(thrown)) throw thrown
  }
}

async function enter(session: SignedIn): Promise<SignedIn> {
  keepSession('member', session)
  await recordConsent()
  await enterInvite()
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
  forgetAgreed()
  const tokens = [sessionOf('staff'), sessionOf('member')].flatMap((session) => (session ? [session.refreshToken] : []))
  signOut('member')
  await Promise.allSettled(tokens.map((refreshToken) => call('POST /auth/logout', { refreshToken })))
}
