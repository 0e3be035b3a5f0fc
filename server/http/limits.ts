import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import type { Env } from '../../config/env'
import { refuse } from '../errors'
import type { Actor } from './actor'

/** The largest request body; an import goes through the command line. */
export const maxBodyKilobytes = 256
/** A request that takes longer is answered 503; its transaction goes on or is undone as a whole. */
export const requestTimeoutMs = 20_000

/**
 * Requests a minute. Counted in each process: with N replicas the real bound is N times the setting, which is fine for keeping one
 * client from hogging a process. What must be exact across replicas (passwords, SMS codes, member codes) is counted in rows.
 */
export interface Limits {
  check(actor: Actor, key: string, ip: string): Promise<void>
}
export const createLimits = (env: Pick<Env, 'RATE_LIMIT_PER_MINUTE' | 'RATE_LIMIT_AUTH_PER_MINUTE'>): Limits => {
  const general = new RateLimiterMemory({ points: env.RATE_LIMIT_PER_MINUTE, duration: 60 })
  const signIn = new RateLimiterMemory({ points: env.RATE_LIMIT_AUTH_PER_MINUTE, duration: 60, keyPrefix: 'auth' })
  return {
    check: async (actor, key, ip) => {
      // A till system sends for a whole shop.
      if (actor.kind === 'operator' && actor.role === 'pos') return
      const [limiter, who] = key.includes(' /auth/') ? [signIn, ip] : [general, actor.id]
      try {
        await limiter.consume(who)
      } catch (rejected) {
        if (rejected instanceof Error) throw rejected
        throw refuse('too_many_requests', {
          retryAfterSeconds: Math.ceil((rejected as RateLimiterRes).msBeforeNext / 1000),
        })
      }
    },
  }
}
