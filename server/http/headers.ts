import type { Middleware } from 'koa'
import compress from 'koa-compress'
import helmet from 'koa-helmet'
import type { Env } from '../../config/env'

const compressedFrom = 2048

/**
 * Security headers and compression. Pages get helmet's whole set; an API answer is JSON that no browser renders, so it gets the few that
 * mean something there, which a busy till feels.
 */
export const headers = (env: Pick<Env, 'NODE_ENV'>): Middleware => {
  const secure = env.NODE_ENV === 'production'
  const pages = helmet({
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
        scriptSrc: ["'self'", "'unsafe-inline'"],
        connectSrc: ["'self'"],
        frameAncestors: ["'self'"],
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: secure ? undefined : false,
  }) as unknown as Middleware
  const small = compress({ threshold: compressedFrom, br: false }) as unknown as Middleware
  return (ctx, next) => {
    if (!ctx.path.startsWith('/api/')) return pages(ctx, () => small(ctx, next))
    ctx.set('X-Content-Type-Options', 'nosniff')
    if (secure) ctx.set('Strict-Transport-Security', 'max-age=15552000; includeSubDomains')
    // Commands answer a few fields; lists and the home page are worth compressing.
    return ctx.method === 'GET' ? small(ctx, next) : next()
  }
}
