import type { Output } from '@shared/contract'
import type { Permission } from '@shared/permissions'
import { useQueryClient } from '@tanstack/react-query'
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react'
import { call, isFailure, newKey, sentenceOf, TOKENS_KEY, tokenStore } from './api'
import { useRead } from './queries'

/** The signed-in account. */
export type Me = Output<'GET /admin/me'>

interface Session {
  /** Null while signed out or while the account is being read. */
  me: Me | null
  /** `refused`: the account has no place here; `unread`: it could not be read just now. */
  state: 'out' | 'reading' | 'in' | 'refused' | 'unread'
  /** Why the account could not be read, as a sentence. */
  problem: string | null
  can: (permission: Permission | null) => boolean
  signIn: (username: string, password: string) => Promise<void>
  signInAsDemo: () => Promise<void>
  signOut: () => Promise<void>
  retry: () => void
}

const SessionContext = createContext<Session | null>(null)

/** The session of this page; inside the provider only. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('useSession outside SessionProvider')
  return session
}

/** The account inside pages that are only drawn for a signed-in person. */
export function useMe(): Me {
  const { me } = useSession()
  if (!me) throw new Error('useMe before sign-in')
  return me
}

const DEVICE_KEY = 'huiyuan.admin.device'

/** Names this browser, so that its sessions can be told apart and revoked. */
function thisDevice(): { id: string; platform: 'admin' } {
  const known = localStorage.getItem(DEVICE_KEY) ?? newKey()
  localStorage.setItem(DEVICE_KEY, known)
  return { id: known, platform: 'admin' }
}

/** Holds who is signed in, in step with the tokens of every tab. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const hasTokens = useSyncExternalStore(tokenStore.subscribe, () => tokenStore.read() !== null)
  const [demoWanted, setDemoWanted] = useState(() => new URLSearchParams(location.search).get('demo') === 'operator')
  const [demoProblem, setDemoProblem] = useState<string | null>(null)
  const account = useRead('GET /admin/me', {}, { enabled: hasTokens && !demoWanted })

  const enter = useCallback(
    (tokens: { accessToken: string; refreshToken: string }) => {
      client.clear()
      tokenStore.write(tokens)
    },
    [client],
  )
  const signIn = useCallback(
    async (username: string, password: string) =>
      enter(await call('POST /auth/operator', { username, password, device: thisDevice() })),
    [enter],
  )
  const signInAsDemo = useCallback(async () => {
    // A session of last week would be refused, and take the new one down with it.
    tokenStore.write(null)
    const { operator } = await call('POST /demo/sessions', { as: 'operator', device: thisDevice() })
    if (operator) enter(operator)
  }, [enter])
  const signOut = useCallback(async () => {
    const tokens = tokenStore.read()
    // The person leaves at once; the server revokes the session when it can be reached.
    if (tokens) await call('POST /auth/logout', { refreshToken: tokens.refreshToken }).catch(() => null)
    tokenStore.write(null)
    client.clear()
  }, [client])

  useEffect(() => {
    // What another tab signs out of, or signs in as, must not go on being shown here.
    const onStorage = (event: StorageEvent) => {
      if (event.key === TOKENS_KEY && (event.newValue === null || event.oldValue === null)) client.clear()
    }
    window.addEventListener('storage', onStorage)
    return () => window.removeEventListener('storage', onStorage)
  }, [client])
  useEffect(() => {
    if (!demoWanted) return
    signInAsDemo()
      .catch((error: unknown) => setDemoProblem(sentenceOf(error)))
      .finally(() => {
        const url = new URL(location.href)
        url.searchParams.delete('demo')
        history.replaceState(history.state, '', url)
        setDemoWanted(false)
      })
  }, [demoWanted, signInAsDemo])

  const me = hasTokens && !demoWanted ? (account.data ?? null) : null
  const value = useMemo<Session>(() => {
    const failed = isFailure(account.error) && account.error.status === 403 ? 'refused' : 'unread'
    const state = demoWanted ? 'reading' : !hasTokens ? 'out' : me ? 'in' : account.isError ? failed : 'reading'
    return {
      me,
      state,
      problem: account.isError ? sentenceOf(account.error) : demoProblem,
      can: (permission) => permission === null || (me?.permissions.includes(permission) ?? false),
      signIn,
      signInAsDemo,
      signOut,
      retry: () => void account.refetch(),
    }
  }, [account, demoProblem, demoWanted, hasTokens, me, signIn, signInAsDemo, signOut])
  return <SessionContext.Provider value={value}>{children}</SessionContext.Provider>
}
