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
  const helmed = (scripts: string[]): Middleware =>
    helmet({
      contentSecurityPolicy: {
        directives: {
          defaultSrc: ["'self'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          styleSrc: ["'self'", "'unsafe-inline'"],
          scriptSrc: ["'self'", "'unsafe-inline'", ...scripts],
          connectSrc: ["'self'"],
          frameAncestors: ["'self'"],
          upgradeInsecureRequests: null,
        },
      },
      strictTransportSecurity: secure ? undefined : false,
    }) as unknown as Middleware
  const pages = helmed([])
  // The staff's scanner in the member app reads codes by WebAssembly; nothing else may compile any.
  const app = helmed(["'wasm-unsafe-eval'"])
  const small = compress({ threshold: compressedFrom, br: false }) as unknown as Middleware
  return (ctx, next) => {
    if (!ctx.path.startsWith('/api/')) return (ctx.path.startsWith('/m/') ? app : pages)(ctx, () => small(ctx, next))
    ctx.set('X-Content-Type-Options', 'nosniff')
    if (secure) ctx.set('Strict-Transport-Security', 'max-age=15552000; includeSubDomains')
    // Commands answer a few fields; lists and the home page are worth compressing.
    return ctx.method === 'GET' ? small(ctx, next) : next()
  }
}
