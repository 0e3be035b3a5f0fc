import type { Output } from '@shared/contract'
import { useEffect, useState } from 'react'
import { readStored, writeStored } from './platform'

/** Who a token speaks for: the member on this phone, or the member of staff who also works with it. */
export type Principal = 'member' | 'staff'
export type Session = Pick<
  Output<'POST /auth/refresh'>,
  'accessToken' | 'accessExpiresAt' | 'refreshToken' | 'refreshExpiresAt'
>

const held: Partial<Record<Principal, Session | null>> = {}
const listeners = new Set<() => void>()

/** The tokens of a principal, or null when nobody is signed in. */
export function sessionOf(who: Principal): Session | null {
  if (held[who] === undefined) held[who] = readStored<Session>(`session.${who}`)
  return held[who] ?? null
}

/** Keeps the tokens of a sign-in or a refresh; null signs out on this device. */
export function keepSession(who: Principal, session: Session | null): void {
  const changed = Boolean(held[who]) !== Boolean(session)
  held[who] = session && {
    accessToken: session.accessToken,
    accessExpiresAt: session.accessExpiresAt,
    refreshToken: session.refreshToken,
    refreshExpiresAt: session.refreshExpiresAt,
  }
  writeStored(`session.${who}`, held[who])
  if (changed) for (const listener of listeners) listener()
}

/** Calls back when somebody signs in or out. Gives the function that stops it. */
export function onSession(act: () => void): () => void {
  listeners.add(act)
  return () => {
    listeners.delete(act)
  }
}

/** Whether this principal is signed in, kept up to date while the page lives. */
export function useSignedIn(who: Principal): boolean {
  const [signedIn, setSignedIn] = useState(() => sessionOf(who) !== null)
  useEffect(() => onSession(() => setSignedIn(sessionOf(who) !== null)), [who])
  return signedIn
}
