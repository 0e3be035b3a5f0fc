/**
 * The one owner of an app's access token.
 *
 * Two owners that each fetch a token throw each other out, so every replica reads the same shared store, asks WeChat's
 * `stable_token` (which hands the same token to everybody while it is valid), and never forces a refresh.
 */
import { isWechatError, refusesApp, unansweredError } from './errors'
import type { WechatHttp } from './http'
import { tokenAnswer } from './schemas'

export type StoredToken = {
  token: string
  /** Epoch milliseconds until which the token may be handed out. */
  usableUntil: number
}

/**
 * Where replicas share tokens; a database table in production. Keys are app ids. `set(key, null)` forgets.
 * A store that fails makes the call fail; it should therefore be the database that the caller needs anyway.
 */
export type TokenStore = {
  get: (key: string) => Promise<StoredToken | null>
  set: (key: string, value: StoredToken | null) => Promise<void>
}

export type TokenProvider = {
  /** A token believed valid, from the store or freshly fetched; concurrent callers share one request. */
  current: () => Promise<string>
  /** A token other than `refused` if one can be had: drops `refused` where it is still the stored one, fetches once. */
  renew: (refused: string) => Promise<string>
}

/** WeChat starts handing out the next token five minutes before the end of the present one. */
const overlapSeconds = 300
const shortestTtlSeconds = 60
/** How long an app that WeChat refuses (wrong secret, unlisted address) is left alone before the next try. */
const refusalPauseMs = 30_000

/** A store for one process: development, tests, a single replica. */
export function createMemoryTokenStore(): TokenStore {
  const tokens = new Map<string, StoredToken>()
  return {
    get: async (key) => tokens.get(key) ?? null,
    set: async (key, value) => {
      if (value) tokens.set(key, value)
      else tokens.delete(key)
    },
  }
}

export function createTokenProvider(options: {
  appId: string
  secret: string
  http: WechatHttp
  store: TokenStore
  now: () => number
}): TokenProvider {
  const { appId, secret, http, store, now } = options
  const path = '/cgi-bin/stable_token'
  /** The last token seen, so that a call normally costs no store read. */
  let known: StoredToken | null = null
  let flight: { kind: 'load' | 'renew'; result: Promise<string> } | null = null
  let refusal: { error: unknown; until: number } | null = null

  const isUsable = (one: StoredToken | null): one is StoredToken => one !== null && one.usableUntil > now()

  const fetchToken = async (): Promise<string> => {
    if (refusal && refusal.until > now()) throw refusal.error
    refusal = null
    try {
      const answer = await http({ path, body: { grant_type: 'client_credential', appid: appId, secret } })
      const parsed = tokenAnswer.safeParse(answer.kind === 'json' ? answer.json : null)
      // An answer without a token is never cached: the next caller asks again.
      if (!parsed.success) throw unansweredError(path, 'the answer carries no access_token', 'unclear')
      const { access_token: token, expires_in: lifeSeconds } = parsed.data
      const ttlSeconds = Math.max(lifeSeconds - overlapSeconds, shortestTtlSeconds)
      known = { token, usableUntil: now() + ttlSeconds * 1000 }
      await store.set(appId, known)
      return token
    } catch (error) {
      if (isWechatError(error) && refusesApp(error.errcode)) refusal = { error, until: now() + refusalPauseMs }
      throw error
    }
  }

  /** Runs one piece of token work at a time in this process; everybody who comes meanwhile gets its result. */
  const fly = (kind: 'load' | 'renew', work: () => Promise<string>): Promise<string> => {
    const result = work().finally(() => {
      flight = null
    })
    flight = { kind, result }
    return result
  }

  return {
    current: async () => {
      if (isUsable(known)) return known.token
      if (flight) return flight.result
      return fly('load', async () => {
        const stored = await store.get(appId)
        if (!isUsable(stored)) return fetchToken()
        known = stored
        return stored.token
      })
    },
    renew: async (refused) => {
      if (isUsable(known) && known.token !== refused) return known.token
      // A load that began earlier may be about to bring back the refused token, so its result has to be looked at;
      // the result of a renewal is final, even if WeChat insists on the same token.
      if (flight?.kind === 'load') {
        const loaded = await flight.result
        if (loaded !== refused) return loaded
      }
      if (flight) return flight.result
      return fly('renew', async () => {
        known = null
        const stored = await store.get(appId)
        if (isUsable(stored) && stored.token !== refused) {
          known = stored
          return stored.token
        }
        if (stored?.token === refused) await store.set(appId, null)
        return fetchToken()
      })
    },
  }
}
